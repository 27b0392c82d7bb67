import { type ReactNode, useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { goTo, type Location, useLocation } from '../location.ts';
import type { SimulatorState } from '../state.ts';
import { type Notice, useSimulatorState, type Workspace, WorkspaceContext } from '../workspace.ts';
import { TeamsSide } from '../teams/side.tsx';
import { Channel } from './channel.tsx';
import { ControlBar, type Side } from './control-bar.tsx';
import { Home } from './home.tsx';
import { Modals } from './modal.tsx';
import { Sidebar } from './sidebar.tsx';
import { Thread } from './thread.tsx';

const browser = new Intl.DateTimeFormat().resolvedOptions();
const locale = navigator.language.startsWith('en') ? navigator.language : 'en-GB';

/** Room for both workspaces, one beside the other. */
const wide = window.matchMedia('(width >= 1500px)');

function onWidth(onChange: () => void): () => void {
  wide.addEventListener('change', onChange);
  return () => wide.removeEventListener('change', onChange);
}

export function App(): ReactNode {
  const { state, connected, error } = useSimulatorState();
  if (state !== undefined) return <WorkspaceView state={state} connected={connected && error === undefined} />;
  return (
    <main className="waiting" role="status">
      {error ?? 'Opening the simulated workspace…'}
    </main>
  );
}

function WorkspaceView({
  state,
  connected,
}: {
  readonly state: SimulatorState;
  readonly connected: boolean;
}): ReactNode {
  const location = useLocation();
  const isWide = useSyncExternalStore(onWidth, () => wide.matches);
  const [notice, setNotice] = useState<Notice>();
  const [menuOpen, setMenuOpen] = useState(false);
  const [seen, setSeen] = useState<Workspace['seen']>({});
  const see = useCallback((place: string, count: number) => setSeen((before) => ({ ...before, [place]: count })), []);

  const active = state.people.filter(({ deleted }) => deleted !== true);
  const person = active.find(({ id }) => id === location.person) ?? active[0];
  const timeZone = state.timeZone ?? browser.timeZone;
  const reader = useMemo(() => ({ timeZone, locale, now: new Date(state.now) }), [timeZone, state.now]);
  if (person === undefined) return <main className="waiting">This workspace has nobody to act as.</main>;

  const channels = state.channels.filter((channel) => channel.person === undefined || channel.person === person.id);
  const home = location.place === 'home';
  const channel = channels.find(({ id }) => id === location.place) ?? channels[0];
  const thread = home ? undefined : channel?.messages.find(({ ts }) => ts === location.thread);
  const workspace: Workspace = { state, person, reader, seen, see, notify: setNotice };
  const { side: wanted, conversation } = location;
  const side = state.teams !== undefined && wanted === 'teams' ? 'teams' : 'slack';
  const both = state.teams !== undefined && isWide;
  const shows = (one: Side): boolean => both || side === one;
  /** What is not said stays as it is, but for the thread: it is closed by going anywhere. */
  const go = (to: Location): void => {
    const place = home ? 'home' : (channel?.id ?? '');
    goTo({
      person: person.id,
      place,
      ...(wanted === undefined ? {} : { side: wanted }),
      ...(conversation === undefined ? {} : { conversation }),
      ...to,
    });
    setMenuOpen(false);
  };

  return (
    <WorkspaceContext value={workspace}>
      <div
        className="page"
        data-menu={menuOpen ? 'open' : 'closed'}
        data-thread={thread === undefined ? 'closed' : 'open'}
        data-sides={both ? 'both' : side}
      >
        <ControlBar
          notice={connected ? notice : { text: 'The simulator does not answer. Trying again…', tone: 'problem' }}
          side={both || state.teams === undefined ? undefined : side}
          onSide={(next) => go({ side: next })}
          onDismiss={() => setNotice(undefined)}
        />
        {shows('slack') ? (
          <>
            <Sidebar channels={channels} place={home ? 'home' : (channel?.id ?? '')} onGo={go} />
            <button type="button" className="scrim" aria-label="Close the menu" onClick={() => setMenuOpen(false)} />
            {home || channel === undefined ? (
              <Home key={person.id} onMenu={() => setMenuOpen(true)} />
            ) : (
              <Channel
                key={`${person.id}/${channel.id}`}
                channel={channel}
                onMenu={() => setMenuOpen(true)}
                onThread={(ts) => go({ thread: ts })}
              />
            )}
            {thread === undefined || channel === undefined ? null : (
              <Thread key={thread.ts} channel={channel} parent={thread} onClose={() => go({})} />
            )}
          </>
        ) : null}
        {state.teams !== undefined && shows('teams') ? (
          <TeamsSide teams={state.teams} place={conversation} alone={!both} onGo={go} />
        ) : null}
      </div>
      <Modals />
    </WorkspaceContext>
  );
}
