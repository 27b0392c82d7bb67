import { randomUUID } from 'node:crypto';
import { teamsTeam, type Tenant } from './tenant.ts';
import type { Activity, TeamsConversation, TeamsMessage, TeamsPerson } from './types.ts';

/*
 * What Teams tells the bot, field by field as it does
 * (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations).
 */

export interface ActivityContext {
  readonly tenant: Tenant;
  readonly serviceUrl: () => string;
  /** The people's zone, such as "America/New_York". */
  readonly timeZone: string;
}

/** Words as people type them: "@Parallel Run" mentions the bot. */
const mention = (name: string): RegExp => new RegExp(`@${name}(?![\\p{L}\\p{N}])`, 'giu');

export function mentionsBot({ tenant }: ActivityContext, typed: string): boolean {
  return mention(tenant.bot.name).test(typed);
}

/** A message that somebody wrote. Its thread is part of the conversation's id. */
export function messageActivity(
  context: ActivityContext,
  person: TeamsPerson,
  conversation: TeamsConversation,
  message: TeamsMessage,
): Activity {
  const { bot } = context.tenant;
  const mentioned = `<at>${bot.name}</at>`;
  const text = escapeTyped(message.text).replace(mention(bot.name), mentioned);
  const entities = [
    ...(text.includes(mentioned) ? [{ type: 'mention', mentioned: bot, text: mentioned }] : []),
    { type: 'clientInfo', locale: 'en-US', country: 'US', platform: 'Web', timezone: context.timeZone },
  ];
  return {
    ...common(context, person, conversation, message.replyTo ?? message.id),
    type: 'message',
    id: message.id,
    textFormat: 'plain',
    text,
    attachments: [{ contentType: 'text/html', content: `<p>${text}</p>` }],
    entities,
  };
}

/** A card's action as `adaptiveCard/action`. `trigger`: somebody pressed it, or their client looks for news by itself. */
export function executeActivity(
  context: ActivityContext,
  person: TeamsPerson,
  at: { readonly conversation: TeamsConversation; readonly message: TeamsMessage },
  action: Activity,
  trigger: 'manual' | 'automatic',
): Activity {
  const { conversation, message } = at;
  const base = common(context, person, conversation, message.replyTo ?? message.id);
  return {
    ...base,
    type: 'invoke',
    name: 'adaptiveCard/action',
    id: `f:${randomUUID()}`,
    replyToId: message.id,
    value: { action, trigger },
    channelData: { ...base.channelData, source: { name: 'message' }, legacy: { replyToId: message.id } },
  };
}

/** An `Action.Submit`: a message without words, whose value is what was sent. */
export function submitActivity(
  context: ActivityContext,
  person: TeamsPerson,
  at: { readonly conversation: TeamsConversation; readonly message: TeamsMessage },
  value: unknown,
): Activity {
  const { conversation, message } = at;
  return {
    ...common(context, person, conversation, message.replyTo ?? message.id),
    type: 'message',
    id: `f:${randomUUID()}`,
    replyToId: message.id,
    value,
  };
}

/** The bot came to a conversation, or left it: Teams tells it twice, by two names. */
export function installationActivities(
  context: ActivityContext,
  person: TeamsPerson,
  conversation: TeamsConversation,
  action: 'add' | 'remove',
): readonly [Activity, Activity] {
  const { id } = context.tenant.bot;
  const base = common(context, person, conversation, undefined);
  const ofTeam = conversation.person === undefined;
  const eventType = action === 'add' ? 'teamMemberAdded' : 'teamMemberRemoved';
  return [
    {
      ...base,
      type: 'conversationUpdate',
      id: `f:${randomUUID()}`,
      [action === 'add' ? 'membersAdded' : 'membersRemoved']: [{ id }],
      ...(ofTeam ? { channelData: { ...base.channelData, eventType } } : {}),
    },
    { ...base, type: 'installationUpdate', id: `f:${randomUUID()}`, action },
  ];
}

function common(
  { tenant, serviceUrl, timeZone }: ActivityContext,
  { teamsId, name, aadObjectId }: TeamsPerson,
  conversation: TeamsConversation,
  thread: string | undefined,
) {
  const { tenantId } = tenant;
  const now = tenant.now().toISOString();
  const inChannel = conversation.person === undefined;
  const channelData = inChannel
    ? {
        teamsChannelId: conversation.id,
        teamsTeamId: teamsTeam.id,
        channel: { id: conversation.id },
        team: { id: teamsTeam.id, name: teamsTeam.name },
      }
    : {};
  return {
    channelId: 'msteams',
    serviceUrl: serviceUrl(),
    timestamp: now,
    localTimestamp: now,
    localTimezone: timeZone,
    locale: 'en-US',
    from: { id: teamsId, name, aadObjectId },
    recipient: tenant.bot,
    conversation: {
      id: inChannel && thread !== undefined ? `${conversation.id};messageid=${thread}` : conversation.id,
      tenantId,
      conversationType: inChannel ? 'channel' : 'personal',
      ...(inChannel ? { isGroup: true, name: conversation.name } : {}),
    },
    channelData: { ...channelData, tenant: { id: tenantId } },
  };
}

/** What Teams makes of typed text before the bot gets it. */
function escapeTyped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
