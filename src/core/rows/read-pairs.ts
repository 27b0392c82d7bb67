import type { Snapshots } from '../checks/snapshots.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import type { Row, Side, Within } from '../sources.ts';
import { ahead } from './ahead.ts';
import type { ComparedColumns } from './compared-columns.ts';
import type { HashPlan } from './hash-plan.ts';
import { mergeByKey, type Pair, type TakeFurther } from './merge.ts';

/** Tells which side failed. */
export type OnSide = <T>(side: Side, work: Promise<T>) => Promise<T>;

/** What rows are read of. */
export interface Reading {
  readonly comparison: RowComparison;
  readonly columns: ComparedColumns;
  readonly snapshots: Snapshots;
  readonly on: OnSide;
}

/** The pairs of both sides: of all rows, or of some, with all their columns. */
export function readPairs(
  { comparison, columns: { key, values }, snapshots, on }: Reading,
  { within, further }: { within?: Record<Side, Within>; further?: TakeFurther },
): AsyncGenerator<readonly Pair[]> {
  async function* read(side: Side): AsyncGenerator<readonly Row[]> {
    const ordered = snapshots[side].readInOrder(comparison[side], [...key, ...values], key.length, within?.[side]);
    const rows = ordered[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { value, done } = await on(side, rows.next());
        if (done === true) return;
        yield value;
      }
    } finally {
      await rows.return?.();
    }
  }
  return mergeByKey(ahead(read('legacy')), ahead(read('new')), key.length, further);
}

export interface ReadingSome extends Reading {
  readonly hashed: HashPlan;
}

/** The pairs of some rows. */
export function readSome(
  reading: ReadingSome,
  which: Within['which'],
  further?: TakeFurther,
): AsyncGenerator<readonly Pair[]> {
  const { legacy, new: now } = reading.hashed;
  const within = { legacy: { hashed: legacy, which }, new: { hashed: now, which } };
  return readPairs(reading, { within, ...(further === undefined ? {} : { further }) });
}

/** Adds the places of the values in which a pair differs. */
export function addDiffering({ legacy, new: now }: Pair, keys: number, to: Set<number>): void {
  const [mine, theirs] = [legacy.row, now.row];
  if (mine === undefined || theirs === undefined) return;
  for (let index = keys; index < mine.length; index += 1) if (mine[index] !== theirs[index]) to.add(index - keys);
}
