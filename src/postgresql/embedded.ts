import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { PGlite } from '@electric-sql/pglite';
import { dataDir } from '@electric-sql/pglite-prepopulatedfs';
import pg from 'pg';

/**
 * The wire between `pg` and a PostgreSQL in this process: what the client writes is executed as protocol messages, and
 * what comes back is what it reads. `pg` calls `connect`, `setNoDelay` and the like as on a socket.
 */
class EmbeddedStream extends Duplex {
  readonly #db: PGlite;
  #waiting: Promise<void> = Promise.resolve();

  constructor(db: PGlite) {
    super();
    this.#db = db;
  }

  connect(): this {
    setImmediate(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // Answers are pushed as they come.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#waiting = this.#waiting
      .then(async () => {
        const answer = await this.#db.execProtocolRaw(chunk);
        if (answer.length > 0 && !this.destroyed) this.push(Buffer.from(answer));
      })
      .then(
        () => done(),
        (error: Error) => done(error),
      );
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }
}

/**
 * A `pg` pool over an embedded database. PGlite is one session, so the pool holds one connection: whoever waits for a
 * second one inside a transaction waits for ever. Ending the pool does not close the database.
 */
export function createEmbeddedPool(db: PGlite, options: pg.PoolConfig = {}): pg.Pool {
  return new pg.Pool({
    ...options,
    user: 'postgres',
    database: 'postgres',
    max: 1,
    idleTimeoutMillis: 0,
    stream: () => new EmbeddedStream(db),
  });
}

/**
 * An embedded database in memory, or in the folder at `path`. A new one starts as a copy of a prepared one, in a third
 * of the time that initdb takes; it may be of an earlier minor version, which PostgreSQL reads. On disk it is made
 * beside its path, so that a crash leaves all of it or none.
 */
export async function openEmbeddedDatabase(path?: string): Promise<PGlite> {
  if (path === undefined) return PGlite.create({ loadDataDir: await dataDir() });
  if (!existsSync(path)) {
    const prepared = `${path}.new`;
    await rm(prepared, { recursive: true, force: true });
    const made = await PGlite.create(prepared, { loadDataDir: await dataDir() });
    await made.close();
    await rename(prepared, path);
  }
  return PGlite.create(path);
}
