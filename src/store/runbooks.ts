import type { RunbookStore } from '../core/record-stores.ts';
import type { Runbook } from '../core/runbooks/runbook.ts';
import { toJson, toText } from './json.ts';
import { iso, isoOrNull, type Query } from './query.ts';

interface Row
  extends Pick<Runbook, 'name' | 'definition' | 'state' | 'about' | 'reason' | 'steps' | 'channel' | 'rehearsal'> {
  number: string;
  anchor: Date;
  moved_minutes: number;
  started_by: string;
  started_at: Date;
  ended_at: Date | null;
  hung_at: Date | null;
}

export function runbookStore(query: Query): RunbookStore {
  const select = async (rest: string, values: readonly unknown[] = []): Promise<Runbook[]> =>
    (await query<Row>(`select * from runbooks ${rest}`, values)).rows.map(toRunbook);
  return {
    find: async (number) => (await select('where number = $1', [number]))[0],
    lock: async (number) => (await select('where number = $1 for update', [number]))[0],
    open: () => select('where ended_at is null order by number'),
    list: (limit) => select('order by number desc limit $1', [limit]),

    async start(one) {
      const { rows } = await query<{ number: string }>(
        `insert into runbooks (name, definition, state, anchor, moved_minutes, started_by, started_at, about, reason, steps, channel, rehearsal)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (name, (rehearsal is null)) where ended_at is null do nothing returning number`,
        [
          one.name,
          toJson(one.definition),
          one.state,
          one.anchor,
          one.movedMinutes,
          toText(one.startedBy),
          one.startedAt,
          toText(one.about),
          toText(one.reason),
          toJson(one.steps),
          one.channel,
          one.rehearsal === null ? null : toJson(one.rehearsal),
        ],
      );
      return rows[0] === undefined ? undefined : { ...one, number: Number(rows[0].number) };
    },

    async save({ number, state, anchor, movedMinutes, endedAt, reason, steps, hungAt }) {
      await query(
        `update runbooks set state = $2, anchor = $3, moved_minutes = $4, ended_at = $5, reason = $6, steps = $7, hung_at = $8
         where number = $1`,
        [number, state, anchor, movedMinutes, endedAt, toText(reason), toJson(steps), hungAt],
      );
    },
  };
}

function toRunbook({ moved_minutes, started_by, started_at, ended_at, hung_at, ...row }: Row): Runbook {
  return {
    ...row,
    number: Number(row.number),
    anchor: iso(row.anchor),
    movedMinutes: moved_minutes,
    startedBy: started_by,
    startedAt: iso(started_at),
    endedAt: isoOrNull(ended_at),
    hungAt: isoOrNull(hung_at),
  };
}
