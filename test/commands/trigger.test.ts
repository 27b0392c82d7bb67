import assert from 'node:assert/strict';
import { commands } from '../../commands/index.ts';
import { triggers } from '../../schedules/triggers.ts';
import { formFor } from '../../src/core/answer-request.ts';
import type { Run } from '../../src/core/checks/run.ts';
import { frozenBy } from '../../src/core/reports/keep-incident.ts';
import type { Reading } from '../../src/core/metrics/reading.ts';
import type { IntegrityProbe } from '../../src/core/rows/result.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import {
  aCheckResult,
  aFinding,
  anActor,
  aReading,
  aRequest,
  aRowComparison,
  aRun,
  later,
  someMoment,
} from '../support/fixtures.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const ana = anActor({ user: 'U0ANA' });
const chen = anActor({ user: 'U0CHEN' });
const ben = anActor({ user: 'U0BEN' });
const eli = anActor({ user: 'U0ELI' });
const file = thePlaybook({ TECH_LEAD: 'slack:U0CHEN', PRODUCT_OWNER: 'slack:U0BEN', SECURITY_OFFICER: 'slack:U0ELI' });
const minute = 60_000;

describe('A rollback trigger', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const tx: ReturnType<typeof opened>['store']['transaction'] = (work) => opened().store.transaction(work);
  const services = (minutes = 0, playbook = file) => {
    const all = servicesOver(opened().store, { playbook });
    all.setTime(later(minutes * minute).toISOString());
    return all;
  };
  let count = 0;
  const say = async (words: string, actor = ana, minutes = 0) =>
    (await ask(services(minutes), words, { actor, id: `request-${(count += 1)}` })).answer;
  const look = (minutes = 0, playbook = file) => tx((one) => triggers.look(one, services(minutes, playbook)));
  const incidents = () => tx((one) => one.incidents.list(100));
  const posts = async () =>
    (await opened().owner<{ key: string }>('select key from outbox order by id')).map(({ key }) => key);

  let runs = 0;
  /** A run of both critical checks, of which total compensation is so far off. */
  const runWith = (variance: string, overrides: Partial<Run> = {}): Run => {
    runs += 1;
    const check = (name: string, title: string, figure: string) =>
      aCheckResult({
        check: name,
        title,
        critical: true,
        verdict: 'fail',
        findings: [aFinding({ check: name, key: name, variance: figure, verdict: 'fail' })],
      });
    return aRun({
      id: `20261123-r${String(runs).padStart(4, '0')}`,
      slot: null,
      state: 'fail',
      startedAt: later(runs * 1000).toISOString(),
      checks: [check('employees', 'Employee Count', '0'), check('compensation', 'Total Compensation', variance)],
      ...overrides,
    });
  };
  const store = (run: Run) => tx((one) => one.runs.save(run));

  describe('of variance', () => {
    for (const [variance, fires] of [
      ['5', false],
      ['5.000000000001', true],
      ['5.01', true],
    ] as const) {
      it(`${fires ? 'fires' : 'does not fire'} at ${variance} %`, async () => {
        await store(runWith(variance));
        assert.equal(await look(), fires);
        assert.equal((await incidents()).length, fires ? 1 : 0);
      });
    }
    it('says both figures, the evidence, and who decides, in the channel of the alerts', async () => {
      await store(runWith('5.3'));
      await look();
      const [key] = await posts();
      const row = await tx((one) => one.outbox.find(key ?? ''));
      assert.equal(row?.message.place.channel, 'C0ALERTS');
      const text = row.message.content.kind === 'card' ? textOf(row.message.content.card) : '';
      assert.match(text, /Total Compensation: 5\.3 %/);
      assert.match(text, /more than 5 %/);
      assert.match(text, /show 20261123-r/);
      assert.match(text, /Tech Lead.*U0CHEN.*Product Owner.*U0BEN/);
      assert.match(text, /incident I-1 acknowledge.*incident I-1 propose/);
    });
    it('never fires of a run that was held, that lacks a critical check, or that could not measure one', async () => {
      await store(runWith('9', { state: 'held', checks: [] }));
      const whole = runWith('9');
      await store({ ...whole, checks: whole.checks.slice(1) });
      const failed = runWith('9');
      await store({
        ...failed,
        state: 'error',
        checks: [{ ...failed.checks[0]!, verdict: 'error' }, failed.checks[1]!],
      });
      assert.equal(await look(), false);
    });
    it('counts a run once, however often it is looked at', async () => {
      await store(runWith('6'));
      assert.deepEqual([await look(), await look(), await look()], [true, false, false]);
      assert.equal((await incidents())[0]?.count, 1);
    });
    it('is one card, counted, however often it fires: 500 readings that alternate around 5 %', async () => {
      const fake = createFakeStore();
      const over = servicesOver(fake, { playbook: file });
      for (let index = 0; index < 500; index += 1) {
        await fake.transaction((one) => one.runs.save(runWith(index % 2 === 0 ? '5.01' : '4.99')));
        await fake.transaction((one) => triggers.look(one, over));
      }
      const all = await fake.transaction((one) => one.incidents.list(100));
      assert.deepEqual(
        all.map(({ state, count: times }) => [state, times]),
        [['firing', 250]],
      );
      assert.equal([...fake.outbox.keys()].length, 1);
    });
    it('clears below its lower limit, not at it, and is the same incident when it fires again within a day', async () => {
      await store(runWith('6'));
      await look();
      await store(runWith('4'));
      assert.equal(await look(), false);
      await store(runWith('3.99'));
      assert.equal(await look(1), true);
      assert.equal((await incidents())[0]?.state, 'cleared');
      await store(runWith('6'));
      await look(24 * 60);
      await store(runWith('1'));
      await look(24 * 60 + 1);
      await store(runWith('6'));
      await look(48 * 60 + 1);
      assert.deepEqual(
        (await incidents()).map(({ number, count: times }) => [number, times]),
        [
          [2, 1],
          [1, 2],
        ],
      );
    });
    it('of a group of fewer than five people gives its figure away to nobody', async () => {
      const run = runWith('50');
      const hidden = run.checks.map((check) => ({
        ...check,
        findings: check.findings.map((finding) => ({ ...finding, suppressed: true })),
      }));
      await store({ ...run, checks: hidden });
      await look();
      const [incident] = await incidents();
      assert.match(incident?.figure ?? '', /group of fewer than five people/);
      assert.doesNotMatch(incident?.figure ?? '', /50/);
    });
  });

  describe('of performance', () => {
    const reading = (value: string, minutes: number): Reading =>
      aReading({
        key: `p95/${value}/${minutes}`,
        metric: 'p95',
        value,
        measuredAt: later(minutes * minute).toISOString(),
      });
    const baseline = async () => {
      await tx(async (one) => {
        const base = reading('1.2', 0);
        await one.metrics.add(base);
        await one.metrics.acceptBaseline({ reading: base, acceptedAt: someMoment, acceptedBy: 'x' });
      });
    };
    const read = (value: string, minutes: number) => tx((one) => one.metrics.add(reading(value, minutes)));

    it('does not fire at 1.50 times the baseline, two readings running', async () => {
      await baseline();
      await read('1.8', 1);
      await read('1.8', 2);
      assert.equal(await look(3), false);
    });
    it('fires above 1.50 times, at the second reading running', async () => {
      await baseline();
      await read('1.812', 1);
      assert.equal(await look(1), false);
      await read('1.801', 2);
      assert.equal(await look(2), true);
      const [incident] = await incidents();
      assert.match(incident?.figure ?? '', /Performance \(p95\): 1\.801 s, 50\.0\d+ % above the baseline of 1\.2 s/);
      assert.match(incident?.limit ?? '', /more than 50 %, 2 readings running/);
    });
    it('does not fire without an accepted baseline', async () => {
      await read('9', 1);
      await read('9', 2);
      assert.equal(await look(3), false);
    });
  });

  describe('of data corruption', () => {
    const probes: readonly IntegrityProbe['probe'][] = ['repeatedKeys', 'nullKeys', 'belowMinimum', 'rowsLost'];
    const compared = (probe: IntegrityProbe['probe'], verdict: 'pass' | 'fail') =>
      aRun({
        id: `20261123-c${(runs += 1)}`,
        startedAt: later(runs * 1000).toISOString(),
        comparisons: [aRowComparison({ integrity: [{ probe, column: null, found: { legacy: 0, new: 3 }, verdict }] })],
      });
    for (const probe of probes) {
      it(`fires for ${probe}`, async () => {
        await store(compared(probe, 'fail'));
        await look();
        assert.match((await incidents())[0]?.figure ?? '', /3 in the new system, 0 in legacy/);
      });
    }
    it('clears when the next run finds none', async () => {
      await store(compared('nullKeys', 'fail'));
      await look();
      await store(compared('nullKeys', 'pass'));
      await look();
      assert.equal((await incidents())[0]?.state, 'cleared');
    });
    it('fires when a person reports it, and is ended by people only', async () => {
      await say('trigger report corruption --what "Salaries of level 3 are doubled"');
      await store(compared('nullKeys', 'pass'));
      await look();
      const [incident] = await incidents();
      assert.deepEqual([incident?.state, incident?.figure], ['firing', 'Salaries of level 3 are doubled']);
      assert.match(
        (await say('incident I-1 clear --reason "They were right"')).card.title,
        /Only Tech Lead or Product Owner/,
      );
      await say('incident I-1 clear --reason "They were right"', chen);
      assert.equal((await incidents())[0]?.state, 'cleared');
    });
  });

  describe('of security', () => {
    const declare = 'trigger report security --what "A key is public"';
    it('is declared and lifted by the Security Officer, refused to other roles, and freezes everything meanwhile', async () => {
      assert.match((await say(declare, chen)).card.title, /Only Security Officer may report Security breach/);
      assert.equal(await tx((one) => frozenBy(one, file)), undefined);
      const card = await say(declare, eli);
      assert.match(textOf(card.card), /Everything is frozen/);
      assert.equal((await tx((one) => frozenBy(one, file)))?.number, 1);
      assert.match((await say('incident I-1 dismiss --reason x', eli)).card.title, /lifted, not dismissed/);
      assert.match((await say('incident I-1 clear --reason x', chen)).card.title, /Only Security Officer/);
      await say('incident I-1 clear --reason "Key is revoked"', eli);
      assert.equal(await tx((one) => frozenBy(one, file)), undefined);
    });
  });

  describe('that fires', () => {
    const fire = async () => {
      await store(runWith('6'));
      await look();
    };
    it('is acknowledged once, by anybody with a role', async () => {
      await fire();
      assert.match(
        (await say('incident I-1 acknowledge', anActor({ user: 'U0NEW' }))).card.title,
        /may acknowledge here/,
      );
      assert.match((await say('incident 1 acknowledge')).card.title, /acknowledged/);
      assert.match((await say('incident 1 acknowledge')).card.title, /is acknowledged already/);
    });
    it('is told again, then to the deputies, then to the fallback channel, until somebody acknowledges it', async () => {
      const playbook = { ...file, channels: { ...file.channels, fallback: 'C0FALLBACK' } };
      await fire();
      const called = async () => (await posts()).flatMap((key) => /card\/[^/]+\/(\w+)$/.exec(key)?.[1] ?? []);
      await look(14, playbook);
      assert.deepEqual(await called(), []);
      await look(15, playbook);
      await look(16, playbook);
      assert.deepEqual(await called(), ['reminder']);
      await look(30, playbook);
      assert.deepEqual(await called(), ['reminder', 'deputy']);
      await look(45, playbook);
      const key = (await posts()).find((one) => one.endsWith('/fallback'));
      const row = await tx((one) => one.outbox.find(key ?? ''));
      assert.deepEqual([row?.message.place.channel, row?.message.parent], ['C0FALLBACK', undefined]);
    });
    it('calls nobody once it is acknowledged', async () => {
      await fire();
      await say('incident 1 acknowledge');
      assert.equal(await look(60), false);
    });
    it('is snoozed with a reason by those who decide, and fires again when that is over', async () => {
      await fire();
      assert.match(
        (await say('incident 1 snooze --minutes 60 --reason x')).card.title,
        /Only Tech Lead or Product Owner/,
      );
      await say('incident 1 snooze --minutes 60 --reason "The vendor is on it"', chen);
      assert.equal(await look(59), false);
      assert.equal(await look(60), true);
      assert.equal((await incidents())[0]?.state, 'firing');
    });
    it('stays dismissed until it has cleared', async () => {
      await fire();
      await say('incident 1 dismiss --reason "Loaded twice, corrected"', ben);
      await store(runWith('7'));
      await look(1);
      assert.equal((await incidents())[0]?.state, 'dismissed');
      await store(runWith('1'));
      await look(2);
      assert.equal((await incidents())[0]?.state, 'cleared');
    });
    it('leads to the question of a rollback, which two roles decide and which asks for words to be typed', async () => {
      await fire();
      const asked = await say('incident 1 propose --reason "Wrong for everybody"');
      assert.equal(asked.card.title, 'Asked in the alerts channel: Roll back PlanWise Navigator?');
      assert.match(textOf(asked.card), /I-1 says now that a rollback is proposed. Nothing is rolled back unless/);
      assert.doesNotMatch(textOf(asked.card), /"buttons"|On the table/);
      const question = (await tx((one) => one.outbox.find('decision/1/card')))?.message.content;
      const text = question?.kind === 'card' ? textOf(question.card) : '';
      assert.match(text, /Variance in critical metrics.*Total Compensation: 6 %; fires at more than 5 %/);
      assert.match(text, /Decide until .*: Roll back PlanWise Navigator\?/);
      assert.equal((await incidents())[0]?.state, 'proposed');
      const found = await formFor(
        aRequest({ words: 'decision 1 roll-back --seen 1', actor: chen }),
        commands,
        services(),
      );
      assert.deepEqual(found !== undefined && 'form' in found ? found.form.fields.map(({ name }) => name) : [], [
        'confirm',
        'reason',
      ]);
      const slip = await say('decision 1 roll-back --seen 1 --reason so --confirm yes', chen);
      assert.match(slip.card.title, /"roll back" has to be typed/);
      await say('decision 1 roll-back --seen 1 --reason so --confirm "roll back"', chen);
      const done = await say('decision 1 roll-back --seen 1 --reason so --confirm "roll back"', ben);
      assert.match(done.card.title, /\? Roll back$/);
      const [started] = await tx((one) => one.runbooks.list(1));
      assert.deepEqual([started?.name, started?.anchor, started?.about], ['rollback', someMoment, 'incident/1']);
      const hours = started?.definition.steps.map(({ at }) =>
        'afterMinutes' in at ? at.afterMinutes / 60 : undefined,
      );
      assert.deepEqual(hours, [0, 0, 0, 0, 1, 2, 4, 24, 48]);
      const notice = await tx((one) => one.outbox.find('runbook/1/notice'));
      assert.match(JSON.stringify(notice?.message.content), /Draft for the stakeholders: nobody was told yet/);
    });
    it('is acknowledged again when the rollback is refused', async () => {
      await fire();
      await say('incident 1 propose --reason "Wrong for everybody"');
      await say('decision 1 keep --seen 1 --reason "It is one file"', chen);
      assert.equal((await incidents())[0]?.state, 'acknowledged');
    });
  });

  it('is listed with its newest figure, and no data is not quiet', async () => {
    assert.match(textOf((await say('trigger')).card), /"Variance in critical metrics","no data"/);
    await store(runWith('4.5'));
    assert.match(
      textOf((await say('trigger')).card),
      /"Variance in critical metrics","near its limit","Total Compensation: 4\.5 %"/,
    );
    assert.match(textOf((await say('trigger report varience')).card), /Did you mean variance/);
  });
});
