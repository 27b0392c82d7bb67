import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { RowComparison } from '../../../src/core/playbook/playbook.ts';
import { readPlaybook } from '../../../src/playbook/read.ts';
import { openTwoSystems, type TwoSystems } from '../../support/two-systems.ts';
import { compare } from './pairings.ts';

const documentation = readFileSync(new URL('../../../docs/playbook.md', import.meta.url), 'utf8');
const examples = [...documentation.matchAll(/```yaml\n(.*?)```/gs)].map(([, example]) => example ?? '');
const whole = parse(examples[0] ?? '') as object;

/** The comparisons of a part of a playbook, as the product reads them. */
function comparisonsOf(comparisons: unknown): readonly RowComparison[] {
  const read = readPlaybook(JSON.stringify({ ...whole, comparisons }), {}, '2026-11-23');
  assert.ok('playbook' in read, JSON.stringify(read));
  return read.playbook.comparisons;
}

describe('What the page about the playbook says of rows', () => {
  let systems: TwoSystems;
  before(async () => {
    systems = await openTwoSystems({ legacy: 'duckdb', new: 'duckdb' });
    const staff = `SELECT 'E1' AS emp_no, '10' AS lvl, 5000.00 AS pay, DATE '2020-05-01' AS hired_at,
      TIMESTAMPTZ '2026-11-23 05:00:00+00' AS updated_at, true AS active`;
    await systems.write(
      'legacy',
      `CREATE TABLE staff AS ${staff}`,
      'CREATE TABLE staff_of_last_night AS SELECT * FROM staff',
      "CREATE TABLE staff_years AS SELECT 'E1' AS emp_no, 2026 AS plan_year, 5000.00 AS pay",
    );
    await systems.write(
      'new',
      `CREATE TABLE employees AS SELECT 'E1' AS employee_id, '1' AS level, 5000.00 AS pay, DATE '2020-05-01' AS hired,
        'active' AS status`,
      "CREATE TABLE loads AS SELECT TIMESTAMPTZ '2026-11-23 05:00:00+00' AS loaded_at",
      "CREATE TABLE employee_years AS SELECT 'E1' AS employee_id, 26 AS short_year, 5000.00 AS pay",
    );
  });
  after(() => systems?.close());

  const described = examples.flatMap(
    (example) => (parse(example) as { comparisons?: { name: string }[] }).comparisons ?? [],
  );

  it('shows each field of a comparison', () => {
    const shown = new Set(described.flatMap((one) => Object.keys(one)));
    const known = [
      'name',
      'title',
      'legacy',
      'new',
      'key',
      'agreement',
      'ignore',
      'columns',
      'segments',
      'noun',
      'limits',
    ];
    const more = ['baseline', 'confirmAfterSeconds', 'changed'];
    assert.deepEqual([...shown].toSorted(), [...known, ...more].toSorted());
  });
  for (const one of described) {
    it(`is so of the example "${one.name}", which finds what was changed, and nothing else`, async () => {
      const [comparison] = comparisonsOf([one]);
      assert.ok(comparison !== undefined);
      const changed = `SELECT * REPLACE (pay + 1 AS pay) FROM (${comparison.new})`;
      const { reason, differ, columns } = await compare(systems, { ...comparison, new: changed });
      const differing = columns.filter((column) => column.differ > 0).map(({ column }) => column);
      assert.deepEqual([reason, differ, differing], ['', 1, ['pay']]);
    });
  }

  it('is so of each pair of values, by hashes and where all rows are read', async () => {
    const line = /^\| (none|`\{.*?\}`) \| `(.+?)` \| `(.+?)` \| (the same|different) \|$/gm;
    const values = [...documentation.matchAll(line)];
    assert.ok(values.length >= 20, String(values.length));
    const named = values.map(([said, rule = '', legacy = '', now = '', outcome], index) => {
      const column = `value_${index}`;
      const rules = rule === 'none' ? {} : { [column]: parse(rule.slice(1, -1)) as object };
      return { said, column, rules, legacy: `${legacy} AS ${column}`, new: `${now} AS ${column}`, outcome };
    });
    const query = (side: 'legacy' | 'new'): string => `SELECT 1 AS id, ${named.map((one) => one[side]).join(', ')}`;
    const [comparison] = comparisonsOf([
      {
        name: 'one',
        title: 'One',
        key: ['id'],
        legacy: query('legacy'),
        new: query('new'),
        columns: Object.assign({}, ...named.map(({ rules }) => rules)) as object,
      },
    ]);
    assert.ok(comparison !== undefined);
    for (const hashFrom of [0, Number.POSITIVE_INFINITY]) {
      const { columns } = await compare(systems, comparison, { hashFrom });
      for (const { said, column, outcome } of named) {
        const differ = columns.find((one) => one.column === column)?.differ;
        assert.equal(differ, outcome === 'different' ? 1 : 0, said);
      }
    }
  });
});
