import { count } from '../numbers/format.ts';
import { phaseTitles } from '../phases/calendar.ts';
import { type PlannedTask, tasksIn } from '../phases/plan.ts';
import type { TaskChange } from '../phases/task-change.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Task } from '../playbook/team.ts';
import { formatDate, formatDateTime } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import type { Button, Span } from './card.ts';
import { roleTitle } from './people-words.ts';

const noStartDate = 'no dates: the start date is not set';
export const noCutover = 'no dates until a cutover is planned';

/** "Phase 1 (Shadow Mode)", "Before the cutover". */
export function phaseInWords(phase: Task['phase']): string {
  if (phase === 'beforeCutover') return 'Before the cutover';
  if (phase === 'afterCutover') return 'After the cutover';
  return `Phase ${phase} (${phaseTitles[phase - 1]})`;
}

/** "1 day late, was due by Sun 22 Nov 2026": the state first, as a word. */
export function stateInWords({ task, state, window, change, daysLate }: PlannedTask, timeZone: string): string {
  switch (state) {
    case 'automatic':
      return 'by the bot';
    case 'done':
      return change === null
        ? 'done'
        : `done by ${change.byName} on ${formatDate(localDate(new Date(change.at), timeZone))}`;
    case 'unplanned':
      return typeof task.phase === 'string' ? noCutover : noStartDate;
    case 'upcoming':
      return window === null ? '' : `from ${formatDate(window.first)}, due by ${formatDate(window.last)}`;
    case 'due':
      return window === null ? '' : `due by ${formatDate(window.last)}`;
    case 'late':
      return window === null ? '' : `${count(daysLate, 'day')} late, was due by ${formatDate(window.last)}`;
  }
}

/** A line of a list: what, how it stands, who, and what to type for it. */
export function taskLine(planned: PlannedTask, playbook: Playbook): Span[] {
  const { task } = planned;
  const state = stateInWords(planned, playbook.timeZone);
  return [{ bold: task.title }, `: ${state} (${roleTitle(task.owner, playbook)}) `, { code: task.name }];
}

const named = 3;

/** "3 due (Train the pilot users, …), 1 late (…)"; "none due" while nothing is, and why where no task has a date. */
export function tasksInWords(plan: readonly PlannedTask[]): string {
  const part = (state: 'due' | 'late'): string[] => {
    const tasks = tasksIn(plan, state);
    if (tasks.length === 0) return [];
    const titles = tasks.slice(0, named).map(({ task }) => task.title);
    const more = tasks.length > named ? ` and ${tasks.length - named} more` : '';
    return [`${tasks.length} ${state} (${titles.join(', ')}${more})`];
  };
  const words = [...part('due'), ...part('late')].join(', ');
  if (words !== '') return words;
  const undated = plan.some(({ task, state }) => state === 'unplanned' && typeof task.phase === 'number');
  return undated ? noStartDate : 'none due';
}

/** "Mon 23 Nov 2026, 07:00: done by Ana, 7 people: https://…". */
export function changeInWords({ at, state, byName, people, evidence }: TaskChange, timeZone: string): string {
  const what = state === 'done' ? 'done' : 'opened again';
  const many = people === null ? '' : `, ${count(people, 'person', 'people')}`;
  return `${formatDateTime(new Date(at), timeZone)}: ${what} by ${byName}${many}: ${evidence}`;
}

/** "5 to 10 people", "at least 1 person". */
export function limitsInWords({ min, max }: NonNullable<Task['people']>): string {
  return max === undefined
    ? `at least ${count(min, 'person', 'people')}`
    : `${min} to ${count(max, 'person', 'people')}`;
}

const mostButtons = 5;

/** One "Show" a task, for the first few. */
export function showButtons(tasks: readonly PlannedTask[]): Button[] {
  return tasks
    .slice(0, mostButtons)
    .map(({ task }) => ({ label: `Show ${task.title}`, command: `task ${task.name}`, style: 'default' }));
}
