import { inboxContract } from '../contracts/store/inbox.ts';
import { metricsContract } from '../contracts/store/metrics.ts';
import { outboxFailureContract } from '../contracts/store/outbox-failures.ts';
import { outboxContract } from '../contracts/store/outbox.ts';
import { planContract } from '../contracts/store/plan.ts';
import { recordsContract } from '../contracts/store/records.ts';
import { referencesContract } from '../contracts/store/references.ts';
import { rowsContract } from '../contracts/store/rows.ts';
import { slotsContract } from '../contracts/store/slots.ts';
import type { TestStore } from './databases.ts';
import { createFakeStore } from './fake-store.ts';

describe('The store of the tests of workers and schedules, held to the contract of the real one:', () => {
  let store = createFakeStore();
  beforeEach(() => {
    store = createFakeStore();
  });
  // All that these contracts ask in SQL is every message's key and state.
  const states = async <Row>(): Promise<Row[]> =>
    [...store.outbox.values()].map(({ message, state }) => ({ key: message.key, state }) as Row);
  const opened = (): TestStore => ({
    store,
    hurried: () => Promise.resolve(store),
    owner: states,
    application: states,
    clear: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
  inboxContract(opened);
  slotsContract(opened);
  outboxContract(opened);
  outboxFailureContract(opened);
  recordsContract(opened);
  planContract(opened);
  rowsContract(opened);
  metricsContract(opened);
  referencesContract(opened);
});
