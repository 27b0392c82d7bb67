import assert from 'node:assert/strict';
import { missedReport } from '../../schedules/missed-report.ts';
import { schedules } from '../../schedules/index.ts';
import type { Slot } from '../../src/core/store.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { aMessage } from '../support/fixtures.ts';
import { deliverAll } from '../support/outbox.ts';
import { servicesOver, type TestServices, thePlaybook } from '../support/services.ts';

const playbook = thePlaybook();
const today = '2026-11-23T12:00:00.000Z';
const look: Slot = { name: 'missed-report', at: '2026-11-23T16:00:00.000Z' };
const dayBefore = (days: number): string => new Date(Date.parse(today) - days * 86_400_000).toISOString();

describe('The watch over missed reports', () => {
  let store = createFakeStore();
  let services: TestServices;
  beforeEach(() => {
    store = createFakeStore();
    services = servicesOver(store, { playbook });
    services.setTime(look.at);
  });

  const slot = async (at: string, state: 'due' | 'done' | 'missed'): Promise<void> => {
    const now = services.clock.now();
    await store.transaction(async (tx) => {
      await tx.slots.plan([{ name: 'daily-reconciliation', at, missed: state === 'missed' }], now);
      if (state !== 'done') return;
      const claimed = await tx.slots.claim(['daily-reconciliation'], now);
      assert.equal(claimed?.slot.at, at);
      await tx.slots.finish(claimed.slot, claimed.fence, now);
    });
  };
  const digest = (at: string, postedAt = at): Promise<boolean> =>
    store.transaction((tx) =>
      tx.outbox.post(aMessage({ key: `digest/${at}`, subject: `run/${at}` }), new Date(postedAt)),
    );
  const watch = async (at: Slot = look) => {
    const result = await missedReport.run(at, services, new AbortController().signal);
    await store.transaction((tx) => result.write(tx));
    return result;
  };
  const alerts = (): [key: string, text: string][] =>
    [...store.outbox]
      .filter(([key]) => key.startsWith('alert/'))
      .map(([key, { message }]) => [key, JSON.stringify(message.content)]);

  it('looks on the days of the daily report, at its own time, and not at all before there is a start date', () => {
    assert.deepEqual(missedReport.plan(playbook), {
      at: playbook.schedules.missedReport.at,
      timeZone: 'America/New_York',
      weekdays: [1, 2, 3, 4, 5],
      from: '2026-11-09',
    });
    assert.equal(missedReport.plan({ ...playbook, startDate: null }), undefined);
    assert.ok(schedules.includes(missedReport));
  });

  it('raises nothing when the digest was delivered', async () => {
    await slot(today, 'done');
    await digest(today);
    await deliverAll(store, services.clock.now());
    assert.equal((await watch()).kind, 'done');
    assert.deepEqual(alerts(), []);
  });

  it('raises nothing while an edit of a delivered digest is on its way, and alerts when it was deleted before that', async () => {
    await slot(today, 'done');
    await digest(today);
    await deliverAll(store, services.clock.now());
    const card = { title: 'New', tone: 'good' as const, summary: 'New.', body: [] };
    await store.transaction((tx) => tx.outbox.change(`run/${today}`, card, services.clock.now()));
    await watch();
    assert.deepEqual(alerts(), []);
    await deliverAll(store, new Date(services.clock.now().getTime() + 5000), { kind: 'gone', reason: 'deleted' });
    assert.equal(store.outbox.get(`digest/${today}`)?.state, 'gone');
    await watch();
    assert.match(alerts()[0]?.[1] ?? '', /deleted before its last state/);
  });

  it('alerts for a day on which nothing ran', async () => {
    await slot(dayBefore(3), 'missed');
    await watch();
    const [[key, text] = [], ...others] = alerts();
    assert.equal(others.length, 0);
    assert.equal(key, `alert/missed/${dayBefore(3)}`);
    assert.match(
      text ?? '',
      /report due Fri 20 Nov 2026, 07:00 is not in its channel\. It never ran: no process was up/,
    );
    assert.equal(store.outbox.get(key ?? '')?.message.place.channel, playbook.channels.alerts);
  });

  it('alerts for a run that has not finished', async () => {
    await slot(today, 'due');
    await watch();
    assert.match(alerts()[0]?.[1] ?? '', /It has not finished yet/);
  });

  it('alerts for a run that was given up', async () => {
    await slot(today, 'done');
    await watch();
    assert.match(alerts()[0]?.[1] ?? '', /It was given up/);
  });

  it('alerts for a digest that could not be delivered, with the reason', async () => {
    await slot(today, 'done');
    await digest(today);
    await deliverAll(store, services.clock.now(), { kind: 'refused', reason: 'is_archived' });
    await watch();
    assert.match(alerts()[0]?.[1] ?? '', /It was not delivered \(dead: is_archived\)/);
  });

  it('alerts for a digest that has waited ten minutes, and gives a younger one time', async () => {
    await slot(today, 'done');
    await digest(today, look.at);
    services.setTime(new Date(Date.parse(look.at) + 10 * 60_000 - 1).toISOString());
    const early = await watch();
    assert.deepEqual(alerts(), []);
    assert.equal(early.kind, 'again');
    assert.equal(early.kind === 'again' && early.at.getTime(), services.clock.now().getTime() + 60_000);

    services.setTime(new Date(Date.parse(look.at) + 10 * 60_000).toISOString());
    assert.equal((await watch()).kind, 'done');
    assert.match(alerts()[0]?.[1] ?? '', /It was not delivered \(pending\)/);
  });

  it('alerts for other days while it gives one digest time', async () => {
    await slot(dayBefore(3), 'missed');
    await slot(today, 'done');
    await digest(today, look.at);
    assert.equal((await watch()).kind, 'again');
    assert.deepEqual(
      alerts().map(([key]) => key),
      [`alert/missed/${dayBefore(3)}`],
    );
  });

  it('alerts once a day that is missing, however often it looks', async () => {
    await slot(dayBefore(4), 'missed');
    await slot(dayBefore(3), 'missed');
    await watch();
    await watch({ ...look, at: '2026-11-24T16:00:00.000Z' });
    assert.deepEqual(
      alerts().map(([key]) => key),
      [`alert/missed/${dayBefore(4)}`, `alert/missed/${dayBefore(3)}`],
    );
  });

  it('looks back 14 days to the millisecond, and never ahead of its own due time', async () => {
    services = servicesOver(store, { playbook: thePlaybook({ START_DATE: '2026-10-01' }) });
    services.setTime(look.at);
    const fortnight = Date.parse(look.at) - 14 * 86_400_000;
    await slot(new Date(fortnight - 1).toISOString(), 'missed');
    await slot(new Date(fortnight).toISOString(), 'missed');
    await slot(look.at, 'missed');
    await slot(new Date(Date.parse(look.at) + 1).toISOString(), 'missed');
    await watch();
    assert.deepEqual(
      alerts().map(([key]) => key),
      [`alert/missed/${new Date(fortnight).toISOString()}`, `alert/missed/${look.at}`],
    );
  });

  it('raises nothing about days before the start date, such as when it was put off', async () => {
    services = servicesOver(store, { playbook: thePlaybook({ START_DATE: '2026-11-20' }) });
    services.setTime(look.at);
    await slot('2026-11-19T12:00:00.000Z', 'missed');
    await slot('2026-11-20T12:00:00.000Z', 'missed');
    await watch();
    assert.deepEqual(
      alerts().map(([key]) => key),
      ['alert/missed/2026-11-20T12:00:00.000Z'],
    );
  });
});
