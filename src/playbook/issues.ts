import type { z } from 'zod';
import type { Remark } from '../core/playbook/rules.ts';

/** What zod says of a playbook, in the words of people who write one. */
type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
};

function kindOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a fraction';
  return kinds[Array.isArray(value) ? 'array' : typeof value] ?? 'something else';
}

/** For zod's `error`: what the schema itself has no words for. */
export function wordsOf(issue: RawIssue): string | undefined {
  if (issue.input === undefined) return 'is missing';
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = kinds[issue.expected] ?? issue.expected;
      if (issue.input === null) return `is empty; it must be ${wanted}`;
      const quotes = issue.expected === 'string' && ['number', 'boolean'].includes(typeof issue.input);
      return `must be ${wanted}, not ${kindOf(issue.input)}${quotes ? ': put it in quotes' : ''}`;
    }
    case 'invalid_union':
      // Only unions told apart by a field have no words of their own.
      return Array.isArray(issue['options']) ? `must be one of ${issue['options'].join(', ')}` : undefined;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      return issue.origin === 'array' ? `must have at least ${issue.minimum}` : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'array' ? `must have at most ${issue.maximum}` : `must be at most ${issue.maximum}`;
    case 'unrecognized_keys':
      return 'is not a field of the playbook';
    case 'invalid_key':
      return issue.issues[0]?.message;
    // These have words of the schema's own.
    case 'invalid_format':
    case 'custom':
    case 'invalid_element':
    case 'not_multiple_of':
      return undefined;
  }
}

/** Where each issue is; of several at one place the first, of which the others are mostly consequences. */
export function remarksOf(error: z.core.$ZodError): Remark[] {
  const remarks = error.issues.flatMap((issue) => {
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
    return paths.map((where) => ({ path: where, message: issue.message }));
  });
  return [
    ...new Map(remarks.toReversed().map((remark) => [JSON.stringify(remark.path), remark])).values(),
  ].toReversed();
}
