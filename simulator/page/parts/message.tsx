import { type ReactNode, useCallback, useRef } from 'react';
import { api } from '../api.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { Mrkdwn } from '../blocks/text.tsx';
import { BotAvatar, Icon, PersonAvatar } from '../icons.tsx';
import type { PageMessage } from '../state.ts';
import { formatDate } from '../text/dates.ts';
import { type Press, PressContext, useBusy, useWorkspace } from '../workspace.ts';
import { FileCard } from './file-card.tsx';

interface MessageProps {
  readonly message: PageMessage;
  /** Absent within a thread. */
  readonly replies?: readonly PageMessage[];
  readonly onThread?: () => void;
}

/** What the app offers for any message. */
function Shortcuts({ channel, ts }: { readonly channel: string; readonly ts: string }): ReactNode {
  const { state, person } = useWorkspace();
  const [busy, run] = useBusy();
  const menu = useRef<HTMLDetailsElement>(null);
  return (
    <details className="message-menu" ref={menu}>
      <summary aria-label="What can be done with this message">⋯</summary>
      <ul>
        {state.bot.shortcuts.map(({ callbackId, name }) => (
          <li key={callbackId}>
            <button
              type="button"
              aria-busy={busy}
              onClick={() => {
                menu.current?.removeAttribute('open');
                void run(async () => {
                  await api.shortcut({ person: person.id, channel, ts, callbackId });
                });
              }}
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Message({ message, replies = [], onThread }: MessageProps): ReactNode {
  const { state, person, reader } = useWorkspace();
  const { channel, ts } = message;
  const press = useCallback<Press>(
    async (actionId, blockId, element) => {
      await api.press({
        person: person.id,
        channel,
        ts,
        actionId,
        ...(blockId === undefined ? {} : { blockId }),
        ...(element === undefined ? {} : { element }),
      });
    },
    [person.id, channel, ts],
  );
  const byBot = message.user === state.bot.id;
  const name = byBot ? state.bot.name : (state.people.find(({ id }) => id === message.user)?.name ?? message.user);
  const seconds = Number(ts);
  const own = message.ephemeralFor !== undefined;
  return (
    <li className={own ? 'message private' : 'message'} data-ts={ts}>
      {own ? (
        <p className="only-you">
          <Icon name="eye" /> Only visible to you
        </p>
      ) : null}
      {byBot ? <BotAvatar /> : <PersonAvatar id={message.user} name={name} />}
      <div className="message-body">
        <p className="message-head">
          <strong>{name}</strong>
          {byBot ? <span className="badge-app">App</span> : null}
          <time
            dateTime={new Date(seconds * 1_000).toISOString()}
            title={formatDate(seconds, '{date_long}, {time_secs}', reader)}
          >
            {formatDate(seconds, '{time}', reader)}
          </time>
        </p>
        <PressContext value={press}>
          {message.blocks === undefined || message.blocks.length === 0 ? (
            <div className="blocks rich">
              <Mrkdwn text={message.text} />
            </div>
          ) : (
            <Blocks blocks={message.blocks} />
          )}
        </PressContext>
        {own ? null : <Shortcuts channel={channel} ts={ts} />}
        {message.pinned === true ? <span className="edited">📌 pinned </span> : null}
        {message.edited === true ? <span className="edited">(edited)</span> : null}
        {message.files?.map((file, index) => (
          <FileCard key={`${index}/${file.name}`} file={file} />
        ))}
        {replies.length > 0 && onThread !== undefined ? (
          <button type="button" className="replies" onClick={onThread}>
            <Icon name="thread" />
            <strong>{replies.length === 1 ? '1 reply' : `${replies.length} replies`}</strong>
            <span>last reply {formatDate(Number(replies.at(-1)?.ts), '{date_short_pretty} at {time}', reader)}</span>
          </button>
        ) : null}
      </div>
    </li>
  );
}
