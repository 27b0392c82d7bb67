import { type HashedColumn, type HashedEntries, type HashedRows, type Row, sides } from '../sources.ts';
import type { Pairing } from './compare-entries.ts';
import type { ComparedColumns } from './compared-columns.ts';
import type { HashPlan } from './hash-plan.ts';
import type { KeyedRows } from './merge.ts';
import { addDiffering, type ReadingSome, readSome } from './read-pairs.ts';

export interface Choosing extends ReadingSome {
  /** Columns without which a row that differs is not explained, whether or not it differs in them. */
  readonly spokenOf: readonly string[];
  /** Wherever it is possible, also where it saves nothing. */
  readonly always: boolean;
}

/** Fewer columns that need not be read are not worth it. */
const fewestSpared = 3;
/** What it costs to give a column of every row, as a part of what it costs to look one row up. */
const costOfColumn = 0.04;
/** So many rows tell in which columns rows differ. */
const mostRead = 200;

/** Rows of a sample that differ. */
export interface SampledIds {
  readonly ids: readonly bigint[];
  /** All of them are among so many rows that come first, so that not all have to be read to find them. */
  readonly first?: number;
}

/** Answers the places of the values that have to be read where these differ; undefined where all may as well be. */
export function choosePlaces({ columns, hashed, spokenOf, always }: Choosing) {
  const fewest = always ? 0 : fewestSpared;
  const mapped = hashed.legacy.key.some((column) => column.mapping !== undefined);
  return (differing: ReadonlySet<number>): readonly number[] | undefined => {
    const { values } = columns;
    const places = values.flatMap((name, place) => (differing.has(place) || spokenOf.includes(name) ? [place] : []));
    return mapped || values.length - places.length < fewest ? undefined : places;
  };
}

/**
 * Answers how all rows are best read where a share of them differs, these among them; undefined where it is less work to
 * look the rows up whose hashes differ.
 */
export function chooseInPart(choosing: Choosing) {
  const { columns, hashed } = choosing;
  return async (share: number, { ids, first }: SampledIds): Promise<InPart | undefined> => {
    const keysRead = isOwnId(hashed) ? 0 : columns.key.length;
    const isTooFew = (given: number): boolean => !choosing.always && share < costOfColumn * (given + keysRead);
    if (ids.length === 0 || isTooFew(1)) return undefined;
    const differing = new Set<number>();
    for await (const pairs of readSome(choosing, { ids: ids.slice(0, mostRead), first })) {
      for (const pair of pairs) addDiffering(pair, columns.key.length, differing);
    }
    const places = choosePlaces(choosing)(differing);
    if (differing.size === 0 || places === undefined) return undefined;
    return isTooFew(places.length) ? undefined : planInPart(hashed, columns, places);
  };
}

/** Whether the key of a row is its id. */
export const isOwnId = ({ legacy: { key } }: HashPlan): boolean => key.length === 1 && key[0]?.form === 'integer';

/** How rows are read of which only some columns are given, and what the others come to. */
export interface InPart {
  readonly plan: HashPlan;
  /** The values that are compared by their cells and in no hash, by the names of their columns. */
  readonly columns: readonly string[];
  readonly pairsOf: (legacy: HashedEntries, now: HashedEntries) => Pairing;
}

/**
 * `places`: which of the values are read. A key that is its rows' id need not be. Codes that are mapped are read and hashed:
 * the same code may mean something else on either side, so that equal cells tell nothing.
 */
export function planInPart(hashed: HashPlan, { key, values }: ComparedColumns, places: readonly number[]): InPart {
  const ownId = isOwnId(hashed);
  const ofValues = places.toSorted((one, other) => one - other);
  const byCells = ofValues.filter((place) => sides.every((one) => hashed[one].values[place]?.mapping === undefined));
  const side = (whole: HashedRows, keys: readonly HashedColumn[]): HashedRows => ({
    ...whole,
    values: whole.values.filter((_, place) => !byCells.includes(place)),
    read: [...whole.values.filter((_, place) => places.includes(place)), ...keys],
  });
  /** Puts the same row each time, so that hundreds of thousands of them take no memory. */
  const rowsOf = ({ read }: HashedEntries): ((ofKey: Row, at: number) => KeyedRows) => {
    const row: (string | null)[] = [...key, ...values].map(() => null);
    const rows = { row, count: 1 };
    return (ofKey, at) => {
      for (let index = 0; index < key.length; index += 1) row[index] = ofKey[index] ?? null;
      for (let index = 0; index < ofValues.length; index += 1) {
        row[key.length + (ofValues[index] ?? 0)] = read[index]?.valueOf(at) ?? null;
      }
      return rows;
    };
  };
  // One side tells the keys of both: rows whose ids are alike have the same.
  const keyOf = ({ ids, read }: HashedEntries, at: number): Row =>
    ownId ? [String(ids[at])] : read.slice(ofValues.length).map((column) => column.valueOf(at));
  return {
    plan: { legacy: side(hashed.legacy, ownId ? [] : hashed.legacy.key), new: side(hashed.new, []) },
    columns: byCells.map((place) => values[place] ?? ''),
    pairsOf(legacy, now) {
      const [legacyRow, newRow] = [rowsOf(legacy), rowsOf(now)];
      return {
        byCells: byCells.map((place) => ofValues.indexOf(place)),
        pairOf(one, other) {
          const ofKey = keyOf(legacy, one);
          return { key: ofKey, legacy: legacyRow(ofKey, one), new: newRow(ofKey, other) };
        },
      };
    },
  };
}
