import { sha256 } from '../src/core/audit/audit.ts';
import type { Answer, Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { actorInAudit } from '../src/core/people.ts';
import { discrepanciesCsv } from '../src/core/reports/discrepancies-csv.ts';
import { evidencePack } from '../src/core/reports/evidence-pack.ts';
import { lessonsCsv } from '../src/core/reports/lessons-csv.ts';
import { livingPlaybook } from '../src/core/reports/living-playbook.ts';
import { packExported, readLiving, readPack } from '../src/core/reports/read-living.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '<playbook | evidence | discrepancies | lessons> [file]';
const everything = 10_000;
const lessonsReadBack = 1_000;

interface Export {
  readonly file: string;
  readonly title: string;
  text(tx: Transaction, services: Services): Promise<string>;
  /** Keeps in the audit that it was taken along, by what it can be known again. */
  exported?(tx: Transaction, text: string, by: string, services: Services): Promise<void>;
}

/** Once for each content: "audit verify --pack" tells by it whether a pack is as it was exported. */
async function writePackDown(tx: Transaction, text: string, by: string, { clock }: Services): Promise<void> {
  const head = await tx.audit.head();
  const subject = `pack/${sha256(text)}`;
  if (head?.action === packExported && head.subject === subject) return;
  const at = clock.now().toISOString();
  await tx.audit.append({ at, actor: by, action: packExported, subject, details: { head: head?.hash ?? null } });
}

/** What can be taken along. Each is a pure function of what is on record. */
const exports: Readonly<Record<string, Export>> = {
  playbook: {
    file: 'parallel-run.md',
    title: 'The living playbook',
    text: async (tx, services) => livingPlaybook(await readLiving(tx, services)),
  },
  evidence: {
    file: 'evidence.md',
    title: 'The evidence pack',
    text: async (tx, services) => evidencePack(await readPack(tx, services)),
    exported: writePackDown,
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
  summary: 'Gives the living playbook, the evidence pack, the discrepancies or the lessons as a file',
  examples: ['export playbook', 'export evidence', 'export discrepancies', 'export lessons lessons.csv'],

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
    const by = actorInAudit(request.actor);
    if (place === undefined) {
      const keep = async (tx: Transaction): Promise<undefined> => {
        await wanted.exported?.(tx, text, by, services);
        return undefined;
      };
      return { ...answer, file: { path: file, text }, write: keep };
    }
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
        if (wanted.exported !== undefined) await wanted.exported(tx, text, by, services);
        else
          await tx.audit.append({
            at,
            actor: by,
            action: 'record.exported',
            subject: `export/${name}`,
            details: { file },
          });
        return undefined;
      },
    };
  },
};
