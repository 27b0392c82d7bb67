import pg from 'pg';
import type { ProbeFinding, RefusedProbe } from '../core/probes/probe.ts';

const connectTimeoutMilliseconds = 10_000;
const statementTimeoutMilliseconds = 30_000;

/** The class of logins that were refused, and the codes of what somebody may not do, or nobody on this server. */
const loginRefused = /^28/;
const statementRefused = new Set(['42501', '25006']);

/**
 * Tries one statement with the credentials of somebody who must be refused, in a transaction that is always rolled back.
 * Refused is a login that the server rejects, a privilege that is missing (SQLSTATE 42501) and a database that is
 * read-only (25006); a server that can't be reached, or any other error, shows nothing.
 */
export async function probeRefusal({ url, statement }: RefusedProbe, signal: AbortSignal): Promise<ProbeFinding> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'parallel-run probe',
    connectionTimeoutMillis: connectTimeoutMilliseconds,
    query_timeout: statementTimeoutMilliseconds + 5_000,
    statement_timeout: statementTimeoutMilliseconds,
  });
  // A connection that breaks is told by the call that it breaks.
  client.on('error', () => undefined);
  const cancel = (): void => void client.end().catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    await client.connect();
    await client.query('begin');
    // A named statement is one statement: nothing can follow it outside the transaction.
    await client.query({ name: 'probe', text: statement });
    await client.query('rollback');
    return { verdict: 'fail', said: 'The statement went through, and was rolled back' };
  } catch (error) {
    return findingOf(error);
  } finally {
    signal.removeEventListener('abort', cancel);
    await client.end().catch(() => undefined);
  }
}

function findingOf(error: unknown): ProbeFinding {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (loginRefused.test(code)) return { verdict: 'pass', said: `The login was refused (SQLSTATE ${code})` };
  if (statementRefused.has(code)) return { verdict: 'pass', said: `The statement was refused (SQLSTATE ${code})` };
  const what = error instanceof pg.DatabaseError ? `the server answered SQLSTATE ${code}` : code || 'no answer';
  return { verdict: 'unknown', said: `Nothing is shown by it: ${what}` };
}
