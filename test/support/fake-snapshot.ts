import type { Snapshot } from '../../src/core/sources.ts';

const refuse = () => Promise.reject(new Error('not asked here'));

/** A snapshot that refuses whatever a test does not expect of it. */
export const anUnaskedSnapshot: Snapshot = {
  identity: 'a fake',
  countBelow: refuse,
  query: refuse,
  describe: refuse,
  estimateRows: refuse,
  hashWays: refuse,
  rangeBounds: refuse,
  mixRanges: refuse,
  hashRows: refuse,
  keyIsUnique: refuse,
  mixParts: refuse,
  hashParts: () => {
    throw new Error('not asked here');
  },
  readInOrder: () => {
    throw new Error('not asked here');
  },
  close: () => Promise.resolve(),
};
