import { setTimeout as pause } from 'node:timers/promises';
import type { TurnContext } from 'botbuilder';
import type { Card } from '../core/cards/card.ts';
import type { Request } from '../core/request.ts';
import type { Log } from '../core/log.ts';
import type { IncomingActivity } from './activity.ts';
import type { Conversations } from './conversations.ts';
import { within } from './deadline.ts';
import { failureOf } from './errors.ts';
import type { Answer } from './http.ts';
import { cardType, messageOf, messageWith, type TeamsMessage } from './messages.ts';
import { channelOf, isPersonal, personOf } from './payload.ts';
import type { TeamsAction } from './actions.ts';
import type { AdaptiveCard } from './adaptive-card.ts';
import { cardFor } from './own-view.ts';
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
 * nothing of the outbox hangs there. Rejects where it takes longer than `signal` allows. `channel` is that of a Place.
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
const formBelow = 'The form is below.';
const notOpened = 'The form could not be opened, so nothing was done. Please try again.';

const small = (title: string): Card => ({ title, tone: 'neutral', summary: title, body: [] });
const takenCard = small('Taken. The answer follows in a moment.');
const putAwayCard = small('Put away; nothing was done.');

/** How long a form may take to appear in somebody's chat. */
const askingMilliseconds = 5_000;
const lookAgainMilliseconds = 50;

/**
 * An answer in the card that was pressed, which changes for that person alone. A form is a message of its own in the
 * person's chat: in place of a card it would be gone, with what was typed, when that card changes for all.
 */
export function replyToInvoke(
  activity: IncomingActivity,
  context: TurnContext,
  action: TeamsAction | undefined,
  options: RepliesOptions,
): Reply {
  const find = hanging(activity, options);
  const mine = (card: Card): AdaptiveCard => renderCard(cardFor(card, personOf(activity)));
  /** What stands where the form was must not be the form any more, on any of the person's devices. */
  const instead = async (card: Card): Promise<Answer> => {
    const { hangs, card: shown = card } = await find(undefined);
    if (hangs === 'nothing') await putAway(activity, context, card, options.log);
    return cardAnswer(mine(shown));
  };
  return {
    tell: (text) => Promise.resolve(textAnswer(text)),
    ask: async ({ form, title }) => {
      if (action?.action === 'form') return cardAnswer(form);
      const opened = await openInChat(activity, messageWith(form, title), options);
      return textAnswer(opened ? (isPersonal(activity) ? formBelow : formElsewhere) : notOpened);
    },
    taken: async (request) => {
      const { card } = await find(request);
      if (card !== undefined) return cardAnswer(mine(card));
      return action?.action === 'form' ? instead(takenCard) : textAnswer(takenText);
    },
    restore: async () => {
      if (action?.action === 'cancel') return instead(putAwayCard);
      const card = await newlyHung(find, options.waitingMilliseconds);
      return card === undefined ? textAnswer(nothingNew) : cardAnswer(mine(card));
    },
  };
}

/** A client asks for its person's view as soon as the card appears, which may be before we know that it hangs there. */
async function newlyHung(find: Find, milliseconds: number): Promise<Card | undefined> {
  const until = performance.now() + milliseconds;
  for (;;) {
    const { card } = await find(undefined);
    if (card !== undefined || performance.now() >= until) return card;
    await pause(lookAgainMilliseconds);
  }
}

/** An answer by messages: to words, and to a card's button in a client that knows `Action.Submit` only. */
export function replyToMessage(
  activity: IncomingActivity,
  context: TurnContext,
  submitted: TeamsAction | undefined,
  options: RepliesOptions,
): Reply {
  const { log } = options;
  const isForm = submitted?.action === 'form' || submitted?.action === 'cancel';
  const find = hanging(activity, options);

  const tell = async (text: string): Promise<undefined> => {
    await attempt(log, 'nobody could be told', () =>
      // What somebody typed may stand in it: as Markdown it could become a link.
      context.sendActivity({ type: 'message', text, textFormat: 'plain' }),
    );
    return undefined;
  };
  const instead = async (card: Card): Promise<undefined> => {
    if (isForm && (await find(undefined)).hangs === 'nothing') await putAway(activity, context, card, log);
    return undefined;
  };
  return {
    tell,
    ask: async ({ form, title }) => {
      const message = messageWith(form, title);
      const id = isForm && isPersonal(activity) ? activity.replyToId : undefined;
      const opened =
        id == null
          ? await openInChat(activity, message, options)
          : await attempt(log, 'a form could not be opened', () => context.updateActivity({ ...message, id }));
      if (!opened) return tell(notOpened);
      return id == null && !isPersonal(activity) ? tell(formElsewhere) : undefined;
    },
    taken: () => instead(takenCard),
    restore: () => instead(putAwayCard),
  };
}

/** Answers whether the form is in the person's own chat now. */
function openInChat(
  activity: IncomingActivity,
  message: TeamsMessage,
  { conversations, log }: RepliesOptions,
): Promise<boolean> {
  return attempt(log, 'a form could not be opened', async () => {
    const signal = AbortSignal.timeout(askingMilliseconds);
    const chat = await conversations.of(personOf(activity), signal);
    if (chat === undefined) throw new Error('there is no chat to open it in');
    await conversations.send(chat, message, null, signal);
  });
}

/** Puts a card in place of a form that is a message by itself; those are in people's own chats only. */
async function putAway(activity: IncomingActivity, context: TurnContext, card: Card, log: Log): Promise<void> {
  const { replyToId: id } = activity;
  if (id == null || !isPersonal(activity)) return;
  const message = messageOf({ kind: 'card', card });
  await attempt(log, 'a form could not be put away', () => context.updateActivity({ ...message, id }));
}

async function attempt(log: Log, failed: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    log.warn({ reason: failureOf(error, 'repeatable') }, failed);
    return false;
  }
}

/** What the outbox knows to hang at a message. Where that can't be told, the message must not be written over. */
type Hanging =
  | { readonly hangs: 'card'; readonly card: Card }
  | { readonly hangs: 'nothing' | 'nobody knows'; readonly card?: undefined };

type Find = (after: Request | undefined) => Promise<Hanging>;

/** Looks what hangs where a button was pressed. */
function hanging(activity: IncomingActivity, { cardAt, log, waitingMilliseconds }: RepliesOptions): Find {
  return async (after) => {
    const { replyToId: externalId } = activity;
    if (externalId == null) return { hangs: 'nobody knows' };
    const at = { channel: channelOf(activity), externalId };
    try {
      const found = await within(cardAt(at, after, AbortSignal.timeout(waitingMilliseconds)), waitingMilliseconds);
      if (found === 'late') return { hangs: 'nobody knows' };
      return found === undefined ? { hangs: 'nothing' } : { hangs: 'card', card: found };
    } catch (error) {
      log.warn({ err: error }, 'what hangs at a message could not be told');
      return { hangs: 'nobody knows' };
    }
  };
}

function cardAnswer(value: AdaptiveCard): Answer {
  return { status: 200, body: { statusCode: 200, type: cardType, value } };
}

function textAnswer(value: string): Answer {
  return { status: 200, body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value } };
}
