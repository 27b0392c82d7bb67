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
      .then(() => this.#execute(chunk))
      .then(
        () => done(),
        (error: Error) => done(error),
      );
  }

  /** A query with values is five messages, which `pg` hands over at once: together they are executed in half the time. */
  override _writev(chunks: { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'binary', done);
  }

  /** As a stream: in its other ways PGlite reads every answer as well, and keeps what it read until it is asked itself. */
  async #execute(messages: Buffer): Promise<void> {
    const answers: Buffer[] = [];
    await this.#db.execProtocolRawStream(messages, {
      // The bytes lie in the database's own memory, which goes on changing.
      onRawData: (bytes) => void answers.push(Buffer.from(bytes)),
    });
    if (answers.length > 0 && !this.destroyed) this.push(Buffer.concat(answers));
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
