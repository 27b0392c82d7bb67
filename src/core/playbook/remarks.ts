/** Something about one place of a playbook; `path` leads there from the root. */
export interface Remark {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type Raw = Readonly<Record<string, unknown>>;
export const record = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export function takenName(all: readonly unknown[], index: number, what: string): string[] {
  const names = all.map((one) => record(one)['name']);
  const name = names[index];
  const before = names.indexOf(name);
  return typeof name === 'string' && before < index ? [`the name "${name}" is taken by ${what} ${before + 1}`] : [];
}

export function unknownRole(role: unknown, roles: Raw): string[] {
  if (typeof role !== 'string' || Object.hasOwn(roles, role)) return [];
  return [`"${role}" is not a role of this playbook (${Object.keys(roles).join(', ') || 'none'})`];
}

export function unknownComparison(name: unknown, comparisons: readonly unknown[]): string[] {
  const names = comparisons.map((one) => record(one)['name']);
  if (typeof name !== 'string' || names.includes(name)) return [];
  return [`"${name}" is not a comparison of this playbook (${names.map(String).join(', ') || 'none'})`];
}

export function unknownName(name: unknown, all: readonly unknown[], what: string): string[] {
  if (typeof name !== 'string' || all.some((one) => record(one)['name'] === name)) return [];
  return [`"${name}" is not a ${what} of this playbook`];
}
