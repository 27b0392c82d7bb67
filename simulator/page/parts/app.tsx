import { type ReactNode, useMemo, useState } from 'react';
import { goTo, useLocation } from '../location.ts';
import type { SimulatorState } from '../state.ts';
import { type Notice, useSimulatorState, type Workspace, WorkspaceContext } from '../workspace.ts';
import { Channel } from './channel.tsx';
import { ControlBar } from './control-bar.tsx';
import { Home } from './home.tsx';
import { Modals } from './modal.tsx';
import { Sidebar } from './sidebar.tsx';
import { Thread } from './thread.tsx';

const browser = new Intl.DateTimeFormat().resolvedOptions();
const locale = navigator.language.startsWith('en') ? navigator.language : 'en-GB';

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
  const [notice, setNotice] = useState<Notice>();
  const [menuOpen, setMenuOpen] = useState(false);

  const active = state.people.filter(({ deleted }) => deleted !== true);
  const person = active.find(({ id }) => id === location.person) ?? active[0];
  const timeZone = state.timeZone ?? browser.timeZone;
  const reader = useMemo(() => ({ timeZone, locale, now: new Date(state.now) }), [timeZone, state.now]);
  if (person === undefined) return <main className="waiting">This workspace has nobody to act as.</main>;

  const channels = state.channels.filter((channel) => channel.person === undefined || channel.person === person.id);
  const home = location.place === 'home';
  const channel = channels.find(({ id }) => id === location.place) ?? channels[0];
  const thread = home ? undefined : channel?.messages.find(({ ts }) => ts === location.thread);
  const workspace: Workspace = { state, person, reader, notify: setNotice };

  return (
    <WorkspaceContext value={workspace}>
      <div
        className="page"
        data-menu={menuOpen ? 'open' : 'closed'}
        data-thread={thread === undefined ? 'closed' : 'open'}
      >
        <ControlBar
          notice={connected ? notice : { text: 'The simulator does not answer. Trying again…', tone: 'problem' }}
          onDismiss={() => setNotice(undefined)}
        />
        <Sidebar
          channels={channels}
          place={home ? 'home' : (channel?.id ?? '')}
          onGo={(to) => {
            goTo({ person: person.id, place: home ? 'home' : (channel?.id ?? ''), ...to });
            setMenuOpen(false);
          }}
        />
        <button type="button" className="scrim" aria-label="Close the menu" onClick={() => setMenuOpen(false)} />
        {home || channel === undefined ? (
          <Home key={person.id} onMenu={() => setMenuOpen(true)} />
        ) : (
          <Channel
            key={`${person.id}/${channel.id}`}
            channel={channel}
            onMenu={() => setMenuOpen(true)}
            onThread={(ts) => goTo({ person: person.id, place: channel.id, thread: ts })}
          />
        )}
        {thread === undefined || channel === undefined ? null : (
          <Thread
            key={thread.ts}
            channel={channel}
            parent={thread}
            onClose={() => goTo({ person: person.id, place: channel.id })}
          />
        )}
      </div>
      <Modals />
    </WorkspaceContext>
  );
}
