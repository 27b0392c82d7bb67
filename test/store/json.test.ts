import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { toJson, toText } from '../../src/store/json.ts';

const texts = fc.string({
  unit: fc.constantFrom('a', '"', '\\', '/', '\0', '\u0001', '\ud800', '\udc00', '\n', 'é', '😀', 'u0000'),
});

/** The value with every text in it, keys included, as PostgreSQL takes it. */
function taken(value: unknown): unknown {
  if (typeof value === 'string') return toText(value);
  if (Array.isArray(value)) return value.map(taken);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [toText(key), taken(inner)]));
}

describe('what is written to the database', () => {
  it('has a sign in place of what PostgreSQL refuses, and nothing else changed', () => {
    const values = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(fc.oneof(values, texts, fc.array(texts), fc.dictionary(texts, texts)), (value) => {
        const json = toJson(value);
        assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(taken(value))));
        assert.doesNotMatch(json.replaceAll('\\\\', ''), /\\u0000|\\ud[89a-f]/);
        assert.ok(json.isWellFormed());
      }),
    );
  });

  it('keeps what only looks like an escape', () => {
    assert.equal(JSON.parse(toJson('\\u0000 and \\ud800')), '\\u0000 and \\ud800');
    assert.equal(JSON.parse(toJson('\\\0')), '\\\ufffd');
  });
});
