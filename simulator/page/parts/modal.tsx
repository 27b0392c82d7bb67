import { type ReactNode, type SyntheticEvent, useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../api.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { initialValue } from '../blocks/choices.tsx';
import { FormContext, type Form, keysOf } from '../blocks/input.tsx';
import { plainOf } from '../blocks/text.tsx';
import { type InputBlock, isBlock } from '../blocks/types.ts';
import { Icon } from '../icons.tsx';
import type { ElementValue, View } from '../state.ts';
import { type Press, PressContext, useBusy, useWorkspace } from '../workspace.ts';

/** The topmost modal of the person, if any is open. */
export function Modals(): ReactNode {
  const { state, person } = useWorkspace();
  const view = state.views[person.id]?.at(-1);
  return view === undefined ? null : <Modal key={view.id} view={view} />;
}

function Modal({ view }: { readonly view: View }): ReactNode {
  const { person } = useWorkspace();
  const dialog = useRef<HTMLDialogElement>(null);
  // Kept by block and action while the app updates the view: what was typed stays.
  const [typed, setTyped] = useState<Form['typed']>({});
  const [errors, setErrors] = useState<Form['errors']>({});
  const [busy, run] = useBusy();
  useEffect(() => dialog.current?.showModal(), []);

  const onChange = useCallback((blockId: string, actionId: string, value: ElementValue): void => {
    setTyped((before) => ({ ...before, [blockId]: { ...before[blockId], [actionId]: value } }));
  }, []);
  const press = useCallback<Press>(
    async (actionId, blockId, element) => {
      await api.press({
        person: person.id,
        viewId: view.id,
        actionId,
        ...(blockId === undefined ? {} : { blockId }),
        ...(element === undefined ? {} : { element }),
      });
    },
    [person.id, view.id],
  );
  const close = (event: SyntheticEvent): void => {
    event.preventDefault();
    void run(async () => {
      await api.closeView({ person: person.id, viewId: view.id });
    });
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const inputs = inputsOf(view);
    const missing = Object.fromEntries(
      inputs
        .filter((block) => block.optional !== true && isEmpty(valueOf(block, typed)))
        .map((block) => [keysOf(block).blockId, 'Please fill in this field.']),
    );
    setErrors(missing);
    if (Object.keys(missing).length > 0) return;
    void run(async () => {
      const answer = await api.submit({ person: person.id, viewId: view.id, values: valuesOf(inputs, typed) });
      setErrors(answer.errors ?? {});
    });
  };

  return (
    <dialog ref={dialog} className="dialog modal" aria-labelledby="modal-title" onCancel={close}>
      <form onSubmit={submit} noValidate>
        <header className="dialog-head">
          <h2 id="modal-title">{view.title === undefined ? '' : plainOf(view.title)}</h2>
          <button type="button" className="plain-button" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <div className="dialog-body">
          <FormContext value={{ typed, errors, onChange }}>
            <PressContext value={press}>
              <Blocks blocks={view.blocks} />
            </PressContext>
          </FormContext>
        </div>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={close}>
            {view.close === undefined ? 'Close' : plainOf(view.close)}
          </button>
          {view.submit === undefined ? null : (
            <button type="submit" className="button primary" aria-busy={busy} disabled={busy}>
              {plainOf(view.submit)}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}

function inputsOf(view: View): InputBlock[] {
  return view.blocks.filter(isBlock).filter((block) => block.type === 'input');
}

function valueOf(block: InputBlock, typed: Form['typed']): ElementValue | undefined {
  const { blockId, actionId } = keysOf(block);
  return typed[blockId]?.[actionId] ?? initialValue(block.element);
}

function valuesOf(inputs: readonly InputBlock[], typed: Form['typed']): Record<string, Record<string, ElementValue>> {
  const values: Record<string, Record<string, ElementValue>> = {};
  for (const block of inputs) {
    const { blockId, actionId } = keysOf(block);
    const value = valueOf(block, typed);
    if (value !== undefined) values[blockId] = { [actionId]: value };
  }
  return values;
}

function isEmpty(value: ElementValue | undefined): boolean {
  if (value === undefined) return false;
  return Object.entries(value).some(
    ([key, held]) => key !== 'type' && (held === null || (Array.isArray(held) && held.length === 0)),
  );
}
