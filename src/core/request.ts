/** Where somebody is known: a Slack workspace, a Teams tenant, a shell, or the bot's own clock. */
export type Platform = 'slack' | 'teams' | 'terminal' | 'clock';

/** Who asked. `user` is the platform's id within `workspace`; `name` is for people's eyes only. */
export interface Actor {
  readonly platform: Platform;
  readonly workspace: string;
  readonly user: string;
  readonly name: string;
}

/** Where something is said. */
export interface Place {
  readonly platform: 'slack' | 'teams';
  /** The channel's id. For `home`, the user's id; in Teams for `private`, too. */
  readonly channel: string;
  /**
   * `channel`: a message everybody in the channel sees. `private`: only the person who asked sees it, through
   * `responseUrl` (Slack: five uses within 30 minutes) or in their own chat with the bot (Teams). `home`: the app's Home
   * tab of the person.
   */
  readonly visibility: 'channel' | 'private' | 'home';
  readonly responseUrl?: string;
  /** More channels that get the same, of any platform; each copy is edited with its subject. */
  readonly also?: readonly string[];
  /** Teams: the channel in which somebody asked what is answered in private. */
  readonly askedIn?: string;
}

/** Where everybody reads what was asked in private; undefined where nobody else was there, as in somebody's own chat. */
export function sharedPlace({ platform, channel, askedIn }: Place): Place | undefined {
  const where = platform === 'teams' ? askedIn : channel;
  return where === undefined ? undefined : { platform, channel: where, visibility: 'channel' };
}

/**
 * One thing that somebody asked for, whatever it arrived through. `id` is the event's own id: the idempotency key under
 * which it takes effect once however often it is delivered.
 */
export interface Request {
  readonly id: string;
  readonly actor: Actor;
  /** Absent for the terminal, which prints the answer itself. */
  readonly place?: Place;
  /** What stands after `/parallel`, or the pressed button's command: "check levels --share". */
  readonly words: string;
  /** What was filled in where the words asked with a form, by the fields' names. */
  readonly form?: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}
