import { isDeepStrictEqual } from 'node:util';
import type { ConversationReference } from '../../src/core/messages/conversation-reference.ts';
import type {
  AccountLink,
  AccountLinkStore,
  ConversationReferenceStore,
  LinkOffer,
  UserGroupStore,
} from '../../src/core/record-stores.ts';
import type { Undo } from './undo.ts';

/** Who is in which user group, in plain memory. */
export function userGroupStore(all: Map<string, readonly string[]>, undo: Undo): UserGroupStore {
  return {
    all: async () => Object.fromEntries([...all].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    save: async (group, members) => {
      if (all.get(group)?.join(' ') === members.join(' ')) return false;
      undo.set(all, group, [...members]);
      return true;
    },
  };
}

/** Whose account is whose, in plain memory. */
export function accountLinkStore(
  offers: Map<string, LinkOffer>,
  links: Map<string, AccountLink>,
  undo: Undo,
): AccountLinkStore {
  return {
    all: async () => [...links.values()],
    offer: async (offer) => undo.set(offers, offer.hash, offer),
    offered: async (hash) => offers.get(hash),
    link: async (hash, person) => {
      const offer = offers.get(hash);
      undo.delete(offers, hash);
      if (offer === undefined || links.has(offer.account)) return false;
      undo.set(links, offer.account, { account: offer.account, person, name: offer.name });
      return true;
    },
  };
}

/** The newest is the one that was set last: a map keeps that order when a changed one is taken out first. */
export function conversationReferenceStore(
  all: Map<string, ConversationReference>,
  undo: Undo,
): ConversationReferenceStore {
  const nameOf = (platform: string, channel: string): string => JSON.stringify([platform, channel]);
  return {
    save: async (reference) => {
      const name = nameOf(reference.platform, reference.channel);
      if (isDeepStrictEqual(all.get(name), reference)) return false;
      undo.delete(all, name);
      undo.set(all, name, { ...reference });
      return true;
    },
    find: async (platform, channel) => all.get(nameOf(platform, channel)),
    newest: async (platform) => [...all.values()].findLast((one) => one.platform === platform),
    remove: async (platform, channel) => {
      const name = nameOf(platform, channel);
      const known = all.has(name);
      undo.delete(all, name);
      return known;
    },
  };
}
