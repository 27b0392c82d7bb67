/*
 * What a row's hash is, where systems hash as PostgreSQL does: that of its id, whose seed is the exclusive or of the hashes of
 * its values, each seeded by a number of the column's own, so that neither rows nor columns that swap their values cancel
 * each other. A NULL adds nothing.
 */

/** What PostgreSQL's hash of a number leaves out: 5 and -5 hash alike, and Infinity as NaN does. */
export type NumberKind = 'plain' | 'negative' | 'infinite';

const kinds: readonly NumberKind[] = ['plain', 'negative', 'infinite'];

/** The number of a column, whose place is counted from 1: a signed one of 64 bits, no two have anything in common (splitmix64). */
export function seedNumber(place: number, kind: NumberKind = 'plain'): bigint {
  const step = BigInt(place * kinds.length + kinds.indexOf(kind) + 1);
  let mixed = BigInt.asUintN(64, step * 0x9e3779b97f4a7c15n);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
  return BigInt.asIntN(64, mixed ^ (mixed >> 31n));
}
