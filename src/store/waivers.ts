import type { Waiver } from '../core/gates/waiver.ts';
import type { WaiverStore } from '../core/record-stores.ts';
import { toText } from './json.ts';
import { iso, type Query } from './query.ts';

export function waiverStore(query: Query): WaiverStore {
  return {
    async add({ phase, criterion, reason, owner, until, by, at }) {
      await query(
        'insert into gate_waivers (phase, criterion, reason, owner, until, by, at) values ($1, $2, $3, $4, $5, $6, $7)',
        [phase, toText(criterion), toText(reason), toText(owner), until, toText(by), at],
      );
    },
    async list() {
      const { rows } = await query<Omit<Waiver, 'at'> & { at: Date }>(
        `select phase, criterion, reason, owner, until::text as until, by, at from gate_waivers
         order by number desc limit 1000`,
      );
      return rows.map((row) => ({ ...row, at: iso(row.at) }));
    },
  };
}
