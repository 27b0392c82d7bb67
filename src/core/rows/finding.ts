import { fromBoth, type Snapshots } from '../checks/snapshots.ts';
import { type HashedEntries, type Side, sides, type WhichRows } from '../sources.ts';
import { compareEntries, type EntriesCompared } from './compare-entries.ts';
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
  /** The keys of those that may not agree, by their ids, where they are known. */
  readonly keys?: ReadonlyMap<bigint, string>;
  /** Columns that were compared as they are, and not by their hash. */
  readonly readAsTheyAre?: readonly string[];
}

export type Entries = Readonly<Record<Side, HashedEntries>>;

export function hashesOf({ snapshots, on }: Finding, plan: HashPlan, which: WhichRows): Promise<Entries> {
  return fromBoth((side) => on(side, snapshots[side].hashRows(plan[side], which)));
}

export function compared({ legacy, new: now }: Entries, part?: InPart): Found {
  const found = compareEntries(legacy, now, part?.pairsOf(legacy, now));
  return part === undefined ? found : { ...found, readAsTheyAre: part.columns };
}

/** The same, with the keys of rows that may not agree, which were read of both sides where a key is one column. */
export function comparedWithKeys(entries: Entries): Found {
  const found = compared(entries);
  const { both, onlyLegacy, onlyNew } = found.suspects;
  const wanted = new Set([...both, ...onlyLegacy, ...onlyNew]);
  const keys = new Map<bigint, string>();
  for (const side of sides) {
    const [key] = entries[side].read;
    for (const [row, id] of entries[side].ids.entries()) {
      const text = wanted.has(id) ? key?.valueOf(row) : undefined;
      if (text == null) continue;
      // Two keys of one id: only by that are both found.
      if ((keys.get(id) ?? text) !== text) return found;
      keys.set(id, text);
    }
  }
  return { ...found, keys };
}

export const countOf = ({ suspects }: EntriesCompared): number =>
  suspects.both.length + suspects.onlyLegacy.length + suspects.onlyNew.length;
