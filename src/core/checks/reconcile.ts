import { createHash } from 'node:crypto';
import type { Check, Playbook } from '../playbook/playbook.ts';
import type { RunRequest } from '../services.ts';
import { type Rows, type Side, type Snapshot, type Source, SourceError, sides } from '../sources.ts';
import type { Clock } from '../time/clock.ts';
import { localDate } from '../time/local-time.ts';
import { measureCheck, worst } from './measure-check.ts';
import { batchNotReady, judgeReadiness } from './readiness.ts';
import type { Batch, CheckResult, Run } from './run.ts';

export interface Reconciliation {
  readonly playbook: Playbook;
  readonly sources: Readonly<Record<Side, Source>>;
  readonly request: RunRequest;
  readonly clock: Clock;
  /** Uniform over [0, 1): makes the run's id. */
  readonly random: () => number;
  /** By check: keys that an earlier run had to hide. */
  readonly suppressedKeys: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * One run (L26-L28): both snapshots side by side, readiness first, then every check, one query in flight a side. Writes
 * nothing. A query that fails spoils only its own check. Throws SourceError `cancelled` when the signal fires, and
 * nothing else that a source may do.
 */
export async function reconcile(reconciliation: Reconciliation): Promise<Run> {
  const { playbook, request, clock } = reconciliation;
  const startedAt = clock.now();
  const finish = (batch: Batch, checks: readonly CheckResult[]): Run => ({
    id: request.previous?.id ?? newId(startedAt, playbook.timeZone, reconciliation.random),
    state: batch.ready ? worst(checks.map(({ verdict }) => verdict)) : 'held',
    slot: request.slot,
    requestedBy: request.requestedBy,
    playbookVersion: playbook.version,
    startedAt: startedAt.toISOString(),
    finishedAt: clock.now().toISOString(),
    attempts: (request.previous?.attempts ?? 0) + 1,
    batch,
    checks,
  });
  const wanted = playbook.checks.filter(({ name }) => request.checks.length === 0 || request.checks.includes(name));
  const snapshots = await openBoth(reconciliation);
  try {
    const closed = sides.flatMap((side) =>
      snapshots[side] instanceof SourceError ? [[side, snapshots[side]] as const] : [],
    );
    const busy = closed.filter(([, error]) => error.code === 'busy');
    if (busy.length > 0) return finish(batchNotReady(busy.map(([side, error]) => explain(side, error))), []);

    const batch = await readBatch(reconciliation, snapshots);
    if (!batch.ready) return finish(batch, []);
    return finish(batch, await measureAll(reconciliation, wanted, snapshots));
  } finally {
    await Promise.allSettled(
      sides.map(async (side) => {
        const snapshot = snapshots[side];
        if (!(snapshot instanceof SourceError)) await snapshot.close();
      }),
    );
  }
}

type Snapshots = Readonly<Record<Side, Snapshot | SourceError>>;

/** A figure of people's choosing that nobody mistypes: no 0, o, 1, l, i, u. */
const letters = '23456789abcdefghjkmnpqrstvwxyz';

function newId(moment: Date, timeZone: string, random: () => number): string {
  const suffix = Array.from({ length: 5 }, () => letters[Math.floor(random() * letters.length)]).join('');
  return `${localDate(moment, timeZone).replaceAll('-', '')}-${suffix}`;
}

async function openBoth({ sources, request }: Reconciliation): Promise<Snapshots> {
  const opened = await Promise.allSettled(sides.map(async (side) => sources[side].open(request.signal)));
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
async function ask(snapshots: Snapshots, side: Side, sql: string): Promise<Rows | SourceError> {
  const snapshot = snapshots[side];
  if (snapshot instanceof SourceError) return snapshot;
  const answer = await snapshot.query(sql).catch((error: unknown) => toSourceError(error));
  if (answer instanceof SourceError && answer.code === 'cancelled') throw answer;
  return answer;
}

/** Readiness that can't be asked is not readiness: the run is held, and says why. */
async function readBatch({ playbook, clock }: Reconciliation, snapshots: Snapshots): Promise<Batch> {
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

const isRows = (answer: Rows | SourceError | undefined): answer is Rows =>
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

interface Answer {
  readonly rows: Rows | SourceError;
  readonly milliseconds: number;
}

async function measureAll(
  { request, suppressedKeys }: Reconciliation,
  checks: readonly Check[],
  snapshots: Snapshots,
): Promise<CheckResult[]> {
  const answers = checks.map((): Partial<Record<Side, Answer>> => ({}));
  const results: CheckResult[] = [];
  let done = 0;
  await Promise.all(
    sides.map(async (side) => {
      for (const [index, check] of checks.entries()) {
        const began = performance.now();
        const rows = await ask(snapshots, side, check[side]);
        const mine = answers[index] as Partial<Record<Side, Answer>>;
        mine[side] = { rows, milliseconds: Math.round(performance.now() - began) };
        if (mine.legacy === undefined || mine.new === undefined) continue;
        results[index] = judge(check, { legacy: mine.legacy, new: mine.new }, suppressedKeys.get(check.name));
        done += 1;
        request.progress?.(done, checks.length, check.title);
      }
    }),
  );
  return results;
}

function judge(check: Check, answers: Record<Side, Answer>, already: ReadonlySet<string> | undefined): CheckResult {
  const { legacy, new: now } = answers;
  const declared = {
    check: check.name,
    title: check.title,
    kind: check.kind,
    unit: check.tolerance.unit,
    tolerance: check.tolerance.amount,
    severity: check.severity,
    owner: check.owner,
    action: check.action,
    critical: check.critical,
    sqlHash: { legacy: sha256(check.legacy), new: sha256(check.new) },
    durationMilliseconds: { legacy: legacy.milliseconds, new: now.milliseconds },
  };
  if (isRows(legacy.rows) && isRows(now.rows)) {
    return { ...declared, ...measureCheck(check, { legacy: legacy.rows, new: now.rows }, already) };
  }
  const reasons = sides.flatMap((side) => {
    const { rows } = answers[side];
    return rows instanceof SourceError ? [explain(side, rows)] : [];
  });
  return { ...declared, verdict: 'error', reason: reasons.join(' '), findings: [] };
}

function explain(side: Side, error: SourceError): string {
  const what = {
    busy: 'is not ready to be read',
    unreachable: "can't be reached",
    timeout: 'took too long to answer',
    query: 'refused the query',
    cancelled: 'was not asked any further',
  }[error.code];
  return `The ${side} system ${what}: ${error.message}${/[.!?]$/.test(error.message) ? '' : '.'}`;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
