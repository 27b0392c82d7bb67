import type { RawChunk } from './duckdb-chunk.ts';
import { isPresent, type Raw } from './row-hashes.ts';

/*
 * Texts of a row come from DuckDB as one, and the length of each: those of a column lie anywhere in its memory, and to fetch
 * one takes longer than to hash it.
 */

/** The bytes of a text; NULL of one that is NULL. */
export const lengthOf = (text: string): string => `CAST(strlen(${text}) AS INTEGER)`;

export const together = (texts: readonly string[]): string => `concat(${texts.join(', ')})`;

/** The length of each, and then all of them as one. */
export const togetherWithLengths = (texts: readonly string[]): string[] => [...texts.map(lengthOf), together(texts)];

/** From the text of each row to the one behind it. */
export function advance(starts: Int32Array, { values, present }: Raw<Int32Array>): void {
  for (let row = 0; row < starts.length; row += 1) {
    if (isPresent(present, row)) starts[row] = (starts[row] as number) + (values[row] as number);
  }
}

/** The rows of a chunk of so many texts that came as `togetherWithLengths`. */
export function rowsOfTexts(chunk: RawChunk, texts: number): (string | null)[][] {
  const { bytes, starts } = chunk.texts(texts);
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const rows = Array.from(starts, (): (string | null)[] => []);
  for (let place = 0; place < texts; place += 1) {
    const lengths = chunk.int32(place);
    for (const [index, row] of rows.entries()) {
      const start = starts[index] as number;
      const isThere = isPresent(lengths.present, index);
      row.push(isThere ? all.toString('utf8', start, start + (lengths.values[index] as number)) : null);
    }
    advance(starts, lengths);
  }
  return rows;
}
