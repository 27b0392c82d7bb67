import { createHash } from 'node:crypto';
import { type Document, isCollection, isPair, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Playbook } from '../core/playbook/playbook.ts';
import { problemsBetween, type Remark, warningsAbout } from '../core/playbook/rules.ts';
import { playbookSchema } from '../core/playbook/schema.ts';

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
 * is reported at once, in the order of the file. `today` (yyyy-mm-dd) is where warnings about clock changes begin.
 */
export function readPlaybook(text: string, environment: Environment, today: string): ReadPlaybook {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, message };
  };
  const problems = document.errors.map(({ pos, message }) => at(pos[0], message));
  problems.push(...substitute(document, environment, at));
  if (problems.length > 0) return { problems: inOrder(problems) };

  const place = ({ path, message }: Remark): Problem => {
    const where = path.length === 0 ? 'the playbook' : path.join('.');
    return at(offsetOf(document, path), `${where}: ${message}`);
  };
  const raw: unknown = document.toJS() ?? {};
  const parsed = playbookSchema.safeParse(raw);
  const remarks = [...(parsed.error?.issues.flatMap(remarksOf) ?? []), ...problemsBetween(raw)];
  if (!parsed.success || remarks.length > 0) return { problems: inOrder(remarks.map(place)) };

  const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const playbook = freeze({ ...parsed.data, version } as Playbook);
  return { playbook, warnings: inOrder(warningsAbout(playbook, today).map(place)) };
}

/** Puts settings in the place of "${NAME}" inside every text; says which are missing. */
function substitute(
  document: Document.Parsed,
  environment: Environment,
  at: (offset: number, message: string) => Problem,
): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return;
      node.value = node.value.replace(
        /\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}/g,
        (_whole, name: string, otherwise: string | undefined) => {
          const value = environment[name]?.trim();
          if (value !== undefined && value !== '') return value;
          if (otherwise !== undefined) return otherwise;
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

type Issue = { code: string; path: PropertyKey[]; message: string; keys?: string[]; errors?: Issue[][] };

function remarksOf(given: unknown): Remark[] {
  const issue = given as Issue;
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({ path: [...path, key], message: 'is not a field of the playbook' }));
  }
  return [{ path, message: issue.message.replace(/^Invalid input: /, '') }];
}

/** Where a path leads to in the file; for a field that is missing, the collection in which it should stand. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isCollection(parent)) {
      const item = parent.items.find((one) => isPair(one) && isScalar(one.key) && one.key.value === last);
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
