import { explain, fromBoth, refusalOf, type Snapshots } from '../checks/snapshots.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { type Column, type Side, sides } from '../sources.ts';
import { comparedColumns, type ComparedColumns } from './compared-columns.ts';
import { createLimits } from './early-end.ts';
import { columnsSpokenOf, type ToExplain } from './explain-check.ts';
import { findSuspects } from './find-suspects.ts';
import { gatherDifferences } from './gather-differences.ts';
import { type HashPlan, planHashing } from './hash-plan.ts';
import { chooseInPart, choosePlaces } from './in-part.ts';
import { lookAt } from './look-at.ts';
import type { Pair } from './merge.ts';
import { integrityOf, minimums } from './integrity.ts';
import { isNoise } from './noise.ts';
import { readPairs, type Reading } from './read-pairs.ts';
import type { Cause, Explanation, Noise, RowComparisonResult, RowCounts, RowEvidence, RowsMeasured } from './result.ts';
import { createRowJudge } from './row-comparison.ts';
import { createSuspects } from './suspects.ts';

/** What earlier measurements tell of a comparison. */
export interface KnownOfRows {
  /** How many rows each side had in the last run. */
  readonly before?: RowCounts;
  /** What was measured of legacy against its own copy. */
  readonly noise?: Noise;
}

export interface MeasuringRows extends KnownOfRows {
  /** Checks that failed and that are about these rows. */
  readonly toExplain: readonly ToExplain[];
  /** Called now and then with how many rows were compared so far, and of about how many where that is known. */
  readonly progress: (rows: number, of: number | null) => void;
  readonly signal: AbortSignal;
  /** From how many rows on hashes tell which of them have to be read. */
  readonly hashFrom?: number;
  /** Reads rows in part wherever that is possible, also where it saves nothing. */
  readonly inPartAlways?: boolean;
  /** Keys, as JSON, that differed before: only what differs again counts. */
  readonly confirming?: ReadonlySet<string>;
  /** How many keys that don't agree are looked at; more are counted, by their hashes. */
  readonly mostLookedAt?: number;
}

/** Fewer are read as quickly as they are hashed. */
const hashFromRows = 20_000;
const mostKeysLookedAt = 500_000;
const keysBetweenProgress = 10_000;

/**
 * Compares the rows of two queries by key in bounded memory. Where there are many, hashes that each system makes of its
 * own rows tell which may differ, and only those are read and judged by their values; few are all read. Whatever fails
 * half-way is an `error`, never a part of the truth. Throws SourceError `cancelled` when the signal fires.
 */
export async function measureRows(
  comparison: RowComparison,
  snapshots: Snapshots,
  measuring: MeasuringRows,
): Promise<RowsMeasured> {
  try {
    const found = await fromBoth((side) => on(side, snapshots[side].describe(comparison[side])));
    const columns = comparedColumns(comparison, found);
    if (columns.unreadable) return failed(comparison, columns.problems.join(' '));
    const measured = await measure({ comparison, columns, found, snapshots, ...measuring });
    measuring.signal.throwIfAborted();
    return measured;
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    return failed(comparison, error.message);
  }
}

class Unread extends Error {}

/** Which side failed, for the words. */
async function on<T>(side: Side, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw new Unread(explain(side, refusalOf(side, error)));
  });
}

/** Nothing was measured: no figure of a part that was read is told. */
function failed(comparison: RowComparison, reason: string): RowsMeasured {
  const nothing = createRowJudge(comparison, { key: [], values: [], problems: [], unreadable: true }).result();
  const evidence = evidenceOf(comparison, { legacy: '', new: '' });
  const empty = { causes: [], explanations: [], integrity: [], evidence };
  return { result: { ...nothing, ...empty, verdict: 'error', reason }, differences: [] };
}

type Measuring = MeasuringRows & {
  readonly comparison: RowComparison;
  readonly columns: ComparedColumns;
  readonly found: Readonly<Record<Side, readonly Column[]>>;
  readonly snapshots: Snapshots;
};

async function measure(measuring: Measuring): Promise<RowsMeasured> {
  const { comparison, columns, snapshots, toExplain, progress, mostLookedAt = mostKeysLookedAt } = measuring;
  const judge = createRowJudge(comparison, columns, measuring.confirming);
  const gathered = gatherDifferences(comparison, columns, toExplain);
  const plan = await planOf(measuring);
  const limit = createLimits(comparison.limits, () => performance.now());
  let [rows, differing, differingPairs] = [0, 0, 0];
  let ended: string | undefined;
  /** Answers why it is to end, when a limit is reached; looked at as often as progress is told. */
  const done = (more: number, of: number | null): string | undefined => {
    const before = Math.floor(rows / keysBetweenProgress);
    rows += more;
    if (Math.floor(rows / keysBetweenProgress) === before) return undefined;
    progress(rows, of);
    return limit({ rows, differing });
  };

  /** Judges a pair; `position` in the order of all keys, where that is known. */
  const take = (pair: Pair, position: number): boolean => {
    const difference = judge.take(pair);
    if (difference === undefined) return false;
    const { key, what, values } = difference;
    gathered.take({ key, what, values, legacy: pair.legacy.row, new: pair.new.row, position });
    return true;
  };
  const reading: Reading = { comparison, columns, snapshots, on };
  const readAll = async (): Promise<void> => {
    for await (const pairs of readPairs(reading, { further: gathered.takeFurther })) {
      for (const pair of pairs) {
        if (take(pair, rows)) differing += 1;
        ended = done(1, null);
        if (ended !== undefined) return;
      }
    }
  };
  let hashes: Hashes | undefined;
  if (plan === undefined) await readAll();
  else {
    const { hashed, rows: about } = plan;
    const suspects = createSuspects(mostLookedAt);
    const keys = new Map<bigint, string>();
    const { inPartAlways: always = false } = measuring;
    const choosing = { ...reading, hashed, spokenOf: spokenOf(measuring), always };
    const finding = { plan: hashed, rows: about, snapshots, on, inPart: chooseInPart(choosing), always };
    const { inOrder, compared } = await findSuspects(finding);
    hashes = { way: hashed.legacy.way, readAsTheyAre: [], mixes: { legacy: 0n, new: 0n } };
    const agreed = (more: number): void => {
      judge.agreed(more);
      done(more, about);
    };
    const takePairs = (pairs: Iterable<Pair>): number => {
      let differ = 0;
      for (const pair of pairs) {
        if (take(pair, Number.NaN)) differ += 1;
        done(1, about);
      }
      return differ;
    };
    let reached: string | undefined;
    for await (const part of compared) {
      // What a limit comes to with the last part is all.
      ended = reached;
      if (ended !== undefined) break;
      agreed(part.agreeing);
      differingPairs += takePairs(part.pairs);
      suspects.take(part.suspects);
      for (const [id, key] of part.keys ?? []) keys.set(id, key);
      if (part.readAsTheyAre !== undefined) hashes.readAsTheyAre = part.readAsTheyAre;
      differing = differingPairs + suspects.total();
      for (const side of sides) hashes.mixes[side] ^= part.mixes[side];
      reached = limit({ rows: rows + suspects.total(), differing });
    }
    const { both, only, unread } = suspects.chosen();
    judge.unread(unread);
    const looking = { ...reading, hashed, inOrder, placesToRead: choosePlaces(choosing) };
    const looked = { take: (pair: Pair) => takePairs([pair]), takeFurther: gathered.takeFurther, agreed };
    await lookAt(looking, { both, only, keys }, looked);
  }
  // Where not all was read, nobody knows which keys come last.
  const { differences, causes, explanations } = gathered.result(ended === undefined ? rows : Number.NaN);
  const judged = judge.result(ended);
  const below = await countBelow(comparison, columns, snapshots);
  const integrity = integrityOf(judged, below, ended === undefined ? measuring.before : undefined);
  const damaged = integrity.some(({ verdict }) => verdict === 'fail');
  const read = { legacy: snapshots.legacy.identity, new: snapshots.new.identity };
  const result = {
    ...judged,
    verdict: damaged ? ('fail' as const) : judged.verdict,
    causes: causes.map((cause) => orNoise(cause, judged, measuring.noise)),
    explanations: explanations.map((one) => addsUp(one, judged, ended)),
    integrity,
    evidence: evidenceOf(comparison, read, hashes),
  };
  return { result, differences };
}

interface Hashes {
  readonly way: string;
  readAsTheyAre: readonly string[];
  readonly mixes: Record<Side, bigint>;
}

function evidenceOf(
  { legacy, new: now, key, columns }: RowComparison,
  snapshots: RowEvidence['snapshots'],
  hashes?: Hashes,
): RowEvidence {
  const inHex = (side: Side): string => hashes?.mixes[side].toString(16).padStart(16, '0') ?? '';
  return {
    snapshots,
    sql: { legacy, new: now },
    key,
    rules: columns,
    way: hashes?.way ?? null,
    checksums: hashes === undefined ? null : { legacy: inHex('legacy'), new: inHex('new') },
    ...((hashes?.readAsTheyAre ?? []).length === 0 ? {} : { readAsTheyAre: hashes?.readAsTheyAre ?? [] }),
  };
}

/** Only of columns that both sides have: any other is told already. */
async function countBelow(comparison: RowComparison, { values }: ComparedColumns, snapshots: Snapshots) {
  const wanted = minimums(comparison).filter(({ column }) => values.includes(column));
  const found: { column: string; found: RowCounts }[] = [];
  for (const { column, minimum } of wanted) {
    const counted = await fromBoth((side) => on(side, snapshots[side].countBelow(comparison[side], column, minimum)));
    found.push({ column, found: counted });
  }
  return found;
}

function orNoise(cause: Cause, { rows }: Pick<RowComparisonResult, 'rows'>, noise: Noise | undefined): Cause {
  const share = cause.column === null ? undefined : noise?.get(cause.column);
  return isNoise(cause.rows, Math.max(rows.legacy, rows.new), share) ? { ...cause, noisy: true } : cause;
}

/** What was not looked at can't be added up. */
function addsUp(
  explanation: Explanation,
  { unread }: Pick<RowComparisonResult, 'unread'>,
  ended: string | undefined,
): Explanation {
  if (ended !== undefined) return { ...explanation, reason: 'It is not added up: the comparison ended early.' };
  if (unread === 0 || explanation.reason !== '') return explanation;
  return {
    ...explanation,
    reason: 'It is not added up: more rows differ than can be looked at, so see what they have in common.',
  };
}

interface Plan {
  readonly hashed: HashPlan;
  /** About how many rows the larger side has. */
  readonly rows: number;
}

/** Columns without which a row that differs is not explained, whether or not it differs in them. */
function spokenOf({ comparison, toExplain }: Measuring): readonly string[] {
  return [
    ...comparison.segments.map(({ column }) => column),
    ...toExplain.flatMap(({ check }) => columnsSpokenOf(check)),
  ];
}

/** Undefined where all rows are read: there are few, or the systems can't hash alike. */
async function planOf(measuring: Measuring): Promise<Plan | undefined> {
  const { comparison, columns, found, snapshots, hashFrom = hashFromRows } = measuring;
  const both = await fromBoth(async (side) => ({
    columns: found[side],
    rows: await on(side, snapshots[side].estimateRows(comparison[side])),
    ways: await on(side, snapshots[side].hashWays()),
  }));
  const rows = Math.max(both.legacy.rows, both.new.rows);
  const hashed = rows < hashFrom ? undefined : planHashing(comparison, columns, both);
  return hashed === undefined ? undefined : { hashed, rows };
}
