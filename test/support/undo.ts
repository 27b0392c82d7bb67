/** Takes back, in reverse order, what the transaction at hand did. */
export class Undo {
  #steps: (() => void)[] = [];

  /** What was done until now stands. */
  begin(): void {
    this.#steps = [];
  }

  /** To be called before a row is changed. */
  change<T extends object>(row: T): T {
    const before = { ...row };
    this.#steps.push(() => Object.assign(row, before));
    return row;
  }

  set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const before = map.get(key);
    const had = map.has(key);
    this.#steps.push(() => (had ? map.set(key, before as V) : map.delete(key)));
    map.set(key, value);
  }

  delete<K, V>(map: Map<K, V>, key: K): void {
    const before = map.get(key);
    if (before === undefined) return;
    this.#steps.push(() => map.set(key, before));
    map.delete(key);
  }

  push<T>(list: T[], value: T): void {
    this.#steps.push(() => list.pop());
    list.push(value);
  }

  all(): void {
    for (const step of this.#steps.toReversed()) step();
  }
}

export const free = (row: { leaseUntil: number | null }, now: Date): boolean =>
  row.leaseUntil === null || row.leaseUntil <= now.getTime();
