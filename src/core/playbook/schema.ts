import { z } from 'zod';
import { isDate, isTimeZone } from '../time/local-time.ts';
import { identifier, minutes, name, percentage, query, text, time } from './primitives.ts';
import { runbooks } from './runbook-schema.ts';
import { team } from './team-schema.ts';

/*
 * The playbook's form. Keys are the same in YAML and in code; docs/playbook.md explains each by example, and a test holds
 * it to that. Descriptions go into the JSON Schema that editors show.
 */

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** An empty text counts as unset, so that a setting may be left empty. */
const startDate = z
  .union([z.null(), z.string()], 'must be a date such as 2026-11-23, or be left empty')
  .transform((value) => (value === null || value.trim() === '' ? null : value.trim()))
  .refine((value) => value === null || isDate(value), 'must be a date such as 2026-11-23, or be left empty')
  .describe('The first day of the parallel run, yyyy-mm-dd. Nothing is scheduled while it is empty.');

/** People may be written as a list, or as one text with blanks between, so that a setting can hold several. */
const people = z
  .union([z.array(z.string()), z.string()], 'must be a list of people, or one text with blanks between them')
  .transform((value) => (typeof value === 'string' ? value.split(/[\s,]+/) : value).filter((person) => person !== ''))
  .pipe(
    z.array(
      z
        .string()
        .regex(
          /^slack:[UWS][A-Z0-9]+$|^teams:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^terminal:\S+$/,
          'must be "slack:" and the id of a user or user group, "teams:" and the object id of a user in lower case, or "terminal:" and the name of a user of this machine',
        ),
    ),
  );

/** One id, or several as a list or as one text with blanks between: of Slack, of Teams ("19:…"), or of both. */
const channel = z
  .union([z.array(z.string()), z.string()], 'must be the id of a channel, or a list of them')
  .transform((value) => (typeof value === 'string' ? value.split(/[\s,]+/) : value).filter((id) => id !== ''))
  .pipe(z.array(z.string()).min(1, 'must be the id of a channel').max(4, 'must be at most 4 channels'));

/** Each purpose has one channel, which messages name, and those beside it, which get copies. */
function firstOfEach({
  reconciliation,
  alerts,
  fallback,
  stakeholders,
}: Record<'reconciliation' | 'alerts', string[]> & Partial<Record<'fallback' | 'stakeholders', string[] | undefined>>) {
  const beside: Record<string, string[]> = {};
  const first = ([one = '', ...others]: string[]): string => {
    if (others.length > 0) beside[one] = [...new Set([...(beside[one] ?? []), ...others])];
    return one;
  };
  return {
    reconciliation: first(reconciliation),
    alerts: first(alerts),
    ...(fallback === undefined ? {} : { fallback: first(fallback) }),
    ...(stakeholders === undefined ? {} : { stakeholders: first(stakeholders) }),
    beside,
  };
}

const tolerance = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(%|points)$/, 'must be a number and a unit, such as "0.1 %" or "0.5 points"')
  .transform((value) => {
    const amount = /^[\d.]+/.exec(value)?.[0] ?? '0';
    return { amount, unit: value.endsWith('%') ? ('%' as const) : ('points' as const) };
  })
  .describe('What still passes: "0 %", "0.1 %", "0.5 points". Exactly at the tolerance passes.');

const statementTimeoutSeconds = z.int().min(1).max(86_400).default(300);
const source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('postgresql'),
    title: text,
    url: text.refine((value) => /^postgres(ql)?:\/\//.test(value), 'must be a URL that begins with postgresql://'),
    statementTimeoutSeconds,
    connections: z.int().min(1).max(20).default(2),
  }),
  z.strictObject({ kind: z.literal('duckdb'), title: text, path: text, statementTimeoutSeconds }),
  z.strictObject({
    kind: z.literal('files'),
    title: text,
    files: z.record(
      z.string().regex(/^[a-z_][a-z0-9_]*$/, 'must be a table name of lower case letters, digits and underscores'),
      z.strictObject({
        path: text.refine((value) => /\.(csv|parquet)$/i.test(value), 'must end in .csv or .parquet'),
        types: z
          .record(z.string(), z.string().regex(/^[A-Za-z][A-Za-z0-9_(), ]*$/, 'must be a DuckDB type'))
          .optional(),
      }),
    ),
    statementTimeoutSeconds,
  }),
]);

const explainedBy = {
  comparison: name,
  where: z
    .record(z.string(), z.array(z.string()).min(1))
    .default({})
    .describe('Only rows whose columns have one of these values, in common terms, count'),
  sum: text.optional().describe('The column that is added up; left out: rows are counted'),
};
const explainedByRows = z
  .strictObject(explainedBy)
  .describe('The comparison whose rows explain the variance, and which of them count');
const explainedGrowth = z
  .strictObject({
    ...explainedBy,
    year: z.union([text, z.int()]).describe('The column with the year of a row, or the one year of all of them'),
  })
  .describe('The comparison whose rows explain the growth, and which of them count');

const check = {
  name,
  title: text,
  legacy: query,
  new: query,
  tolerance,
  severity: z.literal([1, 2, 3]).describe('1 investigate at once, 2 review, 3 log'),
  owner: identifier.describe('A role of this playbook'),
  action: text.describe('What its owner does when it fails, in words'),
  critical: z.boolean().default(false),
};
/** What all kinds have in common, to be told of also where the kind itself is none. */
export const anyCheck = z.looseObject(check);
export const anySource = z.looseObject({ title: text, statementTimeoutSeconds });

const codes = z.record(z.string(), z.string());

const checks = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('scalar'), ...check, explainedBy: explainedByRows.optional() }),
      z.strictObject({
        kind: z.literal('distribution'),
        ...check,
        by: z.array(z.string().min(1)).min(1).max(4),
        mapping: z.record(z.string(), z.strictObject({ legacy: codes.optional(), new: codes.optional() })).default({}),
        newOnly: z.record(z.string(), z.array(z.string())).default({}),
        explainedBy: explainedByRows.optional(),
      }),
      z.strictObject({
        kind: z.literal('growth'),
        ...check,
        years: z.tuple([z.int().min(1900).max(2200), z.int().min(1900).max(2200)]),
        explainedBy: explainedGrowth.optional(),
      }),
    ]),
  )
  .min(1, 'must have at least one check');

const rowTolerance = z
  .string()
  .regex(
    /^\d+(\.\d+)?\s*(%|seconds)?$|^\d{1,2}\s*decimals$/,
    'must be a number such as "0.01", or one with a unit, such as "0.1 %", "2 decimals" or "60 seconds"',
  )
  .transform((value) => {
    const amount = /^[\d.]+/.exec(value)?.[0] ?? '0';
    const unit = (['%', 'decimals', 'seconds'] as const).find((one) => value.endsWith(one));
    return { amount, unit: unit ?? ('absolute' as const) };
  })
  .describe('What still counts as the same: "0.01", "0.1 %", "2 decimals", "60 seconds".');

const comparisons = z
  .array(
    z.strictObject({
      name,
      title: text,
      legacy: query,
      new: query,
      key: z.array(text).min(1).max(8).describe('The columns of both queries that together name a row'),
      agreement: percentage
        .prefault('100 %')
        .describe('Passes when more than this share of the rows agrees; "100 %": all of them.'),
      ignore: z.array(text).default([]).describe('Columns that are not compared'),
      columns: z
        .record(
          z.string(),
          z.strictObject({
            tolerance: rowTolerance.optional(),
            minimum: z
              .string()
              .regex(/^-?\d+(\.\d+)?$/, 'must be a number in quotes, such as "0"')
              .optional()
              .describe('No value may be less: a negative pay is damage'),
            mapping: z.strictObject({ legacy: codes.optional(), new: codes.optional() }).optional(),
          }),
        )
        .default({}),
      segments: z
        .array(
          z
            .string()
            .min(1)
            .transform((value) => {
              const [, part, column] = /^(year|month) of (.+)$/.exec(value) ?? [];
              return column === undefined
                ? { column: value, part: 'value' as const }
                : { column, part: part as 'year' | 'month' };
            }),
        )
        .max(8)
        .default([])
        .describe('By what rows that do not agree are gathered: a column, "year of hired" or "month of hired"'),
      noun: z.tuple([text, text]).default(['row', 'rows']).describe('What a row is, one and several: [person, people]'),
      limits: z
        .strictObject({
          minutes: z.int().min(1).max(1_440).optional(),
          rows: z.int().min(10_000).optional(),
          differing: percentage.optional(),
        })
        .default({})
        .describe('A comparison that comes to one of these ends early, with what is known so far'),
      baseline: query.optional().describe("Legacy's own copy or last load: what differs from it is noise"),
      confirmAfterSeconds: z
        .int()
        .min(1)
        .max(900)
        .optional()
        .describe('A side is still written to: what differs is compared again after so long'),
      changed: z
        .strictObject({ legacy: query.optional(), new: query.optional(), withinMinutes: minutes.default(15) })
        .optional()
        .describe('When a side was last changed: only where that is not long ago is what differs compared again'),
    }),
  )
  .default([]);

const readiness = z.strictObject({
  sync: z.strictObject({ source: z.enum(['legacy', 'new']), query }).optional(),
  batchDate: z.enum(['today', 'yesterday', 'previousWorkingDay', 'any']).default('any'),
  inputs: z.strictObject({ legacy: query, new: query }).optional(),
  deadline: time,
  retryMinutes: minutes.default(15),
  syncLimitMinutes: minutes.default(60),
});

export const playbookSchema = z.strictObject({
  name: text,
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone such as America/New_York'),
  workingDays: z
    .array(z.enum(days))
    .min(1)
    .transform((names) => names.map((day) => days.indexOf(day) + 1).sort((one, other) => one - other)),
  startDate,
  channels: z
    .strictObject({
      reconciliation: channel,
      alerts: channel,
      fallback: channel
        .optional()
        .describe('Where an alert goes that nobody acknowledged, or that its channel does not take'),
      stakeholders: channel.optional().describe('Where notices go that somebody sends to the stakeholders'),
    })
    .transform(firstOfEach)
    .describe("The channels' ids, not their names; several where what is said in one is to be said in all of them"),
  roles: z.record(
    identifier,
    z.strictObject({ title: text, people, deputy: identifier.optional().describe('The role that stands in for it') }),
  ),
  people: z
    .array(z.strictObject({ name: text, accounts: people }))
    .default([])
    .describe(
      'People with several accounts, such as "slack:U012ABC", "teams:<object id>" and "terminal:ana": each counts once',
    ),
  sources: z.strictObject({ legacy: source, new: source }),
  readiness,
  checks,
  comparisons,
  differingRows: z
    .strictObject({
      roles: z.array(identifier).default([]).describe('Roles whose people may have the rows in a file'),
      keptDays: z.int().min(0).max(3_650).default(30).describe('How many days they are kept in the store'),
    })
    .prefault({}),
  ...team,
  runbooks,
  schedules: z.strictObject({
    dailyReconciliation: z.strictObject({ at: time, days: z.enum(['working', 'every']).default('working') }),
    missedReport: z.strictObject({ at: time }),
    weeklyCheckpoint: z
      .strictObject({ day: z.enum(days).transform((day) => days.indexOf(day) + 1), at: time })
      .optional()
      .describe('When the weekly validation meeting is'),
    reminders: z.strictObject({ at: time }).default({ at: '09:00' }),
  }),
});
