import type { ReactNode } from 'react';
import { BotAvatar, Icon } from '../icons.tsx';
import type { ChannelState } from '../state.ts';
import { formatDate } from '../text/dates.ts';
import { useWorkspace } from '../workspace.ts';
import { Composer } from './composer.tsx';
import { Message } from './message.tsx';
import { byDay, isReply, messagesIn } from './messages.ts';
import { useNewestInView } from './newest-in-view.ts';

interface ChannelProps {
  readonly channel: ChannelState;
  readonly onMenu: () => void;
  readonly onThread: (ts: string) => void;
}

export function Channel({ channel, onMenu, onThread }: ChannelProps): ReactNode {
  const { state, person, reader } = useWorkspace();
  const direct = channel.person !== undefined;
  const all = messagesIn(channel, state, person.id);
  const messages = all.filter((message) => !isReply(message));
  const list = useNewestInView(messages.at(-1)?.ts, 'section:last-child .message:last-child');
  return (
    <main className="main">
      <header className="main-head">
        <button type="button" className="plain-button menu-button" aria-label="Open the menu" onClick={onMenu}>
          <Icon name="menu" />
        </button>
        <h2>
          {direct ? <BotAvatar /> : <Icon name={channel.archived === true ? 'archive' : 'hash'} />}
          {direct ? state.bot.name : channel.name}
        </h2>
        {channel.topic === undefined ? null : <p className="topic">{channel.topic}</p>}
      </header>
      <div className="scroll" ref={list}>
        {messages.length === 0 ? (
          <p className="empty">
            {channel.botIsMember || direct
              ? 'Nothing has been said here yet.'
              : `${state.bot.name} is not in this channel. Commands still work, and only you see their answers.`}
          </p>
        ) : null}
        {byDay(messages, reader.timeZone).map(({ day, messages: ofDay }) => (
          <section key={day} aria-label={dayName(ofDay[0]?.ts)}>
            <p className="day" aria-hidden="true">
              <span>{dayName(ofDay[0]?.ts)}</span>
            </p>
            <ol className="messages">
              {ofDay.map((message) => (
                <Message
                  key={`${message.ts}/${message.ephemeralFor ?? ''}`}
                  message={message}
                  replies={all.filter((reply) => isReply(reply) && reply.thread_ts === message.ts)}
                  onThread={() => onThread(message.ts)}
                />
              ))}
            </ol>
          </section>
        ))}
      </div>
      <Composer channel={channel} />
    </main>
  );

  function dayName(ts: string | undefined): string {
    const name = formatDate(Number(ts ?? 0), '{date_long_pretty}', reader);
    return name.charAt(0).toUpperCase() + name.slice(1);
  }
}
