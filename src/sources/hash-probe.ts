import { createRecordHashes } from './record-hash.ts';

/** One hash of a value of each type: systems that agree on it hash alike. PostgreSQL below version 14 refuses it. */
export const probe = `SELECT hash_record_extended(ROW(7::bigint, -7, 1.50::numeric, false, -0.00012::numeric, true, 1e20::numeric,
  false, 0.0::numeric, false, 'Zoë'::text COLLATE "C", 'more than twelve bytes'::text COLLATE "C", -0.1::float8, true,
  date '2026-11-23', timestamp '2026-11-23 12:00:00.5', timestamptz '2026-11-23 12:00:00+01',
  uuid '6f1c0f9a-0d8e-4f65-9a43-0d3a0b1c2d3e', NULL::text), 42)::text`;

/** The name of the way of whoever answers the probe with this; what follows PostgreSQL's name tells how it hashes. */
export const recordWay = (probed: string): string => `postgresql ${probed}`;

const since2000 = (time: string): number => Date.parse(time) - Date.parse('2000-01-01T00:00:00Z');
const millisecondsADay = 86_400_000;

/** What the probe comes to by `createRecordHashes`. */
export function probedHere(): string {
  const hashes = createRecordHashes(1, { highs: Int32Array.of(0), lows: Int32Array.of(42) });
  const int32 = (number: number): void => hashes.int32(Int32Array.of(number));
  const int64 = (number: bigint): void =>
    hashes.int64({
      highs: Int32Array.of(Number(number >> 32n)),
      lows: Int32Array.of(Number(BigInt.asIntN(32, number))),
    });
  const text = (bytes: Buffer): void => hashes.text(bytes, [bytes.length]);
  int64(7n);
  int32(-7);
  for (const number of ['1.50', '-0.00012', '1e20', '0.0']) hashes.numeric(Buffer.from(number), [number.length]);
  text(Buffer.from('Zoë'));
  text(Buffer.from('more than twelve bytes'));
  hashes.double([-0.1]);
  int32(1);
  int32(since2000('2026-11-23T00:00:00Z') / millisecondsADay);
  int64(BigInt(since2000('2026-11-23T12:00:00.5Z')) * 1_000n);
  int64(BigInt(since2000('2026-11-23T11:00:00Z')) * 1_000n);
  text(Buffer.from('6f1c0f9a0d8e4f659a430d3a0b1c2d3e', 'hex'));
  hashes.text(Buffer.alloc(0), [0], Uint8Array.of(1));
  const { highs, lows } = hashes.result;
  return String((BigInt(highs[0] ?? 0) << 32n) | BigInt((lows[0] ?? 0) >>> 0));
}
