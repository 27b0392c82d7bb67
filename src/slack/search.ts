import type { ConversationsHistoryResponse, WebClient } from '@slack/web-api';
import type { Claim, SearchResult } from '../core/messages/message.ts';
import { errorNameOf, failureOf } from './errors.ts';
import { digestOf } from './files.ts';

/** The type of the metadata that carries our key. */
export const metadataType = 'parallel_run_message';

/** How far Slack's clock may be behind the one that stamped the claim. */
const skewMilliseconds = 10 * 60_000;
const pageSize = 200;
/** 3,000 messages since the claim was made; more can't be looked through within one delivery's time. */
const maxPages = 15;

type SlackMessage = NonNullable<ConversationsHistoryResponse['messages']>[number];
type Page = Pick<ConversationsHistoryResponse, 'messages' | 'response_metadata'>;

/**
 * Looks through a channel's history, or a thread's, since the claim was made for a post that carries its key. Only a history that was
 * read to its end says `absent`.
 */
export async function searchChannel(client: WebClient, claim: Claim): Promise<SearchResult> {
  const range = {
    channel: claim.message.place.channel,
    oldest: ((Date.parse(claim.createdAt) - skewMilliseconds) / 1_000).toFixed(6),
    limit: pageSize,
    include_all_metadata: true,
  };
  const parent = claim.parentExternalId;
  const history = (cursor?: string): Promise<Page> =>
    client.conversations.history({ ...range, ...(cursor === undefined ? {} : { cursor }) });
  try {
    if (parent === null) return await look(history, claim);
    try {
      const thread = (cursor?: string): Promise<Page> =>
        client.conversations.replies({ ...range, ts: parent, ...(cursor === undefined ? {} : { cursor }) });
      return await look(thread, claim);
    } catch (error) {
      if (errorNameOf(error) !== 'thread_not_found') throw error;
    }
    // The parent was deleted, so the post may have landed in the channel. It must not stay there without its context;
    // posting again then finds the parent gone.
    const stray = await look(history, claim);
    if (stray.kind !== 'found') return stray;
    if (claim.message.content.kind === 'file') return stray;
    await client.chat.delete({ channel: claim.message.place.channel, ts: stray.externalId });
    return { kind: 'absent' };
  } catch (error) {
    const failure = failureOf(error, 'repeatable');
    if (failure.kind === 'refused' || failure.kind === 'gone' || failure.kind === 'unknown') {
      return { kind: 'unreadable', reason: failure.reason };
    }
    return failure;
  }
}

async function look(
  read: (cursor?: string) => Promise<Page>,
  claim: Claim,
): Promise<Extract<SearchResult, { kind: 'found' | 'absent' | 'unreadable' }>> {
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await read(cursor);
    for (const message of answer.messages ?? []) {
      const externalId = externalIdIn(message, claim);
      if (externalId !== undefined) return { kind: 'found', externalId };
    }
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return { kind: 'absent' };
  }
  return { kind: 'unreadable', reason: `the channel got more than ${maxPages * pageSize} messages since` };
}

function externalIdIn(message: SlackMessage, claim: Claim): string | undefined {
  if (claim.message.content.kind === 'file') {
    const digest = digestOf(claim.message.key);
    return message.files?.find((file) => file.name?.includes(digest) === true)?.id;
  }
  const { metadata } = message;
  const matches = metadata?.event_type === metadataType && Object(metadata.event_payload)['key'] === claim.message.key;
  return matches ? message.ts : undefined;
}
