import { createContext, use, useCallback, useEffect, useRef, useState } from 'react';
import { api, listen } from './api.ts';
import type { ElementValue, Person, SimulatorState } from './state.ts';
import type { Reader } from './text/dates.ts';

/** What every part of the page may look at. */
export interface Workspace {
  readonly state: SimulatorState;
  /** Who the visitor acts as. */
  readonly person: Person;
  readonly reader: Reader;
  /** How many messages each person has seen of each place; kept here because sides of the page come and go. */
  readonly seen: Readonly<Record<string, number>>;
  readonly see: (place: string, count: number) => void;
  /** Shows one sentence in the strip under the control bar. */
  readonly notify: (notice: Notice) => void;
}

export interface Notice {
  readonly text: string;
  readonly tone: 'plain' | 'problem';
}

export const WorkspaceContext = createContext<Workspace | undefined>(undefined);

export function useWorkspace(): Workspace {
  const workspace = use(WorkspaceContext);
  if (workspace === undefined) throw new Error('useWorkspace needs a WorkspaceContext around it.');
  return workspace;
}

/** What a pressed element does in the place that it stands in: a message, the Home tab or a modal. */
export type Press = (actionId: string, blockId: string | undefined, element?: ElementValue) => Promise<void>;

export const PressContext = createContext<Press>(async () => {});

/** Clocks move without a "changed": so often the page looks again by itself. */
const lookAgainEveryMilliseconds = 15_000;

/** The server's state, kept up to date, and whether the server can be heard. */
export function useSimulatorState(): {
  state: SimulatorState | undefined;
  connected: boolean;
  error: string | undefined;
} {
  const [state, setState] = useState<SimulatorState>();
  const [connected, setConnected] = useState(true);
  const [error, setError] = useState<string>();
  const busy = useRef(false);
  const again = useRef(false);

  const refresh = useCallback(async (): Promise<void> => {
    again.current = true;
    if (busy.current) return;
    busy.current = true;
    // One request at a time; changes that come while it is under way are answered by one more.
    while (again.current) {
      again.current = false;
      try {
        setState(await api.state());
        setError(undefined);
      } catch (problem) {
        setError(messageOf(problem));
      }
    }
    busy.current = false;
  }, []);

  useEffect(() => {
    const timer = setInterval(() => void refresh(), lookAgainEveryMilliseconds);
    const stop = listen(() => void refresh(), setConnected);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [refresh]);

  return { state, connected, error };
}

export function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

/** Runs one action at a time and reports what went wrong. */
export function useBusy(): [busy: boolean, run: (action: () => Promise<void>) => Promise<void>] {
  const { notify } = useWorkspace();
  const [busy, setBusy] = useState(false);
  const run = async (action: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await action();
    } catch (problem) {
      notify({ text: messageOf(problem), tone: 'problem' });
    } finally {
      setBusy(false);
    }
  };
  return [busy, run];
}
