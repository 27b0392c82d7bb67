import type { Log } from '../core/log.ts';
import { createClient } from './client.ts';
import { type Failure, failureOf } from './errors.ts';

/** Who the bot is in Slack, and in which workspace. */
export interface Identity {
  readonly teamId: string;
  readonly botUserId: string;
  readonly botId: string | undefined;
}

/** Slack did not say who the bot is. */
export class IdentityError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    const reason = failure.kind === 'rateLimited' ? 'Slack asks for a pause' : failure.reason;
    super(`Slack does not accept the bot: ${reason}.`);
    this.name = 'IdentityError';
    this.failure = failure;
  }
}

export interface IdentityQuestion {
  /** Asks Slack once; asks again only after a failure. Rejects with IdentityError. */
  ask(): Promise<Identity>;
  /** Why Slack has not said it yet; undefined once it has. */
  problem(): string | undefined;
}

export function createIdentity(options: {
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  readonly log: Log;
}): IdentityQuestion {
  const client = createClient({ token: options.botToken, apiUrl: options.apiUrl, log: options.log });
  let problem: string | undefined = 'Slack has not been asked yet who the bot is.';
  let asked: Promise<Identity> | undefined;
  const askSlack = async (): Promise<Identity> => {
    try {
      const { team_id: teamId, user_id: botUserId, bot_id: botId } = await client.auth.test();
      if (teamId === undefined || botUserId === undefined) {
        throw new IdentityError({ kind: 'retry', reason: 'its answer names no workspace' });
      }
      problem = undefined;
      return { teamId, botUserId, botId };
    } catch (error) {
      asked = undefined;
      const known = error instanceof IdentityError ? error : new IdentityError(failureOf(error, 'repeatable'));
      problem = known.message;
      throw known;
    }
  };
  return {
    ask: () => {
      asked ??= askSlack();
      return asked;
    },
    // Whoever asks for the problem wants it gone: Slack may have been away only when we started.
    problem: () => {
      if (problem !== undefined && asked === undefined) asked = askSlack();
      void asked?.catch(() => undefined);
      return problem;
    },
  };
}
