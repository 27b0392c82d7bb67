import Big from 'big.js';
import { decimal } from './decimal.ts';

/** "1,234,567.5": thousands separated, at most `decimals` of them, rounded half up and without trailing zeros. */
export function formatNumber(figure: string, decimals = 2): string {
  const rounded = decimal(figure).round(decimals, Big.roundHalfUp);
  const [whole = '', fraction] = rounded.abs().toFixed().split('.');
  const sign = rounded.lt(0) ? '-' : '';
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** With "+" before what is positive: a difference. One that is not zero never reads as zero: then more decimals show. */
export function formatSigned(figure: string): string {
  const exact = decimal(figure);
  const decimals = [2, 4, 6, 8, 10, 12, 38].find(
    (places) => exact.eq(0) || !exact.round(places, Big.roundHalfUp).eq(0),
  );
  return exact.gt(0) ? `+${formatNumber(figure, decimals)}` : formatNumber(figure, decimals);
}

/**
 * "0.14 %" or "0.3 points", at most four decimals. What is not zero is never shown as zero, nor what is beyond a limit
 * as at the limit: then as many decimals are shown as it takes, up to 12.
 */
export function formatVariance(variance: string, unit: string, tolerance?: string): string {
  const exact = decimal(variance);
  for (const decimals of [2, 4, 6, 8, 10, 12]) {
    const shown = exact.round(decimals, Big.roundHalfUp);
    const hidesSomething = shown.eq(0) && !exact.eq(0);
    const looksLikeLimit = tolerance !== undefined && shown.eq(decimal(tolerance)) && !exact.eq(decimal(tolerance));
    if (!hidesSomething && !looksLikeLimit) return `${formatNumber(shown.toFixed(), decimals)} ${unit}`;
  }
  return `${formatNumber(variance, 12)} ${unit}`;
}

/** "1 check", "2 checks". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${formatNumber(String(number))} ${number === 1 ? one : many}`;
}
