import assert from 'node:assert/strict';
import { triggers } from '../../schedules/triggers.ts';
import type { Card } from '../../src/core/cards/card.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { aCheckResult, aFinding, anActor, aRun, later, someMoment } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const ana = anActor({ user: 'U0ANA' });
const chen = anActor({ user: 'U0CHEN' });
const ben = anActor({ user: 'U0BEN' });
const file = thePlaybook({ TECH_LEAD: 'slack:U0CHEN', PRODUCT_OWNER: 'slack:U0BEN' });
const playbook = { ...file, channels: { ...file.channels, fallback: 'C0FALLBACK' } };
const minute = 60_000;

describe('What calls people about an incident', () => {
  let store = createFakeStore();
  const at = (minutes: number) => {
    const services = servicesOver(store, { playbook });
    services.setTime(later(minutes * minute).toISOString());
    return services;
  };
  const look = (minutes: number) => store.transaction((tx) => triggers.look(tx, at(minutes)));
  const say = (words: string, actor = ana, minutes = 46) =>
    ask(at(minutes), `incident 1 ${words}`, { actor, id: `request-${minutes}` });
  const measured = (id: string, variance: string, minutes = 0) => {
    const check = (name: string, figure: string) =>
      aCheckResult({ check: name, critical: true, findings: [aFinding({ check: name, key: name, variance: figure })] });
    const checks = [check('employees', '0'), check('compensation', variance)];
    const startedAt = later(minutes * minute).toISOString();
    return store.transaction((tx) => tx.runs.save(aRun({ id, slot: null, state: 'fail', startedAt, checks })));
  };
  const calls = async (since = someMoment): Promise<Card[]> => {
    const keys = ['reminder', 'deputy', 'fallback'].map((rung) => `incident/1/card/${since}/${rung}`);
    const rows = await store.transaction((tx) => Promise.all(keys.map((key) => tx.outbox.find(key))));
    return rows.flatMap((row) => (row?.message.content.kind === 'card' ? [row.message.content.card] : []));
  };
  const everyCallSays = async (title: string, more: RegExp) => {
    const cards = await calls();
    assert.deepEqual(
      cards.map((card) => card.title),
      Array.from({ length: 3 }, () => `I-1 waits no more: Variance in critical metrics ${title}`),
    );
    for (const card of cards) {
      assert.match(textOf(card), more);
      assert.doesNotMatch(textOf(card), /"buttons"/);
    }
  };

  beforeEach(async () => {
    store = createFakeStore();
    await measured('20261123-aaaaa', '6');
    for (const minutes of [0, 15, 30, 45]) await look(minutes);
  });

  it('has the buttons of the incident while it waits', async () => {
    const cards = await calls();
    assert.equal(cards.length, 3);
    for (const card of cards) {
      assert.match(card.title, /^I-1 waits: /);
      assert.match(textOf(card), /incident I-1 acknowledge/);
    }
  });

  const endings = [
    ['acknowledge', ana, 'fires: acknowledged', /U0ANA/],
    ['snooze --minutes 60 --reason "The vendor is on it"', chen, 'fires: snoozed', /U0CHEN.*: The vendor is on it/],
    ['dismiss --reason "Loaded twice"', ben, 'dismissed', /U0BEN.*: Loaded twice/],
    ['propose --reason "Wrong for everybody"', ana, 'rollback proposed', /U0ANA.*: Wrong for everybody/],
  ] as const;
  for (const [words, actor, title, more] of endings) {
    it(`has none in any copy after "${words}", and says who did it and why`, async () => {
      await say(words, actor);
      await everyCallSays(title, more);
    });
  }
  it('has none when the figure clears by itself', async () => {
    await measured('20261123-bbbbb', '1', 46);
    await look(46);
    await everyCallSays('cleared', /I-1, cleared Mon 23 Nov 2026, 07:46/);
  });
  it('follows what becomes of the incident afterwards', async () => {
    await say('acknowledge', ana);
    await say('dismiss --reason "Loaded twice"', ben, 47);
    await everyCallSays('dismissed', /Loaded twice/);
  });
  it('stays without buttons when it fires again, which calls people anew', async () => {
    await say('snooze --minutes 60 --reason "The vendor is on it"', chen);
    await look(106);
    await look(121);
    await everyCallSays('fires: snoozed', /The vendor is on it/);
    const [again] = await calls(later(106 * minute).toISOString());
    assert.match(again?.title ?? '', /^I-1 waits: /);
  });
});
