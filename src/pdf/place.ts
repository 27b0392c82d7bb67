import { constants, inflateSync } from 'node:zlib';
import type { Document, PlaceInPdf } from '../core/reports/document.ts';
import { pagesOf } from './render.ts';

const structure: PlaceInPdf = { part: 'structure', page: null, line: undefined };

/**
 * Where a byte of a file stands that `renderPdf` made. Only what is before it must be as it was made, so that the place of
 * the first change of a changed file can be told. `document`: what the file was made of; without it no line is named.
 */
export async function placeInPdf(
  file: Uint8Array,
  offset: number,
  document: Document | undefined,
): Promise<PlaceInPdf> {
  // A byte a character: what is searched for is ASCII.
  const text = Buffer.from(file).toString('latin1');
  const object = objectAt(text, offset);
  if (object === undefined) return structure;
  const pages = [...text.matchAll(/(\d+) 0 obj\n<<\n\/Type \/Page\n[^>]*?\/Contents (\d+) 0 R/g)];
  const numberOf = (of: 1 | 2): number | null => {
    const index = pages.findIndex((page) => page[of] === object.number);
    return index === -1 ? null : index + 1;
  };
  const page = numberOf(2);
  if (page !== null) return { part: 'text', page, line: await lineAt(file, object.data, offset, page, document) };
  const isFont = /\/Type \/Font|\/FontFile|\/CIDSystemInfo/.test(object.head) || isUnnamedStream(object.head);
  return isFont ? { ...structure, part: 'fonts' } : { ...structure, page: numberOf(1) };
}

interface PdfObject {
  readonly number: string;
  /** What it says before its stream. */
  readonly head: string;
  /** Where its stream begins; at its end where it has none. */
  readonly data: number;
}

/** The object in which a byte lies; undefined between objects, and in what lists them at the end. */
function objectAt(text: string, offset: number): PdfObject | undefined {
  const begins = text.lastIndexOf(' 0 obj\n', offset);
  if (begins === -1) return undefined;
  const ends = text.indexOf('\nendobj', begins);
  const end = ends === -1 ? text.length : ends + '\nendobj\n'.length;
  if (offset >= end) return undefined;
  const body = text.slice(begins, end);
  const stream = body.indexOf('\nstream\n');
  return {
    number: /(\d+)$/.exec(text.slice(Math.max(0, begins - 12), begins))?.[1] ?? '',
    head: stream === -1 ? body : body.slice(0, stream),
    data: stream === -1 ? end : begins + stream + '\nstream\n'.length,
  };
}

/** The fonts' own data has no type, and nothing else has none but the pages' text. */
const isUnnamedStream = (head: string): boolean => head.includes('/Filter') && !head.includes('/Type');

/** Its text is compressed: as far as it can be read up to the byte, it says how many lines came before. */
async function lineAt(
  file: Uint8Array,
  data: number,
  offset: number,
  page: number,
  document: Document | undefined,
): Promise<string | undefined> {
  if (document === undefined) return undefined;
  const lines = ((await pagesOf(document)).pages[page - 1] ?? []).flatMap((mark) =>
    mark.kind === 'text' && mark.text !== '' ? [mark.text] : [],
  );
  const begun = (readable(file.subarray(data, Math.max(data, offset))).match(/(^|\n)BT\n/g) ?? []).length;
  return lines[Math.max(0, begun - 1)];
}

function readable(compressed: Uint8Array): string {
  if (compressed.length === 0) return '';
  return inflateSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
}
