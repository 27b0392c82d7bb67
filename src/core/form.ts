import { UsageError } from './usage-error.ts';
import { decimal, parseDecimal } from './numbers/decimal.ts';
import { formatDate } from './time/format.ts';
import { isDate } from './time/local-time.ts';

/**
 * What a command asks for where its words leave something out: a modal in Slack, options in a shell. Its fields are the
 * one place that says what may be filled in.
 */
export interface Form {
  /** At most 24 characters: Slack's limit. */
  readonly title: string;
  /** The button that sends it, at most 24 characters. */
  readonly submit: string;
  /** What stands above the fields; plain text. */
  readonly intro?: string;
  readonly fields: readonly Field[];
}

export type Field = {
  /** Also the name of the option in a shell: "reason" is --reason. */
  readonly name: string;
  /** At most 48 characters. */
  readonly label: string;
  readonly hint?: string;
  readonly required: boolean;
  readonly initial?: string;
  /** What it takes from a message that somebody files: its text, the first line of it, what follows that, or where it stands. */
  readonly from?: 'text' | 'firstLine' | 'afterFirstLine' | 'link';
} & (
  | {
      readonly kind: 'text';
      readonly lines: 'one' | 'many';
      readonly maxLength: number;
      /** It may be given as a file of this type instead, with at most so many characters. */
      readonly file?: { readonly type: string; readonly maxLength: number };
    }
  | { readonly kind: 'choice'; readonly options: readonly { readonly value: string; readonly label: string }[] }
  /** yyyy-mm-dd; bounds are allowed themselves. */
  | { readonly kind: 'date'; readonly earliest?: string; readonly latest?: string }
  /** An exact decimal; bounds are allowed themselves. */
  | { readonly kind: 'number'; readonly minimum?: string; readonly maximum?: string }
  /** Somebody as the playbook names people, such as "slack:U012ABC". */
  | { readonly kind: 'person' }
);

/** What was filled in, by the fields' names; what was left empty is missing. */
export type Values = Readonly<Record<string, string>>;

/**
 * The form with what a message says in the fields that take it. A first line that is too long for its field is only
 * begun there, so all of it stands again with what follows.
 */
export function withInitials(form: Form, { text, link }: { readonly text: string; readonly link: string }): Form {
  const [firstLine = '', ...others] = text.split('\n');
  const field = form.fields.find(({ from }) => from === 'firstLine');
  const fits = field?.kind !== 'text' || firstLine.trim().length <= field.maxLength;
  const afterFirstLine = (fits ? others.join('\n') : text).trim();
  const said = { text, link, firstLine: firstLine.trim(), afterFirstLine };
  return {
    ...form,
    fields: form.fields.map((one) => (one.from === undefined ? one : { ...one, initial: said[one.from] })),
  };
}

/** The form, where words leave out something that it needs. */
export function stillAsked(form: Form, values: Values): Form | undefined {
  return form.fields.some(({ name, required }) => required && !(name in values)) ? form : undefined;
}

/** What is wrong with what was filled in, by the fields' names; empty when nothing is. */
export function problemsOf(form: Form, values: Values): Record<string, string> {
  return Object.fromEntries(
    form.fields.flatMap((field) => {
      const problem = problemOf(field, values[field.name]?.trim() ?? '');
      return problem === undefined ? [] : [[field.name, problem]];
    }),
  );
}

/**
 * What was filled in, trimmed, with numbers as plain decimals; a field that was left empty is the empty text. Throws
 * UsageError with every problem.
 */
export function readForm(form: Form, values: Values, hint: string): Record<string, string> {
  const problems = Object.entries(problemsOf(form, values));
  if (problems.length > 0) {
    throw new UsageError(problems.map(([name, problem]) => `--${name}: ${problem}`).join(' '), hint);
  }
  return Object.fromEntries(
    form.fields.map((field) => {
      const value = values[field.name]?.trim() ?? '';
      return [field.name, field.kind === 'number' ? (parseDecimal(value)?.toFixed() ?? '') : value];
    }),
  );
}

function problemOf(field: Field, value: string): string | undefined {
  if (value === '') return field.required ? 'This is needed.' : undefined;
  switch (field.kind) {
    case 'text':
      return lengthProblem(value, Math.max(field.maxLength, field.file?.maxLength ?? 0));
    case 'choice':
      return field.options.some((option) => option.value === value)
        ? undefined
        : `One of ${field.options.map((option) => option.value).join(', ')}.`;
    case 'date':
      return dateProblem(value, field.earliest, field.latest);
    case 'number':
      return numberProblem(value, field.minimum, field.maximum);
    case 'person':
      return /^(slack|teams|terminal):\S+$/.test(value) ? undefined : 'A person, such as @ana or "terminal:ana".';
  }
}

const lengthProblem = (value: string, most: number): string | undefined =>
  value.length > most ? `At most ${most} characters, please.` : undefined;

function dateProblem(value: string, earliest = '0000-01-01', latest = '9999-12-31'): string | undefined {
  if (!isDate(value)) return 'A date such as 2026-11-23.';
  if (value < earliest) return `Not before ${formatDate(earliest)}.`;
  return value > latest ? `Not after ${formatDate(latest)}.` : undefined;
}

function numberProblem(value: string, minimum?: string, maximum?: string): string | undefined {
  const number = parseDecimal(value);
  if (number === undefined) return `A number such as 1250 or 84,200.50; "${value}" could be read in more than one way.`;
  if (minimum !== undefined && number.lt(decimal(minimum))) return `At least ${minimum}.`;
  return maximum !== undefined && number.gt(decimal(maximum)) ? `At most ${maximum}.` : undefined;
}
