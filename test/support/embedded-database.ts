import type { PGlite } from '@electric-sql/pglite';
import { atTheEnd } from './at-the-end.ts';
import { openEmbeddedDatabase } from '../../src/postgresql/embedded.ts';

/**
 * Embedded databases in memory that one process uses again and again, since one takes a second to make: to close one is
 * to give it back. `clean` undoes, as the superuser, whatever was done in it.
 */
export function reuse(make: () => Promise<PGlite>, clean: (db: PGlite) => Promise<void>): () => Promise<PGlite> {
  const idle: PGlite[] = [];
  return async () => {
    const lent = idle.pop();
    if (lent !== undefined) return lent;
    const db = await make();
    const end = db.close.bind(db);
    atTheEnd(end);
    db.close = async () => {
      for (const statement of ['rollback', 'discard all']) await db.exec(statement);
      await clean(db);
      await db.exec('discard all');
      idle.push(db);
    };
    return db;
  };
}

/** An empty database, for a test to write into. */
export const emptyDatabase = reuse(
  () => openEmbeddedDatabase(),
  async (db) => {
    await db.exec(`
      do $$
      declare made text;
      begin
        for made in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' loop
          execute format('drop schema %I cascade', made);
        end loop;
        for made in select rolname from pg_roles where rolname !~ '^(pg_|postgres$)' loop
          execute format('drop owned by %I cascade', made);
          execute format('drop role %I', made);
        end loop;
        create schema public;
        grant all on schema public to public;
      end $$`);
  },
);
