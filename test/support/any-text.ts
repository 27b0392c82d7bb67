import fc from 'fast-check';

const [firstHalf, halves, last] = [0xd800, 0x800, 0x10ffff];

/**
 * Any character of Unicode, as `unit` of a text. It is fast-check's own `binary`, which however lists all million of them
 * before the first text, to find out whether they make up words that often do harm.
 */
export const anyCharacter: fc.Arbitrary<string> = fc.nat(last - halves).map(
  (place) => String.fromCodePoint(place < firstHalf ? place : place + halves),
  (character) => {
    const code = typeof character === 'string' ? character.codePointAt(0) : undefined;
    if (code === undefined || String.fromCodePoint(code) !== character) throw new Error('This is no character.');
    if (code >= firstHalf && code < firstHalf + halves) throw new Error('This is half of a character.');
    return code < firstHalf ? code : code - halves;
  },
);
