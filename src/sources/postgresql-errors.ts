import pg from 'pg';
import { SourceError } from '../core/sources.ts';

/** SQLSTATE classes after which the connection is of no use: connection exceptions, operator intervention. */
const connectionLost = /^(08|57P0)/;
/** Data exceptions, integrity violations and raised exceptions can quote a row's values. */
const quotesValues = /^(22|23|P0)/;

/** True when the server can't be expected to answer on this connection again. */
export function isConnectionLost(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || connectionLost.test(error.code ?? '');
}

/** Words for what kept the server from being reached: no password, and something even where the error has no message. */
export function unreachable(title: string, where: string, error: unknown): SourceError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said = error instanceof Error && error.message !== '' ? error.message : code || 'no answer';
  return new SourceError('unreachable', `${title} can't be reached at ${where}: ${said}.`);
}

/**
 * Turns what a statement threw into a SourceError. The driver's error is not kept as the cause: its `detail` and
 * `where` hold rows.
 */
export function statementError(title: string, where: string, error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  if (!(error instanceof pg.DatabaseError) || isConnectionLost(error)) return unreachable(title, where, error);
  const state = error.code ?? 'unknown';
  if (state === '57014') {
    return new SourceError('timeout', `${title} ended a query: it ran into the statement timeout (SQLSTATE 57014).`);
  }
  // On a standby, replay takes precedence over readers.
  if (state === '40001' || state === '40P01') {
    return new SourceError(
      'busy',
      `${title} could not keep the snapshot while others were writing (SQLSTATE ${state}).`,
    );
  }
  const message = quotesValues.test(state) ? withoutValues(error.message) : error.message;
  return new SourceError('query', `${title} refused a query: ${message} (SQLSTATE ${state}).`);
}

function withoutValues(message: string): string {
  return message.replace(/: .*$/s, '').replace(/"[^"]*"|\d[\d.,]*/g, '…');
}
