import type { DiscrepancyRules } from '../playbook/team.ts';
import type { Discrepancy } from './discrepancy.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** Who is called about a discrepancy that nobody does anything about. */
export type Rung = 'owner' | 'reminder' | 'deputy' | 'lead';

export interface Call {
  readonly rung: Rung;
  /** `unattended`: severity 1, and nobody has begun. `overdue`: its due time has passed. */
  readonly why: 'unattended' | 'overdue';
  /** Since when, ISO 8601 UTC: with number, why and rung it names the call, which is made once. */
  readonly since: string;
}

/**
 * The call that is due by now, undefined where none is: of severity 1 the owner at once, then a reminder, the deputy and
 * the lead; of any that is overdue a reminder, a day later the deputy, and the lead another day later. Follows from the
 * state alone: whoever acts, snoozes or closes ends it. After a standstill only the highest rung is called.
 */
export function callDue(one: Discrepancy, rules: DiscrepancyRules, now: Date): Call | undefined {
  if (one.state !== 'open' && one.state !== 'investigating') return undefined;
  const [snoozed, acted] = [millis(one.snooze?.until), millis(one.actedAt)];
  const { reminder, deputy, lead } = rules.unattendedMinutes;
  const overdue = highest(Math.max(Date.parse(one.dueAt), snoozed, acted + day), now, [
    ['reminder', 0],
    ['deputy', day],
    ['lead', 2 * day],
  ]);
  if (overdue !== undefined) return { why: 'overdue', ...overdue };
  const opened = Math.max(Date.parse(one.openedAt), snoozed);
  if (one.severity !== 1 || one.state !== 'open' || acted >= opened) return undefined;
  const unattended = highest(opened, now, [
    ['owner', 0],
    ['reminder', reminder * minute],
    ['deputy', deputy * minute],
    ['lead', lead * minute],
  ]);
  return unattended === undefined ? undefined : { why: 'unattended', ...unattended };
}

function highest(
  since: number,
  now: Date,
  ladder: readonly (readonly [Rung, number])[],
): Pick<Call, 'rung' | 'since'> | undefined {
  const rung = ladder.findLast(([, after]) => now.getTime() >= since + after)?.[0];
  return rung === undefined ? undefined : { rung, since: new Date(since).toISOString() };
}

const millis = (at: string | null | undefined): number => (at == null ? Number.NEGATIVE_INFINITY : Date.parse(at));
