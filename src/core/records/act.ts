import { UsageError } from '../usage-error.ts';
import { formatSigned } from '../numbers/format.ts';
import { formatDate } from '../time/format.ts';
import { opened } from './after-run.ts';
import {
  type Discrepancy,
  type DiscrepancyEntry,
  type DiscrepancyState,
  dueAfter,
  nameOf,
  type Severity,
  transitions,
} from './discrepancy.ts';

/** What somebody does about a discrepancy. Texts are as they were typed. */
export type Act =
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'move'; readonly to: Exclude<DiscrepancyState, 'explained'>; readonly reason: string }
  /** `until` yyyy-mm-dd, its last day. */
  | { readonly kind: 'explain'; readonly amount: string | null; readonly until: string; readonly reason: string }
  /** A person as the playbook names them; `name` is for people's eyes. */
  | { readonly kind: 'assign'; readonly to: string; readonly name: string }
  | { readonly kind: 'severity'; readonly severity: Severity; readonly reason: string }
  | { readonly kind: 'run'; readonly run: string }
  | { readonly kind: 'snooze'; readonly until: string; readonly untilInWords: string; readonly reason: string };

export interface Done {
  readonly discrepancy: Discrepancy;
  readonly entry: DiscrepancyEntry;
}

const words: Readonly<Record<DiscrepancyState, string>> = {
  open: 'Opened again',
  investigating: 'Under investigation',
  explained: 'Explained',
  resolved: 'Resolved',
  rejected: 'Rejected',
};

/**
 * What becomes of a discrepancy, and the line of its history that says so. Pure. Throws UsageError where its state does
 * not allow it: `transitions` is the table.
 */
export function act(
  before: Discrepancy,
  what: Act,
  {
    by,
    at,
    dueHours,
  }: { readonly by: string; readonly at: string; readonly dueHours: readonly [number, number, number] },
): Done {
  const acted = { ...before, actedAt: at };
  const entry = (kind: DiscrepancyEntry['kind'], text: string): DiscrepancyEntry => ({
    number: before.number,
    at,
    by,
    kind,
    text,
  });
  switch (what.kind) {
    case 'comment':
      return { discrepancy: acted, entry: entry('comment', what.text) };
    case 'move': {
      refuseMove(before, what.to);
      const text = what.reason === '' ? words[what.to] : `${words[what.to]}: ${what.reason}`;
      return { discrepancy: moved(acted, what.to, at, dueHours), entry: entry('state', text) };
    }
    case 'explain': {
      refuseMove(before, 'explained');
      const { amount, until, reason } = what;
      // Fewer than five people: their figure stands in no history.
      const share = amount === null || before.measured?.suppressed === true ? '' : `, ${formatSigned(amount)} of it`;
      return {
        discrepancy: { ...acted, state: 'explained', acceptance: { amount, reason, by, until }, snooze: null },
        entry: entry('state', `Explained until ${formatDate(until)}${share}: ${reason}`),
      };
    }
    case 'assign':
      return { discrepancy: { ...acted, assignee: what.to }, entry: entry('assigned', `Assigned to ${what.name}`) };
    case 'severity': {
      const { severity, reason } = what;
      const text = `Severity ${before.severity} is now ${severity}: ${reason}`;
      const dueAt = dueAfter(before.openedAt, severity, dueHours);
      return { discrepancy: { ...acted, severity, dueAt }, entry: entry('severity', text) };
    }
    case 'run':
      return { discrepancy: acted, entry: entry('run', `Run ${what.run} belongs to it`) };
    case 'snooze': {
      const { until, untilInWords, reason } = what;
      refuseClosed(before, 'snoozed');
      return {
        discrepancy: { ...acted, snooze: { until, reason } },
        entry: entry('snoozed', `Nobody is reminded until ${untilInWords}: ${reason}`),
      };
    }
  }
}

function moved(
  before: Discrepancy,
  to: Exclude<DiscrepancyState, 'explained'>,
  at: string,
  dueHours: readonly [number, number, number],
): Discrepancy {
  if (to === 'open') return opened(before, at, dueHours);
  const closed = to === 'resolved' || to === 'rejected';
  return {
    ...before,
    state: to,
    resolvedAt: to === 'resolved' ? at : null,
    acceptance: null,
    snooze: closed ? null : before.snooze,
  };
}

export function refuseMove(before: Discrepancy, to: DiscrepancyState): void {
  const allowed = transitions[before.state];
  if (allowed.includes(to)) return;
  throw new UsageError(
    before.state === to
      ? `${nameOf(before)} is ${to} already: nothing was changed.`
      : `${nameOf(before)} is ${before.state} and can't become ${to}: nothing was changed.`,
    `From ${before.state} it can become ${allowed.filter((state) => state !== before.state).join(', ')}.`,
  );
}

function refuseClosed(before: Discrepancy, what: string): void {
  if (before.state === 'open' || before.state === 'investigating') return;
  throw new UsageError(
    `${nameOf(before)} is ${before.state}: there is nothing to be ${what}, and nothing was changed.`,
    'Only what is open or under investigation reminds anybody.',
  );
}
