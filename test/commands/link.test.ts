import assert from 'node:assert/strict';
import { hasRole, peopleOf } from '../../src/core/roles.ts';
import type { Actor } from '../../src/core/request.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { anActor } from '../support/fixtures.ts';
import { ask, servicesOver, textOf } from '../support/services.ts';

const object = '0a0b0c0d-0000-4000-8000-000000000001';
const inSlack = anActor({ user: 'U0ANA', name: 'ana' });
const inTeams: Actor = { platform: 'teams', workspace: 'tenant', user: object, name: 'Ana Ruiz' };

describe('Somebody with accounts in Slack and in Teams', () => {
  let store = createFakeStore();
  let services = servicesOver(store);
  let times = 0;
  beforeEach(() => {
    store = createFakeStore();
    services = servicesOver(store);
  });
  const say = async (words: string, actor: Actor, form?: Record<string, string>) => {
    times += 1;
    const request = { actor, id: `words-${times}`, ...(form === undefined ? {} : { form }) };
    return (await ask(services, words, request)).answer;
  };
  const codeFor = async (actor: Actor): Promise<string> =>
    /link ([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})/.exec(textOf((await say('link', actor)).card))?.[1] ?? 'none';
  const formFor = async (words: string, actor: Actor) => {
    const { link } = await import('../../commands/link.ts');
    const request = { id: 'form', actor, words, receivedAt: services.clock.now().toISOString() };
    return link.form?.({ request, prefix: '/parallel', arguments: words.split(' ').slice(1) }, services);
  };
  const yes = { confirm: 'link' };

  it('is one person once a code of the one is confirmed with the other', async () => {
    assert.equal(hasRole(inTeams, ['dataOwner'], services.playbook), false);
    const answer = await say(`link ${await codeFor(inSlack)}`, inTeams, yes);
    assert.match(answer.card.title, /are linked/);
    assert.equal(hasRole(inTeams, ['dataOwner'], services.playbook), true);
    assert.equal(peopleOf('dataOwner', services.playbook).length, 1);
  });
  it('may go either way', async () => {
    await say(`link ${await codeFor(inTeams)}`, inSlack, yes);
    assert.equal(hasRole(inTeams, ['dataOwner'], services.playbook), true);
  });
  it('reads first whose account asks, and what follows', async () => {
    const form = await formFor(`link ${await codeFor(inSlack)}`, inTeams);
    assert.match(form?.intro ?? '', /"ana" in Slack asks to be you/);
    assert.match(form?.intro ?? '', /what it decides, you decided/);
  });
  it('links nothing by the code alone', async () => {
    const answer = await say(`link ${await codeFor(inSlack)}`, inTeams, { confirm: 'yes' });
    assert.match(textOf(answer.card), /Nothing was changed/);
    assert.equal(hasRole(inTeams, ['dataOwner'], services.playbook), false);
  });
  it('can use a code until ten minutes are over, and not then', async () => {
    const [early, late] = [await codeFor(inSlack), await codeFor(inSlack)];
    const from = services.clock.now().getTime();
    services.setTime(new Date(from + 10 * 60_000).toISOString());
    assert.match(textOf((await say(`link ${late}`, inTeams, yes)).card), /too old/);
    services.setTime(new Date(from + 10 * 60_000 - 1).toISOString());
    assert.match((await say(`link ${early}`, inTeams, yes)).card.title, /are linked/);
  });
  it('can use a code once', async () => {
    const code = await codeFor(inSlack);
    await say(`link ${code}`, inTeams, yes);
    const other = { ...inTeams, user: '0a0b0c0d-0000-4000-8000-000000000002' };
    assert.match(textOf((await say(`link ${code}`, other, yes)).card), /used up/);
  });
  it('can not link an account with itself', async () => {
    assert.match(textOf((await say(`link ${await codeFor(inSlack)}`, inSlack, yes)).card), /are yours already/);
  });
  it('can not be linked by a guest', async () => {
    const code = await codeFor(inSlack);
    services = { ...services, outsider: async () => 'You are a guest here.', playbook: services.playbook };
    assert.match(textOf((await say(`link ${code}`, inTeams, yes)).card), /You are a guest here/);
  });
  it('is told in a shell that this is done in chat', async () => {
    const shell: Actor = { platform: 'terminal', workspace: '', user: 'ana', name: 'ana' };
    assert.match(textOf((await say('link', shell)).card), /linked in chat/);
  });
  it('finds both steps in the audit', async () => {
    await say(`link ${await codeFor(inSlack)}`, inTeams, yes);
    assert.deepEqual(
      store.audit.map(({ action }) => action),
      ['link.offered', 'link.confirmed'],
    );
  });
});
