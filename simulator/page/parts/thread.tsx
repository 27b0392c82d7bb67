import { type ReactNode, useEffect, useRef } from 'react';
import { Icon } from '../icons.tsx';
import type { ChannelState, PageMessage } from '../state.ts';
import { useWorkspace } from '../workspace.ts';
import { Message } from './message.tsx';
import { isReply, messagesIn } from './messages.ts';

interface ThreadProps {
  readonly channel: ChannelState;
  readonly parent: PageMessage;
  readonly onClose: () => void;
}

/** The panel on the right. Slack takes no slash commands in threads, so there is nothing to type into. */
export function Thread({ channel, parent, onClose }: ThreadProps): ReactNode {
  const { state, person } = useWorkspace();
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  const replies = messagesIn(channel, state, person.id).filter(
    (reply) => isReply(reply) && reply.thread_ts === parent.ts,
  );
  return (
    <aside
      className="thread"
      aria-label="Thread"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <header className="main-head">
        <h2>Thread</h2>
        <p className="topic">#{channel.name}</p>
        <button ref={close} type="button" className="plain-button" aria-label="Close the thread" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="scroll">
        <ol className="messages">
          <Message message={parent} />
        </ol>
        <p className="day">
          <span>{replies.length === 1 ? '1 reply' : `${replies.length} replies`}</span>
        </p>
        <ol className="messages">
          {replies.map((reply) => (
            <Message key={`${reply.ts}/${reply.ephemeralFor ?? ''}`} message={reply} />
          ))}
        </ol>
      </div>
    </aside>
  );
}
