import { isRecord } from './arguments.ts';

/** What Slack would refuse in a message; `messages` go into `response_metadata`. */
export interface Refusal {
  readonly error: string;
  readonly messages: readonly string[];
}

export function problemsOfMessage(text: string, blocks: unknown): Refusal | undefined {
  if (blocks === null || (blocks !== undefined && !Array.isArray(blocks)))
    return { error: 'invalid_blocks_format', messages: [] };
  if (text === '' && (blocks === undefined || blocks.length === 0)) return { error: 'no_text', messages: [] };
  return undefined;
}

export function problemsOfView(view: Record<string, unknown>, type: 'modal' | 'home'): readonly string[] {
  if (view['type'] !== type) return [`[ERROR] the view must be of type "${type}" [json-pointer:/view/type]`];
  if (!Array.isArray(view['blocks']) || !view['blocks'].every(isRecord))
    return ['[ERROR] missing required field: blocks'];
  return [];
}
