import type pg from 'pg';
import type { SourceSettings } from '../core/playbook/playbook.ts';
import type { Source } from '../core/sources.ts';
import { createDuckdbSource } from './duckdb.ts';
import { createFilesSource } from './files.ts';
import { createPostgresqlSource } from './postgresql.ts';

/**
 * Makes the reader of a compared system; nothing is connected or opened before `open`. `options.pool` is used in place
 * of a PostgreSQL connection of its own (the embedded sample) and stays its owner's to end. Throws when the settings
 * can't be a system at all, such as a URL that isn't one.
 */
export function createSource(settings: SourceSettings, options: { readonly pool?: pg.Pool } = {}): Source {
  switch (settings.kind) {
    case 'postgresql':
      return createPostgresqlSource(settings, options.pool);
    case 'duckdb':
      return createDuckdbSource(settings);
    case 'files':
      return createFilesSource(settings);
  }
}
