import { count } from '../numbers/format.ts';
import { type MaybeTimeline, phaseTitles, planDates, timelineOf } from '../phases/calendar.ts';
import { formatDate } from '../time/format.ts';
import { daysBetween } from '../time/local-time.ts';
import type { Card, Fact } from './card.ts';

/** A start date that is asked about or was set, with the one that it takes the place of, if any. */
export interface StartChange {
  readonly from: string | null;
  readonly to: string;
  /** By which phase 3 was extended. */
  readonly extensionWeeks: number;
}

const unset: Card = {
  title: 'The start date is not set: nothing is scheduled',
  tone: 'warning',
  summary: 'The start date is not set: nothing is scheduled until it is.',
  body: [],
};

/** The date that holds and those that follow from it; `usage` is what to type to set it. */
export function startCard(dates: MaybeTimeline, usage: string): Card {
  const how = { kind: 'note' as const, text: ['To set or move it: ', { code: usage }] };
  const timeline = timelineOf(dates);
  if (timeline === undefined) return { ...unset, body: [how] };
  const { startDate, extensionWeeks } = timeline;
  return {
    title: `The start date is ${formatDate(startDate)}`,
    tone: 'neutral',
    summary: `The parallel run starts on ${formatDate(startDate)} and ends on ${formatDate(planDates(timeline).end)}.`,
    body: [{ kind: 'facts', facts: datesOf({ from: null, to: startDate, extensionWeeks }) }, how],
  };
}

/** Asks before anything is written (L12): which dates follow, and which move. `confirming` is what to press or type. */
export function askToStartCard(
  change: StartChange,
  { confirming, prefix, daysAgo }: { confirming: string; prefix: string; daysAgo: number },
): Card {
  const { from, to } = change;
  const date = formatDate(to);
  const title = from === null ? `Start the parallel run on ${date}?` : `Move the start date to ${date}?`;
  const label = from === null ? 'Set the start date' : 'Move the start date';
  return {
    title,
    tone: 'warning',
    summary: `${title} Nothing is written until it is confirmed.`,
    body: [
      ...(from === null ? [] : [{ kind: 'text' as const, text: movesInWords(from, to) }]),
      ...(daysAgo > 0
        ? [{ kind: 'text' as const, text: `That day was ${count(daysAgo, 'day')} ago: tasks may be late at once.` }]
        : []),
      { kind: 'facts', facts: datesOf(change) },
      { kind: 'buttons', buttons: [{ label, command: confirming, style: from === null ? 'primary' : 'danger' }] },
      {
        kind: 'note',
        text: ['Nothing is written yet. To confirm: ', { code: `${prefix} ${confirming}` }],
      },
    ],
  };
}

/** For everybody in the channel, and for whoever set it. `by` is a name. */
export function startedCard(change: StartChange, by: string): Card {
  const date = formatDate(change.to);
  const title =
    change.from === null ? `The parallel run starts on ${date}` : `The start date of the parallel run moved to ${date}`;
  return {
    title,
    tone: 'good',
    summary: `${title}, set by ${by}.`,
    body: [
      ...(change.from === null ? [] : [{ kind: 'text' as const, text: movesInWords(change.from, change.to) }]),
      { kind: 'facts', facts: [...datesOf(change), { label: 'Set by', value: by }] },
    ],
  };
}

function movesInWords(from: string, to: string): string {
  const days = daysBetween(from, to);
  const far = `${count(Math.abs(days), 'day')} ${days > 0 ? 'later' : 'earlier'}`;
  return `Every date moves, ${far}: phases, due days of tasks, the vote and the end. Runs and tasks that are done stay.`;
}

/** The dates that follow; those of a date that is moved with what they were. */
function datesOf({ from, to, extensionWeeks }: StartChange): Fact[] {
  const before = from === null ? undefined : planDates({ startDate: from, extensionWeeks });
  const after = planDates({ startDate: to, extensionWeeks });
  const fact = (label: string, now: string, was: string | undefined): Fact => ({
    label,
    value: was === undefined ? now : `${now} (was ${was})`,
  });
  const span = (dates: { first: string; last: string } | undefined): string | undefined =>
    dates === undefined ? undefined : `${formatDate(dates.first)} to ${formatDate(dates.last)}`;
  return [
    ...after.phases.map(({ phase, first, last }, index) =>
      fact(`Phase ${phase}, ${phaseTitles[phase - 1]}`, span({ first, last }) ?? '', span(before?.phases[index])),
    ),
    fact(
      'Evidence frozen at the end of',
      formatDate(after.evidenceFrozen),
      before && formatDate(before.evidenceFrozen),
    ),
    fact('Go/no-go vote', span(after.vote) ?? '', span(before?.vote)),
    fact('End', formatDate(after.end), before && formatDate(before.end)),
  ];
}
