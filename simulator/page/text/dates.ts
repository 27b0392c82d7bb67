/** Who reads: the zone that times are shown in, how they are written, and what "today" is (the simulated day). */
export interface Reader {
  readonly timeZone: string;
  /** BCP 47; the page's words are English, so this only decides the order of day and month, and 12 or 24 hours. */
  readonly locale: string;
  readonly now: Date;
}

/**
 * A time by Slack's format with its tokens in braces, such as "{date_short}, {time}"
 * (https://docs.slack.dev/messaging/formatting-message-text#date-formatting). Unknown tokens stay as they are.
 */
export function formatDate(seconds: number, pattern: string, reader: Reader): string {
  const date = new Date(seconds * 1_000);
  return pattern.replace(/\{(\w+)\}/g, (token, name: string) => formatToken(date, name, reader) ?? token);
}

function formatToken(date: Date, name: string, reader: Reader): string | undefined {
  const pretty = name.endsWith('_pretty') ? prettyDay(date, reader) : undefined;
  if (pretty !== undefined) return pretty;
  switch (name.replace(/_pretty$/, '')) {
    case 'date_num':
      return calendarDay(date, reader.timeZone);
    case 'date_slash':
      return format(date, reader, { year: 'numeric', month: '2-digit', day: '2-digit' });
    case 'date_short':
      return format(date, reader, { year: 'numeric', month: 'short', day: 'numeric' });
    case 'date':
      return format(date, reader, { year: 'numeric', month: 'long', day: 'numeric' });
    case 'date_long':
    case 'day_divider':
      return format(date, reader, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
    case 'time':
      return format(date, reader, { hour: 'numeric', minute: '2-digit' });
    case 'time_secs':
      return format(date, reader, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
    case 'ago':
      return ago(date, reader);
    default:
      return undefined;
  }
}

function format(date: Date, reader: Reader, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(reader.locale, { ...options, timeZone: reader.timeZone }).format(date);
}

/** yyyy-mm-dd in a zone: the key by which messages are grouped into days. */
export function calendarDay(date: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(date);
}

/** "today", "yesterday", "tomorrow", or nothing for any other day. */
function prettyDay(date: Date, reader: Reader): string | undefined {
  const day = Date.parse(calendarDay(date, reader.timeZone));
  const today = Date.parse(calendarDay(reader.now, reader.timeZone));
  const names: Readonly<Record<number, string>> = { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' };
  return names[(day - today) / 86_400_000];
}

function ago(date: Date, reader: Reader): string {
  const seconds = (date.getTime() - reader.now.getTime()) / 1_000;
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60];
  return new Intl.RelativeTimeFormat('en').format(Math.trunc(seconds / size), unit);
}
