import { setTimeout } from 'node:timers/promises';
import { schedules } from '../schedules/index.ts';
import { reconcile } from './core/checks/reconcile.ts';
import { followStartDate } from './core/phases/effective-playbook.ts';
import type { Playbook } from './core/playbook/playbook.ts';
import { compareRows } from './core/rows/compare-rows.ts';
import type { KnownOfRows } from './core/rows/measure-rows.ts';
import type { RowsRequest, RunRequest, Services } from './core/services.ts';
import type { Side, Source } from './core/sources.ts';
import type { Store, Transaction } from './core/store.ts';
import type { Clock, Wait } from './core/time/clock.ts';
import { dueNext } from './core/time/due-slots.ts';
import type { Metrics } from './operate/metrics.ts';
import { tryProbe } from './sources/try-probe.ts';

/** Waits by the real clock. */
export const wait: Wait = (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal });

/** The machine's own. */
export const systemClock: Clock = { now: () => new Date() };

/** What they are put together from. */
export interface ServiceOptions {
  readonly playbook: Playbook;
  readonly store: Store;
  readonly sources: Readonly<Record<Side, Source>>;
  /** What the day is: the system's clock, or the simulated one. */
  readonly clock: Clock;
  /** The real time, for leases and pauses of inbox and outbox; default: the system's clock. */
  readonly deliveryClock?: Clock;
  readonly random?: () => number;
  readonly anonymous?: Services['anonymous'];
  readonly onRun?: Metrics['run'];
  /** Who of a platform may not decide; default: in a shell, where a one-time code says who decides, nobody is kept out. */
  readonly outsider?: Services['outsider'];
}

/** What commands and schedules work with, whoever asks. */
export function createServices(options: ServiceOptions): Services {
  const { playbook, store, sources, clock } = options;
  const oneAtATime = createQueue();
  const measure = async (request: RunRequest) => {
    const run = await oneAtATime(async () => {
      const known = await store.transaction(async (tx) => {
        const suppressedKeys = new Map<string, Set<string>>();
        for (const { name } of playbook.checks) suppressedKeys.set(name, await tx.runs.suppressedKeys(name));
        const hiddenCauses = new Map<string, Set<string>>();
        for (const { name } of playbook.checks) hiddenCauses.set(name, await tx.runs.hiddenCauses(name));
        const names = playbook.comparisons.map(({ name }) => name);
        return { suppressedKeys, hiddenCauses, knownOfRows: await knownOfRows(tx, names) };
      });
      return reconcile({ ...known, playbook, sources, request, clock, random: options.random ?? Math.random, wait });
    });
    options.onRun?.(run.state, (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000);
    return run;
  };
  const compare = ({ withinLegacy = false, ...request }: RowsRequest) =>
    oneAtATime(async () => {
      const known = await store.transaction((tx) => knownOfRows(tx, [request.comparison.name]));
      const { before, noise } = known.get(request.comparison.name) ?? {};
      return compareRows({
        playbook,
        sources: withinLegacy ? { legacy: sources.legacy, new: sources.legacy } : sources,
        clock,
        wait,
        ...request,
        ...(before === undefined || withinLegacy ? {} : { before }),
        ...(noise === undefined || withinLegacy ? {} : { noise }),
      });
    });
  const effective = followStartDate(playbook, store);
  const readFrom: Services['readFrom'] = (side, sql, signal) =>
    oneAtATime(async () => {
      const snapshot = await sources[side].open(signal);
      try {
        return await snapshot.query(sql);
      } finally {
        await snapshot.close();
      }
    });
  return {
    get playbook() {
      return effective.playbook;
    },
    refresh: effective.refresh,
    clock,
    deliveryClock: options.deliveryClock ?? systemClock,
    store,
    ...(options.anonymous === undefined ? {} : { anonymous: options.anonymous }),
    outsider: options.outsider ?? inAShell,
    measure,
    compareRows: compare,
    readFrom,
    // Its fonts are read when the first one is asked for.
    pdf: async (document) => (await import('./pdf/render.ts')).renderPdf(document),
    placeInPdf: async (...place) => (await import('./pdf/place.ts')).placeInPdf(...place),
    probe: tryProbe,
    nextDue: () => dueNext(schedules, effective.playbook, clock.now()),
  };
}

/** Nobody vouches for chat accounts where there is no chat. */
export const inAShell: Services['outsider'] = async ({ platform }) =>
  platform === 'terminal' ? undefined : 'Nobody can say here who you are.';

async function knownOfRows(tx: Transaction, comparisons: readonly string[]): Promise<Map<string, KnownOfRows>> {
  const known = new Map<string, KnownOfRows>();
  for (const name of comparisons) {
    const [before, noise] = [await tx.runs.rowsOf(name), await tx.rows.noise(name)];
    known.set(name, { ...(before === undefined ? {} : { before }), ...(noise === undefined ? {} : { noise }) });
  }
  return known;
}

/** A second run waits for the first: two at once would only take each other's connections. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
