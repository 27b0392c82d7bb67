import type { Acceptance, Discrepancy, Measured, NewDiscrepancy } from '../core/records/discrepancy.ts';
import type { DiscrepancyStore } from '../core/record-stores.ts';
import { toJson, toText } from './json.ts';
import { iso, isoOrNull, type Query } from './query.ts';

type Figures = Pick<Measured, 'legacy' | 'new' | 'difference' | 'variance' | 'unit' | 'reason'>;

interface Row {
  number: string;
  check_name: string | null;
  key: string;
  last_seen_at: Date;
  last_run: string;
  occurrences: number;
  figures: Figures;
  suppressed: boolean;
  title: string | null;
  description: string;
  link: string | null;
  reported_by: string;
  state: Discrepancy['state'];
  severity: Discrepancy['severity'];
  owner: string;
  assignee: string | null;
  first_seen_at: Date;
  opened_at: Date;
  due_at: Date;
  resolved_at: Date | null;
  acted_at: Date | null;
  accepted_amount: string | null;
  accepted_reason: string;
  accepted_by: string;
  accepted_until: string | null;
  snoozed_until: Date | null;
  snooze_reason: string;
}

interface EntryRow {
  number: string;
  at: Date;
  by: string;
  kind: 'comment';
  text: string;
}

/** A date comes as a Date of some zone unless it is asked for as text. */
const columns = '*, accepted_until::text as accepted_until, accepted_amount::text as accepted_amount';
const written =
  'check_name key last_seen_at last_run occurrences figures suppressed title description link reported_by state severity owner assignee first_seen_at opened_at due_at resolved_at acted_at accepted_amount accepted_reason accepted_by accepted_until snoozed_until snooze_reason'.split(
    ' ',
  );
const values = written.map((_, index) => `$${index + 1}`).join(', ');
const insert = `insert into discrepancies (${written.join(', ')}) values (${values}) returning number`;
const update = `update discrepancies set (${written.join(', ')}) = row(${values}) where number = $${written.length + 1}`;

export function discrepancyStore(query: Query): DiscrepancyStore {
  const select = async (rest: string, parameters: readonly unknown[]): Promise<Discrepancy[]> =>
    (await query<Row>(`select ${columns} from discrepancies ${rest}`, parameters)).rows.map(toDiscrepancy);
  return {
    of: (checks) => select('where check_name = any($1) order by number for update', [checks]),
    active: () =>
      select(`where state in ('open', 'investigating', 'explained') order by discrepancies.opened_at, number`, []),
    list: (limit) => select('order by number desc limit $1', [limit]),
    find: async (number) => (await select('where number = $1', [number]))[0],
    lock: async (number) => (await select('where number = $1 for update', [number]))[0],

    async save(discrepancies) {
      const saved: Discrepancy[] = [];
      for (const one of discrepancies) {
        const parameters = parametersOf(one);
        if (one.number === null) {
          const { rows } = await query<{ number: string }>(insert, parameters);
          saved.push({ ...one, number: Number(rows[0]?.number) });
        } else {
          await query(update, [...parameters, one.number]);
          saved.push({ ...one, number: one.number });
        }
      }
      return saved;
    },

    async addEntry({ number, at, by, kind, text }) {
      await query('insert into discrepancy_entries (number, at, by, kind, text) values ($1, $2, $3, $4, $5)', [
        number,
        at,
        toText(by),
        kind,
        toText(text),
      ]);
    },

    async entries(number, limit) {
      const { rows } = await query<EntryRow>(
        'select number, at, by, kind, text from discrepancy_entries where number = $1 order by id desc limit $2',
        [number, limit],
      );
      return rows.map((row) => ({ ...row, number: Number(row.number), at: iso(row.at) }));
    },
  };
}

function parametersOf(one: Discrepancy | NewDiscrepancy): unknown[] {
  const { measured, reported, acceptance, snooze } = one;
  const text = (value: string | null | undefined): string | null => (value == null ? null : toText(value));
  return [
    text(measured?.check),
    text(measured?.key),
    measured?.lastSeenAt ?? null,
    measured?.lastRun ?? null,
    measured?.occurrences ?? null,
    measured === null ? null : toJson(figuresOf(measured)),
    measured?.suppressed ?? null,
    text(reported?.title),
    text(reported?.description),
    text(reported?.link),
    text(reported?.by),
    one.state,
    one.severity,
    toText(one.owner),
    text(one.assignee),
    one.firstSeenAt,
    one.openedAt,
    one.dueAt,
    one.resolvedAt,
    one.actedAt,
    acceptance?.amount ?? null,
    text(acceptance?.reason),
    text(acceptance?.by),
    acceptance?.until ?? null,
    snooze?.until ?? null,
    text(snooze?.reason),
  ];
}

function figuresOf({ legacy, new: now, difference, variance, unit, reason }: Measured): Figures {
  return { legacy, new: now, difference, variance, unit, reason };
}

function toDiscrepancy(row: Row): Discrepancy {
  return {
    number: Number(row.number),
    measured: row.check_name === null ? null : measuredOf(row, row.check_name),
    reported:
      row.title === null
        ? null
        : { title: row.title, description: row.description, link: row.link, by: row.reported_by },
    state: row.state,
    severity: row.severity,
    owner: row.owner,
    assignee: row.assignee,
    firstSeenAt: iso(row.first_seen_at),
    openedAt: iso(row.opened_at),
    dueAt: iso(row.due_at),
    resolvedAt: isoOrNull(row.resolved_at),
    actedAt: isoOrNull(row.acted_at),
    acceptance: acceptanceOf(row),
    snooze: row.snoozed_until === null ? null : { until: iso(row.snoozed_until), reason: row.snooze_reason },
  };
}

function measuredOf(row: Row, check: string): Measured {
  return {
    check,
    key: row.key,
    lastSeenAt: iso(row.last_seen_at),
    lastRun: row.last_run,
    occurrences: row.occurrences,
    ...row.figures,
    suppressed: row.suppressed,
  };
}

function acceptanceOf(row: Row): Acceptance | null {
  if (row.accepted_until === null) return null;
  const { accepted_amount: amount, accepted_reason: reason, accepted_by: by, accepted_until: until } = row;
  return { amount, reason, by, until };
}
