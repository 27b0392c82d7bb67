import type { Block, Document } from './document.ts';

/*
 * Markdown (CommonMark with GitHub's tables) in which text from outside reads as it was typed: none of its characters
 * can become markup.
 */

const special = /[\\`*_{}[\]<>()#+!|~&$^-]/g;

/** Line breaks become blanks, and what would steer a screen or turn the direction of reading is left out. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .trim();
}

/** One line of text, escaped. */
export function escaped(text: string): string {
  return (
    oneLine(text)
      .replace(special, (character) => `\\${character}`)
      // A number with a full stop at the beginning of a line would be a list.
      .replace(/^(\d+)\./, '$1\\.')
  );
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(columns), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** The document as Markdown; the same document gives the same text, to the letter. */
export function markdownOf({ title, facts, blocks }: Document): string {
  const first: Block[] = facts.length === 0 ? [] : [{ kind: 'facts', facts }];
  return [`# ${escaped(title)}`, ...[...first, ...blocks].map(blockInMarkdown)].join('\n\n').concat('\n');
}

function blockInMarkdown(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escaped(block.text)}`;
    case 'text':
      return escaped(block.text);
    case 'facts':
      return block.facts.map(([label, value]) => `- **${escaped(label)}**: ${escaped(value)}`).join('\n');
    case 'tasks':
      return block.items.map(({ done, text }) => `- ${done ? '[x]' : '[ ]'} ${escaped(text)}`).join('\n');
    case 'table':
      return table(block.columns, block.rows);
  }
}
