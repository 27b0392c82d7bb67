import type { ApiContext } from './api-method.ts';
import { isRecord } from './arguments.ts';
import { problemsOfMessage } from './block-rules.ts';
import type { ResponseOrigin } from './triggers.ts';
import type { MessageContent, Workspace } from './workspace.ts';

/** What the address answers: `ok` as text, or JSON with an error. */
export interface ResponseAnswer {
  readonly status: number;
  readonly error?: string;
}

/** Takes what the app posted to a response URL: an answer in private or for all, or a change of the message pressed in. */
export function takeResponse(path: string, body: string, { workspace, triggers }: ApiContext): ResponseAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return { status: 400, error: 'invalid_payload' };
  }
  if (!isRecord(answer)) return { status: 400, error: 'invalid_payload' };
  const { text, blocks } = answer;
  const deleting = answer['delete_original'] === true;
  const refusal = deleting ? undefined : problemsOfMessage(typeof text === 'string' ? text : '', blocks);
  if (refusal !== undefined) return { status: 400, error: refusal.error };
  const origin = triggers.useResponsePath(path);
  if (typeof origin === 'string') return { status: 404, error: origin };
  const content: MessageContent = {
    text: typeof text === 'string' ? text : '',
    ...(Array.isArray(blocks) && blocks.length > 0 ? { blocks } : {}),
  };
  const original = deleting || answer['replace_original'] === true;
  if (original && change(workspace, origin, deleting ? undefined : content)) return { status: 200 };
  if (deleting) return { status: 404, error: 'message_not_found' };
  show(workspace, origin, content, answer['response_type'] === 'in_channel');
  return { status: 200 };
}

/** Replaces (or, without content, deletes) what the address belongs to; false when that is not there. */
function change(workspace: Workspace, origin: ResponseOrigin, content: MessageContent | undefined): boolean {
  if (origin.kind === 'commands') {
    return origin.answered !== undefined && workspace.replacePrivately(origin.person, origin.answered, content);
  }
  const { message } = origin;
  const channel = workspace.channels.get(origin.channel);
  if (message === undefined || channel === undefined) return false;
  if (message.private) return workspace.replacePrivately(origin.person, message.ts, content);
  if (content === undefined) return workspace.remove(channel, message.ts);
  return workspace.replace(channel, message.ts, content) !== undefined;
}

function show(workspace: Workspace, origin: ResponseOrigin, content: MessageContent, toAll: boolean): void {
  const channel = workspace.channels.get(origin.channel);
  if (channel === undefined) return;
  if (toAll) {
    workspace.post(channel, content);
    return;
  }
  origin.answered = workspace.postPrivately(channel.id, origin.person, content).ts;
}
