import type { Playbook } from '../playbook/playbook.ts';
import type { StartDate } from './start-date.ts';
import type { Store, Transaction } from '../store.ts';

/** The playbook with the start date and the extension that hold. */
export interface EffectivePlaybook {
  /** As of the newest `refresh`; the file's own until the first. */
  readonly playbook: Playbook;
  /**
   * Takes over the date on record. In a transaction of its own, unless `tx` is the one that writes the date; should
   * that one fail, the next refresh takes it back. Throws StoreUnavailableError.
   */
  refresh(tx?: Transaction): Promise<void>;
}

/** A date that was set in chat or a shell wins over the file's. */
export function followStartDate(file: Playbook, store: Store): EffectivePlaybook {
  let playbook = file;
  return {
    get playbook() {
      return playbook;
    },
    refresh: async (tx) => {
      const onRecord = await (tx === undefined ? store.transaction(newestOf) : newestOf(tx));
      const { date: startDate, extensionWeeks } = onRecord ?? { date: file.startDate, extensionWeeks: 0 };
      if (startDate === playbook.startDate && extensionWeeks === playbook.extensionWeeks) return;
      playbook = Object.freeze({ ...file, startDate, extensionWeeks });
    },
  };
}

const newestOf = (tx: Transaction): Promise<StartDate | undefined> => tx.startDates.newest();
