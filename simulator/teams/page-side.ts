import { isRecord } from '../arguments.ts';
import type { TeamsConversationState, TeamsMessageState, TeamsSayAnswer, TeamsState } from '../page/teams/state.ts';
import type { TeamsPage } from '../types.ts';
import { isAskedToLook } from './acts.ts';
import { teamsTeam, type Tenant } from './tenant.ts';
import type { PressedAction, TeamsActs, TeamsConversation, TeamsMessage } from './types.ts';

/** What the simulator's page shows of Teams, and what it may do there. */
export function createTeamsPage(tenant: Tenant, acts: TeamsActs): TeamsPage {
  const posts: TeamsPage['acts'] = new Map<string, (body: Record<string, unknown>) => Promise<unknown>>([
    ['say', (body) => say(acts, body)],
    ['press', (body) => acts.press(textIn(body, 'person'), textIn(body, 'message'), actionIn(body), inputsIn(body))],
    ['look', async (body) => (await acts.look(textIn(body, 'person'), textIn(body, 'message'))) ?? {}],
  ]);
  return {
    state: () => stateOf(tenant),
    acts: posts,
    onChange: (listener) => tenant.onChange(listener),
  };
}

async function say(acts: TeamsActs, body: Record<string, unknown>): Promise<TeamsSayAnswer> {
  const thread = body['thread'] === undefined ? undefined : textIn(body, 'thread');
  const answer = await acts.say(textIn(body, 'person'), textIn(body, 'conversation'), textIn(body, 'text'), thread);
  return { told: answer !== undefined, acknowledged: answer?.acknowledged === true };
}

function stateOf(tenant: Tenant): TeamsState {
  return {
    team: teamsTeam,
    bot: tenant.bot,
    accounts: Object.fromEntries(tenant.people.map(({ id, teamsId, name }) => [id, { teamsId, name }])),
    conversations: [...tenant.conversations.values()].map((conversation) => conversationState(tenant, conversation)),
  };
}

function conversationState(tenant: Tenant, conversation: TeamsConversation): TeamsConversationState {
  const { person, messages, ...shown } = conversation;
  const owner = person === undefined ? undefined : tenant.person(person)?.id;
  return {
    ...shown,
    ...(owner === undefined ? {} : { person: owner }),
    messages: messages.map((message) => messageState(tenant, message)),
  };
}

function messageState(tenant: Tenant, message: TeamsMessage): TeamsMessageState {
  const { conversation: _, ...shown } = message;
  const own = tenant.people.flatMap((person) => {
    const card = tenant.cardSeenBy(person, message);
    return card === message.card ? [] : [[person.id, card] as const];
  });
  const looks = tenant.people.filter((person) => isAskedToLook(person, message.card)).map(({ id }) => id);
  return {
    ...shown,
    ...(own.length === 0 ? {} : { ownCards: Object.fromEntries(own) }),
    ...(looks.length === 0 ? {} : { looks }),
  };
}

function textIn(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw new Error(`The body has no text "${name}".`);
  return value;
}

function actionIn({ action }: Record<string, unknown>): PressedAction {
  if (!isRecord(action)) throw new Error('The body has no object "action".');
  const names = ['id', 'title', 'verb', 'data'].filter((name) => action[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, action[name]]));
}

function inputsIn({ inputs }: Record<string, unknown>): Readonly<Record<string, string>> {
  if (!isRecord(inputs)) throw new Error('The body has no object "inputs".');
  return Object.fromEntries(Object.entries(inputs).map(([id, value]) => [id, String(value)]));
}
