import type { Form } from '../form.ts';
import { reasonLength } from '../records/verbs.ts';
import type { Act } from './act.ts';
import type { Runbook } from './runbook.ts';

/** What people may do with a runbook that goes on. */
export interface RunbookVerb {
  readonly name: string;
  readonly title: string;
  /** `step`: the next word names one. */
  readonly of: 'step' | 'runbook';
  /** `owner`: the step's owner, or the deputy; `lead`: the roles that start it. */
  readonly who: 'owner' | 'lead';
  fields(runbook: Runbook, step: string | undefined): Form['fields'];
  act(values: Readonly<Record<string, string>>, step: string): Act;
}

const text = (name: string, label: string, hint?: string): Form['fields'][number] => ({
  name,
  label,
  ...(hint === undefined ? {} : { hint }),
  kind: 'text',
  lines: 'many',
  maxLength: reasonLength,
  required: true,
});
const why = [text('reason', 'Why')];

export const runbookVerbs: readonly RunbookVerb[] = [
  {
    name: 'ready',
    title: 'I am ready',
    of: 'step',
    who: 'owner',
    fields: () => [],
    act: (_values, step) => ({ kind: 'ready', step }),
  },
  {
    name: 'begin',
    title: 'Begin the step',
    of: 'step',
    who: 'owner',
    fields: () => [],
    act: (_values, step) => ({ kind: 'begin', step }),
  },
  {
    name: 'done',
    title: 'The step is done',
    of: 'step',
    who: 'owner',
    fields: ({ definition }, step) => [
      text('evidence', 'Evidence', definition.steps.find(({ name }) => name === step)?.evidence),
    ],
    act: ({ evidence = '' }, step) => ({ kind: 'done', step, evidence }),
  },
  {
    name: 'fail',
    title: 'The step failed',
    of: 'step',
    who: 'owner',
    fields: () => why,
    act: ({ reason = '' }, step) => ({ kind: 'fail', step, evidence: reason }),
  },
  {
    name: 'undone',
    title: 'It is taken back',
    of: 'step',
    who: 'owner',
    fields: ({ definition }, step) => [
      text('evidence', 'Evidence', definition.steps.find(({ name }) => name === step)?.undo),
    ],
    act: ({ evidence = '' }, step) => ({ kind: 'undone', step, evidence }),
  },
  {
    name: 'pause',
    title: 'Pause',
    of: 'runbook',
    who: 'lead',
    fields: () => why,
    act: ({ reason = '' }) => ({ kind: 'pause', reason }),
  },
  {
    name: 'resume',
    title: 'Go on',
    of: 'runbook',
    who: 'lead',
    fields: () => [],
    act: () => ({ kind: 'resume' }),
  },
  {
    name: 'move',
    title: 'Move what is left',
    of: 'runbook',
    who: 'lead',
    fields: () => [
      {
        name: 'minutes',
        label: 'By how many minutes',
        kind: 'number',
        required: true,
        minimum: '-1440',
        maximum: '10080',
      },
      ...why,
    ],
    act: ({ minutes = '0', reason = '' }) => ({ kind: 'move', minutes: Math.round(Number(minutes)), reason }),
  },
  {
    name: 'abort',
    title: 'Abort',
    of: 'runbook',
    who: 'lead',
    fields: ({ name }) => [
      {
        name: 'confirm',
        label: `Type "abort ${name}"`.slice(0, 48),
        kind: 'text',
        lines: 'one',
        maxLength: 60,
        required: true,
      },
      ...why,
    ],
    act: ({ reason = '' }) => ({ kind: 'abort', reason }),
  },
];
