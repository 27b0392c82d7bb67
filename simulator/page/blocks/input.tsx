import { createContext, type ReactNode, use, useId } from 'react';
import type { ElementValue } from '../state.ts';
import { Choice, initialValue } from './choices.tsx';
import { plainOf } from './text.tsx';
import type { InputBlock } from './types.ts';

/** What was typed into a form so far, by block_id and action_id, and what the app said was wrong with it, by block_id. */
export interface Form {
  readonly typed: Readonly<Record<string, Readonly<Record<string, ElementValue>>>>;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (blockId: string, actionId: string, value: ElementValue) => void;
}

export const FormContext = createContext<Form>({ typed: {}, errors: {}, onChange: () => {} });

/** The keys under which an input's value is sent. */
export function keysOf(block: InputBlock): { readonly blockId: string; readonly actionId: string } {
  return { blockId: block.block_id ?? '', actionId: block.element.action_id ?? '' };
}

export function Input({ block }: { readonly block: InputBlock }): ReactNode {
  const { typed, errors, onChange } = use(FormContext);
  const id = useId();
  const { blockId, actionId } = keysOf(block);
  const { element } = block;
  const initial = initialValue(element);
  const error = errors[blockId];
  const hint = error ?? (block.hint === undefined ? undefined : plainOf(block.hint));
  return (
    <div className="input">
      <label htmlFor={id}>
        {plainOf(block.label)}
        {block.optional === true ? <span className="optional"> (optional)</span> : null}
      </label>
      {initial === undefined ? (
        <span className="undrawn">The simulator does not draw inputs of type {element.type}.</span>
      ) : (
        <Choice
          id={id}
          label={plainOf(block.label)}
          element={element}
          value={typed[blockId]?.[actionId] ?? initial}
          onChange={(value) => onChange(blockId, actionId, value)}
          invalid={error !== undefined}
          describedBy={hint === undefined ? undefined : `${id}-hint`}
        />
      )}
      {hint === undefined ? null : (
        <p
          id={`${id}-hint`}
          className={error === undefined ? 'hint' : 'hint error'}
          role={error === undefined ? undefined : 'alert'}
        >
          {hint}
        </p>
      )}
    </div>
  );
}
