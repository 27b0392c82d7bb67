import assert from 'node:assert/strict';
import { commands } from '../../commands/index.ts';
import type { RunState } from '../../src/core/checks/run.ts';
import { StoreUnavailableError } from '../../src/core/store.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aCheckResult, anActor, aRun, someMoment } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

describe('Commands', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = (options: Parameters<typeof servicesOver>[1] = {}) => servicesOver(opened().store, options);

  describe('check', () => {
    it('compares every check of the playbook', async () => {
      const given = services();
      await ask(given, 'check');
      assert.deepEqual(given.asked[0]?.checks, []);
      assert.equal(given.asked[0]?.slot, null);
    });
    it('compares those that are named, each once, however they are written', async () => {
      const given = services();
      await ask(given, 'check Levels events LEVELS');
      assert.deepEqual(given.asked[0]?.checks, ['levels', 'events']);
    });
    it('refuses an unknown name with the one that was probably meant, and measures nothing', async () => {
      const given = services();
      const { answer } = await ask(given, 'check lvels');
      assert.match(textOf(answer.card), /Did you mean \/parallel check levels\?/);
      assert.equal(answer.exitCode, 64);
      assert.equal(given.asked.length, 0);
    });
    it('refuses a flag that it does not have', async () => {
      const { answer } = await ask(services(), 'check --force');
      assert.match(answer.card.title, /no --force/);
    });
    it('is private unless it is shared', async () => {
      assert.notEqual((await ask(services(), 'check')).answer.share, true);
      const another = services({ measure: () => aRun({ id: '20261123-aaaaa' }) });
      assert.equal((await ask(another, 'check --share')).answer.share, true);
    });
    it('shows how far it is while it works', async () => {
      const given = services({
        measure: (request) => {
          request.progress?.(1, 5, 'Employee Count');
          return aRun();
        },
      });
      const { progress } = await ask(given, 'check');
      assert.match(textOf(progress.at(-1) ?? { title: '', tone: 'good', summary: '', body: [] }), /1 of 5 checks done/);
    });
    it('stores the run and the audit entry with the answer', async () => {
      const given = services();
      await ask(given, 'check');
      const [runs, head] = await opened().store.transaction(
        async (tx) => [await tx.runs.list({ limit: 5 }), await tx.audit.head()] as const,
      );
      assert.equal(runs.length, 1);
      assert.equal(head?.action, 'run.finished');
      assert.equal(head.actor, 'slack:T0TEST/U0ANA');
      assert.equal(head.subject, `run/${runs[0]?.id}`);
    });
    const exits: readonly [RunState, number][] = [
      ['pass', 0],
      ['fail', 1],
      ['held', 2],
      ['error', 2],
    ];
    for (const [state, exitCode] of exits) {
      it(`ends with ${exitCode} for ${state}`, async () => {
        const given = services({ measure: () => aRun({ state, checks: state === 'held' ? [] : [aCheckResult()] }) });
        assert.equal((await ask(given, 'check')).answer.exitCode, exitCode);
      });
    }
    it('answers JSON with run, state and findings', async () => {
      const { answer } = await ask(services(), 'check');
      const json = JSON.parse(JSON.stringify(answer.json)) as {
        run: string;
        state: string;
        findings: Record<string, unknown>[];
      };
      assert.equal(json.run, '20261123-k3f9a');
      assert.equal(json.state, 'pass');
      assert.deepEqual(Object.keys(json.findings[0] ?? {}), [
        'check',
        'key',
        'legacy',
        'new',
        'difference',
        'variance',
        'unit',
        'tolerance',
        'verdict',
        'reason',
      ]);
    });
  });

  describe('show', () => {
    it('shows a stored run exactly as it was', async () => {
      const given = services();
      const { answer } = await ask(given, 'check');
      const again = await ask(given, 'show 20261123-k3f9a');
      assert.deepEqual(again.answer.json, answer.json);
      assert.deepEqual(again.answer.card, answer.card);
    });
    it('shows the newest for "last"', async () => {
      await ask(services(), 'check');
      assert.equal((await ask(services(), 'show last')).answer.exitCode, 0);
    });
    it('names the newest runs when there is none of that id', async () => {
      await ask(services(), 'check');
      const { answer } = await ask(services(), 'show 20200101-aaaaa');
      assert.match(textOf(answer.card), /There is no run/);
      assert.match(textOf(answer.card), /the newest are 20261123-k3f9a/);
    });
  });

  describe('history', () => {
    it('lists the newest runs, those that people asked for among them', async () => {
      await ask(services(), 'check');
      assert.match(textOf((await ask(services(), 'history')).answer.card), /20261123-k3f9a/);
    });
    it('shows one check over the runs that measured it', async () => {
      await ask(services(), 'check');
      const { answer } = await ask(services(), 'history employees');
      assert.equal(answer.card.title, 'Employee Count: the last 1 run');
    });
    it('says that a check was not measured yet', async () =>
      assert.match((await ask(services(), 'history growth')).answer.card.title, /not measured yet/));
  });

  describe('status', () => {
    it('says where we are, and what comes next', async () => {
      const { answer } = await ask(services(), 'status');
      assert.match(textOf(answer.card), /No daily run yet/);
      assert.match(textOf(answer.card), /Phase 1 \(Shadow Mode\), week 3, day 15 of 84/);
      assert.match(textOf(answer.card), /Next: Daily reconciliation/);
    });
    it('says that nothing is scheduled while the start date is not set', async () => {
      const playbook = thePlaybook({ START_DATE: '' });
      const { answer } = await ask(services({ playbook }), 'status');
      assert.match(textOf(answer.card), /start date is not set: nothing is scheduled/);
      assert.doesNotMatch(textOf(answer.card), /Next:/);
    });
    it('says that a message could not be delivered', async () => {
      await opened().store.transaction(async (tx) => {
        const now = new Date(someMoment);
        await tx.outbox.post(
          {
            key: 'k',
            subject: 's',
            place: { platform: 'slack', channel: 'C1', visibility: 'channel' },
            content: { kind: 'card', card: { title: 't', tone: 'good', summary: 's', body: [] } },
          },
          now,
        );
        const claim = await tx.outbox.claim('slack', now);
        assert.ok(claim !== undefined);
        await tx.outbox.settle(claim, { kind: 'refused', reason: 'archived' }, now);
      });
      assert.match(textOf((await ask(services(), 'status')).answer.card), /1 message could not be delivered/);
    });
  });

  describe('help', () => {
    it('lists every command that people may type', async () => {
      const text = textOf((await ask(services(), 'help')).answer.card);
      for (const { name, hidden } of commands) assert.equal(text.includes(`/parallel ${name}`), hidden !== true, name);
    });
    it('is the answer to no words at all', async () =>
      assert.equal((await ask(services(), '')).answer.card.title, 'What Parallel Run can do'));
    it('shows examples of one command', async () =>
      assert.match(textOf((await ask(services(), 'help check')).answer.card), /\/parallel check levels/));
    it('speaks of the shell in a shell', async () =>
      assert.match(
        textOf((await ask(services(), 'help', { actor: anActor({ platform: 'terminal' }) })).answer.card),
        /parallel-run check/,
      ));
  });

  describe('audit verify', () => {
    it('finds the chain whole, up to the hash that a digest carried', async () => {
      await ask(services(), 'check');
      const head = await opened().store.transaction((tx) => tx.audit.head());
      const { answer } = await ask(services(), `audit verify ${head?.hash.slice(0, 16)}`);
      assert.equal(answer.card.title, 'The audit is whole');
      assert.equal(answer.exitCode, 0);
    });
    it('finds a tail that was cut by the hash that a digest carried', async () => {
      await ask(services(), 'check');
      const { answer } = await ask(services(), `audit verify ${'f'.repeat(16)}`);
      assert.equal(answer.card.title, 'The audit was tampered with');
      assert.equal(answer.exitCode, 1);
    });
    it('refuses what is no hash', async () =>
      assert.equal((await ask(services(), 'audit verify latest')).answer.exitCode, 64));
  });

  describe('anything else', () => {
    it('is answered with the command that was probably meant', async () =>
      assert.match(textOf((await ask(services(), 'chekc levels')).answer.card), /Did you mean \/parallel check\?/));
    it('never offers what people do not type', async () =>
      assert.doesNotMatch(textOf((await ask(services(), 'hom')).answer.card), /parallel home/));
    it('tells of an unforeseen error without its words, and hands it to the log', async () => {
      const given = services({
        measure: () => {
          throw new Error('password=hunter2');
        },
      });
      const { answer, failures } = await ask(given, 'check');
      assert.equal(answer.card.title, 'That did not work');
      assert.doesNotMatch(textOf(answer.card), /hunter2/);
      assert.match(textOf(answer.card), /Ev0001/);
      assert.equal(failures.length, 1);
    });
    it('is tried again later when the database does not answer', async () => {
      const given = services({
        measure: () => {
          throw new StoreUnavailableError('down');
        },
      });
      await assert.rejects(ask(given, 'check'), StoreUnavailableError);
    });
  });
});
