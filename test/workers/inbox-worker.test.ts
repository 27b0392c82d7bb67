import assert from 'node:assert/strict';
import { createSandbox, type SinonFakeTimers } from 'sinon';
import type { Card } from '../../src/core/cards/card.ts';
import type { Answer, Call, Command } from '../../src/core/command.ts';
import { UsageError } from '../../src/core/usage-error.ts';
import type { Log } from '../../src/core/log.ts';
import type { Request } from '../../src/core/request.ts';
import { leaseMilliseconds, StoreUnavailableError, type Transaction } from '../../src/core/store.ts';
import { createInboxWorker, type InboxWorker } from '../../src/workers/inbox-worker.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { aCard, aRequest, someMoment } from '../support/fixtures.ts';
import { connect, type Connection } from '../support/processes.ts';
import { servicesOver, thePlaybook } from '../support/services.ts';

const playbook = thePlaybook();
const yes: Answer = { card: aCard({ title: 'The answer' }) };

describe('The inbox worker', () => {
  const sandbox = createSandbox();
  let timers: SinonFakeTimers;
  let store = createFakeStore();
  let workers: InboxWorker[] = [];
  let logged: string[] = [];
  let written = 0;
  /** How the command "do" answers. */
  let run: (call: Call) => Answer | Promise<Answer>;
  let calls: Call[] = [];

  const note = (level: string) => (_fields: object, message: string) => void logged.push(`${level}: ${message}`);
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };

  beforeEach(() => {
    timers = sandbox.useFakeTimers({
      now: Date.parse(someMoment),
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    });
    store = createFakeStore();
    workers = [];
    logged = [];
    written = 0;
    calls = [];
    run = async () => yes;
  });
  afterEach(async () => {
    const stopped = Promise.all(workers.map((worker) => worker.stop(0)));
    await timers.tickAsync(10_000);
    await stopped;
    sandbox.restore();
  });

  const start = (): InboxWorker & { db: Connection } => {
    const db = connect(store);
    const command: Command = {
      name: 'do',
      summary: 'Does something',
      usage: '',
      examples: [],
      run: async (call) => {
        calls.push(call);
        return run(call);
      },
    };
    const clock = { now: () => new Date() };
    const worker = createInboxWorker({
      services: { ...servicesOver(db, { playbook }), clock },
      commands: [command],
      clock,
      log,
      onWritten: () => {
        written += 1;
      },
    });
    workers.push(worker);
    worker.start();
    return { ...worker, db };
  };
  const ask = (overrides: Partial<Request> = {}): Promise<boolean> =>
    store.transaction((tx) => tx.inbox.receive(aRequest({ words: 'do', ...overrides })));
  const state = (id = aRequest().id) => store.inbox.get(id)?.state;
  const said = () =>
    [...store.outbox.values()].map(({ message: { key, place, content } }) => [
      key,
      place.visibility,
      content.kind === 'card' ? content.card.title : content.kind === 'file' ? content.name : content.kind,
    ]);
  const audited = async (tx: Transaction): Promise<undefined> => {
    await tx.audit.append({ at: someMoment, actor: 'test', action: 'changed', subject: 'test', details: {} });
  };

  it('answers where it was asked, and is done with it', async () => {
    await ask();
    start();
    await timers.tickAsync(0);
    assert.equal(state(), 'done');
    assert.deepEqual(said(), [['reply/Ev0001', 'private', 'The answer']]);
    assert.equal(written, 1);
    await timers.tickAsync(120_000);
    assert.equal(calls.length, 1);
  });

  it('tries an answer that can not be written down three times, later and later, and then tells the person', async () => {
    run = async () => ({ ...yes, write: () => Promise.reject(new Error('no such column')) });
    await ask();
    start();
    await timers.tickAsync(0);
    assert.deepEqual([calls.length, state()], [1, 'waiting']);
    await timers.tickAsync(6_000);
    assert.equal(calls.length, 2);
    await timers.tickAsync(4_000);
    assert.equal(calls.length, 2);
    await timers.tickAsync(7_000);
    assert.deepEqual([calls.length, state()], [3, 'done']);
    assert.deepEqual(said(), [['reply/Ev0001', 'private', 'This could not be written down']]);
    await timers.tickAsync(120_000);
    assert.equal(calls.length, 3);
  });

  it('hears of a new request when it is nudged, or at its next look', async () => {
    const worker = start();
    await timers.tickAsync(100);
    await ask({ id: 'nudged', receivedAt: new Date().toISOString() });
    worker.nudge();
    await timers.tickAsync(0);
    assert.equal(state('nudged'), 'done');
    await ask({ id: 'polled', receivedAt: new Date().toISOString() });
    await timers.tickAsync(500);
    assert.equal(state('polled'), 'done');
  });

  it('shares an answer with the channel, and says that to whoever asked', async () => {
    run = async () => ({ ...yes, share: true });
    await ask();
    start();
    await timers.tickAsync(0);
    assert.deepEqual(said(), [
      ['answer/Ev0001', 'channel', 'The answer'],
      [
        'reply/Ev0001',
        'private',
        'On its way to the channel. If it does not appear, invite the bot there and ask again.',
      ],
    ]);
  });

  it('says once what was asked in the channel itself', async () => {
    run = async () => ({ ...yes, share: true });
    await ask({ place: { platform: 'slack', channel: 'C0RECON', visibility: 'channel' } });
    start();
    await timers.tickAsync(0);
    assert.deepEqual(said(), [['reply/Ev0001', 'channel', 'The answer']]);
  });

  it("keeps one Home tab a person, changed by that person's next request", async () => {
    const place = { platform: 'slack', channel: 'U0ANA', visibility: 'home' } as const;
    await ask({ place });
    start();
    await timers.tickAsync(0);
    run = async () => ({ card: aCard({ title: 'A newer answer' }) });
    await ask({ id: 'Ev0002', place });
    await timers.tickAsync(1_000);
    assert.deepEqual(said(), [['home/T0TEST/U0ANA', 'home', 'A newer answer']]);
  });

  it('says nothing for a request without a place, and still does it', async () => {
    run = async () => ({ ...yes, write: audited });
    const { place: _place, ...request } = aRequest({ words: 'do' });
    await store.transaction((tx) => tx.inbox.receive(request));
    start();
    await timers.tickAsync(0);
    assert.deepEqual([state(), said().length, store.audit.length], ['done', 0, 1]);
  });

  it('writes what the answer changes, the answer and "done" together', async () => {
    run = async () => ({
      ...yes,
      write: async (tx) => {
        await audited(tx);
        throw new Error('the last statement was refused');
      },
    });
    await ask();
    start();
    await timers.tickAsync(0);
    assert.deepEqual([store.audit.length, said().length, state()], [0, 0, 'waiting']);
    run = async () => ({ ...yes, write: audited });
    await timers.tickAsync(leaseMilliseconds + 1_000);
    assert.deepEqual([store.audit.length, said().length, state()], [1, 1, 'done']);
  });

  it('says what only the transaction could tell', async () => {
    run = async () => ({ ...yes, write: async () => ({ card: aCard({ title: 'Somebody was faster' }) }) });
    await ask();
    start();
    await timers.tickAsync(0);
    assert.deepEqual(said(), [['reply/Ev0001', 'private', 'Somebody was faster']]);
  });

  it('answers bad words and unforeseen errors as well, once', async () => {
    await ask();
    run = ({ request }) =>
      Promise.reject(request.id === 'Ev0001' ? new UsageError('No such check.', 'Try levels.') : new Error('a bug'));
    await ask({ id: 'Ev0002' });
    start();
    await timers.tickAsync(60_000);
    assert.equal(calls.length, 2);
    assert.deepEqual([state(), state('Ev0002')], ['done', 'done']);
    assert.match(JSON.stringify(said()), /That did not work/);
    assert.ok(logged.includes('error: a command failed'));
  });

  it('tries again when the database was away in the middle of it', async () => {
    run = () => Promise.reject(new StoreUnavailableError('no connection'));
    await ask();
    start();
    await timers.tickAsync(5_000);
    assert.deepEqual([state(), said().length], ['waiting', 0]);
    run = async () => yes;
    await timers.tickAsync(leaseMilliseconds + 1_000);
    assert.deepEqual([state(), said().length], ['done', 1]);
  });

  it('answers a short request while a long one runs', async () => {
    run = ({ request, signal }) =>
      request.id === 'long' ? new Promise((resolve) => signal.addEventListener('abort', () => resolve(yes))) : yes;
    await ask({ id: 'long' });
    await ask({ id: 'short' });
    start();
    await timers.tickAsync(1_000);
    assert.deepEqual([state('long'), state('short')], ['waiting', 'done']);
  });

  describe('with several processes', () => {
    it('keeps a long request to itself by extending the lease', async () => {
      let finish = (): void => {};
      run = () => new Promise((resolve) => (finish = () => resolve(yes)));
      await ask();
      start();
      start();
      await timers.tickAsync(300_000);
      assert.equal(calls.length, 1);
      finish();
      await timers.tickAsync(0);
      assert.equal(state(), 'done');
    });

    it('takes over from one that crashed before it had written, which is answered once', async () => {
      const crashing = start();
      await ask();
      const finishing: (() => void)[] = [];
      run = () => new Promise((resolve) => finishing.push(() => resolve({ ...yes, write: audited })));
      crashing.nudge();
      await timers.tickAsync(0);
      crashing.db.hold();
      start();
      await timers.tickAsync(leaseMilliseconds - 1_000);
      assert.equal(calls.length, 1);
      await timers.tickAsync(2_000);
      assert.equal(calls.length, 2);
      for (const finish of finishing) finish();
      await timers.tickAsync(0);
      assert.deepEqual([state(), said().length, store.audit.length], ['done', 1, 1]);
      crashing.db.letGo();
      await timers.tickAsync(1_000);
      assert.deepEqual([said().length, store.audit.length], [1, 1], 'the one that came back wrote nothing');
    });

    it('stops a run whose request was taken over, and says nothing of it', async () => {
      let signal: AbortSignal | undefined;
      run = (call) => {
        if (signal !== undefined) return Promise.resolve(yes);
        signal = call.signal;
        return new Promise((resolve) =>
          call.signal.addEventListener('abort', () => resolve({ card: aCard({ title: 'Too late' }) })),
        );
      };
      await ask();
      const hanging = start();
      await timers.tickAsync(0);
      hanging.db.hold();
      start();
      await timers.tickAsync(leaseMilliseconds + 1_000);
      hanging.db.letGo();
      await timers.tickAsync(11_000);
      assert.equal(signal?.aborted, true);
      assert.deepEqual(said(), [['reply/Ev0001', 'private', 'The answer']]);
    });
  });

  it('never shows progress over the answer of the process that took over', async () => {
    let finish = (): void => {};
    run = () => new Promise((resolve) => (finish = () => resolve(yes)));
    await ask();
    const hanging = start();
    await timers.tickAsync(5_000);
    hanging.db.hold();
    run = async () => yes;
    start();
    await timers.tickAsync(leaseMilliseconds + 1_000);
    assert.equal(state(), 'done');
    hanging.db.letGo();
    calls[0]?.progress(aCard({ title: 'still at it' }));
    await timers.tickAsync(0);
    finish();
    await timers.tickAsync(1_000);
    assert.deepEqual(said(), [['reply/Ev0001', 'private', 'The answer']]);
  });

  describe('when it stops', () => {
    it('finishes what is in hand within the grace', async () => {
      let finish = (): void => {};
      run = () => new Promise((resolve) => (finish = () => resolve(yes)));
      await ask();
      const worker = start();
      await timers.tickAsync(0);
      const stopped = worker.stop(8_000);
      await timers.tickAsync(7_900);
      finish();
      await stopped;
      assert.deepEqual([state(), said().length], ['done', 1]);
    });

    it('hands a longer one back at the end of the grace, to be answered by another process', async () => {
      run = ({ signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      await ask();
      const worker = start();
      await timers.tickAsync(0);
      const stopped = worker.stop(8_000);
      await timers.tickAsync(8_000);
      await stopped;
      assert.deepEqual([state(), said().length], ['waiting', 0]);
      assert.equal(store.inbox.get('Ev0001')?.attempts, 0);
      run = async () => yes;
      start();
      await timers.tickAsync(0);
      assert.deepEqual([state(), said().length], ['done', 1]);
    });

    it('takes nothing new', async () => {
      const worker = start();
      await timers.tickAsync(0);
      await worker.stop(0);
      await ask();
      worker.nudge();
      await timers.tickAsync(60_000);
      assert.equal(calls.length, 0);
    });
  });

  describe('shows how a long run goes', () => {
    const progress = (title: string): Card => aCard({ title });

    it('in place of the answer, and then the answer in its place', async () => {
      run = async (call) => {
        for (let second = 0; second < 20; second += 1) {
          await new Promise((resolve) => setTimeout(resolve, 1_000));
          call.progress(progress(`after ${second + 1} s`));
        }
        return yes;
      };
      await ask();
      start();
      await timers.tickAsync(1_000);
      assert.deepEqual(said(), []);
      await timers.tickAsync(1_100);
      assert.deepEqual(said(), [['reply/Ev0001', 'private', 'after 1 s']]);
      await timers.tickAsync(20_000);
      assert.deepEqual(said(), [['reply/Ev0001', 'private', 'The answer']]);
    });

    it('three times at most: Slack takes five writes of a private reply', async () => {
      const shown = new Set<string>();
      run = async (call) => {
        for (let second = 0; second < 600; second += 1) {
          await new Promise((resolve) => setTimeout(resolve, 1_000));
          call.progress(progress(`after ${second + 1} s`));
        }
        return yes;
      };
      await ask();
      start();
      for (let second = 0; second < 610; second += 1) {
        await timers.tickAsync(1_000);
        for (const [, , title] of said()) shown.add(title ?? '');
      }
      assert.equal(shown.size, 4, [...shown].join(', '));
    });

    it('never after the answer, and not at all for a quick one', async () => {
      run = async (call) => {
        call.progress(progress('at once'));
        return yes;
      };
      await ask();
      start();
      await timers.tickAsync(0);
      assert.deepEqual(said(), [['reply/Ev0001', 'private', 'The answer']]);
      await timers.tickAsync(60_000);
      calls[0]?.progress(progress('late'));
      await timers.tickAsync(60_000);
      assert.deepEqual(said(), [['reply/Ev0001', 'private', 'The answer']]);
    });
  });
});
