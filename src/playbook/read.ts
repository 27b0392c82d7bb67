import { createHash } from 'node:crypto';
import { type Document, isCollection, isPair, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import type { Playbook } from '../core/playbook/playbook.ts';
import { problemsBetween, type Remark, warningsAbout } from '../core/playbook/rules.ts';
import { anyCheck, anySource, playbookSchema } from '../core/playbook/schema.ts';
import { remarksOf, wordsOf } from './issues.ts';

/** Something about a place in the file; line and column count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type ReadPlaybook =
  | { readonly playbook: Playbook; readonly warnings: readonly Problem[] }
  | { readonly problems: readonly Problem[] };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a playbook: YAML in which "${NAME}" and "${NAME:-default}" stand for settings of the environment. Every problem
 * is reported at once, in the order of the file. `today` (yyyy-mm-dd) is where warnings about clock changes begin. A
 * `terminal` posts nothing: there, settings of the channels may be missing.
 */
export function readPlaybook(
  text: string,
  environment: Environment,
  today: string,
  purpose: 'serve' | 'terminal' = 'serve',
): ReadPlaybook {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, message };
  };
  const syntax = document.errors.map(({ pos, code, message }) =>
    at(pos[0], code === 'MULTIPLE_DOCS' ? 'a playbook is one YAML document: "---" begins a second one' : message),
  );
  const unset = new Set<unknown>();
  const settings = substitute(document, environment, at, unset, purpose);
  const aliases = strayAliases(document, at);
  // What is not YAML has no fields to speak of; a key that is there twice has.
  if (aliases.length > 0 || document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) {
    return { problems: inOrder([...syntax, ...settings, ...aliases]) };
  }

  // As many aliases as somebody likes: a playbook is trusted.
  const raw: unknown = document.toJS({ maxAliasCount: -1 }) ?? {};
  const place = ({ path, message }: Remark): Problem =>
    at(offsetOf(document, path), `${nameOf(raw, path)}: ${message}`);
  const parsed = playbookSchema.safeParse(raw, { error: wordsOf });
  const remarks = [
    ...(parsed.success ? [] : [...remarksOf(parsed.error), ...remarksOfUnknownKinds(raw, parsed.error)]),
    ...problemsBetween(raw),
  ].filter(
    // The form of what a missing setting would have held is not known.
    ({ path }) => !unset.has(document.getIn(path, true)),
  );
  const problems = [...syntax, ...settings, ...remarks.map(place)];
  if (!parsed.success || problems.length > 0) return { problems: inOrder(problems) };

  const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const playbook = freeze({ ...parsed.data, version, extensionWeeks: 0, cutover: null, userGroups: {} } as Playbook);
  return { playbook, warnings: inOrder(warningsAbout(playbook, today).map(place)) };
}

/** Zod looks no further where it does not know the kind of a check or source: what every kind has is told all the same. */
function remarksOfUnknownKinds(raw: unknown, error: z.core.$ZodError): Remark[] {
  return error.issues.flatMap(({ code, path }) => {
    const where = path.slice(0, -1).filter((step) => typeof step !== 'symbol');
    if (code !== 'invalid_union' || path.at(-1) !== 'kind') return [];
    const given = where.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], raw);
    const parsed = (where[0] === 'checks' ? anyCheck : anySource).safeParse(given, { error: wordsOf });
    if (parsed.success) return [];
    return remarksOf(parsed.error).map(({ path: rest, message }) => ({ path: [...where, ...rest], message }));
  });
}

type At = (offset: number, message: string) => Problem;

/** Puts settings in the place of "${NAME}" inside every text; says which are missing, and adds their nodes to `unset`. */
function substitute(
  document: Document.Parsed,
  environment: Environment,
  at: At,
  unset: Set<unknown>,
  purpose: 'serve' | 'terminal',
): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Scalar(key, node, [, , field]) {
      if (key === 'key' || typeof node.value !== 'string') return;
      const isChannel = isPair(field) && isScalar(field.key) && field.key.value === 'channels';
      node.value = node.value.replace(
        /\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}/g,
        (_whole, name: string, otherwise: string | undefined) => {
          const value = environment[name]?.trim();
          if (value !== undefined && value !== '') return value;
          if (otherwise !== undefined) return otherwise;
          if (isChannel && purpose === 'terminal') return 'none';
          unset.add(node);
          problems.push(
            at(node.range?.[0] ?? 0, `the setting ${name} is not set: set it in the environment or in .env`),
          );
          return '';
        },
      );
    },
  });
  return problems;
}

/** A "*name" without its "&name" before it, which YAML takes for well-formed. */
function strayAliases(document: Document.Parsed, at: At): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) !== undefined) return;
      problems.push(at(node.range?.[0] ?? 0, `"*${node.source}" refers to nothing: put the text in quotes`));
    },
  });
  return problems;
}

/** How a place is called: "checks.levels.owner" rather than "checks.2.owner", wherever a line of a list has a name. */
function nameOf(raw: unknown, path: Remark['path']): string {
  if (path.length === 0) return 'the playbook';
  let place: unknown = raw;
  const names = path.map((step) => {
    const inList = Array.isArray(place);
    place = (place as Record<string | number, unknown> | null | undefined)?.[step];
    const name = (place as { name?: unknown } | null | undefined)?.name;
    return inList && typeof name === 'string' && name !== '' ? name : step;
  });
  return names.join('.');
}

/** Where a path leads to in the file; for a field that is missing, the collection in which it should stand. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isCollection(parent)) {
      const item = parent.items.find(
        (one) => isPair(one) && isScalar(one.key) && String(one.key.value) === String(last),
      );
      if (isPair(item) && isScalar(item.key)) return item.key.range?.[0] ?? 0;
    }
    const node = document.getIn(path.slice(0, length), true);
    if (node !== undefined && node !== null) return (node as Node).range?.[0] ?? 0;
  }
  return 0;
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}
