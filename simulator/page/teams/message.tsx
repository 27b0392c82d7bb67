import { type ReactNode, useEffect, useState } from 'react';
import { api } from '../api.ts';
import { BotAvatar, Icon, PersonAvatar } from '../icons.tsx';
import { formatDate } from '../text/dates.ts';
import { messageOf, useWorkspace } from '../workspace.ts';
import { Card, type PressInCard } from './card.tsx';
import type { TeamsMessageState, TeamsPressAnswer, TeamsState } from './state.ts';

interface MessageProps {
  readonly message: TeamsMessageState;
  readonly teams: TeamsState;
}

export function TeamsMessage({ message, teams }: MessageProps): ReactNode {
  const { state, person, reader } = useWorkspace();
  const byBot = message.from === teams.bot.id;
  const writer = state.people.find(({ id }) => teams.accounts[id]?.teamsId === message.from);
  const name = byBot ? teams.bot.name : (writer?.name ?? message.from);
  const seconds = Number(message.id) / 1_000;
  const own = message.ownCards?.[person.id];
  const card = own ?? message.card;
  return (
    <div className="teams-message" data-id={message.id}>
      {byBot ? <BotAvatar /> : <PersonAvatar id={writer?.id ?? message.from} name={name} />}
      <div className="teams-body">
        <p className="message-head">
          <strong>{name}</strong>
          {byBot ? <span className="badge-app">App</span> : null}
          <time
            dateTime={new Date(seconds * 1_000).toISOString()}
            title={formatDate(seconds, '{date_long}, {time_secs}', reader)}
          >
            {formatDate(seconds, '{time}', reader)}
          </time>
          {message.edited === true ? <span className="edited">Edited</span> : null}
        </p>
        {message.text === '' ? null : <Words text={message.text} bot={teams.bot.name} />}
        {card === undefined ? null : (
          <>
            {own === undefined ? null : (
              <p className="teams-own">
                <Icon name="eye" /> Only you see the card like this
              </p>
            )}
            <CardWithAnswers key={message.version} card={card} message={message} />
          </>
        )}
      </div>
    </div>
  );
}

/** A card whose buttons work, and under it what the app said to them. */
function CardWithAnswers({
  card,
  message,
}: {
  readonly card: unknown;
  readonly message: TeamsMessageState;
}): ReactNode {
  const { person } = useWorkspace();
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<TeamsPressAnswer>();
  const { id, version } = message;
  const asked = message.looks?.includes(person.id) === true && message.ownCards?.[person.id] === undefined;

  useEffect(() => {
    // What came of it is in the next state; where it fails, the card for all stays, as in Teams.
    if (asked) void api.teams.look({ person: person.id, message: id }).catch(() => undefined);
  }, [asked, person.id, id, version]);

  const press: PressInCard = (action, inputs) => {
    if (busy) return;
    setBusy(true);
    setAnswer(undefined);
    api.teams
      .press({ person: person.id, message: id, action, inputs })
      .then(setAnswer, (problem: unknown) => setAnswer({ kind: 'error', text: messageOf(problem) }))
      .finally(() => setBusy(false));
  };
  return (
    <div aria-busy={busy}>
      <Card card={card} onPress={press} />
      <p className="teams-answer" role="status" data-kind={answer?.kind}>
        {answer?.text}
      </p>
    </div>
  );
}

/** Plain words, with the bot's mention as such. */
function Words({ text, bot }: { readonly text: string; readonly bot: string }): ReactNode {
  const parts = text.split(new RegExp(`(@${bot})`, 'i'));
  return (
    <p className="teams-words">
      {parts.map((part, index) =>
        part.toLowerCase() === `@${bot.toLowerCase()}` ? (
          <span key={`${index}/${part}`} className="teams-mention">
            {bot}
          </span>
        ) : (
          part
        ),
      )}
    </p>
  );
}
