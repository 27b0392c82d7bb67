import { fromBoth, type Snapshots } from '../checks/snapshots.ts';
import { type HashedEntries, type KeyRange, type Side, sides } from '../sources.ts';
import { ahead } from './ahead.ts';
import { compareEntries, type EntriesCompared, noSuspects } from './compare-entries.ts';
import type { HashPlan } from './hash-plan.ts';

/** Tells which side failed. */
export type OnSide = <T>(side: Side, work: Promise<T>) => Promise<T>;

/** How the rows that may not agree are found, part after part. */
export interface FindingSuspects {
  /** True: by ranges of the key, in whose order the rows lie, so that a row is quickly read by its key. */
  readonly inOrder: boolean;
  readonly compared: AsyncGenerator<EntriesCompared>;
}

/** Of a range whose mix is compared, and at most so many of them: the server holds all of them at once. */
const [rowsARange, mostRanges] = [256, 60_000];
/** So many are compared at once, 16 bytes each on either side. */
const [rowsAtOnce, rowsAPart] = [32_768, 65_536];
/** So many ranges tell whether most of them differ. */
const rangesInSample = 16;

/**
 * Compares the hashes of both sides, each row with a key exactly once. Where both have a range of keys cheaply, one pass
 * over the table mixes the hashes of each range, and only ranges that differ are compared row by row; all of them are
 * where a sample shows that most would be. Any other key takes one pass, in parts by its hash.
 */
export async function findSuspects(
  plan: HashPlan,
  rows: number,
  snapshots: Snapshots,
  on: OnSide,
): Promise<FindingSuspects> {
  const each = Math.max(rowsARange, Math.ceil(rows / mostRanges));
  const bounds = await fromBoth((side) => on(side, snapshots[side].rangeBounds(plan[side], each)));
  // The ranges of one suit both, and so does its proof that no key repeats: rows that do on the other are more rows.
  const proven = sides.map((side) => bounds[side]).find((one) => Array.isArray(one));
  if (proven === undefined || bounds.legacy === undefined || bounds.new === undefined) {
    return { inOrder: false, compared: byParts(plan, rows, snapshots, on) };
  }
  const atOnce = Math.max(1, Math.floor(rowsAtOnce / each));
  return { inOrder: true, compared: byRanges({ plan, snapshots, on, bounds: proven, atOnce }) };
}

interface ByRanges {
  readonly plan: HashPlan;
  readonly snapshots: Snapshots;
  readonly on: OnSide;
  readonly bounds: readonly bigint[];
  /** How many ranges are compared row by row at once. */
  readonly atOnce: number;
}

async function* byRanges({ plan, snapshots, on, bounds, atOnce }: ByRanges): AsyncGenerator<EntriesCompared> {
  const ends = [null, ...bounds, null];
  const ranges = ends.slice(1).map((to, index) => ({ from: ends[index] ?? null, to }));
  const hashes = (some: readonly KeyRange[]): Promise<Entries> =>
    fromBoth((side) => on(side, snapshots[side].hashRanges(plan[side], some)));
  const every = Math.max(1, Math.floor(ranges.length / rangesInSample));
  const sample = await hashes(ranges.filter((_, index) => index % every === Math.floor(every / 2)));
  let open = ranges;
  if (countOf(compareEntries(sample.legacy, sample.new)) * 2 < rangesInSample) {
    const mixes = await fromBoth((side) => on(side, snapshots[side].mixRanges(plan[side], bounds)));
    const agreed = { rows: 0, mix: 0n };
    open = ranges.filter((_, index) => {
      const [legacy, now] = [mixes.legacy[index], mixes.new[index]];
      if (legacy === undefined || legacy.rows !== now?.rows || legacy.mix !== now.mix) return true;
      agreed.rows += legacy.rows;
      agreed.mix ^= legacy.mix;
      return false;
    });
    yield { agreeing: agreed.rows, suspects: noSuspects, mixes: { legacy: agreed.mix, new: agreed.mix } };
  }
  async function* inTurn(): AsyncGenerator<Entries> {
    for (let index = 0; index < open.length; index += atOnce) {
      yield await hashes(joined(open.slice(index, index + atOnce)));
    }
  }
  for await (const { legacy, new: now } of ahead(inTurn())) yield compareEntries(legacy, now);
}

type Entries = Readonly<Record<Side, HashedEntries>>;

const countOf = ({ suspects }: EntriesCompared): number =>
  suspects.both.length + suspects.onlyLegacy.length + suspects.onlyNew.length;

/** Ranges that follow one another are one. */
function joined(ranges: readonly KeyRange[]): KeyRange[] {
  const joint: KeyRange[] = [];
  for (const range of ranges) {
    const before = joint.at(-1);
    if (before !== undefined && before.to === range.from) joint[joint.length - 1] = { from: before.from, to: range.to };
    else joint.push(range);
  }
  return joint;
}

async function* byParts(
  plan: HashPlan,
  rows: number,
  snapshots: Snapshots,
  on: OnSide,
): AsyncGenerator<EntriesCompared> {
  const parts = 2 ** Math.ceil(Math.log2(Math.max(1, rows / rowsAPart)));
  for await (const { legacy, new: now } of ahead(partsOfBoth(plan, parts, snapshots, on))) {
    yield compareEntries(legacy, now);
  }
}

/** The same part of both sides at a time. Throws when one is missing: its rows would be missed in silence. */
async function* partsOfBoth(plan: HashPlan, parts: number, snapshots: Snapshots, on: OnSide): AsyncGenerator<Entries> {
  const partsOf = (side: Side) => snapshots[side].hashParts(plan[side], parts)[Symbol.asyncIterator]();
  const reading = { legacy: partsOf('legacy'), new: partsOf('new') };
  /** Systems give them in an order of their own, and mostly in the same. */
  const early: Record<Side, Map<number, HashedEntries>> = { legacy: new Map(), new: new Map() };
  const next = async (side: Side): Promise<readonly number[]> => {
    const { value, done } = await on(side, reading[side].next());
    if (done === true) return [];
    early[side].set(value.part, value);
    return [value.part];
  };
  try {
    for (let compared = 0; compared < parts; ) {
      const read = await fromBoth(next);
      for (const part of new Set([...read.legacy, ...read.new])) {
        const [legacy, now] = [early.legacy.get(part), early.new.get(part)];
        if (legacy === undefined || now === undefined) continue;
        early.legacy.delete(part);
        early.new.delete(part);
        compared += 1;
        yield { legacy, new: now };
      }
      if (read.legacy.length + read.new.length === 0) throw new Error('A system did not give every part of its rows.');
    }
  } finally {
    await Promise.all([reading.legacy.return?.(), reading.new.return?.()]);
  }
}
