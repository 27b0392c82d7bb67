import { type ReactNode, useEffect, useRef } from 'react';
import { plainOf, Text } from './text.tsx';
import type { ConfirmObject } from './types.ts';

interface ConfirmDialogProps {
  readonly confirm: ConfirmObject;
  readonly onConfirm: () => void;
  readonly onDeny: () => void;
}

/** Slack's "are you sure?" before a press goes out. Escape and the other button both mean no. */
export function ConfirmDialog({ confirm, onConfirm, onDeny }: ConfirmDialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog confirm" aria-labelledby="confirm-title" onClose={onDeny}>
      <h2 id="confirm-title">{plainOf(confirm.title)}</h2>
      <div className="rich">
        <Text text={confirm.text} />
      </div>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onDeny}>
          {plainOf(confirm.deny)}
        </button>
        <button type="button" className={`button ${confirm.style ?? 'primary'}`} onClick={onConfirm}>
          {plainOf(confirm.confirm)}
        </button>
      </div>
    </dialog>
  );
}
