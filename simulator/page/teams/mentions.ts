interface Mention {
  readonly text: string;
  readonly name: string;
}

/**
 * The card with the people whom it mentions as they are read: Teams puts a name in place of each "<at>…</at>" of a
 * TextBlock that the card's `msteams.entities` explain, and of no other.
 */
export function withMentions(card: unknown): unknown {
  const entities = recordOf(recordOf(card)['msteams'])['entities'];
  const mentions = (Array.isArray(entities) ? entities : []).flatMap((entity: unknown): Mention[] => {
    const { type, text, mentioned } = recordOf(entity);
    const { name } = recordOf(mentioned);
    return type === 'mention' && typeof text === 'string' && typeof name === 'string' ? [{ text, name }] : [];
  });
  return mentions.length === 0 ? card : withNames(card, mentions);
}

function withNames(value: unknown, mentions: readonly Mention[]): unknown {
  if (Array.isArray(value)) return value.map((one) => withNames(one, mentions));
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value).map(([name, part]) => [name, withNames(part, mentions)] as const);
  const { type, text } = recordOf(value);
  if (type !== 'TextBlock' || typeof text !== 'string') return Object.fromEntries(parts);
  const read = mentions.reduce((words, mention) => words.replaceAll(mention.text, () => `@${mention.name}`), text);
  return { ...Object.fromEntries(parts), text: read };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
