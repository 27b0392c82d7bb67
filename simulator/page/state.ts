import type { TeamsState } from './teams/state.ts';

/**
 * What the page and simulator/page-api.ts say to each other: the one place where both sides read it. The page fetches
 * the whole state again whenever `GET /simulator/events` says "changed"; it is small enough for that.
 */

/** The answer of `GET /simulator/state`. */
export interface SimulatorState {
  readonly team: { readonly id: string; readonly name: string };
  /** The app's bot user, who wrote every message whose `user` is its id, and the slash command that it listens to. */
  readonly bot: {
    readonly id: string;
    readonly name: string;
    readonly command: string;
    readonly shortcuts: readonly { readonly callbackId: string; readonly name: string }[];
  };
  readonly people: readonly Person[];
  readonly channels: readonly ChannelState[];
  /** What only one person sees, by the person's id: oldest first, from every channel (`message.channel` says which). */
  readonly privateMessages: Readonly<Record<string, readonly PageMessage[]>>;
  /** The Home tab's view by the person's id, as `views.publish` sent it; absent until it was published. */
  readonly homes: Readonly<Record<string, View>>;
  /** Open modals by the person's id, the topmost last. */
  readonly views: Readonly<Record<string, readonly View[]>>;
  /** What may stand after the slash command, in the order in which to suggest it. */
  readonly suggestions: readonly Suggestion[];
  /** Buttons of the control bar. */
  readonly controls: readonly ControlState[];
  /** The simulated time, ISO 8601 UTC. */
  readonly now: string;
  /** The zone of the sample people, such as "America/New_York": the page shows every time in it. Absent: the browser's. */
  readonly timeZone?: string;
  /** The simulated Teams, shown beside Slack; absent where Slack is alone. */
  readonly teams?: TeamsState;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  /** The role in a few words, such as "Data Owner". */
  readonly title: string;
  readonly guest?: boolean;
  /** Deactivated: shown, but nobody can act as this person. */
  readonly deleted?: boolean;
}

export interface ChannelState {
  readonly id: string;
  readonly name: string;
  readonly topic?: string;
  readonly archived?: boolean;
  /** False where the bot has not been invited. */
  readonly botIsMember: boolean;
  /** Set for the direct messages between the bot and this person, which only they see. */
  readonly person?: string;
  /** Thread replies included, oldest first. */
  readonly messages: readonly PageMessage[];
}

export interface PageMessage {
  /** Unique within its channel; its number is the (simulated) time in seconds since 1970. */
  readonly ts: string;
  readonly channel: string;
  /** The thread that it stands in; equal to `ts` for a parent, or absent. */
  readonly thread_ts?: string;
  /** A person's id, or the bot's. */
  readonly user: string;
  /** mrkdwn; shown when there are no blocks. */
  readonly text: string;
  readonly blocks?: readonly unknown[];
  readonly files?: readonly {
    readonly name: string;
    readonly title: string;
    readonly text: string;
    readonly base64?: string;
  }[];
  readonly edited?: boolean;
  readonly pinned?: boolean;
  /** The person who alone sees it. */
  readonly ephemeralFor?: string;
}

/** A modal or a Home tab as the app sent it, plus its id. */
export interface View {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly title?: TextObject;
  readonly submit?: TextObject;
  readonly close?: TextObject;
  readonly blocks: readonly unknown[];
}

export interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
}

export interface Suggestion {
  /** "check" */
  readonly name: string;
  /** "check [name…] [--share]" */
  readonly usage: string;
  readonly summary: string;
}

export interface ControlState {
  readonly name: string;
  readonly label: string;
  readonly description: string;
}

/*
 * What the page posts, as JSON. Every answer is JSON too; one that failed has a status of 400 or more and the body
 * `{ "error": "what happened and what to do" }`, which the page shows as it is.
 */

/** `POST /simulator/command`: `text` is what stands after the slash command, such as "check levels --share". */
export interface CommandBody {
  readonly person: string;
  readonly channel: string;
  readonly text: string;
}

export interface CommandAnswer {
  /** False when the app did not acknowledge within Slack's 3 seconds. */
  readonly acknowledged: boolean;
  readonly milliseconds: number;
}

/** `POST /simulator/say`: plain words in a channel. Answer: `{}`. */
export type SayBody = CommandBody;

/** `POST /simulator/shortcut`: a message's shortcut. Answer: `{}`. */
export interface ShortcutBody {
  readonly person: string;
  readonly channel: string;
  readonly ts: string;
  readonly callbackId: string;
}

/** `POST /simulator/press`: a button, or an element with a choice, in a message, a modal or the Home tab. Answer: `{}`. */
export type PressBody = PressedPlace & {
  readonly person: string;
  readonly actionId: string;
  readonly blockId?: string;
  /** What was chosen; absent for a button, whose value the server knows. */
  readonly element?: ElementValue;
};

export type PressedPlace =
  | { readonly channel: string; readonly ts: string }
  | { readonly viewId: string }
  | { readonly home: true };

/** `POST /simulator/submit`. */
export interface SubmitBody {
  readonly person: string;
  readonly viewId: string;
  /** By block_id, then action_id: Slack's `view.state.values` as it stands in a `view_submission`. */
  readonly values: Readonly<Record<string, Readonly<Record<string, ElementValue>>>>;
}

/** What the app answered: `errors` by block_id when it refused what was typed (the modal stays open); else absent. */
export interface SubmitAnswer {
  readonly errors?: Readonly<Record<string, string>>;
}

export interface OptionObject {
  readonly text: TextObject;
  readonly value: string;
}

export type ElementValue =
  | {
      readonly type: 'plain_text_input' | 'number_input' | 'email_text_input' | 'url_text_input';
      readonly value: string | null;
    }
  | { readonly type: 'static_select' | 'radio_buttons'; readonly selected_option: OptionObject | null }
  | { readonly type: 'checkboxes' | 'multi_static_select'; readonly selected_options: readonly OptionObject[] }
  | { readonly type: 'datepicker'; readonly selected_date: string | null }
  | { readonly type: 'timepicker'; readonly selected_time: string | null }
  | { readonly type: 'users_select'; readonly selected_user: string | null }
  /** The simulator uploads them, and tells the app where they lie. */
  | { readonly type: 'file_input'; readonly files: readonly { readonly name: string; readonly text: string }[] };

/** `POST /simulator/home`: the person opened the Home tab (`app_home_opened`). Answer: `{}`. */
export interface HomeBody {
  readonly person: string;
}

/** `POST /simulator/close-view`: closed without submitting. Answer: `{}`. */
export interface CloseViewBody {
  readonly person: string;
  readonly viewId: string;
}

/** `POST /simulator/control`. */
export interface ControlBody {
  readonly name: string;
}

export interface ControlAnswer {
  /** What the control did, in a sentence. */
  readonly answer: string;
}
