import { UsageError } from './usage-error.ts';

/** Splits what was typed at blanks; quotes, double or single, keep words together. */
export function splitWords(text: string): string[] {
  return Array.from(
    text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}

/** The name among `known` that was probably meant, at most two slips away. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const longest = typed.length <= 3 ? 1 : 2;
  return known
    .map((name) => ({ name, slips: slipsBetween(typed, name) }))
    .filter(({ name, slips }) => slips <= longest || (typed.length >= 3 && name.startsWith(typed)))
    .sort((one, other) => one.slips - other.slips)[0]?.name;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function slipsBetween(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let slips = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) slips = Math.min(slips, (before[column - 2] ?? 0) + 1);
      current.push(slips);
    }
    before = last;
    last = current;
  }
  return last[other.length] ?? 0;
}

/**
 * Tells words from flags ("--share", also as "-share") and from options, which are followed by a value ("--run last").
 * Throws UsageError for a flag that the command doesn't have, an option without a value, or more words than it takes;
 * `hint` says what to type instead.
 */
export function readArguments(
  typed: readonly string[],
  allowed: {
    readonly flags: readonly string[];
    readonly options?: readonly string[];
    readonly words: number;
    readonly hint: string;
  },
): {
  readonly words: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly options: ReadonlyMap<string, string>;
} {
  const flags = new Set<string>();
  const options = new Map<string, string>();
  const words: string[] = [];
  const rest = [...typed];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const flag = /^--?([a-z][a-z-]*)$/i.exec(word)?.[1]?.toLowerCase();
    if (flag === undefined) words.push(word);
    else if (allowed.flags.includes(flag)) flags.add(flag);
    else if (allowed.options?.includes(flag) === true) {
      const value = rest.shift();
      if (value === undefined) throw new UsageError(`--${flag} needs a value.`, allowed.hint);
      options.set(flag, value);
    } else throw new UsageError(`There is no --${flag} here.`, allowed.hint);
  }
  if (words.length > allowed.words) {
    throw new UsageError(`"${words.slice(allowed.words).join(' ')}" is more than this takes.`, allowed.hint);
  }
  return { words, flags, options };
}
