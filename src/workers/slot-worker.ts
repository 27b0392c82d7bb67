import { alertCard } from '../core/cards/alert-card.ts';
import type { Log } from '../core/log.ts';
import type { Services } from '../core/services.ts';
import type { Slot, Transaction } from '../core/store.ts';
import { dueSlots } from '../core/time/due-slots.ts';
import { formatDateTime } from '../core/time/format.ts';
import type { Schedule, SlotResult } from '../core/time/schedule.ts';
import { keepLease, LeaseLostError } from './lease.ts';
import { channelPlace } from '../core/messages/place.ts';

export interface SlotWorkerOptions {
  readonly services: Services;
  readonly schedules: readonly Schedule[];
  readonly log: Log;
  /** Something was written to the outbox. */
  readonly onWritten: () => void;
}

export interface SlotWorker {
  /** Writes down what is due and runs it until nothing is left. One at a time: a second call waits for the first. */
  tick(): Promise<void>;
  /** Gives what is in hand so long to finish, then hands it back for another process to take. */
  stop(graceMilliseconds: number): Promise<void>;
}

const attemptLimit = 8;
const minute = 60_000;
const longestPauseMilliseconds = 15 * minute;

/** Runs the schedules: each due time once among any number of processes, result and "done" in one transaction. */
export function createSlotWorker({ services, schedules, log, onWritten }: SlotWorkerOptions): SlotWorker {
  const { store, clock } = services;
  const stopping = new AbortController();
  let stopped = false;
  let inHand: Promise<void> = Promise.resolve();

  const plan = async (): Promise<void> => {
    const now = clock.now();
    for (const schedule of schedules) {
      const planned = schedule.plan(services.playbook);
      if (planned === undefined) continue;
      await store.transaction(async (tx) => {
        const last = (await tx.slots.last(schedule.name)) ?? (await tx.slots.watchedSince(schedule.name, now));
        const due = dueSlots(planned, last === undefined ? undefined : new Date(last), now, schedule.catchUp);
        const slots = due.map(({ at, missed }) => ({ name: schedule.name, at: at.toISOString(), missed }));
        if (slots.length > 0) await tx.slots.plan(slots, now);
      });
    }
  };

  const claimAndRun = async (): Promise<boolean> => {
    const names = schedules
      .filter((schedule) => schedule.plan(services.playbook) !== undefined)
      .map(({ name }) => name);
    const claimed = await store.transaction(async (tx) => {
      const taken = await tx.slots.claim(names, clock.now());
      return taken === undefined ? undefined : { ...taken, last: await tx.slots.last(taken.slot.name) };
    });
    if (claimed === undefined) return false;
    const { slot, fence, attempts, last } = claimed;
    const schedule = schedules.find(({ name }) => name === slot.name);
    if (schedule === undefined) return true;
    // What an earlier process left behind is as late as what none began: the policy counts for it, too.
    const superseded = schedule.catchUp.which === 'latest' && last !== undefined && last > slot.at;
    const { withinHours } = schedule.catchUp;
    const tooLate = clock.now().getTime() - Date.parse(slot.at) > withinHours * 60 * minute;
    if (superseded) await giveUp(slot, fence, 'was not finished before the next one was due');
    else if (tooLate) await giveUp(slot, fence, `was not finished within ${withinHours} hours`);
    else if (attempts > attemptLimit) await giveUp(slot, fence, `took its process down ${attempts - 1} times`);
    else await run(schedule, slot, fence, attempts);
    return true;
  };

  const run = async (schedule: Schedule, slot: Slot, fence: number, attempts: number): Promise<void> => {
    const lease = keepLease(`${slot.name} ${slot.at}`, () => extend(slot, fence), log);
    try {
      const result = await schedule.run(slot, services, AbortSignal.any([stopping.signal, lease.lost]));
      await store.transaction(async (tx) => {
        await result.write(tx);
        await close(tx, slot, fence, result);
      });
      onWritten();
    } catch (error) {
      if (error instanceof LeaseLostError || lease.lost.aborted) {
        log.warn({ slot }, `${slot.name} ${slot.at} was taken over by another process`);
      } else if (stopping.signal.aborted) {
        await store.transaction((tx) => tx.slots.again(slot, fence, clock.now(), attempts - 1));
      } else await putOff(slot, fence, attempts, error);
    } finally {
      lease.end();
    }
  };

  const extend = (slot: Slot, fence: number): Promise<boolean> =>
    store.transaction((tx) => tx.slots.extend(slot, fence, clock.now()));

  const close = async (tx: Transaction, slot: Slot, fence: number, result: SlotResult): Promise<void> => {
    const held =
      result.kind === 'done'
        ? await tx.slots.finish(slot, fence, clock.now())
        : await tx.slots.again(slot, fence, result.at, 0);
    if (!held) throw new LeaseLostError(`${slot.name} ${slot.at}`);
  };

  /** A failure is tried again, later and later; after the last attempt people are told instead. */
  const putOff = async (slot: Slot, fence: number, attempts: number, error: unknown): Promise<void> => {
    log.error({ err: error, slot, attempts }, 'a schedule failed');
    if (attempts >= attemptLimit) return giveUp(slot, fence, `failed ${attempts} times`);
    const pause = Math.min(longestPauseMilliseconds, minute * 2 ** (attempts - 1));
    await store.transaction((tx) => tx.slots.again(slot, fence, new Date(clock.now().getTime() + pause)));
  };

  const giveUp = async (slot: Slot, fence: number, why: string): Promise<void> => {
    log.error({ slot }, `${slot.name} was given up: it ${why}`);
    await store.transaction(async (tx) => {
      if (!(await tx.slots.finish(slot, fence, clock.now()))) return;
      const { playbook } = services;
      const due = formatDateTime(new Date(slot.at), playbook.timeZone);
      await tx.outbox.post(
        {
          key: `alert/slot/${slot.name}/${slot.at}`,
          subject: `slot/${slot.name}/${slot.at}`,
          place: channelPlace(playbook.channels.alerts, playbook),
          content: {
            kind: 'card',
            card: alertCard({
              title: `${slot.name} was given up`,
              text: `It was due on ${due} and ${why}.`,
              next: 'The log says why. Mend the cause; the next due time runs as usual.',
            }),
          },
        },
        services.deliveryClock.now(),
      );
    });
    onWritten();
  };

  const work = async (): Promise<void> => {
    if (stopped) return;
    await services.refresh();
    await plan();
    let more = true;
    while (more) more = !stopped && (await claimAndRun());
  };

  return {
    tick: () => {
      inHand = inHand.catch(() => undefined).then(work);
      return inHand;
    },
    stop: async (graceMilliseconds) => {
      stopped = true;
      const timer = setTimeout(() => stopping.abort(new Error('the process is stopping')), graceMilliseconds);
      await inHand.catch(() => undefined);
      clearTimeout(timer);
    },
  };
}
