import { answerRequest, concludeAnswer } from '../core/answer-request.ts';
import type { Card } from '../core/cards/card.ts';
import type { Answer, Command } from '../core/command.ts';
import type { Log } from '../core/log.ts';
import { type Request, sharedPlace } from '../core/request.ts';
import type { Services } from '../core/services.ts';
import { StoreUnavailableError, type Transaction } from '../core/store.ts';
import type { Clock } from '../core/time/clock.ts';
import { keepLease, LeaseLostError } from './lease.ts';
import { createLoops, type Loops } from './loop.ts';

export interface InboxWorkerOptions {
  readonly services: Services;
  readonly commands: readonly Command[];
  /** The real time: leases are about the outside world, even where the services' clock is a simulated one. */
  readonly clock: Clock;
  readonly log: Log;
  /** Something was written to the outbox. */
  readonly onWritten: () => void;
  /** How many requests are answered at once, so that a long run does not keep `help` waiting; 1 to 16. */
  readonly concurrency?: number;
}

export interface InboxWorker extends Omit<Loops, 'stop'> {
  /** Gives what is in hand `graceMilliseconds` to finish, then hands it back for another process to take. */
  stop(graceMilliseconds: number): Promise<void>;
}

const pollMilliseconds = 500;
const writeAttempts = 3;
const firstPauseMilliseconds = 5_000;
const unreachablePauseMilliseconds = 5_000;

const failedCard: Card = {
  title: 'This could not be written down',
  tone: 'bad',
  summary:
    'This could not be written down: nothing was changed. Ask again, and tell whoever runs the bot if it stays so.',
  body: [
    {
      kind: 'text',
      text: 'Nothing was changed. Ask again; if it stays so, tell whoever runs the bot: the log says why.',
    },
  ],
};

/** Answers what people asked: takes it from the inbox, and writes state, answer and "done" in one transaction. */
export function createInboxWorker(options: InboxWorkerOptions): InboxWorker {
  const { services, commands, clock, log } = options;
  const { store } = services;
  const stopping = new AbortController();

  const round = async (): Promise<boolean> => {
    if (stopping.signal.aborted) return false;
    const claimed = await store.transaction((tx) => tx.inbox.claim(clock.now()));
    if (claimed === undefined) return false;
    await handle(claimed.request, claimed.fence, claimed.attempts);
    return true;
  };

  const handle = async (request: Request, fence: number, attempts: number): Promise<void> => {
    const lease = keepLease(
      `request ${request.id}`,
      () => store.transaction((tx) => tx.inbox.extend(request.id, fence, clock.now())),
      log,
    );
    const signal = AbortSignal.any([stopping.signal, lease.lost]);
    const progress = throttled((card) => showProgress(request, fence, card), log);
    try {
      const answer = await answerRequest({
        request,
        commands,
        services,
        progress: progress.show,
        signal,
        failed: (error) => {
          if (!signal.aborted) log.error({ err: error, request: request.id }, 'a command failed');
        },
      });
      await progress.settled();
      if (signal.aborted) {
        await store.transaction((tx) => tx.inbox.release(request.id, fence, clock.now()));
        return;
      }
      await store.transaction(async (tx) => {
        const said = await concludeAnswer(tx, answer, request);
        await deliver(tx, request, said, clock.now());
        const options = { forget: said.forget === true || answer.forget === true };
        if (!(await tx.inbox.finish(request.id, fence, clock.now(), options))) {
          throw new LeaseLostError(`request ${request.id}`);
        }
      });
      options.onWritten();
    } catch (error) {
      if (error instanceof LeaseLostError) log.warn({ request: request.id }, error.message);
      else await putOff(request, fence, attempts, error);
    } finally {
      lease.end();
    }
  };

  /** What can't be written down is tried again, later and later; after the last attempt the person is told instead. */
  const putOff = async (request: Request, fence: number, attempts: number, error: unknown): Promise<void> => {
    log.error({ err: error, request: request.id, attempts }, 'an answer could not be written down');
    const now = clock.now();
    const unreachable = error instanceof StoreUnavailableError;
    await store.transaction(async (tx) => {
      if (unreachable || attempts < writeAttempts) {
        const pause = unreachable ? unreachablePauseMilliseconds : firstPauseMilliseconds * 2 ** (attempts - 1);
        await tx.inbox.release(request.id, fence, new Date(now.getTime() + pause), { counted: !unreachable });
      } else if (await tx.inbox.finish(request.id, fence, now)) await reply(tx, request, failedCard, now);
    });
    options.onWritten();
  };

  /** Only while the request is ours: progress must never stand where another process has put the answer. */
  const showProgress = async (request: Request, fence: number, card: Card): Promise<void> => {
    await store.transaction(async (tx) => {
      if (await tx.inbox.extend(request.id, fence, clock.now())) await reply(tx, request, card, clock.now());
    });
    options.onWritten();
  };

  const loops = createLoops({ name: 'inbox', round, concurrency: options.concurrency ?? 8, pollMilliseconds, log });
  return {
    ...loops,
    stop: async (graceMilliseconds) => {
      const timer = setTimeout(() => stopping.abort(new Error('the process is stopping')), graceMilliseconds);
      await loops.stop();
      clearTimeout(timer);
    },
  };
}

/** The answer goes to whoever asked; a shared one to the channel, and a word about that to whoever asked. */
async function deliver(tx: Transaction, request: Request, answer: Answer, now: Date): Promise<void> {
  const { place } = request;
  if (place === undefined) return;
  const shared = sharedPlace(place);
  if (answer.share !== true || place.visibility !== 'private' || shared === undefined) {
    return reply(tx, request, answer.card, now);
  }
  await tx.outbox.post(
    {
      key: `answer/${request.id}`,
      subject: `answer/${request.id}`,
      place: shared,
      content: { kind: 'card', card: answer.card },
    },
    now,
  );
  const summary = 'On its way to the channel. If it does not appear, invite the bot there and ask again.';
  await reply(tx, request, { title: summary, tone: 'neutral', summary, body: [] }, now);
}

/** One message for one request: first the progress, at last the answer, each in place of the one before. */
async function reply(tx: Transaction, request: Request, card: Card, now: Date): Promise<void> {
  const { place } = request;
  if (place === undefined) return;
  const home = place.visibility === 'home';
  const key = home ? `home/${request.actor.workspace}/${request.actor.user}` : `reply/${request.id}`;
  const posted = await tx.outbox.post({ key, subject: key, place, content: { kind: 'card', card } }, now);
  if (!posted) await tx.outbox.change(key, card, now);
}

/**
 * Shows progress a few times at most, further and further apart: Slack lets a private reply be written five times in
 * all, and the answer is one of them. A quick command shows none.
 */
function throttled(
  show: (card: Card) => Promise<void>,
  log: Log,
): { show(card: Card): void; settled(): Promise<void> } {
  const pauses = [1_500, 8_000, 30_000];
  let since = performance.now();
  let inFlight: Promise<void> | undefined;
  let latest: Card | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const say = (): void => {
    timer = undefined;
    if (latest === undefined || inFlight !== undefined) return;
    const card = latest;
    latest = undefined;
    pauses.shift();
    since = performance.now();
    inFlight = show(card)
      .catch((error: unknown) => log.warn({ err: error }, 'could not show progress'))
      .finally(() => {
        inFlight = undefined;
        if (latest !== undefined) plan();
      });
  };
  const plan = (): void => {
    const [pause] = pauses;
    if (ended || pause === undefined || timer !== undefined || inFlight !== undefined) return;
    timer = setTimeout(say, Math.max(0, pause - (performance.now() - since)));
  };
  return {
    show: (card) => {
      latest = card;
      plan();
    },
    settled: async () => {
      ended = true;
      latest = undefined;
      clearTimeout(timer);
      await inFlight;
    },
  };
}
