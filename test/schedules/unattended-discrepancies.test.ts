import assert from 'node:assert/strict';
import { unattendedDiscrepancies } from '../../schedules/unattended-discrepancies.ts';
import type { NewDiscrepancy } from '../../src/core/records/discrepancy.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aDiscrepancy, aMeasurement, aReport, later } from '../support/fixtures.ts';
import { ask, servicesOver, thePlaybook } from '../support/services.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const playbook = thePlaybook({ TECH_LEAD: 'slack:U0CHEN', PROJECT_MANAGER: 'slack:U0DANA' });

describe('The watch over discrepancies', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const file = (overrides: Partial<NewDiscrepancy> = {}) =>
    opened().store.transaction((tx) =>
      tx.discrepancies.save([
        {
          ...aDiscrepancy({ severity: 1, owner: 'dataOwner', dueAt: later(4 * hour).toISOString() }),
          ...overrides,
          number: null,
        },
      ]),
    );
  const servicesAt = (milliseconds: number) => {
    const services = servicesOver(opened().store, { playbook });
    services.setTime(later(milliseconds).toISOString());
    return services;
  };
  const look = (milliseconds: number): Promise<boolean> => {
    const services = servicesAt(milliseconds);
    return opened().store.transaction((tx) => unattendedDiscrepancies.look(tx, services));
  };
  const messages = async () =>
    (await opened().store.transaction((tx) => tx.outbox.list('pending', 50))).map(({ message }) => message);
  const calls = async () => (await messages()).filter(({ key }) => key.startsWith('discrepancies/'));

  it('calls the owner of severity 1 at once, in the thread of its card among the alerts', async () => {
    await file();
    assert.equal(await look(0), true);
    const [card, call] = await messages();
    assert.deepEqual([card?.place.channel, call?.place.channel], ['C0ALERTS', 'C0ALERTS']);
    assert.equal(call?.parent, card?.key);
    assert.match(JSON.stringify(call?.content), /slack:U0ANA.*please investigate at once/);
  });
  it('says it once, however often it looks and whoever looks', async () => {
    await file();
    await Promise.all([look(0), look(0)]);
    assert.equal(await look(minute), false);
    assert.equal((await calls()).length, 1);
  });
  it('reminds, then calls the deputy, then the lead', async () => {
    await file();
    for (const after of [0, 30, 60, 120]) await look(after * minute);
    const said = (await calls()).map(({ content }) => JSON.stringify(content));
    assert.equal(said.length, 4);
    assert.doesNotMatch(said[1] ?? '', /U0CHEN/);
    assert.match(said[2] ?? '', /U0ANA.*U0CHEN/);
    assert.match(said[3] ?? '', /U0ANA.*U0CHEN.*U0DANA/);
  });
  it('calls nobody once somebody has begun', async () => {
    await file();
    await look(0);
    await ask(servicesAt(minute), 'discrepancy 1 investigate');
    assert.equal(await look(3 * hour), false);
  });
  it('writes into its history whom it called', async () => {
    await file();
    await look(0);
    const [entry] = await opened().store.transaction((tx) => tx.discrepancies.entries(1, 5));
    assert.match(entry?.text ?? '', /Called Data Owner/);
  });
  it('calls once about a check whose groups failed together', async () => {
    for (let group = 0; group < 30; group += 1) await file({ measured: aMeasurement({ key: `L${group}` }) });
    await look(0);
    const said = await calls();
    assert.equal(said.length, 1);
    assert.equal((await messages()).length, 1, 'no card for each');
    assert.match(JSON.stringify(said[0]?.content), /30 discrepancies: Level Distribution L0/);
  });
  it('calls about what is overdue, and about a report where it hangs', async () => {
    await file({ severity: 3, measured: null, reported: aReport(), dueAt: later(hour).toISOString() });
    assert.equal(await look(hour - 1), false);
    await look(hour);
    const [call] = await calls();
    assert.equal(call?.place.channel, 'C0RECON');
    assert.match(JSON.stringify(call?.content), /not closed yet/);
  });

  describe('over an acceptance', () => {
    // In New York the 24th ends at 05:00 UTC of the 25th, 41 hours after someMoment.
    const until = { amount: '12', reason: 'Known', by: 'slack:T0TEST/U0ANA', until: '2026-11-24' };
    const end = 41 * hour;
    it('opens it again with the day after its last', async () => {
      await file({ state: 'explained', acceptance: until, severity: 2 });
      assert.equal(await look(end - 1), false);
      assert.equal(await look(end), true);
      const one = await opened().store.transaction((tx) => tx.discrepancies.find(1));
      assert.deepEqual([one?.state, one?.acceptance, one?.openedAt], ['open', null, later(end).toISOString()]);
      const [entry] = await opened().store.transaction((tx) => tx.discrepancies.entries(1, 5));
      assert.match(entry?.text ?? '', /that day is over/);
      assert.equal(await look(end), false, 'and only once');
    });
    it('of severity 1 calls its owner as if it were new', async () => {
      await file({ state: 'explained', acceptance: until, actedAt: later(day).toISOString() });
      await look(end);
      await look(end + minute);
      assert.match(JSON.stringify((await calls())[0]?.content), /please investigate at once/);
    });
  });
});
