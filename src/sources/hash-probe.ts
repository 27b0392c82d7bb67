import { slackBytes } from './lookup3.ts';
import { hashOfRow } from './postgresql-hash.ts';
import { createRowHashes, type RowHashes, type Texts } from './row-hashes.ts';

type Hash = (hashes: RowHashes) => void;

const one = (bytes: Buffer): Texts => ({
  bytes: Buffer.concat([bytes, Buffer.alloc(slackBytes)]),
  starts: Int32Array.of(0),
  lengths: Int32Array.of(bytes.length),
  present: undefined,
});

const microsecondsSince2000 = (time: string): bigint =>
  BigInt(Date.parse(time) - Date.parse('2000-01-01T00:00:00Z')) * 1_000n;

/** A value of each form as PostgreSQL has it, and how it is hashed here. */
const probes: readonly (readonly [form: string, value: string, here: Hash])[] = [
  ['integer', '(-7)::bigint', (hashes) => hashes.int64({ values: BigInt64Array.of(-7n), present: undefined })],
  ['integer32', '7', (hashes) => hashes.int32({ values: Int32Array.of(7), present: undefined })],
  ...['1.50', '-0.00012', '1e20', '0.0', 'NaN', 'Infinity', '-Infinity'].map(
    (number) =>
      [
        'numeric',
        `'${number}'::numeric`,
        (hashes: RowHashes) => hashes.numeric({ texts: one(Buffer.from(number)) }),
      ] as const,
  ),
  ...['Zoë', 'more than twelve bytes'].map(
    (text) =>
      ['text', `'${text}'::text COLLATE "C"`, (hashes: RowHashes) => hashes.text(one(Buffer.from(text)))] as const,
  ),
  ['double', '(-0.1)::float8', (hashes) => hashes.double({ values: Float64Array.of(-0.1), present: undefined })],
  [
    'timestamp',
    "timestamp '2026-11-23 12:00:00.5'",
    (hashes) =>
      hashes.timestamp({
        values: BigInt64Array.of(microsecondsSince2000('2026-11-23T12:00:00.5Z')),
        present: undefined,
      }),
  ],
  [
    'uuid',
    "uuid '6f1c0f9a-0d8e-4f65-9a43-0d3a0b1c2d3e'",
    (hashes) => hashes.text(one(Buffer.from('6f1c0f9a0d8e4f659a430d3a0b1c2d3e', 'hex'))),
  ],
];

const id = 42n;

/** One hash of a value of each form: systems that agree on it hash alike. A PostgreSQL without these functions refuses it. */
export const probe = `SELECT ${hashOfRow(
  `${id}::bigint`,
  probes.map(([form, value]) => ({ form, value, bounded: false })),
)}::text`;

/** The name of the way of whoever answers the probe with this; what follows PostgreSQL's name tells how it hashes. */
export const ownWay = (probed: string): string => `postgresql ${probed}`;

/** What the probe comes to by `createRowHashes`. */
export function probedHere(): string {
  const hashes = createRowHashes(BigInt64Array.of(id));
  for (const [, , here] of probes) here(hashes);
  return String(hashes.result()[0]);
}
