import { useSyncExternalStore } from 'react';

/** Where the visitor is: kept in the address, so that a reload or a shared link comes back to it. */
export interface Location {
  readonly person?: string;
  /** A channel's id, or "home" for the app's Home tab. */
  readonly place?: string;
  /** The `ts` of the message whose thread stands open. */
  readonly thread?: string;
  /** "teams" while Teams is shown, where there is no room for both; else Slack is. */
  readonly side?: string;
  /** What stands open in Teams: a conversation's id, or "chat". */
  readonly conversation?: string;
}

/** In the order in which the address has them. */
const names = ['person', 'place', 'thread', 'side', 'conversation'] as const;

function read(hash: string): Location {
  const parts = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  const named = names.map((name, index) => [name, parts[index] ?? ''] as const);
  return Object.fromEntries(named.filter(([, part]) => part !== ''));
}

export function goTo(location: Location): void {
  const parts = names.map((name) => encodeURIComponent(location[name] ?? ''));
  window.location.hash = `/${parts.join('/')}`.replace(/\/+$/, '');
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

export function useLocation(): Location {
  return read(useSyncExternalStore(subscribe, () => window.location.hash));
}
