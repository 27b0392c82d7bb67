import { type ReactNode, useState } from 'react';
import { Icon } from '../icons.tsx';
import type { PageMessage } from '../state.ts';
import { parseCsv } from '../text/csv.ts';

type File = NonNullable<PageMessage['files']>[number];

const previewRows = 50;

/** A file as a card that can be looked into and saved. */
export function FileCard({ file }: { readonly file: File }): ReactNode {
  const [open, setOpen] = useState(false);
  const isCsv = file.name.toLowerCase().endsWith('.csv');
  const bytes = blobOf(file).size;
  return (
    <div className="file">
      <div className="file-head">
        <span className="file-icon">
          <Icon name="file" />
        </span>
        <span className="file-name">
          <strong>{file.title || file.name}</strong>
          <small>
            {file.name} · {bytes < 1_024 ? `${bytes} bytes` : `${(bytes / 1_024).toFixed(1)} KB`}
          </small>
        </span>
        {file.base64 === undefined ? (
          <button type="button" className="plain-button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide' : 'Preview'}
          </button>
        ) : null}
        <button type="button" className="plain-button" aria-label={`Download ${file.name}`} onClick={() => save(file)}>
          <Icon name="download" />
        </button>
      </div>
      {open ? isCsv ? <CsvPreview text={file.text} /> : <pre>{file.text.slice(0, 10_000)}</pre> : null}
    </div>
  );
}

function CsvPreview({ text }: { readonly text: string }): ReactNode {
  const [headings = [], ...rows] = parseCsv(text);
  const shown = rows.slice(0, previewRows);
  return (
    <>
      <div className="table" role="region" aria-label="Preview" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {headings.map((heading, column) => (
                <th key={column} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown.length ? (
        <p className="hint">
          The first {shown.length} of {rows.length} rows; download the file for all.
        </p>
      ) : null}
    </>
  );
}

/** What is in it, to the byte. */
function blobOf({ text, base64 }: File): Blob {
  return new Blob([base64 === undefined ? text : Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))]);
}

function save(file: File): void {
  const url = URL.createObjectURL(blobOf(file));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(url);
}
