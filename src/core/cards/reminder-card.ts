import { count } from '../numbers/format.ts';
import type { PlannedTask } from '../phases/plan.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { formatDate } from '../time/format.ts';
import type { Card, CardElement, Span } from './card.ts';
import { officialInWords } from './digest-card.ts';
import { roleWithPeople } from './people-words.ts';
import { showButtons, stateInWords } from './task-words.ts';

/** The tasks that are to be done by now, by whose they are; at least one, the soonest due first. `today`: yyyy-mm-dd. */
export function reminderCard(tasks: readonly PlannedTask[], playbook: Playbook, today: string): Card {
  const late = tasks.filter(({ state }) => state === 'late').length;
  const due = tasks.length - late;
  const title = [
    ...(late === 0 ? [] : [`${count(late, 'task')} late`]),
    ...(due === 0 ? [] : [late === 0 ? `${count(due, 'task')} due` : `${due} due`]),
  ].join(', ');
  return card(tasks, playbook, {
    title,
    tone: late === 0 ? 'neutral' : 'warning',
    lead: `${playbook.name}, ${formatDate(today)}`,
  });
}

/** For the alerts channel: tasks that were due by the same day and have been late for two days. */
export function lateTasksCard(tasks: readonly PlannedTask[], playbook: Playbook): Card {
  return card(tasks, playbook, {
    title: `${count(tasks.length, 'task')} late for two days or more`,
    tone: 'bad',
    lead: `${playbook.name}: whoever owns them, close them or say what is in the way.`,
  });
}

function card(
  tasks: readonly PlannedTask[],
  playbook: Playbook,
  { title, tone, lead }: { title: string; tone: Card['tone']; lead: string },
): Card {
  return {
    title,
    tone,
    summary: `${title}: ${tasks.map(({ task }) => task.title).join(', ')}.`,
    body: [
      { kind: 'text', text: lead },
      { kind: 'text', text: [{ bold: officialInWords(playbook) }] },
      ...byOwner(tasks, playbook),
      { kind: 'buttons', buttons: showButtons(tasks) },
      { kind: 'note', text: ['To close one: ', { code: '/parallel task name --done --evidence "text or link"' }] },
    ],
  };
}

/** A role is mentioned once, with all of its tasks under it. */
function byOwner(tasks: readonly PlannedTask[], playbook: Playbook): CardElement[] {
  const owners = [...new Set(tasks.map(({ task }) => task.owner))];
  return owners.flatMap((owner): CardElement[] => [
    { kind: 'text', text: roleWithPeople(owner, playbook) },
    {
      kind: 'list',
      items: tasks
        .filter(({ task }) => task.owner === owner)
        .map((one): Span[] => [
          { bold: one.task.title },
          `: ${stateInWords(one, playbook.timeZone)} `,
          { code: one.task.name },
        ]),
    },
  ]);
}
