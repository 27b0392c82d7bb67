// Copies what the program reads beside its code (SQL migrations, sample data) to where the build put that code.
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// The simulator's page is built by its own bundler.
const excluded = join(root, 'simulator', 'page');

for (const folder of ['src', 'commands', 'schedules', 'simulator', 'sample']) {
  if (!existsSync(join(root, folder))) continue;
  cpSync(join(root, folder), join(root, 'dist', folder), {
    recursive: true,
    filter: (path) => !/\.tsx?$/.test(path) && path !== excluded,
  });
}
