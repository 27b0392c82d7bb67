import type { Content, Message, MessageState } from '../core/messages/message.ts';
import type { Place } from '../core/request.ts';
import type { OutboxRow } from '../core/store.ts';
import { iso, isoOrNull } from './query.ts';

/** A message as its table holds it. */
export interface Row {
  id: string;
  key: string;
  subject: string;
  lane: string;
  platform: Place['platform'];
  channel: string;
  visibility: Place['visibility'];
  response_url: string | null;
  parent: string | null;
  content: Content;
  version: number;
  delivered_version: number;
  state: MessageState;
  external_id: string | null;
  search: boolean;
  attempts: number;
  reason: string | null;
  created_at: Date;
  sent_at: Date | null;
}

export function toMessage(row: Row): Message {
  return {
    key: row.key,
    subject: row.subject,
    place: {
      platform: row.platform,
      channel: row.channel,
      visibility: row.visibility,
      ...(row.response_url === null ? {} : { responseUrl: row.response_url }),
    },
    ...(row.parent === null ? {} : { parent: row.parent }),
    content: row.content,
  };
}

export function toOutboxRow(row: Row): OutboxRow {
  return {
    id: row.id,
    message: toMessage(row),
    state: row.state,
    externalId: row.external_id,
    attempts: row.attempts,
    reason: row.reason,
    createdAt: iso(row.created_at),
    sentAt: isoOrNull(row.sent_at),
  };
}
