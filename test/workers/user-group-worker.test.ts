import assert from 'node:assert/strict';
import { peopleOf } from '../../src/core/roles.ts';
import { createUserGroupWorker } from '../../src/workers/user-group-worker.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { anActor } from '../support/fixtures.ts';
import { ask, servicesOver, type TestServices, textOf, thePlaybook } from '../support/services.ts';

const payroll = 'slack:S0PAYROLL';
const ben = anActor({ user: 'U0BEN' });
const audits = 'roles.user_group_changed';

describe('a role that a user group of the chat has', () => {
  let store: ReturnType<typeof createFakeStore>;
  let services: TestServices;
  /** What the chat says of who is in the group; undefined: it does not answer. */
  let members: readonly string[] | undefined;
  let questions: number;
  let worker: ReturnType<typeof createUserGroupWorker>;

  beforeEach(() => {
    store = createFakeStore();
    services = servicesOver(store, { playbook: thePlaybook({ DATA_OWNER: `${payroll} slack:U0DANA` }) });
    members = ['slack:U0ANA', 'slack:U0BEN'];
    questions = 0;
    worker = createUserGroupWorker({
      services,
      membersOf: (groups) => {
        questions += 1;
        const said = members;
        return Promise.resolve(said && new Map(groups.map((group) => [group, said])));
      },
    });
  });
  const holders = (): string[] => peopleOf('dataOwner', services.playbook);
  const changes = () => store.audit.filter(({ action }) => action === audits).map(({ details }) => details);

  it('belongs to nobody of the group before the chat has said who is in it', () => {
    assert.deepEqual(holders(), ['slack:U0DANA']);
  });

  it('is held by everybody in it, beside those who are named', async () => {
    await worker.tick();
    assert.deepEqual(holders(), ['slack:U0ANA', 'slack:U0BEN', 'slack:U0DANA']);
    await ask(services, 'start 2026-12-07 --confirm', { actor: ben });
    assert.equal(services.playbook.startDate, '2026-12-07');
  });

  it('is lost by whoever leaves the group, a minute later at most, and the audit says so', async () => {
    await worker.tick();
    members = ['slack:U0ANA', 'slack:U0CHEN'];
    services.setTime(new Date(services.clock.now().getTime() + 59_999).toISOString());
    await worker.tick();
    assert.equal(questions, 1, 'asked once a minute');
    services.setTime(new Date(services.clock.now().getTime() + 1).toISOString());
    await worker.tick();
    assert.deepEqual(holders(), ['slack:U0ANA', 'slack:U0CHEN', 'slack:U0DANA']);
    assert.deepEqual(changes(), [
      { added: 'slack:U0ANA slack:U0BEN', removed: '' },
      { added: 'slack:U0CHEN', removed: 'slack:U0BEN' },
    ]);
    const { answer } = await ask(services, 'start 2026-12-07 --confirm', { actor: ben });
    assert.match(textOf(answer.card), /Only Data Owner, Product Owner or Project Manager may/);
  });

  it('is held as before while the chat does not answer, in every process of the bot and in a shell', async () => {
    await worker.tick();
    members = undefined;
    services.setTime('2026-11-24T12:00:00.000Z');
    await worker.tick();
    const shell = servicesOver(store, { playbook: thePlaybook({ DATA_OWNER: payroll }) });
    await shell.refresh();
    assert.deepEqual(peopleOf('dataOwner', shell.playbook), ['slack:U0ANA', 'slack:U0BEN']);
    assert.equal(changes().length, 1);
  });

  it('is held by nobody once the group is empty', async () => {
    await worker.tick();
    members = [];
    services.setTime('2026-11-24T12:00:00.000Z');
    await worker.tick();
    assert.deepEqual(holders(), ['slack:U0DANA']);
  });

  it('is asked for only where the playbook names a group', async () => {
    services = servicesOver(store);
    await createUserGroupWorker({ services, membersOf: () => assert.fail('asked for nothing') }).tick();
  });
});
