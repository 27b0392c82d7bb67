import assert from 'node:assert/strict';
import { taskReminders } from '../../schedules/task-reminders.ts';
import type { Task } from '../../src/core/playbook/team.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { servicesOver, type TestServices, textOf, thePlaybook } from '../support/services.ts';

const training: Task = {
  name: 'train',
  title: 'Train the pilot users',
  phase: 1,
  weeks: [1, 2],
  owner: 'projectManager',
  evidence: 'The roster',
  kind: 'task',
};

/** 09:00 in New York is 14:00 UTC in winter. The weeks end on Sundays: 22 November is one. */
describe('The reminder of tasks', () => {
  let store = createFakeStore();
  let services: TestServices;
  const given = (options: { startDate?: string | null; tasks?: readonly Task[] } = {}) => {
    store = createFakeStore();
    const { startDate = '2026-11-09', tasks = [training] } = options;
    const people = { PROJECT_MANAGER: 'slack:U0PAUL', DATA_OWNER: 'slack:U0ANA' };
    services = servicesOver(store, { playbook: { ...thePlaybook(people), startDate, tasks } });
  };
  beforeEach(() => given());

  const look = (moment: string): Promise<boolean> => {
    services.setTime(moment);
    return store.transaction((tx) => taskReminders.look(tx, services));
  };
  const close = (task: string, number = 1) =>
    store.transaction((tx) =>
      tx.tasks.add({
        task,
        number,
        state: number % 2 === 1 ? 'done' : 'open',
        by: 'slack:T0TEST/U0PAUL',
        byName: 'Paul',
        at: '2026-11-20T15:00:00.000Z',
        evidence: 'The roster',
        people: null,
      }),
    );
  const keys = (): string[] => [...store.outbox.keys()];
  const said = (key: string): string => {
    const message = store.outbox.get(key)?.message;
    assert.ok(message?.content.kind === 'card', key);
    return `${message.place.channel} ${textOf(message.content.card)}`;
  };

  it('is silent until the last working day before a task would be late', async () => {
    assert.equal(await look('2026-11-19T20:00:00Z'), false);
    assert.equal(await look('2026-11-20T14:00:00Z'), true);
    assert.deepEqual(keys(), ['tasks/2026-11-20']);
  });

  it('comes on the due day itself when that is a working day', async () => {
    given({ startDate: '2026-11-10' });
    assert.equal(await look('2026-11-20T20:00:00Z'), false);
    assert.equal(await look('2026-11-23T14:00:00Z'), true);
    assert.match(said('tasks/2026-11-23'), /"title":"1 task due"/);
  });

  it("comes at the playbook's hour, and not a minute before", async () => {
    assert.equal(await look('2026-11-20T13:59:59Z'), false);
    assert.equal(await look('2026-11-20T14:00:00Z'), true);
  });

  it('goes to the reconciliation channel, mentions the owners, and says that legacy is official', async () => {
    await look('2026-11-20T14:00:00Z');
    const text = said('tasks/2026-11-20');
    assert.match(text, /^C0RECON /);
    assert.match(text, /"Project Manager"," ",{"person":"slack:U0PAUL"/);
    assert.match(text, /due by Sun 22 Nov 2026/);
    assert.match(text, /Legacy is official/);
    assert.match(text, /"command":"task train"/);
  });

  it('comes once a day, however often the clock ticks and however many processes look', async () => {
    await look('2026-11-20T14:00:00Z');
    assert.equal(await look('2026-11-20T14:00:15Z'), false);
    assert.deepEqual(await Promise.all([look('2026-11-20T15:00:00Z'), look('2026-11-20T15:00:00Z')]), [false, false]);
    assert.equal(keys().length, 1);
  });

  it('rests on days off', async () => {
    assert.equal(await look('2026-11-21T15:00:00Z'), false);
    assert.equal(await look('2026-11-22T15:00:00Z'), false);
  });

  it('says how late a task is, every working day until it is closed', async () => {
    await look('2026-11-23T14:00:00Z');
    assert.match(said('tasks/2026-11-23'), /"title":"1 task late".*1 day late, was due by Sun 22 Nov 2026/);
    await look('2026-11-24T14:00:00Z');
    assert.match(said('tasks/2026-11-24'), /2 days late/);
    await close('train');
    assert.equal(await look('2026-11-25T14:00:00Z'), false);
  });

  it('goes to the alerts channel as well from two days late on, once', async () => {
    await look('2026-11-23T14:00:00Z');
    assert.deepEqual(keys(), ['tasks/2026-11-23']);
    await look('2026-11-24T14:00:00Z');
    assert.match(said('alert/tasks/2026-11-22'), /^C0ALERTS .*1 task late for two days or more/);
    await look('2026-11-25T14:00:00Z');
    assert.deepEqual(keys(), ['tasks/2026-11-23', 'tasks/2026-11-24', 'alert/tasks/2026-11-22', 'tasks/2026-11-25']);
  });

  it('comes for a task that was opened again', async () => {
    await close('train');
    assert.equal(await look('2026-11-20T14:00:00Z'), false);
    await close('train', 2);
    assert.equal(await look('2026-11-20T16:00:00Z'), true);
  });

  it('gathers the tasks of a role under it', async () => {
    given({
      tasks: [
        training,
        { ...training, name: 'deploy', title: 'Deploy' },
        { ...training, name: 'sync', owner: 'dataOwner' },
      ],
    });
    await look('2026-11-20T14:00:00Z');
    const text = said('tasks/2026-11-20');
    assert.equal(text.match(/slack:U0PAUL/g)?.length, 1);
    assert.equal(text.match(/slack:U0ANA/g)?.length, 1);
    assert.match(text, /3 tasks due/);
  });

  it('is silent while the start date is not set, and about what the bot does', async () => {
    given({ startDate: null });
    assert.equal(await look('2026-11-20T14:00:00Z'), false);
    given({ tasks: [{ ...training, kind: 'automatic' }] });
    assert.equal(await look('2026-11-24T14:00:00Z'), false);
    assert.deepEqual(keys(), []);
  });
});
