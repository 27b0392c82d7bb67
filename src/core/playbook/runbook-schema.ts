import { z } from 'zod';
import { identifier, minutes, name, text, time } from './primitives.ts';
import { seat } from './team-schema.ts';

/* The form of runbooks: what a rollback and the day of the cutover are carried out by. */

const perUnit = { min: 1, h: 60, d: 1_440 } as const;

const at = z
  .string()
  .regex(
    /^(([01]\d|2[0-3]):[0-5]\d|\+\s*\d{1,4}\s*(min|h|d))$/,
    'must be a time of day such as "08:00", or "+2 h", "+1 d"',
  )
  .transform((value) => {
    const [, amount, unit] = /^\+\s*(\d+)\s*(min|h|d)$/.exec(value) ?? [];
    return amount === undefined
      ? { local: value }
      : { afterMinutes: Number(amount) * perUnit[unit as keyof typeof perUnit] };
  })
  .describe('When it begins: "08:00" on the day of the start, or so long after the start: "+30 min", "+2 h", "+1 d"');

const step = {
  name,
  title: text,
  owner: identifier.describe('A role of this playbook: its people do it; its deputy stands in'),
  at,
  minutes: minutes.describe('How long it is planned to take'),
  after: z.array(name).optional().describe('Earlier steps that must be done first; left out: the one before; []: none'),
  undo: z.string().trim().default('').describe('How it is taken back; empty: there is nothing to take back'),
};
const summary = z
  .boolean()
  .default(false)
  .describe('True: when it is time, the checks, the open discrepancies and the metrics of the moment are told with it');
const evidence = text.describe('What is asked for when it is closed, in words');

const decided = z
  .strictObject({
    ...step,
    kind: z.literal('decision'),
    seats: z.array(seat).min(1),
    typed: text.max(60).nullable().default(null),
  })
  .transform(({ seats, ...rest }) => ({
    ...rest,
    evidence: 'The decision',
    decision: { seats, hours: 24, ordered: false, excludesAsker: false, reason: 'against' as const, sealed: false },
  }));

export const runbooks = z
  .array(
    z.strictObject({
      name,
      title: text,
      startedBy: z.array(identifier).default([]).describe('Roles that start, pause, move and abort it'),
      needsGo: z.boolean().default(false).describe('True: it starts only after a GO'),
      pointOfNoReturn: name.optional().describe('The step from which there is no way back within the window'),
      window: z
        .strictObject({ ends: time, rollbackMinutes: minutes })
        .optional()
        .describe('When it must be over, and how long the way back takes'),
      steps: z
        .array(
          z.union([
            z.strictObject({ ...step, kind: z.literal('task').default('task'), evidence, summary }),
            z.strictObject({ ...step, kind: z.literal('check'), evidence: text.default('The run') }),
            z.strictObject({ ...step, kind: z.literal('probe'), probe: name, evidence: text.default('The probe') }),
            decided,
          ]),
        )
        .min(1),
    }),
  )
  .default([])
  .describe('Ordered steps on a clock, such as a rollback and the day of the cutover');
