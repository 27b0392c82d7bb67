import type { Log } from '../core/log.ts';
import type { IncomingActivity } from './activity.ts';
import { isUnproven, refusalOfToken, strangeness } from './authorization.ts';
import { createAdapter } from './connector.ts';
import { within } from './deadline.ts';
import type { Answer } from './http.ts';
import { createKeys } from './keys.ts';
import type { TeamsSettings } from './settings.ts';
import type { Tokens } from './tokens.ts';
import type { Turn } from './turns.ts';

export interface ReceiveOptions {
  readonly settings: TeamsSettings;
  readonly tokens: Tokens;
  readonly turn: Turn;
  readonly log: Log;
  readonly now: () => Date;
}

export interface Receiver {
  /** Looks who sent an activity, and hands it on. Never rejects. */
  receive(activity: IncomingActivity, authorization: string): Promise<Answer>;
  open(): void;
  /** Takes nothing new, and waits for what is in hand. */
  close(): Promise<void>;
  /** Why senders can't be told from strangers; undefined while they can. */
  problem(): string | undefined;
}

/** Teams itself waits no longer than some 15 s. */
const turnMilliseconds = 12_000;

/** What arrives from Teams: nothing of it is looked at before its sender is proven. */
export function createReceiver(options: ReceiveOptions): Receiver {
  const { settings, tokens, turn, log, now } = options;
  const keys = createKeys(settings, now);
  const inHand = new Set<Promise<unknown>>();
  let opened = false;
  let problem: string | undefined;

  const prove = async (activity: IncomingActivity, authorization: string): Promise<Answer> => {
    const refuse = (reason: string): Answer => {
      log.warn({ reason }, 'an activity was refused');
      return { status: 401 };
    };
    const strange = strangeness(activity, settings);
    if (strange !== undefined) return refuse(strange);
    const adapter = createAdapter({ settings, tokens, signal: AbortSignal.timeout(turnMilliseconds), now });
    let proven = false;
    let answer: Answer | undefined;
    try {
      const refusal = await refusalOfToken(authorization, keys, settings, now());
      if (refusal !== undefined) return refuse(refusal);
      await adapter.receive(authorization, activity, async (context) => {
        proven = true;
        problem = undefined;
        answer = await turn(activity, context);
      });
      return answer ?? { status: 200 };
    } catch (error) {
      if (proven) {
        log.error({ err: error, type: activity.type }, 'an activity could not be taken');
        return { status: 500 };
      }
      if (isUnproven(error)) return refuse(error instanceof Error ? error.message : '');
      problem = 'The keys of Microsoft that prove who speaks from Teams can not be had: nobody is answered there.';
      log.error({ err: error }, problem);
      return { status: 503 };
    }
  };

  return {
    receive: async (activity, authorization) => {
      if (!opened) return { status: 503 };
      const work = prove(activity, authorization);
      inHand.add(work);
      try {
        const answer = await within(work, turnMilliseconds);
        return answer === 'late' ? { status: 503 } : answer;
      } finally {
        inHand.delete(work);
      }
    },
    open: () => {
      opened = true;
    },
    close: async () => {
      opened = false;
      await Promise.all(inHand);
    },
    problem: () => problem,
  };
}
