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

    async find(action, subject) {
      const { rows } = await query<Row>(
        'select * from audit where action = $1 and subject = $2 order by sequence limit 1',
        [toText(action), toText(subject)],
      );
      return rows[0] === undefined ? undefined : toRow(rows[0]);
    },

    async newest(action, limit) {
      const { rows } = await query<Row>('select * from audit where action = $1 order by sequence desc limit $2', [
        toText(action),
        limit,
      ]);
      return rows.map(toRow);
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
  if (expectedHead !== undefined && !/^[0-9a-f]{16,64}$/.test(expectedHead)) {
    const problem = `"${expectedHead}" is not the hash of an entry: give at least its first 16 hexadecimal digits.`;
    return broken(null, problem);
  }

  for (;;) {
    // The head is read first: what it knows of was committed before, so that it must be among the rows.
    const head = await readHead(query);
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
    if (rows.length === batch) continue;
    if (head?.sequence === entries) {
      if (head.hash === previousHash) break;
      return broken(entries, `Entry ${entries} is not the one that the head says: the chain was replaced.`);
    }
    if (rows.length > 0) continue; // Some may have been appended since the head was read.
    if (head === undefined) return broken(null, 'The audit has no head row.');
    return head.sequence > entries
      ? broken(entries + 1, `The chain ends at entry ${entries}, but its head says ${head.sequence}: the tail was cut.`)
      : broken(
          head.sequence + 1,
          `Entry ${head.sequence + 1} stands past the head, which says ${head.sequence}: it was not appended by this program.`,
        );
  }
  if (!witnessed) {
    return broken(null, `No entry has the hash ${expectedHead}: the tail was cut, or the whole chain was replaced.`);
  }
  return { ok: true, entries, head: entries === 0 ? null : previousHash };
}

async function readHead(query: Query): Promise<{ sequence: number; hash: string } | undefined> {
  const { rows } = await query<{ sequence: string; hash: string }>('select sequence, hash from audit_head');
  return rows[0] === undefined ? undefined : { sequence: Number(rows[0].sequence), hash: rows[0].hash };
}

function toRow(row: Row): AuditRow {
  const { sequence, previous_hash: previousHash, ...rest } = row;
  return { ...rest, sequence: Number(sequence), previousHash };
}
