import { createHash } from 'node:crypto';
import type { WebClient } from '@slack/web-api';
import { bytesOf, type Claim, type Content, type Outcome } from '../core/messages/message.ts';
import { errorNameOf, failureOf, failureOfStatus } from './errors.ts';

type FileContent = Extract<Content, { kind: 'file' }>;

/** Files carry no metadata, so their name carries a digest of the key: the search after an unknown outcome finds it. */
export function fileNameOf(file: FileContent, key: string): string {
  const dot = file.name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [file.name.slice(0, dot), file.name.slice(dot)] : [file.name, ''];
  return `${stem}-${digestOf(key)}${extension}`;
}

export function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 10);
}

/** Shares a file in the channel, or in the parent's thread. Its external id is Slack's file id: a file is never edited. */
export async function shareFile(
  client: WebClient,
  claim: Claim,
  file: FileContent,
  signal: AbortSignal,
): Promise<Outcome> {
  const { place, key } = claim.message;
  const parent = claim.parentExternalId;
  let uploaded: string;
  try {
    // Slack shares a file whose thread is gone in the channel, and its answer does not say so.
    if (parent !== null) await client.conversations.replies({ channel: place.channel, ts: parent, limit: 1 });
    const bytes = bytesOf(file);
    const filename = fileNameOf(file, key);
    const upload = await client.files.getUploadURLExternal({ filename, length: bytes.length });
    if (upload.upload_url === undefined || upload.file_id === undefined) {
      return { kind: 'retry', reason: 'Slack gave no address to upload the file to' };
    }
    const response = await fetch(upload.upload_url, { method: 'POST', body: bytes, redirect: 'error', signal });
    await response.arrayBuffer();
    if (!response.ok) {
      const failure = failureOfStatus(response.status);
      return failure.kind === 'unknown' ? { ...failure, kind: 'retry' } : failure;
    }
    uploaded = upload.file_id;
  } catch (error) {
    // Nobody sees an uploaded file before it is shared, so all of this may be done again.
    return failureOf(error, 'repeatable');
  }
  try {
    await client.files.completeUploadExternal({
      files: [{ id: uploaded, title: file.title }],
      channel_id: place.channel,
      ...(parent === null ? {} : { thread_ts: parent }),
    });
    return { kind: 'delivered', externalId: uploaded };
  } catch (error) {
    if (errorNameOf(error) === 'posting_to_channel_denied') {
      return { kind: 'refused', reason: 'the workspace lets the bot share no files there: ask its administrator' };
    }
    return failureOf(error, 'once');
  }
}
