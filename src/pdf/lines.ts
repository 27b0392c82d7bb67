type Width = (text: string) => number;

/**
 * Breaks a text into lines of at most `available` points: at blanks, and within a word where it is longer than a line. At
 * least one line, perhaps an empty one; nothing of the text but blanks is left out.
 */
export function wrap(text: string, available: number, width: Width): string[] {
  const lines: string[] = [];
  const blank = width(' ');
  let line = '';
  let used = 0;
  const add = (part: string, itsWidth: number): void => {
    line += part;
    used += itsWidth;
  };
  const next = (): void => {
    lines.push(line);
    line = '';
    used = 0;
  };
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const itsWidth = width(word);
    if (line !== '' && used + blank + itsWidth <= available) {
      add(` ${word}`, blank + itsWidth);
      continue;
    }
    if (line !== '') next();
    if (itsWidth <= available) {
      add(word, itsWidth);
      continue;
    }
    for (const character of word) {
      const one = width(character);
      if (line !== '' && used + one > available) next();
      add(character, one);
    }
  }
  if (line !== '' || lines.length === 0) next();
  return lines;
}

/** No column gets narrower for the sake of others, in points. */
const narrowest = 34;

/**
 * How wide the columns of a table are, in all `available` points: each as wide as its longest cell where there is room;
 * where there is not, those that ask for less than their share get it, and the others share what is left.
 */
export function columnWidths(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  available: number,
  width: { readonly head: Width; readonly cell: Width },
): number[] {
  const wanted = columns.map((column, index) =>
    rows.reduce(
      (widest, row) => Math.max(widest, width.cell(row[index] ?? '')),
      Math.max(narrowest, width.head(column)),
    ),
  );
  const total = wanted.reduce((sum, one) => sum + one, 0);
  if (total <= available) {
    const spare = (available - total) / columns.length;
    return wanted.map((one) => one + spare);
  }
  // From the most modest on: what one does not need is there for the rest.
  const order = wanted.map((one, index) => ({ one, index })).toSorted((a, b) => a.one - b.one);
  const given: number[] = Array.from({ length: columns.length }, () => 0);
  let left = available;
  order.forEach(({ one, index }, place) => {
    const share = left / (order.length - place);
    given[index] = Math.min(one, share);
    left -= given[index] ?? 0;
  });
  return given;
}
