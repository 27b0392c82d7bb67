import type { Playbook } from '../playbook/playbook.ts';
import { type Rows, type Side, type Snapshot, type Source, SourceError, sides } from '../sources.ts';
import type { Clock } from '../time/clock.ts';
import { batchNotReady, judgeReadiness } from './readiness.ts';
import type { Batch } from './run.ts';

export type Snapshots = Readonly<Record<Side, Snapshot>>;

export interface Comparing {
  readonly playbook: Playbook;
  readonly sources: Readonly<Record<Side, Source>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Opens a snapshot a side, asks whether the night's batch is complete and comparable (L21, L26), and closes them after
 * `work`, which compares. Where a side can't be opened, is busy later on, or the batch is not ready, it is `held` instead,
 * with every reason: that is tried again. Throws SourceError `cancelled` when the signal fires.
 */
export async function withBatch<T>(
  comparing: Comparing,
  ways: {
    readonly work: (batch: Batch, snapshots: Snapshots) => Promise<T>;
    readonly held: (batch: Batch) => T;
  },
): Promise<T> {
  const opened = await openBoth(comparing);
  const { legacy, new: now } = opened;
  try {
    if (legacy instanceof SourceError || now instanceof SourceError) {
      const why = sides.flatMap((side) => {
        const snapshot = opened[side];
        return snapshot instanceof SourceError ? [explain(side, snapshot)] : [];
      });
      return ways.held(batchNotReady(why));
    }
    const snapshots = { legacy, new: now };
    const batch = await readBatch(comparing, snapshots);
    return batch.ready ? await ways.work(batch, snapshots) : ways.held(batch);
  } catch (error) {
    if (error instanceof Busy) return ways.held(batchNotReady([error.message]));
    throw error;
  } finally {
    await Promise.allSettled(
      sides.map(async (side) => {
        const snapshot = opened[side];
        if (!(snapshot instanceof SourceError)) await snapshot.close();
      }),
    );
  }
}

/** Asks both sides at the same time and waits for both, so that neither is still at work when one has failed. */
export async function fromBoth<T>(ask: (side: Side) => Promise<T>): Promise<Readonly<Record<Side, T>>> {
  const [legacy, now] = await Promise.allSettled(sides.map(ask));
  for (const answer of [legacy, now]) if (answer?.status === 'rejected') throw answer.reason;
  const valueOf = (answer: PromiseSettledResult<T> | undefined): T => (answer as PromiseFulfilledResult<T>).value;
  return { legacy: valueOf(legacy), new: valueOf(now) };
}

/** A side that was opened and that can't be read just now. */
class Busy extends Error {}

/** What a side refused, as a value; what holds the whole run is thrown. */
export function refusalOf(side: Side, error: unknown): SourceError {
  if (!(error instanceof SourceError) || error.code === 'cancelled') throw error;
  if (error.code === 'busy') throw new Busy(explain(side, error));
  return error;
}

type Opened = Readonly<Record<Side, Snapshot | SourceError>>;

async function openBoth({ sources, signal }: Comparing): Promise<Opened> {
  const opened = await Promise.allSettled(sides.map(async (side) => sources[side].open(signal)));
  const [legacy, now] = opened.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as unknown)));
  // Cancelled, or a fault of the product itself: what did open is closed before it is told.
  const fault = [legacy, now].find(
    (one, index) => opened[index]?.status === 'rejected' && (!(one instanceof SourceError) || one.code === 'cancelled'),
  );
  if (fault === undefined) return { legacy: legacy as Snapshot | SourceError, new: now as Snapshot | SourceError };
  await Promise.allSettled(opened.map(async (one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
  throw fault;
}

/** One side's query; what the source refuses is a value here, so that the other side and the other checks go on. */
export async function ask(snapshots: Snapshots, side: Side, sql: string): Promise<Rows | SourceError> {
  return snapshots[side].query(sql).catch((error: unknown) => refusalOf(side, error));
}

/** Readiness that can't be asked is not readiness: the run is held, and says why. */
async function readBatch({ playbook, clock }: Comparing, snapshots: Snapshots): Promise<Batch> {
  const { sync, inputs } = playbook.readiness;
  const [syncRows, legacyInputs, newInputs] = await inTurns(snapshots, [
    ...(sync === undefined ? [] : [{ side: sync.source, sql: sync.query, as: 'sync' as const }]),
    ...(inputs === undefined ? [] : sides.map((side) => ({ side, sql: inputs[side], as: side }))),
  ]).then((answers) => [answers.get('sync'), answers.get('legacy'), answers.get('new')]);
  const asked = [
    ['legacy', legacyInputs],
    ['new', newInputs],
    [sync?.source ?? 'new', syncRows],
  ] as const;
  const failed = asked.flatMap(([side, answer]) => (answer instanceof SourceError ? [explain(side, answer)] : []));
  if (failed.length > 0) return batchNotReady(failed);
  return judgeReadiness(
    playbook,
    {
      ...(isRows(syncRows) ? { sync: syncRows } : {}),
      ...(isRows(legacyInputs) && isRows(newInputs) ? { inputs: { legacy: legacyInputs, new: newInputs } } : {}),
    },
    clock.now(),
  );
}

export const isRows = (answer: Rows | SourceError | undefined): answer is Rows =>
  answer !== undefined && !(answer instanceof SourceError);

/** Both sides at the same time, one query in flight a side. */
async function inTurns<Name extends string>(
  snapshots: Snapshots,
  queries: readonly { side: Side; sql: string; as: Name }[],
): Promise<Map<Name, Rows | SourceError>> {
  const answers = new Map<Name, Rows | SourceError>();
  await Promise.all(
    sides.map(async (side) => {
      for (const query of queries.filter((one) => one.side === side)) {
        answers.set(query.as, await ask(snapshots, side, query.sql));
      }
    }),
  );
  return answers;
}

/** What a side's failure means, in a sentence. */
export function explain(side: Side, error: SourceError): string {
  const what = {
    busy: 'is not ready to be read',
    unreachable: "can't be reached",
    timeout: 'took too long to answer',
    query: 'refused the query',
    cancelled: 'was not asked any further',
  }[error.code];
  return `The ${side} system ${what}: ${error.message}${/[.!?]$/.test(error.message) ? '' : '.'}`;
}
