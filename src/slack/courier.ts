import type { WebClient } from '@slack/web-api';
import type { Card } from '../core/cards/card.ts';
import type { Log } from '../core/log.ts';
import type { Claim, Courier, Outcome, SearchResult } from '../core/messages/message.ts';
import { createClient } from './client.ts';
import { type Effect, errorNameOf, failureOf } from './errors.ts';
import { shareFile } from './files.ts';
import { type RenderedMessage, renderHome, renderMessage } from './render.ts';
import { answerPrivately, personOf } from './response-url.ts';
import { metadataType, searchChannel } from './search.ts';

export interface SlackCourierOptions {
  readonly botToken: string;
  /** With a slash at its end; absent: Slack's own. */
  readonly apiUrl?: string;
  readonly log: Log;
  /** Longest time one delivery may take; default: 9.5 s, so that the answer is there within 10. */
  readonly deliveryMilliseconds?: number;
}

/** What a private answer is known by: Slack gives it no id. */
const privateId = 'private';

/**
 * Brings messages to Slack. A post to a channel goes out once, and when nobody knows whether it arrived, the outcome
 * says `unknown`; edits, the Home tab and private answers may be sent twice rather than never.
 */
export function createSlackCourier(options: SlackCourierOptions): Courier {
  const { log } = options;
  const limited = (): { client: WebClient; signal: AbortSignal } => {
    const signal = AbortSignal.timeout(options.deliveryMilliseconds ?? 9_500);
    return { client: createClient({ token: options.botToken, apiUrl: options.apiUrl, log, signal }), signal };
  };
  return {
    platform: 'slack',
    deliver: async (claim) => {
      const { client, signal } = limited();
      const { content, place } = claim.message;
      if (content.kind === 'file') return shareFile(client, claim, content, signal);
      if (content.kind === 'pin') return pinParent(client, claim);
      if (place.visibility === 'home') return publishHome(client, place.channel, content.card);
      if (place.visibility === 'private') return sayPrivately(client, claim, content.card, signal, log);
      return claim.externalId === null
        ? postCard(client, claim, content.card, log)
        : updateCard(client, place.channel, claim.externalId, content.card, claim.message.key);
    },
    search: async (claim): Promise<SearchResult> => {
      // Private answers, the Home tab and pins stand in no history. Twice is better than never.
      const { place, content } = claim.message;
      if (place.visibility !== 'channel' || content.kind === 'pin') return { kind: 'absent' };
      return searchChannel(limited().client, claim);
    },
    probe: async () => {
      try {
        await limited().client.auth.test();
        return true;
      } catch (error) {
        log.debug({ reason: failureOf(error, 'repeatable').kind }, 'Slack does not take messages yet');
        return false;
      }
    },
  };
}

async function postCard(client: WebClient, claim: Claim, card: Card, log: Log): Promise<Outcome> {
  const { channel } = claim.message.place;
  const parent = claim.parentExternalId;
  let landed: { ts: string; inThread: boolean; note: string | undefined };
  try {
    const { result, note } = await withOrWithoutCharts(card, ({ text, blocks }) =>
      client.chat.postMessage({
        channel,
        text,
        blocks,
        metadata: metadataOf(claim.message.key),
        mrkdwn: false,
        unfurl_links: false,
        unfurl_media: false,
        ...(parent === null ? {} : { thread_ts: parent }),
      }),
    );
    if (result.ts === undefined) return { kind: 'unknown', reason: "Slack's answer does not say where the message is" };
    landed = { ts: result.ts, inThread: result.message?.thread_ts === parent, note };
  } catch (error) {
    return failureOf(error, 'once');
  }
  if (parent === null || landed.inThread) return delivered(landed.ts, landed.note);
  // The parent was deleted, and Slack puts such a reply into the channel without an error.
  try {
    await client.chat.delete({ channel, ts: landed.ts });
  } catch (error) {
    log.warn({ reason: failureOf(error, 'repeatable') }, 'a reply without its thread could not be deleted');
  }
  return { kind: 'gone', reason: 'the message whose thread this belongs to was deleted in Slack' };
}

async function updateCard(client: WebClient, channel: string, ts: string, card: Card, key: string): Promise<Outcome> {
  return attempt('repeatable', async () => {
    const { note } = await withOrWithoutCharts(card, ({ text, blocks }) =>
      client.chat.update({ channel, ts, text, blocks, metadata: metadataOf(key) }),
    );
    return delivered(ts, note);
  });
}

/** A second pin of a message is none. */
async function pinParent(client: WebClient, { message, parentExternalId }: Claim): Promise<Outcome> {
  const timestamp = parentExternalId ?? '';
  return attempt('repeatable', async () => {
    try {
      await client.pins.add({ channel: message.place.channel, timestamp });
    } catch (error) {
      if (errorNameOf(error) !== 'already_pinned') throw error;
    }
    return delivered(timestamp, undefined);
  });
}

async function publishHome(client: WebClient, user: string, card: Card): Promise<Outcome> {
  return attempt('repeatable', async () => {
    const { view } = await client.views.publish({ user_id: user, view: renderHome(card) });
    return delivered(view?.id ?? user, undefined);
  });
}

/**
 * To the address that came with the command; when that has expired, as an ephemeral message in the channel; and where
 * the bot is not a member, as a direct message. All three need no scope but chat:write.
 */
async function sayPrivately(
  client: WebClient,
  claim: Claim,
  card: Card,
  signal: AbortSignal,
  log: Log,
): Promise<Outcome> {
  const { channel, responseUrl } = claim.message.place;
  const earlier = directMessage(claim.externalId);
  if (earlier !== undefined) return updateDirectMessage(client, earlier, card);
  if (responseUrl !== undefined) {
    const outcome = await answerWithOrWithoutCharts(responseUrl, card, claim.externalId !== null, signal);
    if (outcome.kind !== 'expired') return outcome.kind === 'answered' ? delivered(privateId, undefined) : outcome;
    log.info({ key: claim.message.key }, "the command's own address has expired: answering in another way");
  }
  const person = personOf(responseUrl ?? '') ?? (isPerson(channel) ? channel : undefined);
  if (person === undefined) return { kind: 'refused', reason: 'the time to answer the command is over' };
  if (!isPerson(channel)) {
    const outcome = await attempt('repeatable', async () => {
      const { note } = await withOrWithoutCharts(card, ({ text, blocks }) =>
        client.chat.postEphemeral({ channel, user: person, text, blocks }),
      );
      return delivered(privateId, note);
    });
    if (outcome.kind !== 'refused') return outcome;
  }
  return attempt('repeatable', async () => {
    const { result, note } = await withOrWithoutCharts(card, ({ text, blocks }) =>
      client.chat.postMessage({
        channel: person,
        text,
        blocks,
        mrkdwn: false,
        unfurl_links: false,
        unfurl_media: false,
      }),
    );
    return delivered(`${result.channel ?? person}/${result.ts ?? ''}`, note);
  });
}

async function updateDirectMessage(
  client: WebClient,
  at: { channel: string; ts: string },
  card: Card,
): Promise<Outcome> {
  return attempt('repeatable', async () => {
    const { note } = await withOrWithoutCharts(card, ({ text, blocks }) =>
      client.chat.update({ channel: at.channel, ts: at.ts, text, blocks }),
    );
    return delivered(`${at.channel}/${at.ts}`, note);
  });
}

async function answerWithOrWithoutCharts(
  responseUrl: string,
  card: Card,
  replace: boolean,
  signal: AbortSignal,
): ReturnType<typeof answerPrivately> {
  const first = await answerPrivately(responseUrl, { ...renderMessage(card), replace }, signal);
  if (first.kind !== 'refused' || !hasChart(card)) return first;
  return answerPrivately(responseUrl, { ...renderMessage(card, { charts: false }), replace }, signal);
}

/** Charts are new in Slack and come to workspaces by and by: one that refuses the block gets its words instead. */
async function withOrWithoutCharts<T>(
  card: Card,
  call: (message: RenderedMessage) => Promise<T>,
): Promise<{ result: T; note: string | undefined }> {
  try {
    return { result: await call(renderMessage(card)), note: undefined };
  } catch (error) {
    if (errorNameOf(error) !== 'invalid_blocks' || !hasChart(card)) throw error;
    return { result: await call(renderMessage(card, { charts: false })), note: 'without its charts' };
  }
}

function hasChart(card: Card): boolean {
  return card.body.some((element) => element.kind === 'chart');
}

async function attempt(effect: Effect, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    return failureOf(error, effect);
  }
}

function delivered(externalId: string, note: string | undefined): Outcome {
  return { kind: 'delivered', externalId, ...(note === undefined ? {} : { note }) };
}

function metadataOf(key: string): { event_type: string; event_payload: { key: string } } {
  return { event_type: metadataType, event_payload: { key } };
}

/** A place without a channel: the id is a person's. */
function isPerson(channel: string): boolean {
  return /^[UW]/.test(channel);
}

function directMessage(externalId: string | null): { channel: string; ts: string } | undefined {
  const match = /^([A-Z0-9]+)\/(\d+\.\d+)$/.exec(externalId ?? '');
  return match === null ? undefined : { channel: match[1] ?? '', ts: match[2] ?? '' };
}
