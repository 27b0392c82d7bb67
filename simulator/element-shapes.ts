import { isRecord } from './arguments.ts';
import { limits } from './limits.ts';
import {
  anyText,
  array,
  byType,
  flag,
  number,
  object,
  oneOf,
  type OptionalShape,
  optional,
  type Shape,
  text,
} from './shape.ts';

/** `plain_text` alone. */
export function plainText(max: number): Shape {
  return object({ type: oneOf('plain_text'), text: text(max), emoji: optional(flag) });
}

/** `plain_text` or `mrkdwn`. */
export function anyTextObject(max: number): Shape {
  return byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) });
}

export function mrkdwn(max: number): Shape {
  return object({ type: oneOf('mrkdwn'), text: text(max), verbatim: optional(flag) });
}

const confirm = object({
  title: plainText(limits.confirmTitle),
  text: anyTextObject(limits.confirmText),
  confirm: plainText(limits.confirmButton),
  deny: plainText(limits.confirmButton),
  style: optional(oneOf('primary', 'danger')),
});

const option = object({
  text: anyTextObject(limits.optionText),
  value: text(limits.optionValue),
  description: optional(anyTextObject(limits.optionText)),
  url: optional(text(limits.url)),
});

function element(type: string, fields: Readonly<Record<string, Shape | OptionalShape>>): Shape {
  return object({
    type: oneOf(type),
    action_id: optional(text(limits.actionId)),
    confirm: optional(confirm),
    focus_on_load: optional(flag),
    placeholder: optional(plainText(limits.placeholder)),
    ...fields,
  });
}

const choices = array(option, limits.choiceOptions);
const selection = array(option, limits.selectOptions);
const dispatch = object({ trigger_actions_on: optional(array(oneOf('on_enter_pressed', 'on_character_entered'), 2)) });
const typed = { initial_value: optional(anyText), dispatch_action_config: optional(dispatch) };

const button = object({
  type: oneOf('button'),
  text: plainText(limits.buttonText),
  action_id: optional(text(limits.actionId)),
  value: optional(text(limits.buttonValue)),
  url: optional(text(limits.url)),
  style: optional(oneOf('primary', 'danger')),
  confirm: optional(confirm),
  accessibility_label: optional(text(limits.accessibilityLabel)),
});

/** Elements that dispatch an action by themselves. */
const interactive: Readonly<Record<string, Shape>> = {
  button,
  static_select: element('static_select', { options: selection, initial_option: optional(option) }),
  multi_static_select: element('multi_static_select', {
    options: selection,
    initial_options: optional(selection),
    max_selected_items: optional(number(1)),
  }),
  users_select: element('users_select', { initial_user: optional(anyText) }),
  checkboxes: element('checkboxes', { options: choices, initial_options: optional(choices) }),
  radio_buttons: element('radio_buttons', { options: choices, initial_option: optional(option) }),
  datepicker: element('datepicker', { initial_date: optional(date) }),
  timepicker: element('timepicker', { initial_time: optional(anyText), timezone: optional(anyText) }),
};
const overflow = element('overflow', { options: array(option, limits.overflowOptions) });

const image = object({
  type: oneOf('image'),
  alt_text: text(limits.imageText),
  image_url: text(limits.url),
});

/** What may stand in an actions block. */
export const actionElement = byType({ ...interactive, overflow });
/** What may stand beside a section's text. */
export const accessory = byType({ ...interactive, overflow, image });
/** What may stand in a context block. */
export const contextElement = byType({ image, plain_text: plainText(limits.text), mrkdwn: mrkdwn(limits.text) });
/** What may stand in an input block: everything with a value. */
export const inputElement = byType({
  ...Object.fromEntries(Object.entries(interactive).filter(([type]) => type !== 'button')),
  plain_text_input: element('plain_text_input', {
    ...typed,
    multiline: optional(flag),
    min_length: optional(number(0, limits.inputLength)),
    max_length: optional(number(1, limits.inputLength)),
  }),
  number_input: element('number_input', {
    ...typed,
    is_decimal_allowed: flag,
    min_value: optional(anyText),
    max_value: optional(anyText),
  }),
  file_input: element('file_input', { filetypes: optional(array(anyText, 10)), max_files: optional(number(1, 10)) }),
  email_text_input: element('email_text_input', typed),
  url_text_input: element('url_text_input', typed),
});

function date(value: unknown, at: string, tell: Parameters<Shape>[2]): void {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) tell('must be a date: YYYY-MM-DD', at);
}

/** No two elements of a block may have the same action id. */
export const uniqueActionIds: Shape = (value, at, tell) => {
  const elements = isRecord(value) && Array.isArray(value['elements']) ? value['elements'] : [];
  const seen = new Set<unknown>();
  for (const [index, one] of elements.entries()) {
    const id: unknown = isRecord(one) ? one['action_id'] : undefined;
    if (id !== undefined && seen.has(id)) {
      tell(
        `\`action_id\` ${JSON.stringify(id)} already exists for another action`,
        `${at}/elements/${index}/action_id`,
      );
    }
    seen.add(id);
  }
};
