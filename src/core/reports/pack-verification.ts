import { type AuditRow, sha256 } from '../audit/audit.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { evidencePack } from './evidence-pack.ts';
import { markdownOf } from './markdown.ts';
import { headOfRecords, packExported, readPack } from './read-living.ts';

/** What can be said of a file that claims to be an evidence pack. */
export type PackVerdict =
  | { readonly kind: 'whole'; readonly exported: AuditRow }
  | {
      readonly kind: 'changed';
      /** The export that it is most like. */
      readonly exported: AuditRow;
      /** The first that differs, from 1. */
      readonly line: number;
      /** What stands there; undefined where the file ends before it. */
      readonly says: string | undefined;
      /** What stood there; undefined where nothing did, or where the records went on and nobody can tell any more. */
      readonly said: string | undefined;
    }
  | { readonly kind: 'unknown' };

const marked = 6;
/** A file that shares less of its lines with an export than this is no changed copy of it. */
const likeEnough = 0.5;
/** Nobody compares a file with more exports than these, the newest first. */
const exportsReadBack = 100;

/**
 * Keeps in the audit that a pack was exported, once for each content. A pack of text leaves a short hash of each line as
 * well: which one was changed can be told though the records go on.
 */
export async function writePackDown(tx: Transaction, file: string | Uint8Array, by: string, now: Date): Promise<void> {
  const subject = `pack/${sha256(file)}`;
  if ((await tx.audit.find(packExported, subject)) !== undefined) return;
  const lines = typeof file === 'string' ? { lines: marksOf(Buffer.from(file)).join('') } : {};
  const details = { head: await headOfRecords(tx), ...lines };
  await tx.audit.append({ at: now.toISOString(), actor: by, action: packExported, subject, details });
}

/** Compares a file, to the byte, with what the audit knows of the exports of evidence packs. */
export async function verifyPack(tx: Transaction, file: Uint8Array, services: Services): Promise<PackVerdict> {
  const exported = await tx.audit.find(packExported, `pack/${sha256(file)}`);
  if (exported !== undefined) return { kind: 'whole', exported };
  const marks = marksOf(file);
  const [likest] = (await tx.audit.newest(packExported, exportsReadBack))
    .map((one) => ({ exported: one, marks: marksIn(one) }))
    .map((one) => ({ ...one, likeness: likeness(marks, one.marks) }))
    .filter((one) => one.likeness >= likeEnough)
    .toSorted((a, b) => b.likeness - a.likeness);
  if (likest === undefined) return { kind: 'unknown' };
  const length = Math.max(marks.length, likest.marks.length);
  const differs = Array.from({ length }, (_, index) => index).find((index) => marks[index] !== likest.marks[index]);
  if (differs === undefined) return { kind: 'unknown' };
  return {
    kind: 'changed',
    exported: likest.exported,
    line: differs + 1,
    says: linesOf(file)[differs]?.toString(),
    said: (await asItWas(tx, likest.exported, services))?.split('\n')[differs],
  };
}

/** The pack as it was exported; undefined where the records went on since. */
async function asItWas(tx: Transaction, exported: AuditRow, { playbook }: Services): Promise<string | undefined> {
  const clock = { now: () => new Date(exported.at) };
  const text = markdownOf(evidencePack(await readPack(tx, { playbook, clock })));
  return exported.subject === `pack/${sha256(text)}` ? text : undefined;
}

function linesOf(file: Uint8Array): Buffer[] {
  const lines: Buffer[] = [];
  const bytes = Buffer.from(file);
  for (let from = 0; from <= bytes.length; ) {
    const end = bytes.indexOf('\n', from);
    lines.push(bytes.subarray(from, end === -1 ? bytes.length : end));
    from = (end === -1 ? bytes.length : end) + 1;
  }
  return lines;
}

const marksOf = (file: Uint8Array): string[] => linesOf(file).map((line) => sha256(line).slice(0, marked));

function marksIn({ details }: AuditRow): string[] {
  const { lines } = details;
  if (typeof lines !== 'string') return [];
  return Array.from({ length: lines.length / marked }, (_, index) => lines.slice(index * marked, (index + 1) * marked));
}

/** The share of lines that both have, in whatever order: 0 to 1. */
function likeness(some: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>();
  for (const mark of others) left.set(mark, (left.get(mark) ?? 0) + 1);
  let common = 0;
  for (const mark of some) {
    const count = left.get(mark) ?? 0;
    if (count === 0) continue;
    left.set(mark, count - 1);
    common += 1;
  }
  return common / Math.max(some.length, others.length);
}
