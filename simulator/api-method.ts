import type { Arguments } from './arguments.ts';
import type { Triggers } from './triggers.ts';
import type { Workspace } from './workspace.ts';

/** What a method works with. */
export interface ApiContext {
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  /** `http://127.0.0.1:PORT` */
  readonly origin: () => string;
  readonly openSocketUrl: () => string;
  /** The bot token's. */
  readonly scopes: readonly string[];
}

export interface ApiMethod {
  /** Which of the tokens may call it. */
  readonly token: 'bot' | 'app';
  /** The scope it needs, where it needs one. */
  readonly scope?: string;
  /** The answer without its `ok`. Throws ApiError where Slack refuses. */
  run(body: Arguments, context: ApiContext): Record<string, unknown>;
}

/** `{ ok: false, error }` */
export class ApiError extends Error {
  readonly error: string;
  /** What stands beside `error` in the answer. */
  readonly details: Readonly<Record<string, unknown>>;
  constructor(error: string, details: Readonly<Record<string, unknown>> = {}) {
    super(error);
    this.name = 'ApiError';
    this.error = error;
    this.details = details;
  }
}
