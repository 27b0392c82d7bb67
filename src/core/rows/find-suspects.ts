import { findByParts } from './find-by-parts.ts';
import { findByRanges } from './find-by-ranges.ts';
import type { Finding, FindingSuspects } from './finding.ts';

/**
 * Compares the hashes of both sides, each row with a key exactly once. Where few differ, one pass over the table mixes the
 * hashes of ranges of the key, or of parts by its hash, and only what differs is looked into; where a sample shows that
 * more do, every row is compared by its hash, and where many do, by the values of the columns that differ, too.
 */
export async function findSuspects(finding: Finding): Promise<FindingSuspects> {
  return (await findByRanges(finding)) ?? findByParts(finding);
}
