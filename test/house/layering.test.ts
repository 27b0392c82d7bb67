import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;
const scanned = ['src', 'commands', 'schedules', 'simulator', 'sample'];

/** What each room may import: folders of this house (by their beginning) and packages. The first rule that fits counts. */
const rules: readonly { room: string; house: readonly string[]; packages: readonly string[] }[] = [
  { room: 'src/core/', house: ['src/core/'], packages: ['date-fns', '@date-fns/tz', 'big.js', 'zod', 'node:crypto'] },
  { room: 'commands/', house: ['src/core/', 'commands/'], packages: [] },
  { room: 'schedules/', house: ['src/core/', 'schedules/'], packages: [] },
  {
    room: 'src/slack/',
    house: ['src/core/', 'src/slack/'],
    packages: [
      '@slack/bolt',
      '@slack/web-api',
      '@slack/types',
      '@slack/socket-mode',
      '@slack/logger',
      'undici',
      'node:*',
    ],
  },
  { room: 'src/teams/', house: ['src/core/', 'src/teams/'], packages: ['botbuilder', 'zod', 'node:*'] },
  { room: 'src/terminal/', house: ['src/core/', 'src/terminal/'], packages: ['node:*'] },
  { room: 'src/pdf/', house: ['src/core/', 'src/pdf/'], packages: ['pdfkit', 'fontkit', 'node:*'] },
  { room: 'src/playbook/', house: ['src/core/', 'src/playbook/'], packages: ['yaml', 'zod', 'node:*'] },
  {
    room: 'src/postgresql/',
    house: ['src/postgresql/'],
    packages: ['pg', '@electric-sql/pglite', '@electric-sql/pglite-prepopulatedfs', 'node:*'],
  },
  // Its lock names the process that has the folder.
  { room: 'src/store/data-directory.ts', house: ['src/store/'], packages: ['node:*', 'node:process'] },
  {
    room: 'src/store/',
    house: ['src/core/', 'src/store/', 'src/postgresql/'],
    packages: ['pg', 'node:*'],
  },
  {
    room: 'src/sources/',
    house: ['src/core/', 'src/sources/', 'src/postgresql/'],
    packages: ['pg', '@duckdb/node-api', '@duckdb/node-bindings', 'node:*'],
  },
  { room: 'src/workers/', house: ['src/core/', 'src/workers/'], packages: [] },
  { room: 'src/clock/', house: ['src/core/', 'src/clock/'], packages: ['node-cron'] },
  {
    room: 'src/operate/',
    house: ['src/core/', 'src/operate/', 'src/config.ts'],
    packages: ['pino', 'prom-client', 'node:*'],
  },
  { room: 'src/config.ts', house: [], packages: [] },
  { room: 'simulator/', house: ['simulator/'], packages: ['*'] },
  { room: 'sample/', house: ['sample/', 'src/postgresql/'], packages: ['*'] },
  { room: 'src/', house: ['src/', 'commands/', 'schedules/', 'simulator/', 'sample/'], packages: ['*'] },
];

interface Import {
  readonly file: string;
  readonly target: string;
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm)].map((match) => {
    const target = match[1] ?? '';
    return { file, target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target };
  });
}

const files = scanned.flatMap(filesBelow);
const imports = files.flatMap(importsOf);
const isOfTheHouse = (target: string): boolean => scanned.some((folder) => target.startsWith(`${folder}/`));

describe('The house', () => {
  it('is scanned as a whole: every room of the rules has files with imports', () => {
    assert.ok(imports.length > 200, `only ${imports.length} imports were found`);
    for (const { room } of rules.filter(({ house }) => house.length > 0)) {
      assert.ok(
        imports.some(({ file }) => file.startsWith(room)),
        `nothing was scanned in ${room}`,
      );
    }
  });

  it('keeps its layers: every room imports only what its rule allows', () => {
    const broken = imports.filter(({ file, target }) => {
      const rule = rules.find(({ room }) => file.startsWith(room));
      if (rule === undefined) return true;
      if (isOfTheHouse(target)) return !rule.house.some((allowed) => target.startsWith(allowed));
      return !rule.packages.some(
        (allowed) =>
          allowed === '*' ||
          target === allowed ||
          target.startsWith(`${allowed}/`) ||
          (allowed === 'node:*' && target.startsWith('node:') && target !== 'node:process'),
      );
    });
    assert.deepEqual(
      broken.map(({ file, target }) => `${file} must not import ${target}`),
      [],
    );
  });

  it('has no import cycle', () => {
    const edges = new Map<string, string[]>();
    for (const { file, target } of imports) {
      if (isOfTheHouse(target)) edges.set(file, [...(edges.get(file) ?? []), target]);
    }
    const done = new Set<string>();
    const cycleFrom = (file: string, path: readonly string[]): string[] | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return undefined;
      for (const next of edges.get(file) ?? []) {
        const cycle = cycleFrom(next, [...path, file]);
        if (cycle !== undefined) return cycle;
      }
      done.add(file);
      return undefined;
    };
    for (const file of edges.keys()) assert.equal(cycleFrom(file, [])?.join(' → '), undefined);
  });

  it('touches the process only in main.ts and config.ts', () => {
    const touching = files.filter(
      (file) =>
        file.startsWith('src/') &&
        !['src/main.ts', 'src/config.ts'].includes(file) &&
        /\bprocess\.(env|argv|exit|on|once|stdout|stderr|stdin|cwd)\b/.test(readFileSync(join(root, file), 'utf8')),
    );
    assert.deepEqual(touching, []);
  });
});
