import { type Decimal, decimal, decimalText, zero } from '../numbers/decimal.ts';
import { dayAndMonthSwapped, secondsOf } from './values.ts';

/** Both values of one column of one row, in common terms; they differ. */
export interface ValuePair {
  readonly legacy: string | null;
  readonly new: string | null;
}

/**
 * What the differences of a column have in common. `fits` of `of` pairs follow it: all, or at least nine in ten.
 * `factor`: new is legacy times it, to the last shown decimal; `offset`: new is legacy plus it; `unit`: a factor by which
 * systems mistake one unit for another (cents, months); `rounded` and `cut`: to so many decimals, negative for tens;
 * `shifted`: a time, by so many seconds; `always`: one code became one other; `swapped`: two codes stand for each other;
 * `several`: codes that became others, the most frequent first; `truncated`: a text ends after so many characters.
 */
export type Pattern = { readonly fits: number; readonly of: number } & PatternKind;

export type PatternKind =
  | { readonly kind: 'factor' | 'offset' | 'unit'; readonly amount: string }
  | { readonly kind: 'rounded' | 'cut'; readonly decimals: number }
  | { readonly kind: 'shifted'; readonly seconds: string }
  | { readonly kind: 'always' | 'swapped'; readonly from: string; readonly to: string }
  | { readonly kind: 'several'; readonly changes: readonly CodeChange[] }
  | { readonly kind: 'truncated'; readonly characters: number }
  | { readonly kind: 'missing'; readonly side: 'legacy' | 'new' }
  | { readonly kind: 'dayAndMonth' | 'case' | 'padding' | 'leadingZeros' | 'sign' };

export interface CodeChange {
  readonly from: string;
  readonly to: string;
  readonly times: number;
}

/** Fewer pairs agree on anything by chance. */
const fewest = 3;

const both = (pair: ValuePair): pair is { legacy: string; new: string } => pair.legacy !== null && pair.new !== null;

/**
 * The first pattern, the most telling first, that at least nine in ten of these pairs follow; undefined where there is
 * none: then nothing is claimed. `codes`: the values stand for something and are few, so they may be named.
 */
export function patternOf(pairs: readonly ValuePair[], { codes }: { readonly codes: boolean }): Pattern | undefined {
  const texts = pairs.filter(both);
  const finders = [
    () => missing(pairs),
    ...(codes ? [() => swapped(texts), () => always(texts), () => several(texts)] : []),
    () => test(texts, { kind: 'case' }, ({ legacy, new: now }) => legacy.toLowerCase() === now.toLowerCase()),
    () => test(texts, { kind: 'padding' }, ({ legacy, new: now }) => legacy.trim() === now.trim()),
    () => test(texts, { kind: 'leadingZeros' }, ({ legacy, new: now }) => unpadded(legacy) === unpadded(now)),
    ...(codes ? [] : [() => numbers(texts)]),
    () => test(texts, { kind: 'dayAndMonth' }, ({ legacy, new: now }) => dayAndMonthSwapped(legacy) === now),
    () => shifted(texts),
    () => truncated(texts),
  ];
  if (pairs.length < (codes ? 1 : fewest)) return undefined;
  for (const find of finders) {
    const found = find();
    if (found !== undefined && found.fits * 10 >= pairs.length * 9) {
      return { ...found.kind, fits: found.fits, of: pairs.length };
    }
  }
  return undefined;
}

interface Found {
  readonly kind: PatternKind;
  readonly fits: number;
}

interface Texts {
  readonly legacy: string;
  readonly new: string;
}

/** Counts no further once too many don't: what is not followed by nine in ten is no pattern. */
function test<T>(pairs: readonly T[], kind: PatternKind, holds: (pair: T) => boolean): Found {
  let [fits, misses] = [0, 0];
  for (const pair of pairs) {
    if (holds(pair)) fits += 1;
    else misses += 1;
    if (misses * 10 > pairs.length) break;
  }
  return { kind, fits };
}

function missing(pairs: readonly ValuePair[]): Found | undefined {
  const empty = (value: string | null): boolean => value === null || value === '';
  const found = (['legacy', 'new'] as const).map((side) =>
    test(pairs, { kind: 'missing', side }, (pair) => empty(pair[side])),
  );
  return mostFitting(found);
}

const mostFitting = (found: readonly Found[]): Found | undefined =>
  found.toSorted((one, other) => other.fits - one.fits)[0];

const unpadded = (text: string): string => text.replace(/^0+(?=.)/, '');

/** How often each pair of codes occurs, most often first. */
function transitions(pairs: readonly Texts[]): CodeChange[] {
  const times = new Map<string, { from: string; to: string; times: number }>();
  for (const { legacy, new: now } of pairs) {
    const name = JSON.stringify([legacy, now]);
    const known = times.get(name) ?? { from: legacy, to: now, times: 0 };
    known.times += 1;
    times.set(name, known);
  }
  return [...times.values()].toSorted((one, other) => other.times - one.times);
}

function always(pairs: readonly Texts[]): Found | undefined {
  const [most] = transitions(pairs);
  return most === undefined ? undefined : { kind: { kind: 'always', from: most.from, to: most.to }, fits: most.times };
}

function swapped(pairs: readonly Texts[]): Found | undefined {
  const [one, other] = transitions(pairs);
  if (one === undefined || other === undefined || one.from !== other.to || one.to !== other.from) return undefined;
  return { kind: { kind: 'swapped', from: one.from, to: one.to }, fits: one.times + other.times };
}

const changesNamed = 4;

function several(pairs: readonly Texts[]): Found {
  const changes = transitions(pairs).slice(0, changesNamed);
  return { kind: { kind: 'several', changes }, fits: changes.reduce((sum, { times }) => sum + times, 0) };
}

function truncated(pairs: readonly Texts[]): Found | undefined {
  const lengths = pairs
    .filter(({ legacy, new: now }) => legacy.startsWith(now) && now !== '')
    .map((pair) => pair.new.length);
  const characters = Math.max(0, ...lengths);
  return test(
    pairs,
    { kind: 'truncated', characters },
    ({ legacy, new: now }) => legacy.length > characters && now === legacy.slice(0, characters),
  );
}

function shifted(pairs: readonly Texts[]): Found | undefined {
  const steps = pairs.map(({ legacy, new: now }) => {
    const [from, to] = [secondsOf(legacy), secondsOf(now)];
    return from === undefined || to === undefined ? undefined : decimalText(to.minus(from));
  });
  const most = mode(steps);
  return most === undefined ? undefined : { kind: { kind: 'shifted', seconds: most.value }, fits: most.times };
}

function mode(values: readonly (string | undefined)[]): { readonly value: string; readonly times: number } | undefined {
  const times = new Map<string, number>();
  for (const value of values) if (value !== undefined) times.set(value, (times.get(value) ?? 0) + 1);
  const [most] = [...times].toSorted(([, one], [, other]) => other - one);
  return most === undefined ? undefined : { value: most[0], times: most[1] };
}

const plainNumber = /^-?\d+(\.\d+)?$/;

interface Numbers {
  readonly legacy: Decimal;
  readonly new: Decimal;
  /** One of the last decimal that the new values have: how far rounding or cutting may be off. */
  readonly step: Decimal;
}

const mostDecimals = 4;

function numbers(texts: readonly Texts[]): Found | undefined {
  const plain = texts.filter(({ legacy, new: now }) => plainNumber.test(legacy) && plainNumber.test(now));
  const shown = Math.min(mostDecimals, Math.max(0, ...plain.map((pair) => decimalsOf(pair.new))));
  const step = decimal(`1e-${shown}`);
  const pairs = plain.map(({ legacy, new: now }): Numbers => ({ legacy: decimal(legacy), new: decimal(now), step }));
  // A single legacy value fits many patterns: nothing could be told from it.
  if (new Set(pairs.map(({ legacy }) => legacy.toFixed())).size < 2) return undefined;
  const enough = (found: Found | undefined): boolean => found !== undefined && found.fits * 10 >= texts.length * 9;
  return [
    () => test(pairs, { kind: 'sign' }, ({ legacy, new: now }) => now.eq(legacy.neg())),
    () => unit(pairs),
    () => offset(pairs),
    () => rounding(pairs),
    () => factor(pairs),
  ]
    .map((find) => find())
    .find(enough);
}

const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0;

/** How many of one unit another is: cents, thousands, months, weeks and pay periods of a year, hours of a full-time year. */
const unitFactors = ['100', '1000', '12', '52', '26', '24', '2080'];

function unit(pairs: readonly Numbers[]): Found | undefined {
  const found = unitFactors.flatMap((amount) => [
    test(pairs, { kind: 'unit', amount }, (pair) => follows(pair, decimal(amount))),
    test(pairs, { kind: 'unit', amount: `1/${amount}` }, ({ legacy, new: now, step }) =>
      now
        .times(decimal(amount))
        .minus(legacy)
        .abs()
        .lte(step.times(decimal(amount))),
    ),
  ]);
  return mostFitting(found);
}

/** Whether new is legacy times the factor, to the last decimal. */
function follows({ legacy, new: now, step }: Numbers, by: Decimal): boolean {
  return legacy.times(by).minus(now).abs().lte(step);
}

function offset(pairs: readonly Numbers[]): Found | undefined {
  const most = mode(pairs.map(({ legacy, new: now }) => decimalText(now.minus(legacy))));
  return most === undefined ? undefined : { kind: { kind: 'offset', amount: most.value }, fits: most.times };
}

const coarsest = -4;
const [down, halfUp] = [0, 1] as const;

function rounding(pairs: readonly Numbers[]): Found | undefined {
  const finest = Math.max(...pairs.map(({ legacy }) => decimalsOf(decimalText(legacy)))) - 1;
  const found: Found[] = [];
  // The finest first: what is rounded to tens is not told as rounded to hundreds.
  for (let decimals = finest; decimals >= coarsest; decimals -= 1) {
    found.push(
      test(pairs, { kind: 'rounded', decimals }, ({ legacy, new: now }) => now.eq(legacy.round(decimals, halfUp))),
      test(pairs, { kind: 'cut', decimals }, ({ legacy, new: now }) => now.eq(legacy.round(decimals, down))),
    );
  }
  return mostFitting(found);
}

const factorDecimals = 8;

/** An exact quotient takes a hundred times as long as a rough one: it is for those that may be near, and for some more. */
const roughly = 2;

/** How far from it the ratio may be, with more than what a rough one is off. */
const roughlyOff = ({ legacy, new: now, step }: Numbers): number =>
  (step.toNumber() + 1e-9 * Math.abs(now.toNumber())) / Math.abs(legacy.toNumber());

/** The ratio, and what rounding leaves open. */
function ratioOf({ legacy, new: now, step }: Numbers): Record<'middle' | 'low' | 'high', Decimal> {
  const off = step.div(legacy.abs());
  const middle = now.div(legacy);
  return { middle, low: middle.minus(off), high: middle.plus(off) };
}

/** The factor of fewest decimals that lies within what rounding leaves open for the pairs around the median. */
function factor(pairs: readonly Numbers[]): Found | undefined {
  const rough = pairs
    .filter(({ legacy }) => !legacy.eq(0))
    .map((pair) => ({ pair, ratio: pair.new.toNumber() / pair.legacy.toNumber(), off: roughlyOff(pair) }))
    .toSorted((one, other) => one.ratio - other.ratio);
  const middlemost = rough[Math.floor(rough.length / 2)];
  if (middlemost === undefined) return undefined;
  const median = ratioOf(middlemost.pair);
  const near = rough
    .filter(({ ratio, off }) => !(Math.abs(ratio - middlemost.ratio) > roughly * (off + middlemost.off)))
    .map(({ pair }) => ratioOf(pair))
    .filter(({ low, high }) => low.lte(median.high) && high.gte(median.low));
  const low = near.reduce((most, one) => (one.low.gt(most) ? one.low : most), median.low);
  const high = near.reduce((least, one) => (one.high.lt(least) ? one.high : least), median.high);
  const middle = low.lte(high) ? low.plus(high).div(decimal('2')) : median.middle;
  for (let decimals = 0; decimals <= factorDecimals; decimals += 1) {
    const amount = middle.round(decimals, halfUp);
    if (amount.eq(zero)) continue;
    const found = test(pairs, { kind: 'factor', amount: decimalText(amount) }, (pair) => follows(pair, amount));
    if (found.fits * 10 >= pairs.length * 9) return found;
  }
  return undefined;
}
