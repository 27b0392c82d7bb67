import assert from 'node:assert/strict';
import { causeInWords, explanationInWords } from '../../../src/core/cards/explanation-words.ts';
import type { PatternKind } from '../../../src/core/rows/patterns.ts';
import type { Cause, ExplainedPart, Explanation } from '../../../src/core/rows/result.ts';

const people = ['person', 'people'] as const;
const aCause = (more: Partial<Cause> = {}): Cause => ({
  what: 'differs',
  column: 'pay',
  rows: 10,
  segments: [],
  pattern: null,
  keys: null,
  ...more,
});
const inWords = (more: Partial<Cause>): string => causeInWords(aCause(more), people);

describe('A cause in words', () => {
  const patterns: readonly (readonly [PatternKind, string])[] = [
    [{ kind: 'factor', amount: '1.015' }, 'always by the factor 1.015'],
    [{ kind: 'offset', amount: '-250' }, 'always by -250'],
    [{ kind: 'unit', amount: '100' }, 'always by the factor 100, as if in another unit'],
    [{ kind: 'sign' }, 'always with the sign turned'],
    [{ kind: 'rounded', decimals: 0 }, 'always rounded to whole numbers'],
    [{ kind: 'rounded', decimals: -3 }, 'always rounded to thousands'],
    [{ kind: 'cut', decimals: 1 }, 'always cut off to 1 decimal'],
    [{ kind: 'shifted', seconds: '86400' }, 'always 1 day later'],
    [{ kind: 'shifted', seconds: '-18000' }, 'always 5 hours earlier'],
    [{ kind: 'shifted', seconds: '1.5' }, 'always 1.5 s later'],
    [{ kind: 'always', from: 'L2', to: 'L3' }, 'always from L2 to L3'],
    [{ kind: 'swapped', from: 'A', to: 'B' }, 'always A for B and the other way round'],
    [{ kind: 'truncated', characters: 20 }, 'always cut after 20 characters'],
    [{ kind: 'missing', side: 'new' }, 'always without a value in new'],
    [{ kind: 'dayAndMonth' }, 'always with day and month swapped'],
    [{ kind: 'case' }, 'always in upper and lower case only'],
    [{ kind: 'padding' }, 'always in blanks around it only'],
    [{ kind: 'leadingZeros' }, 'always in leading zeros only'],
    [{ kind: 'several', changes: [{ from: 'L2', to: 'L3', times: 10 }] }, '10 from L2 to L3'],
  ];
  for (const [pattern, words] of patterns) {
    it(`says "${words}"`, () => {
      assert.equal(inWords({ pattern: { ...pattern, fits: 10, of: 10 } }), `10 people whose pay differs, ${words}`);
    });
  }
  it('says how many of them where not all do', () => {
    const pattern = { kind: 'factor', amount: '2', fits: 9, of: 10 } as const;
    assert.equal(inWords({ pattern }), '10 people whose pay differs, nearly always (9 of 10) by the factor 2');
  });
  it('says so when it does not know', () => {
    assert.equal(inWords({}), '10 people whose pay differs, with nothing in common that we recognise');
  });
  it('says where most of it lies', () => {
    const in3 = { by: 'level', value: 'L3', share: 96 };
    assert.match(inWords({ segments: [in3] }), /nearly all \(96 %\) in level L3$/);
    assert.match(inWords({ segments: [{ ...in3, share: 61 }] }), /most \(61 %\) in level L3$/);
    assert.match(inWords({ segments: [{ by: 'year of hired', value: '2029', share: 100 }] }), /all hired in 2029$/);
  });
  it('speaks of one person where it is one', () => {
    assert.match(inWords({ rows: 1, what: 'onlyNew', column: null }), /^1 person only in new/);
  });
});

describe('An explanation in words', () => {
  const aPart = (amount: string, more: Partial<ExplainedPart> = {}): ExplainedPart => ({
    ...aCause(),
    amount,
    suppressed: false,
    ...more,
  });
  const lines = (explanation: Partial<Explanation>): string[] =>
    explanationInWords(
      { check: 'pay', key: 'pay', difference: '100', parts: [], leftOver: '0', reason: '', ...explanation },
      people,
      true,
    ).map((line) =>
      typeof line === 'string'
        ? line
        : line.map((span) => (typeof span === 'string' ? span : Object.values(span)[0])).join(''),
    );

  it('gives the share of each part of the whole', () => {
    const [one, other] = lines({ parts: [aPart('99.5'), aPart('0.5')] });
    assert.match(one ?? '', /^\+99\.5 \(over 99 %\): /);
    assert.match(other ?? '', /^\+0\.5 \(under 1 %\): /);
  });
  it('gives no share where causes offset each other', () => {
    assert.match(lines({ parts: [aPart('150'), aPart('-50')] })[0] ?? '', /^\+150: /);
  });
  it('adds the smaller causes up where there are many', () => {
    const parts = ['40', '20', '15', '10', '8', '5', '2'].map((amount) => aPart(amount));
    assert.equal(lines({ parts }).at(-1), '+7 (7 %): 2 more causes');
  });
  it('says what is left over, and that nothing explains it where that is so', () => {
    assert.match(
      lines({ parts: [aPart('60')], leftOver: '40' }).at(-1) ?? '',
      /^\+40 \(40 %\): not explained: in people/,
    );
    assert.match(lines({ leftOver: '100' }).at(-1) ?? '', /not explained: no person that differs accounts for it/);
  });
});
