import type { Playbook } from '../playbook/playbook.ts';
import { nameOfRunbook, type Runbook, type RunbookDefinition, type StepTime } from '../runbooks/runbook.ts';
import { formatDateTime } from '../time/format.ts';
import type { Card } from './card.ts';
import { roleTitle } from './people-words.ts';

/** The runbooks of the playbook, and those that go on or have ended. */
export function runbooksCard(known: readonly Runbook[], { runbooks, timeZone }: Playbook): Card {
  const open = known.filter(({ endedAt }) => endedAt === null);
  const title =
    open.length === 0 ? 'No runbook goes on' : `${open.map(({ definition }) => definition.title).join(', ')} goes on`;
  return {
    title,
    tone: open.length === 0 ? 'neutral' : 'warning',
    summary: `${title}.`,
    body: [
      { kind: 'list', items: runbooks.map((one) => [{ bold: one.name }, ` ${one.title}, ${one.steps.length} steps`]) },
      {
        kind: 'table',
        columns: ['', 'Runbook', 'State', 'Started'].map((label) => ({ label, align: 'left' })),
        rows: known.map((one) => [
          nameOfRunbook(one),
          `${one.rehearsal === null ? '' : 'Rehearsal: '}${one.definition.title}`,
          one.state,
          formatDateTime(new Date(one.startedAt), timeZone),
        ]),
      },
      {
        kind: 'buttons',
        buttons: open.slice(0, 5).map((one) => ({
          label: `Show ${nameOfRunbook(one)}`,
          command: `runbook ${one.number}`,
          style: 'default',
        })),
      },
    ],
  };
}

/** A runbook as the playbook has it, before it is started. */
export function runbookPlanCard({ title, steps, needsGo }: RunbookDefinition, playbook: Playbook): Card {
  return {
    title: `${title}: not started`,
    tone: 'neutral',
    summary: `${title} has ${steps.length} steps and is not started.`,
    body: [
      ...(needsGo ? [{ kind: 'text' as const, text: 'It starts only after a GO.' }] : []),
      {
        kind: 'table',
        columns: ['Step', 'At', 'Minutes', 'Who'].map((label) => ({ label, align: 'left' })),
        rows: steps.map((step) => [
          step.title,
          stepTimeInWords(step.at),
          String(step.minutes),
          roleTitle(step.owner, playbook),
        ]),
      },
    ],
  };
}

/** "09:00" on the day of the start, or "+2 h" after it. */
export const stepTimeInWords = (at: StepTime): string => ('local' in at ? at.local : afterInWords(at.afterMinutes));

function afterInWords(minutes: number): string {
  if (minutes % 1_440 === 0 && minutes > 0) return `+${minutes / 1_440} d`;
  return minutes % 60 === 0 ? `+${minutes / 60} h` : `+${minutes} min`;
}
