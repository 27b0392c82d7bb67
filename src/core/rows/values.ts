import { type Decimal, decimal, hundred } from '../numbers/decimal.ts';
import type { RowTolerance } from '../playbook/playbook.ts';

const plainNumber = /^-?\d+(\.\d+)?$/;
const instant = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(\.\d+)?(?:\+00(?::?00)?|Z)?)?$/;

/**
 * Whether two canonical texts of one column say the same. Texts that are equal do, whatever they are (so NULL agrees with
 * NULL and NaN with NaN); otherwise only a tolerance can make them agree, and only where both are what it is about: a
 * number, or a time.
 */
export function agree(legacy: string | null, now: string | null, tolerance: RowTolerance | undefined): boolean {
  if (legacy === now) return true;
  if (legacy === null || now === null || tolerance === undefined) return false;
  const read = tolerance.unit === 'seconds' ? secondsOf : numberOf;
  const [one, other] = [read(legacy), read(now)];
  if (one === undefined || other === undefined) return false;
  return within(one, other, tolerance);
}

function within(legacy: Decimal, now: Decimal, { amount, unit }: RowTolerance): boolean {
  const difference = now.minus(legacy).abs();
  switch (unit) {
    case 'decimals':
      return legacy.round(Number(amount)).eq(now.round(Number(amount)));
    case '%':
      // By cross multiplication: a quotient would be rounded.
      return difference.times(hundred).lte(decimal(amount).times(legacy.abs()));
    case 'absolute':
    case 'seconds':
      return difference.lte(decimal(amount));
  }
}

function numberOf(text: string): Decimal | undefined {
  return plainNumber.test(text) ? decimal(text) : undefined;
}

/** Seconds since 1970 of a date or time as the sources print it, exact below the second; undefined for anything else. */
export function secondsOf(text: string): Decimal | undefined {
  const parts = instant.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part: string | undefined) => Number(part ?? 0));
  const whole = Date.UTC(year, month - 1, day, hour, minute, second) / 1_000;
  return decimal(String(whole)).plus(decimal(`0${parts[7] ?? ''}`));
}

/** The same date with its day in the month's place; undefined where that is no other date. */
export function dayAndMonthSwapped(text: string): string | undefined {
  const [, year, month, day, rest = ''] = /^(\d{4})-(\d\d)-(\d\d)(.*)$/s.exec(text) ?? [];
  if (year === undefined || month === day || Number(day) > 12) return undefined;
  return `${year}-${day}-${month}${rest}`;
}
