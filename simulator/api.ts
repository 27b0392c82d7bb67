import { type ApiContext, ApiError, type ApiMethod } from './api-method.ts';
import { chatMethods } from './api-chat.ts';
import { conversationMethods } from './api-conversations.ts';
import { fileMethods } from './api-files.ts';
import { teamMethods } from './api-team.ts';
import { viewMethods } from './api-views.ts';
import type { Arguments } from './arguments.ts';
import type { Tokens } from './tokens.ts';

export const methods: Readonly<Record<string, ApiMethod>> = {
  ...teamMethods,
  ...chatMethods,
  ...conversationMethods,
  ...viewMethods,
  ...fileMethods,
};

/** Every scope that some method needs. */
export const allScopes: readonly string[] = [
  ...new Set([
    'commands',
    // No method needs it, but the files of messages are hidden without it.
    'files:read',
    'pins:write',
    ...Object.values(methods).flatMap(({ scope, token }) => (scope === undefined || token === 'app' ? [] : [scope])),
  ]),
];

/** Calls a method by its name as Slack would, after the checks that all methods share. Throws ApiError. */
export function callMethod(
  name: string,
  token: string | undefined,
  body: Arguments,
  context: ApiContext,
  tokens: Tokens,
): Record<string, unknown> {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) throw new ApiError('unknown_method', { req_method: name });
  const refusal = tokens.refusalOf(token, method);
  if (refusal !== undefined) throw new ApiError(refusal.error, refusal.details);
  return method.run(body, context);
}
