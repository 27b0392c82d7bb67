import type { WebClient } from '@slack/web-api';
import { type Form, problemsOf, withInitials } from '../core/form.ts';
import type { Card } from '../core/cards/card.ts';
import type { Log } from '../core/log.ts';
import type { Request } from '../core/request.ts';
import { failureOf } from './errors.ts';
import { type AskedFor, renderModal } from './modal.ts';
import { requestOfShortcut, type ShortcutPayload } from './payload.ts';
import { unescaped } from './words.ts';

/** The form that these words ask for, or why nobody is asked; undefined where they say it all. */
export type FormFor = (request: Request) => Promise<{ readonly form: Form } | { readonly refused: Card } | undefined>;

export interface FormsOptions {
  readonly client: WebClient;
  readonly formFor: FormFor;
  readonly log: Log;
}

/** What came of it: `nothing` where no form is to be shown. */
export type Opened = 'opened' | 'nothing' | { readonly refused: string };

const notOpened = 'The form could not be opened, so nothing was done. Please try again.';
/** A trigger lives 3 s, and the acknowledgement has to come within them too. */
const askMilliseconds = 1_200;

export interface Forms {
  /** Opens the form that a request asks for, if any. Never rejects. */
  open(request: Request, triggerId: string | undefined): Promise<Opened>;
  /** Opens a form with what a message says. Never rejects. */
  openForMessage(payload: ShortcutPayload, receivedAt: Date): Promise<Opened>;
  /**
   * What is wrong with a form that was sent, as Slack shows it in the modal, at the first field where it is about none;
   * undefined where nothing is. Rejects where the store can't say.
   */
  problems(request: Request, first: string): Promise<Record<string, string> | undefined>;
}

/** Forms as modals: opened while the trigger lives, and judged by the core before they are taken. */
export function createForms({ client, formFor, log }: FormsOptions): Forms {
  /** Undefined also where the store is slow: the words are then taken as they are, and what they lack is told. */
  const ask = async (request: Request): ReturnType<FormFor> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, askMilliseconds, undefined);
    });
    try {
      return await Promise.race([formFor(request), late]);
    } catch (error) {
      log.warn({ err: error, request: request.id }, 'whether a form is wanted could not be told');
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };
  const show = async (form: Form, asked: AskedFor, triggerId: string, id: string): Promise<Opened> => {
    const view = renderModal(form, asked);
    if (view === undefined) return 'nothing';
    try {
      await client.views.open({ trigger_id: triggerId, view });
      return 'opened';
    } catch (error) {
      log.warn({ request: id, reason: failureOf(error, 'once') }, 'a form could not be opened');
      return { refused: notOpened };
    }
  };
  return {
    open: async (request, triggerId) => {
      const wanted = await ask(request);
      if (wanted === undefined || triggerId === undefined) return 'nothing';
      if ('refused' in wanted) return { refused: wanted.refused.summary };
      const { channel = '', responseUrl } = request.place ?? {};
      return show(wanted.form, { words: request.words, channel, responseUrl }, triggerId, request.id);
    },
    openForMessage: async (payload, receivedAt) => {
      const request = requestOfShortcut(payload, receivedAt);
      const [wanted, link] = await Promise.all([ask(request), permalink(client, payload, log)]);
      if (wanted === undefined) return { refused: notOpened };
      if ('refused' in wanted) return { refused: wanted.refused.summary };
      const text = unescaped(payload.message.text ?? '').trim();
      const form = withInitials(wanted.form, { text, link });
      const { channel = '', responseUrl } = request.place ?? {};
      return show(form, { words: request.words, channel, responseUrl }, payload.trigger_id, request.id);
    },
    problems: async (request, first) => {
      const { form: values = {}, ...asked } = request;
      const wanted = await formFor(asked);
      if (wanted === undefined) return undefined;
      if ('refused' in wanted) return { [first]: wanted.refused.summary };
      const problems = problemsOf(wanted.form, values);
      return Object.keys(problems).length === 0 ? undefined : problems;
    },
  };
}

/** The message's own address; empty where Slack does not say it soon enough. */
async function permalink(client: WebClient, { channel, message }: ShortcutPayload, log: Log): Promise<string> {
  try {
    const answer = await client.chat.getPermalink({ channel: channel.id, message_ts: message.ts });
    return answer.permalink ?? '';
  } catch (error) {
    log.info({ reason: failureOf(error, 'repeatable') }, "a message's address is not known");
    return '';
  }
}
