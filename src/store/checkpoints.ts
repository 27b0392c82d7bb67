import type { Checkpoint, Minutes } from '../core/checkpoints/checkpoint.ts';
import type { CheckpointStore } from '../core/record-stores.ts';
import { toJson } from './json.ts';
import { iso, isoOrNull, type Query } from './query.ts';

interface Row {
  date: string;
  due_at: Date;
  agenda: Checkpoint['agenda'];
  minutes: Minutes | null;
  missed_at: Date | null;
}

const columns = 'date::text as date, due_at, agenda, minutes, missed_at';

export function checkpointStore(query: Query): CheckpointStore {
  return {
    async open({ date, dueAt, agenda }) {
      const { rowCount } = await query(
        'insert into checkpoints (date, due_at, agenda) values ($1, $2, $3) on conflict (date) do nothing',
        [date, dueAt, toJson(agenda)],
      );
      return rowCount === 1;
    },

    async lock(date) {
      const { rows } = await query<Row>(`select ${columns} from checkpoints where date = $1 for update`, [date]);
      return rows.map(toCheckpoint)[0];
    },

    async save({ date, minutes, missedAt }) {
      await query('update checkpoints set minutes = $2, missed_at = $3 where date = $1', [
        date,
        minutes === null ? null : toJson(minutes),
        missedAt,
      ]);
    },

    async list(limit) {
      const { rows } = await query<Row>(`select ${columns} from checkpoints order by checkpoints.date desc limit $1`, [
        limit,
      ]);
      return rows.map(toCheckpoint);
    },
  };
}

function toCheckpoint({ date, due_at: dueAt, agenda, minutes, missed_at: missedAt }: Row): Checkpoint {
  return { date, dueAt: iso(dueAt), agenda, minutes, missedAt: isoOrNull(missedAt) };
}
