import type { ReactNode } from 'react';
import { BotAvatar, Icon } from '../icons.tsx';
import { PersonSwitcher } from '../parts/person-switcher.tsx';
import { UnreadCount, useUnread } from '../parts/unread.tsx';
import type { Location } from '../location.ts';
import { useWorkspace } from '../workspace.ts';
import { TeamsConversation } from './conversation.tsx';
import type { TeamsConversationState, TeamsState } from './state.ts';

interface SideProps {
  readonly teams: TeamsState;
  /** A conversation's id, or "chat" for the person's own chat with the bot. */
  readonly place: string | undefined;
  /** Whether the person is chosen here; side by side, Slack's list has it. */
  readonly alone: boolean;
  readonly onGo: (to: Location) => void;
}

/** The simulated Teams: its team and the chat with the bot, and one of them open. */
export function TeamsSide({ teams, place, alone, onGo }: SideProps): ReactNode {
  const { person } = useWorkspace();
  const account = teams.accounts[person.id];
  const channels = teams.conversations.filter((one) => one.person === undefined);
  const chat = teams.conversations.find((one) => one.person === person.id);
  // At first the channel after General, where the bot posts.
  const open = (place === 'chat' ? chat : channels.find(({ id }) => id === place)) ?? channels[1] ?? channels[0];
  const unread = useUnread(
    new Map(teams.conversations.map(({ id, messages }) => [id, messages.length])),
    open?.id ?? '',
  );
  const item = (one: TeamsConversationState, name: string, key: string, icon: ReactNode): ReactNode => (
    <li key={key}>
      <button
        type="button"
        className={unread(one.id) > 0 ? 'place unread' : 'place'}
        aria-current={one === open ? 'page' : undefined}
        onClick={() => onGo({ conversation: key })}
      >
        {icon}
        <span className="place-name">{name}</span>
        <UnreadCount count={unread(one.id)} />
      </button>
    </li>
  );
  return (
    <section className="teams" aria-label="Microsoft Teams, simulated">
      <nav className="teams-nav" aria-label="Teams">
        <h1>
          <TeamsMark /> Teams
        </h1>
        <div className="places">
          <h2>Chat</h2>
          <ul>{chat === undefined ? null : item(chat, teams.bot.name, 'chat', <BotAvatar />)}</ul>
          <h2>{teams.team.name}</h2>
          <ul>{channels.map((one) => item(one, one.name, one.id, <Icon name="hash" />))}</ul>
        </div>
        {alone ? <PersonSwitcher onGo={onGo} /> : null}
      </nav>
      {account === undefined || open === undefined ? (
        <p className="teams-main empty">{person.name} has no account in Teams.</p>
      ) : (
        <TeamsConversation key={`${person.id}/${open.id}`} conversation={open} teams={teams} />
      )}
    </section>
  );
}

/** Two speech bubbles side by side: no trade mark, only the same colour. */
function TeamsMark(): ReactNode {
  return (
    <svg className="teams-mark" viewBox="0 0 20 20" aria-hidden="true">
      <rect x="1" y="3" width="11" height="14" rx="3" />
      <rect x="14" y="6" width="5" height="11" rx="2.5" />
    </svg>
  );
}
