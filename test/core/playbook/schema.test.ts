import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { playbookSchema } from '../../../src/core/playbook/schema.ts';
import { readPlaybook } from '../../../src/playbook/read.ts';

const root = new URL('../../../', import.meta.url);
const contents = (path: string): string => readFileSync(new URL(path, root), 'utf8');

type JsonSchema = { [key: string]: unknown };
const isObject = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;

/** Every field that the schema knows, however deep. */
function fieldsOf(schema: unknown): string[] {
  if (!isObject(schema)) return [];
  const own = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  return [...own, ...Object.values(schema).flatMap(fieldsOf)];
}

/** Every word that the schema takes for a field: "scalar", "previousWorkingDay". */
function wordsOf(schema: unknown): string[] {
  if (!isObject(schema)) return [];
  const own = [schema['const'], ...(Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : [])];
  return [...own.filter((word) => typeof word === 'string'), ...Object.values(schema).flatMap(wordsOf)];
}

const schema: unknown = z.toJSONSchema(playbookSchema, { io: 'input' });
const documentation = contents('docs/playbook.md');
const examples = [...documentation.matchAll(/```yaml\n(.*?)```/gs)].map(([, example]) => example ?? '');

describe('The description of a playbook', () => {
  const fields = [...new Set(fieldsOf(schema))];

  it('knows the fields that people write', () => {
    for (const field of ['timeZone', 'statementTimeoutSeconds', 'batch_date', 'newOnly', 'missedReport']) {
      assert.equal(fields.includes(field), field !== 'batch_date', field);
    }
  });

  for (const field of fields) {
    it(`explains ${field}`, () => {
      assert.match(documentation, new RegExp(`\`(?:[a-zA-Z]+\\.)*${field}\``), 'in its text');
      assert.match(examples.join('\n'), new RegExp(`\\b${field}:`), 'by an example');
    });
  }

  it('has an example or a mention of every word that a field takes', () => {
    const weekend = ['saturday', 'sunday'];
    for (const word of new Set(wordsOf(schema))) {
      if (!weekend.includes(word)) assert.match(documentation, new RegExp(`\\b${word}\\b`), word);
    }
  });

  it('begins with a whole playbook that is read', () => {
    const read = readPlaybook(examples[0] ?? '', {}, '2026-11-23');
    assert.ok('playbook' in read, JSON.stringify(read));
    assert.deepEqual(read.warnings, []);
  });

  it('shows parts that a playbook takes', () => {
    const whole = parse(examples[0] ?? '') as JsonSchema;
    assert.ok(examples.length > 5);
    const comparisons = examples.flatMap(
      (example) => (parse(example) as { comparisons?: unknown[] }).comparisons ?? [],
    );
    for (const example of examples.slice(1)) {
      const part = parse(example) as JsonSchema;
      const roles = { ...(whole['roles'] as JsonSchema), analysts: { title: 'Analysts', people: [] } };
      const sources = { ...(whole['sources'] as JsonSchema), ...(part['sources'] as JsonSchema | undefined) };
      const merged = JSON.stringify({ ...whole, roles, comparisons, ...part, sources });
      const read = readPlaybook(
        merged,
        { LEGACY_DATABASE_URL: 'postgresql://h/d', NEW_DATABASE_PATH: 'd.duckdb' },
        '2026-11-23',
      );
      assert.ok('playbook' in read, `${example}${JSON.stringify(read)}`);
    }
  });
});

describe('The JSON Schema of a playbook', () => {
  const committed = z.fromJSONSchema(
    JSON.parse(contents('playbook.schema.json')) as Parameters<typeof z.fromJSONSchema>[0],
  );
  // What editors see: the settings are still "${NAME}".
  const playbook = contents('playbook.yml');

  it('is what the schema in the code says', async function () {
    this.timeout(60_000);
    const script = fileURLToPath(new URL('scripts/playbook-schema.ts', root));
    await assert.doesNotReject(
      promisify(execFile)(process.execPath, ['--import', 'tsx', script, '--check'], { cwd: fileURLToPath(root) }),
    );
  });

  it('takes the default playbook as it stands in an editor', () => {
    const checked = committed.safeParse(parse(playbook));
    assert.ok(checked.success, JSON.stringify(checked.error?.issues));
  });

  for (const [title, from, to] of [
    ['a field that there is not', 'retryMinutes: 15', 'retryMinute: 15'],
    ['a tolerance without a unit', 'tolerance: 0.1 %', 'tolerance: "0.1"'],
    ['a severity that there is not', 'severity: 2', 'severity: 4'],
    ['a kind that there is not', 'kind: growth', 'kind: trend'],
    ['a check without an owner', '    owner: dataOwner\n', ''],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.ok(playbook.includes(from));
      assert.equal(committed.safeParse(parse(playbook.replace(from, to))).success, false);
    });
  }
});
