import { SourceError } from '../core/sources.ts';

/** The most rows that one query may answer: checks compare groups, not people, and a mistaken one must not fill the memory. */
export const rowLimit = 100_000;

export interface Limits {
  /** The system's title, for the error. */
  readonly title: string;
  /** What is being done, such as "answer a query", for the error. */
  readonly doing: string;
  readonly milliseconds: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits for `work`, at most until the time is over or the signal fires. Then `stop` is called once to make `work` end;
 * when `work` has ended or `stop` has done all it can, this throws SourceError `timeout` or `cancelled`.
 */
export function bounded<T>(work: Promise<T>, limits: Limits, stop: () => Promise<void>): Promise<T> {
  const { title, doing, milliseconds, signal } = limits;
  return new Promise<T>((resolve, reject) => {
    let ended: SourceError | undefined;
    const end = (reason: SourceError): void => {
      clear();
      ended = reason;
      const giveUp = (): void => reject(reason);
      stop().then(giveUp, giveUp);
    };
    const onAbort = (): void => end(cancelled(title));
    const timer = setTimeout(
      () => end(new SourceError('timeout', `${title} did not ${doing} within ${milliseconds / 1000} s.`)),
      milliseconds,
    );
    const clear = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) onAbort();
    work.then(
      (value) => {
        clear();
        if (ended === undefined) resolve(value);
        else reject(ended);
      },
      (error: unknown) => {
        clear();
        reject(ended ?? error);
      },
    );
  });
}

export function cancelled(title: string): SourceError {
  return new SourceError('cancelled', `Reading ${title} was cancelled.`);
}

export function tooManyRows(title: string): SourceError {
  return new SourceError(
    'query',
    `A query of ${title} answers more than ${rowLimit.toLocaleString('en')} rows: group or aggregate in the SQL.`,
  );
}
