import type { Playbook } from '../playbook/playbook.ts';
import { forecast } from '../runbooks/forecast.ts';
import type { Runbook } from '../runbooks/runbook.ts';
import { formatDateTime, formatTime } from '../time/format.ts';
import type { Card } from './card.ts';
import { roleTitle } from './people-words.ts';

const minute = 60_000;

/** What would follow if a step took so many minutes longer: the finish, the way back, and who is affected. Changes nothing. */
export function whatIfCard(runbook: Runbook, step: string, minutes: number, now: Date, playbook: Playbook): Card {
  const { timeZone } = playbook;
  const as = forecast(runbook, now, timeZone);
  const then = forecast(runbook, now, timeZone, { [step]: minutes });
  const shifted = then.steps.filter((one, index) => {
    const before = as.steps[index];
    return one.step.finishedAt === null && before !== undefined && one.expected.start > before.expected.start;
  });
  const later = Math.round((then.finish - as.finish) / minute);
  const name = runbook.definition.steps.find((one) => one.name === step)?.title ?? step;
  const finish = formatDateTime(new Date(then.finish), timeZone);
  const title =
    later === 0
      ? `${minutes} minutes more for "${name}": the finish stays, ${finish}`
      : `${minutes} minutes more for "${name}": finish ${finish}, ${later} minutes later`;
  const crossing = then.steps.find(({ definition }) => definition.name === runbook.definition.pointOfNoReturn);
  const late =
    then.pointOfNoReturn !== null && crossing !== undefined && crossing.expected.finish > then.pointOfNoReturn;
  const owners = [...new Set(shifted.map(({ definition }) => roleTitle(definition.owner, playbook)))];
  return {
    title,
    tone: late ? 'bad' : later > 0 ? 'warning' : 'good',
    summary: `${title}. Nothing was changed.`,
    body: [
      ...(then.pointOfNoReturn === null || crossing === undefined
        ? []
        : [
            {
              kind: 'text' as const,
              text: `Point of no return: ${formatTime(new Date(then.pointOfNoReturn), timeZone)}. "${crossing.definition.title}" would end at ${formatTime(new Date(crossing.expected.finish), timeZone)}: ${late ? 'too late for the way back' : 'in time'}.`,
            },
          ]),
      { kind: 'text', text: owners.length === 0 ? 'Nobody else is affected.' : `Affected: ${owners.join(', ')}.` },
      {
        kind: 'table',
        columns: ['Step', 'As it is', 'Then'].map((label) => ({ label, align: 'left' })),
        rows: shifted.map(({ definition, expected }) => [
          definition.title,
          formatTime(
            new Date(as.steps.find((one) => one.definition.name === definition.name)?.expected.start ?? 0),
            timeZone,
          ),
          formatTime(new Date(expected.start), timeZone),
        ]),
      },
      { kind: 'note', text: 'Nothing was changed.' },
    ],
  };
}
