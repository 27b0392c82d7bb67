import pg from 'pg';
import { type Source, SourceError } from '../core/sources.ts';
import { bounded, cancelled } from './bounded.ts';
import { unreachable } from './postgresql-errors.ts';
import { PostgresqlSession, type PostgresqlSettings } from './postgresql-session.ts';
import { PostgresqlSnapshot } from './postgresql-snapshot.ts';

const connectTimeoutMilliseconds = 10_000;

/**
 * A PostgreSQL database, read through one bounded pool in one REPEATABLE READ READ ONLY transaction a snapshot. With
 * `sharedPool` that pool is used and left open.
 */
export function createPostgresqlSource(settings: PostgresqlSettings, sharedPool?: pg.Pool): Source {
  const server = sharedPool === undefined ? connectTo(settings) : undefined;
  const pool = sharedPool ?? new pg.Pool({ ...server?.connection, max: settings.connections });
  const onIdleError = (): void => {
    // The pool has dropped the connection; the next snapshot takes a new one.
  };
  if (sharedPool === undefined) pool.on('error', onIdleError);
  const where = server?.where ?? 'its pool';
  const sessions = new Set<PostgresqlSession>();

  return {
    async open(signal) {
      const client = await takeClient(pool, settings.title, where, signal);
      const session = new PostgresqlSession({ client, settings, where, signal, connection: server?.connection });
      sessions.add(session);
      session.whenClosed = () => sessions.delete(session);
      try {
        await session.begin();
      } catch (error) {
        await session.close();
        throw error;
      }
      return new PostgresqlSnapshot(session);
    },
    async close() {
      for (const session of sessions) await session.close();
      if (sharedPool === undefined && !pool.ended) await pool.end();
    },
  };
}

/** The driver's settings, and host and database for people: never the URL, which holds the password. */
function connectTo({ title, url }: PostgresqlSettings): { connection: pg.ClientConfig; where: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new Error(
      `The address of ${title} is not a PostgreSQL URL: write postgresql://user:password@host:5432/database, with special characters in the password percent-encoded.`,
    );
  }
  return {
    where: `${parsed.host || (parsed.searchParams.get('host') ?? 'localhost')}${parsed.pathname}`,
    connection: {
      connectionString: url,
      application_name: 'parallel-run',
      connectionTimeoutMillis: connectTimeoutMilliseconds,
      keepAlive: true,
    },
  };
}

async function takeClient(
  pool: pg.Pool,
  title: string,
  where: string,
  signal: AbortSignal | undefined,
): Promise<pg.PoolClient> {
  if (signal?.aborted === true) throw cancelled(title);
  const arriving = pool.connect();
  let given = false;
  try {
    const limits = { title, doing: 'give a connection', milliseconds: connectTimeoutMilliseconds + 1_000, signal };
    const client = await bounded(arriving, limits, async () => undefined);
    given = true;
    return client;
  } catch (error) {
    if (error instanceof SourceError && error.code === 'cancelled') throw error;
    throw unreachable(title, where, error);
  } finally {
    // Nobody waits for it any more when it comes late.
    if (!given) void arriving.then((client) => client.release()).catch(() => undefined);
  }
}
