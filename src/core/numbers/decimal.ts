import Big from 'big.js';

/** An exact decimal: sums, differences and products are never rounded. Divide only to show something. */
export type Decimal = Big;

/** 38 digits: what is shown of a quotient is cut far below anything that people read. */
const Exact = Big();
Exact.DP = 38;
/** Never in exponential notation: figures are for people and for SQL. */
Exact.PE = 1_000_000;
Exact.NE = -1_000_000;

export const zero: Decimal = new Exact(0);
export const hundred: Decimal = new Exact(100);

/** Exact from a plain decimal such as a tolerance of the playbook. Throws when it isn't one. */
export function decimal(text: string): Decimal {
  return new Exact(text);
}

const currency = /^(?:[$€£¥]|USD|EUR|GBP)\s?/;
const plain = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
/** Commas in threes, and something that shows that they are not decimal commas: a second one, or a decimal point. */
const grouped = /^\d{1,3}(?:(?:,\d{3}){2,}(?:\.\d+)?|,\d{3}\.\d+)$/;
/** After these a comma separates thousands; of euros it may as well separate cents. */
const commasInThousands = /^(?:[$£¥]|USD|GBP)/;
const groupedMoney = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

/**
 * Reads what a system sent as a number (requirements, second part, 10). Blanks around it, a currency sign, a sign or
 * parentheses for negative, and unambiguous thousands separators are fine. "1,234" and "1.234,50" could be read in two
 * ways and are refused, as are NaN, Infinity and the empty text. Undefined when refused.
 */
export function parseDecimal(text: string): Decimal | undefined {
  let rest = text.trim();
  let negative = false;
  const parenthesised = /^\((.*)\)$/s.exec(rest);
  if (parenthesised?.[1] !== undefined) {
    negative = true;
    rest = parenthesised[1].trim();
  }
  const sign = /^[+-]/.exec(rest)?.[0];
  if (sign !== undefined) {
    if (negative) return undefined;
    negative = sign === '-';
    rest = rest.slice(1).trim();
  }
  const money = currency.exec(rest)?.[0];
  if (money !== undefined) rest = rest.slice(money.length);
  const commasGroup =
    grouped.test(rest) || (money !== undefined && commasInThousands.test(money) && groupedMoney.test(rest));
  if (!commasGroup && !plain.test(rest)) return undefined;
  const value = new Exact(rest.replaceAll(',', ''));
  return negative ? value.neg() : value;
}

/** The exact figure as plain digits, without an exponent and without trailing zeros. "-0" is "0". */
export function decimalText(value: Decimal): string {
  return value.eq(0) ? '0' : value.toFixed();
}

/** A quotient rounded half up to 12 decimals, for showing; undefined for a zero divisor. */
export function quotientText(dividend: Decimal, divisor: Decimal): string | undefined {
  return quotient(dividend, divisor, Big.roundHalfUp);
}

/**
 * A variance rounded up to 12 decimals: what is beyond a tolerance, however little, never reads as if it were within, and
 * what is within never reads as if it were beyond. Undefined for a zero divisor.
 */
export function varianceText(dividend: Decimal, divisor: Decimal): string | undefined {
  return quotient(dividend, divisor, Big.roundUp);
}

function quotient(dividend: Decimal, divisor: Decimal, mode: 0 | 1 | 2 | 3): string | undefined {
  return divisor.eq(0) ? undefined : decimalText(dividend.div(divisor).round(12, mode));
}
