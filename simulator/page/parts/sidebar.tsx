import type { ReactNode } from 'react';
import { BotAvatar, Icon } from '../icons.tsx';
import type { Location } from '../location.ts';
import type { ChannelState } from '../state.ts';
import { useWorkspace } from '../workspace.ts';
import { messagesIn } from './messages.ts';
import { PersonSwitcher } from './person-switcher.tsx';
import { UnreadCount, useUnread } from './unread.tsx';

interface SidebarProps {
  /** Those that the person can see. */
  readonly channels: readonly ChannelState[];
  /** A channel's id, or "home". */
  readonly place: string;
  readonly onGo: (to: Location) => void;
}

export function Sidebar({ channels, place, onGo }: SidebarProps): ReactNode {
  const { state, person } = useWorkspace();
  const unread = useUnread(
    new Map(channels.map((channel) => [channel.id, messagesIn(channel, state, person.id).length])),
    place,
  );
  const item = (id: string, icon: ReactNode, name: string): ReactNode => {
    const count = unread(id);
    return (
      <li key={id}>
        <button
          type="button"
          className={count > 0 ? 'place unread' : 'place'}
          aria-current={place === id ? 'page' : undefined}
          onClick={() => onGo({ person: person.id, place: id })}
        >
          {icon}
          <span className="place-name">{name}</span>
          <UnreadCount count={count} />
        </button>
      </li>
    );
  };
  const direct = channels.find((channel) => channel.person !== undefined);
  return (
    <nav className="sidebar" aria-label={`${state.team.name}, simulated workspace`}>
      <h1>
        {state.team.name}
        {state.teams === undefined ? null : <small className="workspace-kind">Slack</small>}
      </h1>
      <div className="places">
        <h2>Channels</h2>
        <ul>
          {channels
            .filter((channel) => channel.person === undefined)
            .map(({ id, name, archived }) => item(id, <Icon name={archived === true ? 'archive' : 'hash'} />, name))}
        </ul>
        <h2>
          <BotAvatar /> {state.bot.name} <span className="badge-app">App</span>
        </h2>
        <ul>
          {item('home', <Icon name="home" />, 'Home')}
          {direct === undefined ? null : item(direct.id, <Icon name="message" />, 'Messages')}
        </ul>
      </div>
      <PersonSwitcher onGo={onGo} />
    </nav>
  );
}
