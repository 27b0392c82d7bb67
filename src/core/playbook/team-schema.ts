import { z } from 'zod';
import { playbookKinds } from '../decisions/decision.ts';
import { identifier, minutes, name, percentage, query, text } from './primitives.ts';

/* The form of what a playbook says of the team's work around the daily run. */

const week = z.int().min(1).max(4);
const people = z.int().min(0).max(1_000_000);

const task = z.strictObject({
  name,
  title: text,
  phase: z
    .literal([1, 2, 3, 'beforeCutover', 'afterCutover'])
    .describe('1 to 3: four weeks each. The lists around the cutover have no dates until one is planned.'),
  weeks: z.tuple([week, week]).optional().describe('The first and last week within the phase; left out: all four'),
  owner: identifier.describe('A role of this playbook: only its people close the task'),
  evidence: text.describe('What is asked for when the task is closed, in words'),
  people: z
    .strictObject({
      min: people.default(0),
      max: people.optional(),
      all: z.boolean().default(false).describe('True: and of how many, which must be as many'),
    })
    .optional()
    .describe('Closing asks for a number of people, within these limits'),
  decision: z.enum(playbookKinds).optional().describe('The decision that closes it: nobody closes it by hand'),
  probe: name.optional().describe('The probe whose passing closes it: nobody closes it by hand'),
  metric: name
    .optional()
    .describe('The metric whose newest reading is kept as evidence: nobody closes it without one, or with a stale one'),
  after: z.array(name).min(1).optional().describe('Tasks that must be done before it can be'),
  kind: z.enum(['task', 'signOff', 'decision', 'automatic']).default('task').describe('automatic: done by the bot'),
});

const figure = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a number in quotes, such as "0"');

const target = z
  .string()
  .regex(/^[<>]\s*-?\d+(\.\d+)?(\s*[^\s\d.,].{0,19})?$/, 'must be such as "> 99.5 %", "< 2 s" or "> 4"')
  .transform((value) => {
    const [, sign, amount = '0', unit = ''] = /^([<>])\s*(-?\d+(?:\.\d+)?)\s*(.*)$/.exec(value) ?? [];
    return { direction: sign === '>' ? ('above' as const) : ('below' as const), amount, unit: unit.trim() };
  })
  .describe('What is on target: "> 99.5 %", "< 2 s", "> 4 of 5". Exactly at it is not.');

const metrics = z
  .array(
    z.strictObject({
      name,
      title: text,
      target,
      owner: identifier.describe('A role of this playbook: whose people report readings'),
      staleAfterHours: z.int().min(1).max(8_784).describe('An older reading counts for nothing any more'),
      minimum: figure.optional().describe('No reading may be less'),
      maximum: figure.optional().describe('No reading may be more'),
      baseline: z.boolean().default(false).describe('A reading may be accepted as what later ones are compared with'),
      comparison: name.optional().describe('The share of rows that agree in this comparison, in percent'),
      query: z
        .strictObject({ source: z.enum(['legacy', 'new']), sql: query })
        .optional()
        .describe('One row with the column value and, where it has one, measured_at'),
      reported: z.literal(true).optional().describe('People report it, or a program through the webhook'),
    }),
  )
  .default([]);

const criterion = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sync'), name, title: text }),
  z.strictObject({
    kind: z.literal('variance'),
    name,
    title: text,
    below: percentage.describe('No variance of the phase may be so much: "5 %"'),
  }),
  z.strictObject({ kind: z.literal('metric'), name, title: text, metric: name }),
  z.strictObject({ kind: z.literal('register'), name, title: text, register: name }),
  z.strictObject({ kind: z.literal('none'), name, title: text, register: name }),
  z.strictObject({
    kind: z.literal('tasks'),
    name,
    title: text,
    untilWeek: week.optional().describe('Only tasks that begin in that week of the phase or before'),
  }),
]);

const hours = z.int().min(1).max(8_760);
const discrepancies = z
  .strictObject({
    dueHours: z
      .tuple([hours, hours, hours])
      .default([4, 24, 72])
      .describe('Hours until one is due, for severity 1, 2 and 3'),
    unattendedMinutes: z
      .strictObject({ reminder: minutes.default(30), deputy: minutes.default(60), lead: minutes.default(120) })
      .prefault({})
      .describe('Severity 1, and nobody has begun: when the owner is reminded, then deputy and lead are called'),
    lead: identifier.nullable().default(null).describe('The role that is called last'),
    acceptedBy: z.array(identifier).default([]).describe('Roles that may accept one as explained, or reject it'),
    longestAcceptanceDays: z.int().min(1).max(730).default(90),
  })
  .prefault({});

export const seat = z.union([
  identifier.transform((role) => ({ roles: [role], count: 1 })),
  z.strictObject({
    roles: z.array(identifier).min(1).describe('Somebody with any of these roles'),
    count: z.int().min(1).max(20).default(1).describe('So many different people'),
  }),
]);

const decision = z.strictObject({
  seats: z.array(seat).min(1).max(10).describe('Who answers: a role each, or { roles, count }. Nobody counts twice.'),
  hours: z.int().min(1).max(2_160).describe('How long people have to answer: then it has expired'),
  ordered: z.boolean().default(false).describe('True: the seats answer one after the other'),
  excludesAsker: z.boolean().default(false).describe('True: whoever asked does not answer'),
  reason: z.enum(['always', 'against', 'never']).default('against').describe('For which answers a reason is asked for'),
  sealed: z.boolean().default(false).describe('True: nobody sees an answer until all are in'),
});

const threshold = {
  above: percentage.describe('Fires above it: "5 %"; exactly at it does not'),
  clearsBelow: percentage.describe('Clears below it; between the two nothing changes'),
  readings: z.int().min(1).max(20).default(1).describe('So many readings running, to fire as to clear'),
};
const trigger = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('corruption'), name, title: text }),
  z.strictObject({ kind: z.literal('variance'), name, title: text, ...threshold }),
  z.strictObject({
    kind: z.literal('security'),
    name,
    title: text,
    declaredBy: z.array(identifier).min(1).describe('Roles that declare and lift it'),
  }),
  z.strictObject({
    kind: z.literal('degradation'),
    name,
    title: text,
    metric: name.describe('How far above its accepted baseline'),
    ...threshold,
  }),
]);

const probe = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('refused'),
    name,
    title: text,
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must be a PostgreSQL URL')
      .describe('With the credentials to refuse'),
    statement: z.string().trim().min(1).describe('What must be refused; always rolled back'),
  }),
  z.strictObject({
    kind: z.literal('checksum'),
    name,
    title: text,
    path: z.string().min(1).describe('A file whose SHA-256 must stay what it was, within one runbook'),
  }),
  z.strictObject({
    kind: z.literal('closed'),
    name,
    title: text,
    url: z
      .string()
      .refine((value) => /^https?:\/\//.test(value), 'must begin with http:// or https://')
      .describe('A web address that must turn people away'),
  }),
  z.strictObject({ kind: z.literal('alert'), name, title: text }),
  z.strictObject({ kind: z.literal('checks'), name, title: text }),
]);

/** The fields of the playbook that are about it. */
export const team = {
  triggers: z.array(trigger).default([]).describe('What calls for a rollback: it proposes, people decide'),
  probes: z.array(probe).default([]).describe('What the bot tries for itself: tasks and steps of runbooks name them'),
  incidents: z
    .strictObject({
      unacknowledgedMinutes: z
        .strictObject({ reminder: minutes.default(15), deputy: minutes.default(30), fallback: minutes.default(45) })
        .prefault({})
        .describe('When whom is called about a trigger that fired and that nobody acknowledges'),
    })
    .prefault({}),
  decisions: z
    .partialRecord(z.enum(playbookKinds), decision)
    .default({})
    .describe('How each kind of decision is answered'),
  discrepancies,
  lessons: z
    .strictObject({
      categories: z
        .array(text.max(75))
        .min(1)
        .max(50)
        .default(['Data Quality', 'Performance', 'Usability'])
        .describe('What a lesson may be about, the usual first'),
    })
    .prefault({}),
  registers: z
    .array(
      z.strictObject({
        name,
        title: text,
        columns: z
          .array(text.max(40))
          .min(1)
          .max(8)
          .describe('What has to be known of each line: an empty cell is a gap'),
      }),
    )
    .default([]),
  gates: z
    .array(
      z.strictObject({
        phase: z.literal([1, 2, 3]),
        criteria: z.array(criterion).min(1).describe('What must hold before the phase is left'),
      }),
    )
    .default([]),
  surveys: z
    .array(
      z.strictObject({
        name,
        title: text,
        question: text.max(300),
        anonymous: z.boolean().default(false).describe('True: no record ties a person to an answer'),
        roles: z.array(identifier).optional().describe('Whose people it asks, each by themselves; else the channel'),
        days: z.int().min(1).max(60).default(7).describe('How long it is open'),
        metric: name.optional().describe('The reported metric that its mean is a reading of'),
      }),
    )
    .default([]),
  plan: z
    .strictObject({
      startedBy: z.array(identifier).default([]).describe('Roles whose people may set and move the start date'),
    })
    .prefault({}),
  tasks: z.array(task).default([]),
  metrics,
};
