/** The arguments of a call, whether they came as a form (values are text, objects JSON in text) or as JSON. */
export class Arguments {
  readonly raw: Readonly<Record<string, unknown>>;
  constructor(raw: Readonly<Record<string, unknown>>) {
    this.raw = raw;
  }

  text(name: string): string | undefined {
    const value = this.raw[name];
    if (value === undefined || value === null || value === '') return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  flag(name: string): boolean {
    return ['true', '1'].includes(this.text(name) ?? '');
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }

  /** An object or array; undefined when absent, and `unreadable` when the text is not JSON. */
  json(name: string): unknown {
    const value = this.raw[name];
    if (typeof value !== 'string') return value ?? undefined;
    if (value === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      return unreadable;
    }
  }
}

export const unreadable: unique symbol = Symbol('not JSON');

/**
 * Reads a body of the content types that Slack takes.
 * @throws SyntaxError when it says to be JSON and is not.
 */
export function parseArguments(contentType: string, body: string, query: URLSearchParams): Arguments {
  const fromQuery = Object.fromEntries(query);
  if (body === '') return new Arguments(fromQuery);
  if (!contentType.startsWith('application/json')) {
    return new Arguments({ ...fromQuery, ...Object.fromEntries(new URLSearchParams(body)) });
  }
  const parsed: unknown = JSON.parse(body);
  if (!isRecord(parsed)) throw new SyntaxError('The body is JSON but no object.');
  return new Arguments({ ...fromQuery, ...parsed });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
