import { type ReactNode, use, useState } from 'react';
import type { ElementValue } from '../state.ts';
import { safeUrl } from '../text/mrkdwn.ts';
import { PressContext, useBusy } from '../workspace.ts';
import { Choice, initialValue } from './choices.tsx';
import { ConfirmDialog } from './confirm.tsx';
import { Link, plainOf } from './text.tsx';
import type { InteractiveElement } from './types.ts';

interface ElementProps {
  readonly element: InteractiveElement;
  readonly blockId: string | undefined;
}

/** An element that does something as soon as it is pressed or changed, after its confirm dialog if it has one. */
export function ActionElement({ element, blockId }: ElementProps): ReactNode {
  const press = use(PressContext);
  const [busy, run] = useBusy();
  const [asked, setAsked] = useState<{ readonly value?: ElementValue }>();
  const [chosen, setChosen] = useState<ElementValue>();

  const send = (value?: ElementValue): void => {
    setAsked(undefined);
    void run(() => press(element.action_id ?? '', blockId, value));
  };
  const ask = (value?: ElementValue): void => {
    setChosen(value);
    if (element.confirm === undefined) send(value);
    else setAsked(value === undefined ? {} : { value });
  };
  const deny = (): void => {
    setAsked(undefined);
    setChosen(undefined);
  };

  const initial = initialValue(element);
  return (
    <>
      {initial === undefined ? (
        <PlainElement element={element} busy={busy} onPress={() => ask()} />
      ) : (
        <Choice element={element} value={chosen ?? initial} disabled={busy} onChange={ask} />
      )}
      {asked !== undefined && element.confirm !== undefined ? (
        <ConfirmDialog confirm={element.confirm} onDeny={deny} onConfirm={() => send(asked.value)} />
      ) : null}
    </>
  );
}

interface PlainElementProps {
  readonly element: InteractiveElement;
  readonly busy: boolean;
  readonly onPress: () => void;
}

function PlainElement({ element, busy, onPress }: PlainElementProps): ReactNode {
  if (element.type !== 'button') {
    return <span className="undrawn">The simulator does not draw elements of type {element.type}.</span>;
  }
  const label = element.text === undefined ? '' : plainOf(element.text);
  const url = element.url === undefined ? undefined : safeUrl(element.url);
  if (url !== undefined) return <Link url={url}>{label}</Link>;
  return (
    <button
      type="button"
      className={`button ${element.style ?? ''}`}
      aria-label={element.accessibility_label}
      aria-busy={busy}
      // Not `disabled`: the button would lose the keyboard's focus while it works.
      onClick={busy ? undefined : onPress}
    >
      {label}
    </button>
  );
}
