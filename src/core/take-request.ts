import type { Request } from './request.ts';
import type { Transaction } from './store.ts';

/**
 * What became of a request: written down now, or written down before, as a thing that is delivered twice is. `refused`:
 * the same form was written down with something else in it, and this is not; in words, for the person alone.
 */
export type Taken = 'taken' | 'known' | { readonly refused: string };

/** What became of a request when it came before; undefined where it did not. */
export type EarlierOf = (request: Request) => Promise<Exclude<Taken, 'taken'> | undefined>;

/** What somebody reads whose request could not be written down. */
export const notSaved = 'Your request could not be saved, so nothing will come of it. Please try again in a minute.';

/** What somebody reads of whose request nobody knows whether it was: it may take effect yet. */
export const savedTooLate =
  'Your request could not be saved in time. If no answer follows within a minute, please try again.';

const firstVersion =
  'The first version of this form was saved after all, and will be answered; what stands here now was not. ' +
  'To send it as well, copy it, close this form and ask for it again.';

/** True whatever stands in the form now: what an answer to a survey said is kept nowhere but in the survey. */
const forgottenVersion =
  'Your answer was received before, and sending it again changed nothing. What such a form says is not kept, so nobody ' +
  'can tell whether this one says the same. To answer anew, close this form and ask for it again.';

/** Writes a request down, once. */
export async function takeRequest(tx: Transaction, request: Request): Promise<Taken> {
  return (await tx.inbox.receive(request)) ? 'taken' : ((await earlierOf(tx, request)) ?? 'known');
}

/**
 * What became of a request before it is looked at: undefined where nothing did. Somebody whose form could not be saved in
 * time corrects it and sends it again under the same id, and the first may have been saved nevertheless.
 */
export async function earlierOf(tx: Transaction, request: Request): Promise<Exclude<Taken, 'taken'> | undefined> {
  const earlier = await tx.inbox.compare(request);
  if (earlier === undefined) return undefined;
  if (earlier === 'same' || request.form === undefined) return 'known';
  return { refused: earlier === 'forgotten' ? forgottenVersion : firstVersion };
}
