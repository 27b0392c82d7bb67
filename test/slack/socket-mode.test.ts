import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import type { Request } from '../../src/core/request.ts';
import { connectSlack, IdentityError, type SlackConnection, type SlackOptions } from '../../src/slack/index.ts';
import { card, claimOf, eventually, silentLog } from './support.ts';

const channel = 'C0RECONCILE';
const ana = 'U0ANA00001';
const ben = 'U0BEN00002';
const gusTheGuest = 'U0GUS00007';

describe('what people do in Slack, over Socket Mode', () => {
  let slack: Simulator;
  let connection: SlackConnection;
  let requests: Request[];
  /** Writes a request down; tests replace it by what fails. */
  let save: SlackOptions['onRequest'];

  const connect = (more: { savingMilliseconds?: number; botToken?: string } = {}) =>
    connectSlack({
      settings: {
        mode: 'socket',
        botToken: more.botToken ?? slack.botToken,
        appToken: slack.appToken,
        apiUrl: slack.apiUrl,
      },
      log: silentLog,
      onRequest: (request) => save(request),
      earlierOf: () => Promise.resolve(undefined),
      formFor: () => Promise.resolve(undefined),
      staggerMilliseconds: 0,
      savingMilliseconds: more.savingMilliseconds ?? 300,
    });
  const bothUp = () => eventually('two connections', () => slack.openSockets === 2);
  const only = (): Request => {
    assert.equal(requests.length, 1, JSON.stringify(requests));
    return requests[0] as Request;
  };
  /** A message with a button that stands for a command. */
  const postButton = async (command: string): Promise<string> => {
    const buttons = [{ label: 'Press', command, style: 'default' }] as const;
    const content = { kind: 'card', card: card([{ kind: 'buttons', buttons }]) } as const;
    const outcome = await connection.courier.deliver(claimOf({ content, key: command }));
    assert.ok(outcome.kind === 'delivered');
    return outcome.externalId;
  };

  before(async () => {
    slack = await startSimulator();
    connection = connect();
    await connection.start();
    await bothUp();
  });
  after(async () => {
    await connection?.stop();
    await slack?.close();
  });
  beforeEach(() => {
    requests = [];
    save = (request) => {
      requests.push(request);
      return Promise.resolve('taken' as const);
    };
  });

  it('holds two connections and has nothing to complain about', () => {
    assert.equal(slack.openSockets, 2);
    assert.equal(connection.problem(), undefined);
  });

  it('takes a command in a channel, with its words, who asked and where to answer in private', async () => {
    const { acknowledged, body } = await slack.command(ana, channel, 'check levels --share');
    assert.equal(acknowledged, true);
    assert.deepEqual(body ?? {}, {}, 'the answer comes later');
    const { id, actor, place, words, receivedAt } = only();
    const sent = slack.deliveries.at(-1)?.payload;
    assert.equal(id, `slack/command/${String(sent?.['trigger_id'])}`);
    assert.deepEqual(actor, { platform: 'slack', workspace: slack.team.id, user: ana, name: 'ana.ruiz' });
    assert.deepEqual(place, {
      platform: 'slack',
      channel,
      visibility: 'private',
      responseUrl: `${String(sent?.['response_url'])}#${ana}`,
    });
    assert.equal(words, 'check levels --share');
    assert.match(receivedAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('takes a command in a direct message, and a mentioned person by id', async () => {
    await slack.command(ana, ana, 'assign @ben.okafor');
    assert.equal(only().words, `assign @${ben}`);
    assert.equal(only().place?.channel, 'D0ANA00001');
  });

  it('takes a pressed button as its command, by whoever pressed it', async () => {
    const ts = await postButton('show levels');
    const { acknowledged } = await slack.press(ben, channel, ts, 'command:1');
    assert.equal(acknowledged, true);
    const { id, actor, place, words } = only();
    assert.equal(words, 'show levels');
    assert.equal(actor.user, ben);
    assert.equal(id, `slack/action/${String(slack.deliveries.at(-1)?.payload['trigger_id'])}`);
    assert.equal(place?.visibility, 'private');
    assert.equal(place?.channel, channel);
  });

  it('takes the opening of the Home tab as the command home, answered there', async () => {
    const { acknowledged } = await slack.openHome(ana);
    assert.equal(acknowledged, true);
    assert.equal(only().id, `slack/event/${String(slack.deliveries.at(-1)?.payload['event_id'])}`);
    assert.equal(only().words, 'home');
    assert.deepEqual(only().place, { platform: 'slack', channel: ana, visibility: 'home' });
  });

  it('gives what Slack delivers a second time the same id, and what is pressed a second time another', async () => {
    const ts = await postButton('show wages');
    await slack.command(ana, channel, 'status');
    await slack.redeliver();
    await slack.press(ana, channel, ts, 'command:1');
    await slack.redeliver();
    await slack.press(ana, channel, ts, 'command:1');
    await slack.openHome(ana);
    await slack.redeliver();
    const ids = requests.map(({ id }) => id);
    assert.equal(ids.length, 7);
    assert.deepEqual([ids[0], ids[2], ids[5]], [ids[1], ids[3], ids[6]]);
    assert.equal(new Set(ids).size, 4);
  });

  it('knows a guest by the own id, so that the playbook’s roles decide', async () => {
    await slack.command(gusTheGuest, channel, 'status');
    assert.equal(only().actor.user, gusTheGuest);
  });

  describe('when a request can’t be written down', () => {
    it('tells who typed a command, alone, that nothing was saved', async () => {
      save = () => Promise.reject(new Error('no database'));
      const { body } = await slack.command(ana, channel, 'check');
      assert.match(JSON.stringify(body), /could not be saved.*try again/);
      assert.match(JSON.stringify(body), /"ephemeral"/);
      assert.doesNotMatch(JSON.stringify(body), /no database/);
    });

    it('tells it before Slack’s patience is over when writing takes too long', async () => {
      save = () => new Promise(() => undefined);
      const { acknowledged, body, milliseconds } = await slack.command(ana, channel, 'check');
      assert.equal(acknowledged, true);
      assert.match(JSON.stringify(body), /in time/);
      assert.ok(milliseconds < 2_000, `${milliseconds} ms`);
    });

    it('acknowledges neither a click nor a visit, says so where it can, and gets both again', async () => {
      const ts = await postButton('check wages');
      const refused: string[] = [];
      save = (request) => {
        refused.push(request.id);
        return Promise.reject(new Error('no database'));
      };
      const acts = Promise.all([slack.press(ana, channel, ts, 'command:1'), slack.openHome(ana)]);
      await eventually('both were refused', () => refused.length === 2);
      save = (request) => {
        requests.push(request);
        return Promise.resolve('taken' as const);
      };
      for (const { acknowledged } of await acts) assert.equal(acknowledged, false);
      assert.match(slack.privateMessages(ana).at(-1)?.text ?? '', /could not be saved/);
      await eventually('both came again', () => requests.length === 2);
      assert.deepEqual(requests.map(({ id }) => id).sort(), refused.sort());
    });
  });

  describe('when connections end', () => {
    it('takes every command while Slack refreshes them', async () => {
      slack.refreshSockets();
      const answers = [];
      for (let count = 0; count < 20; count += 1) {
        answers.push(await slack.command(ana, channel, `show number-${count}`));
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      assert.ok(answers.every(({ acknowledged }) => acknowledged));
      assert.equal(new Set(requests.map(({ words }) => words)).size, 20);
      await bothUp();
      assert.equal(connection.problem(), undefined);
    });

    it('takes every command after all were dropped at once, and is whole again', async () => {
      slack.dropSockets();
      const answers = await Promise.all(['a', 'b', 'c'].map((word) => slack.command(ana, channel, `show ${word}`)));
      assert.ok(answers.every(({ acknowledged }) => acknowledged));
      assert.equal(new Set(requests.map(({ words }) => words)).size, 3);
      await bothUp();
    });
  });

  it('takes nothing any more once it has stopped', async () => {
    const second = connect();
    await second.start();
    await eventually('four connections', () => slack.openSockets === 4);
    await second.stop();
    await eventually('two connections are left', () => slack.openSockets === 2);
    assert.match(second.problem() ?? '', /No connection to Slack since/);
  });

  it('does not start with a token that Slack does not know, and does not tell the token', async () => {
    const stranger = connect({ botToken: 'xoxb-of-somebody-else' });
    await assert.rejects(stranger.start(), (error) => {
      assert.ok(error instanceof IdentityError);
      assert.match(error.message, /SLACK_BOT_TOKEN/);
      assert.doesNotMatch(error.message, /xoxb/);
      return true;
    });
    await stranger.stop();
  });
});
