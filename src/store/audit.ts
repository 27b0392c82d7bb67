import {
  type AuditEntry,
  type AuditRow,
  type AuditVerification,
  auditHash,
  hashBeforeFirst,
} from '../core/audit/audit.ts';
import type { AuditStore } from '../core/store.ts';
import { toJson, toText } from './json.ts';
import type { Query } from './query.ts';

const batch = 1_000;

interface Row {
  sequence: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  details: AuditEntry['details'];
  previous_hash: string;
  hash: string;
}

export function auditStore(query: Query): AuditStore {
  return {
    async append(given) {
      const entry: AuditEntry = JSON.parse(toJson(given));
      const locked = await query<{ sequence: string; hash: string }>(
        'select sequence, hash from audit_head for update',
      );
      const head = locked.rows[0];
      if (head === undefined)
        throw new Error('the audit has no head row: the database was not migrated, or tampered with');
      const sequence = Number(head.sequence) + 1;
      const hash = auditHash(sequence, head.hash, entry);
      await query(
        `insert into audit (sequence, at, actor, action, subject, details, previous_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [sequence, entry.at, entry.actor, entry.action, entry.subject, toJson(entry.details), head.hash, hash],
      );
      await query('update audit_head set sequence = $1, hash = $2', [sequence, hash]);
      return { ...entry, sequence, previousHash: head.hash, hash };
    },

    async head() {
      const { rows } = await query<Row>('select * from audit order by sequence desc limit 1');
      return rows[0] === undefined ? undefined : toRow(rows[0]);
    },

    verify: (expectedHead) =>
      verify(query, expectedHead === undefined ? undefined : toText(expectedHead).toLowerCase()),
  };
}

async function verify(query: Query, expectedHead: string | undefined): Promise<AuditVerification> {
  let entries = 0;
  let previousHash = hashBeforeFirst;
  let witnessed = expectedHead === undefined;
  const broken = (sequence: number | null, problem: string): AuditVerification => ({
    ok: false,
    entries,
    sequence,
    problem,
  });

  for (;;) {
    const { rows } = await query<Row>('select * from audit where sequence > $1 order by sequence limit $2', [
      entries,
      batch,
    ]);
    for (const row of rows.map(toRow)) {
      const expected = entries + 1;
      if (row.sequence !== expected) return broken(expected, `Entry ${expected} is missing.`);
      if (row.previousHash !== previousHash)
        return broken(expected, `Entry ${expected} does not follow from the one before.`);
      if (auditHash(expected, previousHash, row) !== row.hash)
        return broken(expected, `Entry ${expected} was changed.`);
      entries = expected;
      previousHash = row.hash;
      witnessed ||= expectedHead !== undefined && row.hash.startsWith(expectedHead);
    }
    if (rows.length < batch) break;
  }
  const { rows } = await query<{ sequence: string; hash: string }>('select sequence, hash from audit_head');
  const head = rows[0];
  if (head === undefined || Number(head.sequence) !== entries || head.hash !== previousHash) {
    return broken(
      entries + 1,
      `The chain ends at entry ${entries}, but its head says ${head?.sequence ?? 'nothing'}: the tail was cut.`,
    );
  }
  if (!witnessed) {
    return broken(null, `No entry has the hash ${expectedHead}: the tail was cut, or the whole chain was replaced.`);
  }
  return { ok: true, entries, head: entries === 0 ? null : previousHash };
}

function toRow(row: Row): AuditRow {
  const { sequence, previous_hash: previousHash, ...rest } = row;
  return { ...rest, sequence: Number(sequence), previousHash };
}
