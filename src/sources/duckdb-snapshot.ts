import { ahead } from '../core/rows/ahead.ts';
import type { KeyBounds } from '../core/rows/key-bounds.ts';
import type {
  Column,
  HashedEntries,
  HashedPart,
  HashedRows,
  HashMixes,
  HashWay,
  KeyRange,
  MixedRanges,
  Row,
  Rows,
  Snapshot,
  SomeParts,
  WhichRows,
  Within,
} from '../core/sources.ts';
import { readColumns, separatorText } from './cells.ts';
import { chunkReader } from './duckdb-chunk.ts';
import { gathering } from './duckdb-gather.ts';
import { duckdbHashing } from './duckdb-hash.ts';
import type { DuckdbSession } from './duckdb-session.ts';
import { rowsOfTexts, togetherWithLengths } from './duckdb-texts.ts';
import { canonicalText, type DuckdbColumn, withoutExponent } from './duckdb-values.ts';
import { ownWay, probedHere } from './hash-probe.ts';
import {
  conditionOf,
  firstAsked,
  firstOf,
  type HashDialect,
  hashQuery,
  isAskedFor,
  md5Way,
  partOf,
  rangeCondition,
} from './hash-sql.ts';
import { locator } from './locate.ts';
import { halvesOf } from './lookup3.ts';
import { createMixes, createParts, joinEntries, type PartedEntries } from './mixes.ts';
import {
  asSubquery,
  batchRows,
  belowQuery,
  canonicalTexts,
  identifier,
  selectTexts,
  textName,
} from './ordered-query.ts';

/** So many rows are held at once while they are put into parts, about 40 bytes each. */
const rowsHeld = 524_288;
/** So many are asked for as conditions. */
const fewRanges = 16;
/** One statement asks for so many rows: more than ranges have, unless they are not what they were taken for. */
const idsAtOnce = 65_536;
const leastNumber = -(2n ** 63n);
const noParts = new Int32Array();

/** Reads a DuckDB file that was opened for reading only, or tables in memory. */
export class DuckdbSnapshot implements Snapshot {
  readonly #session: DuckdbSession;

  constructor(session: DuckdbSession) {
    this.#session = session;
  }

  get identity(): string {
    return this.#session.identity;
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  query(sql: string): Promise<Rows> {
    return this.#session.query(sql);
  }

  async describe(sql: string): Promise<readonly Column[]> {
    return (await this.#session.columns(sql)).map(({ name, kind, forms }) => ({ name, kind, forms }));
  }

  async countBelow(sql: string, column: string, minimum: string): Promise<number> {
    return Number((await this.query(belowQuery(sql, column, minimum))).rows[0]?.[0] ?? 0);
  }

  async estimateRows(sql: string): Promise<number> {
    const { rows } = await this.query(`SELECT count(*) FROM ${asSubquery(sql)}`);
    return Number(rows[0]?.[0] ?? 0);
  }

  hashWays(): Promise<readonly HashWay[]> {
    return Promise.resolve([
      { name: ownWay(probedHere()), wholeNumbersOnly: true },
      { name: md5Way, wholeNumbersOnly: false },
    ]);
  }

  /** Which rows a group of them holds is known from its least and its greatest value, so that others are not read. */
  rangeBounds({ way }: HashedRows): Promise<'given' | undefined> {
    return Promise.resolve(way === md5Way ? undefined : 'given');
  }

  /** Indexes prove it too, but hardly anybody has one in a file. */
  keyIsUnique(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async mixRanges(hashed: HashedRows, bounds: KeyBounds, of: MixedRanges): Promise<HashMixes> {
    const { within, together } = of;
    const mixes = createMixes(bounds, together);
    for await (const entries of this.#gathered(hashed, rangeCondition(hashed, within))) mixes.take(entries);
    return mixes.result();
  }

  async mixParts(hashed: HashedRows, parts: number): Promise<HashMixes> {
    const [rows, mixes] = [new Int32Array(parts), new BigInt64Array(parts)];
    const add = (part: number, count: number, mix: bigint): void => {
      rows[part] = (rows[part] ?? 0) + count;
      mixes[part] = (mixes[part] ?? 0n) ^ mix;
    };
    const dialect = await this.#dialect(hashed);
    const group = partOf(hashed, parts, dialect);
    if (hashed.way !== md5Way) {
      for await (const { hashes, parts: of } of this.#gathered(hashed, 'true', group)) {
        for (const [index, part] of of.entries()) add(part, 1, hashes[index] ?? 0n);
      }
    } else {
      const query = hashQuery(hashed, dialect, { group });
      const mixed = await this.query(
        `SELECT row_group, count(*), bit_xor(row_hash) FROM (${query}) GROUP BY row_group`,
      );
      for (const [part, count, mix] of mixed.rows) add(Number(part), Number(count), BigInt(mix ?? '0'));
    }
    return { rows, mixes, shifted: mixes };
  }

  async hashRows(hashed: HashedRows, which: WhichRows): Promise<HashedEntries> {
    if ('ranges' in which && which.ranges.length > fewRanges) {
      const ids = await this.#idsWithin(hashed, which.ranges);
      const all: HashedEntries[] = [];
      for (let from = 0; from < ids.length; from += idsAtOnce) {
        all.push(await this.hashRows(hashed, { ids: ids.slice(from, from + idsAtOnce) }));
      }
      return joinEntries(all);
    }
    const some = 'first' in which ? { ...hashed, sql: firstOf(hashed.sql, which.first) } : hashed;
    return this.#entries(some, whichOf(hashed, which, await this.#dialect(hashed)));
  }

  /** Every key is looked at here: as conditions, a thousand ranges would take a hundred times as long. */
  async #idsWithin(hashed: HashedRows, ranges: readonly KeyRange[]): Promise<readonly bigint[]> {
    // A number within a range has one bound more below it than one outside.
    const rangeOf = locator(
      BigInt64Array.from(ranges.flatMap(({ from, to }) => [from ?? leastNumber, ...(to === null ? [] : [to])])),
    );
    const whole = rangeCondition(hashed, { from: ranges[0]?.from ?? null, to: ranges.at(-1)?.to ?? null });
    const key = `CAST(${identifier(hashed.key[0]?.name ?? '')} AS BIGINT)`;
    const query = `SELECT ${key} FROM ${asSubquery(hashed.sql)} AS compared WHERE ${key} IS NOT NULL AND ${whole}`;
    const rawOf = await chunkReader();
    const found: bigint[] = [];
    for await (const chunk of ahead(this.#session.stream(query))) {
      const ids = rawOf(chunk).int64(0).values;
      const halves = halvesOf(ids);
      for (let row = 0; row < ids.length; row += 1) {
        const isWithin = rangeOf(halves[2 * row + 1] as number, halves[2 * row] as number) % 2 === 1;
        if (isWithin) found.push(ids[row] as bigint);
      }
    }
    return found;
  }

  async *hashParts(hashed: HashedRows, parts: number, within?: SomeParts): AsyncGenerator<HashedPart> {
    const dialect = await this.#dialect(hashed);
    const part = partOf(hashed, parts, dialect);
    const some = within === undefined ? 'true' : isAskedFor(hashed, within, dialect);
    if (hashed.way !== md5Way && hashed.read === undefined) yield* this.#partsTogether(hashed, parts, { part, some });
    else {
      for (let at = 0; at < parts; at += 1) {
        yield { part: at, ...(await this.#entries(hashed, `${some} AND (${part}) = ${at}`)) };
      }
    }
  }

  /** As many parts in one pass as can be held. */
  async *#partsTogether(
    hashed: HashedRows,
    parts: number,
    { part, some }: { readonly part: string; readonly some: string },
  ): AsyncGenerator<HashedPart> {
    const rows = await this.estimateRows(hashed.sql);
    const atOnce = Math.min(parts, Math.max(1, Math.floor((parts * rowsHeld) / Math.max(1, rows))));
    for (let first = 0; first < parts; first += atOnce) {
      const count = Math.min(atOnce, parts - first);
      const sorted = createParts(first, count);
      const where = `${some} AND (${part}) BETWEEN ${first} AND ${first + count - 1}`;
      for await (const entries of this.#gathered(hashed, where, part)) sorted.take(entries);
      yield* sorted.result();
    }
  }

  /** Hashed here, in chunks of a few thousand rows. `part`: an expression for the part that a row is in. */
  async *#gathered(hashed: HashedRows, where: string, part?: string): AsyncGenerator<PartedEntries> {
    const found = await this.#session.columns(hashed.sql);
    const { query, read, partsOf } = gathering(hashed, found, duckdbHashing(found));
    const rawOf = await chunkReader();
    for await (const chunk of ahead(this.#session.stream(query(where, part)))) {
      const raw = rawOf(chunk);
      yield { ...read(raw), parts: part === undefined ? noParts : partsOf(raw) };
    }
  }

  async #entries(hashed: HashedRows, where: string): Promise<HashedEntries> {
    if (hashed.way === md5Way) return this.#hashed(hashed, where);
    const all: HashedEntries[] = [];
    for await (const entries of this.#gathered(hashed, where)) all.push(entries);
    return this.#asPrinted(hashed, joinEntries(all));
  }

  async #hashed(hashed: HashedRows, where: string): Promise<HashedEntries> {
    const query = hashQuery(hashed, await this.#dialect(hashed), { where });
    const [ids, hashes]: [bigint[], bigint[]] = [[], []];
    const cells = (hashed.read ?? []).map((): string[] => []);
    for await (const chunk of this.#session.stream(query)) {
      for (const id of chunk.getColumnValues(0)) ids.push(id as bigint);
      for (const hash of chunk.getColumnValues(1)) hashes.push(hash as bigint);
      for (const [index, of] of cells.entries()) {
        for (const cell of chunk.getColumnValues(2 + index)) of.push(cell as string);
      }
    }
    const texts = cells.map((of) => of.join(separatorText));
    const entries = { ids: BigInt64Array.from(ids), hashes: BigInt64Array.from(hashes) };
    return this.#asPrinted(hashed, { ...entries, read: readColumns(hashed, texts, ids.length) });
  }

  /** Numbers that are read without an exponent. */
  async #asPrinted(hashed: HashedRows, { read, ...entries }: HashedEntries): Promise<HashedEntries> {
    if (hashed.read === undefined) return { ...entries, read };
    const plain = areNumbers(
      await this.#session.columns(hashed.sql),
      hashed.read.map(({ name }) => name),
    );
    const printed = read.map((column, index) =>
      plain[index] === true ? { ...column, valueOf: (row: number) => withoutExponent(column.valueOf(row)) } : column,
    );
    return { ...entries, read: printed };
  }

  async *readInOrder(
    sql: string,
    columns: readonly string[],
    keys: number,
    within?: Within,
  ): AsyncGenerator<readonly Row[]> {
    const { title } = this.#session;
    const found = await this.#session.columns(sql);
    const texts = canonicalTexts({ title, found, columns, canonical: canonicalText });
    const first = within === undefined ? undefined : firstAsked(within);
    const where = within === undefined ? undefined : conditionOf(within, duckdbHashing(found));
    const selected = selectTexts(first === undefined ? sql : firstOf(sql, first), texts, where);
    const names = texts.map((_, place) => textName(place));
    const by = names.slice(0, keys).map((name) => `${name} NULLS FIRST`);
    const ordered = `SELECT ${togetherWithLengths(names).join(', ')} FROM (${selected}) ORDER BY ${by.join(', ')}`;
    const plain = areNumbers(found, columns);
    const rawOf = await chunkReader();
    let batch: Row[] = [];
    for await (const chunk of this.#session.stream(ordered)) {
      for (const row of rowsOfTexts(rawOf(chunk), names.length)) {
        batch.push(row.map((text, index) => (plain[index] === true ? withoutExponent(text) : text)));
      }
      if (batch.length < batchRows) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async #dialect({ sql }: HashedRows): Promise<HashDialect> {
    return duckdbHashing(await this.#session.columns(sql));
  }
}

const areNumbers = (found: readonly DuckdbColumn[], names: readonly string[]): boolean[] =>
  names.map((name) => found.some((column) => column.name === name && column.kind === 'number'));

function whichOf(hashed: HashedRows, which: WhichRows, dialect: HashDialect): string {
  if ('first' in which) return 'true';
  if (!('ranges' in which)) return isAskedFor(hashed, which, dialect);
  return ['false', ...which.ranges.map((range) => `(${rangeCondition(hashed, range)})`)].join(' OR ');
}
