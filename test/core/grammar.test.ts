import assert from 'node:assert/strict';
import { UsageError } from '../../src/core/usage-error.ts';
import { closest, readArguments, splitWords } from '../../src/core/grammar.ts';

describe('The grammar', () => {
  it('splits words at blanks', () => assert.deepEqual(splitWords('  check   levels '), ['check', 'levels']));
  it('keeps quoted words together', () =>
    assert.deepEqual(splitWords(`lesson "null levels" 'two words' x`), ['lesson', 'null levels', 'two words', 'x']));
  it('takes an empty text as no words', () => assert.deepEqual(splitWords('  '), []));

  const known = ['check', 'status', 'history', 'show', 'help'];
  it('knows what was meant two slips away', () => {
    assert.equal(closest('chekc', known), 'check');
    assert.equal(closest('histroy', known), 'history');
    assert.equal(closest('statsu', known), 'status');
  });
  it('does not guess three slips away', () => assert.equal(closest('qhexx', known), undefined));
  it('guesses from a beginning of three letters', () => {
    assert.equal(closest('his', known), 'history');
    assert.equal(closest('hi', known), undefined);
  });
  it('allows short words one slip only', () => {
    assert.equal(closest('hel', ['help', 'show']), 'help');
    assert.equal(closest('sow', ['help', 'show']), 'show');
    assert.equal(closest('so', ['show']), undefined);
  });

  const allowed = { flags: ['share'], words: 1, hint: 'check [name] [--share]' };
  it('tells flags from words, with one dash or two', () => {
    const options = new Map();
    assert.deepEqual(readArguments(['levels', '--share'], allowed), {
      words: ['levels'],
      flags: new Set(['share']),
      options,
    });
    assert.deepEqual(readArguments(['-share'], allowed), { words: [], flags: new Set(['share']), options });
  });
  it('takes the word after an option for its value, and misses it where there is none', () => {
    const taking = { ...allowed, options: ['run'] };
    const { words, options } = readArguments(['levels', '--run', 'last'], taking);
    assert.deepEqual([words, [...options]], [['levels'], [['run', 'last']]]);
    assert.throws(() => readArguments(['levels', '--run'], taking), { message: '--run needs a value.' });
  });
  it('refuses a flag that the command does not have, with what it takes', () =>
    assert.throws(
      () => readArguments(['--force'], allowed),
      (error) => error instanceof UsageError && error.message.includes('--force') && error.hint === allowed.hint,
    ));
  it('refuses more words than the command takes', () => {
    assert.doesNotThrow(() => readArguments(['one'], allowed));
    assert.throws(() => readArguments(['one', 'two'], allowed), UsageError);
  });
});
