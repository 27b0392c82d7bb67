import { sha256 } from '../audit/audit.ts';
import type { EvidenceItem } from './decision.ts';

/** Hexadecimal SHA-256 over what is material: the same for the same facts, whatever their words. */
export function evidenceHash(items: readonly EvidenceItem[]): string {
  return sha256(JSON.stringify(items.map(({ title, material }) => [title, material])));
}
