import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type App, HTTPReceiver, type Receiver } from '@slack/bolt';
import type { Log } from '../core/log.ts';
import { acknowledgeLate } from './acknowledge-late.ts';
import { slackLogger } from './client.ts';

/** Slack's own bound for a request's age; Bolt holds it for the past alone. */
const maxSkewSeconds = 5 * 60;

/** Requests that Slack sends and signs, for `/slack/events` of a server of ours: there is no server of its own. */
export function createHttpReceiver(options: {
  readonly signingSecret: string;
  readonly log: Log;
  readonly now: () => Date;
}): { readonly receiver: Receiver; readonly listener: RequestListener } {
  const http = new HTTPReceiver({
    signingSecret: options.signingSecret,
    endpoints: ['/slack/events'],
    logger: slackLogger(options.log),
  });
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (isFromTheFuture(request, options.now())) {
      options.log.warn({}, 'refused a request with a time stamp in the future: is the clock of this computer right?');
      response.writeHead(401).end();
      return;
    }
    try {
      http.requestListener(request, response);
    } catch {
      response.writeHead(404).end();
    }
  };
  return {
    listener,
    receiver: {
      init: (app: App) => http.init(acknowledgeLate(app)),
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    },
  };
}

function isFromTheFuture(request: IncomingMessage, now: Date): boolean {
  const seconds = Number(request.headers['x-slack-request-timestamp']);
  return seconds > now.getTime() / 1_000 + maxSkewSeconds;
}
