import { count } from '../numbers/format.ts';
import { personSpan } from '../people.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { nextUndo } from '../runbooks/act.ts';
import { currentSteps, type Forecast, forecast, type StepForecast } from '../runbooks/forecast.ts';
import { isMeasured, nameOfRunbook, type Runbook, type RunbookDefinition } from '../runbooks/runbook.ts';
import { formatDate, formatDateTime, formatDuration, formatShortDate, formatTime } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import { nameOfIncident } from '../triggers/incident.ts';
import type { Button, Card, CardElement, CardTable, Span, Tone } from './card.ts';
import { roleTitle, roleWithPeople } from './people-words.ts';
import { peopleIn } from '../roles.ts';
import { leadRoles, stepRoles } from '../runbooks/who.ts';

const minute = 60_000;
const farOff = 12 * 60 * minute;
const tooEarly = 'The buttons of its steps come on the day.';
/** Lateness is told in steps of so many minutes, so that the card is not edited every minute. */
const lateStep = 5;

export interface RunbookContext {
  readonly playbook: Playbook;
  /** By the runbook's own clock. */
  readonly now: Date;
}

/** A runbook as it goes: how far it is, all steps with planned and expected times, what comes next, and its buttons. */
export function runbookCard(runbook: Runbook, { playbook, now }: RunbookContext): Card {
  const expected = forecast(runbook, now, playbook.timeZone);
  const current = currentSteps(expected);
  const title = titleOf(runbook, expected, now, playbook);
  return {
    title,
    tone: toneOf(runbook),
    summary: `${title}. ${nextInWords(runbook, current, now, playbook)}`.trim(),
    body: [
      ...(runbook.rehearsal === null
        ? []
        : [
            {
              kind: 'text' as const,
              text: [{ bold: `Rehearsal, ${runbook.rehearsal.speed} times as fast: nothing here is real.` }],
            },
          ]),
      stepTable(expected, runbook, playbook),
      ...clockElements(runbook, expected, now, playbook),
      ...(isOver(runbook)
        ? []
        : [{ kind: 'text' as const, text: [{ bold: 'Next: ' }, ...nextSpans(runbook, current, now, playbook)] }]),
      ...(isFarOff(runbook, expected, now) ? [{ kind: 'text' as const, text: tooEarly }] : []),
      ...buttonsOf(runbook, isFarOff(runbook, expected, now) ? [] : current, playbook),
      { kind: 'note', text: noteOf(runbook, playbook) },
    ],
  };
}

/** Started ahead of its day: nobody closes a step then by a click that was meant for another card. */
function isFarOff({ steps, rehearsal }: Runbook, expected: Forecast, now: Date): boolean {
  const first = Math.min(...expected.steps.map(({ planned }) => planned.start));
  return rehearsal === null && first - now.getTime() > farOff && steps.every(({ state }) => state === 'open');
}

function titleOf(runbook: Runbook, expected: Forecast, now: Date, { timeZone }: Playbook): string {
  const { definition, state, steps } = runbook;
  const mark = runbook.rehearsal === null ? '' : 'REHEARSAL: ';
  const done = steps.filter((step) => step.state === 'done').length;
  const failed = definition.steps.find((_step, index) => steps[index]?.state === 'failed');
  const first = Math.min(...expected.steps.map(({ planned }) => planned.start));
  const far = `${done} of ${steps.length} steps done`;
  switch (state) {
    case 'done':
      return `${mark}${definition.title} is done: all ${steps.length} steps`;
    case 'aborted':
      return `${mark}${definition.title} was aborted, and what was done is taken back`;
    case 'aborting':
      return `${mark}${definition.title} is aborted: what was done is taken back`;
    case 'paused':
      return `${mark}${definition.title} is paused: ${far}`;
    case 'running':
      if (isFarOff(runbook, expected, now)) {
        return `${definition.title} on ${formatDateTime(new Date(first), timeZone)}: ${steps.length} steps, finish ${timeInWords(expected.finish, expected, timeZone)}`;
      }
      return failed === undefined
        ? `${mark}${definition.title}: ${far}, ${lateInWords(expected)}, finish ${timeInWords(expected.finish, expected, timeZone)}`
        : `${mark}${definition.title} stands: "${failed.title}" failed`;
  }
}

function toneOf({ state, steps }: Runbook): Tone {
  if (state === 'done') return 'good';
  if (state === 'aborted') return 'neutral';
  return steps.some((step) => step.state === 'failed') || state === 'aborting' ? 'bad' : 'warning';
}

function lateInWords({ steps, finish }: Forecast): string {
  const planned = Math.max(...steps.map((one) => one.planned.finish));
  const late = Math.floor((finish - planned) / (lateStep * minute)) * lateStep;
  return late <= 0 ? 'on time' : `${formatDuration(late * minute)} late`;
}

/** The time of day; with the date where the runbook takes longer than a day. */
function timeInWords(at: number, { steps }: Forecast, timeZone: string): string {
  const first = steps[0]?.planned.start ?? at;
  const sameDay = localDate(new Date(first), timeZone) === localDate(new Date(at), timeZone);
  const time = formatTime(new Date(at), timeZone);
  return sameDay ? time : `${formatShortDate(localDate(new Date(at), timeZone))} ${time}`;
}

const signs = { open: '', running: '▶ running', done: '✓ done', failed: '✗ failed', undone: '↩ taken back' } as const;

function stepTable(expected: Forecast, { state }: Runbook, playbook: Playbook): CardTable {
  const time = (at: number): string => timeInWords(at, expected, playbook.timeZone);
  return {
    kind: 'table',
    columns: ['Step', 'State', 'Planned', state === 'running' ? 'Expected' : 'Was', 'Who'].map((label) => ({
      label,
      align: 'left',
    })),
    rows: expected.steps.map(({ definition, step, planned, expected: by, ready, critical }) => [
      `${definition.title}${critical ? ' ●' : ''}`,
      step.state === 'open' ? (ready ? '○ next' : '– waits') : signs[step.state],
      time(planned.start),
      step.finishedAt !== null || step.startedAt !== null || state === 'running'
        ? `${time(by.start)} to ${time(by.finish)}`
        : '–',
      roleTitle(definition.owner, playbook),
    ]),
  };
}

function clockElements(runbook: Runbook, expected: Forecast, now: Date, playbook: Playbook): CardElement[] {
  const { pointOfNoReturn } = runbook.definition;
  if (expected.pointOfNoReturn === null || runbook.endedAt !== null) return [];
  const at = dayAndTime(expected.pointOfNoReturn, now, playbook.timeZone);
  const left = Math.floor((expected.pointOfNoReturn - now.getTime()) / (lateStep * minute)) * lateStep;
  const step = runbook.definition.steps.find(({ name }) => name === pointOfNoReturn)?.title;
  const words =
    left < 0 ? `it has passed (${at})` : `${at}, in ${left < 1 ? 'no time' : formatDuration(left * minute)}`;
  return [
    {
      kind: 'text',
      text: [
        { bold: 'Point of no return: ' },
        `${words}: later, there is no time for the way back.${step === undefined ? '' : ` "${step}" is the step that crosses it.`} ● marks the steps that the finish hangs on.`,
      ],
    },
  ];
}

/** "06:00", or "Mon 30 Nov 2026, 06:00" where that is not today. */
function dayAndTime(at: number, now: Date, timeZone: string): string {
  const [day, today] = [new Date(at), now].map((one) => localDate(one, timeZone));
  return day === today ? formatTime(new Date(at), timeZone) : formatDateTime(new Date(at), timeZone);
}

const isOver = ({ state }: Runbook): boolean => state === 'done' || state === 'aborted';

/** In plain words, roles without their people: an account's id tells nobody who it is. */
function nextInWords(runbook: Runbook, current: readonly StepForecast[], now: Date, playbook: Playbook): string {
  if (isOver(runbook)) return '';
  return nextSpans(runbook, current, now, playbook)
    .map((span) => (typeof span === 'string' ? span : 'bold' in span ? span.bold : ''))
    .join('')
    .replaceAll(/ +/g, ' ')
    .trim();
}

function nextSpans(runbook: Runbook, current: readonly StepForecast[], now: Date, playbook: Playbook): Span[] {
  if (runbook.state === 'paused') return [`paused: ${runbook.reason}`];
  if (runbook.state === 'aborting') {
    const next = nextUndo(runbook);
    const definition = runbook.definition.steps.find(({ name }) => name === next?.name);
    return definition === undefined
      ? ['nothing']
      : [`${definition.undo}: `, ...roleWithPeople(definition.owner, playbook)];
  }
  if (current.length === 0) return ['nothing'];
  return current.flatMap(({ definition, expected, step }, index): Span[] => [
    ...(index === 0 ? [] : [' · ']),
    { bold: definition.title },
    step.state === 'failed'
      ? ` (failed: ${step.evidence}) `
      : ` at ${dayAndTime(expected.start, now, playbook.timeZone)}: `,
    ...waitsFor(definition, playbook),
  ]);
}

function waitsFor({ kind, owner }: RunbookDefinition['steps'][number], playbook: Playbook): Span[] {
  if (kind === 'check') return ['the bot measures'];
  if (kind === 'probe') return ['the bot tries it'];
  return kind === 'decision' ? ['waits for the decision'] : roleWithPeople(owner, playbook);
}

function buttonsOf(runbook: Runbook, current: readonly StepForecast[], playbook: Playbook): CardElement[] {
  const button = (roles: readonly string[], label: string, words: string, style: Button['style']): Button => ({
    label,
    command: `runbook ${runbook.number} ${words}`,
    style,
    people: peopleIn(roles, playbook),
  });
  const verb = (label: string, words: string, style: Button['style'] = 'default'): Button =>
    button(leadRoles(runbook), label, words, style);
  const ofStep = (step: string, label: string, word: string, style: Button['style'] = 'default'): Button =>
    button(stepRoles(runbook, step, playbook), label, `${word} ${step}`, style);
  const buttons: Button[] = [];
  if (runbook.state === 'running') {
    for (const { definition, step } of current.slice(0, 2)) {
      const { name, title, kind } = definition;
      if (isMeasured(definition))
        buttons.push(ofStep(name, `${kind === 'probe' ? 'Try' : 'Measure'}: ${title}`, 'check', 'primary'));
      if (kind === 'decision' && step.state === 'failed') buttons.push(ofStep(name, `Ask again: ${title}`, 'begin'));
      if (kind !== 'task') continue;
      if (step.state === 'open') buttons.push(ofStep(name, `Begin: ${title}`, 'begin'));
      buttons.push(ofStep(name, `Done: ${title}`, 'done', 'primary'));
    }
    buttons.push(verb('Pause', 'pause'), verb('Abort', 'abort', 'danger'));
  }
  if (runbook.state === 'paused') buttons.push(verb('Go on', 'resume', 'primary'), verb('Abort', 'abort', 'danger'));
  const undo = runbook.state === 'aborting' ? nextUndo(runbook) : undefined;
  if (undo !== undefined) buttons.push(ofStep(undo.name, 'Taken back', 'undone', 'primary'));
  return [{ kind: 'buttons', buttons }];
}

function noteOf(runbook: Runbook, { timeZone }: Playbook): string {
  const { startedAt, about } = runbook;
  const incident = /^incident\/(\d+)$/.exec(about)?.[1];
  const why = incident === undefined ? '' : `, because of ${nameOfIncident({ number: Number(incident) })}`;
  return `${nameOfRunbook(runbook)}, started ${formatDateTime(new Date(startedAt), timeZone)}${why}`;
}

/** What came of a runbook that has ended: each step with its planned and actual times, by whom, and on what evidence. */
export function runbookReportCard(runbook: Runbook, playbook: Playbook): Card {
  const { timeZone } = playbook;
  const { definition, steps, state } = runbook;
  const ended = new Date(runbook.endedAt ?? runbook.startedAt);
  const expected = forecast(runbook, ended, timeZone);
  const title = `Report: ${definition.title} ${state === 'done' ? 'is done' : 'was aborted'} on ${formatDate(localDate(ended, timeZone))}`;
  const time = (at: string | null): string => (at === null ? '–' : timeInWords(Date.parse(at), expected, timeZone));
  return {
    title,
    tone: state === 'done' ? 'good' : 'neutral',
    summary: `${title}: ${count(steps.filter((step) => step.state === 'done').length, 'step')} done.`,
    body: [
      {
        kind: 'table',
        columns: ['Step', 'State', 'Planned', 'Began', 'Ended'].map((label) => ({ label, align: 'left' })),
        rows: expected.steps.map(({ definition: { title: name }, step, planned }) => [
          name,
          step.state === 'open' ? '– not done' : signs[step.state],
          timeInWords(planned.start, expected, timeZone),
          time(step.startedAt),
          time(step.finishedAt),
        ]),
      },
      {
        kind: 'list',
        items: expected.steps
          .filter(({ step }) => step.by !== null)
          .map(({ definition: { title: name }, step }): Span[] => [
            { bold: `${name}: ` },
            ...(step.by === null ? [] : [personSpan(step.by)]),
            step.evidence === '' ? '' : `, ${step.evidence}`,
          ]),
      },
      ...(runbook.reason === '' ? [] : [{ kind: 'text' as const, text: `Aborted: ${runbook.reason}` }]),
      { kind: 'note', text: noteOf(runbook, playbook) },
    ],
  };
}
