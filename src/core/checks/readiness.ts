import type { Playbook } from '../playbook/playbook.ts';
import { decimalText, parseDecimal } from '../numbers/decimal.ts';
import type { Rows, Side } from '../sources.ts';
import { addDays, instantOf, isDate, localDate, weekday } from '../time/local-time.ts';
import type { Batch } from './run.ts';

/** What the readiness queries gave; absent where the playbook asks none. */
export interface ReadinessRows {
  readonly sync?: Rows;
  readonly inputs?: Readonly<Record<Side, Rows>>;
}

type Settings = Pick<Playbook, 'readiness' | 'timeZone' | 'workingDays'>;

/** Nothing was asked, or nothing could be: the batch of a run that says why it is not ready. */
export function batchNotReady(reasons: readonly string[]): Batch {
  return {
    ready: false,
    reasons,
    date: null,
    syncStartedAt: null,
    syncFinishedAt: null,
    syncSeconds: null,
    syncWithinLimit: null,
    syncLimitMinutes: null,
    rowsSent: null,
    rowsLoaded: null,
  };
}

/**
 * Whether the batch is complete and comparable (L21, L26): the last sync run is finished, of the wanted date, loaded all
 * that was sent, and both sides worked on the same inputs. Every reason against it is said.
 */
export function judgeReadiness(settings: Settings, rows: ReadinessRows, now: Date): Batch {
  const sync = rows.sync === undefined ? undefined : readSync(settings, rows.sync, now);
  const reasons = [...(sync?.reasons ?? []), ...(rows.inputs === undefined ? [] : compareInputs(rows.inputs))];
  return { ...batchNotReady(reasons), ...sync?.figures, ready: reasons.length === 0 };
}

function readSync(settings: Settings, rows: Rows, now: Date): { figures: Partial<Batch>; reasons: string[] } {
  const [row] = rows.rows;
  if (row === undefined) return { figures: {}, reasons: ['There is no sync run yet.'] };
  if (rows.rows.length > 1) {
    const reason = `The readiness query of the sync gave ${rows.rows.length} rows; it must give the last sync run alone.`;
    return { figures: {}, reasons: [reason] };
  }
  const value = (name: string): string | null => {
    const index = rows.columns.findIndex((column) => column.toLowerCase() === name);
    return index === -1 ? null : (row[index] ?? null);
  };
  const reasons: string[] = [];
  const missing = ['batch_date', 'started_at', 'finished_at', 'rows_sent', 'rows_loaded'].filter(
    (name) => !rows.columns.some((column) => column.toLowerCase() === name),
  );
  if (missing.length > 0) reasons.push(`The readiness query of the sync gives no column ${missing.join(', ')}.`);

  const moment = (name: string): Date | null => {
    const text = value(name);
    if (text === null) return null;
    const parsed = parseMoment(text, settings.timeZone);
    if (parsed === undefined) reasons.push(`The sync's ${name} is not a time: ${text.slice(0, 40).toWellFormed()}.`);
    return parsed ?? null;
  };
  const started = moment('started_at');
  const finished = moment('finished_at');
  const date = value('batch_date')?.slice(0, 10) ?? null;
  const rowCount = (name: string): string | null => {
    const text = value(name);
    const number = text === null ? undefined : parseDecimal(text);
    if (text !== null && number === undefined) reasons.push(`The sync's ${name} is not a number.`);
    return number === undefined ? null : decimalText(number);
  };
  const [rowsSent, rowsLoaded] = [rowCount('rows_sent'), rowCount('rows_loaded')];

  if (missing.length === 0 && value('started_at') === null) reasons.push('The sync run does not say when it started.');
  if (missing.length === 0 && value('finished_at') === null) reasons.push('The sync run has not finished yet.');
  if (started !== null && finished !== null && finished < started) {
    reasons.push('The sync run claims to finish before it started.');
  }
  if (finished !== null && finished > now) reasons.push('The sync run claims to finish in the future.');
  const wanted = wantedDate(settings, now);
  if (wanted !== undefined && date !== wanted) {
    reasons.push(`The last batch is of ${date ?? 'no date'}; the one of ${wanted} is wanted.`);
  }
  if (rowsSent !== rowsLoaded || rowsSent === null) {
    reasons.push(
      `The sync sent ${rowsSent ?? 'an unknown number of'} rows and loaded ${rowsLoaded ?? 'an unknown number'}.`,
    );
  }
  const milliseconds =
    started === null || finished === null || finished < started ? null : finished.getTime() - started.getTime();
  return {
    reasons,
    figures: {
      date,
      syncStartedAt: started?.toISOString() ?? null,
      syncFinishedAt: finished?.toISOString() ?? null,
      syncSeconds: milliseconds === null ? null : milliseconds / 1000,
      syncWithinLimit: milliseconds === null ? null : milliseconds < settings.readiness.syncLimitMinutes * 60_000,
      syncLimitMinutes: settings.readiness.syncLimitMinutes,
      rowsSent,
      rowsLoaded,
    },
  };
}

function wantedDate({ readiness, timeZone, workingDays }: Settings, now: Date): string | undefined {
  const today = localDate(now, timeZone);
  switch (readiness.batchDate) {
    case 'any':
      return undefined;
    case 'today':
      return today;
    case 'yesterday':
      return addDays(today, -1);
    case 'previousWorkingDay':
      return [1, 2, 3, 4, 5, 6, 7]
        .map((days) => addDays(today, -days))
        .find((day) => workingDays.includes(weekday(day)));
  }
}

/** A database's own text of a time: "2026-11-23 05:41:00.5+00"; one without an offset is in the playbook's zone. */
export function parseMoment(text: string, timeZone: string): Date | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, date = '', time = '', seconds = ':00', offset] = match;
  if (!isDate(date) || time >= '24:00') return undefined;
  if (offset === undefined) {
    return new Date(instantOf(date, time, timeZone).getTime() + Math.round(Number(seconds.slice(1)) * 1000));
  }
  const zone = offset === 'Z' ? 'Z' : offset.length === 3 ? `${offset}:00` : offset.replace(/^(...)(\d\d)$/, '$1:$2');
  const moment = new Date(`${date}T${time}${seconds}${zone}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

/** Values are fingerprints and seeds, and may be long: the column is named, not what it holds. */
function compareInputs(inputs: Readonly<Record<Side, Rows>>): string[] {
  for (const side of ['legacy', 'new'] as const) {
    if (inputs[side].rows.length !== 1) {
      return [`The ${side} readiness query of the inputs gave ${inputs[side].rows.length} rows; it must give one.`];
    }
  }
  const [legacy, now] = [inputs.legacy, inputs.new].map(
    ({ columns, rows: [row] }) => new Map(columns.map((column, index) => [column.toLowerCase(), row?.[index] ?? null])),
  );
  const columns = new Set([...(legacy?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...columns]
    .filter((column) => legacy?.get(column) == null || legacy.get(column) !== now?.get(column))
    .map((column) => `The two systems worked on different inputs (${column} differs), so they can't be compared.`);
}
