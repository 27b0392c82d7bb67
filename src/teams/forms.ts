import { createHash } from 'node:crypto';
import type { Card } from '../core/cards/card.ts';
import { type Form, problemsOf, type Values } from '../core/form.ts';
import type { Log } from '../core/log.ts';
import type { Request } from '../core/request.ts';
import type { AdaptiveCard } from './adaptive-card.ts';
import type { PersonAccounts } from '../core/playbook/playbook.ts';
import { createAskedIn } from './asked-in.ts';
import { type AskedForm, renderForm } from './form.ts';

/** The form that these words ask for, or why nobody is asked; undefined where they say it all. */
export type FormFor = (request: Request) => Promise<{ readonly form: Form } | { readonly refused: Card } | undefined>;

/** A form to show, or why it is not shown. */
export type Shown = { readonly form: AdaptiveCard; readonly title: string } | { readonly refused: string };

/** A form as it came back. */
export interface SentForm {
  readonly command: string;
  readonly form: string;
  readonly askedIn?: string;
  readonly values: Values;
}

export interface Forms {
  /** The form that a request asks for, if any. Never rejects. */
  wanted(request: Request): Promise<Shown | undefined>;
  /**
   * The form again, with what was typed and what is wrong with it, or why it is not taken at all; undefined where all is
   * right. Rejects where the store can't say.
   */
  again(request: Request, sent: SentForm): Promise<Shown | undefined>;
  /** The request of a form with the channel in which it was asked for, where the form proves that. */
  placed(request: Request, sent: SentForm): Request;
}

export interface FormsOptions {
  readonly formFor: FormFor;
  /** Who may be chosen where a form asks for somebody. */
  readonly people: () => readonly PersonAccounts[];
  readonly log: Log;
  /** The bot's own, the same in every process. */
  readonly secret: string;
}

const askMilliseconds = 1_200;

/** Forms as cards with inputs: asked where words leave something out, and judged by the core before they are taken. */
export function createForms({ formFor, people, log, secret }: FormsOptions): Forms {
  const askedIn = createAskedIn(secret);
  const rendered = (form: Form, request: Request, asked: AskedForm): Shown => {
    const mark = askedIn.mark(request, asked.id);
    const all = { ...asked, ...choices(), ...(mark === undefined ? {} : { askedIn: mark }) };
    return { form: renderForm(form, all), title: form.title };
  };
  const choices = (): Pick<AskedForm, 'people'> => {
    const known = people().map(({ name, accounts: [person = ''] }) => ({ person, name }));
    return known.length === 0 ? {} : { people: known };
  };
  return {
    wanted: async (request) => {
      const { words } = request;
      let timer: NodeJS.Timeout | undefined;
      // A store that is slow has the words taken as they are, and what they lack is told later.
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(resolve, askMilliseconds, undefined);
      });
      try {
        const asked = await Promise.race([formFor(request), late]);
        if (asked === undefined) return undefined;
        if ('refused' in asked) return { refused: asked.refused.summary };
        return rendered(asked.form, request, { words, id: idOf(request) });
      } catch (error) {
        log.warn({ err: error, request: request.id }, 'whether a form is wanted could not be told');
        return undefined;
      } finally {
        clearTimeout(timer);
      }
    },
    again: async (request, { command: words, form: id, values }) => {
      const { form: _, ...asked } = request;
      const wanted = await formFor(asked);
      if (wanted === undefined) return undefined;
      if ('refused' in wanted) return { refused: wanted.refused.summary };
      const problems = problemsOf(wanted.form, values);
      if (Object.keys(problems).length === 0) return undefined;
      return rendered(wanted.form, request, { words, id, problems, values });
    },
    placed: (request, { form, askedIn: mark }) => {
      const { place } = request;
      const channel = askedIn.read(request, form, mark);
      // Sent in a channel, it is asked for there.
      if (place === undefined || place.askedIn !== undefined || channel === undefined) return request;
      return { ...request, place: { ...place, askedIn: channel } };
    },
  };
}

/** The same event delivered again asks with the same form, which then still takes effect once. */
function idOf({ id }: Request): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32);
}
