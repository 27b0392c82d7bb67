import { App, type Receiver } from '@slack/bolt';
import type { Log } from '../core/log.ts';
import type { Request } from '../core/request.ts';
import { slackLogger } from './client.ts';
import type { Identity } from './identity.ts';
import { refusalOf, requestOfAction, requestOfCommand, requestOfHomeOpened } from './payload.ts';
import { answerPrivately } from './response-url.ts';

export interface ReceiveOptions {
  readonly receiver: Receiver;
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  readonly identity: () => Promise<Identity>;
  /** Writes the request down; Slack is told that we have it only after that. */
  readonly onRequest: (request: Request) => Promise<void>;
  readonly log: Log;
  readonly now: () => Date;
  /** Slack waits 3 s for an acknowledgement: somebody who cannot be served is told before. */
  readonly savingMilliseconds: number;
}

const notSaved = 'Your request could not be saved, so nothing will come of it. Please try again in a minute.';
const savedTooLate = 'Your request could not be saved in time. If no answer follows within a minute, please try again.';

/** How somebody is answered before there is anything to answer: each way in has its own. */
interface Reply {
  /** Tells Slack that we have it. */
  acknowledge(): Promise<void>;
  /** Tells the person alone; afterwards Slack needs to hear no more. */
  refuse(text: string): Promise<void>;
  /** Tells the person that nothing came of it. Rejects where Slack shows that by itself when it hears nothing. */
  fail(text: string): Promise<void>;
}

/** Bolt, listening to what people do in Slack. Everything becomes a Request and is written down before it is acknowledged. */
export function createBoltApp(options: ReceiveOptions): App {
  const { log, now } = options;
  const app = new App({
    receiver: options.receiver,
    authorize: async () => {
      const { botUserId, botId, teamId } = await options.identity();
      return { botToken: options.botToken, botUserId, ...(botId === undefined ? {} : { botId }), teamId };
    },
    clientOptions: {
      ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    },
    convoStore: false,
    logger: slackLogger(log),
  });

  const take = async (request: Request, reply: Reply): Promise<void> => {
    const refusal = refusalOf(request, await options.identity());
    if (refusal !== undefined) {
      log.warn(
        { request: request.id, workspace: request.actor.workspace, user: request.actor.user },
        'request refused',
      );
      return reply.refuse(refusal);
    }
    try {
      await withDeadline(options.onRequest(request), options.savingMilliseconds);
    } catch (error) {
      log.error({ err: error, request: request.id }, 'a request could not be saved');
      return reply.fail(error instanceof TooLateError ? savedTooLate : notSaved);
    }
    await reply.acknowledge();
  };

  app.command('/parallel', async ({ command, ack }) => {
    const say = (text: string): Promise<void> => ack({ response_type: 'ephemeral', text });
    await take(requestOfCommand(command, now()), { acknowledge: () => ack(), refuse: say, fail: say });
  });

  app.action({ type: 'block_actions', action_id: /^command:\d+$/ }, async ({ body, ack }) => {
    const request = requestOfAction({ ...body, actions: body.actions.map(pressed) }, now());
    const { responseUrl } = request.place ?? {};
    const say = async (text: string): Promise<void> => {
      if (responseUrl === undefined) return;
      const outcome = await answerPrivately(responseUrl, { text, replace: false }, AbortSignal.timeout(5_000));
      if (outcome.kind !== 'answered') log.warn({ request: request.id, outcome: outcome.kind }, 'nobody could be told');
    };
    await take(request, {
      acknowledge: () => ack(),
      refuse: async (text) => {
        await ack();
        await say(text);
      },
      fail: async (text) => {
        await say(text);
        throw new Error('A pressed button was not saved, so it is not acknowledged.');
      },
    });
  });

  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return;
    const nothing = (): Promise<void> => Promise.resolve();
    await take(requestOfHomeOpened({ event_id: body.event_id, team_id: body.team_id, event }, now()), {
      acknowledge: nothing,
      refuse: nothing,
      fail: () => Promise.reject(new Error('A visit of the Home tab was not saved, so it is not acknowledged.')),
    });
  });
  return app;
}

class TooLateError extends Error {
  constructor(milliseconds: number) {
    super(`The request was not saved within ${milliseconds} ms: the database is slow or cannot be reached.`);
    this.name = 'TooLateError';
  }
}

async function withDeadline(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLateError(milliseconds)), milliseconds);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function pressed(action: object): { action_ts?: string; value?: string } {
  return {
    ...('action_ts' in action && typeof action.action_ts === 'string' ? { action_ts: action.action_ts } : {}),
    ...('value' in action && typeof action.value === 'string' ? { value: action.value } : {}),
  };
}
