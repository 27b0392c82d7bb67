import type { Lesson } from '../core/records/lesson.ts';
import type { LessonStore } from '../core/store.ts';
import { toText } from './json.ts';
import { iso, type Query } from './query.ts';

interface Row {
  number: string;
  date: string;
  category: string;
  learning: string;
  action: string;
  owner: string | null;
  link: string | null;
  discrepancy: string | null;
  recorded_by: string;
  recorded_at: Date;
}

export function lessonStore(query: Query): LessonStore {
  return {
    async add(lesson) {
      const { rows } = await query<{ number: string }>(
        `insert into lessons (date, category, learning, action, owner, link, discrepancy, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning number`,
        [
          lesson.date,
          toText(lesson.category),
          toText(lesson.learning),
          toText(lesson.action),
          lesson.owner === null ? null : toText(lesson.owner),
          lesson.link === null ? null : toText(lesson.link),
          lesson.discrepancy,
          toText(lesson.recordedBy),
          lesson.recordedAt,
        ],
      );
      return { ...lesson, number: Number(rows[0]?.number) };
    },

    async list(limit) {
      const { rows } = await query<Row>(
        `select number, date::text as date, category, learning, action, owner, link, discrepancy, recorded_by, recorded_at
         from lessons order by lessons.date desc, number desc limit $1`,
        [limit],
      );
      return rows.map(toLesson);
    },
  };
}

function toLesson({ number, discrepancy, recorded_by: recordedBy, recorded_at: at, ...rest }: Row): Lesson {
  return {
    ...rest,
    number: Number(number),
    discrepancy: discrepancy === null ? null : Number(discrepancy),
    recordedBy,
    recordedAt: iso(at),
  };
}
