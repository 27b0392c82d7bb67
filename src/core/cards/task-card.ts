import type { PlannedTask } from '../phases/plan.ts';
import { tasksIn } from '../phases/plan.ts';
import type { TaskChange } from '../phases/task-change.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { formatDate } from '../time/format.ts';
import type { Button, Card, CardElement, Fact } from './card.ts';
import { roleWithPeople } from './people-words.ts';
import { phasesOf } from './plan-card.ts';
import {
  changeInWords,
  limitsInWords,
  phaseInWords,
  showButtons,
  stateInWords,
  taskLine,
  tasksInWords,
} from './task-words.ts';
import { peopleOf } from '../roles.ts';

/** Every task of the plan, a phase after the other. */
export function tasksCard(plan: readonly PlannedTask[], playbook: Playbook): Card {
  const title = plan.length === 0 ? 'The playbook declares no tasks' : `Tasks: ${tasksInWords(plan)}`;
  return {
    title,
    tone: tasksIn(plan, 'late').length > 0 ? 'warning' : 'neutral',
    summary: `${title}.`,
    body: [
      ...phasesOf(plan).flatMap((phase): CardElement[] => [
        { kind: 'text', text: [{ bold: phaseInWords(phase) }] },
        {
          kind: 'list',
          items: plan.filter(({ task }) => task.phase === phase).map((planned) => taskLine(planned, playbook)),
        },
      ]),
      ...(plan.length === 0 ? [] : [{ kind: 'buttons' as const, buttons: showButtons(tasksIn(plan, 'late', 'due')) }]),
    ].filter((element) => element.kind !== 'buttons' || element.buttons.length > 0),
  };
}

export interface TaskContext {
  readonly playbook: Playbook;
  /** What stands before a command: "/parallel". */
  readonly prefix: string;
  /** Every change, oldest first. */
  readonly history: readonly TaskChange[];
}

const mostChanges = 10;

/** One task: how it stands, what is asked for, what became of it, and what to type. `news`, when given, is the title. */
export function taskCard(planned: PlannedTask, { playbook, prefix, history }: TaskContext, news?: string): Card {
  const { task, state } = planned;
  const title = news ?? `${task.title}: ${stateInWords(planned, playbook.timeZone)}`;
  const changes = history.slice(-mostChanges).map((change) => changeInWords(change, playbook.timeZone));
  return {
    title,
    tone: state === 'late' ? 'warning' : state === 'done' ? 'good' : 'neutral',
    summary: `${title}.`,
    body: [
      { kind: 'facts', facts: factsOf(planned, playbook) },
      ...(changes.length === 0
        ? []
        : [
            { kind: 'text' as const, text: [{ bold: 'What became of it' }] },
            { kind: 'list' as const, items: changes },
          ]),
      { kind: 'note', text: howTo(planned, prefix) },
      ...(state === 'automatic' ? [] : [{ kind: 'buttons' as const, buttons: [closeButton(planned, playbook)] }]),
    ],
  };
}

function factsOf(planned: PlannedTask, playbook: Playbook): Fact[] {
  const { task, window } = planned;
  return [
    { label: 'State', value: stateInWords(planned, playbook.timeZone) },
    { label: 'Part of', value: phaseInWords(task.phase) },
    ...(window === null ? [] : [{ label: 'When', value: `${formatDate(window.first)} to ${formatDate(window.last)}` }]),
    { label: kinds[task.kind], value: roleWithPeople(task.owner, playbook) },
    { label: 'Evidence', value: task.evidence },
    ...(task.people === undefined ? [] : [{ label: 'People', value: limitsInWords(task.people) }]),
  ];
}

const kinds = {
  task: 'Owner',
  signOff: 'Signed off by',
  decision: 'Decided by',
  automatic: 'Looked after by',
} as const;

function closeButton({ task, state }: PlannedTask, playbook: Playbook): Button {
  if (task.probe !== undefined) return { label: 'Try the probe', command: `probe ${task.probe}`, style: 'primary' };
  const people = peopleOf(task.owner, playbook);
  return state === 'done'
    ? { label: 'Open it again', command: `task ${task.name} --reopen`, style: 'default', people }
    : { label: 'Close it', command: `task ${task.name} --done`, style: 'primary', people };
}

function howTo({ task, state }: PlannedTask, prefix: string): (string | { code: string })[] {
  if (state === 'automatic') return ['The bot does this by itself: there is nothing to close.'];
  if (task.probe !== undefined) return ['A probe closes it: ', { code: `${prefix} probe ${task.probe}` }];
  const typed = `${prefix} task ${task.name}`;
  if (state === 'done') return ['To open it again: ', { code: `${typed} --reopen --evidence "why"` }];
  const people = task.people === undefined ? '' : ` --people ${task.people.min}`;
  return ['To close it: ', { code: `${typed} --done --evidence "text or link"${people}` }];
}
