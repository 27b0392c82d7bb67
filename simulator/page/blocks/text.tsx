import type { ReactNode } from 'react';
import type { TextObject } from '../state.ts';
import { formatDate } from '../text/dates.ts';
import { emojify } from '../text/emoji.ts';
import { type Inline, parseInline, parseMrkdwn } from '../text/mrkdwn.ts';
import { useWorkspace } from '../workspace.ts';

/** Slack's text object. Plain text is shown as typed; `emoji: false` leaves even short names such as ":tada:" alone. */
export function Text({ text }: { readonly text: TextObject & { readonly emoji?: boolean } }): ReactNode {
  if (text.type === 'mrkdwn') return <Mrkdwn text={text.text} />;
  return <span className="plain">{text.emoji === false ? text.text : emojify(text.text)}</span>;
}

/** A short text that stands within a line: a button's, a label's. */
export function plainOf(text: TextObject & { readonly emoji?: boolean }): string {
  return text.emoji === false ? text.text : emojify(text.text);
}

export function Mrkdwn({ text }: { readonly text: string }): ReactNode {
  return parseMrkdwn(text).map((paragraph, index) => {
    if (paragraph.kind === 'preformatted') return <pre key={index}>{paragraph.text}</pre>;
    const children = <Inlines inlines={paragraph.children} />;
    return paragraph.kind === 'quote' ? <blockquote key={index}>{children}</blockquote> : <p key={index}>{children}</p>;
  });
}

/** Mrkdwn within a line, for small print. */
export function MrkdwnLine({ text }: { readonly text: string }): ReactNode {
  return <Inlines inlines={parseInline(text)} />;
}

function Inlines({ inlines }: { readonly inlines: readonly Inline[] }): ReactNode {
  return inlines.map((inline, index) => <InlineView key={index} inline={inline} />);
}

function InlineView({ inline }: { readonly inline: Inline }): ReactNode {
  switch (inline.kind) {
    case 'text':
      return emojify(inline.text);
    case 'bold':
      return (
        <strong>
          <Inlines inlines={inline.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Inlines inlines={inline.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Inlines inlines={inline.children} />
        </s>
      );
    case 'code':
      return <code>{inline.text}</code>;
    case 'link':
      return <Link url={inline.url}>{inline.label}</Link>;
    case 'user':
      return <UserMention id={inline.id} />;
    case 'channel':
      return <ChannelMention id={inline.id} />;
    case 'usergroup':
      return <Mention>{inline.label ?? `@${inline.id}`}</Mention>;
    case 'broadcast':
      return <Mention>@{inline.name}</Mention>;
    case 'date':
      return <DateText seconds={inline.seconds} format={inline.format} fallback={inline.fallback} />;
  }
}

export function Link({ url, children }: { readonly url: string; readonly children: ReactNode }): ReactNode {
  return (
    <a href={url} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

export function Mention({ children }: { readonly children: ReactNode }): ReactNode {
  return <span className="mention">{children}</span>;
}

export function UserMention({ id }: { readonly id: string }): ReactNode {
  const { state, person } = useWorkspace();
  const name = id === state.bot.id ? state.bot.name : state.people.find((one) => one.id === id)?.name;
  return <span className={id === person.id ? 'mention mention-me' : 'mention'}>@{name ?? id}</span>;
}

export function ChannelMention({ id }: { readonly id: string }): ReactNode {
  const { state } = useWorkspace();
  return <Mention>#{state.channels.find((channel) => channel.id === id)?.name ?? id}</Mention>;
}

/** A time in the reader's zone. */
export function DateText(props: {
  readonly seconds: number;
  readonly format: string;
  readonly fallback: string;
}): ReactNode {
  const { reader } = useWorkspace();
  const date = new Date(props.seconds * 1_000);
  if (Number.isNaN(date.getTime())) return props.fallback;
  return (
    <time dateTime={date.toISOString()} title={`${props.fallback} · shown in ${reader.timeZone}`}>
      {formatDate(props.seconds, props.format, reader)}
    </time>
  );
}
