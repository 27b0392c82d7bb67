import { PGlite } from '@electric-sql/pglite';

/** What makes copies of one embedded database in memory: the first takes what it takes, each further one about 0.4 s. */
export function copiesOf(make: () => Promise<PGlite>): () => Promise<PGlite> {
  let files: Promise<Blob> | undefined;
  return async () => {
    files ??= (async () => {
      const made = await make();
      const dumped = await made.dumpDataDir('none');
      await made.close();
      return dumped;
    })();
    return PGlite.create({ loadDataDir: await files });
  };
}

/** An empty database in memory; a process makes one itself, in about 2 s, and copies it. */
export const emptyDatabase = copiesOf(() => PGlite.create());
