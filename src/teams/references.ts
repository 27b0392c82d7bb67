import type { ConversationReference } from '../core/messages/conversation-reference.ts';
import type { Store } from '../core/store.ts';

/** Where channels and people are reached; each call is a transaction of its own. */
export interface References {
  /** Keeps it, where it is not what was kept last. */
  keep(reference: ConversationReference): Promise<void>;
  find(channel: string): Promise<ConversationReference | undefined>;
  newest(): Promise<ConversationReference | undefined>;
  forget(channel: string): Promise<void>;
}

export function createReferences(store: Pick<Store, 'transaction'>, now: () => Date): References {
  return {
    keep: async (reference) => {
      await store.transaction((tx) => tx.conversationReferences.save(reference, now().toISOString()));
    },
    find: (channel) => store.transaction((tx) => tx.conversationReferences.find('teams', channel)),
    newest: () => store.transaction((tx) => tx.conversationReferences.newest('teams')),
    forget: async (channel) => {
      await store.transaction((tx) => tx.conversationReferences.remove('teams', channel));
    },
  };
}
