import { setTimeout as pause } from 'node:timers/promises';
import type { Simulator } from '../simulator/types.ts';
import type { App } from './app.ts';
import type { Command } from './core/command.ts';
import type { Log } from './core/log.ts';
import { nameOf } from './core/records/discrepancy.ts';
import { addDays, instantOf, localDate, weekday } from './core/time/local-time.ts';
import { type SampleSystems, workingDay } from './sample-systems.ts';

/** What the tour works with: the people of the simulated workspace, its days, and the real bot. */
export interface TourStage {
  readonly simulator: Simulator;
  readonly systems: SampleSystems;
  readonly app: App;
  readonly log: Log;
  /** Between one step and the next, so that they can be read. */
  readonly pauseMilliseconds: number;
}

export interface Tour {
  /** Starts it; only `/parallel demo` in the simulator. */
  readonly command: Command;
  stop(): Promise<void>;
}

const usualPause = 3_000;

/** A week of a team in a minute: people do in the simulated workspace what a team does, day by day. */
export function createTour(
  stageOf: () => Omit<TourStage, 'pauseMilliseconds'> | undefined,
  pauseMilliseconds = usualPause,
): Tour {
  const ending = new AbortController();
  let playing: Promise<void> | undefined;
  return {
    command: {
      name: 'demo',
      usage: '',
      summary: 'Plays a week of a team in a minute (only in the simulator)',
      examples: ['demo'],
      hidden: true,
      run: async () => {
        const stage = stageOf();
        const already = playing !== undefined;
        if (stage !== undefined && !already) {
          playing = play({ ...stage, pauseMilliseconds }, ending.signal)
            .catch((error: unknown) => {
              if (!ending.signal.aborted) stage.log.error({ err: error }, 'the tour broke off');
            })
            .finally(() => {
              playing = undefined;
            });
        }
        const title = already ? 'The tour is on its way already' : 'A week in a minute';
        const text = 'Watch #parallel-run and #parallel-run-alerts: every message is the real bot at work.';
        return { card: { title, tone: 'neutral', summary: `${title}. ${text}`, body: [{ kind: 'text', text }] } };
      },
    },
    stop: async () => {
      ending.abort(new Error('the simulator is stopping'));
      await playing;
    },
  };
}

async function play(stage: TourStage, signal: AbortSignal): Promise<void> {
  const { simulator, systems, app } = stage;
  const { clock, playbook, sample } = systems;
  const channel = playbook.channels.reconciliation;
  const person = (title: string): string => simulator.people.find((one) => one.title === title)?.id ?? '';
  const [ana, dana, fay] = [person('Data Owner'), person('Project Manager'), person('Analyst')];
  const today = (): string => localDate(clock.now(), playbook.timeZone);
  const read = (): Promise<void> => pause(stage.pauseMilliseconds, undefined, { signal });
  const say = async (who: string, text: string): Promise<void> => {
    await simulator.say(who, channel, text);
    await read();
  };
  const ask = async (who: string, words: string): Promise<void> => {
    await simulator.command(who, channel, words);
    await read();
  };
  const morning = async (night: 'complete' | 'stalled' = 'complete'): Promise<void> => {
    await systems.morningOf(workingDay(addDays(today(), 1), 1), night);
    await app.tick();
    await read();
  };
  /** On its day the checkpoint is held, when everything else of the day is done. */
  const checkpoint = async (): Promise<void> => {
    const date = today();
    const { weeklyCheckpoint } = playbook.schedules;
    if (weeklyCheckpoint === undefined || weekday(date) !== weeklyCheckpoint.day) return;
    clock.set(instantOf(date, weeklyCheckpoint.at, playbook.timeZone));
    await app.tick();
    await read();
    await ask(
      dana,
      `checkpoint minutes --attendance "Ana, Ben, Chen, Dana, Fay" --decisions "The raise of level 3 is mended before the next payroll"`,
    );
  };
  const discrepancyOf = async (check: string): Promise<string> => {
    const active = await app.services.store.transaction((tx) => tx.discrepancies.active());
    const found = active.find(({ measured }) => measured?.check === check);
    return found === undefined ? '' : nameOf(found);
  };

  await say(dana, 'A week of ours in a minute. Day 1: the report is above; three checks failed.');
  const pay = await discrepancyOf('compensation');
  await ask(ana, `discrepancy ${pay} investigate`);
  await ask(ana, 'explain compensation --share');
  await say(fay, 'Level 3 got its raise twice, I am sure of it.');
  await checkpoint();

  await morning();
  await say(ana, 'Day 2: we know the cause, and payroll accepts it until it is mended.');
  const until = addDays(today(), 14);
  await ask(ana, `discrepancy ${pay} explain --until ${until} --reason "The raise of level 3 was applied twice"`);
  await ask(
    fay,
    'lesson --category "Data Quality" --learning "A raise can be applied twice when a load is repeated" --action "Make the load idempotent" --owner techLead --share',
  );
  await checkpoint();

  await morning();
  await say(dana, 'Day 3: the report says how much of it is explained now, and what is left over.');
  await ask(fay, 'discrepancy --title "Bonus of leavers is missing in the new system" --severity 2 --owner analysts');
  await ask(fay, 'compare levels --share');
  await checkpoint();

  await morning('stalled');
  await say(dana, 'Day 4: the sync is late, so nothing is compared and nothing is told wrongly.');
  await systems.fifteenMinutesLater();
  await app.tick();
  await read();
  await checkpoint();

  await sample.heal();
  await morning();
  await checkpoint();
  await say(ana, 'Day 5: everything is mended. What failed is resolved by itself.');
  await ask(dana, 'status --share');
}
