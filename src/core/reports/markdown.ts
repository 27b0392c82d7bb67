/*
 * Markdown (CommonMark with GitHub's tables) in which text from outside reads as it was typed: none of its characters
 * can become markup.
 */

const special = /[\\`*_{}[\]<>()#+!|~&$^-]/g;

/** One line of text, escaped; line breaks become blanks. */
export function escaped(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
      .trim()
      .replace(special, (character) => `\\${character}`)
      // A number with a full stop at the beginning of a line would be a list.
      .replace(/^(\d+)\./, '$1\\.')
  );
}

/** Cells and headings are escaped here. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(columns), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
