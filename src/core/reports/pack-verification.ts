import { type AuditRow, sha256 } from '../audit/audit.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import type { Document, PlaceInPdf } from './document.ts';
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
  /** Of a pack in PDF: where the first byte, from 0, lies that differs, or at most a few hundred before it. */
  | { readonly kind: 'changedPdf'; readonly exported: AuditRow; readonly offset: number; readonly place: PlaceInPdf }
  | { readonly kind: 'unknown' };

const marked = 6;
/** A file that shares less of its lines with an export than this is no changed copy of it. */
const likeEnough = 0.5;
/** Nobody compares a file with more exports than these, the newest first. */
const exportsReadBack = 100;

/**
 * Keeps in the audit that a pack was exported, once for each content, with a short hash of each of its lines, or of what
 * lies between line breaks where it is no text: which was changed can be told though the records go on.
 */
export async function writePackDown(tx: Transaction, file: string | Uint8Array, by: string, now: Date): Promise<void> {
  const subject = `pack/${sha256(file)}`;
  if ((await tx.audit.find(packExported, subject)) !== undefined) return;
  const format = typeof file === 'string' ? 'markdown' : 'pdf';
  const details = { head: await headOfRecords(tx), format, lines: marksOf(Buffer.from(file)).join('') };
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
  const lines = linesOf(file);
  if (likest.exported.details['format'] === 'pdf') {
    const before = lines.slice(0, differs).reduce((sum, line) => sum + line.length + 1, 0);
    return placeOfChange(tx, likest.exported, file, Math.min(before, file.length), services);
  }
  const document = await documentOf(tx, likest.exported, services);
  const text = markdownOf(document);
  const isSame = likest.exported.subject === `pack/${sha256(text)}`;
  return {
    kind: 'changed',
    exported: likest.exported,
    line: differs + 1,
    says: lines[differs]?.toString(),
    said: isSame ? text.split('\n')[differs] : undefined,
  };
}

/** Exactly, where the pack can be made again; where the records went on, from what lies before the change. */
async function placeOfChange(
  tx: Transaction,
  exported: AuditRow,
  file: Uint8Array,
  before: number,
  services: Services,
): Promise<PackVerdict> {
  const document = await documentOf(tx, exported, services);
  const made = await services.pdf(document);
  if (exported.subject !== `pack/${sha256(made)}`) {
    const place = await services.placeInPdf(file, before, undefined);
    return { kind: 'changedPdf', exported, offset: before, place };
  }
  const differs = made.findIndex((byte, index) => byte !== file[index]);
  const offset = differs === -1 ? made.length : differs;
  return { kind: 'changedPdf', exported, offset, place: await services.placeInPdf(made, offset, document) };
}

/** The pack as it would be exported from today's records: as it was, unless they went on since. */
async function documentOf(tx: Transaction, { at }: AuditRow, { playbook }: Services): Promise<Document> {
  return evidencePack(await readPack(tx, { playbook, clock: { now: () => new Date(at) } }));
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
