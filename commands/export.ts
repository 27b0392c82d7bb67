import type { Answer, Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { actorInAudit } from '../src/core/people.ts';
import { readMetrics } from '../src/core/metrics/read-metrics.ts';
import { planOf } from '../src/core/phases/plan.ts';
import { discrepanciesCsv } from '../src/core/reports/discrepancies-csv.ts';
import { lessonsCsv } from '../src/core/reports/lessons-csv.ts';
import { livingPlaybook } from '../src/core/reports/living-playbook.ts';
import { readGates } from '../src/core/reports/read-gates.ts';
import { runsLookedBackOn } from '../src/core/reports/overview.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { localDate } from '../src/core/time/local-time.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '<playbook | discrepancies | lessons> [file]';
const everything = 10_000;
const lessonsReadBack = 1_000;

interface Export {
  readonly file: string;
  readonly title: string;
  text(tx: Transaction, services: Services): Promise<string>;
}

/** What can be taken along. Each is a pure function of what is on record. */
const exports: Readonly<Record<string, Export>> = {
  playbook: {
    file: 'parallel-run.md',
    title: 'The living playbook',
    text: async (tx, services) => {
      const { playbook, clock } = services;
      const runs = await tx.runs.list({ limit: runsLookedBackOn, scheduled: true });
      return livingPlaybook({
        playbook,
        plan: planOf(playbook, await tx.tasks.latest(), localDate(clock.now(), playbook.timeZone)),
        gates: await readGates(tx, services),
        metrics: await readMetrics(tx, playbook, { scheduled: runs, now: clock.now() }),
        run: runs.find(({ state }) => state !== 'held'),
        discrepancies: (await tx.discrepancies.list(everything)).toReversed(),
        checkpoints: (await tx.checkpoints.list(lessonsReadBack)).toReversed(),
        lessons: (await tx.lessons.list(lessonsReadBack)).toReversed(),
      });
    },
  },
  discrepancies: {
    file: 'discrepancies.csv',
    title: 'All discrepancies',
    text: async (tx) => discrepanciesCsv((await tx.discrepancies.list(everything)).toReversed()),
  },
  lessons: {
    file: 'lessons.csv',
    title: 'All lessons learned',
    text: async (tx) => lessonsCsv((await tx.lessons.list(lessonsReadBack)).toReversed()),
  },
};

/** Takes the record along as a file: into the channel, or in a shell where it was asked for. */
export const exportCommand: Command = {
  name: 'export',
  usage,
  summary: 'Gives the living playbook, the discrepancies or the lessons as a file',
  examples: ['export playbook', 'export discrepancies', 'export lessons lessons.csv'],

  async run({ request, prefix, arguments: typed }, services) {
    const hint = `${prefix} export ${usage}`;
    const { words } = readArguments(typed, { flags: [], words: 2, hint });
    const [name = '', path] = words;
    const wanted = Object.hasOwn(exports, name.toLowerCase()) ? exports[name.toLowerCase()] : undefined;
    if (wanted === undefined) {
      throw new UsageError(name === '' ? 'What is to be exported?' : `There is no export "${name}".`, hint);
    }
    const text = await services.store.transaction((tx) => wanted.text(tx, services));
    const file = path ?? wanted.file;
    const { place } = request;
    const where = place === undefined ? file : `${file}, on its way to the channel`;
    const summary = `${wanted.title}: ${where}.`;
    const answer: Answer = {
      card: { title: wanted.title, tone: 'good', summary, body: [{ kind: 'text', text: summary }] },
      json: { file, text },
    };
    if (place === undefined) return { ...answer, file: { path: file, text } };
    return {
      ...answer,
      write: async (tx) => {
        const key = `export/${request.id}`;
        await tx.outbox.post(
          {
            key,
            subject: key,
            place: { platform: place.platform, channel: place.channel, visibility: 'channel' },
            content: { kind: 'file', name: file, title: wanted.title, text },
          },
          services.deliveryClock.now(),
        );
        const at = services.clock.now().toISOString();
        const actor = actorInAudit(request.actor);
        await tx.audit.append({ at, actor, action: 'record.exported', subject: `export/${name}`, details: { file } });
        return undefined;
      },
    };
  },
};
