import { type ReactNode, useCallback, useEffect } from 'react';
import { api } from '../api.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { BotAvatar, Icon } from '../icons.tsx';
import { messageOf, type Press, PressContext, useWorkspace } from '../workspace.ts';

/** The app's Home tab. Opening it tells the app, which publishes what this person is to see. */
export function Home({ onMenu }: { readonly onMenu: () => void }): ReactNode {
  const { state, person, notify } = useWorkspace();
  const view = state.homes[person.id];
  useEffect(() => {
    api
      .openHome({ person: person.id })
      .catch((problem: unknown) => notify({ text: messageOf(problem), tone: 'problem' }));
  }, [person.id, notify]);
  const press = useCallback<Press>(
    async (actionId, blockId, element) => {
      await api.press({
        person: person.id,
        home: true,
        actionId,
        ...(blockId === undefined ? {} : { blockId }),
        ...(element === undefined ? {} : { element }),
      });
    },
    [person.id],
  );
  return (
    <main className="main">
      <header className="main-head">
        <button type="button" className="plain-button menu-button" aria-label="Open the menu" onClick={onMenu}>
          <Icon name="menu" />
        </button>
        <h2>
          <BotAvatar /> {state.bot.name}
        </h2>
        <p className="topic">Home, as {person.name} sees it</p>
      </header>
      <div className="scroll home">
        {view === undefined ? (
          <p className="empty">{state.bot.name} has not filled its Home tab yet.</p>
        ) : (
          <PressContext value={press}>
            <Blocks blocks={view.blocks} />
          </PressContext>
        )}
      </div>
    </main>
  );
}
