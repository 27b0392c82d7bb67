import { list, type Raw, type Remark, record, takenName, unknownComparison, unknownRole } from './remarks.ts';

/** What must hold of the checks, by themselves and with the roles and comparisons that they name. */
export function checkProblems(checks: readonly unknown[], roles: Raw, comparisons: readonly unknown[]): Remark[] {
  return checks.flatMap((given, index) => {
    const check = record(given);
    const at = (...rest: (string | number)[]): (string | number)[] => ['checks', index, ...rest];
    return [
      ...takenName(checks, index, 'check').map((message) => ({ path: at('name'), message })),
      ...unknownRole(check['owner'], roles).map((message) => ({ path: at('owner'), message })),
      ...explainedByProblems(check['explainedBy'], comparisons, at),
      ...(check['kind'] === 'growth' ? growthProblems(check, at) : []),
      ...(check['kind'] === 'distribution' ? columnProblems(check, at) : []),
    ];
  });
}

/** What must hold of the comparisons, by themselves. */
export function comparisonProblems(comparisons: readonly unknown[]): Remark[] {
  return comparisons.flatMap((given, index) => {
    const { key, ignore, columns, changed, confirmAfterSeconds } = record(given);
    const { legacy, new: now } = record(changed);
    const at = (...rest: (string | number)[]): (string | number)[] => ['comparisons', index, ...rest];
    return [
      ...takenName(comparisons, index, 'comparison').map((message) => ({ path: at('name'), message })),
      ...(changed !== undefined && legacy === undefined && now === undefined
        ? [{ path: at('changed'), message: 'it needs a query of at least one side' }]
        : []),
      ...(changed !== undefined && confirmAfterSeconds === undefined
        ? [{ path: at('changed'), message: 'it needs confirmAfterSeconds: how much later to compare again' }]
        : []),
      ...list(key).flatMap((column, place) =>
        list(key).indexOf(column) < place
          ? [{ path: at('key', place), message: `"${String(column)}" is in the key twice` }]
          : [],
      ),
      ...list(ignore).flatMap((column, place) =>
        list(key).includes(column)
          ? [{ path: at('ignore', place), message: `"${String(column)}" is part of the key` }]
          : [],
      ),
      ...Object.keys(record(columns)).flatMap((column) => {
        const part = list(key).includes(column) ? 'part of the key: change it in the query' : undefined;
        const why = list(ignore).includes(column) ? 'ignored' : part;
        return why === undefined ? [] : [{ path: at('columns', column), message: `"${column}" is ${why}` }];
      }),
    ];
  });
}

type At = (...rest: (string | number)[]) => (string | number)[];

function explainedByProblems(explainedBy: unknown, comparisons: readonly unknown[], at: At): Remark[] {
  const { comparison, where, sum, year } = record(explainedBy);
  if (typeof comparison !== 'string') return [];
  const found = comparisons.map(record).find(({ name }) => name === comparison);
  if (found === undefined) {
    const path = at('explainedBy', 'comparison');
    return unknownComparison(comparison, comparisons).map((message) => ({ path, message }));
  }
  const named = [sum, year].filter((column) => typeof column === 'string');
  return [...Object.keys(record(where)), ...named].flatMap((column) =>
    list(found['ignore']).includes(column)
      ? [{ path: at('explainedBy'), message: `"${column}" is ignored by the comparison ${comparison}` }]
      : [],
  );
}

function growthProblems({ tolerance, years }: Raw, at: At): Remark[] {
  const [first, last] = list(years);
  return [
    ...(typeof tolerance === 'string' && !tolerance.endsWith('points')
      ? [{ path: at('tolerance'), message: 'growth is compared in percentage points: write "0.5 points"' }]
      : []),
    ...(typeof first === 'number' && typeof last === 'number' && first > last
      ? [{ path: at('years'), message: 'the first year is after the last' }]
      : []),
  ];
}

function columnProblems(check: Raw, at: At): Remark[] {
  const by = check['by'];
  if (!Array.isArray(by)) return [];
  return ['mapping', 'newOnly'].flatMap((field) =>
    Object.keys(record(check[field]))
      .filter((column) => !by.includes(column))
      .map((column) => ({
        path: at(field, column),
        message: `"${column}" is not one of the columns in by (${by.join(', ')})`,
      })),
  );
}
