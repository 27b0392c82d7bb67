import assert from 'node:assert/strict';
import type { Card } from '../../src/core/cards/card.ts';
import { sayRun } from '../../src/core/reports/say-run.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aCheckResult, aDiscrepancy, aFinding, aMeasurement, anActor, aRun, someMoment } from '../support/fixtures.ts';
import { deliverAll } from '../support/outbox.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const playbook = thePlaybook({ ANALYSTS: 'slack:U0BEN' });
const ben = anActor({ user: 'U0BEN', name: 'Ben' });

describe('The Home tab', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = () => servicesOver(opened().store, { playbook });
  const file = (...all: Partial<Parameters<typeof aDiscrepancy>[0]>[]) =>
    opened().store.transaction((tx) =>
      tx.discrepancies.save(all.map((one) => ({ ...aDiscrepancy(one), number: null }))),
    );
  const home = async (actor = anActor()): Promise<Card> => (await ask(services(), 'home', { actor })).answer.card;

  it('says what waits for somebody by their role, what is due first at the top', async () => {
    await file(
      { measured: aMeasurement({ key: 'L1' }), dueAt: '2026-11-25T12:00:00.000Z' },
      { measured: aMeasurement({ key: 'L2' }), dueAt: '2026-11-22T12:00:00.000Z' },
    );
    assert.match(textOf(await home(ben)), /Waiting for you: 2 discrepancies.*D-2.*overdue since.*D-1.*due /s);
    assert.match(textOf(await home()), /Waiting for you: .*nothing/);
  });
  it('shows what is assigned to whom it is assigned, and not to the others of the role', async () => {
    await file({ assignee: 'slack:U0ANA' });
    assert.match(textOf(await home()), /Waiting for you: 1 discrepancy/);
    assert.doesNotMatch(textOf(await home(ben)), /Waiting for you: 1/);
  });
  it('leaves out what is explained or closed', async () => {
    await file({ state: 'resolved', resolvedAt: someMoment });
    assert.doesNotMatch(textOf(await home(ben)), /Waiting for you: 1/);
  });
  it('is brought up to date for everybody with the daily run, each with their own', async () => {
    const place = (user: string) => ({ platform: 'slack', channel: user, visibility: 'home' }) as const;
    await opened().store.transaction(async (tx) => {
      for (const user of ['U0ANA', 'U0BEN']) {
        const key = `home/T0TEST/${user}`;
        const card = { title: 'Before', tone: 'good', summary: 'Before', body: [] } as const;
        await tx.outbox.post(
          { key, subject: key, place: place(user), content: { kind: 'card', card } },
          new Date(someMoment),
        );
      }
    });
    await deliverAll(opened().store, new Date(someMoment));
    const findings = [aFinding({ check: 'levels', key: 'L3', verdict: 'fail', difference: '12', variance: '1.5' })];
    const check = aCheckResult({ check: 'levels', owner: 'analysts', severity: 2, verdict: 'fail', findings });
    const run = aRun({ slot: someMoment, state: 'fail', checks: [check] });
    await opened().store.transaction((tx) => sayRun(tx, { run, rows: [] }, services(), null));
    const cardOf = async (user: string) => {
      const row = await opened().store.transaction((tx) => tx.outbox.find(`home/T0TEST/${user}`));
      return JSON.stringify(row?.message.content);
    };
    assert.match(await cardOf('U0BEN'), /Waiting for you: 1 discrepancy/);
    assert.doesNotMatch(await cardOf('U0ANA'), /Waiting for you: 1/);
    assert.match(await cardOf('U0ANA'), /Level Distribution|failed/);
  });
});
