/** What the page and simulator/teams/page-side.ts say to each other: a part of `SimulatorState`. */

/** The simulated tenant of Teams. */
export interface TeamsState {
  readonly team: { readonly id: string; readonly name: string };
  readonly bot: { readonly id: string; readonly name: string };
  /** By the person's `id` of the page: who has an account in Teams, and by which id messages name them. */
  readonly accounts: Readonly<Record<string, TeamsAccount>>;
  readonly conversations: readonly TeamsConversationState[];
}

export interface TeamsAccount {
  readonly teamsId: string;
  readonly name: string;
}

export interface TeamsConversationState {
  readonly id: string;
  readonly name: string;
  readonly topic?: string;
  readonly botIsMember: boolean;
  /** Set for a chat with the bot: the `id` of the person who alone sees it. */
  readonly person?: string;
  /** Replies included, oldest first. */
  readonly messages: readonly TeamsMessageState[];
}

export interface TeamsMessageState {
  /** Its number is the (simulated) time in milliseconds since 1970. */
  readonly id: string;
  /** The first message of the thread that it is a reply in. */
  readonly replyTo?: string;
  readonly from: string;
  readonly text: string;
  /** What notifications say of it; may be empty. */
  readonly summary: string;
  readonly card?: unknown;
  /** What somebody sees in the place of the card, by the person's `id`. */
  readonly ownCards?: Readonly<Record<string, unknown>>;
  readonly edited?: boolean;
  /** Those whose client asks for news of the card by itself, by their `id`. */
  readonly looks?: readonly string[];
  readonly version: number;
}

/*
 * What the page posts to `/simulator/teams/<name>`. Answers are JSON; one that failed has a status of 400 or more and the
 * body `{ "error": "what happened and what to do" }`.
 */

/** `say`: words as they were typed, into a conversation or a thread of it. */
export interface TeamsSayBody {
  readonly person: string;
  readonly conversation: string;
  readonly text: string;
  readonly thread?: string;
}

/** Whether the bot was told, and answered in time. */
export interface TeamsSayAnswer {
  readonly told: boolean;
  readonly acknowledged: boolean;
}

/** `press`: a button of the card that this person sees, with what its inputs hold. */
export interface TeamsPressBody {
  readonly person: string;
  readonly message: string;
  readonly action: { readonly id?: string; readonly title?: string; readonly verb?: string; readonly data?: unknown };
  readonly inputs: Readonly<Record<string, string>>;
}

export interface TeamsPressAnswer {
  readonly kind: 'card' | 'note' | 'error' | 'nothing';
  readonly text?: string;
}

/** `look`: somebody's client shows a card that asks for news by itself. Answer: `{}`. */
export interface TeamsLookBody {
  readonly person: string;
  readonly message: string;
}
