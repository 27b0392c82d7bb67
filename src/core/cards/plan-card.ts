import { count } from '../numbers/format.ts';
import { describeMoment, momentOf, planDates, type Timeline, timelineOf } from '../phases/calendar.ts';
import { type PlannedTask, tasksIn } from '../phases/plan.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Task } from '../playbook/team.ts';
import { formatDate } from '../time/format.ts';
import type { Card, CardElement, Fact } from './card.ts';
import { officialInWords } from './digest-card.ts';
import { noCutover, phaseInWords, showButtons, taskLine } from './task-words.ts';

export interface PlanContext {
  readonly playbook: Playbook;
  /** yyyy-mm-dd in the playbook's zone. */
  readonly today: string;
  readonly plan: readonly PlannedTask[];
  /** What stands before a command: "/parallel". */
  readonly prefix: string;
}

const mostNext = 5;

/** Where the team is (L17-L74): what is late, due and next, the dates, and how far each phase is. */
export function planCard(context: PlanContext): Card {
  const { playbook, today, plan, prefix } = context;
  const timeline = timelineOf(playbook);
  const late = tasksIn(plan, 'late');
  const due = tasksIn(plan, 'due');
  const verdict = verdictOf(context, late.length, due.length);
  return {
    title: verdict,
    tone: playbook.startDate === null || late.length > 0 ? 'warning' : 'neutral',
    summary: `${playbook.name}: ${verdict}.`,
    body: [
      { kind: 'text', text: `${playbook.name}, ${formatDate(today)}` },
      { kind: 'text', text: [{ bold: officialInWords(playbook) }] },
      ...(playbook.startDate === null ? howToStart(prefix) : []),
      ...section('Late', late, playbook),
      ...section('Due now', due, playbook),
      ...section('Next', tasksIn(plan, 'upcoming').slice(0, mostNext), playbook),
      ...progressOf(plan),
      ...(timeline === undefined ? [] : [{ kind: 'facts' as const, facts: datesOf(timeline) }]),
      ...buttonsOf([...late, ...due]),
    ],
  };
}

function verdictOf({ playbook, today }: PlanContext, late: number, due: number): string {
  const where = describeMoment(momentOf(playbook, today));
  if (playbook.startDate === null) return where;
  const tasks = [
    ...(late === 0 ? [] : [`${count(late, 'task')} late`]),
    ...(due === 0 ? [] : [late === 0 ? `${count(due, 'task')} due` : `${due} due`]),
  ];
  return `${tasks.length === 0 ? 'Nothing is due' : tasks.join(', ')} · ${where}`;
}

function howToStart(prefix: string): CardElement[] {
  return [
    { kind: 'text', text: ['No task has a date until it is set: ', { code: `${prefix} start <yyyy-mm-dd>` }, '.'] },
  ];
}

function section(title: string, tasks: readonly PlannedTask[], playbook: Playbook): CardElement[] {
  if (tasks.length === 0) return [];
  return [
    { kind: 'text', text: [{ bold: title }] },
    { kind: 'list', items: tasks.map((one) => taskLine(one, playbook)) },
  ];
}

/** What people have done of each phase; what the bot does by itself counts for neither. */
function progressOf(plan: readonly PlannedTask[]): CardElement[] {
  return phasesOf(plan).flatMap((phase): CardElement[] => {
    const mine = plan.filter(({ task, state }) => task.phase === phase && state !== 'automatic');
    const byBot = plan.filter(({ task, state }) => task.phase === phase && state === 'automatic').length;
    const label = [
      phaseInWords(phase),
      ...(byBot === 0 ? [] : [`${byBot} more by the bot`]),
      ...(typeof phase === 'string' ? [noCutover] : []),
    ].join(', ');
    return mine.length === 0
      ? []
      : [{ kind: 'progress', done: tasksIn(mine, 'done').length, total: mine.length, label }];
  });
}

/** The phases that have tasks, in the order of time. */
export function phasesOf(plan: readonly PlannedTask[]): Task['phase'][] {
  const all: Task['phase'][] = [1, 2, 3, 'beforeCutover', 'afterCutover'];
  return all.filter((phase) => plan.some(({ task }) => task.phase === phase));
}

function datesOf(timeline: Timeline): Fact[] {
  const { startDate } = timeline;
  const { evidenceFrozen, vote, end } = planDates(timeline);
  return [
    { label: 'Start', value: formatDate(startDate) },
    { label: 'Evidence frozen at the end of', value: formatDate(evidenceFrozen) },
    { label: 'Go/no-go vote', value: `${formatDate(vote.first)} to ${formatDate(vote.last)}` },
    { label: 'End', value: formatDate(end) },
  ];
}

function buttonsOf(tasks: readonly PlannedTask[]): CardElement[] {
  const all = { label: 'All tasks', command: 'task', style: 'default' as const };
  return [{ kind: 'buttons', buttons: [...showButtons(tasks), all] }];
}
