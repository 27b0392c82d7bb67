import { createHash } from 'node:crypto';

/** What is written down for ever about one thing that happened. `details` holds no pay figure of a person and no secret. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** "slack:T012/U345", "terminal:ana" or "clock". */
  readonly actor: string;
  /** What happened, such as "run.finished". */
  readonly action: string;
  /** To what, such as "run/20261123-k3f9a". */
  readonly subject: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditRow extends AuditEntry {
  /** 1 for the first entry, without gaps. */
  readonly sequence: number;
  /** Hexadecimal SHA-256; 64 zeros before the first entry. */
  readonly previousHash: string;
  readonly hash: string;
}

export type AuditVerification =
  | { readonly ok: true; readonly entries: number; readonly head: string | null }
  | { readonly ok: false; readonly entries: number; readonly sequence: number | null; readonly problem: string };

/** Hexadecimal SHA-256 of a text or of bytes, for details that vouch for them without holding them. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export const hashBeforeFirst = '0'.repeat(64);

/** The hash of an entry at its place in the chain: SHA-256 over its fields as canonical JSON (keys in order, no spaces). */
export function auditHash(sequence: number, previousHash: string, entry: AuditEntry): string {
  const details = Object.keys(entry.details)
    .sort()
    .map((key) => [key, entry.details[key]]);
  const canonical = JSON.stringify([
    sequence,
    previousHash,
    entry.at,
    entry.actor,
    entry.action,
    entry.subject,
    details,
  ]);
  return sha256(canonical);
}
