import type { Playbook } from '../playbook/playbook.ts';
import { type Rows, type Side, type Snapshot, type Source, SourceError, sides } from '../sources.ts';
import type { Clock } from '../time/clock.ts';
import { batchNotReady, judgeReadiness } from './readiness.ts';
import type { Batch } from './run.ts';

/** Each side's snapshot, or why there is none. */
export type Snapshots = Readonly<Record<Side, Snapshot | SourceError>>;

export interface Comparing {
  readonly playbook: Playbook;
  readonly sources: Readonly<Record<Side, Source>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Opens a snapshot a side, asks whether the night's batch is complete and comparable (L21, L26), and closes them after
 * `work`, which compares only what is ready. A side that can't be reached is told by `work`. Throws SourceError
 * `cancelled` when the signal fires.
 */
export async function withBatch<T>(
  comparing: Comparing,
  work: (batch: Batch, snapshots: Snapshots) => Promise<T>,
): Promise<T> {
  const snapshots = await openBoth(comparing);
  try {
    const busy = sides.flatMap((side) => {
      const snapshot = snapshots[side];
      return snapshot instanceof SourceError && snapshot.code === 'busy' ? [explain(side, snapshot)] : [];
    });
    return await work(busy.length > 0 ? batchNotReady(busy) : await readBatch(comparing, snapshots), snapshots);
  } finally {
    await Promise.allSettled(
      sides.map(async (side) => {
        const snapshot = snapshots[side];
        if (!(snapshot instanceof SourceError)) await snapshot.close();
      }),
    );
  }
}

async function openBoth({ sources, signal }: Comparing): Promise<Snapshots> {
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

function toSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  throw error;
}

/** One side's query; what the source refuses is a value here, so that the other side and the other checks go on. */
export async function ask(snapshots: Snapshots, side: Side, sql: string): Promise<Rows | SourceError> {
  const snapshot = snapshots[side];
  if (snapshot instanceof SourceError) return snapshot;
  const answer = await snapshot.query(sql).catch((error: unknown) => toSourceError(error));
  if (answer instanceof SourceError && answer.code === 'cancelled') throw answer;
  return answer;
}

/** Readiness that can't be asked is not readiness: the run is held, and says why. */
async function readBatch({ playbook, clock }: Comparing, snapshots: Snapshots): Promise<Batch> {
  const { sync, inputs } = playbook.readiness;
  // A side that can't be reached is told by every check; readiness asks only what can be asked.
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
  const unreachable = sides.some((side) => snapshots[side] instanceof SourceError);
  if (failed.length > 0 && !unreachable) return batchNotReady(failed);
  if (unreachable) return { ...batchNotReady([]), ready: true };
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
