import type { Reading } from '../core/metrics/reading.ts';
import type { MetricStore } from '../core/record-stores.ts';
import { toText } from './json.ts';
import { iso, type Query } from './query.ts';

interface Row {
  key: string;
  metric: string;
  value: string;
  measured_at: Date;
  recorded_at: Date;
  recorded_by: string;
  note: string;
}

const columns = 'r.key, r.metric, r.value::text as value, r.measured_at, r.recorded_at, r.recorded_by, r.note';

export function metricStore(query: Query): MetricStore {
  return {
    async add(reading) {
      const { key, metric, value, measuredAt, recordedAt, recordedBy, note } = reading;
      const { rowCount } = await query(
        `insert into metric_readings (key, metric, value, measured_at, recorded_at, recorded_by, note)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (key) do nothing`,
        [toText(key), metric, value, measuredAt, recordedAt, toText(recordedBy), toText(note)],
      );
      return rowCount === 1;
    },

    async find(key) {
      const { rows } = await query<Row>(`select ${columns} from metric_readings r where r.key = $1`, [toText(key)]);
      return rows.map(toReading)[0];
    },

    async newest(metric, limit) {
      const { rows } = await query<Row>(
        `select ${columns} from metric_readings r where r.metric = $1
         order by r.measured_at desc, r.number desc limit $2`,
        [metric, limit],
      );
      return rows.map(toReading);
    },

    async acceptBaseline({ reading, acceptedAt, acceptedBy }) {
      const { rowCount } = await query(
        `insert into metric_baselines (metric, reading, accepted_at, accepted_by) values ($1, $2, $3, $4)
         on conflict (reading) do nothing`,
        [reading.metric, toText(reading.key), acceptedAt, toText(acceptedBy)],
      );
      return rowCount === 1;
    },

    async baseline(metric) {
      const { rows } = await query<Row & { accepted_at: Date; accepted_by: string }>(
        `select ${columns}, b.accepted_at, b.accepted_by
         from metric_baselines b join metric_readings r on r.key = b.reading
         where b.metric = $1 order by b.number desc limit 1`,
        [metric],
      );
      const [row] = rows;
      if (row === undefined) return undefined;
      return { reading: toReading(row), acceptedAt: iso(row.accepted_at), acceptedBy: row.accepted_by };
    },
  };
}

function toReading(row: Row): Reading {
  return {
    key: row.key,
    metric: row.metric,
    value: row.value,
    measuredAt: iso(row.measured_at),
    recordedAt: iso(row.recorded_at),
    recordedBy: row.recorded_by,
    note: row.note,
  };
}
