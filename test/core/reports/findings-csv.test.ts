import assert from 'node:assert/strict';
import { findingsCsv } from '../../../src/core/reports/findings-csv.ts';
import { aCheckResult, aFinding, aRun } from '../../support/fixtures.ts';

const linesOf = (...checks: Parameters<typeof aCheckResult>[0][]): string[] =>
  findingsCsv(aRun({ checks: checks.map((check) => aCheckResult(check)) })).split('\r\n');

describe('The file of all findings', () => {
  it('has a line of names, then one line a finding, figures plain and exact', () =>
    assert.deepEqual(
      linesOf({
        findings: [aFinding({ legacy: '1250', new: '1247', difference: '-3', variance: '0.24', verdict: 'fail' })],
      }),
      [
        'check,key,legacy,new,difference,variance,unit,tolerance,verdict,reason',
        'employees,employees,1250,1247,-3,0.24,%,0,fail,',
        '',
      ],
    ));
  it('quotes commas, quotes and line breaks', () =>
    assert.equal(
      linesOf({ findings: [aFinding({ key: 'a,"b"', reason: 'one\ntwo' })] })[1],
      'employees,"a,""b""",1250,1250,0,0,%,0,pass,"one\ntwo"',
    ));
  it('keeps a text from becoming a formula in a spreadsheet', () => {
    for (const evil of ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\tx', ' =1+1', '＝1+1', '＋1', '－1', '＠SUM']) {
      assert.ok(linesOf({ findings: [aFinding({ key: evil })] })[1]?.includes(`,'${evil},`), evil);
    }
  });
  it('has a line for a check that could not be measured', () =>
    assert.equal(
      linesOf({ verdict: 'error', reason: 'No rows.', findings: [] })[1],
      'employees,,,,,,%,0,error,No rows.',
    ));
});
