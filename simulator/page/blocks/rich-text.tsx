import type { RichTextBlock, RichTextElement } from '@slack/types';
import type { ReactNode } from 'react';
import { emojiNamed } from '../text/emoji.ts';
import { safeUrl } from '../text/mrkdwn.ts';
import { ChannelMention, DateText, Link, Mention, UserMention } from './text.tsx';

/** Slack's rich text, where every text stands exactly as it was sent. */
export function RichText({ block }: { readonly block: RichTextBlock }): ReactNode {
  return block.elements.map((part, index) => {
    switch (part.type) {
      case 'rich_text_section':
        return (
          <p key={index}>
            <Elements elements={part.elements} />
          </p>
        );
      case 'rich_text_quote':
        return (
          <blockquote key={index}>
            <Elements elements={part.elements} />
          </blockquote>
        );
      case 'rich_text_preformatted':
        return (
          // Wide listings scroll sideways, for the keyboard too.
          <pre key={index} tabIndex={0}>
            <Elements elements={part.elements} />
          </pre>
        );
      case 'rich_text_list': {
        const items = part.elements.map((item, at) => (
          <li key={at}>
            <Elements elements={item.elements} />
          </li>
        ));
        const style = { marginInlineStart: `${part.indent ?? 0}rem` };
        return part.style === 'ordered' ? (
          <ol key={index} style={style} start={('offset' in part ? Number(part.offset) : 0) + 1}>
            {items}
          </ol>
        ) : (
          <ul key={index} style={style}>
            {items}
          </ul>
        );
      }
    }
  });
}

function Elements({ elements }: { readonly elements: readonly RichTextElement[] }): ReactNode {
  return elements.map((element, index) => <ElementView key={index} element={element} />);
}

function ElementView({ element }: { readonly element: RichTextElement }): ReactNode {
  switch (element.type) {
    case 'text':
      return styled(element.text, element.style);
    case 'link': {
      const words = element.text ?? element.url;
      const url = safeUrl(element.url);
      return styled(url === undefined ? words : <Link url={url}>{words}</Link>, element.style);
    }
    case 'emoji':
      return emojiNamed(element.name);
    case 'user':
      return <UserMention id={element.user_id} />;
    case 'channel':
      return <ChannelMention id={element.channel_id} />;
    case 'usergroup':
      return <Mention>@{element.usergroup_id}</Mention>;
    case 'broadcast':
      return <Mention>@{element.range}</Mention>;
    case 'date':
      return <DateText seconds={element.timestamp} format={element.format} fallback={element.fallback ?? ''} />;
    case 'color':
      return <code>{element.value}</code>;
    case 'team':
      return <Mention>{element.team_id}</Mention>;
  }
}

interface Style {
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly strike?: boolean;
  readonly code?: boolean;
}

function styled(children: ReactNode, style: Style | undefined): ReactNode {
  let result = children;
  if (style?.code === true) result = <code>{result}</code>;
  if (style?.strike === true) result = <s>{result}</s>;
  if (style?.italic === true) result = <em>{result}</em>;
  if (style?.bold === true) result = <strong>{result}</strong>;
  return result;
}
