import assert from 'node:assert/strict';
import { weeklyCheckpoint } from '../../schedules/weekly-checkpoint.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aCheckResult, aFinding, anActor, aRun } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

/** Wednesdays at 10:00 in New York, which is 15:00 UTC in November. */
const hour = '2026-11-25T15:00:00.000Z';
const playbook = thePlaybook();

describe('The weekly checkpoint', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const servicesAt = (moment: string) => {
    const services = servicesOver(opened().store, { playbook });
    services.setTime(moment);
    return services;
  };
  const look = (moment: string): Promise<boolean> => {
    const services = servicesAt(moment);
    return opened().store.transaction((tx) => weeklyCheckpoint.look(tx, services));
  };
  const said = async () =>
    (await opened().store.transaction((tx) => tx.outbox.list('pending', 50))).map(({ message }) => ({
      key: message.key,
      text: JSON.stringify(message.content),
    }));
  const keys = async () => (await said()).map(({ key }) => key);
  const kept = async () => (await opened().store.transaction((tx) => tx.checkpoints.list(5)))[0];
  const minutes = (moment: string, actor = anActor()) =>
    ask(servicesAt(moment), 'checkpoint minutes --attendance "Ana, Ben" --decisions "Accept the bonus"', {
      actor,
      id: moment,
    });

  it('reminds two days and one hour before, each once', async () => {
    for (const moment of ['2026-11-23T14:59:00.000Z', '2026-11-23T15:00:00.000Z', '2026-11-24T15:00:00.000Z'])
      await look(moment);
    assert.deepEqual(await keys(), ['checkpoint/2026-11-25/reminder/days']);
    for (const moment of ['2026-11-25T14:00:00.000Z', '2026-11-25T14:30:00.000Z']) await look(moment);
    assert.deepEqual(await keys(), ['checkpoint/2026-11-25/reminder/days', 'checkpoint/2026-11-25/reminder/hour']);
  });
  it('has its agenda at the hour, once, whoever looks', async () => {
    await look('2026-11-25T14:00:00.000Z');
    await Promise.all([look(hour), look(hour)]);
    assert.equal((await keys()).filter((key) => key === 'checkpoint/2026-11-25').length, 1);
    assert.match((await said()).at(-1)?.text ?? '', /Weekly checkpoint, Wed 25 Nov 2026: agenda/);
  });
  it('is not of concern from before anybody watched', async () => {
    await look('2026-11-27T15:00:00.000Z');
    await look('2026-11-27T16:00:00.000Z');
    assert.deepEqual(await keys(), []);
  });
  it('gets its agenda also when no process was up at the hour', async () => {
    await look('2026-11-20T15:00:00.000Z');
    await look('2026-11-25T17:00:00.000Z');
    assert.deepEqual(await keys(), ['checkpoint/2026-11-25']);
  });
  it('tells the runs of the week as SQL tells them', async () => {
    for (const [day, verdict] of [
      [18, 'fail'],
      [19, 'fail'],
      [20, 'pass'],
      [23, 'fail'],
      [24, 'pass'],
    ] as const) {
      const at = `2026-11-${day}T12:00:00.000Z`;
      const check = aCheckResult({ verdict, findings: [aFinding({ verdict })] });
      await opened().store.transaction((tx) =>
        tx.runs.save(aRun({ id: `202611${day}-aaaaa`, slot: at, startedAt: at, finishedAt: at, checks: [check] })),
      );
    }
    await look('2026-11-25T14:00:00.000Z');
    await look(hour);
    const counted = await opened().owner<{ state: string; count: string }>(
      `select state, count(*) from runs where slot > '2026-11-18T15:00Z' and slot <= '2026-11-25T15:00Z' group by state order by state`,
    );
    const runs = (await kept())?.agenda.runs ?? [];
    assert.deepEqual(
      counted.map(({ state, count }) => [state, Number(count)]),
      ['fail', 'pass'].map((state) => [state, runs.filter((run) => run.state === state).length]),
    );
    assert.match((await said()).at(-1)?.text ?? '', /4 daily runs: 2 passed, 2 failed/);
  });
  it('draws how the variance of each check went over the days of the week, and says it in words', async () => {
    for (const [day, variance] of [
      [20, '1.5'],
      [23, null],
      [24, '0.25'],
    ] as const) {
      const at = `2026-11-${day}T12:00:00.000Z`;
      const check = aCheckResult({ title: 'Employee Count', findings: [aFinding({ variance })] });
      await opened().store.transaction((tx) =>
        tx.runs.save(aRun({ id: `202611${day}-bbbbb`, slot: at, startedAt: at, finishedAt: at, checks: [check] })),
      );
    }
    await look('2026-11-25T14:00:00.000Z');
    await look(hour);
    assert.deepEqual((await kept())?.agenda.trend, [
      {
        name: 'Employee Count',
        points: [
          { label: '20 Nov', value: '1.5' },
          { label: '23 Nov', value: null },
          { label: '24 Nov', value: '0.25' },
        ],
      },
    ]);
    assert.match((await said()).at(-1)?.text ?? '', /Variance in the week/);
  });

  describe('held', () => {
    beforeEach(async () => {
      await look('2026-11-25T14:00:00.000Z');
      await look(hour);
    });
    it('keeps who was there and what was decided, in its card and for good', async () => {
      const { answer } = await minutes('2026-11-25T16:00:00.000Z');
      assert.match(textOf(answer.card), /Wed 25 Nov 2026: held.*Ana, Ben.*Accept the bonus/);
      const card = (await said()).at(-1)?.text ?? '';
      assert.match(card, /Wed 25 Nov 2026: held/);
      assert.match(card, /Accept the bonus/);
      assert.equal((await kept())?.minutes?.by, 'slack:T0TEST/U0ANA');
      await look('2026-11-26T15:00:00.000Z');
      assert.ok(!(await keys()).includes('checkpoint/2026-11-25/missed'));
    });
    it('takes minutes only from people with a role', async () => {
      const { answer } = await minutes('2026-11-25T16:00:00.000Z', anActor({ user: 'U0NEW' }));
      assert.equal(answer.exitCode, 64);
      assert.equal((await kept())?.minutes, null);
    });
    it('needs to know who was there', async () => {
      const { answer } = await ask(servicesAt(hour), 'checkpoint minutes --decisions "Nothing"');
      assert.match(textOf(answer.card), /--attendance: This is needed/);
    });
    it('keeps its agenda as it was at the hour', async () => {
      const before = (await kept())?.agenda;
      await ask(servicesAt('2026-11-25T15:30:00.000Z'), 'discrepancy --title "Found in the meeting"');
      await minutes('2026-11-25T16:00:00.000Z');
      assert.deepEqual((await kept())?.agenda, before);
    });
  });

  it('that nobody held is said after a day, once, and can be made up for', async () => {
    await look('2026-11-25T14:00:00.000Z');
    await look(hour);
    await look('2026-11-26T14:59:59.999Z');
    assert.ok(!(await keys()).includes('checkpoint/2026-11-25/missed'));
    await look('2026-11-26T15:00:00.000Z');
    await look('2026-11-26T15:01:00.000Z');
    assert.equal((await keys()).filter((key) => key === 'checkpoint/2026-11-25/missed').length, 1);
    assert.match((await said()).find(({ key }) => key === 'checkpoint/2026-11-25')?.text ?? '', /was not held/);
    await minutes('2026-11-26T16:00:00.000Z');
    assert.match((await said()).find(({ key }) => key === 'checkpoint/2026-11-25')?.text ?? '', /: held/);
  });
  it('shows the agenda so far before its hour', async () => {
    const { answer } = await ask(servicesAt('2026-11-24T12:00:00.000Z'), 'checkpoint');
    assert.match(answer.card.title, /Wed 25 Nov 2026: agenda/);
    assert.equal(await kept(), undefined, 'nothing is kept yet');
  });
  it('is none while the start date is not set', async () => {
    const services = servicesOver(opened().store, { playbook: thePlaybook({ START_DATE: '' }) });
    assert.equal(await opened().store.transaction((tx) => weeklyCheckpoint.look(tx, services)), false);
    assert.match(textOf((await ask(services, 'checkpoint')).answer.card), /There is no checkpoint yet/);
  });
});
