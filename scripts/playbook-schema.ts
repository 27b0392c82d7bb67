/**
 * Writes playbook.schema.json: the form of a playbook as editors check it while somebody writes one, from the same zod
 * schema that reads it. With `--check` it compares instead, and fails when the committed file is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { z } from 'zod';
import { playbookSchema } from '../src/core/playbook/schema.ts';

const file = new URL('../playbook.schema.json', import.meta.url);

// The input side: what stands in the file, before texts such as "0.1 %" become an amount and a unit.
const schema = z.toJSONSchema(playbookSchema, { io: 'input', target: 'draft-7' });
const text = `${JSON.stringify({ title: 'A playbook of Parallel Run', ...schema }, null, 2)}\n`;

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed !== text) {
    process.stderr.write(
      'playbook.schema.json is not what src/core/playbook/schema.ts says: run "npm run generated" and commit the change.\n',
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(file, text);
}
