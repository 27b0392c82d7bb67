import type { Lesson } from '../core/records/lesson.ts';
import type { LessonStore } from '../core/record-stores.ts';
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
  blocks: Lesson['blocks'];
  evidence: string | null;
  done_by: string;
  done_at: Date;
  recorded_by: string;
  recorded_at: Date;
}

export function lessonStore(query: Query): LessonStore {
  return {
    async add(lesson) {
      const { rows } = await query<{ number: string }>(
        `insert into lessons (date, category, learning, action, owner, link, discrepancy, recorded_by, recorded_at, blocks)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning number`,
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
          lesson.blocks,
        ],
      );
      return { ...lesson, number: Number(rows[0]?.number), done: null };
    },

    async finish(lesson, { evidence, by, at }) {
      const { rowCount } = await query(
        'insert into lessons_done (lesson, evidence, by, at) values ($1, $2, $3, $4) on conflict (lesson) do nothing',
        [lesson, toText(evidence), toText(by), at],
      );
      return rowCount === 1;
    },

    async list(limit) {
      const { rows } = await query<Row>(
        `select number, date::text as date, category, learning, action, owner, link, discrepancy, blocks, recorded_by,
           recorded_at, done.evidence, done.by as done_by, done.at as done_at
         from lessons left join lessons_done done on done.lesson = number
         order by lessons.date desc, number desc limit $1`,
        [limit],
      );
      return rows.map(toLesson);
    },
  };
}

function toLesson(row: Row): Lesson {
  const { number, discrepancy, evidence, date, category, learning, action, owner, link, blocks } = row;
  return {
    number: Number(number),
    date,
    category,
    learning,
    action,
    owner,
    link,
    discrepancy: discrepancy === null ? null : Number(discrepancy),
    blocks,
    done: evidence === null ? null : { evidence, by: row.done_by, at: iso(row.done_at) },
    recordedBy: row.recorded_by,
    recordedAt: iso(row.recorded_at),
  };
}
