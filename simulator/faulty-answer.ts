import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { send, sendJson } from './http.ts';
import type { Fault } from './types.ts';

/** One request's effect and answer, before any fault. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> | readonly unknown[] | string;
  readonly headers?: Record<string, string>;
  readonly error?: string;
}

export interface FaultyExchange {
  readonly fault: Fault | undefined;
  /** Has the effect, and says what came of it. */
  readonly answerNow: () => Answer;
  /** What the vendor answers instead of an effect. */
  readonly answerOf: (fault: Extract<Fault, { kind: 'status' | 'error' }>) => Answer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Hears once what came of it; of a connection that was destroyed before any answer, the fault's name. */
  readonly record: (answer: Pick<Answer, 'error'> & { readonly status: number | undefined }) => void;
}

/** Answers a request, or does what the fault says in its place. */
export async function answerWithFault(exchange: FaultyExchange): Promise<void> {
  const { fault, answerNow, request, response, record } = exchange;
  const reply = ({ status, body, headers = {} }: Answer): void =>
    typeof body === 'string'
      ? send(response, status, 'text/plain; charset=utf-8', body, headers)
      : sendJson(response, status, body, headers);
  switch (fault?.kind) {
    case undefined: {
      const answer = answerNow();
      record(answer);
      return reply(answer);
    }
    case 'status':
    case 'error': {
      const answer = exchange.answerOf(fault);
      record({ status: answer.status, error: answer.error ?? fault.kind });
      const pause = fault.kind === 'status' ? fault.retryAfterSeconds : undefined;
      return reply({ ...answer, ...(pause === undefined ? {} : { headers: { 'retry-after': String(pause) } }) });
    }
    case 'dropRequest':
      record({ status: undefined, error: 'dropRequest' });
      request.socket.destroy();
      return;
    case 'dropReply':
      record(answerNow());
      request.socket.destroy();
      return;
    case 'hang': {
      const answer = fault.effect ? answerNow() : undefined;
      record(answer ?? { status: undefined, error: 'hang' });
      await sleep(fault.milliseconds, undefined, { ref: false });
      if (answer === undefined) request.socket.destroy();
      else reply(answer);
    }
  }
}
