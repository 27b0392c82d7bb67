import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { api } from '../api.ts';
import { Icon } from '../icons.tsx';
import type { ChannelState, Suggestion } from '../state.ts';
import { commandText, suggest, usageOf } from '../text/suggest.ts';
import { useBusy, useWorkspace } from '../workspace.ts';

/** Where commands are typed, with what may follow: arrow keys choose, Tab or Enter completes, Enter sends. */
export function Composer({ channel }: { readonly channel: ChannelState }): ReactNode {
  const { state, person, notify } = useWorkspace();
  const slash = state.bot.command;
  const id = useId();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const [hidden, setHidden] = useState(false);
  const [busy, run] = useBusy();

  const suggestions = hidden ? [] : suggest(typed, slash, state.suggestions);
  const usage = usageOf(typed, slash, state.suggestions);
  const current = suggestions[Math.min(chosen, suggestions.length - 1)];

  const type = (text: string): void => {
    setTyped(text);
    setChosen(0);
    setHidden(false);
  };
  const complete = (suggestion: Suggestion): void => type(`${slash} ${suggestion.name} `);

  const send = (): void => {
    const text = commandText(typed, slash);
    if (typed.trim() === '') return;
    if (text === undefined && typed.startsWith('/')) {
      const other = `There is no command ${typed.split(' ')[0] ?? ''} here.`;
      notify({ text: `${other} Commands begin with ${slash}: try ${slash} help.`, tone: 'problem' });
      return;
    }
    if (text === undefined) {
      void run(async () => {
        await api.say({ person: person.id, channel: channel.id, text: typed });
        type('');
      });
      return;
    }
    void run(async () => {
      type('');
      const { acknowledged } = await api.command({ person: person.id, channel: channel.id, text });
      if (acknowledged) return;
      setTyped(typed);
      notify({
        text: `${slash} failed: ${state.bot.name} did not answer within 3 seconds (operation_timeout).`,
        tone: 'problem',
      });
    });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (move !== 0 && suggestions.length > 0) {
      event.preventDefault();
      setChosen((Math.min(chosen, suggestions.length - 1) + move + suggestions.length) % suggestions.length);
    } else if (event.key === 'Escape' && suggestions.length > 0) {
      event.preventDefault();
      setHidden(true);
    } else if (event.key === 'Tab' && !event.shiftKey && current !== undefined) {
      event.preventDefault();
      complete(current);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // A name typed to its end is meant as it stands; anything shorter is completed first.
      const whole = suggestions.some(({ name }) => typed.trim() === `${slash} ${name}`);
      if (current !== undefined && !whole) complete(current);
      else send();
    }
  };

  if (channel.archived === true)
    return <p className="composer archived">This channel is archived. Nothing can be posted in it.</p>;
  return (
    <div className="composer">
      {suggestions.length > 0 ? (
        <ul className="suggestions" role="listbox" id={`${id}-list`} aria-label="Commands">
          {suggestions.map((suggestion, index) => (
            <li
              key={suggestion.name}
              id={`${id}-${index}`}
              role="option"
              aria-selected={suggestion === current}
              // Before the input loses the focus.
              onMouseDown={(event) => {
                event.preventDefault();
                complete(suggestion);
              }}
            >
              <code>
                {slash} {suggestion.usage}
              </code>
              <span>{suggestion.summary}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="composer-line">
        <input
          value={typed}
          placeholder={`Type ${slash} to give a command, or write a message`}
          aria-label={`Command in #${channel.name}`}
          role="combobox"
          aria-expanded={suggestions.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={current === undefined ? undefined : `${id}-${suggestions.indexOf(current)}`}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button
          type="button"
          className="send"
          aria-label="Send"
          aria-busy={busy}
          disabled={typed.trim() === ''}
          onClick={send}
        >
          <Icon name="send" />
        </button>
      </div>
      <p className="usage" aria-live="polite">
        {usage === undefined ? null : (
          <>
            <code>
              {slash} {usage.usage}
            </code>{' '}
            {usage.summary}
          </>
        )}
      </p>
    </div>
  );
}
