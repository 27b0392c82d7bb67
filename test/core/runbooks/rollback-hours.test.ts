import assert from 'node:assert/strict';
import { commands } from '../../../commands/index.ts';
import { runbooks } from '../../../schedules/runbooks.ts';
import { answerRequest, concludeAnswer } from '../../../src/core/answer-request.ts';
import type { ProbeFinding } from '../../../src/core/probes/probe.ts';
import { startRunbook } from '../../../src/core/reports/keep-runbook.ts';
import { createFakeStore } from '../../support/fake-store.ts';
import { anActor } from '../../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../../support/services.ts';

const people = {
  TECH_LEAD: 'U0CHEN',
  DATA_OWNER: 'U0ANA',
  ANALYSTS: 'U0FAY',
  PROJECT_MANAGER: 'U0DANA',
  PRODUCT_OWNER: 'U0BEN',
};
const playbook = thePlaybook(Object.fromEntries(Object.entries(people).map(([role, user]) => [role, `slack:${user}`])));
const of = (role: keyof typeof people) => anActor({ user: people[role] });
const minute = 60_000;
const approved = Date.parse('2026-12-01T15:00:00.000Z');

describe('The hours of a rollback, from the approval on', () => {
  let store = createFakeStore();
  let services = servicesOver(store, { playbook });
  let findings: Record<string, ProbeFinding> = {};
  let asked = 0;

  beforeEach(async () => {
    store = createFakeStore();
    findings = {
      'access-gone': { verdict: 'pass', said: 'Nobody gets in: HTTP 403' },
      'preserved-copy': { verdict: 'pass', said: 'SHA-256 aaaa' },
    };
    services = servicesOver(store, {
      playbook,
      probe: async ({ name }) => findings[name] ?? { verdict: 'unknown', said: 'Nothing' },
    });
    await at(0);
    const definition = playbook.runbooks.find(({ name }) => name === 'rollback');
    assert.ok(definition !== undefined);
    const anchor = services.clock.now().toISOString();
    const begun = { anchor, startedBy: 'x', about: 'incident/1', rehearsal: null, channel: 'C0ALERTS' };
    await store.transaction((tx) => startRunbook(tx, definition, begun, services));
  });

  /** Lets it be so many minutes after the approval, and the bot do what it does by itself then. */
  const at = async (minutes: number): Promise<void> => {
    const now = new Date(approved + minutes * minute);
    services.setTime(now.toISOString());
    await store.transaction((tx) => runbooks.look(tx, services));
    for (;;) {
      const claimed = await store.transaction((tx) => tx.inbox.claim(now));
      if (claimed === undefined) return;
      const answer = await answerRequest({
        request: claimed.request,
        commands,
        services,
        progress: () => undefined,
        signal: new AbortController().signal,
        failed: (error) => assert.fail(String(error)),
      });
      await store.transaction(async (tx) => {
        await concludeAnswer(tx, answer, claimed.request);
        await tx.inbox.finish(claimed.request.id, claimed.fence, now);
      });
    }
  };
  const say = async (words: string, role: keyof typeof people) =>
    (await ask(services, `runbook 1 ${words}`, { actor: of(role), id: `words-${(asked += 1)}` })).answer.card;
  const done = (step: string, role: keyof typeof people) => say(`done ${step} --evidence "Seen"`, role);
  const states = async (): Promise<Record<string, string>> => {
    const [one] = await store.transaction((tx) => tx.runbooks.list(1));
    return Object.fromEntries((one?.steps ?? []).map(({ name, state }) => [name, state]));
  };
  const state = async () => (await store.transaction((tx) => tx.runbooks.list(1)))[0]?.state;
  const said = () => [...store.outbox.keys()].filter((key) => key.startsWith('runbook/1/'));

  it('are asked for at 0, 1, 2 and 4 hours, day 1 and day 2, and are over when every step is closed, with a report', async () => {
    await at(0);
    assert.ok(said().includes('runbook/1/disable-access/due') && said().includes('runbook/1/preserve-state/due'));
    await done('disable-access', 'TECH_LEAD');
    await at(1);
    assert.equal((await states())['access-gone'], 'done');
    await done('preserve-state', 'TECH_LEAD');
    await at(2);
    assert.equal((await states())['take-checksum'], 'done');
    await at(59);
    assert.ok(!said().includes('runbook/1/legacy-primary/due'));
    await at(60);
    assert.ok(said().includes('runbook/1/legacy-primary/due'));
    await done('legacy-primary', 'DATA_OWNER');
    await at(119);
    assert.equal((await states())['verify-state'], 'open');
    await at(120);
    assert.equal((await states())['verify-state'], 'done');
    await at(240);
    await done('root-cause', 'TECH_LEAD');
    await at(24 * 60);
    assert.ok(said().includes('runbook/1/tell-stakeholders/due'));
    assert.match((await done('remediation-plan', 'PRODUCT_OWNER')).title, /Before it comes: Tell the stakeholders/);
    await done('tell-stakeholders', 'PROJECT_MANAGER');
    await at(48 * 60);
    assert.equal(await state(), 'running');
    await done('remediation-plan', 'PRODUCT_OWNER');
    assert.equal(await state(), 'done');
    assert.ok(said().includes('runbook/1/report'));
  });
  it('are overdue after 30 minutes, not at them, once in the alerts', async () => {
    await at(30);
    assert.ok(!said().includes('runbook/1/disable-access/late'));
    await at(31);
    await at(32);
    assert.equal(said().filter((key) => key === 'runbook/1/disable-access/late').length, 1);
  });
  it("do not take anybody's word that the access is gone: while people get in, the rollback stands and can't be closed", async () => {
    findings['access-gone'] = { verdict: 'fail', said: 'People still get in: HTTP 200' };
    await done('disable-access', 'TECH_LEAD');
    await at(1);
    assert.equal((await states())['access-gone'], 'failed');
    const card = store.outbox.get('runbook/1/card')?.message.content;
    assert.match(
      card?.kind === 'card' ? textOf(card.card) : '',
      /stands: .*Is the access gone\?.*People still get in: HTTP 200/,
    );
    assert.match((await done('access-gone', 'TECH_LEAD')).title, /not closed by hand/);
    findings['access-gone'] = { verdict: 'pass', said: 'Nobody gets in: HTTP 403' };
    await say('check access-gone', 'TECH_LEAD');
    assert.equal((await states())['access-gone'], 'done');
  });
  it('find a preserved copy that is another at hour 2 than it was at hour 0', async () => {
    await done('preserve-state', 'TECH_LEAD');
    await at(2);
    findings['preserved-copy'] = { verdict: 'pass', said: 'SHA-256 bbbb' };
    await at(120);
    assert.equal((await states())['verify-state'], 'failed');
  });
});
