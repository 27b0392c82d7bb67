import { type Decimal, decimal, decimalText, hundred, varianceText } from '../numbers/decimal.ts';
import type { Tolerance } from '../playbook/playbook.ts';
import type { Finding } from './run.ts';

/** What comparing two figures gives; the caller adds which check and key they belong to. */
export type Comparison = Pick<Finding, 'legacy' | 'new' | 'difference' | 'variance' | 'verdict' | 'reason'>;

/**
 * Compares two figures (requirements, second part, 6 and 7). In percent: |new - legacy| / |legacy| against the tolerance,
 * by cross multiplication, so that nothing is rounded; exactly at the tolerance passes. A zero legacy is an error unless
 * both are zero. In points: the difference itself.
 */
export function compare(legacy: Decimal, now: Decimal, tolerance: Tolerance): Comparison {
  const difference = now.minus(legacy);
  const figures = { legacy: decimalText(legacy), new: decimalText(now), difference: decimalText(difference) };
  const limit = decimal(tolerance.amount);
  if (tolerance.unit === 'points') {
    const within = difference.abs().lte(limit);
    return verdictOf(figures, decimalText(difference.abs()), within);
  }
  if (legacy.eq(0)) {
    if (now.eq(0)) return verdictOf(figures, '0', true);
    return {
      ...figures,
      variance: null,
      verdict: 'error',
      reason: 'The legacy figure is zero, so there is no variance.',
    };
  }
  const scaled = difference.abs().times(hundred);
  const within = scaled.lte(limit.times(legacy.abs()));
  return verdictOf(figures, varianceText(scaled, legacy.abs()) ?? null, within);
}

/** A group that is on one side only: the whole of it is variance. */
export function compareOneSided(side: 'legacy' | 'new', value: Decimal, tolerance: Tolerance): Comparison {
  const [legacy, now] = side === 'legacy' ? [value, null] : [null, value];
  const difference = side === 'legacy' ? value.neg() : value;
  const percent = tolerance.unit === '%';
  const variance = percent ? hundred : value.abs();
  const within = value.eq(0) || variance.lte(decimal(tolerance.amount));
  return {
    legacy: legacy === null ? null : decimalText(legacy),
    new: now === null ? null : decimalText(now),
    difference: decimalText(difference),
    variance: value.eq(0) ? '0' : decimalText(variance),
    verdict: within ? 'pass' : 'fail',
    reason: `Only in the ${side} system.`,
  };
}

function verdictOf(
  figures: Pick<Finding, 'legacy' | 'new' | 'difference'>,
  variance: string | null,
  within: boolean,
): Comparison {
  return { ...figures, variance, verdict: within ? 'pass' : 'fail', reason: '' };
}
