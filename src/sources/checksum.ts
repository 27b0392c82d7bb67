import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ChecksumProbe, ProbeFinding } from '../core/probes/probe.ts';

/** The SHA-256 of a file, read in parts whatever its size. */
export async function checksumOf({ path }: ChecksumProbe, signal: AbortSignal): Promise<ProbeFinding> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash, { signal });
    return { verdict: 'pass', said: `SHA-256 ${hash.digest('hex')}` };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { verdict: 'unknown', said: `${path} can't be read (${code})` };
  }
}
