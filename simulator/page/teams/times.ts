import type { Reader } from '../text/dates.ts';

/** "{{DATE(2026-01-05T12:00:00Z, SHORT)}}" and "{{TIME(2026-01-05T12:00:00Z)}}", as cards may hold them in their texts. */
const times = /\{\{(DATE|TIME)\(\s*([^(),\s]+)\s*(?:,\s*(COMPACT|SHORT|LONG)\s*)?\)\}\}/g;

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
  if (typeof value === 'string') return value.replace(times, (...found) => timeOf(found, reader));
  if (Array.isArray(value)) return value.map((one) => withTimes(one, reader));
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value);
  return Object.fromEntries(parts.map(([name, part]) => [name, name === 'data' ? part : withTimes(part, reader)]));
}

function timeOf(found: readonly unknown[], { locale, timeZone }: Pick<Reader, 'locale' | 'timeZone'>): string {
  const [whole, kind, moment, style = 'COMPACT'] = found.slice(0, 4).map((part) => part ?? undefined);
  const date = new Date(String(moment));
  if (Number.isNaN(date.getTime())) return String(whole);
  const options: Intl.DateTimeFormatOptions =
    kind === 'TIME' ? { hour: 'numeric', minute: '2-digit' } : (dateStyles[String(style)] ?? {});
  return new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(date);
}
