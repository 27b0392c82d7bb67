import type { ConversationReference } from '../core/messages/conversation-reference.ts';
import type { ConversationReferenceStore } from '../core/record-stores.ts';
import { toText } from './json.ts';
import type { Query } from './query.ts';

interface Row {
  platform: ConversationReference['platform'];
  channel: string;
  conversation: string;
  service_url: string;
  bot: string;
}

export function conversationReferenceStore(query: Query): ConversationReferenceStore {
  const first = async (where: string, values: readonly unknown[]): Promise<ConversationReference | undefined> => {
    const { rows } = await query<Row>(
      `select platform, channel, conversation, service_url, bot from conversation_references where ${where} limit 1`,
      values,
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const { service_url: serviceUrl, ...same } = row;
    return { ...same, serviceUrl };
  };
  return {
    async save({ platform, channel, conversation, serviceUrl, bot }, at) {
      const { rowCount } = await query(
        `insert into conversation_references as known (platform, channel, conversation, service_url, bot, saved_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (platform, channel) do update
         set conversation = excluded.conversation, service_url = excluded.service_url, bot = excluded.bot,
           saved_at = excluded.saved_at
         where (known.conversation, known.service_url, known.bot)
           is distinct from (excluded.conversation, excluded.service_url, excluded.bot)`,
        [platform, toText(channel), toText(conversation), toText(serviceUrl), toText(bot), at],
      );
      return rowCount === 1;
    },
    find: (platform, channel) => first('platform = $1 and channel = $2', [platform, toText(channel)]),
    newest: (platform) => first('platform = $1 order by saved_at desc, channel', [platform]),
    async remove(platform, channel) {
      const { rowCount } = await query('delete from conversation_references where platform = $1 and channel = $2', [
        platform,
        toText(channel),
      ]);
      return rowCount === 1;
    },
  };
}
