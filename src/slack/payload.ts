import type { Actor, Place, Request } from '../core/request.ts';
import type { Identity } from './identity.ts';
import type { Values } from '../core/form.ts';
import { askedFor, type ModalState } from './modal.ts';
import { withPerson } from './response-url.ts';
import { wordsOf } from './words.ts';

/** What Slack sends with a slash command, as far as it matters here. */
export interface CommandPayload {
  readonly trigger_id: string;
  readonly team_id: string;
  readonly user_id: string;
  readonly user_name: string;
  readonly channel_id: string;
  readonly response_url: string;
  readonly text: string;
}

/** What Slack sends when somebody presses a button of a message or of the Home tab. */
export interface ActionPayload {
  readonly trigger_id?: string | undefined;
  readonly team: { readonly id: string } | null;
  readonly user: {
    readonly id: string;
    readonly name?: string | undefined;
    readonly username?: string | undefined;
    readonly team_id?: string | undefined;
  };
  readonly channel?: { readonly id: string } | undefined;
  readonly container?: { readonly [key: string]: unknown } | undefined;
  readonly response_url?: string | undefined;
  readonly actions: readonly { readonly action_ts?: string | undefined; readonly value?: string | undefined }[];
}

export interface HomeOpenedPayload {
  readonly event_id: string;
  readonly team_id: string;
  readonly event: { readonly user: string; readonly tab?: string };
}

/** `/parallel …`, in a channel or a direct message. The answer is private until the words ask for something else. */
export function requestOfCommand(payload: CommandPayload, receivedAt: Date): Request {
  return {
    id: `slack/command/${payload.trigger_id}`,
    actor: { platform: 'slack', workspace: payload.team_id, user: payload.user_id, name: payload.user_name },
    place: {
      platform: 'slack',
      channel: payload.channel_id,
      visibility: 'private',
      responseUrl: withPerson(payload.response_url, payload.user_id),
    },
    words: wordsOf(payload.text),
    receivedAt: receivedAt.toISOString(),
  };
}

/** A pressed button: its words are those that we gave it. From the Home tab, `home` is answered there. */
export function requestOfAction(payload: ActionPayload, receivedAt: Date): Request {
  const { user, response_url: responseUrl } = payload;
  const words = payload.actions[0]?.value ?? '';
  const channel = payload.channel?.id ?? containerOf(payload, 'channel_id') ?? user.id;
  const home = channel === user.id && words === 'home';
  return {
    id: `slack/action/${payload.trigger_id ?? pressOf(payload)}`,
    actor: actorOf(user, payload.team?.id),
    place: { ...privately(channel, user.id, responseUrl), ...(home ? { visibility: 'home' } : {}) },
    words,
    receivedAt: receivedAt.toISOString(),
  };
}

/** What Slack sends when somebody files a message by its shortcut. */
export interface ShortcutPayload {
  readonly callback_id: string;
  readonly trigger_id: string;
  readonly team: { readonly id: string } | null;
  readonly user: ActionPayload['user'];
  readonly channel: { readonly id: string };
  readonly message: { readonly text?: string | undefined; readonly ts: string };
  readonly response_url?: string | undefined;
}

/** A message's shortcut: its callback is the command whose form takes what the message says. */
export function requestOfShortcut(payload: ShortcutPayload, receivedAt: Date): Request {
  const { user, channel, response_url: responseUrl } = payload;
  return {
    id: `slack/shortcut/${payload.trigger_id}`,
    actor: actorOf(user, payload.team?.id),
    place: privately(channel.id, user.id, responseUrl),
    words: payload.callback_id,
    receivedAt: receivedAt.toISOString(),
  };
}

/** What Slack sends when somebody sends a modal. */
export interface SubmissionPayload {
  readonly team: { readonly id: string } | null;
  readonly user: ActionPayload['user'];
  readonly view: {
    readonly id: string;
    readonly private_metadata: string;
    readonly state: { readonly values: ModalState };
  };
}

/** A form that was sent, with what was filled in. The modal's own id is the request's: sent twice, it takes effect once. */
export function requestOfSubmission({ team, user, view }: SubmissionPayload, form: Values, receivedAt: Date): Request {
  const asked = askedFor(view.private_metadata);
  return {
    id: `slack/form/${view.id}`,
    actor: actorOf(user, team?.id),
    place: {
      platform: 'slack',
      channel: asked.channel === '' ? user.id : asked.channel,
      visibility: 'private',
      ...(asked.responseUrl === undefined ? {} : { responseUrl: asked.responseUrl }),
    },
    words: asked.words,
    form,
    receivedAt: receivedAt.toISOString(),
  };
}

/** Somebody looks at the app's Home tab. */
export function requestOfHomeOpened(payload: HomeOpenedPayload, receivedAt: Date): Request {
  const { user } = payload.event;
  return {
    id: `slack/event/${payload.event_id}`,
    actor: { platform: 'slack', workspace: payload.team_id, user, name: user },
    place: { platform: 'slack', channel: user, visibility: 'home' },
    words: 'home',
    receivedAt: receivedAt.toISOString(),
  };
}

function actorOf(user: ActionPayload['user'], team: string | undefined): Actor {
  return {
    platform: 'slack',
    workspace: user.team_id ?? team ?? '',
    user: user.id,
    name: user.username ?? user.name ?? user.id,
  };
}

function privately(channel: string, user: string, responseUrl: string | undefined): Place {
  return {
    platform: 'slack',
    channel,
    visibility: 'private',
    ...(responseUrl === undefined ? {} : { responseUrl: withPerson(responseUrl, user) }),
  };
}

/** Why this person's request is not taken, in words for them; undefined when it is. */
export function refusalOf(request: Request, identity: Identity): string | undefined {
  if (request.actor.workspace !== identity.teamId) {
    return 'Parallel Run answers only members of the workspace that it is installed in. Nothing was done.';
  }
  if (request.actor.user === identity.botUserId || request.actor.user === 'USLACKBOT') {
    return 'Parallel Run answers people, not bots. Nothing was done.';
  }
  return undefined;
}

/** One press of one button by one person, for payloads without a trigger id. */
function pressOf(payload: ActionPayload): string {
  const message = containerOf(payload, 'message_ts') ?? containerOf(payload, 'view_id') ?? '';
  return [message, payload.actions[0]?.action_ts ?? '', payload.user.id].join('/');
}

function containerOf(payload: ActionPayload, key: string): string | undefined {
  const value = payload.container?.[key];
  return typeof value === 'string' ? value : undefined;
}
