import { fromBoth, type Snapshots } from '../checks/snapshots.ts';
import { type HashedEntries, type KeyRange, type Side, sides, type SomeParts, type WhichRows } from '../sources.ts';
import { ahead } from './ahead.ts';
import type { KeyBounds } from './key-bounds.ts';
import { agreed, compareEntries, compareMixes, type EntriesCompared } from './compare-entries.ts';
import type { HashPlan } from './hash-plan.ts';
import type { InPart, SampledIds } from './in-part.ts';
import type { OnSide } from './read-pairs.ts';

export interface Finding {
  readonly plan: HashPlan;
  /** About how many rows the larger side has. */
  readonly rows: number;
  readonly snapshots: Snapshots;
  readonly on: OnSide;
  /**
   * How rows are best read where this share of them differs, these among them; undefined where hashes alone are to tell
   * which have to be read.
   */
  readonly inPart: (share: number, sampled: SampledIds) => Promise<InPart | undefined>;
  /** Tells by however few rows of a sample. */
  readonly always: boolean;
}

/** How the rows that may not agree are found, part after part. */
export interface FindingSuspects {
  /** True: by ranges of the key, in whose order the rows lie, so that a row is quickly read by its key. */
  readonly inOrder: boolean;
  readonly compared: AsyncGenerator<Found>;
}

/** What came of some of the rows. */
export interface Found extends EntriesCompared {
  readonly open?: OpenParts;
  /** Columns that were compared as they are, and not by their hash. */
  readonly readAsTheyAre?: readonly string[];
}

/** Groups of parts (see `Snapshot.mixParts`) in which some rows differ: they are few. */
export interface OpenParts {
  /** The parts whose rows have to be read. */
  readonly which: SomeParts;
  /** The other parts of these groups: they agree if what was not read of the groups is as many rows on either side. */
  readonly besides: SomeParts;
  /** How many rows the groups have. */
  readonly rows: Readonly<Record<Side, number>>;
}

/** Rows of the ranges that are mixed together. */
const [fewestMixed, mostMixed] = [16, 256];
/** Rows of a range where every row is compared. */
const rowsARange = 256;
/** So many ranges or parts are mixed together. */
const together = 16;
/** So many ranges are mixed in one pass: the server holds what every 16 of them come to at once. */
const rangesAPass = 2_097_152;
/** So many are looked up at once. */
const mostRangesAtOnce = 8_192;
/** So many rows are compared at once, 16 bytes each on either side. */
const [rowsAtOnce, rowsAPart, rowsAPartRead] = [32_768, 32_768, 16_384];
/** So many ranges tell how many rows differ, or so many parts, or so many rows. */
const [rangesInSample, partsInSample, rowsInSample] = [16, 16, 4_096];
/** Fewer rows of a sample that both sides have tell nothing. */
const fewestMet = 500;
/**
 * From this share of rows on that differ, to mix the hashes of ranges is more work than it saves; and where a side has no
 * index, by which many small ranges are quickly read.
 */
const [tooManyToMix, tooManyWithoutIndex] = [0.04, 0.001];
/** So many groups of parts are mixed: of more, what they come to would no longer be at hand in a processor's memory. */
const groups = 4_096;
/** So many rows of a group may differ: most groups then agree. */
const mostOfAGroup = 0.25;
/** This share of all rows is read as it is where it is in parts that differ. */
const mostReadOfParts = 0.02;

/**
 * Compares the hashes of both sides, each row with a key exactly once. Where few differ, one pass over the table mixes the
 * hashes of ranges of the key, or of parts by its hash, and only what differs is looked into; where a sample shows that
 * more do, every row is compared by its hash, and where many do, by the values of the columns that differ, too.
 */
export async function findSuspects(finding: Finding): Promise<FindingSuspects> {
  const cut = await cutBoth(finding, rowsARange);
  return cut === undefined ? findByParts(finding) : findByRanges(finding, cut);
}

type Entries = Readonly<Record<Side, HashedEntries>>;

function hashesOf({ snapshots, on }: Finding, plan: HashPlan, which: WhichRows): Promise<Entries> {
  return fromBoth((side) => on(side, snapshots[side].hashRows(plan[side], which)));
}

function compared({ legacy, new: now }: Entries, part?: InPart): Found {
  const found = compareEntries(legacy, now, part?.pairsOf(legacy, now));
  return part === undefined ? found : { ...found, readAsTheyAre: part.columns };
}

const countOf = ({ suspects }: EntriesCompared): number =>
  suspects.both.length + suspects.onlyLegacy.length + suspects.onlyNew.length;

async function findByRanges(finding: Finding, { bounds, indexed }: Cut): Promise<FindingSuspects> {
  const ranges = rangesBetween(bounds);
  const every = Math.max(1, Math.floor(ranges.length / rangesInSample));
  const some = ranges.filter((_, index) => index % every === Math.floor(every / 2));
  const sample = await hashesOf(finding, finding.plan, { ranges: some });
  const found = compared(sample);
  const share = countOf(found) / Math.max(1, sample.legacy.ids.length, sample.new.ids.length);
  if (share > (indexed ? tooManyToMix : tooManyWithoutIndex)) {
    const part = await finding.inPart(share, { ids: found.suspects.both });
    return { inOrder: true, compared: byRows(finding, ranges, { part }) };
  }
  const fitting = await cutBoth(finding, rowsMixed(share) / together);
  return { inOrder: true, compared: byRanges(finding, fitting?.bounds ?? bounds) };
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

/** The bounds of one suit both, and so does its proof that no key repeats: rows that do on the other are more rows. */
async function cutBoth({ plan, snapshots, on }: Finding, rows: number): Promise<Cut | undefined> {
  const found = await fromBoth((side) => on(side, snapshots[side].rangeBounds(plan[side], rows)));
  if (found.legacy === undefined || found.new === undefined) return undefined;
  const proven = sides.flatMap((side) => (found[side] === undefined || found[side] === 'given' ? [] : [found[side]]));
  const [bounds] = proven;
  return bounds === undefined ? undefined : { bounds, indexed: proven.length === sides.length };
}

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
    const { open, located, ofLocated, agreeing } = compareMixes(
      mixes.legacy,
      mixes.new,
      together,
      (group, place) => group * together + place,
    );
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

async function findByParts(finding: Finding): Promise<FindingSuspects> {
  const { plan, rows, snapshots, on } = finding;
  const sample = compared(await hashesOf(finding, plan, { first: rowsInSample }));
  const met = sample.agreeing + sample.suspects.both.length;
  // The first rows of both sides may be others: then they tell nothing.
  const share = met < (finding.always ? 1 : fewestMet) ? 0 : sample.suspects.both.length / met;
  const unique = await fromBoth((side) => on(side, snapshots[side].keyIsUnique(plan[side])));
  if (share * rows < mostOfAGroup * groups && (unique.legacy || unique.new)) {
    return { inOrder: false, compared: byMixedParts(finding) };
  }
  const part = await finding.inPart(share, { ids: sample.suspects.both, first: rowsInSample });
  return { inOrder: false, compared: byParts(finding, part) };
}

/** One side's proof that no key repeats is enough: rows that do on the other are more rows. */
async function* byMixedParts(finding: Finding): AsyncGenerator<Found> {
  const { plan, rows, snapshots, on } = finding;
  const mixes = await fromBoth((side) => on(side, snapshots[side].mixParts(plan[side], { groups, together })));
  const partOf = (group: number, place: number): number => place * groups + group;
  const { open, located, agreeing, others } = compareMixes(mixes.legacy, mixes.new, together, partOf);
  const toRead = [...open, ...located];
  const those = [...new Set(toRead.map((part) => part % groups))];
  if (those.length * 2 > groups) {
    // The first rows were no sample of the others.
    const sample = compared(await hashesOf(finding, plan, { parts: groups, only: those.slice(0, partsInSample) }));
    const share = countOf(sample) / Math.max(1, sample.rows.legacy);
    yield* byParts(finding, await finding.inPart(share, { ids: sample.suspects.both }));
    return;
  }
  yield agreeing;
  if (those.length === 0) return;
  const parts = groups * together;
  const read = toRead.length * Math.max(1, rows / parts);
  if (read > mostReadOfParts * rows) {
    yield* byParts(finding, undefined, { parts: groups, only: those });
    return;
  }
  const besides = located.flatMap((part) => {
    const all = Array.from({ length: together }, (_, place) => partOf(part % groups, place));
    return all.filter((one) => one !== part);
  });
  yield {
    ...agreed(0, 0n),
    mixes: others.mixes,
    open: { which: { parts, only: toRead }, besides: { parts, only: besides }, rows: others.rows },
  };
}

async function* byParts(finding: Finding, part: InPart | undefined, within?: SomeParts): AsyncGenerator<Found> {
  const plan = part?.plan ?? finding.plan;
  const each = part === undefined ? rowsAPart : rowsAPartRead;
  const rows = within === undefined ? finding.rows : (finding.rows * within.only.length) / within.parts;
  const parts = 2 ** Math.ceil(Math.log2(Math.max(1, rows / each)));
  for await (const entries of ahead(partsOfBoth(finding, plan, parts, within))) yield compared(entries, part);
}

/** The same part of both sides at a time. Throws when one is missing: its rows would be missed in silence. */
async function* partsOfBoth(
  { snapshots, on }: Finding,
  plan: HashPlan,
  parts: number,
  within: SomeParts | undefined,
): AsyncGenerator<Entries> {
  const partsOf = (side: Side) => snapshots[side].hashParts(plan[side], parts, within)[Symbol.asyncIterator]();
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
    for (let taken = 0; taken < parts; ) {
      const read = await fromBoth(next);
      for (const part of new Set([...read.legacy, ...read.new])) {
        const [legacy, now] = [early.legacy.get(part), early.new.get(part)];
        if (legacy === undefined || now === undefined) continue;
        early.legacy.delete(part);
        early.new.delete(part);
        taken += 1;
        yield { legacy, new: now };
      }
      if (read.legacy.length + read.new.length === 0) throw new Error('A system did not give every part of its rows.');
    }
  } finally {
    await Promise.all([reading.legacy.return?.(), reading.new.return?.()]);
  }
}
