import { pino } from 'pino';
import type { LogLevel } from '../config.ts';
import type { Log } from '../core/log.ts';

/**
 * Structured logs on standard output, one JSON object a line. Tokens, passwords and secrets
 * are struck out of every line as a whole, wherever they stand, so that an error message that quotes one does no harm.
 */
export function createLog(level: LogLevel): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'token',
        'botToken',
        'appToken',
        'signingSecret',
        'appPassword',
        'password',
        'authorization',
        '*.token',
        '*.password',
      ],
      censor: '[redacted]',
    },
    hooks: { streamWrite: scrub },
  });
}

/** Strikes out Slack tokens, signed ones such as Microsoft's, passwords in connection URLs, and Slack's reply addresses, which are secrets too. */
export function scrub(line: string): string {
  return line
    .replace(/\bx(?:ox[a-z]|app)-[\w-]+/g, '[redacted token]')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted token]')
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*):[^\s@"]*@/gi, '$1:[redacted]@')
    .replace(/https:\/\/hooks\.slack\.com\/[^\s"]+/g, '[redacted reply address]');
}
