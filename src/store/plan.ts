import type { TaskChange } from '../core/phases/task-change.ts';
import type { StartDateStore, TaskStore } from '../core/record-stores.ts';
import { toText } from './json.ts';
import { iso, type Query } from './query.ts';

export function startDateStore(query: Query): StartDateStore {
  return {
    async newest() {
      const { rows } = await query<{ number: number; date: string; weeks: number; set_by: string; set_at: Date }>(
        'select number, date::text as date, extension_weeks as weeks, set_by, set_at from start_dates order by number desc limit 1',
      );
      const [row] = rows;
      return row === undefined
        ? undefined
        : {
            number: row.number,
            date: row.date,
            extensionWeeks: row.weeks,
            setBy: row.set_by,
            setAt: iso(row.set_at),
          };
    },

    async add({ number, date, extensionWeeks, setBy, setAt }) {
      const { rowCount } = await query(
        'insert into start_dates (number, date, set_by, set_at, extension_weeks) values ($1, $2, $3, $4, $5) on conflict do nothing',
        [number, date, toText(setBy), setAt, extensionWeeks],
      );
      return rowCount === 1;
    },
  };
}

interface Row {
  task: string;
  number: number;
  state: TaskChange['state'];
  changed_by: string;
  changed_by_name: string;
  changed_at: Date;
  evidence: string;
  people: number | null;
}

export function taskStore(query: Query): TaskStore {
  return {
    async history(task) {
      const { rows } = await query<Row>('select * from task_changes where task = $1 order by number', [toText(task)]);
      return rows.map(toChange);
    },

    async latest() {
      const { rows } = await query<Row>('select distinct on (task) * from task_changes order by task, number desc');
      return rows.map(toChange);
    },

    async add({ task, number, state, by, byName, at, evidence, people }) {
      const { rowCount } = await query(
        `insert into task_changes (task, number, state, changed_by, changed_by_name, changed_at, evidence, people)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
        [toText(task), number, state, toText(by), toText(byName), at, toText(evidence), people],
      );
      return rowCount === 1;
    },
  };
}

function toChange(row: Row): TaskChange {
  const { changed_by: by, changed_by_name: byName, changed_at: at, ...rest } = row;
  return { ...rest, by, byName, at: iso(at) };
}
