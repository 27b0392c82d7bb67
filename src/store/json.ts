/**
 * JSON that PostgreSQL takes: it refuses U+0000 and lone surrogates in text, which data from elsewhere may hold. They
 * become U+FFFD. JSON.stringify writes both as escapes, and everything else that it escapes is left as it is.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (escape) =>
    escape === '\\u0000' || escape.startsWith('\\ud') ? '\ufffd' : escape,
  );
}

/** The same for a single text. */
export function toText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
