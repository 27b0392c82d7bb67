import { addressed } from '../core/cards/addressed.ts';
import type { Log } from '../core/log.ts';
import type { Claim, Courier, Outcome, SearchResult } from '../core/messages/message.ts';
import { messagesAboutMissing, subjectOfMissing } from '../core/messages/undelivered.ts';
import type { Playbook } from '../core/playbook/playbook.ts';
import type { Store, Transaction } from '../core/store.ts';
import type { Clock } from '../core/time/clock.ts';
import { createLoops, type Loops } from './loop.ts';

export interface DispatcherOptions {
  readonly store: Store;
  readonly courier: Courier;
  /** The real time, never a simulated one: leases and pauses are about the outside world. */
  readonly clock: Clock;
  readonly log: Log;
  /** As it holds now: who is who on which platform, and the channels that hear of messages that could not be delivered. */
  readonly playbook: () => Pick<Playbook, 'channels' | 'people'>;
  /** How many lanes are served at once; 1 to 16. */
  readonly concurrency?: number;
  readonly onOutcome?: (kind: string) => void;
}

const pollMilliseconds = 500;
const probeMilliseconds = 60_000;
/** A courier promises an answer within 10 s; this holds one that breaks its promise, well within the lease. */
const deliveryDeadlineMilliseconds = 15_000;

/** Brings what the outbox holds for one platform there, and writes down what came of it. */
export function createDispatcher(options: DispatcherOptions): Loops {
  const { store, courier, clock, log } = options;
  let lastProbe = 0;

  const round = async (): Promise<boolean> => {
    const claim = await store.transaction((tx) => tx.outbox.claim(courier.platform, clock.now()));
    if (claim === undefined) {
      await probeIfStopped();
      return false;
    }
    const outcome = await attempt(claim);
    options.onOutcome?.(outcome.kind);
    await settle(claim, outcome);
    return true;
  };

  const attempt = async (claim: Claim): Promise<Outcome | SearchResult> => {
    const asked: Promise<Outcome | SearchResult> = claim.search
      ? courier.search(claim)
      : courier.deliver(addressedTo(courier.platform, claim, options.playbook()));
    // Whether it arrived nobody knows: a courier promises not to throw.
    const work = asked.catch((error: unknown): Outcome => {
      log.error({ err: error, key: claim.message.key }, 'a courier failed');
      return { kind: 'unknown', reason: 'the courier failed; the log says why' };
    });
    return withDeadline<Outcome | SearchResult>(work, deliveryDeadlineMilliseconds, {
      kind: 'unknown',
      reason: 'no answer in time',
    });
  };

  const settle = async (claim: Claim, outcome: Outcome | SearchResult): Promise<void> => {
    const state = await store.transaction(async (tx) => {
      const next = await tx.outbox.settle(claim, outcome, clock.now());
      if (next === 'dead' || next === 'unknown') await tell(tx, claim, next, outcome);
      return next;
    });
    const fields = {
      key: claim.message.key,
      outcome: outcome.kind,
      state: state ?? 'lease lost',
      attempts: claim.attempts,
    };
    if (outcome.kind === 'delivered' || outcome.kind === 'found' || outcome.kind === 'absent') {
      log.debug(fields, 'message settled');
    } else {
      log.warn({ ...fields, reason: 'reason' in outcome ? outcome.reason : undefined }, 'message not delivered');
    }
  };

  const tell = async (
    tx: Transaction,
    claim: Claim,
    state: 'dead' | 'unknown',
    outcome: Outcome | SearchResult,
  ): Promise<void> => {
    const reason = 'reason' in outcome ? outcome.reason : outcome.kind;
    for (const message of messagesAboutMissing(claim, state, reason, options.playbook())) {
      const { subject, content } = message;
      if (await tx.outbox.post(message, clock.now())) continue;
      // Of what was only late, it was said already that it is: now it says what came of it.
      if (subject !== subjectOfMissing(claim.id) || content.kind !== 'card') continue;
      await tx.outbox.change(subject, content.card, clock.now());
    }
  };

  const probeIfStopped = async (): Promise<void> => {
    const now = clock.now();
    if (now.getTime() - lastProbe < probeMilliseconds) return;
    lastProbe = now.getTime();
    const { stopped } = await store.transaction((tx) => tx.outbox.gauges(now));
    if (!stopped.some((stop) => stop.platform === courier.platform)) return;
    if (await withDeadline(courier.probe(), deliveryDeadlineMilliseconds, false)) {
      await store.transaction((tx) => tx.outbox.resume(courier.platform, clock.now()));
      log.info({ platform: courier.platform }, 'the platform takes messages again');
    }
  };

  return createLoops({ name: 'dispatcher', round, concurrency: options.concurrency ?? 4, pollMilliseconds, log });
}

function addressedTo(platform: Courier['platform'], claim: Claim, { people }: Pick<Playbook, 'people'>): Claim {
  const { content } = claim.message;
  if (content.kind !== 'card') return claim;
  const card = addressed(content.card, platform, people);
  return { ...claim, message: { ...claim.message, content: { kind: 'card', card } } };
}

async function withDeadline<T>(work: Promise<T>, milliseconds: number, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), milliseconds);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
