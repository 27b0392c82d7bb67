import type pg from 'pg';
import {
  type Column,
  type HashedEntries,
  type HashedRows,
  type HashSum,
  type Row,
  type Rows,
  type Slice,
  type Snapshot,
  SourceError,
  type Within,
} from '../core/sources.ts';
import { conditionOf, md5Way, sliceQuery } from './hash-sql.ts';
import { asSubquery, batchRows, belowQuery, distinct, orderedQuery } from './ordered-query.ts';
import { postgresqlHashing, probe, recordWay } from './postgresql-hash.ts';
import { boundsOf, histogramQuery, type Plan, planOf, readsOneTable } from './postgresql-plan.ts';
import type { PostgresqlSession } from './postgresql-session.ts';
import { byCodePoints, canonicalText, columnOf, type PostgresqlColumn } from './postgresql-values.ts';

/** What can be asked of a transaction that is open. */
export class PostgresqlSnapshot implements Snapshot {
  readonly #session: PostgresqlSession;
  readonly #described = new Map<string, readonly pg.FieldDef[]>();

  constructor(session: PostgresqlSession) {
    this.#session = session;
  }

  get identity(): string {
    return this.#session.identity;
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async query(sql: string): Promise<Rows> {
    const { fields, rows } = await this.#session.ask(sql);
    return { columns: fields.map(({ name }) => name), rows };
  }

  async describe(sql: string): Promise<readonly Column[]> {
    return (await this.#columns(sql)).map(({ name, kind, forms }) => ({ name, kind, forms }));
  }

  async countBelow(sql: string, column: string, minimum: string): Promise<number> {
    return Number((await this.query(belowQuery(sql, column, minimum))).rows[0]?.[0] ?? 0);
  }

  async estimateRows(sql: string): Promise<number> {
    return (await this.#plan(sql))['Plan Rows'];
  }

  async #plan(sql: string): Promise<Plan> {
    const { rows } = await this.#session.ask(`EXPLAIN (FORMAT JSON) ${asSubquery(sql)}`);
    return planOf(rows);
  }

  async hashWays(): Promise<readonly string[]> {
    const probed = await this.query(probe).catch((error: unknown) => {
      if (error instanceof SourceError && error.code === 'query') return undefined;
      throw error;
    });
    const hashes = probed?.rows[0]?.[0];
    return hashes === undefined || hashes === null ? [md5Way] : [recordWay(hashes), md5Way];
  }

  async rangeBounds(hashed: HashedRows, rows: number): Promise<readonly bigint[] | undefined> {
    const [key] = hashed.key;
    const field = (await this.#fields(hashed.sql)).find(({ name }) => name === key?.name);
    if (hashed.key.length > 1 || key?.form !== 'integer' || field === undefined || field.tableID === 0) {
      return undefined;
    }
    const plan = await this.#plan(hashed.sql);
    if (!readsOneTable(plan)) return undefined;
    const { rows: found } = await this.query(histogramQuery(field));
    return boundsOf(found[0], { all: plan['Plan Rows'], each: rows });
  }

  async sumSlice(hashed: HashedRows, slice: Slice): Promise<HashSum> {
    const query = sliceQuery(hashed, slice, postgresqlHashing(await this.#columns(hashed.sql)));
    const { rows } = await this.query(`SELECT count(*), sum(row_hash) FROM (${query}) AS hashed`);
    const [count, sum] = rows[0] ?? [];
    return { rows: Number(count ?? 0), sum: BigInt.asUintN(64, BigInt(sum ?? '0')) };
  }

  async hashSlice(hashed: HashedRows, slice: Slice): Promise<HashedEntries> {
    const query = sliceQuery(hashed, slice, postgresqlHashing(await this.#columns(hashed.sql)));
    const packed = `SELECT string_agg(int8send(id) || int8send(row_hash), ''::bytea) FROM (${query}) AS hashed`;
    const { rows } = await this.#session.ask(packed);
    // In hexadecimal: the driver reads whatever arrives as text.
    return new Uint8Array(Buffer.from((rows[0]?.[0] ?? '').slice('\\x'.length), 'hex'));
  }

  async *readInOrder(
    sql: string,
    columns: readonly string[],
    keys: number,
    within?: Within,
  ): AsyncGenerator<readonly Row[]> {
    const { title } = this.#session;
    const found = await this.#columns(sql);
    const ordered = orderedQuery({
      title,
      sql,
      found,
      columns,
      keys,
      canonical: canonicalText,
      order: byCodePoints,
      ...(within === undefined ? {} : { where: conditionOf(within, postgresqlHashing(found)) }),
    });
    await this.#session.ask(`DECLARE compared NO SCROLL CURSOR FOR ${ordered}`);
    try {
      for (;;) {
        const { rows } = await this.#session.ask(`FETCH ${batchRows} FROM compared`);
        if (rows.length > 0) yield rows;
        if (rows.length < batchRows) return;
      }
    } finally {
      if (this.#session.isOpen) await this.#session.ask('CLOSE compared');
    }
  }

  /** Asked once: nothing changes within a snapshot. */
  async #fields(sql: string): Promise<readonly pg.FieldDef[]> {
    const known = this.#described.get(sql);
    if (known !== undefined) return known;
    const { fields } = await this.#session.ask(`SELECT * FROM ${asSubquery(sql)} AS described LIMIT 0`);
    this.#described.set(sql, fields);
    return fields;
  }

  async #columns(sql: string): Promise<readonly PostgresqlColumn[]> {
    const fields = await this.#fields(sql);
    const columns = fields.map(({ name, dataTypeID }) => columnOf(name, dataTypeID));
    return distinct(this.#session.title, columns);
  }
}
