import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { type App, startApp } from '../../src/app.ts';
import { systemClock } from '../../src/services.ts';
import { type Store, StoreUnavailableError } from '../../src/core/store.ts';
import { readFormFiles } from '../../src/slack/form-files.ts';
import { createLog } from '../../src/operate/logger.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { thePlaybook } from '../support/services.ts';
import { eventually } from './support.ts';

const ana = 'U0ANA00001';
const channel = 'C0RECONCILE';

interface Input {
  readonly type: string;
  readonly block_id: string;
  readonly element: Readonly<Record<string, unknown>>;
}

describe('A form in Slack', function () {
  this.timeout(20_000);
  const opened = shareStore(() => openEmbeddedStore());
  let slack: Simulator;
  let app: App;
  /** The database can't be reached. */
  let down = false;
  /** What is written gets there, and the answer to it is lost. */
  let deaf = false;

  const start = async (): Promise<App> => {
    const store: Store = {
      close: () => Promise.resolve(),
      transaction: async (work) => {
        if (down) throw new StoreUnavailableError('no database');
        let wrote = false;
        const result = await opened().store.transaction((tx) => {
          const receive: typeof tx.inbox.receive = (request) => {
            wrote = true;
            return tx.inbox.receive(request);
          };
          return work({ ...tx, inbox: { ...tx.inbox, receive } });
        });
        if (deaf && wrote) throw new StoreUnavailableError('no answer');
        return result;
      },
    };
    const started = await startApp({
      playbook: thePlaybook({
        START_DATE: '',
        DATA_OWNER: `slack:${ana}`,
        RECONCILIATION_CHANNEL: channel,
        ALERTS_CHANNEL: 'C0ALERTS',
      }),
      store,
      sources: { legacy: nothing, new: nothing },
      clock: systemClock,
      slack: { mode: 'socket', botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
      host: '127.0.0.1',
      port: 0,
      log: createLog('silent'),
    });
    await eventually('a connection', () => slack.openSockets > 0);
    return started;
  };
  const nothing = { open: () => Promise.reject(new Error('nothing is compared here')), close: () => Promise.resolve() };

  before(async () => {
    slack = await startSimulator();
    app = await start();
  });
  after(async () => {
    await app?.stop();
    await slack?.close();
  });
  afterEach(() => {
    down = false;
    deaf = false;
  });

  const modal = () => {
    const open = slack.modal(ana);
    assert.ok(open !== undefined, 'no modal is open');
    return open;
  };
  const inputs = (): Input[] => (modal().view['blocks'] as Input[]).filter(({ type }) => type === 'input');
  const initial = (name: string): unknown => inputs().find(({ block_id: id }) => id === name)?.element['initial_value'];
  const typed = (values: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, { value: { type: 'plain_text_input', value } }]),
    );
  const submit = (values: Record<string, string>, view = modal().id) => slack.submit(ana, view, typed(values));
  const errorsIn = (answer: unknown): Record<string, string> =>
    (answer as { errors?: Record<string, string> } | undefined)?.errors ?? {};
  const lessons = () => opened().store.transaction((tx) => tx.lessons.list(10));
  const open = async (words: string): Promise<void> => {
    const { acknowledged } = await slack.command(ana, channel, words);
    assert.equal(acknowledged, true);
  };

  it('opens where the words leave something out, and nothing else happens', async () => {
    await open('lesson');
    assert.deepEqual(
      inputs().map(({ block_id: id }) => id),
      ['date', 'category', 'learning', 'action', 'blocks', 'owner', 'link'],
    );
    assert.equal((await lessons()).length, 0);
    await submit({ learning: 'Legacy has NULLs' });
    await eventually('the answer', () => /Legacy has NULLs/.test(JSON.stringify(slack.privateMessages(ana))));
    assert.equal((await lessons()).length, 1);
    assert.equal(slack.modal(ana), undefined, 'the modal is closed');
  });
  it('does not open where they say it all', async () => {
    await open('lesson --learning "All said"');
    assert.equal(slack.modal(ana), undefined);
    await eventually('the answer', () => /All said/.test(JSON.stringify(slack.privateMessages(ana))));
  });
  it('stays open with the reason at the field, and with what was typed, when something is wrong', async () => {
    await open('lesson');
    assert.match(errorsIn(await submit({ learning: 'x'.repeat(3_001) }))['learning'] ?? '', /At most 3000/);
    assert.match(errorsIn(await submit({ learning: '' }))['learning'] ?? '', /This is needed/);
    assert.ok(slack.modal(ana) !== undefined);
    await submit({ learning: 'Now it is right' });
    await eventually('it is kept', () => slack.modal(ana) === undefined);
  });
  it('that is sent twice is saved once', async () => {
    await open('lesson');
    const { id } = modal();
    await submit({ learning: 'Only once' });
    await slack.redeliver();
    await slack.redeliver();
    await eventually('the answer', () => /Only once/.test(JSON.stringify(slack.privateMessages(ana))));
    assert.equal((await lessons()).filter(({ learning }) => learning === 'Only once').length, 1, id);
  });
  describe('that takes a file in place of lines', () => {
    const items = () => opened().store.transaction((tx) => tx.registers.items('reports'));
    const put = (file: { name: string; text: string } | undefined, csv = '') => ({
      ...(csv === '' ? {} : typed({ csv })),
      'csv.file': { value: { type: 'file_input', files: file === undefined ? [] : [file] } },
    });
    const send = async (...sent: Parameters<typeof put>) => slack.submit(ana, modal().id, put(...sent));

    it('fills a register from it, and is closed', async () => {
      await open('register reports fill');
      assert.deepEqual(
        inputs().map(({ block_id: id, element }) => [id, element['type']]),
        [
          ['csv', 'plain_text_input'],
          ['csv.file', 'file_input'],
        ],
      );
      const lines = Array.from({ length: 300 }, (_, index) => `Report ${index},"https://wiki, ${index}"`).join('\r\n');
      assert.deepEqual(errorsIn(await send({ name: 'reports.csv', text: `\uFEFFname,reproduced\r\n${lines}` })), {});
      await eventually('the answer', () => /Legacy reports/.test(JSON.stringify(slack.privateMessages(ana))));
      assert.equal((await items()).length, 300);
      assert.deepEqual((await items())[0]?.cells, { reproduced: 'https://wiki, 0' });
    });
    it('stays open where there is neither, both, or one that can’t be read, and says so there', async () => {
      await open('register reports fill');
      assert.match(errorsIn(await send(undefined))['csv'] ?? '', /This is needed/);
      const small = { name: 'a.csv', text: 'Payroll,yes' };
      assert.match(errorsIn(await send(small, 'Other,yes'))['csv.file'] ?? '', /not both/);
      assert.match(
        errorsIn(await send({ name: 'big.csv', text: 'x'.repeat(1_000_001) }))['csv.file'] ?? '',
        /big.csv has 1000001 bytes/,
      );
      assert.match(
        errorsIn(await send({ name: 'long.csv', text: 'x'.repeat(300_001) }))['csv'] ?? '',
        /At most 300000/,
      );
      slack.inject({ method: 'download', fault: { kind: 'status', status: 500 } });
      assert.match(errorsIn(await send(small))['csv.file'] ?? '', /a.csv could not be read/);
      slack.clearFaults();
      assert.deepEqual(errorsIn(await send(small)), {});
    });
    it('sends the token to nobody but Slack', async () => {
      const elsewhere = await readFormFiles(
        { values: {}, files: { 'csv.file': { name: 'a.csv', size: 3, url: 'https://files.example.com/a' } } },
        { botToken: 'xoxb', apiUrl: undefined, log: createLog('silent') },
      );
      assert.deepEqual(elsewhere, { errors: { 'csv.file': 'a.csv does not lie in Slack: nothing was read.' } });
    });
  });
  it('keeps what was typed while the database is down, and saves it once when it is back', async () => {
    await open('lesson');
    down = true;
    const refused = errorsIn(await submit({ learning: 'Through the night' }));
    assert.match(Object.values(refused)[0] ?? '', /could not be saved/);
    assert.match(
      Object.values(errorsIn(await submit({ learning: 'Through the night' })))[0] ?? '',
      /could not be saved/,
    );
    assert.ok(slack.modal(ana) !== undefined, 'the modal is open still');
    down = false;
    await submit({ learning: 'Through the night' });
    await eventually('the answer', () => /Through the night/.test(JSON.stringify(slack.privateMessages(ana))));
    assert.equal((await lessons()).filter(({ learning }) => learning === 'Through the night').length, 1);
  });
  describe('that was saved although its sender was told that it was not', () => {
    beforeEach(async () => {
      await open('lesson');
      deaf = true;
      assert.match(Object.values(errorsIn(await submit({ learning: 'First' })))[0] ?? '', /could not be saved/);
      deaf = false;
    });
    const kept = async () => (await lessons()).map(({ learning }) => learning);

    it('is closed when the same is sent again, and saved once', async () => {
      assert.deepEqual(errorsIn(await submit({ learning: 'First' })), {});
      assert.equal(slack.modal(ana), undefined, 'the modal is closed');
      await eventually('the answer', () => /First/.test(JSON.stringify(slack.privateMessages(ana))));
      assert.deepEqual(await kept(), ['First']);
    });
    it('says of one whose content is forgotten what is true whether the same is sent or something else', async () => {
      const score = (value: string) =>
        slack.submit(ana, modal().id, { score: { value: { type: 'static_select', selected_option: { value } } } });
      await open('answer S-9');
      deaf = true;
      assert.match(Object.values(errorsIn(await score('4')))[0] ?? '', /could not be saved/);
      deaf = false;
      await eventually('the answer', () => /no S-9/.test(JSON.stringify(slack.privateMessages(ana))));
      for (const value of ['4', '2']) {
        assert.match(Object.values(errorsIn(await score(value)))[0] ?? '', /received before.*nobody can tell whether/);
      }
    });
    it('says so when something else is sent, and keeps it, to be sent with a new one', async () => {
      const errors = errorsIn(await submit({ learning: 'First, corrected' }));
      assert.match(
        Object.values(errors)[0] ?? '',
        /first version of this form was saved.*what stands here now was not/,
      );
      assert.ok(slack.modal(ana) !== undefined, 'the modal is open still');
      await open('lesson');
      await submit({ learning: 'First, corrected' });
      await eventually('the answer', () => /corrected/.test(JSON.stringify(slack.privateMessages(ana))));
      assert.deepEqual((await kept()).toSorted(), ['First', 'First, corrected']);
    });
  });
  it('that was opened before a restart is taken after it', async () => {
    await open('lesson');
    await app.stop();
    app = await start();
    await submit({ learning: 'Before and after' });
    await eventually('the answer', () => /Before and after/.test(JSON.stringify(slack.privateMessages(ana))));
    assert.equal((await lessons()).length, 1);
  });
  it('is filled in from a message by its shortcut, with where it stands', async () => {
    const text = 'Bonus of leavers is missing\nSeen in March by <@U0BEN00002>, *really* & <https://example.com|here>';
    await slack.say(ana, channel, text);
    const message = slack.messages(channel).at(-1);
    assert.ok(message !== undefined);
    await slack.shortcut(ana, channel, message.ts, 'discrepancy');
    assert.equal(initial('title'), 'Bonus of leavers is missing');
    assert.match(String(initial('description')), /^Seen in March/);
    assert.equal(
      initial('link'),
      `https://parallel-run-trial.slack.com/archives/${channel}/p${message.ts.replace('.', '')}`,
    );
    await submit({ title: 'Bonus of leavers is missing', link: String(initial('link')) });
    await eventually('its card', () => /D-1 open: Bonus of leavers/.test(JSON.stringify(slack.messages(channel))));
    const [one] = await opened().store.transaction((tx) => tx.discrepancies.active());
    assert.equal(
      one?.reported?.link,
      `https://parallel-run-trial.slack.com/archives/${channel}/p${message.ts.replace('.', '')}`,
    );
  });
  it('begins a long first line in the title, and has all of it below, as much as Slack takes', async () => {
    const filed = async (text: string, what: 'discrepancy' | 'lesson'): Promise<void> => {
      await slack.say(ana, channel, text);
      await slack.shortcut(ana, channel, slack.messages(channel).at(-1)?.ts ?? '', what);
    };
    await filed('t'.repeat(150), 'discrepancy');
    assert.deepEqual([initial('title'), initial('description')], ['t'.repeat(150), undefined]);
    await filed(`${'t'.repeat(151)}\nmore`, 'discrepancy');
    assert.equal(String(initial('title')).length, 150);
    assert.equal(initial('description'), `${'t'.repeat(151)}\nmore`);
    await filed('x'.repeat(10_000), 'lesson');
    assert.equal(String(initial('learning')).length, 3_000);
    assert.match(String(initial('learning')), /^x+…$/, 'and says that it goes on');
    assert.match(String(initial('link')), /^https:/, 'where all of it stands');
  });
  it('shows text from outside as it was typed, harmless', async () => {
    const text = '<!channel> *bold* &lt;x&gt; =1+1 \u202eabc 🎉 שלום';
    await open('discrepancy');
    await submit({ title: text, description: `${text}${'y'.repeat(2_900)}` });
    await eventually('its card', () => slack.messages(channel).some(({ text: said }) => said.includes('🎉')));
    const card = slack.messages(channel).find(({ text: said }) => said.includes('🎉'));
    assert.doesNotMatch(card?.text ?? '', /<!channel>/);
    assert.match(card?.text ?? '', /&lt;!channel&gt;/);
    assert.doesNotMatch(JSON.stringify(card?.blocks), /mrkdwn/, 'nothing of it is markup');
  });
  it('says privately why it does not open for what can not be done', async () => {
    const { body } = await slack.command(ana, channel, 'discrepancy D-99 explain');
    assert.match(JSON.stringify(body), /There is no D-99/);
    assert.equal(slack.modal(ana), undefined);
  });
  it('that Slack refuses to open says so, and that nothing was done', async () => {
    slack.inject({ method: 'views.open', fault: { kind: 'error', error: 'expired_trigger_id' } });
    const { body } = await slack.command(ana, channel, 'lesson');
    assert.match(JSON.stringify(body), /could not be opened/);
  });
  it('keeps no record of who gave which answer to an anonymous survey', async () => {
    await open('survey satisfaction open');
    const card = () => slack.messages(channel).find(({ text }) => text.includes('How satisfied are you'));
    await eventually('the survey', () => card() !== undefined);
    await slack.press(ana, channel, card()?.ts ?? '', 'command:4');
    await eventually('the thanks', () => /your answer counts/.test(JSON.stringify(slack.privateMessages(ana))));
    const [answer] = await opened().owner<{ respondent: string; score: number }>('select * from survey_answers');
    assert.equal(answer?.score, 4);
    assert.match(answer.respondent, /^[0-9a-f]{64}$/);
    const requests = await opened().owner<{ request: object }>('select request from inbox order by received_at');
    assert.deepEqual(requests.at(-1)?.request, {}, 'the request that held it is forgotten');
    const said = await opened().owner<{ content: string }>('select content::text as content from outbox');
    assert.ok(said.every(({ content }) => !/"answer 1 4".*U0ANA/.test(content)));
  });
  it('opens from a button, and what is done changes every copy of the card', async () => {
    await open('discrepancy --title "Bonus again"');
    await eventually('its card', () => slack.messages(channel).some(({ text }) => text.includes('Bonus again')));
    const find = () => slack.messages(channel).find(({ text }) => text.includes('Bonus again'));
    await slack.press(ana, channel, find()?.ts ?? '', 'command:3');
    await submit({ text: 'Looks like a rounding' });
    await eventually('the comment', () => /Looks like a rounding/.test(JSON.stringify(find()?.blocks)));
  });
  it('of a lesson opens from a resolved discrepancy, with what is on record about it', async () => {
    await open('discrepancy --title "Bonus is back"');
    const card = () => slack.messages(channel).find(({ text }) => text.includes('Bonus is back'));
    await eventually('its card', () => card() !== undefined);
    await open('discrepancy D-1 resolve --reason "Mended"');
    const lesson = () =>
      /"action_id":"(command:\d+)"[^}]*"lesson --about D-1"/.exec(JSON.stringify(card()?.blocks))?.[1];
    await eventually('the offer', () => JSON.stringify(card()?.blocks).includes('lesson --about D-1'));
    await slack.press(ana, channel, card()?.ts ?? '', lesson() ?? 'command:1');
    assert.equal(initial('learning'), 'Bonus is back');
    await submit({ learning: 'Bonuses come late' });
    await eventually('it is kept', async () => (await lessons())[0]?.discrepancy === 1);
  });
});
