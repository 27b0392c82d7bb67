import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { createUserGroups } from '../../src/slack/user-groups.ts';
import { silentLog } from './support.ts';

describe('user groups of Slack', () => {
  let slack: Simulator | undefined;
  const open = async (scopes?: readonly string[]): Promise<Simulator> => {
    slack = await startSimulator(scopes === undefined ? {} : { scopes });
    slack.setUserGroup('S0PAYROLL', ['U0ANA00001', 'U0BEN00002']);
    slack.setUserGroup('S0OTHERS', ['U0ELI00005']);
    return slack;
  };
  const membersOf = ({ botToken, apiUrl }: Simulator) => createUserGroups({ botToken, apiUrl, log: silentLog });
  afterEach(() => slack?.close());

  it('are read in one call, as the playbook names them; one that is not there has nobody in it', async () => {
    const simulator = await open();
    assert.deepEqual(
      await membersOf(simulator)(['slack:S0PAYROLL', 'slack:S0GONE']),
      new Map([
        ['slack:S0PAYROLL', ['slack:U0ANA00001', 'slack:U0BEN00002']],
        ['slack:S0GONE', []],
      ]),
    );
    assert.equal(simulator.calls.filter(({ method }) => method === 'usergroups.list').length, 1);
  });

  it('say nothing, rather than that nobody is in them, without the permission or while Slack is away', async () => {
    assert.equal(await membersOf(await open(['chat:write']))(['slack:S0PAYROLL']), undefined);
    await slack?.close();
    const simulator = await open();
    for (const fault of [{ kind: 'status', status: 503 }, { kind: 'dropReply' }] as const) {
      simulator.inject({ method: 'usergroups.list', fault });
      assert.equal(await membersOf(simulator)(['slack:S0PAYROLL']), undefined);
    }
    simulator.inject({ method: 'usergroups.list', fault: { kind: 'status', status: 429, retryAfterSeconds: 30 } });
    assert.equal(await membersOf(simulator)(['slack:S0PAYROLL']), undefined);
  });
});
