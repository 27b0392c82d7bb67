import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Playbook } from '../../src/core/playbook/playbook.ts';
import { type Problem, readPlaybook } from '../../src/playbook/read.ts';

const text = readFileSync(new URL('../../playbook.yml', import.meta.url), 'utf8');
const today = '2026-11-23';
const environment = {
  LEGACY_DATABASE_URL: 'postgresql://localhost/legacy',
  NEW_DATABASE_PATH: 'planwise.duckdb',
  RECONCILIATION_CHANNEL: 'C0RECON',
  ALERTS_CHANNEL: 'C0ALERTS',
};
type Environment = Readonly<Record<string, string | undefined>>;

/** The default playbook with some of its text changed. Fails when what should be changed isn't there. */
function changed(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((before, [from, to]) => {
    assert.ok(before.includes(from), `the playbook holds ${JSON.stringify(from)}`);
    return before.replace(from, () => to);
  }, text);
}

function accepted(given: string, settings: Environment = environment): Playbook {
  const read = readPlaybook(given, settings, today);
  assert.ok('playbook' in read, JSON.stringify('problems' in read ? read.problems : []));
  return read.playbook;
}

function refused(given: string, settings: Environment = environment): readonly Problem[] {
  const read = readPlaybook(given, settings, today);
  assert.ok('problems' in read, 'the playbook is refused');
  return read.problems;
}

/** Where a text stands first in a playbook, counting from 1. */
function placeOf(given: string, needle: string): { line: number; column: number } {
  const before = given.slice(0, given.indexOf(needle)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

describe('The default playbook', () => {
  it('is read without a problem or a warning', () => {
    const read = readPlaybook(text, environment, today);
    assert.ok('playbook' in read);
    assert.deepEqual(read.warnings, []);
  });

  it('declares the five checks of the document with their tolerances, severities and owners', () => {
    assert.deepEqual(
      accepted(text).checks.map(({ name, kind, tolerance, severity, critical }) => [
        name,
        kind,
        `${tolerance.amount} ${tolerance.unit}`,
        severity,
        critical,
      ]),
      [
        ['employees', 'scalar', '0 %', 1, true],
        ['compensation', 'scalar', '0.1 %', 3, true],
        ['levels', 'distribution', '0 %', 2, false],
        ['events', 'distribution', '2 %', 3, false],
        ['growth', 'growth', '0.5 points', 3, false],
      ],
    );
  });

  it('takes its settings from the environment, and its defaults where there is none', () => {
    const playbook = accepted(text, { ...environment, TIME_ZONE: 'Europe/Berlin', START_DATE: '2026-11-30' });
    assert.equal(playbook.timeZone, 'Europe/Berlin');
    assert.equal(playbook.startDate, '2026-11-30');
    assert.equal(playbook.channels.alerts, 'C0ALERTS');
    assert.deepEqual(playbook.sources.legacy, {
      kind: 'postgresql',
      title: 'Legacy',
      url: 'postgresql://localhost/legacy',
      statementTimeoutSeconds: 300,
      connections: 2,
    });
    assert.equal(accepted(text).timeZone, 'America/New_York');
  });

  it('has no start date until one is set', () => {
    assert.equal(accepted(text).startDate, null);
    assert.equal(accepted(text, { ...environment, START_DATE: ' ' }).startDate, null);
    assert.equal(accepted(changed(['startDate: ${START_DATE:-}', 'startDate:'])).startDate, null);
    assert.equal(accepted(changed(['${START_DATE:-}', '2026-11-30'])).startDate, '2026-11-30');
  });

  it('knows working days by their number', () => {
    assert.deepEqual(accepted(text).workingDays, [1, 2, 3, 4, 5]);
    const shuffled = changed(['[monday, tuesday, wednesday, thursday, friday]', '[sunday, monday]']);
    assert.deepEqual(accepted(shuffled).workingDays, [1, 7]);
  });

  it('takes people as one text with blanks between, or as a list', () => {
    const several = accepted(text, { ...environment, DATA_OWNER: 'slack:U0ANA, slack:S0TEAM' });
    assert.deepEqual(several.roles['dataOwner']?.people, ['slack:U0ANA', 'slack:S0TEAM']);
    const listed = accepted(changed(['"${DATA_OWNER:-}"', '[slack:U0ANA, slack:U0BEN]']));
    assert.deepEqual(listed.roles['dataOwner']?.people, ['slack:U0ANA', 'slack:U0BEN']);
    assert.deepEqual(accepted(text).roles['dataOwner']?.people, []);
  });

  it("has a version that follows its text, not the environment's settings", () => {
    const { version } = accepted(text);
    assert.match(version, /^[0-9a-f]{12}$/);
    assert.equal(accepted(text, { ...environment, NEW_DATABASE_PATH: 'other.duckdb' }).version, version);
    assert.notEqual(accepted(`${text}\n# a word`).version, version);
  });

  it('cannot be changed once read', () => {
    const [check] = accepted(text).checks;
    assert.ok(check !== undefined);
    assert.throws(() => Object.assign(check, { title: 'Another' }), TypeError);
  });
});

describe('A setting that a playbook asks for', () => {
  it('and that is missing is named with its place, each of them', () => {
    const problems = refused(text, { ALERTS_CHANNEL: 'C0ALERTS' });
    assert.deepEqual(problems, [
      {
        ...placeOf(text, '${RECONCILIATION_CHANNEL}'),
        message: 'the setting RECONCILIATION_CHANNEL is not set: set it in the environment or in .env',
      },
      {
        ...placeOf(text, '${LEGACY_DATABASE_URL}'),
        message: 'the setting LEGACY_DATABASE_URL is not set: set it in the environment or in .env',
      },
      {
        ...placeOf(text, '${NEW_DATABASE_PATH}'),
        message: 'the setting NEW_DATABASE_PATH is not set: set it in the environment or in .env',
      },
    ]);
  });

  it('counts as missing when it is blank', () => {
    assert.equal(refused(text, { ...environment, ALERTS_CHANNEL: '  ' }).length, 1);
  });

  it('is text, whatever it holds: it adds no fields', () => {
    const playbook = accepted(text, { ...environment, NEW_DATABASE_PATH: 'a.duckdb\nworkingDays: []' });
    assert.equal((playbook.sources.new as { path: string }).path, 'a.duckdb\nworkingDays: []');
  });

  it('is told together with every other problem', () => {
    const given = changed(['severity: 1', 'severity: 7']);
    const messages = refused(given, {}).map(({ message }) => message);
    assert.equal(messages.length, 5);
    assert.ok(messages.includes('checks.employees.severity: must be one of 1, 2, 3'));
  });
});

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
      'a name that is taken',
      ['- name: levels', '- name: employees'],
      'name: employees\n    title: Level',
      'checks.employees.name: the name "employees" is taken by check 1',
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
      'roles.analysts.people.0: must be "slack:" and the id of a user or user group',
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

describe('A due time that the clocks go over', () => {
  const warningsOf = (given: string): readonly Problem[] => {
    const read = readPlaybook(given, environment, today);
    assert.ok('warnings' in read);
    return read.warnings;
  };

  it('is warned of for each day of the next two years on which it does not exist', () => {
    const given = changed(['at: "07:00"', 'at: "02:30"']);
    assert.deepEqual(
      warningsOf(given),
      ['2027-03-14', '2028-03-12'].map((date) => ({
        ...placeOf(given, 'at: "02:30"'),
        message: `schedules.dailyReconciliation.at: 02:30 does not exist on ${date} in America/New_York, when the clocks go forward: the first moment after the gap is taken`,
      })),
    );
  });

  it('is warned of for each day on which it exists twice', () => {
    const given = changed(['deadline: "10:00"', 'deadline: "01:00"']);
    assert.deepEqual(
      warningsOf(given),
      ['2027-11-07', '2028-11-05'].map((date) => ({
        ...placeOf(given, 'deadline:'),
        message: `readiness.deadline: 01:00 exists twice on ${date} in America/New_York, when the clocks go back: the first of the two is taken`,
      })),
    );
  });

  it('is not warned of a minute before or after', () => {
    assert.deepEqual(
      warningsOf(changed(['at: "07:00"', 'at: "03:00"'], ['deadline: "10:00"', 'deadline: "00:59"'])),
      [],
    );
  });

  it('is not warned of in a zone without clock changes', () => {
    const given = changed(['at: "07:00"', 'at: "02:30"'], ['${TIME_ZONE:-America/New_York}', 'Asia/Kolkata']);
    assert.deepEqual(warningsOf(given), []);
  });
});
