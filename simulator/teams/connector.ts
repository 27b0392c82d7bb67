import { isRecord } from '../arguments.ts';
import type { Answer } from '../faulty-answer.ts';
import { problemsOfCard } from './card-rules.ts';
import { teamsTeam, type MessageContent, type Tenant } from './tenant.ts';
import type { Activity, Operation, TeamsConversation, TeamsMessage, TeamsPerson } from './types.ts';

/** "Message size limit": what the bot posts, as JSON in UTF-8. Teams by now takes more in some clouds, never less. */
export const maxActivityBytes = 28 * 1_024;
export const cardContentType = 'application/vnd.microsoft.card.adaptive';

/** A call of the Bot Connector's REST API, version 3. */
export interface ConnectorRequest {
  readonly method: string;
  /** The segments behind "/v3/", decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly bytes: number;
}

/** Which call this is; undefined where there is none like it. */
export function operationOf({ method, path }: Pick<ConnectorRequest, 'method' | 'path'>): Operation | undefined {
  const [first, , third] = path;
  const call = `${method} ${first ?? ''}/${third ?? ''}/${path.length}`;
  return {
    'POST conversations//1': 'createConversation',
    'POST conversations/activities/3': 'post',
    'POST conversations/activities/4': 'reply',
    'PUT conversations/activities/4': 'edit',
    'DELETE conversations/activities/4': 'delete',
    'GET conversations/members/3': 'members',
    'GET conversations/pagedmembers/3': 'members',
    'GET conversations/members/4': 'member',
    'GET teams/conversations/3': 'teamChannels',
  }[call] as Operation | undefined;
}

/** An answer in Microsoft's shape: `{ error: { code, message } }`. */
export function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } }, error: code };
}

class Refused extends Error {
  readonly answer: Answer;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.answer = refusal(status, code, message);
  }
}

/** Does what the bot asks for. */
export function answerConnector(operation: Operation, request: ConnectorRequest, tenant: Tenant): Answer {
  const work: Partial<Record<Operation, () => Answer>> = {
    createConversation: create,
    post: () => post(undefined),
    reply: () => post(request.path[3]),
    edit,
    delete: remove,
    members,
    member,
    teamChannels,
  };
  try {
    return work[operation]?.() ?? refusal(404, 'NotFound', 'There is no such call.');
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }

  /** A chat with one person, the same one each time; or, of a channel, a new thread. */
  function create(): Answer {
    const { body } = request;
    const wanted = isRecord(body) ? body : {};
    const data = isRecord(wanted['channelData']) ? wanted['channelData'] : {};
    const tenantId = wanted['tenantId'] ?? idIn(data['tenant']);
    if (tenantId !== undefined && tenantId !== tenant.tenantId) {
      throw new Refused(403, 'Forbidden', 'The bot is not installed in that tenant.');
    }
    const channel = idIn(data['channel']);
    if (channel !== undefined) {
      const conversation = conversationNamed(channel);
      const posted = store(conversation, contentOf(wanted['activity']), undefined);
      return { status: 201, body: { id: `${conversation.id};messageid=${posted.id}`, activityId: posted.id } };
    }
    const members = Array.isArray(wanted['members']) ? wanted['members'] : [];
    if (wanted['isGroup'] === true || members.length !== 1) {
      throw new Refused(400, 'BadSyntax', 'A bot opens chats with one member only.');
    }
    if (tenantId === undefined) throw new Refused(400, 'BadSyntax', 'Tenant id is missing.');
    const person = personNamed(idIn(members[0]) ?? '');
    if (person === undefined) throw new Refused(400, 'BadArgument', 'Failed to decrypt pairwise id');
    const chat = tenant.chat(person);
    if (!chat.botIsMember) throw notInRoster();
    const { activity } = wanted;
    const posted = activity === undefined ? undefined : store(chat, contentOf(activity), undefined);
    return { status: 201, body: { id: chat.id, ...(posted === undefined ? {} : { activityId: posted.id }) } };
  }

  function post(answered: string | undefined): Answer {
    const { conversation, thread } = place();
    const replyTo = answered ?? thread;
    if (replyTo !== undefined && !conversation.messages.some(({ id }) => id === replyTo)) {
      throw new Refused(404, 'ConversationNotFound', 'Conversation not found.');
    }
    const { body } = request;
    if (isRecord(body) && body['type'] === 'typing') return { status: 201, body: { id: '' } };
    const content = contentOf(body);
    return { status: 201, body: { id: store(conversation, content, replyTo).id } };
  }

  function edit(): Answer {
    const { conversation } = place();
    const { id } = ownMessage(conversation);
    tenant.replace(conversation, id, contentOf(request.body));
    return { status: 200, body: { id } };
  }

  function remove(): Answer {
    const { conversation } = place();
    tenant.remove(conversation, ownMessage(conversation).id);
    return { status: 200, body: {} };
  }

  function members(): Answer {
    const { path, query } = request;
    const { conversation } = place();
    const all = tenant.roster(conversation).map((person) => memberOf(person));
    if (path[2] === 'members') return { status: 200, body: all };
    const from = Number(query.get('continuationToken') ?? 0);
    const until = from + Number(query.get('pageSize') ?? 200);
    const next = until < all.length ? { continuationToken: String(until) } : {};
    return { status: 200, body: { members: all.slice(from, until), ...next } };
  }

  function member(): Answer {
    const { conversation } = place();
    const person = personNamed(request.path[3] ?? '');
    if (person === undefined || !tenant.roster(conversation).includes(person)) {
      throw new Refused(404, 'MemberNotFoundInConversation', 'Member not found in conversation.');
    }
    return { status: 200, body: memberOf(person) };
  }

  function teamChannels(): Answer {
    if (request.path[1] !== teamsTeam.id) throw new Refused(404, 'NotFound', 'There is no such team.');
    const channels = [...tenant.conversations.values()].filter(({ person }) => person === undefined);
    // As Teams does: the first channel has no name of its own here.
    const conversations = channels.map(({ id, name }) => (id === teamsTeam.id ? { id } : { id, name }));
    return { status: 200, body: { conversations } };
  }

  /** The conversation of the path, which may name a thread behind it. */
  function place(): { readonly conversation: TeamsConversation; readonly thread: string | undefined } {
    const [id = '', thread] = (request.path[1] ?? '').split(';messageid=');
    return { conversation: conversationNamed(id), thread };
  }

  function conversationNamed(id: string): TeamsConversation {
    const conversation = tenant.conversation(id);
    if (conversation === undefined) throw new Refused(404, 'ConversationNotFound', 'Conversation not found.');
    if (!conversation.botIsMember) throw notInRoster();
    return conversation;
  }

  function personNamed(id: string): TeamsPerson | undefined {
    const { people } = tenant;
    return people.find((one) => one.deleted !== true && (one.teamsId === id || one.aadObjectId === id.toLowerCase()));
  }

  function ownMessage(conversation: TeamsConversation): TeamsMessage {
    const message = conversation.messages.find(({ id }) => id === request.path[3]);
    if (message === undefined) {
      throw new Refused(404, 'ActivityNotFoundInConversation', 'Activity not found in conversation.');
    }
    if (message.from === tenant.bot.id) return message;
    throw new Refused(403, 'Forbidden', "Somebody else's message is not the bot's to change.");
  }

  function store(conversation: TeamsConversation, content: MessageContent, answered: string | undefined): TeamsMessage {
    // A reply to a reply stands in the same thread; a chat has none.
    const parent = conversation.messages.find(({ id }) => id === answered);
    const root = conversation.person === undefined ? (parent?.replyTo ?? parent?.id) : undefined;
    return tenant.post(conversation, tenant.bot.id, content, root);
  }

  /** What is shown of a message activity. */
  function contentOf(activity: unknown): MessageContent {
    if (!isRecord(activity) || activity['type'] !== 'message') {
      throw new Refused(400, 'BadSyntax', 'The body is no activity of the type message.');
    }
    if (request.bytes > maxActivityBytes) {
      throw new Refused(413, 'MessageSizeTooBig', 'Message size too large.');
    }
    const [text, summary] = ['text', 'summary'].map((name) => textIn(activity, name)) as [string, string];
    const attachments: readonly unknown[] = Array.isArray(activity['attachments']) ? activity['attachments'] : [];
    if (attachments.length === 0) {
      if (text === '') throw new Refused(400, 'BadSyntax', 'The activity has neither text nor attachments.');
      return { text, summary };
    }
    const [first] = attachments;
    if (attachments.length > 1 || !isRecord(first) || first['contentType'] !== cardContentType) {
      throw new Refused(400, 'BadSyntax', `The simulator takes one attachment, of the type ${cardContentType}.`);
    }
    const { content } = first;
    const problems = problemsOfCard(content);
    if (problems.length > 0 || !isRecord(content)) throw new Refused(400, 'BadArgument', problems.join('; '));
    return { text, summary, card: content };
  }

  function memberOf(person: TeamsPerson): Activity {
    const { name, teamsId, aadObjectId, userPrincipalName, guest } = person;
    const [givenName = '', ...others] = name.split(' ');
    return {
      id: teamsId,
      name,
      objectId: aadObjectId,
      aadObjectId,
      givenName,
      surname: others.join(' '),
      email: userPrincipalName,
      userPrincipalName,
      tenantId: tenant.tenantId,
      userRole: guest === true ? 'guest' : 'user',
    };
  }
}

function notInRoster(): Refused {
  return new Refused(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
}

function textIn(value: Record<string, unknown>, name: string): string {
  const text = value[name];
  return typeof text === 'string' ? text : '';
}

function idIn(value: unknown): string | undefined {
  const id = isRecord(value) ? value['id'] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
