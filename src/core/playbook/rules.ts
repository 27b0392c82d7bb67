import { troubledDays } from '../time/local-time.ts';
import type { Playbook } from './playbook.ts';

/** Something about one place of a playbook; `path` leads there from the root. */
export interface Remark {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What must hold between the parts of a playbook, beyond the form of each. */
export function problemsBetween(playbook: Omit<Playbook, 'version'>): Remark[] {
  const problems: Remark[] = [];
  const seen = new Map<string, number>();
  playbook.checks.forEach((check, index) => {
    const at = (...rest: (string | number)[]): (string | number)[] => ['checks', index, ...rest];
    const before = seen.get(check.name);
    if (before !== undefined) {
      problems.push({ path: at('name'), message: `the name "${check.name}" is taken by check ${before + 1}` });
    }
    seen.set(check.name, index);
    if (!Object.hasOwn(playbook.roles, check.owner)) {
      const known = Object.keys(playbook.roles).join(', ') || 'none';
      problems.push({ path: at('owner'), message: `"${check.owner}" is not a role of this playbook (${known})` });
    }
    if (check.kind === 'growth') {
      if (check.tolerance.unit !== 'points') {
        problems.push({
          path: at('tolerance'),
          message: 'growth is compared in percentage points: write "0.5 points"',
        });
      }
      if (check.years[0] > check.years[1])
        problems.push({ path: at('years'), message: 'the first year is after the last' });
    }
    if (check.kind === 'distribution') {
      for (const field of ['mapping', 'newOnly'] as const) {
        for (const column of Object.keys(check[field])) {
          if (!check.by.includes(column)) {
            problems.push({
              path: at(field, column),
              message: `"${column}" is not one of the columns in by (${check.by.join(', ')})`,
            });
          }
        }
      }
    }
  });
  return problems;
}

const warnedYears = 2;

/** Local times that do not exist, or exist twice, on a day of the next two years: what will be done then is said. */
export function warningsAbout(playbook: Omit<Playbook, 'version'>, from: string): Remark[] {
  const times = [
    { path: ['schedules', 'dailyReconciliation', 'at'], at: playbook.schedules.dailyReconciliation.at },
    { path: ['schedules', 'missedReport', 'at'], at: playbook.schedules.missedReport.at },
    { path: ['readiness', 'deadline'], at: playbook.readiness.deadline },
  ];
  return times.flatMap(({ path, at }) =>
    troubledDays(at, playbook.timeZone, from, warnedYears).map(({ date, kind }) => ({
      path,
      message:
        kind === 'missing'
          ? `${at} does not exist on ${date} in ${playbook.timeZone}, when the clocks go forward: the first moment after the gap is taken`
          : `${at} exists twice on ${date} in ${playbook.timeZone}, when the clocks go back: the first of the two is taken`,
    })),
  );
}
