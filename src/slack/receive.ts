import { App, type MessageShortcut, type Receiver, type SlackShortcutMiddlewareArgs } from '@slack/bolt';
import type { Log } from '../core/log.ts';
import type { Request } from '../core/request.ts';
import { notSaved, savedTooLate, type EarlierOf, type Taken } from '../core/take-request.ts';
import { createClient, slackLogger } from './client.ts';
import { createForms, type FormFor } from './forms.ts';
import type { Identity } from './identity.ts';
import { readFormFiles } from './form-files.ts';
import { filledIn, modalCallback } from './modal.ts';
import {
  refusalOf,
  requestOfAction,
  requestOfCommand,
  requestOfHomeOpened,
  requestOfShortcut,
  requestOfSubmission,
} from './payload.ts';
import { answerPrivately } from './response-url.ts';

export interface ReceiveOptions {
  readonly receiver: Receiver;
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  readonly identity: () => Promise<Identity>;
  /** The form that words ask for; see `formFor` in core/answer-request. */
  readonly formFor: FormFor;
  /** Writes the request down; Slack is told that we have it only after that. */
  readonly onRequest: (request: Request) => Promise<Taken>;
  /** What became of a form that was sent before. */
  readonly earlierOf: EarlierOf;
  readonly log: Log;
  readonly now: () => Date;
  /** Slack waits 3 s for an acknowledgement: somebody who cannot be served is told before. */
  readonly savingMilliseconds: number;
}

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

  const forms = createForms({
    client: createClient({ token: options.botToken, apiUrl: options.apiUrl, log }),
    formFor: options.formFor,
    log,
  });
  const tell = async (responseUrl: string | undefined, text: string, id: string): Promise<void> => {
    if (responseUrl === undefined) return;
    const outcome = await answerPrivately(responseUrl, { text, replace: false }, AbortSignal.timeout(5_000));
    if (outcome.kind !== 'answered') log.warn({ request: id, outcome: outcome.kind }, 'nobody could be told');
  };

  /** Opens a form where the words leave something out; else writes the request down. */
  const takeOrAsk = async (request: Request, triggerId: string | undefined, reply: Reply): Promise<void> => {
    const refusal = refusalOf(request, await options.identity());
    const opened = refusal === undefined ? await forms.open(request, triggerId) : 'nothing';
    if (opened === 'opened') return reply.acknowledge();
    if (opened !== 'nothing') return reply.refuse(opened.refused);
    return take(request, reply);
  };

  /** `judge`: looks at it first, and answers by itself where it is not to be taken. */
  const take = async (
    request: Request,
    reply: Reply,
    judge: () => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<void> => {
    const refusal = refusalOf(request, await options.identity());
    if (refusal !== undefined) {
      log.warn(
        { request: request.id, workspace: request.actor.workspace, user: request.actor.user },
        'request refused',
      );
      return reply.refuse(refusal);
    }
    let taken: Taken | undefined;
    try {
      const save = async (): Promise<Taken | undefined> => ((await judge()) ? options.onRequest(request) : undefined);
      taken = await withDeadline(save(), options.savingMilliseconds);
    } catch (error) {
      log.error({ err: error, request: request.id }, 'a request could not be saved');
      return reply.fail(error instanceof TooLateError ? savedTooLate : notSaved);
    }
    if (taken === undefined) return;
    if (typeof taken === 'object') return reply.refuse(taken.refused);
    await reply.acknowledge();
  };

  app.command('/parallel', async ({ command, ack }) => {
    const say = (text: string): Promise<void> => ack({ response_type: 'ephemeral', text });
    const request = requestOfCommand(command, now());
    await takeOrAsk(request, command.trigger_id, { acknowledge: () => ack(), refuse: say, fail: say });
  });

  app.action({ type: 'block_actions', action_id: /^command:\d+$/ }, async ({ body, ack }) => {
    const request = requestOfAction({ ...body, actions: body.actions.map(pressed) }, now());
    const { responseUrl } = request.place ?? {};
    const say = (text: string): Promise<void> => tell(responseUrl, text, request.id);
    await takeOrAsk(request, 'trigger_id' in body ? body.trigger_id : undefined, {
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

  const fileMessage = async ({ shortcut, ack }: SlackShortcutMiddlewareArgs<MessageShortcut>): Promise<void> => {
    const { team, user, channel, message, callback_id, trigger_id, response_url } = shortcut;
    const payload = {
      team,
      user,
      channel,
      message: { ...message, ts: message.ts },
      callback_id,
      trigger_id,
      response_url,
    };
    const refusal = refusalOf(requestOfShortcut(payload, now()), await options.identity());
    const opened = refusal === undefined ? await forms.openForMessage(payload, now()) : { refused: refusal };
    await ack();
    if (typeof opened === 'object') await tell(response_url, opened.refused, payload.callback_id);
  };
  app.shortcut('discrepancy', fileMessage);
  app.shortcut('lesson', fileMessage);

  app.view(modalCallback, async ({ body, ack }) => {
    const filled = filledIn(body.view.state.values);
    const [first = ''] = Object.keys(body.view.state.values);
    const read = await readFormFiles(filled, options);
    if ('errors' in read) return ack({ response_action: 'errors', errors: read.errors });
    const request = requestOfSubmission(body, read.values, now());
    // What was typed stays in the modal, with the reason at its first field.
    const keep = (text: string): Promise<void> => ack({ response_action: 'errors', errors: { [first]: text } });
    await take(request, { acknowledge: () => ack(), refuse: keep, fail: keep }, async () => {
      // First: what was taken may have made the form one that is wrong now.
      const earlier = await options.earlierOf(request);
      if (earlier !== undefined) {
        await (earlier === 'known' ? ack() : keep(earlier.refused));
        return false;
      }
      const errors = await forms.problems(request, first);
      if (errors === undefined) return true;
      await ack({ response_action: 'errors', errors });
      return false;
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

async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLateError(milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([work, deadline]);
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
