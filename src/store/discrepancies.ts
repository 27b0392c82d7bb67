import type { Discrepancy } from '../core/records/discrepancy.ts';
import type { DiscrepancyStore } from '../core/store.ts';
import { toJson, toText } from './json.ts';
import { iso, isoOrNull, type Query } from './query.ts';

type Figures = Pick<Discrepancy, 'legacy' | 'new' | 'difference' | 'variance' | 'unit' | 'reason'>;

interface Row {
  check_name: string;
  key: string;
  state: Discrepancy['state'];
  severity: Discrepancy['severity'];
  owner: string;
  first_seen_at: Date;
  opened_at: Date;
  last_seen_at: Date;
  last_run: string;
  occurrences: number;
  resolved_at: Date | null;
  resolved_run: string | null;
  figures: Figures;
  suppressed: boolean;
}

export function discrepancyStore(query: Query): DiscrepancyStore {
  return {
    async of(checks) {
      const { rows } = await query<Row>(
        'select * from discrepancies where check_name = any($1) order by number for update',
        [checks],
      );
      return rows.map(toDiscrepancy);
    },

    async open() {
      const { rows } = await query<Row>(`select * from discrepancies where state = 'open' order by opened_at, number`);
      return rows.map(toDiscrepancy);
    },

    async save(discrepancies) {
      for (const one of discrepancies) {
        const { legacy, new: now, difference, variance, unit, reason } = one;
        const figures: Figures = { legacy, new: now, difference, variance, unit, reason };
        await query(
          `insert into discrepancies (check_name, key, state, severity, owner, first_seen_at, opened_at, last_seen_at,
             last_run, occurrences, resolved_at, resolved_run, figures, suppressed)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
           on conflict (check_name, key) do update set state = excluded.state, severity = excluded.severity,
             owner = excluded.owner, opened_at = excluded.opened_at, last_seen_at = excluded.last_seen_at,
             last_run = excluded.last_run, occurrences = excluded.occurrences, resolved_at = excluded.resolved_at,
             resolved_run = excluded.resolved_run, figures = excluded.figures, suppressed = excluded.suppressed`,
          [
            toText(one.check),
            toText(one.key),
            one.state,
            one.severity,
            toText(one.owner),
            one.firstSeenAt,
            one.openedAt,
            one.lastSeenAt,
            one.lastRun,
            one.occurrences,
            one.resolvedAt,
            one.resolvedRun,
            toJson(figures),
            one.suppressed,
          ],
        );
      }
    },
  };
}

function toDiscrepancy(row: Row): Discrepancy {
  return {
    check: row.check_name,
    key: row.key,
    state: row.state,
    severity: row.severity,
    owner: row.owner,
    firstSeenAt: iso(row.first_seen_at),
    openedAt: iso(row.opened_at),
    lastSeenAt: iso(row.last_seen_at),
    lastRun: row.last_run,
    occurrences: row.occurrences,
    resolvedAt: isoOrNull(row.resolved_at),
    resolvedRun: row.resolved_run,
    ...row.figures,
    suppressed: row.suppressed,
  };
}
