import { oneLine } from '../core/reports/markdown.ts';

/**
 * One line of text as the font can show it: a character that it lacks stands as its number, such as "[U+6F22]", so that
 * nothing is lost without a trace.
 */
export function shown(text: string, has: (codePoint: number) => boolean): string {
  return Array.from(oneLine(text), (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code === 0x20 || has(code) ? character : `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  }).join('');
}
