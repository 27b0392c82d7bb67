/** A piece of Slack's mrkdwn, ready to be drawn. Texts are unescaped: whoever draws them escapes for their own medium. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | { readonly kind: 'user' | 'channel' | 'usergroup'; readonly id: string; readonly label?: string }
  | { readonly kind: 'broadcast'; readonly name: string }
  | { readonly kind: 'date'; readonly seconds: number; readonly format: string; readonly fallback: string };

export type Paragraph =
  | { readonly kind: 'lines' | 'quote'; readonly children: readonly Inline[] }
  | { readonly kind: 'preformatted'; readonly text: string };

/** Reads mrkdwn. No character is ever lost: what is no valid markup stays as it was typed. */
export function parseMrkdwn(source: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  for (const [index, part] of source.split('```').entries()) {
    const open = index % 2 === 1;
    const closed = open && index < source.split('```').length - 1;
    if (closed) {
      paragraphs.push({ kind: 'preformatted', text: unescapeMarkup(part.replace(/^\n|\n$/g, '')) });
    } else if (open) {
      paragraphs.push(...parseLines(`\`\`\`${part}`));
    } else {
      paragraphs.push(...parseLines(part));
    }
  }
  return paragraphs;
}

/** Slack escapes exactly these three characters. */
export function unescapeMarkup(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

function parseLines(text: string): Paragraph[] {
  if (text.trim() === '') return [];
  const groups: { kind: 'lines' | 'quote'; lines: string[] }[] = [];
  for (const line of text.replace(/^\n|\n$/g, '').split('\n')) {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    const kind = quoted === null ? 'lines' : 'quote';
    const words = quoted === null ? line : line.slice(quoted[0].length);
    const last = groups.at(-1);
    if (last?.kind === kind) last.lines.push(words);
    else groups.push({ kind, lines: [words] });
  }
  return groups.map(({ kind, lines }) => ({ kind, children: parseInline(lines.join('\n')) }));
}

const styles = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

/** One line or several, without quotes and code blocks. */
export function parseInline(text: string): Inline[] {
  const inlines: Inline[] = [];
  let plain = '';
  const push = (inline: Inline): void => {
    if (plain !== '') inlines.push({ kind: 'text', text: unescapeMarkup(plain) });
    plain = '';
    inlines.push(inline);
  };
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const markup = char === '<' ? angled(text, at) : char === '`' ? code(text, at) : styled(text, at);
    if (markup === undefined) {
      plain += char;
      at += 1;
    } else {
      push(markup.inline);
      at = markup.end;
    }
  }
  if (plain !== '') inlines.push({ kind: 'text', text: unescapeMarkup(plain) });
  return inlines;
}

interface Found {
  readonly inline: Inline;
  readonly end: number;
}

function code(text: string, at: number): Found | undefined {
  const end = text.indexOf('`', at + 1);
  const words = text.slice(at + 1, end);
  if (end < 0 || words === '' || words.includes('\n')) return undefined;
  return { inline: { kind: 'code', text: unescapeMarkup(words) }, end: end + 1 };
}

/** `*bold*`, `_italic_`, `~struck~`: the signs hug their words and stand at the edge of a word, within one line. */
function styled(text: string, at: number): Found | undefined {
  const sign = text.charAt(at);
  if (sign !== '*' && sign !== '_' && sign !== '~') return undefined;
  if (at > 0 && /[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return undefined;
  if (!/[^\s]/.test(text.charAt(at + 1)) || text.charAt(at + 1) === sign) return undefined;
  for (let end = at + 2; end < text.length && text.charAt(end) !== '\n'; end += 1) {
    const hugged = text.charAt(end) === sign && !/\s/.test(text.charAt(end - 1));
    if (hugged && !/[\p{L}\p{N}]/u.test(text.charAt(end + 1))) {
      const children = parseInline(text.slice(at + 1, end));
      return { inline: { kind: styles[sign], children }, end: end + 1 };
    }
  }
  return undefined;
}

function angled(text: string, at: number): Found | undefined {
  const end = text.indexOf('>', at);
  if (end < 0) return undefined;
  const inside = text.slice(at + 1, end);
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : unescapeMarkup(inside.slice(bar + 1));
  const inline = linked(target, label);
  return inline === undefined ? undefined : { inline, end: end + 1 };
}

function linked(target: string, label: string | undefined): Inline | undefined {
  const named = label === undefined ? {} : { label };
  if (/^@[UW]\w+$/.test(target)) return { kind: 'user', id: target.slice(1), ...named };
  if (/^#C\w+$/.test(target)) return { kind: 'channel', id: target.slice(1), ...named };
  if (/^!(?:here|channel|everyone)$/.test(target)) return { kind: 'broadcast', name: target.slice(1) };
  if (/^!subteam\^S\w+$/.test(target)) return { kind: 'usergroup', id: target.slice(9), ...named };
  const date = /^!date\^(-?\d+)\^([^^]+)/.exec(target);
  if (date !== null) {
    return { kind: 'date', seconds: Number(date[1]), format: date[2] ?? '', fallback: label ?? target };
  }
  const url = safeUrl(unescapeMarkup(target));
  return url === undefined ? undefined : { kind: 'link', url, label: label ?? unescapeMarkup(target) };
}

/** The address, when it is one that is safe to click; `javascript:` and the like are none. */
export function safeUrl(address: string): string | undefined {
  return /^(?:https?:\/\/|mailto:)\S+$/i.test(address) ? address : undefined;
}
