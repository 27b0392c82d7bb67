import { fromBoth } from '../checks/snapshots.ts';
import type { HashedEntries, HashedRows, Side, SomeParts } from '../sources.ts';
import { ahead } from './ahead.ts';
import { compareMixes } from './compare-entries.ts';
import {
  compared,
  comparedWithKeys,
  countOf,
  type Entries,
  type Finding,
  type FindingSuspects,
  type Found,
  hashesOf,
} from './finding.ts';
import type { HashPlan } from './hash-plan.ts';
import { type InPart, isOwnId } from './in-part.ts';
import { shareAtLeast } from './share-of-sample.ts';

/** So many rows a part has whose hashes are compared, 16 bytes each on either side, or of which columns are read, too. */
const [rowsAPart, rowsAPartRead] = [32_768, 16_384];
/** So many rows tell how many differ, or so many parts. */
const [rowsInSample, partsInSample] = [8_192, 16];
/** Fewer rows of a sample that both sides have tell nothing. */
const fewestMet = 500;
/** Parts are mixed of about so many rows; more of them would no longer be at hand in a processor's memory. */
const [rowsAPartMixed, fewestMixed, mostMixed] = [1_000, 1_024, 4_096];
/** So many rows a part may differ where parts are mixed: most parts then agree. */
const mostInMixedParts = 0.25;
/** Where no more than this share of all rows is in parts that differ, their keys are read, too. */
const mostWithKeys = 0.02;

/** By the hash of any key. */
export async function findByParts(finding: Finding): Promise<FindingSuspects> {
  const { plan, rows, snapshots, on } = finding;
  const sample = compared(await hashesOf(finding, plan, { first: rowsInSample }));
  const met = sample.agreeing + sample.suspects.both.length;
  // The first rows of both sides may be others: then they tell nothing.
  const differing = met < (finding.always ? 1 : fewestMet) ? 0 : sample.suspects.both.length;
  const unique = await fromBoth((side) => on(side, snapshots[side].keyIsUnique(plan[side])));
  const mixed = Math.min(mostMixed, Math.max(fewestMixed, powerOfTwo(rows / rowsAPartMixed)));
  if (shareAtLeast(differing, met) * rows < mostInMixedParts * mixed && (unique.legacy || unique.new)) {
    return { inOrder: false, compared: byMixedParts(finding, mixed) };
  }
  const part = await finding.inPart(differing / Math.max(1, met), { ids: sample.suspects.both, first: rowsInSample });
  return { inOrder: false, compared: byParts(finding, part) };
}

/** The least that is not less. */
const powerOfTwo = (number: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, number)));

/** One side's proof that no key repeats is enough: rows that do on the other are more rows. */
async function* byMixedParts(finding: Finding, parts: number): AsyncGenerator<Found> {
  const { plan, snapshots, on } = finding;
  const mixes = await fromBoth((side) => on(side, snapshots[side].mixParts(plan[side], parts)));
  const { open, agreeing } = compareMixes(mixes.legacy, mixes.new, 1);
  if (open.length * 2 > parts) {
    // The first rows were no sample of the others.
    const few = { parts, only: open.slice(0, partsInSample) };
    const sample = compared(await hashesOf(finding, plan, few));
    const part = await finding.inPart(countOf(sample) / Math.max(1, sample.rows.legacy), { ids: sample.suspects.both });
    yield* byParts(finding, part);
    return;
  }
  yield agreeing;
  if (open.length === 0) return;
  const differing = { parts, only: open };
  if (open.length / parts > mostWithKeys) {
    yield* byParts(finding, undefined, differing);
    return;
  }
  yield comparedWithKeys(await hashesOf(finding, withKeys(plan), differing));
}

/** A key of several columns is not read, since nobody looks rows up by such a one, nor is one that is its rows' id. */
function withKeys(plan: HashPlan): HashPlan {
  if (plan.legacy.key.length > 1 || isOwnId(plan)) return plan;
  const read = (side: HashedRows): HashedRows => ({ ...side, read: side.key });
  return { legacy: read(plan.legacy), new: read(plan.new) };
}

async function* byParts(finding: Finding, part: InPart | undefined, within?: SomeParts): AsyncGenerator<Found> {
  const plan = part?.plan ?? finding.plan;
  const each = part === undefined ? rowsAPart : rowsAPartRead;
  const rows = within === undefined ? finding.rows : (finding.rows * within.only.length) / within.parts;
  const parts = powerOfTwo(rows / each);
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
