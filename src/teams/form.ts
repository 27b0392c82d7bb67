import type { Field, Form } from '../core/form.ts';
import { formatDate } from '../core/time/format.ts';
import { isDate } from '../core/time/local-time.ts';
import { type CancelData, type FormData, inputId } from './actions.ts';
import type { AdaptiveCard, Element, Input } from './adaptive-card.ts';
import { limits } from './limits.ts';
import { bytesOf } from './render.ts';
import { execute } from './render-buttons.ts';
import { heading } from './render-element.ts';
import { clean, linesOf, oneLine, paragraph } from './text.ts';

export interface AskedForm {
  /** The words that asked for it; with them, what is filled in becomes a request again. At most `limits.command`. */
  readonly words: string;
  /** Of this asking: sent twice, it takes effect once. At most `limits.formId`. */
  readonly id: string;
  /** Where it was asked for, as it comes back with the form: at most `limits.askedIn`. */
  readonly askedIn?: string;
  /** What is wrong with what was sent, by the fields' names. */
  readonly problems?: Readonly<Record<string, string>>;
  /** What was typed, by the fields' names; wins over what the form begins with. */
  readonly values?: Readonly<Record<string, string>>;
  /** Who may be chosen where a person is asked for; without them, or with more than fit, the person is typed. */
  readonly people?: readonly { readonly person: string; readonly name: string }[];
}

/**
 * A form as a card with an input for each field, what is wrong beside its field, and what was typed still there. What is
 * too long to be shown again is left out, and said so.
 */
export function renderForm(form: Form, asked: AskedForm): AdaptiveCard {
  const values = Object.fromEntries(
    form.fields.map(({ name, initial = '' }) => [name, clean(asked.values?.[name] ?? initial)]),
  );
  const problems = { ...asked.problems };
  let card = assemble(form, asked, values, problems);
  while (bytesOf(card) > limits.cardBytes) {
    const [longest = ''] = Object.entries(values).toSorted(([, one], [, other]) => other.length - one.length)[0] ?? [];
    if ((values[longest] ?? '') === '') break;
    values[longest] = '';
    problems[longest] = [problems[longest] ?? '', tooLong].join(' ').trim();
    card = assemble(form, asked, values, problems);
  }
  if (bytesOf(card) <= limits.cardBytes || asked.people === undefined) return card;
  const { people: _tooMany, ...typed } = asked;
  return renderForm(form, typed);
}

const tooLong = 'What stood here is too long to be shown again: put it in once more.';

type Texts = Readonly<Record<string, string>>;

function assemble(form: Form, asked: AskedForm, values: Texts, problems: Texts): AdaptiveCard {
  const title = oneLine(form.title, limits.title, 'Parallel Run');
  const send: FormData = {
    action: 'form',
    command: asked.words,
    form: asked.id,
    ...(asked.askedIn === undefined ? {} : { askedIn: asked.askedIn }),
  };
  const cancel: CancelData = { action: 'cancel' };
  const elsewhere = Object.entries(problems).filter(([name]) => !form.fields.some((field) => field.name === name));
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    msteams: { width: 'Full' },
    fallbackText: title,
    body: [
      heading(title, 'Large'),
      ...paragraph(linesOf(form.intro ?? '', limits.text), { spacing: 'Small' }),
      ...elsewhere.flatMap(([, problem]) => problemLines(problem)),
      ...form.fields.flatMap((field) => inputOf(field, values[field.name] ?? '', problems[field.name], asked)),
      {
        type: 'ActionSet',
        actions: [
          execute(oneLine(form.submit, limits.buttonText, 'Send'), send, { style: 'positive' }),
          execute('Cancel', cancel, { associatedInputs: 'none' }),
        ],
      },
    ],
  };
}

/** The input, under it what it wants, and what is wrong with it. */
function inputOf(field: Field, value: string, problem: string | undefined, asked: AskedForm): Element[] {
  const hint = hintOf(field, asked);
  return [
    input(field, value, asked),
    ...paragraph(linesOf(hint, limits.tableCell, { size: 'Small', isSubtle: true }), { spacing: 'None' }),
    ...(problem === undefined ? [] : problemLines(problem)),
  ];
}

function problemLines(problem: string): Element[] {
  const look = { color: 'Attention', weight: 'Bolder' } as const;
  return paragraph(linesOf(`⚠️ ${problem}`, limits.tableCell, look), { spacing: 'None' });
}

function input(field: Field, value: string, { people }: AskedForm): Input {
  const base: Base = {
    id: inputId(field.name),
    label: oneLine(field.label, limits.inputLabel, field.name),
    ...(field.required ? { isRequired: true, errorMessage: 'This is needed.' } : {}),
    ...(value === '' ? {} : { value }),
  };
  switch (field.kind) {
    case 'text': {
      const maxLength = Math.max(field.maxLength, field.file?.maxLength ?? 0);
      const many = field.lines === 'many' || field.file !== undefined;
      return { type: 'Input.Text', ...base, maxLength, ...(many ? { isMultiline: true } : {}) };
    }
    // An input for numbers would hold no thousands separators, nor every exact decimal, and keep nothing else.
    case 'number':
      return { type: 'Input.Text', ...base };
    case 'date': {
      const { value: date = '', ...others } = base;
      const { earliest: min, latest: max } = field;
      return {
        type: 'Input.Date',
        ...others,
        ...(min === undefined && max === undefined ? {} : { errorMessage: boundsInWords(field) }),
        ...(isDate(date) ? { value: date } : {}),
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
      };
    }
    case 'person':
      if (people === undefined) return { type: 'Input.Text', ...base };
      return choice(
        base,
        people.map(({ person, name }) => ({ value: person, label: name })),
      );
    case 'choice':
      return choice(base, field.options);
  }
}

type Base = Pick<Input, 'id' | 'label' | 'isRequired' | 'errorMessage' | 'value'>;

function choice(base: Base, options: readonly { readonly value: string; readonly label: string }[]): Input {
  return {
    type: 'Input.ChoiceSet',
    ...base,
    // The published schema does not know the style that can be searched.
    style: options.length <= few ? 'expanded' : 'compact',
    choices: options.map(({ value, label }) => ({ title: oneLine(label, limits.inputLabel, value), value })),
    wrap: true,
  };
}

/** So many are all in sight at once. */
const few = 4;

function hintOf(field: Field, { people }: AskedForm): string {
  const hints = [field.hint ?? '', moreInWords(field), boundsInWords(field)];
  if (field.kind === 'person' && people === undefined && field.hint === undefined) {
    hints.push('As the playbook names people: "teams:" and the object id in the directory.');
  }
  return hints.filter((hint) => hint !== '').join(' ');
}

function moreInWords(field: Field): string {
  if (field.kind !== 'text' || field.file === undefined) return '';
  return `Paste the lines of the ${field.file.type.toUpperCase()} file here: in Teams, a form takes no files.`;
}

/** "From 1 to 12.", or nothing where there are no bounds. */
function boundsInWords(field: Field): string {
  if (field.kind === 'date') return bounds(field.earliest, field.latest, formatDate);
  return field.kind === 'number' ? bounds(field.minimum, field.maximum, String) : '';
}

function bounds(least: string | undefined, most: string | undefined, words: (bound: string) => string): string {
  if (least !== undefined && most !== undefined) return `From ${words(least)} to ${words(most)}.`;
  if (least !== undefined) return `From ${words(least)} on.`;
  return most === undefined ? '' : `Up to ${words(most)}.`;
}
