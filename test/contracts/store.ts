import assert from 'node:assert/strict';
import { shareStore, type TestStore } from '../support/databases.ts';
import { aMessage, aRequest, aRun, later } from '../support/fixtures.ts';
import { auditContract } from './store/audit.ts';
import { decisionsContract } from './store/decisions.ts';
import { inboxContract } from './store/inbox.ts';
import { incidentsContract } from './store/incidents.ts';
import { metricsContract } from './store/metrics.ts';
import { outboxContract } from './store/outbox.ts';
import { outboxFailureContract } from './store/outbox-failures.ts';
import { planContract } from './store/plan.ts';
import { recordsContract } from './store/records.ts';
import { referencesContract } from './store/references.ts';
import { rowsContract } from './store/rows.ts';
import { runbooksContract } from './store/runbooks.ts';
import { runsContract } from './store/runs.ts';
import { slotsContract } from './store/slots.ts';
import { teamContract } from './store/team.ts';

/** What every store must do, whatever it keeps its tables in. */
export function storeContract(name: string, open: () => Promise<TestStore>): void {
  describe(name, () => {
    const opened = shareStore(open);

    describe('a transaction', () => {
      it('is there whole or not at all', async () => {
        const { store } = opened();
        const failing = store.transaction(async (tx) => {
          await tx.runs.save(aRun());
          await tx.outbox.post(aMessage(), later(0));
          await tx.inbox.receive(aRequest());
          throw new Error('the work failed');
        });
        await assert.rejects(failing, { message: 'the work failed' });

        await store.transaction(async (tx) => {
          assert.equal(await tx.runs.find(aRun().id), undefined);
          assert.equal(await tx.outbox.find(aMessage().key), undefined);
          assert.equal((await tx.inbox.gauges(later(0))).waiting, 0);
        });
      });

      it('answers what the work answers', async () => {
        assert.equal(await opened().store.transaction(async () => 42), 42);
      });

      it('does not nest', async () => {
        const { store } = opened();
        const nested = store.transaction(() => store.transaction(async () => 1));
        await assert.rejects(nested, { message: 'Transactions do not nest: use the transaction at hand.' });
      });

      it('follows another one without harm after a statement was refused', async () => {
        const { store } = opened();
        const refused = store.transaction((tx) => tx.runs.save(aRun({ attempts: 0 })));
        await assert.rejects(refused, { code: '23514' });
        await store.transaction((tx) => tx.runs.save(aRun()));
        assert.equal((await store.transaction((tx) => tx.runs.find(aRun().id)))?.attempts, 1);
      });

      it('that takes too long is given up with nothing written, and holds nobody up afterwards', async () => {
        const hurried = await opened().hurried(200);
        let end: () => void = () => undefined;
        const endless = new Promise<void>((resolve) => {
          end = resolve;
        });
        const slow = hurried.transaction(async (tx) => {
          await tx.audit.append({ at: '', actor: 'clock', action: 'slow', subject: 'run/1', details: {} });
          await endless;
          await tx.runs.save(aRun());
        });
        await assert.rejects(slow, { name: 'StoreUnavailableError', message: 'The database took longer than 0.2 s.' });
        end();
        await hurried.transaction(async (tx) => {
          assert.equal(await tx.audit.head(), undefined);
          assert.equal(await tx.runs.find(aRun().id), undefined);
          await tx.audit.append({ at: '', actor: 'clock', action: 'next', subject: 'run/2', details: {} });
        });
      });

      it('is tried again when the database reports a deadlock, and given up after five attempts', async () => {
        const { store } = opened();
        const failing = (times: number) => {
          let attempts = 0;
          return {
            attempts: () => attempts,
            done: store.transaction(async () => {
              attempts += 1;
              if (attempts <= times) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
              return 'done';
            }),
          };
        };
        const four = failing(4);
        assert.equal(await four.done, 'done');
        const five = failing(5);
        await assert.rejects(five.done, { code: '40P01' });
        assert.deepEqual([four.attempts(), five.attempts()], [5, 5]);
      });
    });

    runsContract(opened);
    auditContract(opened);
    outboxContract(opened);
    outboxFailureContract(opened);
    inboxContract(opened);
    slotsContract(opened);
    recordsContract(opened);
    decisionsContract(opened);
    incidentsContract(opened);
    runbooksContract(opened);
    planContract(opened);
    teamContract(opened);
    rowsContract(opened);
    metricsContract(opened);
    referencesContract(opened);
  });
}
