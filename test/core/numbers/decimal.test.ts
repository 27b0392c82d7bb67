import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decimal, decimalText, parseDecimal, quotientText, varianceText } from '../../../src/core/numbers/decimal.ts';

const read = (text: string): string | undefined => {
  const value = parseDecimal(text);
  return value === undefined ? undefined : decimalText(value);
};

describe('A number that a system wrote as text', () => {
  const readable: [text: string, number: string][] = [
    ['1250', '1250'],
    ['  51000.0 ', '51000'],
    ['\t7\n', '7'],
    ['$84,200.00', '84200'],
    ['$ 84200', '84200'],
    ['$1,234', '1234'],
    ['€84200.50', '84200.5'],
    ['USD 84,200.00', '84200'],
    ['-$5.25', '-5.25'],
    ['- 5', '-5'],
    ['+5', '5'],
    ['($1,234.50)', '-1234.5'],
    ['(5)', '-5'],
    ['1,234.5', '1234.5'],
    ['1,234,567', '1234567'],
    ['0', '0'],
    ['-0.00', '0'],
    ['007', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['1.5E-7', '0.00000015'],
    ['0.1000', '0.1'],
    ['123456789012345678901234567890.123456789', '123456789012345678901234567890.123456789'],
  ];
  for (const [text, number] of readable) {
    it(`reads ${JSON.stringify(text)} as ${number}`, () => assert.equal(read(text), number));
  }

  const refused: [text: string, why: string][] = [
    ['', 'there is nothing'],
    ['   ', 'there is nothing'],
    ['1,234', 'the comma may separate thousands or decimals'],
    ['€1,234', 'the comma may separate thousands or decimals'],
    ['1.234,50', 'it is written the other way round'],
    ['1,23', 'two digits are no thousands'],
    ['12,34,567.00', 'thousands stand in threes'],
    ['1,2345.00', 'thousands stand in threes'],
    ['1234,567.00', 'thousands stand in threes from the first comma on'],
    ['1 234', 'a blank is no separator'],
    ['1.2.3', 'there are two decimal points'],
    ['NaN', 'it is no number'],
    ['Infinity', 'it is no number'],
    ['-Infinity', 'it is no number'],
    ['n/a', 'it is text'],
    ['84200 USD', 'what follows the number may be a unit'],
    ['5%', 'what follows the number may be a unit'],
    ['5k', 'what follows the number may be a unit'],
    ['0x1F', 'it is not decimal'],
    ['1e', 'the exponent is missing'],
    ['1e99999', 'the exponent is beyond any figure'],
    ['(-5)', 'it is negative twice'],
    ['--5', 'it is negative twice'],
    ['$', 'there is no digit'],
    ['.', 'there is no digit'],
    ['٣', 'the digits are not ours'],
  ];
  for (const [text, why] of refused) {
    it(`refuses ${JSON.stringify(text)}: ${why}`, () => assert.equal(read(text), undefined));
  }

  it('reads back whatever is written as plain digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat({ max: 12 }), (digits, scale) => {
        const sign = digits < 0n ? '-' : '';
        const padded = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
        const text = `${sign}${padded.slice(0, padded.length - scale)}.${padded.slice(padded.length - scale)}`;
        const again = read(text);
        assert.ok(again !== undefined);
        assert.equal(read(again), again, 'what is written is read as the same');
        assert.ok(
          decimal(again)
            .times(decimal(`1e${scale}`))
            .eq(digits.toString()),
          'no digit is lost',
        );
      }),
    );
  });
});

describe('An exact decimal', () => {
  it('is never written with an exponent, with trailing zeros or as minus zero', () => {
    assert.equal(decimalText(decimal('1e25')), '10000000000000000000000000');
    assert.equal(decimalText(decimal('0.000000000000001')), '0.000000000000001');
    assert.equal(decimalText(decimal('1.500')), '1.5');
    assert.equal(decimalText(decimal('-0')), '0');
  });

  it('adds up without the error of binary floating point', () => {
    assert.equal(decimalText(decimal('0.1').plus('0.2')), '0.3');
  });
});

describe('A quotient that is shown', () => {
  it('is rounded half up to twelve decimals', () => {
    assert.equal(quotientText(decimal('2'), decimal('3')), '0.666666666667');
    assert.equal(quotientText(decimal('1'), decimal('3')), '0.333333333333');
    assert.equal(quotientText(decimal('-1'), decimal('8')), '-0.125');
  });

  it('is rounded up where it is a variance, so that it is never shown within a tolerance that it is beyond', () => {
    assert.equal(varianceText(decimal('1'), decimal('3')), '0.333333333334');
    assert.equal(varianceText(decimal('1'), decimal('1e30')), '0.000000000001');
    assert.equal(varianceText(decimal('1'), decimal('8')), '0.125', 'an exact one stays as it is');
    assert.equal(varianceText(decimal('0'), decimal('7')), '0');
  });

  it('does not exist for a zero divisor', () => {
    assert.equal(quotientText(decimal('1'), decimal('0')), undefined);
    assert.equal(varianceText(decimal('0'), decimal('0')), undefined);
  });
});
