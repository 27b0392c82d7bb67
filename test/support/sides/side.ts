/** Somebody of the simulated team, by the role that the trial gives them. */
export type Role = 'Data Owner' | 'Product Owner' | 'Tech Lead' | 'Project Manager' | 'Security Officer' | 'Analyst';

/** A channel that both platforms have under this name. */
export type Channel = 'parallel-run' | 'parallel-run-alerts' | 'rehearsal';

/** Words that somebody sees, wherever in a message they stand. */
export type Shown = string | RegExp;

/** What somebody puts into a field: words, the label of a choice, or the lines of a CSV file. */
export type Typed = string | { readonly csv: string };

/** What people do and see, in the words of no platform. Whatever does not come true within a while fails. */
export interface Member {
  /** Asks the bot for something, in a channel where others read along. Default: #parallel-run. */
  asks(words: string, channel?: Channel): Promise<void>;
  /** Sees one message in the channel that shows all of this. */
  sees(channel: Channel, ...shown: readonly Shown[]): Promise<void>;
  /** Sees all of this in the thread of a message. */
  seesInThread(channel: Channel, message: Shown, ...shown: readonly Shown[]): Promise<void>;
  /** Sees one message that shows all of this, and nobody else does. */
  seesAlone(...shown: readonly Shown[]): Promise<void>;
  /** Sees the message, and in it no such button. */
  seesNoButton(button: string, channel: Channel, message: Shown): Promise<void>;
  /** Presses a button of the newest message in the channel that shows this. */
  presses(button: string, channel: Channel, message: Shown): Promise<void>;
  /** Fills in the form that came of what this person did last, by the labels of its fields, and sends it. */
  fillsIn(fields: Readonly<Record<string, Typed>>, send: string): Promise<void>;
  /** Opens the page that is about this person alone, and sees all of this there. */
  seesAtHome(...shown: readonly Shown[]): Promise<void>;
  /** What in the newest message in the channel that shows this fits the pattern. */
  finds(channel: Channel, message: Shown, pattern: RegExp): Promise<string>;
  /** How many messages in the channel show this now. */
  counts(channel: Channel, shown: Shown): Promise<number>;
}

/** One of the two platforms, as people meet it. A way through the product is told once and runs on any of them. */
export interface Side {
  readonly name: 'Slack' | 'Microsoft Teams';
  as(role: Role): Member;
  /** What the platform calls a channel, for commands that name one. */
  idOf(channel: Channel): string;
  /** Presses one of the buttons that move the simulated clock or the sample systems, and waits until it is done. */
  lets(control: Control): Promise<void>;
  /** The simulated day, yyyy-mm-dd. */
  today(): Promise<string>;
}

export type Control = 'Next morning' | 'Next morning, sync late' | '15 minutes later' | 'Let it drift' | 'Heal';

/** What a way's tests ask for when they run: there is no side before its bot has started. */
export type OfSide = () => Side;
