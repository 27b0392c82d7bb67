import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { emptyDatabase } from './embedded-database.ts';
import { type Side, type Source, sides } from '../../src/core/sources.ts';
import { createEmbeddedPool } from '../../src/postgresql/embedded.ts';
import { createSource } from '../../src/sources/create-source.ts';
import { createDatabase, onServer } from './postgres-server.ts';

export const engines = ['postgresql', 'duckdb'] as const;
export type Engine = (typeof engines)[number];

/** Two systems of any kind, each with what a test writes into it. */
export interface TwoSystems {
  /** Runs statements in one of them, as its owner. */
  write(side: Side, ...statements: readonly string[]): Promise<void>;
  readonly sources: Readonly<Record<Side, Source>>;
  close(): Promise<void>;
}

export async function openTwoSystems(kinds: Readonly<Record<Side, Engine>>): Promise<TwoSystems> {
  const directory = await mkdtemp(join(tmpdir(), 'two-systems-'));
  const open = (side: Side) =>
    kinds[side] === 'duckdb' ? openDuckdb(join(directory, `${side}.duckdb`)) : openPostgresql();
  const systems = { legacy: await open('legacy'), new: await open('new') };
  return {
    write: (side, ...statements) => systems[side].write(statements),
    sources: { legacy: systems.legacy.source, new: systems.new.source },
    close: async () => {
      for (const side of sides) await systems[side].close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const settings = { kind: 'postgresql', title: 'A server', statementTimeoutSeconds: 60, connections: 1 } as const;

/** On the server that the suite was given, or else embedded. */
const openPostgresql = () => (onServer ? openOnServer() : openEmbedded());

async function openOnServer() {
  const database = await createDatabase();
  const source = createSource({ ...settings, url: database.url.href });
  return {
    source,
    write: async (statements: readonly string[]): Promise<void> => {
      for (const statement of statements) await database.query(statement);
    },
    close: async (): Promise<void> => {
      await source.close();
      await database.drop();
    },
  };
}

async function openEmbedded() {
  const db = await emptyDatabase();
  const pool = createEmbeddedPool(db);
  const source = createSource({ ...settings, url: 'postgresql://test/it' }, { pool });
  return {
    source,
    write: async (statements: readonly string[]): Promise<void> => {
      for (const statement of statements) await pool.query(statement);
    },
    close: async (): Promise<void> => {
      await source.close();
      await pool.end();
      await db.close();
    },
  };
}

async function openDuckdb(path: string) {
  const source = createSource({ kind: 'duckdb', title: 'A file', path, statementTimeoutSeconds: 60 });
  const write = async (statements: readonly string[]): Promise<void> => {
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    try {
      for (const statement of statements) await connection.run(statement);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  };
  await write([]);
  return { source, write, close: () => source.close() };
}
