import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../arguments.ts';
import {
  type ActivityContext,
  executeActivity,
  installationActivities,
  mentionsBot,
  messageActivity,
  submitActivity,
} from './activities.ts';
import { partsOf, problemsOfCard } from './card-rules.ts';
import { cardContentType } from './connector.ts';
import { teamsTeam } from './tenant.ts';
import type {
  Activity,
  BotAnswer,
  PressAnswer,
  PressedAction,
  TeamsActs,
  TeamsConversation,
  TeamsMessage,
  TeamsPerson,
} from './types.ts';

export interface TeamsActContext extends ActivityContext {
  readonly send: (activity: Activity) => Promise<BotAnswer>;
}

const noAnswer = 'Unable to reach the app: it did not answer in time.';

export function createTeamsActs(context: TeamsActContext): TeamsActs {
  const { tenant, send } = context;

  const actor = (id: string): TeamsPerson => {
    const person = tenant.person(id);
    if (person === undefined) throw new Error(`There is nobody with the id "${id}" in this tenant of Teams.`);
    if (person.deleted === true) throw new Error(`${person.name} is deactivated and can do nothing here.`);
    return person;
  };
  const conversationOf = (person: TeamsPerson, where: string): TeamsConversation => {
    const conversation = tenant.person(where) === person ? tenant.chat(person) : tenant.conversation(where);
    if (conversation === undefined) throw new Error(`There is no conversation with the id "${where}" in Teams.`);
    if (conversation.person !== undefined && conversation.person !== person.aadObjectId) {
      throw new Error(`${person.name} does not see the chats of somebody else.`);
    }
    return conversation;
  };
  const cardAt = (person: TeamsPerson, activityId: string) => {
    const message = tenant.messageSeenBy(person, activityId);
    if (message === undefined) throw new Error(`${person.name} sees no message ${activityId} in Teams.`);
    const card = tenant.cardSeenBy(person, message);
    if (card === undefined) throw new Error(`The message ${activityId} has no card.`);
    return { conversation: conversationOf(person, message.conversation), message, card };
  };

  const write = async (person: TeamsPerson, where: string, text: string, thread: string | undefined) => {
    const conversation = conversationOf(person, where);
    const parent = conversation.messages.find(({ id }) => id === thread);
    if (thread !== undefined && parent === undefined)
      throw new Error(`There is no message ${thread} to reply to there.`);
    const root = conversation.person === undefined ? (parent?.replyTo ?? parent?.id) : undefined;
    const message = tenant.post(conversation, person.teamsId, { text }, root);
    const heard = conversation.botIsMember && (conversation.person !== undefined || mentionsBot(context, text));
    return heard ? send(messageActivity(context, person, conversation, message)) : undefined;
  };

  const install = async (action: 'add' | 'remove', conversation: TeamsConversation, person: TeamsPerson) => {
    const [update, installation] = installationActivities(context, person, conversation, action);
    return [await send(update), await send(installation)];
  };
  const installer = (): TeamsPerson => {
    const person = tenant.people.find(({ guest, deleted }) => guest !== true && deleted !== true);
    if (person === undefined) throw new Error('The tenant has no member who could install the bot.');
    return person;
  };
  const team = (botIsMember: boolean): TeamsConversation => {
    for (const conversation of tenant.conversations.values()) {
      if (conversation.person === undefined && !/private/.test(conversation.topic ?? '')) {
        conversation.botIsMember = botIsMember;
      }
    }
    tenant.changed();
    const conversation = tenant.conversation(teamsTeam.id);
    if (conversation === undefined) throw new Error('The team has no channel.');
    return conversation;
  };

  const execute = async (
    person: TeamsPerson,
    at: { readonly conversation: TeamsConversation; readonly message: TeamsMessage },
    action: Activity,
    trigger: 'manual' | 'automatic',
  ): Promise<PressAnswer> => {
    const answer = await send(executeActivity(context, person, at, action, trigger));
    const shown = shownOf(answer);
    if (shown.kind !== 'card') return shown;
    const problems = problemsOfCard(shown.card);
    if (problems.length > 0) return { kind: 'error', text: `The app's card can't be shown: ${problems.join('; ')}` };
    tenant.showTo(person, at.message, shown.card);
    return { kind: 'card' };
  };

  return {
    install: async () => {
      const conversation = team(true);
      const answers = await install('add', conversation, installer());
      for (const person of tenant.people) {
        if (person.deleted !== true) answers.push(...(await install('add', tenant.chat(person), person)));
      }
      return answers;
    },
    uninstall: async () => {
      const [answer] = await install('remove', team(false), installer());
      if (answer === undefined) throw new Error('The bot was told nothing.');
      return answer;
    },
    ask: async (personId, where, words, thread) => {
      const person = actor(personId);
      const inChat = conversationOf(person, where).person !== undefined;
      const answer = await write(person, where, inChat ? words : `@${tenant.bot.name} ${words}`, thread);
      if (answer === undefined) throw new Error(`${tenant.bot.name} is not in this conversation.`);
      return answer;
    },
    say: async (personId, where, text, thread) => write(actor(personId), where, text, thread),
    press: async (personId, activityId, wanted, inputs = {}) => {
      const person = actor(personId);
      const at = cardAt(person, activityId);
      const action = actionIn(at.card, wanted);
      if (action === undefined) throw new Error(`There is no such button in the card: ${JSON.stringify(wanted)}.`);
      const { type, id, verb, data, associatedInputs } = action;
      const sent = { ...(isRecord(data) ? data : {}), ...(associatedInputs === 'none' ? {} : inputs) };
      if (type === 'Action.Execute') return execute(person, at, { type, ...named({ id, verb }), data: sent }, 'manual');
      const { acknowledged } = await send(submitActivity(context, person, at, sent));
      return acknowledged ? { kind: 'nothing' } : { kind: 'error', text: noAnswer };
    },
    look: async (personId, activityId) => {
      const person = actor(personId);
      const at = cardAt(person, activityId);
      const { card } = at.message;
      // Asked for by the shared card only: a copy of somebody's own would ask again without an end.
      if (at.card !== card || !isAskedToLook(person, card)) return undefined;
      const action = refreshOf(card)['action'];
      if (!isRecord(action)) return undefined;
      const { type, id, verb, data = {} } = action;
      return execute(person, at, { type, ...named({ id, verb }), data }, 'automatic');
    },
  };
}

const refreshOf = (card: Activity | undefined): Record<string, unknown> => {
  const refresh = card?.['refresh'];
  return isRecord(refresh) ? refresh : {};
};

/** Whether a card asks this person's client to look for news by itself (`refresh.userIds`). */
export function isAskedToLook({ teamsId, aadObjectId }: TeamsPerson, card: Activity | undefined): boolean {
  const { userIds } = refreshOf(card);
  return Array.isArray(userIds) && [teamsId, `8:orgid:${aadObjectId}`].some((id) => userIds.includes(id));
}

function named(parts: Readonly<Record<string, unknown>>): Activity {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

/** The first action of the card that has everything that is asked for. */
function actionIn(card: Activity, wanted: PressedAction): Record<string, unknown> | undefined {
  return [...partsOf(card)].find(
    (part) =>
      (part['type'] === 'Action.Execute' || part['type'] === 'Action.Submit') &&
      Object.entries(wanted).every(([name, value]) => value === undefined || isDeepStrictEqual(part[name], value)),
  );
}

/** What an answer to an invoke shows ("Response format" of Universal Actions). */
function shownOf({
  acknowledged,
  status,
  body,
}: BotAnswer): Exclude<PressAnswer, { kind: 'card' }> | { kind: 'card'; card: Activity } {
  if (status === undefined) return { kind: 'error', text: noAnswer };
  if (!acknowledged) return { kind: 'error', text: `Something went wrong: the app answered with HTTP ${status}.` };
  if (!isRecord(body)) return { kind: 'nothing' };
  const { statusCode, type, value } = body;
  if (statusCode === 200 && type === cardContentType && isRecord(value)) return { kind: 'card', card: value };
  if (statusCode === 200 && type === 'application/vnd.microsoft.activity.message' && typeof value === 'string') {
    return { kind: 'note', text: value };
  }
  const message = isRecord(value) && typeof value['message'] === 'string' ? value['message'] : undefined;
  return {
    kind: 'error',
    text: message ?? `Something went wrong: the app answered ${JSON.stringify(body).slice(0, 200)}.`,
  };
}
