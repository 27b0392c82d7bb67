import { limits } from './limits.ts';
import { anyText, array, byType, flag, number, object, oneOf, optional, type Shape, text } from './shape.ts';

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block, which names no limit of length. */
const unlimited = Number.POSITIVE_INFINITY;

const style = optional(
  object({
    bold: optional(flag),
    italic: optional(flag),
    strike: optional(flag),
    code: optional(flag),
    underline: optional(flag),
    highlight: optional(flag),
    client_highlight: optional(flag),
    unlink: optional(flag),
  }),
);

const written = object({ type: oneOf('text'), text: text(unlimited), style });
const link = object({
  type: oneOf('link'),
  url: text(limits.url),
  text: optional(anyText),
  unsafe: optional(flag),
  style,
});

const inline = byType({
  text: written,
  link,
  user: object({ type: oneOf('user'), user_id: id(/^[UW][A-Z0-9]+$/), style }),
  usergroup: object({ type: oneOf('usergroup'), usergroup_id: id(/^S[A-Z0-9]+$/), style }),
  channel: object({ type: oneOf('channel'), channel_id: id(/^[CGD][A-Z0-9]+$/), style }),
  emoji: object({ type: oneOf('emoji'), name: text(unlimited), unicode: optional(anyText), style }),
  broadcast: object({ type: oneOf('broadcast'), range: oneOf('here', 'channel', 'everyone'), style }),
  date: object({
    type: oneOf('date'),
    timestamp: number(),
    format: text(unlimited),
    url: optional(text(limits.url)),
    fallback: optional(anyText),
    style,
  }),
});

const border = optional(number(0, 1));
const section = object({ type: oneOf('rich_text_section'), elements: array(inline, unlimited, 0) });
const parts = byType({
  rich_text_section: section,
  rich_text_list: object({
    type: oneOf('rich_text_list'),
    style: oneOf('bullet', 'ordered'),
    elements: array(section, unlimited),
    indent: optional(number(0, 8)),
    offset: optional(number(0)),
    border,
  }),
  rich_text_quote: object({ type: oneOf('rich_text_quote'), elements: array(inline, unlimited, 0), border }),
  rich_text_preformatted: object({
    type: oneOf('rich_text_preformatted'),
    elements: array(byType({ text: written, link }), unlimited, 0),
    border,
    language: optional(anyText),
  }),
});

/** A rich text block, which may also be a table's cell. */
export const richText: Shape = object({
  type: oneOf('rich_text'),
  block_id: optional(text(limits.blockId)),
  elements: array(parts, unlimited),
});

function id(form: RegExp): Shape {
  return (value, at, tell) => {
    if (typeof value !== 'string' || !form.test(value)) tell('must be an id', at);
  };
}
