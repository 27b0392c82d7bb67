import type { TableBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { RichText } from './rich-text.tsx';

/** Slack's table: its first row holds the headings. */
export function Table({ block }: { readonly block: TableBlock }): ReactNode {
  const [headings = [], ...rows] = block.rows;
  const classOf = (column: number): string => {
    const settings = block.column_settings?.[column];
    return `${settings?.align ?? 'left'}${settings?.is_wrapped === true ? ' wrapped' : ''}`;
  };
  return (
    // Wide tables scroll sideways, for the keyboard too.
    <div className="table" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {headings.map((cell, column) => (
              <th key={column} scope="col" className={classOf(column)}>
                <Cell cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column} className={classOf(column)}>
                  <Cell cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell }: { readonly cell: TableBlock['rows'][number][number] }): ReactNode {
  if (cell.type === 'rich_text') return <RichText block={cell} />;
  return cell.text;
}
