import { randomBytes } from 'node:crypto';

/** What a command or click gives the app for a while: a trigger id to open a modal with, and a response URL. */
export interface Triggers {
  createTrigger(person: string): string;
  /** Exchanges it, which works once and within 3 s. */
  useTrigger(id: string): { readonly person: string } | 'invalid_trigger_id' | 'trigger_expired' | 'trigger_exchanged';
  /** Its path; `/commands/` and `/actions/` tell where it came from. */
  createResponsePath(origin: ResponseOrigin): string;
  /** Uses it up once, of five times within 30 minutes. */
  useResponsePath(path: string): ResponseOrigin | 'invalid_url' | 'used_url' | 'expired_url';
  close(): void;
}

export interface ResponseOrigin {
  readonly kind: 'commands' | 'actions';
  readonly person: string;
  readonly channel: string;
  /** The message with the button. */
  readonly message?: { readonly ts: string; readonly private: boolean };
  /** The ts of the private answer that was given last, which `replace_original` replaces. */
  answered?: string;
}

/** https://docs.slack.dev/interactivity/handling-user-interaction */
export const triggerMilliseconds = 3_000;
export const responseUses = 5;
export const responseMilliseconds = 30 * 60_000;

/** @param clock real milliseconds, of any origin; for tests */
export function createTriggers(clock: () => number = () => performance.now()): Triggers {
  const triggers = new Map<string, { person: string; at: number; used: boolean }>();
  const responses = new Map<string, { origin: ResponseOrigin; at: number; uses: number }>();
  return {
    createTrigger: (person) => {
      const id = `${Date.now()}.${randomBytes(6).toString('hex')}`;
      triggers.set(id, { person, at: clock(), used: false });
      return id;
    },
    useTrigger: (id) => {
      const trigger = triggers.get(id);
      if (trigger === undefined) return 'invalid_trigger_id';
      if (clock() - trigger.at > triggerMilliseconds) return 'trigger_expired';
      if (trigger.used) return 'trigger_exchanged';
      trigger.used = true;
      return { person: trigger.person };
    },
    createResponsePath: (origin) => {
      const path = `/${origin.kind}/T0PARALLEL/${Date.now()}/${randomBytes(12).toString('base64url')}`;
      responses.set(path, { origin, at: clock(), uses: 0 });
      return path;
    },
    useResponsePath: (path) => {
      const response = responses.get(path);
      if (response === undefined) return 'invalid_url';
      if (clock() - response.at > responseMilliseconds) return 'expired_url';
      if (response.uses >= responseUses) return 'used_url';
      response.uses += 1;
      return response.origin;
    },
    close: () => {
      triggers.clear();
      responses.clear();
    },
  };
}
