import type { Activity, BotAnswer } from './types.ts';

export interface BotPost {
  readonly endpoint: string;
  readonly activity: Activity;
  /** The whole header; null leaves it out. */
  readonly authorization: string | null;
  /** How long to wait for the answer, in milliseconds. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** Posts an activity to the bot's messaging endpoint, once: Teams does not repeat what was not answered. */
export async function postToBot({ endpoint, activity, authorization, patience, signal }: BotPost): Promise<BotAnswer> {
  const began = performance.now();
  const milliseconds = (): number => Math.round(performance.now() - began);
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
      body: JSON.stringify(activity),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
    });
    const body = parse(await response.text());
    return {
      acknowledged: response.ok,
      status: response.status,
      milliseconds: milliseconds(),
      ...(body === undefined ? {} : { body }),
    };
  } catch {
    return { acknowledged: false, status: undefined, milliseconds: milliseconds() };
  }
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
