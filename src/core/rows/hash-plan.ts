import type { RowComparison } from '../playbook/playbook.ts';
import { type Column, type HashedColumn, type HashedRows, type HashWay, type Side, sides } from '../sources.ts';
import type { ComparedColumns } from './compared-columns.ts';

/** How the rows of both sides can be hashed so that equal hashes mean rows that agree. */
export type HashPlan = Readonly<Record<Side, HashedRows>>;

/**
 * The best way that both systems name, and for each column the best form. A hash may be finer than the comparison, never
 * coarser: rows whose hashes differ are judged by their values anyway. Undefined where the systems have no way in common.
 */
export function planHashing(
  comparison: RowComparison,
  { key, values }: ComparedColumns,
  given: Readonly<Record<Side, { readonly columns: readonly Column[]; readonly ways: readonly HashWay[] }>>,
): HashPlan | undefined {
  const formsOf = (name: string): readonly string[] => {
    if (sides.some((side) => comparison.columns[name]?.mapping?.[side] !== undefined)) return ['text'];
    const [legacy, now] = sides.map((side) => given[side].columns.find((found) => found.name === name)?.forms ?? []);
    return (legacy ?? []).filter((form) => now?.includes(form));
  };
  const isNumber = key.length === 1 && formsOf(key[0] ?? '').includes('integer');
  const usable = (side: Side): string[] =>
    given[side].ways.filter((one) => isNumber || !one.wholeNumbersOnly).map((one) => one.name);
  const way = usable('legacy').find((name) => usable('new').includes(name));
  if (way === undefined) return undefined;
  const own = way !== given.legacy.ways.at(-1)?.name;
  const column = (side: Side, name: string, isKey: boolean): HashedColumn => {
    const rule = comparison.columns[name];
    const forms = formsOf(name);
    const form = isKey && forms.includes('integer') ? 'integer' : own ? (forms[0] ?? 'text') : 'text';
    const codes = rule?.mapping?.[side];
    const both = sides.map((one) => given[one].columns.find((found) => found.name === name));
    const mapped = sides.some((one) => rule?.mapping?.[one] !== undefined);
    return {
      name,
      form,
      delimited:
        form !== 'uuid' && (mapped || both.some((found) => found === undefined || !undelimited.includes(found.kind))),
      ...(codes === undefined ? {} : { mapping: { codes, side } }),
      ...(form === 'numeric' && rule?.tolerance?.unit === 'decimals'
        ? { decimals: Number(rule.tolerance.amount) }
        : {}),
    };
  };
  const plan = (side: Side): HashedRows => ({
    sql: comparison[side],
    way,
    key: key.map((name) => column(side, name, true)),
    values: values.map((name) => column(side, name, false)),
  });
  return { legacy: plan('legacy'), new: plan('new') };
}

/** Kinds whose texts are of digits, letters, points and the like. */
const undelimited: readonly Column['kind'][] = ['number', 'boolean', 'date', 'time', 'instant'];
