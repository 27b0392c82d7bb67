import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Playbook } from '../../src/core/playbook/playbook.ts';
import { type Problem, readPlaybook } from '../../src/playbook/read.ts';

/** The default playbook as it stands. */
export const text = readFileSync(new URL('../../playbook.yml', import.meta.url), 'utf8');
export const today = '2026-11-23';
/** The settings that it needs. */
export const environment = {
  LEGACY_DATABASE_URL: 'postgresql://localhost/legacy',
  NEW_DATABASE_PATH: 'planwise.duckdb',
  RECONCILIATION_CHANNEL: 'C0RECON',
  ALERTS_CHANNEL: 'C0ALERTS',
};
type Environment = Readonly<Record<string, string | undefined>>;

/** The default playbook with some of its text changed. Fails when what should be changed isn't there. */
export function changed(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((before, [from, to]) => {
    assert.ok(before.includes(from), `the playbook holds ${JSON.stringify(from)}`);
    return before.replace(from, () => to);
  }, text);
}

export function accepted(given: string, settings: Environment = environment): Playbook {
  const read = readPlaybook(given, settings, today);
  assert.ok('playbook' in read, JSON.stringify('problems' in read ? read.problems : []));
  return read.playbook;
}

export function refused(given: string, settings: Environment = environment): readonly Problem[] {
  const read = readPlaybook(given, settings, today);
  assert.ok('problems' in read, 'the playbook is refused');
  return read.problems;
}

/** Where a text stands first in a playbook, counting from 1. */
export function placeOf(given: string, needle: string): { line: number; column: number } {
  const before = given.slice(0, given.indexOf(needle)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
