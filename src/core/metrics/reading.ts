import { type Decimal, decimal, decimalText, parseDecimal } from '../numbers/decimal.ts';
import type { Metric } from '../playbook/team.ts';

/** One figure of a metric, written down for good: a better one is another reading. */
export interface Reading {
  /** Under which it is stored once, however often it arrives: "request/…", "report/…" or "run/…". */
  readonly key: string;
  /** The name of the metric. */
  readonly metric: string;
  /** An exact decimal in the metric's unit. */
  readonly value: string;
  /** ISO 8601, UTC: when it was so. */
  readonly measuredAt: string;
  /** ISO 8601, UTC: when we heard of it. */
  readonly recordedAt: string;
  /** As the audit names people; "webhook" or "clock" where nobody typed it. */
  readonly recordedBy: string;
  /** Empty when there is none. */
  readonly note: string;
}

/** A reading that its owner took as the one that later ones are compared with (L48). */
export interface Baseline {
  readonly reading: Reading;
  /** ISO 8601, UTC. */
  readonly acceptedAt: string;
  readonly acceptedBy: string;
}

export type ReadValue = { readonly value: string } | { readonly problem: string };

/** More digits than this are no measurement. */
const longest = 40;

/** "1.8", "1.8 s" or "84,200.50": a number with the metric's own unit or none, within its bounds. Otherwise says why not. */
export function readValue(text: string, metric: Pick<Metric, 'title' | 'target' | 'minimum' | 'maximum'>): ReadValue {
  const { unit } = metric.target;
  const typed = text.trim();
  const withUnit = unit !== '' && typed.toLowerCase().endsWith(unit.toLowerCase());
  const digits = (withUnit ? typed.slice(0, -unit.length) : typed).trim();
  const plain = digits.length <= longest && /^[-+]?[\d.,]+$/.test(digits);
  const figure = plain ? parseDecimal(digits) : undefined;
  if (figure === undefined) {
    const example = decimalText(decimal(metric.target.amount));
    const forms = unit === '' ? example : `${example} or "${example} ${unit}"`;
    return { problem: `"${typed.slice(0, 60)}" is not a figure of ${metric.title}: give a number such as ${forms}.` };
  }
  return withinBounds(figure, metric);
}

/** A figure that can be one of the metric; otherwise says why not: a percentage above 100, a negative time. */
export function withinBounds(
  figure: Decimal,
  { title, target: { unit }, minimum, maximum }: Pick<Metric, 'title' | 'target' | 'minimum' | 'maximum'>,
): ReadValue {
  const shown = [decimalText(figure), unit].filter((part) => part !== '').join(' ');
  if (minimum !== undefined && figure.lt(decimal(minimum))) {
    return { problem: `${shown} can't be a figure of ${title}: it is never less than ${minimum}.` };
  }
  if (maximum !== undefined && figure.gt(decimal(maximum))) {
    return { problem: `${shown} can't be a figure of ${title}: it is never more than ${maximum}.` };
  }
  return { value: decimalText(figure) };
}
