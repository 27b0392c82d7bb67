import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { type AuditEntry, auditHash, hashBeforeFirst } from '../../../src/core/audit/audit.ts';

const entry: AuditEntry = {
  at: '2026-11-23T12:00:00.000Z',
  actor: 'slack:T0TEST/U0ANA',
  action: 'run.finished',
  subject: 'run/20261123-k3f9a',
  details: { state: 'pass', checks: 9, critical: false, note: null },
};

const texts = fc.string();
const entries = fc.record({
  at: texts,
  actor: texts,
  action: texts,
  subject: texts,
  details: fc.dictionary(texts, fc.oneof(texts, fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 4 }),
});

describe('the hash of an audit entry', () => {
  it('is the SHA-256 of its number, the hash before it and its fields, as anybody can compute it', () => {
    const canonical =
      `[7,"${hashBeforeFirst}","2026-11-23T12:00:00.000Z","slack:T0TEST/U0ANA","run.finished","run/20261123-k3f9a",` +
      '[["checks",9],["critical",false],["note",null],["state","pass"]]]';
    assert.equal(auditHash(7, hashBeforeFirst, entry), createHash('sha256').update(canonical).digest('hex'));
  });

  it('stays what it was when the program was first released', () => {
    assert.equal(
      auditHash(1, hashBeforeFirst, entry),
      '8e2d676005540db5a0f46fbd05520edbd43e4723945908c2208f62dad4307f86',
    );
  });

  it('does not depend on the order of the details', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const details = Object.fromEntries(Object.entries(given.details).toReversed());
        assert.equal(auditHash(1, hashBeforeFirst, { ...given, details }), auditHash(1, hashBeforeFirst, given));
      }),
    );
  });

  it('is another one for another number, another hash before it or another entry', () => {
    const places = fc.tuple(fc.integer({ min: 1 }), fc.constantFrom(hashBeforeFirst, 'f'.repeat(64)), entries);
    fc.assert(
      fc.property(places, places, (one, other) => {
        const same = fc.stringify(one.map(sorted)) === fc.stringify(other.map(sorted));
        assert.equal(auditHash(...one) === auditHash(...other), same);
      }),
    );
  });

  for (const [what, other] of Object.entries({
    'a field moved to its neighbour': { actor: 'slack:T0TEST/U0ANArun', action: '.finished' },
    'a number for the same digits as text': { details: { ...entry.details, checks: '9' } },
    'nothing for the word null': { details: { ...entry.details, note: 'null' } },
    'a detail left out': { details: { state: 'pass', checks: 9, critical: false } },
    'a time in another form': { at: '2026-11-23T12:00:00Z' },
  } satisfies Record<string, Partial<AuditEntry>>)) {
    it(`tells ${what}`, () => {
      assert.notEqual(auditHash(1, hashBeforeFirst, { ...entry, ...other }), auditHash(1, hashBeforeFirst, entry));
    });
  }
});

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('details' in value)) return value;
  return { ...value, details: Object.entries(value.details as object).toSorted(([a], [b]) => (a < b ? -1 : 1)) };
}
