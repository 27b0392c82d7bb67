import type { Values } from '../core/form.ts';
import type { ConversationReference } from '../core/messages/conversation-reference.ts';
import type { Actor, Place, Request } from '../core/request.ts';
import type { IncomingActivity } from './activity.ts';
import { wordsOf } from './words.ts';

/** A message that somebody wrote to the bot: its words are the same that stand after `/parallel` in Slack. */
export function requestOfMessage(activity: IncomingActivity, receivedAt: Date): Request {
  return requestOf(activity, `message/${eventOf(activity)}`, wordsOf(activity), receivedAt);
}

/** A pressed button: its words are those that we gave it. In the one-to-one chat, `home` is answered where Home hangs. */
export function requestOfAction(activity: IncomingActivity, words: string, receivedAt: Date): Request {
  const request = requestOf(activity, `action/${eventOf(activity)}`, words, receivedAt);
  return words === 'home' && isPersonal(activity) ? atHome(request) : request;
}

/** A form that was sent. The asking's own id is the request's: sent twice by one person, it takes effect once. */
export function requestOfForm(
  activity: IncomingActivity,
  asked: { readonly words: string; readonly id: string; readonly values: Values },
  receivedAt: Date,
): Request {
  const request = requestOf(activity, `form/${personOf(activity)}/${asked.id}`, asked.words, receivedAt);
  return { ...request, form: asked.values };
}

/** Somebody has the app in their own chat now, and sees Home there. */
export function requestOfOpened(activity: IncomingActivity, receivedAt: Date): Request {
  return atHome(requestOf(activity, `event/${eventOf(activity)}`, 'home', receivedAt));
}

/** Who did it, in the organisation's directory; empty for a bot, and for whoever has no account there. */
export function personOf({ from }: IncomingActivity): string {
  return (from.aadObjectId ?? '').toLowerCase();
}

/** The chat of one person with the bot. */
export function isPersonal({ conversation }: IncomingActivity): boolean {
  return conversation.conversationType === 'personal';
}

/** What stands in a Place for where it happened: the channel or group without its thread, or the person. */
export function channelOf(activity: IncomingActivity): string {
  return isPersonal(activity) ? personOf(activity) : withoutThread(activity.conversation.id);
}

/** Undefined where it is nobody's chat. */
export function referenceOf(activity: IncomingActivity): ConversationReference | undefined {
  const channel = channelOf(activity);
  if (channel === '') return undefined;
  return {
    platform: 'teams',
    channel,
    conversation: withoutThread(activity.conversation.id),
    serviceUrl: activity.serviceUrl,
    bot: activity.recipient.id,
  };
}

/** Why this person's request is not taken, in words for them; undefined when it is. */
export function refusalOf(activity: IncomingActivity): string | undefined {
  return personOf(activity) === ''
    ? 'Parallel Run answers only members of the organisation that it is installed in. Nothing was done.'
    : undefined;
}

export function isBot({ from }: IncomingActivity): boolean {
  return from.role === 'bot' || from.id.startsWith('28:');
}

/** A thread's conversation is its channel's with the first message's id behind it. */
export function withoutThread(conversation: string): string {
  return conversation.split(';')[0] ?? conversation;
}

/** Teams' ids of messages are times: only together with the conversation they are one event's own. */
function eventOf({ conversation, id }: IncomingActivity): string {
  return `${conversation.id}/${id ?? ''}`;
}

function requestOf(activity: IncomingActivity, event: string, words: string, receivedAt: Date): Request {
  const user = personOf(activity);
  const actor: Actor = {
    platform: 'teams',
    workspace: tenantsOf(activity)[0] ?? '',
    user,
    name: activity.from.name ?? user,
  };
  const place: Place = {
    platform: 'teams',
    channel: user,
    visibility: 'private',
    ...(isPersonal(activity) ? {} : { askedIn: channelOf(activity) }),
  };
  return { id: `teams/${event}`, actor, place, words, receivedAt: receivedAt.toISOString() };
}

function atHome(request: Request): Request {
  return { ...request, place: { platform: 'teams', channel: request.actor.user, visibility: 'home' } };
}

/** Every tenant that an activity names; all have to be ours. */
export function tenantsOf({ channelData, conversation }: IncomingActivity): string[] {
  return [channelData?.tenant?.id, conversation.tenantId].flatMap((one) => (one == null ? [] : [one.toLowerCase()]));
}
