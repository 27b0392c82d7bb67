import { parentIn, writableChannel } from './api-chat.ts';
import { ApiError, type ApiMethod } from './api-method.ts';
import { isRecord } from './arguments.ts';
import type { SimulatedFile } from './types.ts';

/** Sharing a file in three steps: an address, the upload (in server.ts), and its completion in a channel. */
export const fileMethods: Readonly<Record<string, ApiMethod>> = {
  'files.getUploadURLExternal': {
    token: 'bot',
    scope: 'files:write',
    run: (body, { workspace, origin }) => {
      const name = body.text('filename');
      const length = body.number('length');
      if (name === undefined || length === undefined || !(length > 0)) throw new ApiError('invalid_arguments');
      const id = workspace.nextId('F');
      workspace.uploads.set(id, { id, name, length });
      return { upload_url: `${origin()}/upload/v1/${id}`, file_id: id };
    },
  },
  'files.completeUploadExternal': {
    token: 'bot',
    scope: 'files:write',
    run: (body, context) => {
      const { workspace } = context;
      const named = body.json('files');
      if (!Array.isArray(named) || named.length === 0) throw new ApiError('invalid_arguments');
      const files = named.map((entry: unknown): SimulatedFile => {
        const upload = isRecord(entry) ? workspace.uploads.get(String(entry['id'])) : undefined;
        if (upload?.content === undefined) throw new ApiError('file_not_found');
        const title = isRecord(entry) && typeof entry['title'] === 'string' ? entry['title'] : upload.name;
        return { id: upload.id, name: upload.name, title, ...contentOf(upload.content) };
      });
      // Without a channel the files stay the bot's own.
      if (body.text('channel_id') !== undefined) {
        const channel = writableChannel(body, context, 'channel_id');
        const thread = body.text('thread_ts');
        const parent = thread === undefined ? undefined : parentIn(channel, thread);
        workspace.post(channel, {
          text: body.text('initial_comment') ?? '',
          files,
          ...(parent === undefined ? {} : { thread_ts: parent }),
        });
      }
      for (const { id } of files) workspace.uploads.delete(id);
      return { files: files.map(({ id, title }) => ({ id, title })) };
    },
  },
};

function contentOf(content: Buffer): Pick<SimulatedFile, 'text' | 'base64'> {
  const text = content.toString('utf8');
  return Buffer.from(text, 'utf8').equals(content) ? { text } : { text: '', base64: content.toString('base64') };
}
