import type { TurnContext } from 'botbuilder';
import type { Card } from '../core/cards/card.ts';
import type { Request } from '../core/request.ts';
import type { Log } from '../core/log.ts';
import type { IncomingActivity } from './activity.ts';
import type { Conversations } from './conversations.ts';
import { within } from './deadline.ts';
import { failureOf } from './errors.ts';
import type { Answer } from './http.ts';
import { cardType, messageOf, messageWith } from './messages.ts';
import { channelOf, isPersonal, personOf } from './payload.ts';
import type { TeamsAction } from './actions.ts';
import type { AdaptiveCard } from './adaptive-card.ts';
import { renderCard } from './render.ts';

/** How somebody is answered at once: each way in has its own. None rejects. */
export interface Reply {
  /** Says something in a line or two. */
  tell(text: string): Promise<Answer | undefined>;
  /** Shows a form. */
  ask(asked: { readonly form: AdaptiveCard; readonly title: string }): Promise<Answer | undefined>;
  /** The request is written down. */
  taken(request: Request): Promise<Answer | undefined>;
  /** What was there before the form is there again; or only brought up to date. */
  restore(): Promise<Answer | undefined>;
}

/**
 * The card that hangs at a message of the bot's own now; where a request is given, once it took effect. Undefined where
 * nothing of the outbox hangs there, or where it takes longer than `signal` allows. `channel` is that of a Place.
 */
export type CardAt = (
  at: { readonly channel: string; readonly externalId: string },
  after: Request | undefined,
  signal: AbortSignal,
) => Promise<Card | undefined>;

export interface RepliesOptions {
  readonly cardAt: CardAt;
  readonly conversations: Conversations;
  readonly log: Log;
  /** How long a pressed button waits for the card that comes of it. */
  readonly waitingMilliseconds: number;
}

const takenText = 'Taken; the card changes in a moment.';
const nothingNew = 'This card is up to date.';
const formElsewhere = 'The form is in your own chat with Parallel Run.';
const notOpened = 'The form could not be opened, so nothing was done. Please try again.';

const small = (title: string): Card => ({ title, tone: 'neutral', summary: title, body: [] });
const takenCard = small('Taken. The answer follows in a moment.');
const putAwayCard = small('Put away; nothing was done.');

/** How long a form may take to appear in somebody's chat. */
const askingMilliseconds = 5_000;

/** An answer in the card that was pressed, which changes for that person alone. */
export function replyToInvoke(
  activity: IncomingActivity,
  action: TeamsAction | undefined,
  options: RepliesOptions,
): Reply {
  const find = hanging(activity, options);
  const isForm = action?.action === 'form';
  return {
    tell: (text) => Promise.resolve(textAnswer(text)),
    ask: ({ form }) => Promise.resolve(cardAnswer(form)),
    taken: async (request) => {
      const changed = await find(request);
      if (changed !== undefined) return cardAnswer(renderCard(changed));
      if (!isForm) return textAnswer(takenText);
      // The form stands in place of a card, or is a message by itself: what stands there must not be the form any more.
      return cardAnswer(renderCard((await find(undefined)) ?? takenCard));
    },
    restore: async () => {
      const card = await find(undefined);
      if (card !== undefined) return cardAnswer(renderCard(card));
      return action?.action === 'cancel' ? cardAnswer(renderCard(putAwayCard)) : textAnswer(nothingNew);
    },
  };
}

/** An answer by messages: to words, and to a card's button in a client that knows `Action.Submit` only. */
export function replyToMessage(
  activity: IncomingActivity,
  context: TurnContext,
  submitted: TeamsAction | undefined,
  options: RepliesOptions,
): Reply {
  const { conversations, log } = options;
  const find = hanging(activity, options);
  /** The form's own message, where a form was sent or put away. */
  const formAt = submitted?.action === 'form' || submitted?.action === 'cancel' ? activity.replyToId : undefined;

  const attempt = async (what: string, work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      log.warn({ reason: failureOf(error, 'repeatable') }, what);
      return false;
    }
  };
  const tell = async (text: string): Promise<undefined> => {
    await attempt('nobody could be told', () => context.sendActivity(text));
    return undefined;
  };
  const inPlaceOfForm = async (card: Card): Promise<undefined> => {
    if (formAt == null) return undefined;
    const shown = (await find(undefined)) ?? card;
    const message = { ...messageOf({ kind: 'card', card: shown }), id: formAt };
    await attempt('a form could not be put away', () => context.updateActivity(message));
    return undefined;
  };

  return {
    tell,
    ask: async ({ form, title }) => {
      const message = messageWith(form, title);
      if (formAt != null) {
        const again = await attempt('a form could not be shown again', () =>
          context.updateActivity({ ...message, id: formAt }),
        );
        return again ? undefined : tell(notOpened);
      }
      const opened = await attempt('a form could not be opened', async () => {
        const signal = AbortSignal.timeout(askingMilliseconds);
        const chat = await conversations.of(personOf(activity), signal);
        if (chat === undefined) throw new Error('there is no chat to open it in');
        await conversations.send(chat, message, null, signal);
      });
      if (!opened) return tell(notOpened);
      return isPersonal(activity) ? undefined : tell(formElsewhere);
    },
    taken: () => inPlaceOfForm(takenCard),
    restore: () => inPlaceOfForm(putAwayCard),
  };
}

/** What hangs where a button was pressed; undefined also where that takes too long. */
function hanging(
  activity: IncomingActivity,
  { cardAt, log, waitingMilliseconds }: RepliesOptions,
): (after: Request | undefined) => Promise<Card | undefined> {
  return async (after) => {
    const { replyToId: externalId } = activity;
    if (externalId == null) return undefined;
    const at = { channel: channelOf(activity), externalId };
    try {
      const found = await within(cardAt(at, after, AbortSignal.timeout(waitingMilliseconds)), waitingMilliseconds);
      return found === 'late' ? undefined : found;
    } catch (error) {
      log.warn({ err: error }, 'what hangs at a message could not be told');
      return undefined;
    }
  };
}

function cardAnswer(value: AdaptiveCard): Answer {
  return { status: 200, body: { statusCode: 200, type: cardType, value } };
}

function textAnswer(value: string): Answer {
  return { status: 200, body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value } };
}
