import { tz } from '@date-fns/tz';
import { format } from 'date-fns/format';
import { localDate, localTime } from './local-time.ts';

const utc = tz('UTC');

/** "Mon 23 Nov 2026", from yyyy-mm-dd. */
export function formatDate(date: string): string {
  return format(date, 'EEE d MMM yyyy', { in: utc });
}

/** "23 Nov", from yyyy-mm-dd, where the year is plain. */
export function formatShortDate(date: string): string {
  return format(date, 'd MMM', { in: utc });
}

/** "07:12", in the zone. */
export const formatTime = localTime;

/** "Mon 23 Nov 2026, 07:12", in the zone. */
export function formatDateTime(instant: Date, timeZone: string): string {
  return `${formatDate(localDate(instant, timeZone))}, ${localTime(instant, timeZone)}`;
}

/** "850 ms", "42 s", "42 min", "1 h 05 min", "3 d 2 h": whole units, rounded down. Milliseconds, not negative. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return `${Math.round(milliseconds)} ms`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const onTimeMilliseconds = 120_000;

/** "due 07:00, posted 07:12"; undefined when it is at most two minutes late. The day is named when it is another one. */
export function formatLateness(due: Date, posted: Date, timeZone: string): string | undefined {
  if (posted.getTime() - due.getTime() <= onTimeMilliseconds) return undefined;
  const sameDay = localDate(due, timeZone) === localDate(posted, timeZone);
  const shown = sameDay ? formatTime : formatDateTime;
  return `due ${shown(due, timeZone)}, posted ${shown(posted, timeZone)}`;
}
