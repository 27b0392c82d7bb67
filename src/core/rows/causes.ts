import { type Decimal, decimal, hundred, zero } from '../numbers/decimal.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { smallestShown } from '../checks/suppress.ts';
import { type ReadValue, valueReader } from './common-terms.ts';
import { patternOf, type ValuePair } from './patterns.ts';
import type { Cause, KeyPattern, Segment } from './result.ts';
import type { ComparedColumns } from './compared-columns.ts';
import type { JudgedRow } from './row-comparison.ts';
import { createSample } from './systematic-sample.ts';

/** Gathers the rows of one cause in bounded memory. */
export interface CauseInTheMaking {
  /** `weight`: how much of the whole this row carries, not negative; as much as every other where none is given. */
  take(row: JudgedRow, weight?: Decimal): void;
  readonly rows: number;
  /** `pairs`: how many keys either side has in all. */
  result(pairs: number): Cause;
}

/** Nearly all: nine in ten. */
const nearlyAll = 90;
const most = 50;
const segmentsNamed = 3;
/** A dimension of more values than this says nothing to anybody. */
const mostSegments = 1_000;

export function createCause(
  what: Cause['what'],
  column: string | null,
  comparison: RowComparison,
  columns: ComparedColumns,
): CauseInTheMaking {
  const dimensions = segmentReaders(comparison, columns).filter((dimension) => dimension.column !== column);
  const weights = dimensions.map(() => new Map<string, Weight>());
  const readColumn = column === null ? undefined : valueReader(comparison, columns, column);
  const values = createSample<ValuePair>();
  const isOneSided = what === 'onlyLegacy' || what === 'onlyNew';
  const keys = createSample<readonly (string | null)[]>();
  let rows = 0;
  /** Undefined while every row weighs the same. */
  let whole: Decimal | undefined;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  const add = (to: Map<string, Weight>, name: string, weight: Decimal | undefined): void => {
    const known = to.get(name);
    if (known === undefined) to.set(name, { rows: 1, weight });
    else {
      known.rows += 1;
      if (weight !== undefined) known.weight = known.weight?.plus(weight) ?? weight;
    }
  };

  return {
    get rows() {
      return rows;
    },
    take(row, weight) {
      rows += 1;
      if (weight !== undefined) whole = (whole ?? zero).plus(weight);
      if (isOneSided && keys.next()) keys.keep(row.key);
      first = Math.min(first, row.position);
      last = Math.max(last, row.position);
      if (readColumn !== undefined && values.next()) values.keep(pairOf(row, readColumn));
      for (let index = 0; index < dimensions.length; index += 1) {
        const to = weights[index];
        if (to !== undefined && to.size <= mostSegments) add(to, dimensions[index]?.read(row) ?? noValue, weight);
      }
    },
    result: (pairs) => ({
      what,
      column,
      rows,
      segments: segmentsOf(
        dimensions.map(({ by }, index) => ({ by, weights: weights[index] ?? new Map<string, never>() })),
        whole ?? countOf(rows),
      ),
      pattern: patternOf(values.kept, { codes: column !== null && holdsCodes(comparison, column) }) ?? null,
      keys: isOneSided ? keyPattern(keys.kept, columns.key, { rows, first, last, pairs }) : null,
    }),
  };
}

function pairOf({ legacy, new: now }: JudgedRow, read: ReadValue): ValuePair {
  return {
    legacy: legacy === undefined ? null : read(legacy, 'legacy').value,
    new: now === undefined ? null : read(now, 'new').value,
  };
}

/** Codes may be named in chat; a pay may not. A column that is mapped, or by which rows are grouped, holds codes. */
function holdsCodes({ columns, segments }: RowComparison, column: string): boolean {
  return (
    columns[column]?.mapping !== undefined || segments.some((one) => one.column === column && one.part === 'value')
  );
}

const noValue = 'none';
const lengths = { value: undefined, year: 4, month: 7 } as const;

function segmentReaders(comparison: RowComparison, columns: ComparedColumns) {
  return comparison.segments.flatMap(({ column, part }) => {
    const read = valueReader(comparison, columns, column);
    if (read === undefined) return [];
    const by = part === 'value' ? column : `${part} of ${column}`;
    const valueOf = ({ legacy, new: now }: JudgedRow): string => {
      const common = legacy !== undefined ? read(legacy, 'legacy') : now !== undefined ? read(now, 'new') : undefined;
      return common?.value?.slice(0, lengths[part]) ?? noValue;
    };
    return [{ column, by, read: valueOf }];
  });
}

/** Of the rows of one segment. */
interface Weight {
  rows: number;
  weight: Decimal | undefined;
}

type Weights = ReadonlyMap<string, Weight>;

const countOf = (rows: number): Decimal => decimal(String(rows));

function segmentsOf(dimensions: readonly { by: string; weights: Weights }[], whole: Decimal): Segment[] {
  if (whole.eq(0)) return [];
  const largest = dimensions.flatMap(({ by, weights }): Segment[] => {
    if (weights.size > mostSegments) return [];
    const all = [...weights].map(([value, { rows, weight }]) => ({ value, rows, weight: weight ?? countOf(rows) }));
    const [top] = all.toSorted((one, other) => other.weight.cmp(one.weight));
    if (top === undefined || top.rows < smallestShown) return [];
    return [{ by, value: top.value, share: Number(top.weight.times(hundred).div(whole).round(0, 0)) }];
  });
  const sorted = largest.toSorted((one, other) => other.share - one.share);
  const telling = sorted.filter(({ share }) => share >= nearlyAll);
  return telling.length > 0 ? telling.slice(0, segmentsNamed) : sorted.filter(({ share }) => share >= most).slice(0, 1);
}

const fewestInRun = 3;
const fewestAlike = 10;

function keyPattern(
  keys: readonly (readonly (string | null)[])[],
  columns: readonly string[],
  { rows, first, last, pairs }: { rows: number; first: number; last: number; pairs: number },
): KeyPattern | null {
  if (rows >= fewestInRun && rows < pairs && (last - first + 1 === rows || areConsecutive(keys, rows))) {
    return { kind: 'oneRun', place: last === pairs - 1 ? 'last' : first === 0 ? 'first' : 'between' };
  }
  if (keys.length < fewestAlike) return null;
  for (const [index, column] of columns.entries()) {
    const texts = keys.map((key) => key[index] ?? '');
    const ends = new Set(texts.map((text) => text.slice(-1)));
    const [text = ''] = ends;
    if (ends.size === 1 && text !== '' && new Set(texts).size > 1) return { kind: 'endsIn', column, text };
  }
  return null;
}

/** Whole numbers without a gap: they come in the order of their texts, in which 10 stands before 9. */
function areConsecutive(keys: readonly (readonly (string | null)[])[], rows: number): boolean {
  if (keys.length !== rows || !keys.every((key) => key.length === 1 && /^\d+$/.test(key[0] ?? ''))) return false;
  const numbers = keys.map(([key]) => decimal(key ?? '0'));
  const least = numbers.reduce((one, other) => (other.lt(one) ? other : one));
  const greatest = numbers.reduce((one, other) => (other.gt(one) ? other : one));
  return greatest.minus(least).eq(rows - 1);
}
