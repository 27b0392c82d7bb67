import { fromBoth, type Snapshots } from '../checks/snapshots.ts';
import { type HashedEntries, type KeyRange, type Side, sides } from '../sources.ts';
import { ahead } from './ahead.ts';
import { compareEntries, compareMixes, type EntriesCompared, noSuspects } from './compare-entries.ts';
import type { HashPlan } from './hash-plan.ts';

/** Tells which side failed. */
export type OnSide = <T>(side: Side, work: Promise<T>) => Promise<T>;

/** How the rows that may not agree are found, part after part. */
export interface FindingSuspects {
  /** True: by ranges of the key, in whose order the rows lie, so that a row is quickly read by its key. */
  readonly inOrder: boolean;
  readonly compared: AsyncGenerator<EntriesCompared>;
}

/** Rows of a range whose mix is compared. */
const [fewestARange, mostARange] = [8, 256];
/** So many ranges are mixed in one pass: the server holds all of them at once. */
const rangesAPass = 131_072;
/** So many rows are compared at once, 16 bytes each on either side. */
const [rowsAtOnce, rowsAPart] = [32_768, 65_536];
/** So many ranges tell how many rows differ. */
const rangesInSample = 16;
/** From this share of rows on that differ, to mix the hashes of ranges is more work than it saves. */
const tooManyToMix = 0.003;

/**
 * Compares the hashes of both sides, each row with a key exactly once. Where both have a range of keys cheaply, one pass
 * over the table mixes the hashes of each range, and only ranges that differ are compared row by row; all of them are
 * where a sample shows that many would be. Any other key takes one pass, in parts by its hash.
 */
export async function findSuspects(
  plan: HashPlan,
  rows: number,
  snapshots: Snapshots,
  on: OnSide,
): Promise<FindingSuspects> {
  const finding = { plan, snapshots, on };
  const bounds = await boundsOfBoth(finding, mostARange);
  if (bounds === undefined) return { inOrder: false, compared: byParts(plan, rows, snapshots, on) };
  const differing = await shareDiffering(finding, bounds);
  if (differing > tooManyToMix) return { inOrder: true, compared: byRows(finding, rangesBetween(bounds)) };
  const each = rowsARange(differing);
  const fitting = each === mostARange ? bounds : ((await boundsOfBoth(finding, each)) ?? bounds);
  return { inOrder: true, compared: byRanges(finding, fitting) };
}

/**
 * How many rows a range should have where this share of rows differs: the smaller ranges are, the more there are to mix,
 * and the fewer rows of them are compared one by one. The sum of both is least near this.
 */
const rowsARange = (differing: number): number =>
  Math.min(mostARange, Math.max(fewestARange, Math.round(1.5 / Math.sqrt(differing))));

interface Finding {
  readonly plan: HashPlan;
  readonly snapshots: Snapshots;
  readonly on: OnSide;
}

/** The bounds of one suit both, and so does its proof that no key repeats: rows that do on the other are more rows. */
async function boundsOfBoth({ plan, snapshots, on }: Finding, rows: number): Promise<readonly bigint[] | undefined> {
  const bounds = await fromBoth((side) => on(side, snapshots[side].rangeBounds(plan[side], rows)));
  if (bounds.legacy === undefined || bounds.new === undefined) return undefined;
  return sides.map((side) => bounds[side]).find((one) => Array.isArray(one));
}

/** The ranges that these bounds make; the first is all below the first of them, the last all from the last on. */
function rangesBetween(bounds: readonly bigint[]): readonly KeyRange[] {
  const ends = [null, ...bounds, null];
  return ends.slice(1).map((to, index) => ({ from: ends[index] ?? null, to }));
}

function hashesOf({ plan, snapshots, on }: Finding, ranges: readonly KeyRange[]): Promise<Entries> {
  return fromBoth((side) => on(side, snapshots[side].hashRanges(plan[side], ranges)));
}

/** Which share of the rows of some ranges, spread evenly, does not agree. */
async function shareDiffering(finding: Finding, bounds: readonly bigint[]): Promise<number> {
  const ranges = rangesBetween(bounds);
  const every = Math.max(1, Math.floor(ranges.length / rangesInSample));
  const some = ranges.filter((_, index) => index % every === Math.floor(every / 2));
  const { legacy, new: now } = await hashesOf(finding, some);
  return countOf(compareEntries(legacy, now)) / Math.max(1, legacy.ids.length, now.ids.length);
}

async function* byRanges(finding: Finding, bounds: readonly bigint[]): AsyncGenerator<EntriesCompared> {
  const { plan, snapshots, on } = finding;
  for (let first = 0; first <= bounds.length; first += rangesAPass) {
    const last = Math.min(bounds.length, first + rangesAPass - 1);
    const whole = { from: bounds[first - 1] ?? null, to: bounds[last] ?? null };
    const inner = bounds.slice(first, last);
    const mixes = await fromBoth((side) => on(side, snapshots[side].mixRanges(plan[side], inner, whole)));
    const { agreed, mix, open } = compareMixes(mixes.legacy, mixes.new);
    yield { agreeing: agreed, suspects: noSuspects, mixes: { legacy: mix, new: mix } };
    const ends = [whole.from, ...inner, whole.to];
    const ranges = open.map((index) => ({ from: ends[index] ?? null, to: ends[index + 1] ?? null }));
    const each = Math.max(1, agreed / Math.max(1, inner.length + 1 - open.length));
    yield* byRows(finding, ranges, Math.ceil(rowsAtOnce / each));
  }
}

/** Compares the rows of these ranges one by one; so many ranges at once. */
async function* byRows(
  finding: Finding,
  ranges: readonly KeyRange[],
  atOnce = rowsAtOnce / mostARange,
): AsyncGenerator<EntriesCompared> {
  async function* inTurn(): AsyncGenerator<Entries> {
    for (let index = 0; index < ranges.length; index += atOnce) {
      yield await hashesOf(finding, joined(ranges.slice(index, index + atOnce)));
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
