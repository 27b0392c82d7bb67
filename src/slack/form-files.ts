import type { Log } from '../core/log.ts';
import type { Values } from '../core/form.ts';
import { failureOf } from './errors.ts';
import { type FileSent, type Filled, fieldOfFile } from './modal.ts';

/** The form with the texts of its files, or what is wrong with them by the blocks of the modal. */
export type FilledIn = { readonly values: Values } | { readonly errors: Readonly<Record<string, string>> };

export interface FormFilesOptions {
  readonly botToken: string;
  /** Default: Slack's own. */
  readonly apiUrl: string | undefined;
  readonly log: Log;
}

/** Longer than any that we ask for, in bytes. */
const mostBytes = 1_000_000;
/** Slack wants its answer within 3 s, and the request has to be written down after this. */
const fetchMilliseconds = 1_500;

/** Reads the files that were put into a form: in place of what could have been typed. Never rejects. */
export async function readFormFiles({ values, files }: Filled, options: FormFilesOptions): Promise<FilledIn> {
  const read: Record<string, string> = {};
  for (const [block, file] of Object.entries(files)) {
    const field = fieldOfFile(block);
    if (values[field] !== undefined) {
      return { errors: { [block]: 'A file, or what is typed above: not both.' } };
    }
    const text = await textOf(file, options);
    if ('problem' in text) return { errors: { [block]: text.problem } };
    read[field] = text.text;
  }
  return { values: { ...values, ...read } };
}

async function textOf(
  { name, size, url }: FileSent,
  { botToken, apiUrl, log }: FormFilesOptions,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  if (size > mostBytes) return { problem: `${name} has ${size} bytes: at most ${mostBytes} are read.` };
  // The token goes to Slack and to nobody else, whatever the address says.
  if (!URL.canParse(url) || new URL(url).origin !== originOfFiles(apiUrl)) {
    return { problem: `${name} does not lie in Slack: nothing was read.` };
  }
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${botToken}` },
      redirect: 'error',
      signal: AbortSignal.timeout(fetchMilliseconds),
    });
    // Without the scope, Slack answers with its page to sign in.
    if (!response.ok || (response.headers.get('content-type') ?? '').startsWith('text/html')) {
      return { problem: `${name} could not be read: the app needs the scope files:read.` };
    }
    const bytes = await response.arrayBuffer();
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      return { problem: `${name} is no text in UTF-8: save it as "CSV UTF-8".` };
    }
    log.warn({ reason: failureOf(error, 'repeatable') }, 'a file of a form could not be read');
    return { problem: `${name} could not be read in time: send it again, or type its lines above.` };
  }
}

const originOfFiles = (apiUrl: string | undefined): string =>
  apiUrl === undefined ? 'https://files.slack.com' : new URL(apiUrl).origin;
