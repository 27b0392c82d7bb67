/**
 * JSON that PostgreSQL takes: it refuses U+0000 and lone surrogates in text, which data from elsewhere may hold. They
 * become U+FFFD.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? toText(inner) : inner));
}

/** The same for a single text. */
export function toText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
