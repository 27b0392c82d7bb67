import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { api } from '../api.ts';
import { Icon } from '../icons.tsx';
import { useBusy, useWorkspace } from '../workspace.ts';
import type { TeamsConversationState, TeamsState } from './state.ts';

interface ComposerProps {
  readonly conversation: TeamsConversationState;
  readonly teams: TeamsState;
  /** The post that is replied to; absent for a new one. */
  readonly thread?: string;
  /** A reply was sent or put away. */
  readonly onDone?: () => void;
}

/** Where messages are written. In a channel the bot hears only what mentions it: a switch puts the mention in front. */
export function TeamsComposer({ conversation, teams, thread, onDone }: ComposerProps): ReactNode {
  const { state, person, notify } = useWorkspace();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [mentioning, setMentioning] = useState(conversation.botIsMember);
  const [busy, run] = useBusy();
  const line = useRef<HTMLInputElement>(null);
  const inChat = conversation.person !== undefined;
  const bot = teams.bot.name;
  const isReply = thread !== undefined;

  useEffect(() => {
    if (isReply) line.current?.focus();
  }, [isReply]);

  const send = (): void => {
    if (typed.trim() === '') return;
    const text = inChat || !mentioning ? typed.trim() : `@${bot} ${typed.trim()}`;
    const at = { person: person.id, conversation: conversation.id, text, ...(isReply ? { thread } : {}) };
    void run(async () => {
      setTyped('');
      onDone?.();
      const { told, acknowledged } = await api.teams.say(at);
      if (told && !acknowledged) notify({ text: `${bot} did not take what was written in Teams.`, tone: 'problem' });
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') {
      onDone?.();
    } else if (event.key === 'Backspace' && typed === '' && mentioning) {
      setMentioning(false);
    }
  };
  const usage = state.suggestions.find(({ name }) => typed.trimStart().split(/\s/)[0] === name);
  return (
    <div className="teams-composer">
      <div className="composer-line">
        {inChat ? null : (
          <button
            type="button"
            className="teams-mention-switch"
            aria-pressed={mentioning}
            title={mentioning ? `${bot} is told of this message` : `${bot} is not told of this message`}
            onClick={() => setMentioning(!mentioning)}
          >
            @{bot}
          </button>
        )}
        <input
          ref={line}
          value={typed}
          list={`${id}-commands`}
          placeholder={isReply ? 'Reply' : inChat ? `Message ${bot}, such as: help` : 'Start a post, such as: help'}
          aria-label={isReply ? 'Reply in Teams' : inChat ? `Message to ${bot}` : `Post in ${conversation.name}`}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <datalist id={`${id}-commands`}>
          {state.suggestions.map(({ name, summary }) => (
            <option key={name} value={name}>
              {summary}
            </option>
          ))}
        </datalist>
        <button
          type="button"
          className="send"
          aria-label={isReply ? 'Send the reply' : 'Send to Teams'}
          aria-busy={busy}
          disabled={typed.trim() === ''}
          onClick={send}
        >
          <Icon name="send" />
        </button>
      </div>
      {usage === undefined ? null : (
        <p className="usage">
          <code>{usage.usage}</code> {usage.summary}
        </p>
      )}
    </div>
  );
}
