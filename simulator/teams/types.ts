import type { Fault, FaultRule, SimulatedPerson, TeamsPage } from '../types.ts';

/** How Microsoft's side behaves, as far as it is simulated. */
export interface TeamsSimulatorOptions {
  /** The simulated clock: the times of messages. Tokens and waiting are real time. */
  readonly clock?: { now(): Date };
  /** Those without an `aadObjectId` have no account here. Default: the sample people. */
  readonly people?: readonly SimulatedPerson[];
  /** Where activities are posted, such as "http://127.0.0.1:3000/api/messages"; may be named later by `connect`. */
  readonly botEndpoint?: string;
  /** Default: ones made up. */
  readonly appId?: string;
  readonly appPassword?: string;
  readonly tenantId?: string;
  /** The `iss` of what is signed. Default: the Bot Connector's own. */
  readonly issuer?: string;
  /** The people's zone, such as "America/New_York", as the bot is told it. Default: UTC. */
  readonly timeZone?: string;
  /** 0 or absent: any free port of 127.0.0.1. */
  readonly port?: number;
  /** Of the faults that have a probability. Default: 1. */
  readonly seed?: number;
  /** How long Teams waits for the bot's answer, in milliseconds. Default: 15,000, as the real one. */
  readonly patience?: number;
}

/** One call of the Bot Connector or of the log-in that arrived. */
export interface ConnectorCall {
  readonly operation: Operation;
  readonly status: number;
  /** The `code` of Microsoft's error; absent for a success. */
  readonly error?: string;
  /** Real milliseconds since 1970. */
  readonly at: number;
  readonly path: string;
  readonly body: unknown;
}

/** What a fault may be put on. */
export type Operation =
  | 'token'
  | 'createConversation'
  | 'post'
  | 'reply'
  | 'edit'
  | 'delete'
  | 'members'
  | 'member'
  | 'teamChannels';

/** As in `FaultRule`; of the kind `error`, the name becomes the code of a 403. */
export interface TeamsFaultRule extends Omit<FaultRule, 'method'> {
  readonly operation: Operation | '*';
  readonly fault: Fault;
}

export type Activity = Readonly<Record<string, unknown>>;

/** What the bot said to an activity. */
export interface BotAnswer {
  /** Answered with 2xx in time. */
  readonly acknowledged: boolean;
  /** Undefined where nothing came. */
  readonly status: number | undefined;
  readonly milliseconds: number;
  readonly body?: unknown;
}

/** What came of a pressed button, as the person sees it. */
export type PressAnswer =
  /** Their own copy of the card is another one now. */
  | { readonly kind: 'card' }
  /** A short note. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'nothing' };

/** Which button: the first of the card that has all of these. */
export interface PressedAction {
  readonly id?: string;
  readonly title?: string;
  readonly verb?: string;
  readonly data?: unknown;
}

export interface TeamsMessage {
  /** Milliseconds since 1970 by the simulated clock, and unique. */
  readonly id: string;
  /** Without a thread: "19:…@thread.tacv2" or a chat's id. */
  readonly conversation: string;
  /** The first message of the thread that it is a reply in. */
  readonly replyTo?: string;
  /** "29:…" for people, "28:…" for the bot. */
  readonly from: string;
  readonly text: string;
  /** What notifications and screen readers say of it; empty where the bot gave none. */
  readonly summary: string;
  /** The Adaptive Card, for a message that has one. */
  readonly card?: Activity;
  readonly edited?: boolean;
  /** How often the bot changed it; what somebody sees of their own ends with the next change. */
  readonly version: number;
}

export interface TeamsConversation {
  readonly id: string;
  readonly name: string;
  readonly topic?: string;
  /** Whether the bot is installed there. */
  botIsMember: boolean;
  /** Set for a chat with the bot: the person's aadObjectId. */
  readonly person?: string;
  /** Threads included, oldest first. */
  readonly messages: TeamsMessage[];
}

/** Somebody of the tenant. */
export interface TeamsPerson extends SimulatedPerson {
  readonly aadObjectId: string;
  /** "29:…": how the bot is told of them. */
  readonly teamsId: string;
  readonly userPrincipalName: string;
}

/** What people do. Each takes a person's `id` or `aadObjectId`, and throws an Error that says why it can't be done. */
export interface TeamsActs {
  /** Installs the bot in the team and in everybody's chat; resolves when the bot was told of each. */
  install(): Promise<readonly BotAnswer[]>;
  /** Takes the bot out of the team, so that it may not post there any more. */
  uninstall(): Promise<BotAnswer>;
  /**
   * Writes words to the bot: mentioned in a channel, plainly in the chat.
   * @param where a channel's id, or the person's own id for their chat
   * @param thread the message to reply to
   */
  ask(person: string, where: string, words: string, thread?: string): Promise<BotAnswer>;
  /** Writes as typed. In a channel the bot hears of it only where it is mentioned as "@Parallel Run"; else undefined. */
  say(person: string, where: string, text: string, thread?: string): Promise<BotAnswer | undefined>;
  /** Presses a button of the card that this person sees. `inputs` by the inputs' ids. */
  press(
    person: string,
    activityId: string,
    action: PressedAction,
    inputs?: Readonly<Record<string, string>>,
  ): Promise<PressAnswer>;
  /** What a client does that shows a card with `refresh` to one of its `userIds`; undefined where it has none for them. */
  look(person: string, activityId: string): Promise<PressAnswer | undefined>;
}

export interface TeamsSimulator {
  /** The service url of every activity, with a slash at its end. */
  readonly url: string;
  /** Tokens are had below it, at /<tenant>/oauth2/v2.0/token; without a slash at its end. */
  readonly loginUrl: string;
  readonly openIdMetadataUrl: string;
  readonly issuer: string;
  readonly appId: string;
  readonly appPassword: string;
  readonly tenantId: string;
  readonly people: readonly TeamsPerson[];
  readonly channels: readonly { readonly id: string; readonly name: string; readonly botIsMember: boolean }[];
  readonly acts: TeamsActs;
  /** For `startSimulator`, whose page then shows Teams beside Slack. */
  readonly page: TeamsPage;
  /** Names where activities are posted from now on. */
  connect(botEndpoint: string): void;
  /** Everything in a conversation, threads included, oldest first. With a person's id: their chat. */
  messages(where: string): readonly TeamsMessage[];
  /** The card as this person sees it: their own copy, where a button was answered with one. */
  cardSeenBy(person: string, activityId: string): Activity | undefined;
  /** As a person does it: makes a message go. */
  deleteMessage(where: string, activityId: string): void;
  inject(rule: TeamsFaultRule): void;
  clearFaults(): void;
  /** Makes every bearer token of the bot worthless. */
  expireTokens(): void;
  /** Every call that arrived. */
  readonly calls: readonly ConnectorCall[];
  /** Everything that was posted to the bot. */
  readonly deliveries: readonly Activity[];
  /** A token as every post to the bot carries it; with other claims, one that a bot must refuse. */
  signToken(claims?: Readonly<Record<string, unknown>>): string;
  /** Posts any activity to the bot. `authorization` replaces the header; null leaves it out. */
  deliver(activity: Activity, authorization?: string | null): Promise<BotAnswer>;
  /** Calls back after every change of what people see. Returns the end of that. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}
