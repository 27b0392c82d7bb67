import type { TurnContext } from 'botbuilder';
import type { Request } from '../core/request.ts';
import { notSaved, savedTooLate, type EarlierOf, type Taken } from '../core/take-request.ts';
import type { IncomingActivity } from './activity.ts';
import { within } from './deadline.ts';
import type { Forms, Shown } from './forms.ts';
import type { Answer } from './http.ts';
import {
  channelOf,
  isBot,
  isPersonal,
  personOf,
  referenceOf,
  refusalOf,
  requestOfAction,
  requestOfForm,
  requestOfMessage,
  requestOfOpened,
} from './payload.ts';
import type { References } from './references.ts';
import { readAction, type TeamsAction } from './actions.ts';
import { type RepliesOptions, type Reply, replyToInvoke, replyToMessage } from './replies.ts';

export interface TurnsOptions extends RepliesOptions {
  readonly forms: Forms;
  /** Writes the request down; Teams is told that we have it only after that. */
  readonly onRequest: (request: Request) => Promise<Taken>;
  /** What became of a form that was sent before. */
  readonly earlierOf: EarlierOf;
  readonly references: References;
  readonly now: () => Date;
  /** Somebody who cannot be served is told in time. */
  readonly savingMilliseconds: number;
}

const notOurs = 'This button is not one that Parallel Run knows any more. Ask again, and use the new card.';

/** What is done with an activity whose sender is proven. Answers what Teams is to be told, where it asked. */
export type Turn = (activity: IncomingActivity, context: TurnContext) => Promise<Answer | undefined>;

/** Everything that people do in Teams becomes a Request, and is written down before Teams hears that we have it. */
export function createTurns(options: TurnsOptions): Turn {
  const { forms, references, log, now } = options;

  /** `judge`: looks at it first, and says what is to be shown in place of it. */
  const take = async (
    request: Request,
    reply: Reply,
    judge: () => Promise<Taken | Shown | undefined> = () => Promise.resolve(undefined),
  ): Promise<Answer | undefined> => {
    let taken: Taken | Shown | 'late';
    try {
      const save = async (): Promise<Taken | Shown> => (await judge()) ?? options.onRequest(request);
      taken = await within(save(), options.savingMilliseconds);
    } catch (error) {
      log.error({ err: error, request: request.id }, 'a request could not be saved');
      return reply.tell(notSaved);
    }
    if (taken === 'late') {
      log.error({ request: request.id }, 'a request could not be saved in time');
      return reply.tell(savedTooLate);
    }
    if (typeof taken === 'string') return reply.taken(request);
    return 'refused' in taken ? reply.tell(taken.refused) : reply.ask(taken);
  };

  const takeOrAsk = async (
    request: Request,
    reply: Reply,
    refuse = (why: string): Promise<Answer | undefined> => reply.tell(why),
  ): Promise<Answer | undefined> => {
    const wanted = await forms.wanted(request);
    if (wanted === undefined) return take(request, reply);
    return 'refused' in wanted ? refuse(wanted.refused) : reply.ask(wanted);
  };

  /** A whole channel reads what is replied to words: why they can't be done is an answer, which comes in private. */
  const takeWords = (request: Request, reply: Reply): Promise<Answer | undefined> =>
    takeOrAsk(request, reply, () => take(request, reply));

  const takeForm = async (
    activity: IncomingActivity,
    sent: Extract<TeamsAction, { action: 'form' }>,
    reply: Reply,
  ): Promise<Answer | undefined> => {
    const asked = { words: sent.command, id: sent.form, values: sent.values };
    const request = forms.placed(requestOfForm(activity, asked, now()), sent);
    // What was taken may have made the form one that is wrong now.
    return take(request, reply, async () => (await options.earlierOf(request)) ?? forms.again(request, sent));
  };

  const act = (activity: IncomingActivity, action: TeamsAction, reply: Reply): Promise<Answer | undefined> => {
    switch (action.action) {
      case 'command':
        return takeOrAsk(requestOfAction(activity, action.command, now()), reply);
      case 'form':
        return takeForm(activity, action, reply);
      case 'cancel':
      case 'refresh':
        return reply.restore();
    }
  };

  const onMessage = async (activity: IncomingActivity, context: TurnContext): Promise<Answer | undefined> => {
    const submitted = activity.value == null ? undefined : readAction(activity.value);
    const reply = replyToMessage(activity, context, submitted, options);
    const refusal = refusalOf(activity);
    if (refusal !== undefined) return reply.tell(refusal);
    if (submitted !== undefined) return act(activity, submitted, reply);
    if (activity.value != null) return reply.tell(notOurs);
    return takeWords(requestOfMessage(activity, now()), reply);
  };

  const onInvoke = async (activity: IncomingActivity, context: TurnContext): Promise<Answer | undefined> => {
    if (activity.name !== 'adaptiveCard/action') return { status: 501 };
    const action = readAction(activity.value);
    const reply = replyToInvoke(activity, context, action, options);
    const refusal = refusalOf(activity) ?? (action === undefined ? notOurs : undefined);
    return refusal === undefined && action !== undefined
      ? act(activity, action, reply)
      : reply.tell(refusal ?? notOurs);
  };

  /** The app came to a conversation or left it. */
  const onMoved = async (activity: IncomingActivity): Promise<void> => {
    const bot = activity.recipient.id;
    const among = (members: IncomingActivity['membersAdded']): boolean =>
      members?.some(({ id }) => id === bot) === true;
    if (among(activity.membersRemoved) || activity.action?.startsWith('remove') === true) {
      const channel = channelOf(activity);
      if (channel !== '') await references.forget(channel);
      return;
    }
    const came = among(activity.membersAdded) || activity.action?.startsWith('add') === true;
    if (!came || !isPersonal(activity) || personOf(activity) === '' || activity.id == null) return;
    await options.onRequest(requestOfOpened(activity, now()));
  };

  const keepReference = async (activity: IncomingActivity): Promise<void> => {
    const reference = referenceOf(activity);
    if (reference === undefined) return;
    try {
      const kept = await within(references.keep(reference), options.savingMilliseconds);
      if (kept === 'late') log.warn({ channel: reference.channel }, 'where to answer could not be kept in time');
    } catch (error) {
      log.warn({ err: error, channel: reference.channel }, 'where to answer could not be kept');
    }
  };

  return async (activity, context) => {
    await keepReference(activity);
    switch (activity.type) {
      case 'message':
        return isBot(activity) ? undefined : onMessage(activity, context);
      case 'invoke':
        return onInvoke(activity, context);
      case 'conversationUpdate':
      case 'installationUpdate':
        await onMoved(activity);
        return undefined;
      default:
        return undefined;
    }
  };
}
