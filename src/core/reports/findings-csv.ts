import { suppressedInWords } from '../cards/run-words.ts';
import type { Finding, Run } from '../checks/run.ts';
import { csvLine, csvOf } from './csv.ts';

const columns = [
  'check',
  'key',
  'legacy',
  'new',
  'difference',
  'variance',
  'unit',
  'tolerance',
  'verdict',
  'reason',
] as const;

/** Every finding of a run as CSV for people in chat: groups of fewer than five people are gathered in a line without figures. */
export function findingsCsv(run: Run): string {
  const lines = run.checks.flatMap((check) => {
    const shown = check.findings.filter(({ suppressed }) => !suppressed).map((finding) => lineOf(finding));
    const hidden = suppressedInWords(check.findings);
    const gathered = [
      check.check,
      '(small groups)',
      '',
      '',
      '',
      '',
      check.unit,
      check.tolerance,
      check.verdict,
      hidden ?? '',
    ];
    const unmeasured = [check.check, '', '', '', '', '', check.unit, check.tolerance, check.verdict, check.reason];
    return [
      ...shown,
      ...(hidden === undefined ? [] : [csvLine(gathered)]),
      ...(check.findings.length === 0 ? [csvLine(unmeasured)] : []),
    ];
  });
  return csvOf(columns, lines);
}

function lineOf(finding: Finding): string {
  return csvLine(columns.map((column) => finding[column] ?? ''));
}
