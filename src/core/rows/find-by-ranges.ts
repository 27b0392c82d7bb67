import { fromBoth } from '../checks/snapshots.ts';
import { type KeyRange, sides } from '../sources.ts';
import { ahead } from './ahead.ts';
import { agreed, compareMixes } from './compare-entries.ts';
import {
  compared,
  countOf,
  type Entries,
  type Finding,
  type FindingSuspects,
  type Found,
  hashesOf,
} from './finding.ts';
import type { InPart } from './in-part.ts';
import type { KeyBounds } from './key-bounds.ts';

/** So many ranges are mixed together. */
const together = 16;
/** Rows of the ranges that are mixed together. */
const [fewestMixed, mostMixed] = [16, 256];
/** Rows of a range where every row is compared. */
const rowsARange = 256;
/** So many ranges are mixed in one pass: the server holds what every 16 of them come to at once. */
const rangesAPass = 2_097_152;
/** So many are looked up at once. */
const mostRangesAtOnce = 8_192;
/** So many rows are compared at once, 16 bytes each on either side. */
const rowsAtOnce = 32_768;
/** So many ranges tell how many rows differ. */
const rangesInSample = 16;
/**
 * From this share of rows on that differ, to mix the hashes of ranges is more work than it saves; and where a side has no
 * index, by which many small ranges are quickly read.
 */
const [tooManyToMix, tooManyWithoutIndex] = [0.04, 0.02];

/** Undefined where the rows do not lie in the order of a key that is a whole number. */
export async function findByRanges(finding: Finding): Promise<FindingSuspects | undefined> {
  const cut = await cutBoth(finding, rowsARange);
  if (cut === undefined) return undefined;
  const { bounds, indexed } = cut;
  const ranges = rangesBetween(bounds);
  const every = Math.max(1, Math.floor(ranges.length / rangesInSample));
  const some = ranges.filter((_, index) => index % every === Math.floor(every / 2));
  const sample = await hashesOf(finding, finding.plan, { ranges: some });
  const found = compared(sample);
  const share = countOf(found) / Math.max(1, sample.legacy.ids.length, sample.new.ids.length);
  if (share > (indexed ? tooManyToMix : tooManyWithoutIndex)) {
    const part = await finding.inPart(share, { ids: found.suspects.both });
    return { inOrder: indexed, compared: byRows(finding, ranges, { part }) };
  }
  const fitting = await cutBoth(finding, rowsMixed(share) / together);
  return { inOrder: indexed, compared: byRanges(finding, fitting?.bounds ?? bounds) };
}

/**
 * How many rows should be mixed together where this share of rows differs: the fewer they are, the more groups there are, and
 * the fewer rows of them are compared one by one. The sum of both is least near this.
 */
const rowsMixed = (share: number): number =>
  Math.min(mostMixed, Math.max(fewestMixed, Math.round(1.6 / Math.sqrt(share))));

/** How both sides are cut into ranges. */
interface Cut {
  readonly bounds: KeyBounds;
  /** Whether both have an index by the key. */
  readonly indexed: boolean;
}

/**
 * The bounds of one suit both, and so does its proof that no key repeats: rows that do on the other are more rows. Legacy's
 * do, unless the other's reach further by a whole range: what lies behind the last bound is one.
 */
async function cutBoth({ plan, snapshots, on }: Finding, rows: number): Promise<Cut | undefined> {
  const found = await fromBoth((side) => on(side, snapshots[side].rangeBounds(plan[side], rows)));
  if (found.legacy === undefined || found.new === undefined) return undefined;
  const proven = sides.flatMap((side) => (found[side] === undefined || found[side] === 'given' ? [] : [found[side]]));
  const [first, second] = proven;
  const bounds = first !== undefined && second !== undefined && reachesFurther(second, first) ? second : first;
  return bounds === undefined ? undefined : { bounds, indexed: proven.length === sides.length };
}

const reachesFurther = (one: KeyBounds, other: KeyBounds): boolean =>
  one.count > 1 && one.at(one.count - 2) > other.at(other.count - 1);

/** The ranges that these bounds make; the first is all below the first of them, the last all from the last on. */
function rangesBetween(bounds: KeyBounds): readonly KeyRange[] {
  return Array.from({ length: bounds.count + 1 }, (_, index) => rangeBetween(bounds, everything, index));
}

const everything: KeyRange = { from: null, to: null };

function rangeBetween({ count, at }: KeyBounds, { from, to }: KeyRange, index: number): KeyRange {
  return { from: index === 0 ? from : at(index - 1), to: index === count ? to : at(index) };
}

async function* byRanges(finding: Finding, bounds: KeyBounds): AsyncGenerator<Found> {
  const { plan, snapshots, on } = finding;
  for (let first = 0; first <= bounds.count; first += rangesAPass) {
    const last = Math.min(bounds.count, first + rangesAPass - 1);
    const { from } = rangeBetween(bounds, everything, first);
    const whole = { from, to: rangeBetween(bounds, everything, last).to };
    const inner = bounds.slice(first, last);
    const of = { within: whole, together };
    const mixes = await fromBoth((side) => on(side, snapshots[side].mixRanges(plan[side], inner, of)));
    const { open, located, ofLocated, agreeing } = compareMixes(mixes.legacy, mixes.new, together);
    yield agreeing;
    const rangesOf = (indexes: readonly number[]): readonly KeyRange[] =>
      indexes.filter((index) => index <= inner.count).map((index) => rangeBetween(inner, whole, index));
    const each = finding.rows / (bounds.count + 1);
    const atOnce = Math.min(mostRangesAtOnce, Math.ceil(rowsAtOnce / Math.max(1, each)));
    yield* byRows(finding, rangesOf(open), { atOnce });
    const rest = { ...ofLocated.rows };
    let { mix } = ofLocated;
    for await (const part of byRows(finding, rangesOf(located), { atOnce })) {
      for (const side of sides) rest[side] -= part.rows[side];
      mix ^= part.mixes.legacy;
      yield part;
    }
    // A row that stands there three times, on the side that proves nothing, is mixed as if it stood there once.
    if (rest.legacy !== rest.new) yield* byRows(finding, rangesOf(besides(located)), { atOnce });
    else yield agreed(rest.legacy, BigInt.asUintN(64, mix));
  }
}

/** The other ranges of the groups of these. */
function besides(located: readonly number[]): readonly number[] {
  return located.flatMap((index) => {
    const first = index - (index % together);
    return Array.from({ length: together }, (_, place) => first + place).filter((one) => one !== index);
  });
}

/** Compares the rows of these ranges one by one; `atOnce`: so many ranges. */
async function* byRows(
  finding: Finding,
  ranges: readonly KeyRange[],
  { atOnce = rowsAtOnce / rowsARange, part }: { readonly atOnce?: number; readonly part?: InPart | undefined },
): AsyncGenerator<Found> {
  async function* inTurn(): AsyncGenerator<Entries> {
    for (let index = 0; index < ranges.length; index += atOnce) {
      const some = joined(ranges.slice(index, index + atOnce));
      yield await hashesOf(finding, part?.plan ?? finding.plan, { ranges: some });
    }
  }
  for await (const entries of ahead(inTurn())) yield compared(entries, part);
}

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
