import type { IncidentStore } from '../core/record-stores.ts';
import type { Incident, NewIncident } from '../core/triggers/incident.ts';
import { toText } from './json.ts';
import { iso, isoOrNull, type Query } from './query.ts';

interface Row
  extends Pick<
    Incident,
    'trigger' | 'state' | 'count' | 'figure' | 'limit' | 'command' | 'source' | 'reported' | 'reason'
  > {
  number: string;
  opened_by: string;
  opened_at: Date;
  firing_at: Date;
  acted_by: string | null;
  snoozed_until: Date | null;
  cleared_at: Date | null;
}

const written =
  `trigger state opened_by opened_at firing_at count figure "limit" command source reported acted_by reason
  snoozed_until cleared_at`.split(/\s+/);
const values = written.map((_, index) => `$${index + 1}`).join(', ');
const insert = `insert into incidents (${written.join(', ')}) values (${values})
  on conflict (trigger) where state <> 'cleared' do nothing returning number`;
const update = `update incidents set (${written.join(', ')}) = row(${values}) where number = $${written.length + 1}`;

export function incidentStore(query: Query): IncidentStore {
  const select = async (rest: string, parameters: readonly unknown[] = []): Promise<Incident[]> =>
    (await query<Row>(`select * from incidents ${rest}`, parameters)).rows.map(toIncident);
  return {
    lockNewest: async (trigger) =>
      (await select('where trigger = $1 order by number desc limit 1 for update', [trigger]))[0],
    find: async (number) => (await select('where number = $1', [number]))[0],
    lock: async (number) => (await select('where number = $1 for update', [number]))[0],
    open: () => select("where state <> 'cleared' order by number"),
    list: (limit) => select('order by number desc limit $1', [limit]),

    async save(incident) {
      if ('number' in incident) {
        await query(update, [...parametersOf(incident), incident.number]);
        return incident;
      }
      const { rows } = await query<{ number: string }>(insert, parametersOf(incident));
      return rows[0] === undefined ? undefined : { ...incident, number: Number(rows[0].number) };
    },
  };
}

function parametersOf(one: Incident | NewIncident): unknown[] {
  const text = (value: string | null): string | null => (value === null ? null : toText(value));
  return [
    one.trigger,
    one.state,
    toText(one.openedBy),
    one.openedAt,
    one.firingAt,
    one.count,
    toText(one.figure),
    toText(one.limit),
    text(one.command),
    text(one.source),
    one.reported,
    text(one.actedBy),
    toText(one.reason),
    one.snoozedUntil,
    one.clearedAt,
  ];
}

function toIncident({ opened_by, opened_at, firing_at, acted_by, snoozed_until, cleared_at, ...row }: Row): Incident {
  return {
    ...row,
    number: Number(row.number),
    openedBy: opened_by,
    openedAt: iso(opened_at),
    firingAt: iso(firing_at),
    actedBy: acted_by,
    snoozedUntil: isoOrNull(snoozed_until),
    clearedAt: isoOrNull(cleared_at),
  };
}
