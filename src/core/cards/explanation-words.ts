import type { CheckResult } from '../checks/run.ts';
import { decimal, decimalText, hundred, zero } from '../numbers/decimal.ts';
import { count, formatNumber, formatSigned } from '../numbers/format.ts';
import type { Pattern } from '../rows/patterns.ts';
import type { Cause, ExplainedPart, Explanation, KeyPattern, Segment } from '../rows/result.ts';
import type { Text } from './card.ts';

/* How causes are put into words: counts, amounts of enough people, codes and what values have in common. No row. */

/** One row, and several. */
export type Noun = readonly [one: string, many: string];

const partsNamed = 5;

/**
 * "+812,406.1: " and why, the largest part first. `chat`: amounts of few people are told together. `unit`: of the
 * difference, such as " points".
 */
export function explanationInWords(explanation: Explanation, noun: Noun, chat: boolean, unit = ''): Text[] {
  const { parts, difference, leftOver } = explanation;
  const shown = parts.filter(({ suppressed }) => !(chat && suppressed));
  const hidden = parts.filter((part) => !shown.includes(part));
  const share = sharesOf(explanation);
  const size = (amount: string) => ({ bold: `${formatSigned(amount)}${unit}` });
  if (explanation.reason !== '') return [[size(difference), `: ${explanation.reason}`]];
  const line = (amount: string, words: string): Text => [size(amount), `${share(amount)}: ${words}`];
  const rest = shown.slice(partsNamed);
  return [
    ...shown.slice(0, partsNamed).map((part) => line(part.amount, causeInWords(part, noun))),
    ...(rest.length === 0 ? [] : [line(sumOf(rest), count(rest.length, 'more cause'))]),
    ...(hidden.length === 0
      ? []
      : [
          line(
            sumOf(hidden),
            `${hidden.map((part) => causeInWords(part, noun)).join('; and ')}; together, because of fewer than 5 people`,
          ),
        ]),
    ...(decimal(leftOver).eq(0)
      ? []
      : [
          line(
            leftOver,
            parts.length === 0 && leftOver === difference
              ? `not explained: no ${noun[0]} that differs accounts for it`
              : `not explained: in ${noun[1]} that agree within their tolerances, or outside of what the comparison reads`,
          ),
        ]),
  ];
}

const sumOf = (parts: readonly ExplainedPart[]): string =>
  decimalText(parts.reduce((sum, { amount }) => sum.plus(decimal(amount)), zero));

/** Percentages only where every part goes the same way: otherwise they would add up to more than the whole. */
function sharesOf({ parts, difference, leftOver }: Explanation): (amount: string) => string {
  const whole = decimal(difference);
  const amounts = [...parts.map(({ amount }) => amount), leftOver].map(decimal);
  const sameWay = !whole.eq(0) && amounts.every((amount) => amount.eq(0) || amount.gt(0) === whole.gt(0));
  return (amount) => {
    if (!sameWay) return '';
    const percent = decimal(amount).times(hundred).div(whole);
    if (percent.gt(99) && percent.lt(100)) return ' (over 99 %)';
    return percent.lt(1) ? ' (under 1 %)' : ` (${formatNumber(percent.toFixed(), 0)} %)`;
  };
}

/** "190 people whose compensation differs, all in level L3, always by the factor 1.015". */
export function causeInWords(cause: Cause, noun: Noun): string {
  const recognised = [
    ...segmentsInWords(cause.segments),
    ...(cause.keys === null ? [] : [keysInWords(cause.keys)]),
    ...(cause.pattern === null ? [] : [patternInWords(cause.pattern)]),
  ];
  const nothing =
    cause.what === 'differs' && recognised.length === 0 ? ['with nothing in common that we recognise'] : [];
  const noise = cause.noisy === true ? ["noisy, not wrong: legacy's own copy differs in it as much"] : [];
  return [whatInWords(cause, noun), ...recognised, ...(noise.length > 0 ? noise : nothing)].join(', ');
}

function whatInWords({ what, column, rows }: Cause, [one, many]: Noun): string {
  switch (what) {
    case 'differs':
      return `${count(rows, one, many)} whose ${column ?? 'values'} ${column === null ? 'differ' : 'differs'}`;
    case 'onlyLegacy':
      return `${count(rows, one, many)} only in legacy`;
    case 'onlyNew':
      return `${count(rows, one, many)} only in new`;
    case 'repeated':
      return `${count(rows, 'key')} that more than one ${one} has`;
    case 'nullKey':
      return `${many} with NULL in the key`;
  }
}

/** "all in year 2027 and in event promotion", "nearly all (96 %) in level L3", "all hired in 2029". */
function segmentsInWords(segments: readonly Segment[]): string[] {
  const how = ({ share }: Segment): string =>
    share === 100 ? 'all' : share >= 90 ? `nearly all (${share} %)` : `most (${share} %)`;
  const hows = [...new Set(segments.map(how))];
  return hows.map((word) => {
    const places = segments.filter((one) => how(one) === word).map(placeInWords);
    return `${word} ${places.join(' and ')}`;
  });
}

function placeInWords({ by, value }: Segment): string {
  const [, column] = /^(?:year|month) of (.+)$/.exec(by) ?? [];
  return column === undefined ? `in ${by} ${value}` : `${column} in ${value}`;
}

function keysInWords(keys: KeyPattern): string {
  if (keys.kind === 'endsIn') return `each ${keys.column} ending in ${keys.text}`;
  const where = { first: 'the first there are', last: 'the last there are', between: 'none missing between' }[
    keys.place
  ];
  return `one run of keys, ${where}`;
}

function patternInWords(pattern: Pattern): string {
  const { fits, of } = pattern;
  if (pattern.kind === 'several') return `${fits === of ? '' : 'most of them '}${kindInWords(pattern)}`;
  const how = fits === of ? 'always' : `nearly always (${formatNumber(String(fits))} of ${formatNumber(String(of))})`;
  return `${how} ${kindInWords(pattern)}`;
}

function kindInWords(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'factor':
      return `by the factor ${pattern.amount}`;
    case 'offset':
      return `by ${formatSigned(pattern.amount)}`;
    case 'unit':
      return `by the factor ${pattern.amount}, as if in another unit`;
    case 'sign':
      return 'with the sign turned';
    case 'rounded':
      return `rounded to ${placesInWords(pattern.decimals)}`;
    case 'cut':
      return `cut off to ${placesInWords(pattern.decimals)}`;
    case 'shifted':
      return `${durationInWords(pattern.seconds)} ${decimal(pattern.seconds).gt(0) ? 'later' : 'earlier'}`;
    case 'always':
      return `from ${pattern.from} to ${pattern.to}`;
    case 'several':
      return pattern.changes
        .map(({ from, to, times }) => `${formatNumber(String(times))} from ${from} to ${to}`)
        .join(', ');
    case 'swapped':
      return `${pattern.from} for ${pattern.to} and the other way round`;
    case 'truncated':
      return `cut after ${count(pattern.characters, 'character')}`;
    case 'missing':
      return `without a value in ${pattern.side}`;
    case 'dayAndMonth':
      return 'with day and month swapped';
    case 'case':
      return 'in upper and lower case only';
    case 'padding':
      return 'in blanks around it only';
    case 'leadingZeros':
      return 'in leading zeros only';
  }
}

const wholes = ['whole numbers', 'tens', 'hundreds', 'thousands', 'ten thousands'];

function placesInWords(decimals: number): string {
  return decimals > 0 ? count(decimals, 'decimal') : (wholes[-decimals] ?? `10^${-decimals}`);
}

function durationInWords(seconds: string): string {
  const length = decimal(seconds).abs();
  for (const [unit, inSeconds] of [
    ['day', '86400'],
    ['hour', '3600'],
    ['minute', '60'],
  ] as const) {
    const number = length.div(decimal(inSeconds));
    if (number.eq(number.round(0))) return count(Number(number.toFixed()), unit);
  }
  return `${decimalText(length)} s`;
}

/** "Level Distribution, L3", or a scalar check's title alone. */
export function explainedTitle({ check, key }: Explanation, checks: readonly CheckResult[]): string {
  const result = checks.find((one) => one.check === check);
  const title = result?.title ?? check;
  return result === undefined || result.kind === 'scalar' ? title : `${title}, ${key}`;
}
