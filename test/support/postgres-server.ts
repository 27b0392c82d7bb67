import { randomBytes } from 'node:crypto';
import pg from 'pg';

const given = process.env['TEST_DATABASE_URL'] ?? '';

/** Whether the suite was given a server. */
export const onServer = given !== '';

/** The throw-away server that the suite was given, as a superuser. Fails clearly when there is none. */
export function serverUrl(): URL {
  if (!onServer) {
    throw new Error('Set TEST_DATABASE_URL to a throw-away PostgreSQL server, as a superuser, to run this suite.');
  }
  return new URL(given);
}

/** A database of one test's own, dropped with everything in it by `drop`. */
export async function createDatabase(): Promise<{
  url: URL;
  query(sql: string): Promise<pg.QueryResult>;
  drop(): Promise<void>;
}> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: serverUrl().href });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = serverUrl();
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  client.on('error', () => undefined);
  return {
    url,
    query: (sql) => client.query(sql),
    drop: async () => {
      await client.end();
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}
