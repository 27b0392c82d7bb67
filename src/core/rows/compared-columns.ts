import type { RowComparison } from '../playbook/playbook.ts';
import { type Column, type Side, sides } from '../sources.ts';

/** The columns that are compared, in the order in which both sides are read: the key first. */
export interface ComparedColumns {
  readonly key: readonly string[];
  readonly values: readonly string[];
  /** In words, what keeps the comparison from being whole. */
  readonly problems: readonly string[];
  /** True: a part of the key is missing, and nothing can be compared. */
  readonly unreadable: boolean;
}

/** Which columns both sides have. One that only one has is a problem, unless it is ignored: it would go unnoticed. */
export function comparedColumns(
  { key, ignore, columns, segments }: RowComparison,
  found: Readonly<Record<Side, readonly Column[]>>,
): ComparedColumns {
  const names = { legacy: found.legacy.map(({ name }) => name), new: found.new.map(({ name }) => name) };
  const missing = key.flatMap((name) =>
    sides.filter((side) => !names[side].includes(name)).map((side) => `The ${side} query has no key column ${name}.`),
  );
  const compared = names.legacy.filter(
    (name) => names.new.includes(name) && !key.includes(name) && !ignore.includes(name),
  );
  const alone = sides.flatMap((side) =>
    names[side]
      .filter((name) => !names[side === 'legacy' ? 'new' : 'legacy'].includes(name))
      .filter((name) => !key.includes(name) && !ignore.includes(name))
      .map((name) => `Only the ${side} query has the column ${name}: name it alike on both sides, or ignore it.`),
  );
  const spokenOf = [
    ...Object.keys(columns),
    ...segments.map(({ column }) => column).filter((name) => !key.includes(name)),
  ];
  const unknown = [...new Set(spokenOf)]
    .filter((name) => !compared.includes(name))
    .map((name) => `The playbook speaks of the column ${name}, which is not compared.`);
  return { key, values: compared, problems: [...missing, ...alone, ...unknown], unreadable: missing.length > 0 };
}
