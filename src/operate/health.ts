import { count } from '../core/numbers/format.ts';
import type { OutboxGauges, Store } from '../core/store.ts';

/** What is looked at. Every part answers undefined when it is well. */
export interface HealthOptions {
  readonly store: Store;
  readonly now: () => Date;
  /** When the clock last ticked. */
  readonly lastTick: () => Date | undefined;
  /** By platform, what is wrong with the connection to it, in words; at least one. */
  readonly connections: () => Readonly<Record<string, string | undefined>>;
  /** The channels of the alerts: what they did not get is named by itself. */
  readonly alertsChannels?: readonly string[];
}

export interface Health {
  /**
   * `down`: this process can't do its work and should be replaced; `degraded`: it works, and a person should look. Of two
   * platforms, one that works is enough to work.
   */
  readonly status: 'ok' | 'degraded' | 'down';
  /** By platform. `down`: there is no connection to it; `refused`: it takes none of our messages. */
  readonly platforms: Readonly<Record<string, 'ok' | 'refused' | 'down'>>;
  /** Whole sentences: what is wrong, with what, and what to do. */
  readonly problems: readonly string[];
}

const tickLimitMilliseconds = 60_000;
const waitingLimitSeconds = 120;
const storeDeadlineMilliseconds = 3_000;

/** Says what is wrong, in words, for /healthz. Never throws, answers within about 3 s. */
export async function checkHealth(options: HealthOptions): Promise<Health> {
  const down: string[] = [];
  const degraded: string[] = [];

  const connections = Object.entries(options.connections());
  const lost = connections.flatMap(([, problem]) => problem ?? []);
  (lost.length === connections.length ? down : degraded).push(...lost);
  const platforms: Record<string, 'ok' | 'refused' | 'down'> = Object.fromEntries(
    connections.map(([platform, problem]) => [platform, problem === undefined ? 'ok' : 'down']),
  );

  const tick = options.lastTick();
  const silence = tick === undefined ? undefined : options.now().getTime() - tick.getTime();
  if (silence === undefined)
    down.push('The clock has not started: schedules do not run. Wait for the start, or look at the log.');
  else if (silence > tickLimitMilliseconds) {
    down.push(`The clock last ticked ${Math.round(silence / 1000)} s ago: schedules do not run. Restart the process.`);
  }

  try {
    const { outbox, inbox, alerts } = await readGauges(options);
    if (alerts > 0) {
      degraded.push(
        `Not delivered to the alerts channel: ${count(alerts, 'message')}. They are in the fallback channel, if the playbook names one and it takes them. Mend the alerts channel: is the bot in it, is it archived?`,
      );
    }
    degraded.push(...outboxProblems(outbox));
    for (const { platform } of outbox.stopped) if (platforms[platform] === 'ok') platforms[platform] = 'refused';
    if (inbox.oldestSeconds > waitingLimitSeconds) {
      degraded.push(
        `A request has waited ${Math.round(inbox.oldestSeconds)} s for its answer (${inbox.waiting} waiting). Look at the log.`,
      );
    }
    if (inbox.failed > 0) {
      degraded.push(
        `Given up: ${count(inbox.failed, 'request')}, because every process that took it died. The table inbox says which.`,
      );
    }
  } catch (error) {
    down.push(`The database does not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
  const problems = [...down, ...degraded];
  return { status: down.length > 0 ? 'down' : degraded.length > 0 ? 'degraded' : 'ok', platforms, problems };
}

export interface Gauges {
  readonly outbox: OutboxGauges;
  readonly inbox: { readonly waiting: number; readonly oldestSeconds: number; readonly failed: number };
  /** Messages that the alerts channel did not get, or perhaps not. */
  readonly alerts: number;
}

/** Reads both queues' gauges. Throws when the store doesn't answer within 3 s. */
export async function readGauges({
  store,
  now,
  alertsChannels = [],
}: Pick<HealthOptions, 'store' | 'now' | 'alertsChannels'>): Promise<Gauges> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${storeDeadlineMilliseconds / 1000} s.`)),
      storeDeadlineMilliseconds,
    );
  });
  const reading = store.transaction(async (tx) => ({
    outbox: await tx.outbox.gauges(now()),
    inbox: await tx.inbox.gauges(now()),
    alerts: await tx.outbox.undelivered(alertsChannels, now()),
  }));
  try {
    return await Promise.race([reading, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function outboxProblems(gauges: OutboxGauges): string[] {
  const problems = gauges.stopped.map(
    (stop) =>
      `${stop.platform} has refused us since ${stop.since} (${stop.reason}): nothing is delivered. Renew the token.`,
  );
  if (gauges.oldestDueSeconds > waitingLimitSeconds) {
    problems.push(
      `The oldest message has been due for ${Math.round(gauges.oldestDueSeconds)} s (${gauges.pending} waiting).`,
    );
  }
  if (gauges.dead > 0)
    problems.push(`Given up: ${count(gauges.dead, 'message')}; the log and the alerts channel say which.`);
  if (gauges.unknown > 0)
    problems.push(`Of ${count(gauges.unknown, 'message')} nobody knows whether it arrived; look in the channels.`);
  return problems;
}
