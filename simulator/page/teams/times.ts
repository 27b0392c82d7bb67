import type { Reader } from '../text/dates.ts';

/** "{{DATE(2026-01-05T12:00:00Z, SHORT)}}" and "{{TIME(2026-01-05T12:00:00Z)}}", as cards may hold them in their texts. */
const times = /\{\{(DATE|TIME)\(\s*([^(),\s]+)\s*(?:,\s*(COMPACT|SHORT|LONG)\s*)?\)\}\}/g;

const timeStyle: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
const dateStyles: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  COMPACT: { year: 'numeric', month: 'numeric', day: 'numeric' },
  SHORT: { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' },
  LONG: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
};

/**
 * The card with its times as the reader sees them: the renderer by itself knows the browser's zone alone, and these people
 * live in another one. What actions carry stays as it is.
 */
export function withTimes(value: unknown, reader: Pick<Reader, 'locale' | 'timeZone'>): unknown {
  if (typeof value === 'string')
    return value.replace(times, (whole: string, kind: string, moment: string, style: string = 'COMPACT') => {
      const date = new Date(moment);
      if (Number.isNaN(date.getTime())) return whole;
      const options = kind === 'TIME' ? timeStyle : (dateStyles[style] ?? {});
      return new Intl.DateTimeFormat(reader.locale, { ...options, timeZone: reader.timeZone }).format(date);
    });
  if (Array.isArray(value)) return value.map((one) => withTimes(one, reader));
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value);
  return Object.fromEntries(parts.map(([name, part]) => [name, name === 'data' ? part : withTimes(part, reader)]));
}
