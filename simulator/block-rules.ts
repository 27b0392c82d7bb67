import { isRecord } from './arguments.ts';
import { chart, table } from './data-shapes.ts';
import {
  accessory,
  actionElement,
  anyTextObject,
  contextElement,
  inputElement,
  plainText,
  uniqueActionIds,
} from './element-shapes.ts';
import { limits } from './limits.ts';
import { richText } from './rich-text-shapes.ts';
import { array, byType, flag, object, oneOf, optional, problemsOf, type Shape, text } from './shape.ts';

const blockId = optional(text(limits.blockId));

const section: Shape = object(
  {
    type: oneOf('section'),
    block_id: blockId,
    text: optional(anyTextObject(limits.text)),
    fields: optional(array(anyTextObject(limits.sectionField), limits.sectionFields)),
    accessory: optional(accessory),
    expand: optional(flag),
  },
  (value, at, tell) => {
    if (isRecord(value) && value['text'] === undefined && value['fields'] === undefined) {
      tell('must define either `fields` or `text`', at);
    }
  },
);

const everywhere: Readonly<Record<string, Shape>> = {
  section,
  header: object({ type: oneOf('header'), block_id: blockId, text: plainText(limits.header) }),
  divider: object({ type: oneOf('divider'), block_id: blockId }),
  context: object({
    type: oneOf('context'),
    block_id: blockId,
    elements: array(contextElement, limits.contextElements),
  }),
  actions: object(
    { type: oneOf('actions'), block_id: blockId, elements: array(actionElement, limits.actionElements) },
    uniqueActionIds,
  ),
  image: object({
    type: oneOf('image'),
    block_id: blockId,
    alt_text: text(limits.imageText),
    image_url: text(limits.url),
    title: optional(plainText(limits.imageText)),
  }),
  input: object({
    type: oneOf('input'),
    block_id: blockId,
    label: plainText(limits.inputText),
    hint: optional(plainText(limits.inputText)),
    element: inputElement,
    optional: optional(flag),
    dispatch_action: optional(flag),
  }),
  rich_text: richText,
};

/** Blocks that Slack has and the simulator does not know are refused like those that nobody knows. */
const messageBlock = byType({
  ...everywhere,
  table,
  data_visualization: chart,
  markdown: object({ type: oneOf('markdown'), block_id: blockId, text: text(limits.markdown) }),
});
const viewBlock = byType(everywhere);

/** What Slack would refuse, with its own name for it; `messages` stand in `response_metadata`. */
export interface Refusal {
  readonly error: string;
  readonly messages: readonly string[];
}

/** @param maxText the longest `text` that the method takes */
export function problemsOfMessage(
  messageText: string,
  blocks: unknown,
  maxText: number = limits.messageText,
): Refusal | undefined {
  if (messageText.length > maxText) return { error: 'msg_too_long', messages: [] };
  if (blocks === undefined) return messageText === '' ? { error: 'no_text', messages: [] } : undefined;
  if (!Array.isArray(blocks) || !blocks.every(isRecord)) return { error: 'invalid_blocks_format', messages: [] };
  if (blocks.length === 0 && messageText === '') return { error: 'no_text', messages: [] };
  const problems = [
    ...problemsOf(array(messageBlock, limits.messageBlocks, 0), blocks, '/blocks'),
    ...problemsOfAll(blocks),
  ];
  if (problems.length > 0) return { error: 'invalid_blocks', messages: problems };
  const length = blocks.filter(({ type }) => type !== 'table' && type !== 'data_visualization').map(lengthOf);
  return sum(length) > limits.allBlockText ? { error: 'msg_blocks_too_long', messages: [] } : undefined;
}

/** What is wrong with a modal or a Home tab; empty when nothing is. */
export function problemsOfView(view: Readonly<Record<string, unknown>>, type: 'modal' | 'home'): readonly string[] {
  const common = {
    type: oneOf(type),
    blocks: array(viewBlock, limits.viewBlocks, type === 'modal' ? 1 : 0),
    private_metadata: optional(text(limits.privateMetadata, 0)),
    callback_id: optional(text(limits.callbackId, 0)),
    external_id: optional(text(limits.callbackId, 0)),
  };
  const shape =
    type === 'home'
      ? object(common)
      : object({
          ...common,
          title: plainText(limits.viewText),
          submit: optional(plainText(limits.viewText)),
          close: optional(plainText(limits.viewText)),
          clear_on_close: optional(flag),
          notify_on_close: optional(flag),
        });
  const blocks = Array.isArray(view['blocks']) ? view['blocks'].filter(isRecord) : [];
  const problems = [...problemsOf(shape, view, '/view'), ...repeatedIds(blocks, '/view/blocks')];
  if (type === 'modal' && view['submit'] === undefined && blocks.some((block) => block['type'] === 'input')) {
    problems.push('`submit` is required when an input block is in the view [json-pointer:/view]');
  }
  return problems;
}

/** The rules about all blocks of a message together. */
function problemsOfAll(blocks: readonly Record<string, unknown>[]): string[] {
  const problems = repeatedIds(blocks, '/blocks');
  const tables = blocks.filter(({ type }) => type === 'table');
  if (tables.length > limits.tables) problems.push('only_one_table_allowed [json-pointer:/blocks]');
  if (sum(tables.map(lengthOf)) > limits.tableText) {
    problems.push(`a table may have ${limits.tableText} characters in all its cells [json-pointer:/blocks]`);
  }
  if (blocks.filter(({ type }) => type === 'data_visualization').length > limits.charts) {
    problems.push(`no more than ${limits.charts} data_visualization blocks allowed [json-pointer:/blocks]`);
  }
  if (sum(blocks.filter(({ type }) => type === 'markdown').map(lengthOf)) > limits.markdown) {
    problems.push(`markdown blocks may have ${limits.markdown} characters together [json-pointer:/blocks]`);
  }
  return problems;
}

function repeatedIds(blocks: readonly Record<string, unknown>[], at: string): string[] {
  const ids = blocks.map((block) => block['block_id']);
  return ids.flatMap((id, index) =>
    id !== undefined && ids.indexOf(id) < index
      ? [`\`block_id\` ${JSON.stringify(id)} already exists [json-pointer:${at}/${index}/block_id]`]
      : [],
  );
}

/** The characters of everything called `text` within a value. */
function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return sum(value.map(lengthOf));
  if (!isRecord(value)) return 0;
  return sum(
    Object.entries(value).map(([name, part]) =>
      name === 'text' && typeof part === 'string' ? part.length : lengthOf(part),
    ),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
