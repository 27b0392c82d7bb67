import type { Suggestion } from './page/state.ts';
import type { TeamsState } from './page/teams/state.ts';

export type { Suggestion };

/** What the simulated workspace is made of and how it behaves. */
export interface SimulatorOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** A loopback address; anything else is refused. Default: 127.0.0.1. */
  readonly host?: string;
  /** HTTP mode: what the posts are signed with. Default: one made up. */
  readonly signingSecret?: string;
  /** HTTP mode: where commands, clicks and events are posted. Absent: Socket Mode. */
  readonly requestUrl?: string;
  /** The simulated clock: the times of messages. Waiting (3 s for an acknowledgement, 30 min for a response URL) is real. */
  readonly now?: () => Date;
  /** Whether to serve the web page. Default: no. */
  readonly page?: boolean;
  /** The page shows this simulator of Teams beside Slack. Default: Slack alone. */
  readonly teams?: TeamsPage;
  /** Beside the sample people. */
  readonly morePeople?: readonly SimulatedPerson[];
  /** Extra buttons on the page. */
  readonly controls?: readonly Control[];
  /** What the page suggests after the slash command. */
  readonly suggestions?: readonly Suggestion[];
  /** The zone of the sample people: the page shows every time in it. Default: the browser's. */
  readonly timeZone?: string;
  /** The bot token's scopes. Default: all that the methods need. */
  readonly scopes?: readonly string[];
  /** Of the faults that have a probability. Default: 1. */
  readonly seed?: number;
  /** How long Slack waits for an acknowledgement, in milliseconds. Default: 3,000, as the real one. */
  readonly patience?: number;
  /** Whether posting faster than about one message a second and channel is refused with 429. Default: no. */
  readonly rateLimit?: boolean;
}

/** Another simulated workspace on the same page. */
export interface TeamsPage {
  state(): TeamsState;
  /** What the page posts to `/simulator/teams/<name>`, by its name. */
  readonly acts: ReadonlyMap<string, (body: Record<string, unknown>) => Promise<unknown>>;
  onChange(listener: () => void): () => void;
}

export interface Control {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** Does it and says in a sentence what it did. */
  run(): Promise<string>;
}

export interface SimulatedPerson {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** In the simulated tenant of Teams, a UUID; absent for whoever has no account there. */
  readonly aadObjectId?: string;
  readonly guest?: boolean;
  readonly deleted?: boolean;
}

export interface SimulatedFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** Empty where the file is no text. */
  readonly text: string;
  /** What is in a file that is no text. */
  readonly base64?: string;
}

export interface SimulatedMessage {
  readonly ts: string;
  readonly channel: string;
  readonly thread_ts?: string;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly unknown[];
  readonly files?: readonly SimulatedFile[];
  readonly metadata?: unknown;
  readonly edited?: boolean;
  readonly pinned?: boolean;
  readonly ephemeralFor?: string;
}

/** What a call of the Web API meets instead of, or on top of, its usual answer. */
export type Fault =
  /** An HTTP status such as 429, 500 or 503, without any effect. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** `{ ok: false, error }`, without any effect. */
  | { readonly kind: 'error'; readonly error: string }
  /** The effect happens; the connection is destroyed before the answer. */
  | { readonly kind: 'dropReply' }
  /** The connection is destroyed before any effect. */
  | { readonly kind: 'dropRequest' }
  /** With its effect: answers late. Without: the connection is destroyed after that time. */
  | { readonly kind: 'hang'; readonly milliseconds: number; readonly effect: boolean };

export interface FaultRule {
  /** A method's name, `upload`, `download` or `response_url` for those addresses, or `*` for everything. */
  readonly method: string;
  readonly fault: Fault;
  /** How many calls meet it. Default: 1. */
  readonly times?: number;
  /** From 0 to 1, for each call. Default: 1. */
  readonly probability?: number;
}

/** One call of the Web API (or of the upload and response addresses) that arrived. */
export interface ApiCall {
  readonly method: string;
  readonly ok: boolean;
  readonly error?: string;
  /** Real milliseconds since 1970. */
  readonly at: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the app said to a command, click or event. */
export interface Acknowledgement {
  /** Within 3 s of the first attempt. */
  readonly acknowledged: boolean;
  readonly milliseconds: number;
  /** What came with the acknowledgement. */
  readonly body?: unknown;
}

/** One thing that was sent to the app, in the order of sending; redeliveries repeat the payload. */
export interface Delivery {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Simulator {
  /** `http://127.0.0.1:PORT/api/` */
  readonly apiUrl: string;
  /** `http://127.0.0.1:PORT/` */
  readonly pageUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly team: { readonly id: string; readonly name: string };
  readonly people: readonly SimulatedPerson[];
  /** #parallel-run, #parallel-run-alerts, #rehearsal, and #general, where the bot is not a member. */
  readonly channels: readonly { readonly id: string; readonly name: string; readonly archived?: boolean }[];
  /** As a person: a slash command; resolves when the app acknowledged it, or after 3 s. */
  command(person: string, channel: string, text: string): Promise<Acknowledgement>;
  /** As a person: a button of a message. Rejects when there is no such button. */
  press(person: string, channel: string, ts: string, actionId: string): Promise<Acknowledgement>;
  /** As a person: opens the app's Home tab. */
  openHome(person: string): Promise<Acknowledgement>;
  /** As a person: writes plain words into a channel. */
  say(person: string, channel: string, text: string): Promise<void>;
  /** As a person: takes a message's shortcut. */
  shortcut(person: string, channel: string, ts: string, callbackId: string): Promise<Acknowledgement>;
  /** The modal that the person has open on top; undefined when none is. */
  modal(person: string): { readonly id: string; readonly view: Readonly<Record<string, unknown>> } | undefined;
  /** As a person: submits a modal; `state` is `view.state.values`. Resolves with what the app answered. */
  submit(person: string, viewId: string, state: unknown): Promise<unknown>;
  /** Forms a user group, or changes who is in it. */
  setUserGroup(id: string, members: readonly string[]): void;
  deleteMessage(channel: string, ts: string): void;
  archive(channel: string): void;
  revokeToken(): void;
  restoreToken(): void;
  /** Everything in a channel, thread replies included, oldest first. With a person's id: the direct messages. */
  messages(channel: string): readonly SimulatedMessage[];
  /** What only this person sees (ephemeral), oldest first. */
  privateMessages(person: string): readonly SimulatedMessage[];
  /** The Home tab's view as it was published last; undefined before. */
  home(person: string): unknown;
  inject(rule: FaultRule): void;
  clearFaults(): void;
  /** Every call that arrived. */
  readonly calls: readonly ApiCall[];
  /** Everything that was sent to the app. */
  readonly deliveries: readonly Delivery[];
  /** How many Socket Mode connections are open. */
  readonly openSockets: number;
  /** Destroys every open Socket Mode connection. */
  dropSockets(): void;
  /** Announces to every connection that it will be refreshed, and closes it a little later, as Slack does. */
  refreshSockets(): void;
  /** Delivers something again (the last one, or by its index in `deliveries`), as Slack does when an acknowledgement got lost. */
  redeliver(index?: number): Promise<Acknowledgement>;
  /** Calls back after every change of what people see. Returns the end of that. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}
