import { suppressedInWords } from '../cards/run-words.ts';
import type { Finding, Run } from '../checks/run.ts';

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

/**
 * Every finding of a run as CSV (RFC 4180) for people in chat: groups of fewer than five people are gathered in a line
 * without figures. Text cells that a spreadsheet would take for a formula begin with an apostrophe; figures are plain.
 */
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
      ...(hidden === undefined ? [] : [gathered.map(cell).join(',')]),
      ...(check.findings.length === 0 ? [unmeasured.map(cell).join(',')] : []),
    ];
  });
  return [columns.join(','), ...lines, ''].join('\r\n');
}

function lineOf(finding: Finding): string {
  return columns.map((column) => cell(finding[column] ?? '')).join(',');
}

const plainNumber = /^-?\d+(\.\d+)?$/;

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !plainNumber.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
