import assert from 'node:assert/strict';
import { ConfigError, type Environment, readConfig } from '../src/config.ts';

const socket = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };

function problemsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment, 'serve');
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

describe('The settings', () => {
  it('start the simulator, with nothing kept, when nothing is set', () => {
    const config = readConfig({}, 'serve');
    assert.equal(config.slack, null);
    assert.deepEqual(config.store, { kind: 'memory' });
  });

  it('never try the simulated workspace on somebody’s records', () => {
    for (const setting of [{ DATABASE_URL: 'postgresql://h/d' }, { DATA_DIRECTORY: 'data' }]) {
      const [first, second] = problemsOf(setting);
      const [name = ''] = Object.keys(setting);
      assert.match(first ?? '', new RegExp(`SLACK_BOT_TOKEN is not set. Because ${name} is set, Slack is used`));
      assert.match(second ?? '', /SLACK_APP_TOKEN is not set/);
    }
  });

  it('connect to Slack by Socket Mode when both tokens are given', () => {
    assert.deepEqual(readConfig(socket, 'serve').slack, { mode: 'socket', botToken: 'xoxb-1', appToken: 'xapp-1' });
  });

  it('connect by HTTP when asked to, with the signing secret', () => {
    const config = readConfig(
      { SLACK_MODE: 'http', SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'secret' },
      'serve',
    );
    assert.deepEqual(config.slack, { mode: 'http', botToken: 'xoxb-1', signingSecret: 'secret' });
  });

  it('keep the records in the embedded database on disk when Slack is real and no database is named', () => {
    assert.deepEqual(readConfig(socket, 'serve').store, { kind: 'folder', dataDirectory: 'data' });
  });

  it('refuse an address that is no PostgreSQL database, naming the setting', () => {
    for (const url of ['nonsense', 'mysql://h/d']) {
      assert.throws(
        () => readConfig({ ...socket, DATABASE_URL: url }, 'serve'),
        (error) => error instanceof ConfigError && error.message.startsWith('DATABASE_URL is not a PostgreSQL URL'),
      );
    }
  });
  it('keep the records in PostgreSQL when DATABASE_URL is set', () => {
    assert.deepEqual(readConfig({ ...socket, DATABASE_URL: 'postgresql://h/d' }, 'serve').store, {
      kind: 'postgresql',
      databaseUrl: 'postgresql://h/d',
    });
  });

  for (const [set, missing] of [
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, ['SLACK_APP_TOKEN']],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, ['SLACK_BOT_TOKEN']],
    [{ LEGACY_DATABASE_URL: 'postgresql://h/d' }, ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']],
    [{ SLACK_MODE: 'http', SLACK_APP_TOKEN: 'xapp-1' }, ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET']],
  ] as const) {
    it(`say that ${missing.join(' and ')} is missing when only ${Object.keys(set).join(' and ')} is set`, () => {
      const problems = problemsOf(set);
      assert.equal(problems.length, missing.length);
      missing.forEach((name, index) => assert.match(problems[index] ?? '', new RegExp(`^${name} is not set`)));
    });
  }

  it('name every problem at once', () => {
    const problems = problemsOf({ ...socket, SLACK_APP_TOKEN: 'xoxb-2', PORT: '70000', LOG_LEVEL: 'loud' });
    assert.equal(problems.length, 3);
  });

  for (const [port, accepted] of [
    ['0', true],
    ['65535', true],
    ['65536', false],
    ['-1', false],
    ['3e3', false],
  ] as const) {
    it(`${accepted ? 'take' : 'refuse'} the port ${port}`, () => {
      assert.equal(problemsOf({ PORT: port }).length, accepted ? 0 : 1);
    });
  }

  it('need no Slack for a single command in the terminal', () => {
    assert.equal(readConfig({ LEGACY_DATABASE_URL: 'postgresql://h/d' }, 'terminal').slack, null);
  });
});

describe('The settings of Microsoft Teams', () => {
  const teams = {
    MICROSOFT_APP_ID: '01234567-89ab-cdef-0123-456789abcdef',
    MICROSOFT_APP_PASSWORD: 'kX8~secret',
    MICROSOFT_APP_TENANT_ID: '76543210-89ab-cdef-0123-456789ABCDEF',
  };
  const connection = {
    appId: teams.MICROSOFT_APP_ID,
    appPassword: teams.MICROSOFT_APP_PASSWORD,
    tenantId: teams.MICROSOFT_APP_TENANT_ID,
  };

  it('connect to Teams alone, with the records on disk, where nothing of Slack is set', () => {
    const config = readConfig(teams, 'serve');
    assert.deepEqual([config.teams, config.slack], [connection, null]);
    assert.deepEqual(config.store, { kind: 'folder', dataDirectory: 'data' });
  });
  it('connect to both where both are set', () => {
    const config = readConfig({ ...teams, ...socket }, 'serve');
    assert.deepEqual([config.teams, config.slack?.mode], [connection, 'socket']);
  });
  it('connect to Slack alone where nothing of Teams is set', () => {
    assert.equal(readConfig(socket, 'serve').teams, null);
  });
  it('are named where neither is set and something else says that the real thing is wanted', () => {
    assert.match(problemsOf({ DATA_DIRECTORY: 'data' })[0] ?? '', /for Microsoft Teams instead, set MICROSOFT_APP_ID,/);
    assert.doesNotMatch(problemsOf({ SLACK_BOT_TOKEN: 'xoxb-1' })[0] ?? '', /MICROSOFT/);
  });
  it('need all three, and say which are missing, at once with what Slack lacks', () => {
    for (const name of Object.keys(teams)) {
      const [problem = '', ...others] = problemsOf({ ...teams, [name]: ' ' });
      assert.match(problem, new RegExp(`^${name} is not set\\. Because .* are set, Teams is used: give `));
      assert.deepEqual(others, []);
    }
    const problems = problemsOf({ MICROSOFT_APP_ID: teams.MICROSOFT_APP_ID, SLACK_BOT_TOKEN: 'xoxb-1' });
    assert.deepEqual(
      problems.map((problem) => problem.split(' ')[0]),
      ['SLACK_APP_TOKEN', 'MICROSOFT_APP_PASSWORD', 'MICROSOFT_APP_TENANT_ID'],
    );
    assert.match(problems[0] ?? '', /Because SLACK_BOT_TOKEN is set, Slack is used: .* to use Teams alone/);
  });
  it('are ids where they have to be, and a secret’s value where an id would be wrong, which is never repeated', () => {
    assert.match(problemsOf({ ...teams, MICROSOFT_APP_ID: 'parallel-run' })[0] ?? '', /MICROSOFT_APP_ID is no such id/);
    assert.match(problemsOf({ ...teams, MICROSOFT_APP_TENANT_ID: 'x' })[0] ?? '', /Directory \(tenant\) ID/);
    const [problem = ''] = problemsOf({ ...teams, MICROSOFT_APP_PASSWORD: teams.MICROSOFT_APP_TENANT_ID });
    assert.match(problem, /looks like the id of a client secret/);
    assert.doesNotMatch(problem, /76543210/);
  });
  it('are not needed for a single command in the terminal', () => {
    assert.equal(readConfig(teams, 'terminal').teams, null);
  });
});

describe('The secrets that sign readings', () => {
  const [one, other] = ['a'.repeat(32), 'b'.repeat(32)];
  const secretsOf = (value: string) =>
    readConfig({ ...socket, METRICS_SIGNING_SECRETS: value }, 'serve').metricsSigningSecrets;

  it('are none, one, or two with a blank between', () => {
    assert.deepEqual(secretsOf(' '), []);
    assert.deepEqual(secretsOf(one), [one]);
    assert.deepEqual(secretsOf(` ${one}  ${other} `), [one, other]);
  });
  it('have at least 32 characters each', () => {
    const [problem = ''] = problemsOf({ ...socket, METRICS_SIGNING_SECRETS: `${one} ${'b'.repeat(31)}` });
    assert.match(problem, /METRICS_SIGNING_SECRETS needs at least 32 characters/);
    assert.doesNotMatch(problem, /bbbb/);
  });
  it('are no more than two', () => {
    assert.match(
      problemsOf({ ...socket, METRICS_SIGNING_SECRETS: `${one} ${other} ${one}` })[0] ?? '',
      /has 3 secrets/,
    );
  });
});
