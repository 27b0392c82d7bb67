import type { RequestListener } from 'node:http';
import type { Log } from '../core/log.ts';
import type { Courier } from '../core/messages/message.ts';
import type { PersonAccounts } from '../core/playbook/playbook.ts';
import type { Actor, Request } from '../core/request.ts';
import type { Store } from '../core/store.ts';
import type { EarlierOf, Taken } from '../core/take-request.ts';
import { isFromIssuer } from './authorization.ts';
import { createConversations } from './conversations.ts';
import { createTeamsCourier } from './courier.ts';
import { TokenError } from './errors.ts';
import { createForms, type FormFor } from './forms.ts';
import { createListener } from './http.ts';
import { createMembers } from './members.ts';
import { createReceiver } from './receive.ts';
import { createReferences } from './references.ts';
import type { TeamsSettings } from './settings.ts';
import { createTokens } from './tokens.ts';
import type { CardAt } from './replies.ts';
import { createTurns } from './turns.ts';
import { createViews } from './views.ts';

export interface TeamsOptions {
  readonly settings: TeamsSettings;
  /** Where it keeps how channels and people are reached. */
  readonly store: Pick<Store, 'transaction'>;
  /** Writes the request down, durably; only then is Teams told that we have it. The same id may come again. */
  readonly onRequest: (request: Request) => Promise<Taken>;
  /** What became of a form that was sent before; undefined where nothing did. */
  readonly earlierOf: EarlierOf;
  /** The form that words ask for, or why nobody is asked; undefined where they say it all. */
  readonly formFor: FormFor;
  readonly cardAt: CardAt;
  /** Those whom the playbook names, with their accounts, as it holds now. */
  readonly people: () => readonly PersonAccounts[];
  readonly log: Log;
  /** The real time; default: the system's clock. */
  readonly now?: () => Date;
  /** Bound for `onRequest` in milliseconds; default 2,500: Teams gives up after some ten seconds. */
  readonly savingMilliseconds?: number;
  /** How long a pressed button waits for the card that comes of it; default 2,000. */
  readonly waitingMilliseconds?: number;
  /** Default 9,500: see TeamsCourierOptions. */
  readonly deliveryMilliseconds?: number;
  /** See TeamsCourierOptions. */
  readonly random?: () => number;
}

export interface TeamsConnection {
  /**
   * Begins to listen. Rejects with TokenError when Microsoft does not accept the bot; when its login can't be reached,
   * goes on trying and says so in `problem`.
   */
  start(): Promise<void>;
  /** Takes nothing new, and waits for what is in hand. The courier goes on working. */
  stop(): Promise<void>;
  readonly courier: Courier;
  /** Why somebody may not decide, whatever roles they have; undefined for a full member of the organisation. */
  outsider(actor: Actor): Promise<string | undefined>;
  /** What is wrong with the connection, in words; undefined while all is well. */
  problem(): string | undefined;
  /** Answers `POST /api/messages`, to be mounted on a server. */
  readonly requestListener: RequestListener;
}

/**
 * Teams, both ways: what people do there becomes a Request; what the outbox holds goes out through the courier. Throws
 * without an app id: botbuilder would let everybody in then.
 */
export function connectTeams(options: TeamsOptions): TeamsConnection {
  const { settings, log } = options;
  for (const name of ['appId', 'appPassword', 'tenantId'] as const) {
    if (settings[name].trim() === '')
      throw new Error(`Teams can't be connected without ${name}: nobody would be proven.`);
  }
  const now = options.now ?? (() => new Date());
  const tokens = createTokens(settings, now);
  const references = createReferences(options.store, now);
  const conversations = createConversations({ settings, tokens, references, now });
  const turn = createTurns({
    forms: createForms({ formFor: options.formFor, people: options.people, log, secret: settings.appPassword }),
    onRequest: options.onRequest,
    earlierOf: options.earlierOf,
    cardAt: options.cardAt,
    references,
    conversations,
    log,
    now,
    savingMilliseconds: options.savingMilliseconds ?? 2_500,
    waitingMilliseconds: options.waitingMilliseconds ?? 2_000,
  });
  const receiver = createReceiver({ settings, tokens, turn, log, now });
  const courier = createTeamsCourier({
    conversations,
    references,
    tokens,
    viewOf: createViews({ conversations, nameOf: (person) => nameIn(options.people(), person), log }),
    log,
    ...(options.deliveryMilliseconds === undefined ? {} : { deliveryMilliseconds: options.deliveryMilliseconds }),
    ...(options.random === undefined ? {} : { random: options.random }),
  });

  return {
    courier,
    outsider: createMembers({ conversations, tenantId: settings.tenantId, log }),
    problem: () => tokens.problem() ?? receiver.problem(),
    requestListener: createListener({
      admit: (authorization) => isFromIssuer(authorization, settings),
      onActivity: receiver.receive,
    }),
    start: async () => {
      try {
        await tokens.get(AbortSignal.timeout(10_000));
      } catch (error) {
        if (!(error instanceof TokenError) || error.failure.kind === 'stopped') throw error;
        log.warn({ reason: error.message }, 'Microsoft does not answer yet: trying again with each message');
      }
      receiver.open();
    },
    stop: () => receiver.close(),
  };
}

const nameIn = (people: readonly PersonAccounts[], person: string): string | undefined =>
  people.find(({ accounts }) => accounts.includes(person))?.name;
