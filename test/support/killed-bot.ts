import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { commands } from '../../commands/index.ts';
import { openingVote } from '../../schedules/opening-vote.ts';
import { pendingDecisions } from '../../schedules/pending-decisions.ts';
import { runbooks } from '../../schedules/runbooks.ts';
import type { Card } from '../../src/core/cards/card.ts';
import type { Courier } from '../../src/core/messages/message.ts';
import type { Playbook } from '../../src/core/playbook/playbook.ts';
import type { Store, Transaction } from '../../src/core/store.ts';
import { createLog } from '../../src/operate/logger.ts';
import { createDispatcher } from '../../src/workers/dispatcher.ts';
import { createInboxWorker } from '../../src/workers/inbox-worker.ts';
import { createWatchWorker } from '../../src/workers/watch-worker.ts';
import type { CrashPoint } from './bot-settings.ts';
import { createFakeStore, type FakeStore } from './fake-store.ts';
import { aRequest, aRun, type anActor } from './fixtures.ts';
import { servicesOver } from './services.ts';

/** What a dead process still waits for. */
const never = new Promise<never>(() => undefined);
/** Longer than any lease. */
const restart = 31_000;

interface Post {
  readonly key: string;
  readonly channel: string;
  card: Card | undefined;
}

interface Process {
  setTime(moment: string): void;
  /** Lets every watch look once. */
  look(): void;
  /** There may be work: requests to answer, messages to deliver. */
  nudge(): void;
}

/**
 * The bot's own workers over a store in memory and a channel that knows what was posted, in a process that dies at one
 * crash point: there at each transaction that writes something and at each message, the first time that it comes to it.
 * Its successor knows only what was committed, and what the channel took. Timers must be faked: nothing here waits.
 */
export class KilledBot {
  readonly store: FakeStore = createFakeStore();
  readonly posts: Post[] = [];
  /** What people see as done last, of each time that a process died. */
  readonly deaths: string[] = [];
  boundary = '';
  #now = '';
  /** The outside's time runs on, also while the day stands. */
  #passed = 0;
  #dead = false;
  readonly #failures: unknown[] = [];
  readonly #reached = new Set<string>();
  readonly #playbook: Playbook;
  readonly #crashAt: CrashPoint | undefined;
  #process: Process | undefined;
  #said = 0;

  constructor(playbook: Playbook, crashAt?: CrashPoint) {
    this.#playbook = playbook;
    this.#crashAt = crashAt;
  }

  /** Lets it be a time of the day (ISO 8601, UTC), and all that is due then be done and said. */
  async at(time: string): Promise<void> {
    this.#now = time;
    this.#process?.setTime(time);
    await this.#settle();
  }

  /** Somebody says something in chat; it has been written down when Slack is told so. */
  async say(actor: ReturnType<typeof anActor>, words: string): Promise<void> {
    const { place: _none, ...request } = aRequest({ id: `words-${(this.#said += 1)}`, actor, words });
    await this.store.transaction((tx) => tx.inbox.receive({ ...request, receivedAt: this.#now }));
    await this.#settle();
  }

  async #settle(): Promise<void> {
    this.#process ??= this.#start();
    this.#process.look();
    for (let round = 0; round < 1_000; round += 1) {
      await setImmediate();
      if (this.#failures.length > 0) throw this.#failures[0];
      if (this.#dead) {
        this.#dead = false;
        this.#passed += restart;
        this.#process = this.#start();
        this.#process.look();
      } else if (!this.#isOpen()) return;
      this.#passed += 1_000;
      this.#process.nudge();
    }
    assert.fail(`after "${this.boundary}" something stays undone`);
  }

  #isOpen(): boolean {
    const waiting = [...this.store.inbox.values()].some(({ state }) => state === 'waiting');
    return waiting || [...this.store.outbox.values()].some(({ state }) => state === 'pending');
  }

  #start(): Process {
    let alive = true;
    const die = (point: CrashPoint, what: string): boolean => {
      if (point !== this.#crashAt || this.#reached.has(what)) return false;
      this.#reached.add(what);
      this.deaths.push(this.boundary);
      alive = false;
      this.#dead = true;
      return true;
    };
    const store = mortal(this.store, { die, isAlive: () => alive });
    const services = servicesOver(store, {
      playbook: this.#playbook,
      measure: () => aRun({ id: `run-${this.#now}`, slot: null, startedAt: this.#now, state: 'pass' }),
    });
    services.setTime(this.#now);
    const clock = { now: () => new Date(Date.parse(this.#now) + this.#passed) };
    const log = createLog('silent');
    const courier: Courier = {
      platform: 'slack',
      probe: async () => true,
      search: async ({ message: { key } }) => {
        const index = this.posts.findIndex((post) => post.key === key);
        return index === -1 ? { kind: 'absent' } : { kind: 'found', externalId: String(index) };
      },
      deliver: async ({ message: { key, place, content }, version, externalId }) => {
        if (!alive || die('before post', `${key} ${version}`)) return never;
        const card = content.kind === 'card' ? content.card : undefined;
        const edited = externalId === null ? undefined : this.posts[Number(externalId)];
        if (edited !== undefined) edited.card = card;
        else this.posts.push({ key, channel: place.channel, card });
        if (die('after post', `${key} ${version}`)) return never;
        return { kind: 'delivered', externalId: externalId ?? String(this.posts.length - 1) };
      },
    };
    const onWritten = (): void => undefined;
    const common = { clock, log, concurrency: 1 };
    const dispatcher = createDispatcher({ ...common, store, courier, playbook: () => services.playbook });
    const inbox = createInboxWorker({ ...common, services, commands, onWritten });
    const watches = [openingVote, runbooks, pendingDecisions].map((watch) =>
      createWatchWorker({ watch, services, onWritten }),
    );
    dispatcher.start();
    inbox.start();
    return {
      setTime: services.setTime,
      look: (): void => {
        for (const watch of watches) watch.tick().catch((error: unknown) => this.#failures.push(error));
      },
      nudge: (): void => {
        dispatcher.nudge();
        inbox.nudge();
      },
    };
  }
}

interface Life {
  die(point: CrashPoint, what: string): boolean;
  isAlive(): boolean;
}

/** A transaction that writes is `commit`, or `mark` where it says what came of a message. A dead process gets no answer. */
function mortal(store: Store, { die, isAlive }: Life): Store {
  return {
    close: () => store.close(),
    transaction: async (work) => {
      if (!isAlive()) return never;
      const written: string[] = [];
      let kind: 'commit' | 'mark' = 'commit';
      const note = (what: string): void => void written.push(what);
      const noted = (tx: Transaction): Transaction => ({
        ...tx,
        audit: {
          ...tx.audit,
          append: async (entry) => {
            note(`${entry.action} ${entry.subject} ${JSON.stringify(entry.details)}`);
            return tx.audit.append(entry);
          },
        },
        inbox: {
          ...tx.inbox,
          finish: async (id, ...rest) => {
            note(`request ${id}`);
            return tx.inbox.finish(id, ...rest);
          },
        },
        outbox: {
          ...tx.outbox,
          post: async (message, now) => {
            const posted = await tx.outbox.post(message, now);
            if (posted) note(message.key);
            return posted;
          },
          settle: async (claim, outcome, now) => {
            kind = 'mark';
            note(`${claim.message.key} ${claim.version} ${outcome.kind}`);
            return tx.outbox.settle(claim, outcome, now);
          },
        },
      });
      try {
        const result = await store.transaction(async (tx) => {
          const value = await work(noted(tx));
          if (!isAlive() || (written.length > 0 && die(`before ${kind}`, written.join()))) throw new Error('killed');
          return value;
        });
        return isAlive() && !(written.length > 0 && die(`after ${kind}`, written.join())) ? result : never;
      } catch (error) {
        if (isAlive()) throw error;
        return never;
      }
    },
  };
}
