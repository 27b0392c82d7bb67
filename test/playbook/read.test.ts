import assert from 'node:assert/strict';
import { type Problem, readPlaybook } from '../../src/playbook/read.ts';
import { accepted, changed, environment, placeOf, refused, text, today } from './support.ts';

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
      {
        ...placeOf(text, '${NEW_DATABASE_PATH}.preserved'),
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
    assert.equal(messages.length, 6);
    assert.ok(messages.includes('checks.employees.severity: must be one of 1, 2, 3'));
  });
});

describe('A kind that there is not', () => {
  it('hides no other problem of its check or source', () => {
    const messages = refused(
      changed([
        "kind: scalar\n    legacy: SELECT count(*) AS value FROM legacy.employees WHERE status = 'A'",
        'kind: ratio\n    legacy: ""',
      ]),
    ).map(({ message }) => message);
    assert.ok(
      messages.some((message) => message.startsWith('checks.employees.kind:')),
      messages.join('\n'),
    );
    assert.ok(messages.includes('checks.employees.legacy: must not be empty'), messages.join('\n'));
  });
  it('of a source hides no other problem of it', () => {
    const messages = refused(
      changed(['kind: duckdb\n    title: PlanWise Navigator', 'kind: mysql\n    title: ""']),
    ).map(({ message }) => message);
    assert.ok(messages.some((message) => message.startsWith('sources.new.kind:')));
    assert.ok(messages.includes('sources.new.title: must not be empty'));
  });
});

const everyWarningOf = (given: string): readonly Problem[] => {
  const read = readPlaybook(given, environment, today);
  assert.ok('warnings' in read);
  return read.warnings;
};

describe('Times of one day', () => {
  const messages = (given: string): string[] => everyWarningOf(given).map(({ message }) => message);

  it('are warned of when the report is due only after its own deadline, or as late', () => {
    assert.match(messages(changed(['deadline: "10:00"', 'deadline: "07:00"'])).join(), /deadline 07:00 is not after/);
    assert.deepEqual(messages(changed(['deadline: "10:00"', 'deadline: "07:01"'])), []);
  });
  it('are warned of when the watch looks before the report is due', () => {
    const watch = (at: string): string => changed(['missedReport: { at: "11:00" }', `missedReport: { at: "${at}" }`]);
    assert.match(messages(watch('07:00')).join(), /noticed a day late/);
    assert.deepEqual(messages(watch('07:01')), []);
  });
});

describe('A due time that the clocks go over', () => {
  const warningsOf = (given: string): readonly Problem[] =>
    everyWarningOf(given).filter(({ message }) => message.includes('exist'));

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
