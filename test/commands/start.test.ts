import assert from 'node:assert/strict';
import { dailyReconciliation } from '../../schedules/daily-reconciliation.ts';
import { anActor, someMoment } from '../support/fixtures.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

describe('Setting the start date', () => {
  let store = createFakeStore();
  beforeEach(() => {
    store = createFakeStore();
  });
  const unset = () => servicesOver(store, { playbook: thePlaybook({ START_DATE: '' }) });
  const onRecord = () => store.transaction(async (tx) => (await tx.startDates.newest())?.date);

  it('says that nothing is scheduled while it is not set', async () => {
    const { answer } = await ask(unset(), 'start');
    assert.match(answer.card.title, /start date is not set: nothing is scheduled/);
    assert.match(textOf(answer.card), /\/parallel start <yyyy-mm-dd>/);
  });

  it('shows the dates that follow and asks, and writes nothing', async () => {
    const services = unset();
    const { answer } = await ask(services, 'start 2026-11-30');
    const text = textOf(answer.card);
    assert.equal(answer.card.title, 'Start the parallel run on Mon 30 Nov 2026?');
    assert.match(text, /Phase 3, Full Parallel Run","value":"Mon 25 Jan 2027 to Sun 21 Feb 2027/);
    assert.match(text, /Evidence frozen at the end of","value":"Sun 7 Feb 2027/);
    assert.match(text, /Go\/no-go vote","value":"Mon 8 Feb 2027 to Sun 14 Feb 2027/);
    assert.match(text, /"command":"start 2026-11-30 --confirm","style":"primary"/);
    assert.equal(await onRecord(), undefined);
    assert.equal(store.audit.length, 0);
    assert.equal(services.playbook.startDate, null);
  });

  it('is done when it is confirmed: on record, in the audit, and told in the channel', async () => {
    const services = unset();
    const { answer } = await ask(services, 'start 2026-11-30 --confirm');
    assert.equal(answer.card.title, 'The parallel run starts on Mon 30 Nov 2026');
    assert.equal(await onRecord(), '2026-11-30');
    const [entry, ...more] = store.audit;
    assert.deepEqual(more, []);
    assert.equal(entry?.action, 'start.set');
    assert.deepEqual(entry?.details, { from: null, to: '2026-11-30' });
    assert.equal(store.outbox.get('start/Ev0001')?.message.place.channel, 'C0RECON');
  });

  it('lets schedules and answers follow at once', async () => {
    const services = unset();
    assert.deepEqual(services.nextDue(), []);
    await ask(services, 'start 2026-11-30 --confirm');
    assert.equal(services.nextDue()[0]?.name, dailyReconciliation.name);
    assert.equal(services.nextDue()[0]?.at, '2026-11-30T12:00:00.000Z');
    assert.match(textOf((await ask(services, 'status')).answer.card), /Begins in 7 days/);
  });

  it('is known to another process with its next piece of work', async () => {
    const another = unset();
    await ask(unset(), 'start 2026-11-30 --confirm');
    assert.equal(another.playbook.startDate, null);
    await another.refresh();
    assert.equal(another.playbook.startDate, '2026-11-30');
  });

  it("wins over the playbook's own date", async () => {
    await ask(servicesOver(store), 'start 2026-11-16 --confirm');
    const restarted = servicesOver(store);
    await restarted.refresh();
    assert.equal(restarted.playbook.startDate, '2026-11-16');
  });

  it('says what moves before a date that is set is moved', async () => {
    const { answer } = await ask(servicesOver(store), 'start 2026-11-23');
    const text = textOf(answer.card);
    assert.equal(answer.card.title, 'Move the start date to Mon 23 Nov 2026?');
    assert.match(text, /Every date moves, 14 days later/);
    assert.match(text, /End","value":"Sun 14 Feb 2027 \(was Sun 31 Jan 2027\)/);
    assert.match(text, /"style":"danger"/);
  });

  it('is written once, however often the confirmation arrives', async () => {
    const services = unset();
    await ask(services, 'start 2026-11-30 --confirm');
    const { answer } = await ask(services, 'start 2026-11-30 --confirm', { id: 'Ev0002' });
    assert.match(answer.card.title, /is Mon 30 Nov 2026 already/);
    assert.equal(store.audit.length, 1);
    assert.equal(store.outbox.size, 1);
  });

  it('of two people at once leads to one date, then the other, each in the audit', async () => {
    const services = unset();
    await Promise.all([
      ask(services, 'start 2026-11-30 --confirm'),
      ask(services, 'start 2026-11-30 --confirm', { id: 'Ev0002' }),
    ]);
    assert.equal(store.audit.length, 1);
  });

  it('is refused to somebody without the role, with who may, and changes nothing', async () => {
    const services = unset();
    for (const words of ['start 2026-11-30', 'start 2026-11-30 --confirm']) {
      const { answer } = await ask(services, words, { actor: anActor({ user: 'U0BEN' }) });
      assert.match(answer.card.title, /Only Data Owner, Product Owner or Project Manager may set the start date/);
      assert.equal(answer.exitCode, 64);
    }
    assert.equal(await onRecord(), undefined);
  });

  it('works the same in a terminal', async () => {
    const playbook = thePlaybook({ START_DATE: '', PROJECT_MANAGER: 'terminal:ana' });
    const services = servicesOver(store, { playbook });
    const actor = anActor({ platform: 'terminal', workspace: '', user: 'ana' });
    const asking = await ask(services, 'start 2026-11-30', { actor });
    assert.match(textOf(asking.answer.card), /parallel-run start 2026-11-30 --confirm/);
    await ask(services, 'start 2026-11-30 --confirm', { actor });
    assert.equal(await onRecord(), '2026-11-30');
    assert.equal(store.audit[0]?.actor, 'terminal:ana');
  });

  for (const [words, expected] of [
    ['start 30.11.2026', /"30.11.2026" is not a date/],
    ['start 2026-02-30', /is not a date/],
    ['start 2062-11-30', /more than a year from today/],
    ['start --confirm', /no date to confirm/],
  ] as const) {
    it(`refuses "${words}"`, async () => {
      const { answer } = await ask(unset(), words);
      assert.match(answer.card.title, expected);
      assert.equal(answer.exitCode, 64);
    });
  }

  it('takes a day a year from today, and not the one after', async () => {
    assert.match((await ask(unset(), 'start 2027-11-24')).answer.card.title, /^Start the parallel run/);
    assert.match((await ask(unset(), 'start 2027-11-25')).answer.card.title, /more than a year/);
  });

  it('says that tasks may be late at once when the day is past', async () => {
    assert.equal(someMoment.slice(0, 10), '2026-11-23');
    assert.match(textOf((await ask(unset(), 'start 2026-11-22')).answer.card), /That day was 1 day ago/);
    assert.doesNotMatch(textOf((await ask(unset(), 'start 2026-11-23')).answer.card), /ago/);
  });
});
