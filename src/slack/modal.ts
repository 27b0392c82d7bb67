import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { Field, Form, Values } from '../core/form.ts';
import { limits } from './limits.ts';
import { clean, cut, oneLine, plain } from './text.ts';

/** What a modal has to remember: with the words that asked for it, what is filled in becomes a request again. */
export interface AskedFor {
  readonly words: string;
  readonly channel: string;
  readonly responseUrl?: string | undefined;
}

/** The callback of every modal of ours. */
export const modalCallback = 'form';
const action = 'value';

/** A form as a modal, cut to Slack's limits; undefined where what it has to remember does not fit. */
export function renderModal(form: Form, asked: AskedFor): ModalView | undefined {
  const metadata = JSON.stringify(asked);
  if (metadata.length > limits.modalMetadata) return undefined;
  const intro: KnownBlock[] =
    form.intro === undefined
      ? []
      : [{ type: 'section', text: plain(cut(clean(form.intro).trim() || form.title, limits.text)) }];
  return {
    type: 'modal',
    callback_id: modalCallback,
    private_metadata: metadata,
    title: plain(oneLine(form.title, limits.modalTitle, 'Parallel Run')),
    submit: plain(oneLine(form.submit, limits.modalTitle, 'Send')),
    close: plain('Cancel'),
    blocks: [...intro, ...form.fields.flatMap(inputs)],
  };
}

/** What the modal was opened for. Throws for one that is not ours. */
export function askedFor(metadata: string): AskedFor {
  const parsed = JSON.parse(metadata) as Partial<AskedFor>;
  if (typeof parsed.words !== 'string' || typeof parsed.channel !== 'string') {
    throw new Error('A modal does not say what it was opened for.');
  }
  return { words: parsed.words, channel: parsed.channel, responseUrl: parsed.responseUrl };
}

/** An input's value as Slack sends it, by the kind of its element. */
interface Sent {
  readonly value?: string | null | undefined;
  readonly selected_date?: string | null | undefined;
  readonly selected_user?: string | null | undefined;
  readonly selected_option?: { readonly value?: string } | null | undefined;
  readonly files?: readonly FilePayload[] | null | undefined;
}

interface FilePayload {
  readonly name?: string | null | undefined;
  readonly size?: number | undefined;
  readonly url_private_download?: string | undefined;
}

/** What a modal holds when it is sent, by the blocks' ids. */
export type ModalState = Readonly<Record<string, Readonly<Record<string, Sent>>>>;

/** A file that somebody put into a modal. */
export interface FileSent {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Where the bot reads it, with its token. */
  readonly url: string;
}

/** What was filled in, by the fields' names, and the files by their blocks. */
export interface Filled {
  readonly values: Values;
  readonly files: Readonly<Record<string, FileSent>>;
}

const fileSuffix = '.file';
/** The field whose text a file is in place of. */
export const fieldOfFile = (block: string): string => block.slice(0, -fileSuffix.length);

export function filledIn(state: ModalState): Filled {
  const files = Object.entries(state).flatMap(([block, elements]) => {
    const [file] = elements[action]?.files ?? [];
    if (file === undefined) return [];
    const { name, size = 0, url_private_download: url = '' } = file;
    return [[block, { name: name ?? 'The file', size, url }] as const];
  });
  return { values: valuesOf(state), files: Object.fromEntries(files) };
}

function valuesOf(state: ModalState): Values {
  return Object.fromEntries(
    Object.entries(state).flatMap(([name, elements]) => {
      const sent = elements[action];
      const user = sent?.selected_user ?? undefined;
      const value =
        sent?.value ?? sent?.selected_date ?? sent?.selected_option?.value ?? (user && `slack:${user}`) ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** A field, and beside it a file where one may take its place: then neither is needed by itself. */
function inputs(field: Field): InputBlock[] {
  if (field.kind !== 'text' || field.file === undefined) return [input(field)];
  const { type } = field.file;
  return [
    { ...input(field), optional: true },
    {
      type: 'input',
      block_id: `${field.name}${fileSuffix}`,
      label: plain(`Or a ${type.toUpperCase()} file`),
      optional: true,
      element: { type: 'file_input', action_id: action, filetypes: [type], max_files: 1 },
    },
  ];
}

function input(field: Field): InputBlock {
  return {
    type: 'input',
    block_id: field.name,
    label: plain(oneLine(field.label, limits.inputLabel, field.name)),
    optional: !field.required,
    ...(field.hint === undefined ? {} : { hint: plain(oneLine(field.hint, limits.inputLabel, field.label)) }),
    element: element(field),
  };
}

function element(field: Field): InputBlock['element'] {
  const initial = clean(field.initial ?? '');
  switch (field.kind) {
    case 'text':
      return {
        type: 'plain_text_input',
        action_id: action,
        multiline: field.lines === 'many',
        max_length: Math.min(field.maxLength, limits.inputText),
        ...(initial === '' ? {} : { initial_value: cut(initial, Math.min(field.maxLength, limits.inputText)) }),
      };
    // Slack's own input for numbers knows no thousands separators and keeps nothing that it does not understand.
    case 'number':
      return {
        type: 'plain_text_input',
        action_id: action,
        ...(initial === '' ? {} : { initial_value: initial }),
      };
    case 'date':
      return { type: 'datepicker', action_id: action, ...(initial === '' ? {} : { initial_date: initial }) };
    case 'person': {
      const user = /^slack:([UW][A-Z0-9]+)$/.exec(initial)?.[1];
      return { type: 'users_select', action_id: action, ...(user === undefined ? {} : { initial_user: user }) };
    }
    case 'choice': {
      const options = field.options.slice(0, limits.selectOptions).map(({ value, label }) => ({
        text: plain(oneLine(label, limits.optionText, value)),
        value,
      }));
      const chosen = options.find(({ value }) => value === initial);
      return {
        type: 'static_select',
        action_id: action,
        options,
        ...(chosen === undefined ? {} : { initial_option: chosen }),
      };
    }
  }
}
