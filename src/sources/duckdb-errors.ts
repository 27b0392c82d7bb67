import { SourceError } from '../core/sources.ts';

/** A conversion that fails quotes the value, which may be somebody's pay. */
export function duckdbError(title: string, error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const message = /^(Conversion|Constraint|Out of Range|Invalid Input) Error/.test(first)
    ? withoutValues(first)
    : first;
  return new SourceError('query', `${title} refused a query: ${message}.`);
}

function withoutValues(message: string): string {
  return message.replace(/"[^"]*"|'[^']*'|\d[\d.,]*/g, '…');
}
