import { isRecord } from './arguments.ts';
import type { Workspace } from './workspace.ts';

/**
 * What a modal holds when it is sent, with its files uploaded: the page gives name and text, and Slack tells the app where
 * to read them. https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
 */
export function withUploads(values: unknown, workspace: Workspace, origin: string): unknown {
  if (!isRecord(values)) return values;
  return mapped(values, (block) =>
    isRecord(block)
      ? mapped(block, (element) =>
          isRecord(element) && element['type'] === 'file_input' && Array.isArray(element['files'])
            ? { ...element, files: element['files'].map((file: unknown) => uploaded(file, workspace, origin)) }
            : element,
        )
      : block,
  );
}

function mapped(record: Record<string, unknown>, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function uploaded(file: unknown, workspace: Workspace, origin: string): Record<string, unknown> {
  const { name, text } = isRecord(file) ? file : {};
  if (typeof name !== 'string' || typeof text !== 'string') throw new Error('A file has a name and a text.');
  const id = workspace.nextId('F');
  const content = Buffer.from(text);
  workspace.uploads.set(id, { id, name, length: content.length, content });
  const url = `${origin}/files-pri/${id}/download/${encodeURIComponent(name)}`;
  const filetype = name.split('.').at(-1) ?? '';
  return { id, name, title: name, filetype, size: content.length, url_private: url, url_private_download: url };
}
