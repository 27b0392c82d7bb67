import type { Cutover, Playbook } from '../playbook/playbook.ts';
import { withLinks } from '../people.ts';
import type { Runbook } from '../runbooks/runbook.ts';
import type { Store, Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';

/** The playbook with what holds now: the start date, the extension, the cutover, who is in the user groups, and whose accounts are one person's. */
export interface EffectivePlaybook {
  /** As of the newest `refresh`; the file's own until the first. */
  readonly playbook: Playbook;
  /**
   * Takes over what is on record. In a transaction of its own, unless `tx` is the one that writes it; should
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
      const found = await (tx === undefined ? store.transaction(read) : read(tx));
      const { date: startDate, extensionWeeks } = found.newest ?? { date: file.startDate, extensionWeeks: 0 };
      const cutover = cutoverOf(found.runbooks, file.timeZone);
      const { userGroups } = found;
      const people = withLinks(file.people, found.links);
      const same =
        startDate === playbook.startDate &&
        extensionWeeks === playbook.extensionWeeks &&
        cutover?.day === playbook.cutover?.day &&
        cutover?.switched === playbook.cutover?.switched &&
        JSON.stringify([userGroups, people]) === JSON.stringify([playbook.userGroups, playbook.people]);
      if (!same) playbook = Object.freeze({ ...file, startDate, extensionWeeks, cutover, userGroups, people });
    },
  };
}

/** Rehearsals and what was aborted are in between. */
const runbooksLookedAt = 100;

const read = async (tx: Transaction) => ({
  newest: await tx.startDates.newest(),
  runbooks: await tx.runbooks.list(runbooksLookedAt),
  userGroups: await tx.userGroups.all(),
  links: await tx.accountLinks.all(),
});

/** The newest in earnest that was not aborted (L159). */
function cutoverOf(runbooks: readonly Runbook[], timeZone: string): Cutover | null {
  const newest = runbooks.find(
    ({ name, rehearsal, state }) => name === 'cutover' && rehearsal === null && state !== 'aborted',
  );
  if (newest === undefined) return null;
  const { pointOfNoReturn } = newest.definition;
  const crossed = newest.steps.some(({ name, state }) => name === pointOfNoReturn && state === 'done');
  return { day: localDate(new Date(newest.anchor), timeZone), switched: crossed || newest.state === 'done' };
}
