import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from '../core/request.ts';

/**
 * Where a form was asked for, while it hangs in its person's own chat. What a client sends back could name any channel that
 * the bot is in; so the channel goes along signed, for this person and this form. Nobody can have an answer shared where
 * they did not ask: what Microsoft proved then still holds when the form comes back.
 */
export interface AskedIn {
  /** What goes along with a form; undefined where it was asked for in the person's own chat. */
  mark(request: Request, form: string): string | undefined;
  /** The channel, of a mark that was made for this request's person and form; undefined for any other. */
  read(request: Request, form: string, mark: string | undefined): string | undefined;
}

/** `secret`: the bot's own, the same in every process. Who changes it has forms that hang answered in private. */
export function createAskedIn(secret: string): AskedIn {
  const key = createHmac('sha256', secret).update('where a form was asked for').digest();
  const signed = (channel: string, { actor }: Request, form: string): string => {
    const what = JSON.stringify([actor.workspace, actor.user, form, channel]);
    return `${createHmac('sha256', key).update(what).digest('base64url')} ${channel}`;
  };
  return {
    mark: (request, form) => {
      const channel = request.place?.askedIn;
      return channel === undefined ? undefined : signed(channel, request, form);
    },
    read: (request, form, mark = '') => {
      const channel = mark.slice(mark.indexOf(' ') + 1);
      return isSame(mark, signed(channel, request, form)) ? channel : undefined;
    },
  };
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
