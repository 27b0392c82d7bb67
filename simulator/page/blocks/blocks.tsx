import type { ContextBlock } from '@slack/types';
import { Component, type ReactNode } from 'react';
import { Message as LibraryBlocks } from 'slack-blocks-to-jsx';
import { Chart } from './chart.tsx';
import { ActionElement } from './elements.tsx';
import { Input } from './input.tsx';
import { RichText } from './rich-text.tsx';
import { Table } from './table.tsx';
import { MrkdwnLine, Text } from './text.tsx';
import { type ActionsBlock, type DrawnBlock, isBlock, type SectionBlock } from './types.ts';

/** The blocks of a message or a view. One that cannot be drawn says so and leaves the others alone. */
export function Blocks({ blocks }: { readonly blocks: readonly unknown[] }): ReactNode {
  return (
    <div className="blocks rich">
      {blocks.filter(isBlock).map((block, index) => (
        <Guard key={block.block_id ?? index} what={block.type}>
          <BlockView block={block} />
        </Guard>
      ))}
    </div>
  );
}

function BlockView({ block }: { readonly block: DrawnBlock }): ReactNode {
  switch (block.type) {
    case 'header':
      return (
        <h3 className="header">
          <Text text={block.text} />
        </h3>
      );
    case 'divider':
      return <hr />;
    case 'section':
      return <Section block={block} />;
    case 'context':
      return <Context block={block} />;
    case 'rich_text':
      return <RichText block={block} />;
    case 'table':
      return <Table block={block} />;
    case 'data_visualization':
      return <Chart block={block} />;
    case 'actions':
      return <Actions block={block} />;
    case 'input':
      return <Input block={block} />;
    default:
      // Kinds that the product does not use: the library draws them, without anything to press.
      return <LibraryBlocks withoutWrapper name="" logo="" blocks={[block]} />;
  }
}

function Section({ block }: { readonly block: SectionBlock }): ReactNode {
  const { accessory } = block;
  return (
    <div className="section">
      <div className="section-text">
        {block.text === undefined ? null : <Text text={block.text} />}
        {block.fields === undefined ? null : (
          <div className="fields">
            {block.fields.map((field, index) => (
              <div key={index}>
                <Text text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory === undefined || accessory.type === 'image' ? null : (
        <ActionElement element={accessory} blockId={block.block_id} />
      )}
    </div>
  );
}

function Context({ block }: { readonly block: ContextBlock }): ReactNode {
  return (
    <div className="context">
      {block.elements.map((element, index) => (
        <span key={index}>
          {element.type === 'image' ? element.alt_text : null}
          {element.type === 'mrkdwn' ? <MrkdwnLine text={element.text} /> : null}
          {element.type === 'plain_text' ? <Text text={element} /> : null}
        </span>
      ))}
    </div>
  );
}

function Actions({ block }: { readonly block: ActionsBlock }): ReactNode {
  return (
    <div className="actions">
      {block.elements.map((element, index) => (
        <ActionElement key={element.action_id ?? index} element={element} blockId={block.block_id} />
      ))}
    </div>
  );
}

/** React's way to contain a failure while drawing: it only exists for classes. */
class Guard extends Component<{ readonly what: string; readonly children: ReactNode }, { readonly failed: boolean }> {
  override readonly state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <p className="undrawn">The simulator could not draw this block of type {this.props.what}.</p>;
  }
}
