import type { SuspectIds } from './compare-entries.ts';
import { createSample } from './systematic-sample.ts';

type Whereabouts = keyof SuspectIds;
const whereabouts: readonly Whereabouts[] = ['both', 'onlyLegacy', 'onlyNew'];

/** Counts all of them, and keeps those that are looked at: spread evenly when they are more than `most`. */
export function createSuspects(most: number) {
  const counts: Record<Whereabouts, number> = { both: 0, onlyLegacy: 0, onlyNew: 0 };
  const sample = createSample<{ readonly id: bigint; readonly where: Whereabouts }>(most);
  return {
    take(suspects: SuspectIds): void {
      for (const where of whereabouts) {
        counts[where] += suspects[where].length;
        for (const id of suspects[where]) if (sample.next()) sample.keep({ id, where });
      }
    },
    total: (): number => counts.both + counts.onlyLegacy + counts.onlyNew,
    chosen(): {
      readonly both: readonly bigint[];
      readonly only: readonly bigint[];
      readonly unread: Readonly<Record<Whereabouts, number>>;
    } {
      const unread = { ...counts };
      const [both, only]: [bigint[], bigint[]] = [[], []];
      for (const { id, where } of sample.kept) {
        unread[where] -= 1;
        (where === 'both' ? both : only).push(id);
      }
      return { both, only, unread };
    },
  };
}
