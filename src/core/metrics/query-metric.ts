import { parseMoment } from '../checks/readiness.ts';
import { parseDecimal } from '../numbers/decimal.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Metric } from '../playbook/team.ts';
import { type Rows, SourceError } from '../sources.ts';
import type { Services } from '../services.ts';
import { type ReadValue, withinBounds } from './reading.ts';

export type Queried = { readonly value: string; readonly measuredAt: string } | { readonly problem: string };

/** Asks a metric's query. What goes wrong is said, not thrown. Throws SourceError `cancelled` when the signal fires. */
export async function queryMetric(
  metric: Metric & { readonly query: NonNullable<Metric['query']> },
  { playbook, clock, readFrom }: Pick<Services, 'playbook' | 'clock' | 'readFrom'>,
  signal: AbortSignal,
): Promise<Queried> {
  const { source, sql } = metric.query;
  try {
    return readingOf(await readFrom(source, sql, signal), metric, playbook, clock.now());
  } catch (error) {
    if (!(error instanceof SourceError) || error.code === 'cancelled') throw error;
    return { problem: `${metric.title} could not be measured: ${error.message}` };
  }
}

function readingOf({ columns, rows }: Rows, metric: Metric, { timeZone }: Playbook, now: Date): Queried {
  const failed = (why: string): Queried => ({ problem: `${metric.title} could not be measured: ${why}` });
  const [row] = rows;
  if (row === undefined || rows.length > 1) return failed(`its query gave ${rows.length} rows; it must give one.`);
  const cell = (name: string) => row[columns.findIndex((column) => column.toLowerCase() === name)] ?? null;
  const text = cell('value');
  const figure = text === null ? undefined : parseDecimal(text);
  if (figure === undefined) return failed('its query gave no number in the column value.');
  const read: ReadValue = withinBounds(figure, metric);
  if ('problem' in read) return failed(read.problem);
  const given = cell('measured_at');
  const measuredAt = given === null ? now : parseMoment(given, timeZone);
  if (measuredAt === undefined) return failed('its query gave no time in the column measured_at.');
  if (measuredAt > now) return failed('its query gave a time in the future.');
  return { ...read, measuredAt: measuredAt.toISOString() };
}
