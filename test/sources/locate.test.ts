import assert from 'node:assert/strict';
import fc from 'fast-check';
import { locator } from '../../src/sources/locate.ts';
import { halvesOf } from '../../src/sources/lookup3.ts';

describe('Among numbers in order, another is located', () => {
  const near = fc.bigInt({ min: -20n, max: 20n });
  const number = fc.oneof(near, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
  const asked = fc.oneof(
    fc.array(number, { minLength: 1, maxLength: 40 }),
    // In order, as they mostly come.
    fc.array(near, { minLength: 1, maxLength: 40 }).map((all) => all.toSorted((one, other) => Number(one - other))),
  );

  it('by how many of them are not greater, in whatever order it is asked', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 30 }), asked, (numbers, all) => {
        const inOrder = BigInt64Array.from(numbers).sort();
        const locate = locator(inOrder);
        const halves = halvesOf(BigInt64Array.from(all));
        for (const [index, one] of all.entries()) {
          const expected = inOrder.filter((other) => other <= one).length;
          assert.equal(locate(halves[2 * index + 1] ?? 0, halves[2 * index] ?? 0), expected, `${one}`);
        }
      }),
    );
  });
});
