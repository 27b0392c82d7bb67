import assert from 'node:assert/strict';
import { runbooks } from '../../../schedules/runbooks.ts';
import type { Runbook } from '../../../src/core/runbooks/runbook.ts';
import { startRunbook } from '../../../src/core/reports/keep-runbook.ts';
import { createFakeStore } from '../../support/fake-store.ts';
import { anActor } from '../../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../../support/services.ts';

const playbook = thePlaybook({ TECH_LEAD: 'slack:U0CHEN', DATA_OWNER: 'slack:U0ANA' });
const definition = playbook.runbooks.find(({ name }) => name === 'cutover')!;
const chen = anActor({ user: 'U0CHEN' });
// A Saturday in New York, whose first step is at 06:00.
const midnight = '2027-01-30T05:00:00.000Z';
const first = 'runbook/1/card';

describe('The card of a runbook', () => {
  let store = createFakeStore();
  let services = servicesOver(store, { playbook });
  const at = (local: string): void => services.setTime(new Date(`${local}-05:00`).toISOString());
  const look = async (local: string): Promise<boolean> => {
    at(local);
    return store.transaction((tx) => runbooks.look(tx, services));
  };
  const start = async (local: string, overrides: Partial<Pick<Runbook, 'rehearsal' | 'anchor'>> = {}) => {
    at(local);
    const begun = { anchor: midnight, startedBy: 'x', about: '', rehearsal: null, channel: 'C0RECON', ...overrides };
    await store.transaction((tx) => startRunbook(tx, definition, begun, services));
  };
  const row = (key: string) => {
    const found = store.outbox.get(key);
    assert.ok(found?.message.content.kind === 'card', `there is ${key}`);
    return { ...found.message, card: found.message.content.card, text: textOf(found.message.content.card) };
  };
  const cards = (): string[] => [...store.outbox.keys()].filter((key) => key.startsWith(first));
  const anew = (): string => cards().at(-1) ?? '';
  const checkIn = () => row('runbook/1/legacy-backup/check-in');

  beforeEach(() => {
    store = createFakeStore();
    services = servicesOver(store, { playbook });
  });

  it('is posted anew with the first word of its day, which hangs below it', async () => {
    await start('2027-01-27T10:00');
    await look('2027-01-30T05:44');
    assert.deepEqual(cards(), [first]);
    await look('2027-01-30T05:45');
    assert.deepEqual([cards().length, checkIn().parent, row(anew()).parent], [2, anew(), undefined]);
    assert.equal(row(anew()).place.channel, 'C0RECON');
    assert.match(row(anew()).card.title, /^Cutover: 0 of 9 steps done/);
    assert.match(row(anew()).text, /Done: Back legacy up/);
  });
  it('says where it went at its old place, and has nothing to press there', async () => {
    await start('2027-01-27T10:00');
    await look('2027-01-30T05:45');
    assert.equal(row(first).card.title, 'Cutover goes on further down in this channel');
    assert.match(row(first).text, /posted anew on Sat 30 Jan 2027, 05:45.*R-1/);
    assert.doesNotMatch(row(first).text, /"buttons"/);
  });
  it('is kept up to date where it hangs now, and nowhere else', async () => {
    await start('2027-01-27T10:00');
    await look('2027-01-30T06:00');
    await ask(services, 'cutover done legacy-backup --evidence s3', { actor: chen });
    await look('2027-01-30T06:45');
    assert.match(row(anew()).card.title, /^Cutover: 1 of 9 steps done/);
    assert.match(row(first).card.title, /further down/);
    assert.equal(row('runbook/1/stop-legacy-batch/check-in').parent, anew());
  });
  it('is posted anew once a day, whoever looks and however often', async () => {
    await start('2027-01-27T10:00');
    for (const minute of ['05:45', '05:46', '05:56', '06:00', '06:31']) await look(`2027-01-30T${minute}`);
    assert.equal(cards().length, 2);
    assert.equal(row('runbook/1/legacy-backup/due').parent, anew());
  });
  it('keeps to the thread of a card of the same day', async () => {
    await start('2027-01-30T00:00');
    await look('2027-01-30T05:45');
    assert.deepEqual([cards(), checkIn().parent], [[first], first]);
  });
  for (const [started, count] of [
    ['2027-01-29T23:45', 1],
    ['2027-01-29T20:01', 1],
    ['2027-01-29T20:00', 2],
  ] as const) {
    it(`${count === 1 ? 'stays where it is' : 'is posted anew'} at midnight when it hangs since ${started.slice(-5)}`, async () => {
      const rehearsal = { speed: 1, from: new Date('2027-01-30T05:45-05:00').toISOString() };
      await start(started, { rehearsal });
      await look('2027-01-30T00:00');
      assert.equal(cards().length, count);
    });
  }
  it('is posted anew for a rehearsal too, by the day of those who rehearse', async () => {
    const from = new Date('2027-02-13T05:30-05:00').toISOString();
    await start('2027-01-29T10:00', { rehearsal: { speed: 1 / 96, from }, anchor: '2027-02-13T05:00:00.000Z' });
    await look('2027-01-30T10:00');
    assert.equal(cards().length, 2);
    assert.match(row(first).card.title, /^REHEARSAL: Cutover goes on further down/);
    assert.equal(checkIn().parent, anew());
  });
  it('has its report below the newest one', async () => {
    await start('2027-01-27T10:00');
    await look('2027-01-30T05:45');
    await ask(services, 'cutover abort --reason "No power" --confirm "abort cutover"', { actor: chen });
    assert.equal(row('runbook/1/report').parent, anew());
  });
});
