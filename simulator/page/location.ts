import { useSyncExternalStore } from 'react';

/** Where the visitor is: kept in the address, so that a reload or a shared link comes back to it. */
export interface Location {
  readonly person?: string;
  /** A channel's id, or "home" for the app's Home tab. */
  readonly place?: string;
  /** The `ts` of the message whose thread stands open. */
  readonly thread?: string;
}

function read(hash: string): Location {
  const [person, place, thread] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  return { ...(person ? { person } : {}), ...(place ? { place } : {}), ...(thread ? { thread } : {}) };
}

export function goTo(location: Location): void {
  const parts = [location.person, location.place, location.thread].map((part) => encodeURIComponent(part ?? ''));
  window.location.hash = `/${parts.join('/')}`.replace(/\/+$/, '');
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

export function useLocation(): Location {
  return read(useSyncExternalStore(subscribe, () => window.location.hash));
}
