import { tz, tzOffset } from '@date-fns/tz';
import { differenceInCalendarDays } from 'date-fns/differenceInCalendarDays';
import { getISODay } from 'date-fns/getISODay';

/*
 * Local dates are "yyyy-mm-dd" and local times "hh:mm", as people write them; instants are Dates. Nothing here depends
 * on the zone that the process runs in.
 */

const minute = 60_000;
const day = 86_400_000;
const utc = tz('UTC');

const quarterHour = 15 * minute;
const mostKept = 20_000;
/** By zone, then by quarter of an hour. */
const offsetsKept = new Map<string, Map<number, number>>();

/**
 * Minutes that a zone's clocks are ahead of UTC. Asking for one formats a date; since 1972 clocks change only on a quarter
 * of an hour, so that one answer holds for all of it.
 */
function offsetAt(timeZone: string, instant: number): number {
  if (instant < 63_072_000_000) return tzOffset(timeZone, new Date(instant));
  const quarter = Math.floor(instant / quarterHour);
  let kept = offsetsKept.get(timeZone);
  if (kept === undefined) offsetsKept.set(timeZone, (kept = new Map()));
  const known = kept.get(quarter);
  if (known !== undefined) return known;
  const offset = tzOffset(timeZone, new Date(quarter * quarterHour));
  if (kept.size >= mostKept) kept.clear();
  kept.set(quarter, offset);
  return offset;
}

/** What an instant's wall clock shows in a zone, as milliseconds of a clock without zones. */
function wallClock(instant: Date, timeZone: string): number {
  return instant.getTime() + offsetAt(timeZone, instant.getTime()) * minute;
}

/** True for an IANA zone that this system knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** By days since 1970: a card asks for the same day again and again, and writing a date takes longer than all the rest. */
const datesKept = new Map<number, string>();

function dateOfDay(days: number): string {
  const known = datesKept.get(days);
  if (known !== undefined) return known;
  const date = new Date(days * day).toISOString().slice(0, 10);
  if (datesKept.size >= mostKept) datesKept.clear();
  datesKept.set(days, date);
  return date;
}

export function localDate(instant: Date, timeZone: string): string {
  return dateOfDay(Math.floor(wallClock(instant, timeZone) / day));
}

/** "hh:mm", 24 hours. */
export function localTime(instant: Date, timeZone: string): string {
  return new Date(wallClock(instant, timeZone)).toISOString().slice(11, 16);
}

/** Days may be negative. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);
}

/** Whole days from one local date to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return differenceInCalendarDays(to, from, { in: utc });
}

/** ISO weekday: 1 Monday to 7 Sunday. */
export function weekday(date: string): number {
  return getISODay(date, { in: utc });
}

/** True for a date that exists, written as yyyy-mm-dd. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text;
}

export type LocalTimeKind = 'once' | 'missing' | 'twice';

/**
 * The instant of a local date and time. `missing`: the clocks go forward over it, and `instant` is the first one after
 * the gap. `twice`: the clocks go back over it, and `instant` is the first of the two.
 */
export function resolveLocalTime(
  date: string,
  time: string,
  timeZone: string,
): { readonly instant: Date; readonly kind: LocalTimeKind } {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  const offsets = new Set([wanted - day, wanted + day].map((at) => offsetAt(timeZone, at)));
  const instants = [...offsets]
    .map((offset) => wanted - offset * minute)
    .filter((at) => wallClock(new Date(at), timeZone) === wanted)
    .sort((one, other) => one - other);
  const [first] = instants;
  if (first === undefined) return { instant: endOfGap(wanted, timeZone), kind: 'missing' };
  return { instant: new Date(first), kind: instants.length > 1 ? 'twice' : 'once' };
}

/** The instant at which the wall clock jumps over `wanted`: the first whose clock shows a later time. */
function endOfGap(wanted: number, timeZone: string): Date {
  let before = wanted - day;
  let behind = wanted + day;
  while (behind - before > 1) {
    const middle = Math.floor((before + behind) / 2);
    if (wallClock(new Date(middle), timeZone) >= wanted) behind = middle;
    else before = middle;
  }
  return new Date(behind);
}

export function instantOf(date: string, time: string, timeZone: string): Date {
  return resolveLocalTime(date, time, timeZone).instant;
}

/** The days from `from` on, over so many years, on which a daily local time does not exist or exists twice. */
export function troubledDays(
  time: string,
  timeZone: string,
  from: string,
  years: number,
): { readonly date: string; readonly kind: Exclude<LocalTimeKind, 'once'> }[] {
  return Array.from({ length: Math.ceil(years * 366) }, (_, index) => addDays(from, index)).flatMap((date) => {
    const { kind } = resolveLocalTime(date, time, timeZone);
    return kind === 'once' ? [] : [{ date, kind }];
  });
}
