import { randomBytes } from 'node:crypto';
import { wireMessage } from './api-chat.ts';
import { wireView } from './api-views.ts';
import { isRecord } from './arguments.ts';
import { bot, firstChannels, handleOf, people, slashCommand, team } from './people.ts';
import type { Delivery, SimulatedMessage, SimulatedPerson } from './types.ts';
import type { Channel, StoredView } from './workspace.ts';

/** Where something was pressed. */
export type Place =
  | {
      readonly kind: 'message';
      readonly channel: Channel;
      readonly message: SimulatedMessage;
      readonly responseUrl: string;
    }
  | { readonly kind: 'view'; readonly view: StoredView };

export function commandPayload(
  person: SimulatedPerson,
  channel: Channel,
  text: string,
  triggerId: string,
  responseUrl: string,
): Delivery {
  return {
    type: 'slash_commands',
    payload: {
      token: verificationToken,
      team_id: team.id,
      team_domain: team.domain,
      channel_id: channel.id,
      channel_name: channel.person === undefined ? channel.name : 'directmessage',
      user_id: person.id,
      user_name: handleOf(person),
      command: slashCommand,
      text: escapeTyped(text),
      api_app_id: bot.appId,
      is_enterprise_install: 'false',
      response_url: responseUrl,
      trigger_id: triggerId,
    },
  };
}

export function actionPayload(
  person: SimulatedPerson,
  place: Place,
  action: Readonly<Record<string, unknown>>,
  triggerId: string,
): Delivery {
  return {
    type: 'interactive',
    payload: {
      type: 'block_actions',
      ...common(person, triggerId),
      ...(place.kind === 'view'
        ? { container: { type: 'view', view_id: place.view.id }, view: wireView(place.view) }
        : {
            container: {
              type: 'message',
              message_ts: place.message.ts,
              channel_id: place.channel.id,
              is_ephemeral: place.message.ephemeralFor !== undefined,
              ...(place.message.thread_ts === undefined ? {} : { thread_ts: place.message.thread_ts }),
            },
            channel: {
              id: place.channel.id,
              name: place.channel.person === undefined ? place.channel.name : 'directmessage',
            },
            // Slack shows the app nothing of an ephemeral message.
            ...(place.message.ephemeralFor === undefined ? { message: wireMessage(place.message) } : {}),
            response_url: place.responseUrl,
          }),
      state: { values: {} },
      actions: [{ ...action, action_ts: (Date.now() / 1_000).toFixed(6) }],
    },
  };
}

export function shortcutPayload(
  person: SimulatedPerson,
  { channel, message, responseUrl }: Extract<Place, { kind: 'message' }>,
  callbackId: string,
  triggerId: string,
): Delivery {
  return {
    type: 'interactive',
    payload: {
      type: 'message_action',
      ...common(person, triggerId),
      callback_id: callbackId,
      message_ts: message.ts,
      action_ts: (Date.now() / 1_000).toFixed(6),
      channel: { id: channel.id, name: channel.person === undefined ? channel.name : 'directmessage' },
      message: wireMessage(message),
      response_url: responseUrl,
    },
  };
}

export function submissionPayload(
  person: SimulatedPerson,
  view: StoredView,
  values: unknown,
  triggerId: string,
): Delivery {
  return {
    type: 'interactive',
    payload: {
      type: 'view_submission',
      ...common(person, triggerId),
      view: { ...wireView(view), state: { values } },
      response_urls: [],
    },
  };
}

export function closedPayload(person: SimulatedPerson, view: StoredView): Delivery {
  const { trigger_id: _, ...rest } = common(person, '');
  return { type: 'interactive', payload: { type: 'view_closed', ...rest, view: wireView(view), is_cleared: false } };
}

export function homeOpenedPayload(person: SimulatedPerson, channel: Channel, home: StoredView | undefined): Delivery {
  const eventTime = Date.now() / 1_000;
  return {
    type: 'events_api',
    payload: {
      token: verificationToken,
      team_id: team.id,
      api_app_id: bot.appId,
      type: 'event_callback',
      event_id: `Ev${randomBytes(6).toString('hex').toUpperCase()}`,
      event_time: Math.floor(eventTime),
      authorizations: [
        { enterprise_id: null, team_id: team.id, user_id: bot.id, is_bot: true, is_enterprise_install: false },
      ],
      is_ext_shared_channel: false,
      event: {
        type: 'app_home_opened',
        user: person.id,
        channel: channel.id,
        tab: 'home',
        event_ts: eventTime.toFixed(6),
        ...(home === undefined ? {} : { view: wireView(home) }),
      },
    },
  };
}

/**
 * What Slack makes of typed words for an app whose command has `should_escape`: names become mentions with ids.
 * https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export function escapeTyped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/(?<![\w.])@([\w.]*\w)/g, (typed, handle: string) => {
      const person = people.find((one) => handleOf(one) === handle || one.id === handle);
      return person === undefined ? typed : `<@${person.id}|${handleOf(person)}>`;
    })
    .replace(/(?<!\w)#([\w-]+)/g, (typed, name: string) => {
      const channel = firstChannels.find((one) => one.name === name);
      return channel === undefined ? typed : `<#${channel.id}|${name}>`;
    });
}

/** Slack's old way to know it was Slack; only there because payloads have it. */
const verificationToken = 'simulated-verification-token';

function common(person: SimulatedPerson, triggerId: string) {
  return {
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    api_app_id: bot.appId,
    token: verificationToken,
    user: { id: person.id, username: handleOf(person), name: handleOf(person), team_id: team.id },
    trigger_id: triggerId,
  };
}

/** The interactive element with this action id, and its block's id: Slack makes one up for a block without. */
export function elementIn(
  blocks: readonly unknown[],
  actionId: string,
  blockId?: string,
): { readonly element: Record<string, unknown>; readonly blockId: string } | undefined {
  for (const [index, block] of blocks.entries()) {
    if (!isRecord(block)) continue;
    const own = typeof block['block_id'] === 'string' ? block['block_id'] : `block-${index}`;
    if (blockId !== undefined && own !== blockId) continue;
    const element = findElement(block, actionId);
    if (element !== undefined) return { element, blockId: own };
  }
  return undefined;
}

function findElement(value: unknown, actionId: string): Record<string, unknown> | undefined {
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = findElement(item, actionId);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  return value['action_id'] === actionId ? value : findElement(Object.values(value), actionId);
}
