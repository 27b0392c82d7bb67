/**
 * Writes docs/parity.md: what works in Slack, in Teams and in a terminal, and what to do where something does not. With
 * `--check` it compares instead, and fails when the committed file is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parityDocument } from './parity-table.ts';

const file = new URL('../docs/parity.md', import.meta.url);
const text = parityDocument();

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed !== text) {
    process.stderr.write('docs/parity.md is out of date: run "npm run generated" and commit the change.\n');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, text);
}
