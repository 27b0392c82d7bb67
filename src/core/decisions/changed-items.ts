import type { EvidenceItem } from './decision.ts';

/** One thing on the table that is not what it was; null: it was, or is, not there. */
export interface ChangedItem {
  readonly title: string;
  readonly was: string | null;
  readonly is: string | null;
}

/** What changed on the table between two looks at it: what a decision rests on, not how it is worded. */
export function changedItems(before: readonly EvidenceItem[], now: readonly EvidenceItem[]): ChangedItem[] {
  const of = (items: readonly EvidenceItem[], title: string): EvidenceItem | undefined =>
    items.find((one) => one.title === title);
  const titles = new Set([...now, ...before].map(({ title }) => title));
  return [...titles].flatMap((title) => {
    const [was, is] = [of(before, title), of(now, title)];
    return was?.material === is?.material ? [] : [{ title, was: was?.figure ?? null, is: is?.figure ?? null }];
  });
}
