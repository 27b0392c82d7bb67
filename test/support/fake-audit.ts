import { type AuditRow, auditHash, hashBeforeFirst } from '../../src/core/audit/audit.ts';
import type { AuditStore } from '../../src/core/store.ts';
import type { Undo } from './undo.ts';

/** The audit in plain memory; what the hashes of the real one are worth is the store's own contract. */
export function auditStore(audit: AuditRow[], undo: Undo): AuditStore {
  return {
    append: async (entry) => {
      const sequence = audit.length + 1;
      const previousHash = audit.at(-1)?.hash ?? hashBeforeFirst;
      const row = { ...entry, sequence, previousHash, hash: auditHash(sequence, previousHash, entry) };
      undo.push(audit, row);
      return row;
    },
    head: async () => audit.at(-1),
    find: async (action, subject) => audit.find((row) => row.action === action && row.subject === subject),
    newest: async (action, limit) =>
      audit
        .filter((row) => row.action === action)
        .toReversed()
        .slice(0, limit),
    verify: async () => ({ ok: true, entries: audit.length, head: audit.at(-1)?.hash ?? null }),
  };
}
