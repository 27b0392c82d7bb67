import type pg from 'pg';
import type { KeyBounds } from '../core/rows/key-bounds.ts';
import {
  type Column,
  type HashedEntries,
  type HashedPart,
  type HashedRows,
  type HashMixes,
  type HashWay,
  type KeyRange,
  type MixedRanges,
  type Row,
  type Rows,
  type Snapshot,
  type SomeParts,
  SourceError,
  type WhichRows,
  type Within,
} from '../core/sources.ts';
import { readColumns } from './cells.ts';
import { probe, ownWay } from './hash-probe.ts';
import {
  conditionOf,
  firstAsked,
  firstOf,
  type HashDialect,
  hashQuery,
  isAskedFor,
  isInParts,
  md5Way,
  onlyWhere,
  partOf,
  rangeCondition,
  rangesJoined,
  readAggregates,
} from './hash-sql.ts';
import {
  asSubquery,
  batchRows,
  belowQuery,
  canonicalTexts,
  distinct,
  identifier,
  selectTexts,
} from './ordered-query.ts';
import { packs, postgresqlHashing, rangeOf, unpacked } from './postgresql-hash.ts';
import {
  boundsOf,
  histogramQuery,
  type Plan,
  planOf,
  readsOneTable,
  regionOf,
  uniqueQuery,
} from './postgresql-plan.ts';
import type { PostgresqlSession } from './postgresql-session.ts';
import { setFor, type Settings, settingsFor, settingsToRead, tableSettings } from './postgresql-settings.ts';
import { byCodePoints, canonicalText, columnOf, type PostgresqlColumn } from './postgresql-values.ts';

/** The server packs so many parts in one pass, of less than 1 MB each (see `findByParts`), before it gives them out. */
const partsAPass = 256;

/** Of what `hashQuery` gives. */
const aggregates = (hashed: HashedRows): string[] => [packs(['id', 'row_hash']), ...readAggregates(hashed)];

function entriesOf(hashed: HashedRows, [first, second, ...read]: Row): HashedEntries {
  const [ids, hashes] = [unpacked(first ?? null), unpacked(second ?? null)];
  return { ids, hashes, read: readColumns(hashed, read, ids.length) };
}

function whichOf(hashed: HashedRows, ranges: readonly KeyRange[]): { where: string; join?: string } {
  const [range] = ranges;
  const one = ranges.length === 1 && range !== undefined;
  return one ? { where: rangeCondition(hashed, range) } : rangesJoined(hashed, ranges);
}

function someOf(hashed: HashedRows, which: Exclude<WhichRows, { ranges: unknown }>, dialect: HashDialect): string {
  return 'first' in which
    ? firstOf(hashed.sql, which.first)
    : onlyWhere(hashed.sql, isAskedFor(hashed, which, dialect));
}

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

  async hashWays(): Promise<readonly HashWay[]> {
    const probed = await this.query(probe).catch((error: unknown) => {
      if (error instanceof SourceError && error.code === 'query') return undefined;
      throw error;
    });
    const hashes = probed?.rows[0]?.[0];
    const names = hashes === undefined || hashes === null ? [md5Way] : [ownWay(hashes), md5Way];
    return names.map((name) => ({ name, wholeNumbersOnly: false }));
  }

  async rangeBounds(hashed: HashedRows, rows: number): Promise<KeyBounds | undefined> {
    const [key] = hashed.key;
    const field = (await this.#fields(hashed.sql)).find(({ name }) => name === key?.name);
    const own = hashed.way !== md5Way && hashed.key.length === 1 && key?.form === 'integer';
    if (!own || field === undefined || field.tableID === 0) return undefined;
    const plan = await this.#plan(hashed.sql);
    if (!readsOneTable(plan)) return undefined;
    const { rows: found } = await this.query(histogramQuery(field));
    const region = regionOf(found[0]);
    if (region === undefined) return undefined;
    const last = await this.query(region.lastKeyQuery);
    return boundsOf(region, { all: plan['Plan Rows'], each: rows, last: BigInt(last.rows[0]?.[0] ?? 0) });
  }

  async mixRanges(hashed: HashedRows, bounds: KeyBounds, of: MixedRanges): Promise<HashMixes> {
    const { within, together } = of;
    const key = `${identifier(hashed.key[0]?.name ?? '')}::bigint`;
    const grouped = { group: rangeOf(key, bounds), where: rangeCondition(hashed, within) };
    return this.#mix(hashed, grouped, { groups: Math.ceil((bounds.count + 1) / together), together });
  }

  async mixParts(hashed: HashedRows, parts: number): Promise<HashMixes> {
    const group = partOf(hashed, parts, await this.#dialect(hashed));
    return this.#mix(hashed, { group }, { groups: parts, together: 1 });
  }

  async #mix(
    hashed: HashedRows,
    grouped: { readonly group: string; readonly where?: string },
    { groups, together }: { readonly groups: number; readonly together: number },
  ): Promise<HashMixes> {
    const query = hashQuery(hashed, await this.#dialect(hashed), { ...grouped, once: together > 1 });
    const [group, shifted] =
      together === 1
        ? ['row_group', '']
        : [
            `row_group >> ${Math.log2(together)}`,
            `, bit_xor(row_hash << (row_group & ${together - 1})::integer) AS shifted`,
          ];
    const names = ['row_group', 'rows', 'mix', ...(together === 1 ? [] : ['shifted'])];
    const mixed = `SELECT ${packs(names)} FROM (SELECT (${group})::bigint AS row_group,
      count(*) AS rows, bit_xor(row_hash) AS mix${shifted} FROM (${query}) AS hashed GROUP BY 1) AS mixed`;
    const { rows } = await this.#with(tableSettings, () => this.query(mixed));
    const [found, counts, hashes, shifts = hashes] = (rows[0] ?? []).map(unpacked);
    const all = [new Int32Array(groups), new BigInt64Array(groups), new BigInt64Array(groups)] as const;
    for (const [index, group] of (found ?? []).entries()) {
      all[0][Number(group)] = Number(counts?.[index] ?? 0n);
      all[1][Number(group)] = hashes?.[index] ?? 0n;
      all[2][Number(group)] = shifts?.[index] ?? 0n;
    }
    return { rows: all[0], mixes: all[1], shifted: all[2] };
  }

  async hashRows(hashed: HashedRows, which: WhichRows): Promise<HashedEntries> {
    const dialect = await this.#dialect(hashed);
    const query =
      'ranges' in which
        ? hashQuery(hashed, dialect, whichOf(hashed, which.ranges))
        : hashQuery({ ...hashed, sql: someOf(hashed, which, dialect) }, dialect);
    const packed = `SELECT ${aggregates(hashed).join(', ')} FROM (${query}) AS hashed`;
    const settings = settingsFor(which);
    const { rows } = await this.#with(settings, () => this.#session.ask(packed));
    return entriesOf(hashed, rows[0] ?? []);
  }

  async keyIsUnique({ sql, key }: HashedRows): Promise<boolean> {
    const fields = (await this.#fields(sql)).filter(({ name }) => key.some((column) => column.name === name));
    const [first] = fields;
    const ofOneTable =
      first !== undefined && first.tableID !== 0 && fields.every(({ tableID }) => tableID === first.tableID);
    if (!ofOneTable || !readsOneTable(await this.#plan(sql))) return false;
    const columns = fields.map(({ columnID }) => columnID);
    return (await this.query(uniqueQuery(first.tableID, columns))).rows.length > 0;
  }

  async *hashParts(hashed: HashedRows, parts: number, within?: SomeParts): AsyncGenerator<HashedPart> {
    const dialect = await this.#dialect(hashed);
    const group = partOf(hashed, parts, dialect);
    const some = within === undefined ? hashed.sql : someOf(hashed, within, dialect);
    for (let from = 0; from < parts; from += partsAPass) {
      const to = Math.min(parts, from + partsAPass);
      const all = parts === to - from;
      const sql = all ? some : onlyWhere(some, isInParts(hashed, { parts, from, count: to - from }, dialect));
      const query = hashQuery({ ...hashed, sql }, dialect, { group });
      const empty = new Set(Array.from({ length: to - from }, (_, index) => from + index));
      const packed = ['row_group', ...aggregates(hashed)].join(', ');
      for await (const [row = []] of this.#fetch(
        `SELECT ${packed} FROM (${query}) AS hashed GROUP BY row_group`,
        1,
        tableSettings,
      )) {
        const part = Number(row[0]);
        empty.delete(part);
        yield { part, ...entriesOf(hashed, row.slice(1)) };
      }
      for (const part of empty) yield { part, ...entriesOf(hashed, []) };
    }
  }

  async *readInOrder(
    sql: string,
    columns: readonly string[],
    keys: number,
    within?: Within,
  ): AsyncGenerator<readonly Row[]> {
    const { title } = this.#session;
    const found = await this.#columns(sql);
    const texts = canonicalTexts({ title, found, columns, canonical: canonicalText });
    const first = within === undefined ? undefined : firstAsked(within);
    const where = within === undefined ? undefined : conditionOf(within, postgresqlHashing(found));
    const selected = selectTexts(first === undefined ? sql : firstOf(sql, first), texts, where);
    const by = texts.slice(0, keys).map((text) => `${text} ${byCodePoints} NULLS FIRST`);
    const ordered = `${selected} ORDER BY ${by.join(', ')}`;
    yield* this.#fetch(ordered, batchRows, settingsToRead(within));
  }

  /** The rows of a query in batches. */
  async *#fetch(sql: string, atOnce: number, settings: Settings): AsyncGenerator<readonly Row[]> {
    const reset = await setFor(this.#session, settings);
    try {
      await this.#session.ask(`DECLARE compared NO SCROLL CURSOR FOR ${sql}`);
      for (;;) {
        const { rows } = await this.#session.ask(`FETCH ${atOnce} FROM compared`);
        if (rows.length > 0) yield rows;
        if (rows.length < atOnce) return;
      }
    } finally {
      // Also where none was declared, which is no error then.
      if (this.#session.isOpen) await this.#session.ask('CLOSE ALL');
      await reset();
    }
  }

  async #with<T>(settings: Settings, work: () => Promise<T>): Promise<T> {
    const reset = await setFor(this.#session, settings);
    try {
      return await work();
    } finally {
      await reset();
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

  async #dialect({ sql }: HashedRows): Promise<HashDialect> {
    return postgresqlHashing(await this.#columns(sql));
  }

  async #columns(sql: string): Promise<readonly PostgresqlColumn[]> {
    const fields = await this.#fields(sql);
    const columns = fields.map(({ name, dataTypeID, dataTypeModifier }) =>
      columnOf(name, dataTypeID, dataTypeModifier),
    );
    return distinct(this.#session.title, columns);
  }
}
