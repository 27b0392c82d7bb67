/**
 * Draws the two icons of the Teams app, teams/color.png (192 x 192) and teams/outline.png (32 x 32): two lanes side by side,
 * one a little ahead. "npx tsx scripts/teams-icons.ts" after a change here; the pictures are committed.
 */
import { writeFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';

type Color = readonly [red: number, green: number, blue: number, alpha: number];

/** A stroke with round ends, in a square of one by one. */
interface Lane {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  readonly width: number;
  readonly color: Color;
}

const navy: Color = [0x1d, 0x35, 0x57, 255];
const white: Color = [255, 255, 255, 255];
const mint: Color = [0x7f, 0xd1, 0xae, 255];
const nothing: Color = [255, 255, 255, 0];

const lanes = (first: Color, second: Color, width: number, margin: number): Lane[] => [
  { from: [margin, 0.62], to: [0.62, margin], width, color: first },
  { from: [0.38, 1 - margin], to: [1 - margin, 0.38], width, color: second },
];

/** How much of a point lies on a lane: 1 inside, 0 outside, between them on its edge of one pixel. */
function cover({ from, to, width }: Lane, x: number, y: number, pixel: number): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const along = Math.min(1, Math.max(0, ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy)));
  const distance = Math.hypot(x - from[0] - along * dx, y - from[1] - along * dy);
  return Math.min(1, Math.max(0, (width / 2 - distance) / pixel + 0.5));
}

function mix(under: Color, over: Color, share: number): Color {
  const part = (at: 0 | 1 | 2 | 3): number => Math.round(under[at] * (1 - share) + over[at] * share);
  return [part(0), part(1), part(2), part(3)];
}

function draw(size: number, ground: Color, drawn: readonly Lane[]): Buffer {
  const rows = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_1, column): Color => {
      const [x, y] = [(column + 0.5) / size, (row + 0.5) / size];
      return drawn.reduce((color, lane) => mix(color, lane.color, cover(lane, x, y, 1 / size)), ground);
    }),
  );
  // Every row begins with the kind of its filter, which is none.
  return png(size, Buffer.concat(rows.map((row) => Buffer.from([0, ...row.flat()]))));
}

/** https://www.w3.org/TR/png-3: 8 bits a channel, red, green, blue and alpha, not interlaced. */
function png(size: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const folder = new URL('../teams/', import.meta.url);
await writeFile(new URL('color.png', folder), draw(192, navy, lanes(white, mint, 0.13, 0.22)));
await writeFile(new URL('outline.png', folder), draw(32, nothing, lanes(white, white, 0.16, 0.1)));
