import { type ReactNode, useEffect } from 'react';
import { useWorkspace } from '../workspace.ts';

/**
 * How many messages of a place the person has not seen; whoever looks at a place sees all that is in it.
 * @param counts how many messages there are, by the place's id
 */
export function useUnread(counts: ReadonlyMap<string, number>, open: string): (id: string) => number {
  const { person, seen, see } = useWorkspace();
  const key = (id: string): string => `${person.id}/${id}`;
  const openKey = key(open);
  const openCount = counts.get(open) ?? 0;
  useEffect(() => see(openKey, openCount), [see, openKey, openCount]);
  return (id) => (id === open ? 0 : Math.max(0, (counts.get(id) ?? 0) - (seen[key(id)] ?? 0)));
}

export function UnreadCount({ count }: { readonly count: number }): ReactNode {
  if (count === 0) return null;
  return (
    <span className="count">
      {count}
      <span className="visually-hidden"> unread</span>
    </span>
  );
}
