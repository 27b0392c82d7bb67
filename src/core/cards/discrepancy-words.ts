import type { CheckResult } from '../checks/run.ts';
import { decimal } from '../numbers/decimal.ts';
import { count, formatNumber } from '../numbers/format.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { type Discrepancy, nameOf } from '../records/discrepancy.ts';
import { explainedVariance } from '../records/explained-variance.ts';
import { formatShortDate } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import { differenceInWords } from './run-words.ts';

const shown = 4;

/**
 * What it is about, without a number: "Level Distribution L3", or the words of whoever reported it. In chat, a group of
 * fewer than five people is not named.
 */
export function aboutInWords(
  { measured, reported }: Discrepancy,
  { checks }: Pick<Playbook, 'checks'>,
  chat: boolean,
): string {
  if (measured === null) return reported?.title ?? '';
  const title = checks.find(({ name }) => name === measured.check)?.title ?? measured.check;
  if (measured.suppressed && chat) return `${title}, a small group`;
  return measured.key === measured.check ? title : `${title} ${measured.key}`;
}

/**
 * "Level Distribution L3: legacy 798, new 810, +12 (1.5 %); 3 times", or the words of whoever reported it: what there is
 * to learn from. Without the figures of fewer than five people.
 */
export function factsInWords(one: Discrepancy, playbook: Pick<Playbook, 'checks'>): string {
  const { measured, reported } = one;
  const about = aboutInWords(one, playbook, true);
  if (measured === null) return [about, reported?.description ?? ''].filter((text) => text !== '').join('\n');
  const times = count(measured.occurrences, 'time');
  if (measured.suppressed) return `${about}: ${times}`;
  const figure = (value: string | null): string => (value === null ? 'none' : formatNumber(value));
  const difference = differenceInWords({ ...measured, tolerance: '0', verdict: 'fail' });
  return `${about}: legacy ${figure(measured.legacy)}, new ${figure(measured.new)}, ${difference}; ${times}`;
}

/**
 * "3, the oldest first: D-7 Level Distribution L3 (since 19 Nov, 3 times), …". Those of fewer than five people are
 * counted and not named, and what is explained is counted apart.
 */
export function discrepanciesInWords(active: readonly Discrepancy[], playbook: Playbook): string {
  const explained = active.filter(({ state }) => state === 'explained').length;
  const open = active.filter(({ state }) => state !== 'explained');
  const apart = explained === 0 ? '' : `; ${explained} more explained`;
  if (open.length === 0) return explained === 0 ? 'none' : `none, ${explained} explained`;
  const named = open.filter(({ measured }) => measured?.suppressed !== true);
  const words = named.slice(0, shown).map((one) => {
    const since = formatShortDate(localDate(new Date(one.openedAt), playbook.timeZone));
    const times = one.measured === null ? '' : `, ${count(one.measured.occurrences, 'time')}`;
    return `${nameOf(one)} ${aboutInWords(one, playbook, true)} (since ${since}${times})`;
  });
  const left = open.length - words.length;
  if (words.length === 0) return `${count(left, 'small group')}${apart}`;
  return `${open.length}, the oldest first: ${words.join(', ')}${left === 0 ? '' : `, and ${left} more`}${apart}`;
}

/**
 * "Measured 812,406.1, explained 800,000 (D-17), left over 12,406.1"; undefined where nothing of a check is explained and
 * so all of it is left over.
 */
export function explainedInWords(check: CheckResult, known: readonly Discrepancy[]): string | undefined {
  const { measured, explained, leftOver, by } = explainedVariance(check, known);
  if (decimal(explained).eq(0)) return undefined;
  const unit = check.kind === 'growth' ? ' points' : '';
  const names = by.length <= shown ? by.map(nameOf).join(', ') : `${by.length} discrepancies`;
  return `Measured ${formatNumber(measured)}${unit}, explained ${formatNumber(explained)}${unit} (${names}), left over ${formatNumber(leftOver)}${unit}`;
}
