import type { LessonStore } from '../core/store.ts';
import { toText } from './json.ts';
import { iso, type Query } from './query.ts';

interface Row {
  date: string;
  category: string;
  learning: string;
  action: string;
  owner: string | null;
  recorded_by: string;
  recorded_at: Date;
}

export function lessonStore(query: Query): LessonStore {
  return {
    async add(lesson) {
      const { date, category, learning, action, owner, recordedBy, recordedAt } = lesson;
      await query(
        `insert into lessons (date, category, learning, action, owner, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          date,
          toText(category),
          toText(learning),
          toText(action),
          owner === null ? null : toText(owner),
          toText(recordedBy),
          recordedAt,
        ],
      );
    },

    async list(limit) {
      const { rows } = await query<Row>(
        `select date::text as date, category, learning, action, owner, recorded_by, recorded_at
         from lessons order by lessons.date desc, number desc limit $1`,
        [limit],
      );
      return rows.map(({ recorded_by: recordedBy, recorded_at: recordedAt, ...rest }) => ({
        ...rest,
        recordedBy,
        recordedAt: iso(recordedAt),
      }));
    },
  };
}
