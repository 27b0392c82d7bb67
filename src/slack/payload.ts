import type { Request } from '../core/request.ts';
import type { Identity } from './identity.ts';
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
    actor: {
      platform: 'slack',
      workspace: user.team_id ?? payload.team?.id ?? '',
      user: user.id,
      name: user.username ?? user.name ?? user.id,
    },
    place: {
      platform: 'slack',
      channel,
      visibility: home ? 'home' : 'private',
      ...(responseUrl === undefined ? {} : { responseUrl: withPerson(responseUrl, user.id) }),
    },
    words,
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
