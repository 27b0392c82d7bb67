import type { FeedbackStore } from '../core/record-stores.ts';
import { toText } from './json.ts';
import { iso, type Query } from './query.ts';

export function feedbackStore(query: Query): FeedbackStore {
  return {
    async add({ text, by, at }) {
      const { rows } = await query<{ number: string }>(
        'insert into feedback (text, by, at) values ($1, $2, $3) returning number',
        [toText(text), toText(by), at],
      );
      return { number: Number(rows[0]?.number), text, by, at };
    },
    async list(limit) {
      const { rows } = await query<{ number: string; text: string; by: string; at: Date }>(
        'select number, text, by, at from feedback order by number desc limit $1',
        [limit],
      );
      return rows.map(({ number, text, by, at }) => ({ number: Number(number), text, by, at: iso(at) }));
    },
  };
}
