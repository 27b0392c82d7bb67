import { randomInt } from 'node:crypto';
import { sha256 } from '../audit/audit.ts';

/** So many are handed out at a time. */
export const codesHandedOut = 6;

// Without letters and digits that are taken for one another.
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const letters = 12;

/** A new one, such as "K7WP-M2QX-4HRT": 59 bits, so that nobody guesses it. */
export function newCode(): string {
  const all = Array.from({ length: letters }, () => alphabet[randomInt(alphabet.length)]).join('');
  return all.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** What is kept of one; however it is typed, in small letters or without its hyphens. */
export function codeHash(typed: string): string {
  return sha256(`one-time code ${typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')}`);
}
