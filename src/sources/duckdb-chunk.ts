import type { DuckDBDataChunk } from '@duckdb/node-api';
import { slackBytes } from './lookup3.ts';
import type { Present, Raw } from './row-hashes.ts';

type Bindings = typeof import('@duckdb/node-bindings');

/** A chunk of rows as DuckDB holds it in memory: its columns by their places. Everything is a copy. */
export interface RawChunk {
  readonly rows: number;
  int32(place: number): Raw<Int32Array>;
  int64(place: number): Raw<BigInt64Array<ArrayBuffer>>;
  double(place: number): Raw<Float64Array>;
  /** A column that is never NULL; nothing tells where a text ends. */
  texts(place: number): { readonly bytes: Uint8Array; readonly starts: Int32Array };
}

/** What reads chunks: to ask the driver for a value takes twenty times as long as to hash it. */
export async function chunkReader(): Promise<(chunk: DuckDBDataChunk) => RawChunk> {
  const { default: bindings } = await import('@duckdb/node-bindings');
  return (chunk) => rawChunk(bindings, chunk);
}

function rawChunk(bindings: Bindings, { chunk, rowCount: rows }: DuckDBDataChunk): RawChunk {
  const fixed = (place: number, width: number): { buffer: ArrayBuffer; present: Present } => {
    const vector = bindings.data_chunk_get_vector(chunk, place);
    const { buffer } = aligned(bindings.vector_get_data(vector, width * rows));
    const present = bindings.vector_get_validity(vector, 8 * Math.ceil(rows / 64)) as Uint8Array | null;
    return { buffer, present: present ?? undefined };
  };
  return {
    rows,
    int32(place) {
      const { buffer, present } = fixed(place, 4);
      return { values: new Int32Array(buffer, 0, rows), present };
    },
    int64(place) {
      const { buffer, present } = fixed(place, 8);
      return { values: new BigInt64Array(buffer, 0, rows), present };
    },
    double(place) {
      const { buffer, present } = fixed(place, 8);
      return { values: new Float64Array(buffer, 0, rows), present };
    },
    texts(place) {
      const vector = bindings.data_chunk_get_vector(chunk, place);
      const texts = aligned(bindings.vector_get_data(vector, textSize * rows));
      return textsOf(texts, rows, (at, length) => bindings.get_data_from_pointer(texts.buffer, at, length));
    },
  };
}

/** The same bytes from the beginning of a buffer. */
const aligned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.byteOffset === 0 && bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();

/**
 * DuckDB's `duckdb_string_t`: the length in four bytes, and a text of at most twelve; or of a longer one the first four
 * and where it is.
 */
const textSize = 16;
const [inlineAt, inlineBytes, pointerAt] = [4, 12, 8];

/**
 * Puts the longer texts behind the others. Texts that lie one behind another, as those of an expression do, are fetched
 * at once: `fetch` gives so many bytes of what the pointer at a place points to.
 */
function textsOf(
  texts: Uint8Array<ArrayBuffer>,
  rows: number,
  fetch: (pointerAt: number, bytes: number) => Uint8Array,
): { bytes: Uint8Array; starts: Int32Array } {
  const words = new Int32Array(texts.buffer, 0, 4 * rows);
  const starts = new Int32Array(rows);
  const fetched: Uint8Array[] = [];
  let [first, next, length] = [0, -1, 0];
  let bytes = texts.length;
  const flush = (): void => {
    if (length > 0) fetched.push(fetch(textSize * first + pointerAt, length));
  };
  for (let row = 0; row < rows; row += 1) {
    const own = words[4 * row] as number;
    if (own <= inlineBytes) {
      starts[row] = textSize * row + inlineAt;
      continue;
    }
    const address = (words[4 * row + 3] as number) * 4_294_967_296 + ((words[4 * row + 2] as number) >>> 0);
    if (address !== next) {
      flush();
      [first, length] = [row, 0];
    }
    starts[row] = bytes;
    bytes += own;
    length += own;
    next = address + own;
  }
  flush();
  const all = Buffer.allocUnsafeSlow(bytes + slackBytes);
  all.set(texts, 0);
  let at = texts.length;
  for (const some of fetched) {
    all.set(some, at);
    at += some.length;
  }
  return { bytes: all, starts };
}
