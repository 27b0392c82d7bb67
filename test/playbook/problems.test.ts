import assert from 'node:assert/strict';
import { changed, placeOf, refused } from './support.ts';

describe('A problem of a playbook', () => {
  const cases: [title: string, change: readonly [from: string, to: string], at: string, message: string][] = [
    [
      'an unknown field',
      ['    critical: true', '    critcal: true'],
      'critcal',
      'checks.employees.critcal: is not a field of the playbook',
    ],
    ['a missing field', ['    title: Employee Count\n', ''], 'name: employees', 'checks.employees.title: is missing'],
    [
      'a text for a number',
      ['statementTimeoutSeconds: 300', 'statementTimeoutSeconds: "300"'],
      'statementTimeoutSeconds',
      'sources.legacy.statementTimeoutSeconds: must be a number, not a text',
    ],
    [
      'a number for a text',
      ['tolerance: 0.1 %', 'tolerance: 1'],
      'tolerance: 1\n',
      'checks.compensation.tolerance: must be a text, not a number: put it in quotes',
    ],
    [
      'a fraction for a whole number',
      ['retryMinutes: 15', 'retryMinutes: 1.5'],
      'retryMinutes',
      'readiness.retryMinutes: must be a whole number, not a fraction',
    ],
    [
      'a number below its least',
      ['syncLimitMinutes: 60', 'syncLimitMinutes: 0'],
      'syncLimitMinutes',
      'readiness.syncLimitMinutes: must be at least 1',
    ],
    [
      'a number above its most',
      ['retryMinutes: 15', 'retryMinutes: 1441'],
      'retryMinutes',
      'readiness.retryMinutes: must be at most 1440',
    ],
    ['a text for a list', ['by: [level]', 'by: level'], 'by: level', 'checks.levels.by: must be a list, not a text'],
    [
      'nothing for a list',
      ['workingDays: [monday, tuesday, wednesday, thursday, friday]', 'workingDays:'],
      'workingDays',
      'workingDays: is empty; it must be a list',
    ],
    ['a list of none', ['by: [level]', 'by: []'], 'by: []', 'checks.levels.by: must have at least 1'],
    [
      'a kind of check that there is not',
      ['kind: scalar', 'kind: sum'],
      'kind: sum',
      'checks.employees.kind: must be one of scalar, distribution, growth',
    ],
    [
      'a kind of source that there is not',
      ['kind: duckdb', 'kind: oracle'],
      'kind: oracle',
      'sources.new.kind: must be one of postgresql, duckdb, files',
    ],
    [
      'a day that there is not',
      ['[monday,', '[moonday,'],
      'moonday',
      'workingDays.0: must be one of monday, tuesday, wednesday, thursday, friday, saturday, sunday',
    ],
    [
      'a severity that there is not',
      ['severity: 1', 'severity: 4'],
      'severity: 4',
      'checks.employees.severity: must be one of 1, 2, 3',
    ],
    [
      'a time that there is not',
      ['{ at: "07:00"', '{ at: "24:00"'],
      'at: "24:00"',
      'schedules.dailyReconciliation.at: must be a time of day such as "07:00"',
    ],
    [
      'a day that is on no calendar',
      ['${START_DATE:-}', '2027-02-29'],
      'startDate',
      'startDate: must be a date such as 2026-11-23, or be left empty',
    ],
    [
      'a zone that there is not',
      ['${TIME_ZONE:-America/New_York}', 'America/Springfield'],
      'timeZone',
      'timeZone: must be an IANA time zone such as America/New_York',
    ],
    [
      'a negative tolerance',
      ['tolerance: 0 %', 'tolerance: -1 %'],
      'tolerance: -1 %',
      'checks.employees.tolerance: must be a number and a unit, such as "0.1 %" or "0.5 points"',
    ],
    [
      'growth with a tolerance in percent',
      ['tolerance: 0.5 points', 'tolerance: 0.5 %'],
      'tolerance: 0.5 %',
      'checks.growth.tolerance: growth is compared in percentage points: write "0.5 points"',
    ],
    [
      'years that run backwards',
      ['years: [2026, 2029]', 'years: [2029, 2026]'],
      'years:',
      'checks.growth.years: the first year is after the last',
    ],
    [
      'an owner whom nobody knows',
      ['owner: analysts', 'owner: nobody'],
      'owner: nobody',
      'checks.levels.owner: "nobody" is not a role of this playbook (dataOwner, productOwner, techLead, projectManager, securityOfficer, analysts)',
    ],
    [
      'a task whose owner nobody knows',
      [
        'owner: projectManager\n    evidence: Link to the roster of who was trained',
        'owner: nobody\n    evidence: A roster',
      ],
      'owner: nobody',
      'tasks.train-pilot-users.owner: "nobody" is not a role of this playbook (dataOwner, productOwner, techLead, projectManager, securityOfficer, analysts)',
    ],
    [
      'a task whose name is taken',
      ['name: data-sync', 'name: deploy-read-only'],
      'name: deploy-read-only # L21',
      'tasks.deploy-read-only.name: the name "deploy-read-only" is taken by task 1',
    ],
    [
      'a task of more people at least than at most',
      ['people: { min: 5, max: 10 }', 'people: { min: 11, max: 10 }'],
      'people: { min: 11',
      'tasks.train-pilot-users.people: min 11 is more than max 10',
    ],
    [
      'a task whose weeks run backwards',
      ['weeks: [1, 2]', 'weeks: [2, 1]'],
      'weeks: [2, 1]',
      'tasks.deploy-read-only.weeks: the first week is after the last',
    ],
    [
      'weeks around the cutover',
      ['phase: beforeCutover', 'phase: beforeCutover\n    weeks: [1, 1]'],
      'weeks: [1, 1]',
      'tasks.final-reconciliation.weeks: beforeCutover has no weeks: its dates follow from the cutover',
    ],
    [
      'a start date that nobody known may set',
      ['startedBy: [dataOwner,', 'startedBy: [nobody,'],
      'nobody,',
      'plan.startedBy.0: "nobody" is not a role of this playbook (dataOwner, productOwner, techLead, projectManager, securityOfficer, analysts)',
    ],
    [
      'rows that nobody compares',
      ['explainedBy: { comparison: events }', 'explainedBy: { comparison: payroll }'],
      'comparison: payroll',
      'checks.events.explainedBy.comparison: "payroll" is not a comparison of this playbook (people, events)',
    ],
    [
      'a sum over a column that is ignored',
      ['key: [employee]\n', 'key: [employee]\n    ignore: [compensation]\n'],
      'explainedBy: { comparison: people, where: { status: [active] }, sum',
      'checks.compensation.explainedBy: "compensation" is ignored by the comparison people',
    ],
    [
      'rows for a role that nobody has',
      ['roles: [dataOwner, analysts]', 'roles: [payroll]'],
      'payroll]',
      'differingRows.roles.0: "payroll" is not a role of this playbook (dataOwner, productOwner, techLead, projectManager, securityOfficer, analysts)',
    ],
    [
      'a name that is taken',
      ['- name: levels', '- name: employees'],
      'name: employees\n    title: Level',
      'checks.employees.name: the name "employees" is taken by check 1',
    ],
    [
      'a key column that is there twice',
      ['key: [employee]', 'key: [employee, employee]'],
      'employee]',
      'comparisons.people.key.1: "employee" is in the key twice',
    ],
    [
      'a time of the last change that nobody asks for',
      ['key: [employee]\n', 'key: [employee]\n    confirmAfterSeconds: 60\n    changed: { withinMinutes: 5 }\n'],
      'changed: { withinMinutes',
      'comparisons.people.changed: it needs a query of at least one side',
    ],
    [
      'a time of the last change without when to compare again',
      ['key: [employee]\n', 'key: [employee]\n    changed: { new: SELECT now() }\n'],
      'changed: { new',
      'comparisons.people.changed: it needs confirmAfterSeconds: how much later to compare again',
    ],
    [
      'a key column that is ignored',
      ['key: [employee]', 'key: [employee]\n    ignore: [employee]'],
      'employee]\n    agreement',
      'comparisons.people.ignore.0: "employee" is part of the key',
    ],
    [
      'a key column that is mapped',
      ['status: { mapping: { legacy: { A: active', 'employee: { mapping: { legacy: { A: active'],
      'employee: { mapping',
      'comparisons.people.columns.employee: "employee" is part of the key: change it in the query',
    ],
    [
      'a column that is compared and ignored',
      ['key: [employee]', 'key: [employee]\n    ignore: [status]'],
      'status: { mapping',
      'comparisons.people.columns.status: "status" is ignored',
    ],
    [
      'a tolerance that is none',
      ['tolerance: 2 decimals', 'tolerance: about 2'],
      'tolerance: about',
      'comparisons.people.columns.compensation.tolerance: must be a number such as "0.01", or one with a unit, such as "0.1 %", "2 decimals" or "60 seconds"',
    ],
    [
      'a name that nobody can type',
      ['- name: levels', '- name: Level Distribution'],
      'name: Level Distribution',
      'checks.Level Distribution.name: must be lower case letters, digits and hyphens, begin with a letter, at most 40',
    ],
    [
      'a mapping of a column that is not compared',
      ['      level:\n        legacy', '      grade:\n        legacy'],
      'grade:',
      'checks.levels.mapping.grade: "grade" is not one of the columns in by (level)',
    ],
    [
      'a code that is no text',
      ['"10": L1', '10: 1'],
      '10: 1',
      'checks.levels.mapping.level.legacy.10: must be a text, not a number: put it in quotes',
    ],
    [
      'somebody who is no one in Slack',
      ['"${ANALYSTS:-}"', 'bob'],
      'people: bob',
      'roles.analysts.people.0: must be "slack:" and the id of a user or user group, "teams:" and the object id of a user in lower case, or "terminal:" and the name of a user of this machine',
    ],
    [
      'a role whose name is not one',
      ['  analysts: {', '  the-analysts: {'],
      'the-analysts',
      'roles.the-analysts: must be letters and digits, and begin with a letter',
    ],
    [
      'an address of another database',
      ['${LEGACY_DATABASE_URL}', 'mysql://localhost/legacy'],
      'url:',
      'sources.legacy.url: must be a URL that begins with postgresql://',
    ],
    [
      'an empty query',
      ["legacy: SELECT count(*) AS value FROM legacy.employees WHERE status = 'A'", 'legacy: " "'],
      'legacy: " "',
      'checks.employees.legacy: must not be empty',
    ],
    [
      'the same field twice',
      ['name: PlanWise Navigator', 'name: PlanWise Navigator\nname: Another'],
      'name: Another',
      'Map keys must be unique',
    ],
    [
      'a second document',
      ['schedules:\n', '---\nschedules:\n'],
      '---',
      'a playbook is one YAML document: "---" begins a second one',
    ],
    [
      'a star that YAML takes for an alias',
      ['name: PlanWise Navigator', 'name: *planwise'],
      '*planwise',
      '"*planwise" refers to nothing: put the text in quotes',
    ],
  ];
  for (const [title, change, at, message] of cases) {
    it(`(${title}) is told with its line and column`, () => {
      const given = changed(change);
      const problems = refused(given);
      const problem = problems.find((one) => one.message === message);
      assert.ok(problem !== undefined, JSON.stringify(problems));
      assert.deepEqual({ line: problem.line, column: problem.column }, placeOf(given, at));
    });
  }

  it('in its YAML is told where it is', () => {
    const given = changed(['years: [2026, 2029]', 'years: [2026, 2029']);
    const [problem] = refused(given);
    assert.ok(problem !== undefined);
    const { line } = placeOf(given, 'years: [2026');
    assert.ok(problem.line === line || problem.line === line + 1, `line ${problem.line}, not ${line}`);
    assert.match(problem.message, /Flow sequence/);
  });

  it('is told together with all the others, in the order of the file', () => {
    const given = changed(
      ['name: PlanWise Navigator', 'name: PlanWise Navigator\nnickname: PWN'],
      ['kind: duckdb', 'kind: oracle'],
      ['severity: 1', 'severity: 7'],
      ['owner: analysts', 'owner: nobody'],
      ['0.5 points', '0.5 %'],
    );
    assert.deepEqual(
      refused(given).map(({ message }) => message.split(':')[0]),
      ['nickname', 'sources.new.kind', 'checks.employees.severity', 'checks.levels.owner', 'checks.growth.tolerance'],
    );
  });

  for (const [title, given] of [
    ['empty', ''],
    ['a comment', '# later'],
    ['a list', '- a'],
    ['a text', 'hello'],
  ] as const) {
    it(`is found in a file that is ${title}`, () => {
      assert.deepEqual(
        refused(given).map(({ line }) => line),
        refused(given).map(() => 1),
      );
    });
  }
});
