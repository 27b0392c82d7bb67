import type { Answer, Command } from '../src/core/command.ts';
import { sha256 } from '../src/core/audit/audit.ts';
import { readArguments } from '../src/core/grammar.ts';
import { actorInAudit } from '../src/core/people.ts';
import { discrepanciesCsv } from '../src/core/reports/discrepancies-csv.ts';
import type { Document } from '../src/core/reports/document.ts';
import { evidencePack } from '../src/core/reports/evidence-pack.ts';
import { lessonsCsv } from '../src/core/reports/lessons-csv.ts';
import { livingPlaybook } from '../src/core/reports/living-playbook.ts';
import { markdownOf } from '../src/core/reports/markdown.ts';
import { writePackDown } from '../src/core/reports/pack-verification.ts';
import { readLiving, readPack } from '../src/core/reports/read-living.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { sharedPlace } from '../src/core/request.ts';

const usage = '<playbook | evidence | discrepancies | lessons> [file]';
const everything = 10_000;
const lessonsReadBack = 1_000;

interface Export {
  readonly file: string;
  readonly title: string;
  /** What it is made of; a document may become Markdown or PDF, a text is what it is. */
  content(tx: Transaction, services: Services): Promise<string | Document>;
  /** Keeps in the audit that it was taken along, by what it can be known again. */
  exported?(tx: Transaction, file: string | Uint8Array, by: string, now: Date): Promise<void>;
}

/** What can be taken along. Each is a pure function of what is on record. */
const exports: Readonly<Record<string, Export>> = {
  playbook: {
    file: 'parallel-run.md',
    title: 'The living playbook',
    content: async (tx, services) => livingPlaybook(await readLiving(tx, services)),
  },
  evidence: {
    file: 'evidence.md',
    title: 'The evidence pack',
    content: async (tx, services) => evidencePack(await readPack(tx, services)),
    exported: writePackDown,
  },
  discrepancies: {
    file: 'discrepancies.csv',
    title: 'All discrepancies',
    content: async (tx) => discrepanciesCsv((await tx.discrepancies.list(everything)).toReversed()),
  },
  lessons: {
    file: 'lessons.csv',
    title: 'All lessons learned',
    content: async (tx) => lessonsCsv((await tx.lessons.list(lessonsReadBack)).toReversed()),
  },
};

/** The file's ending says what it becomes. Throws UsageError for a PDF of what is no document. */
async function fileOf(content: string | Document, file: string, { pdf }: Services): Promise<string | Uint8Array> {
  const wantsPdf = /\.pdf$/i.test(file);
  if (typeof content !== 'string') return wantsPdf ? pdf(content) : markdownOf(content);
  if (!wantsPdf) return content;
  throw new UsageError(
    `${file} can't be a PDF: these are rows, for a spreadsheet.`,
    'Name a file that ends in .csv, or export the playbook or the evidence as PDF.',
  );
}

/** Takes the record along as a file: into the channel, or in a shell where it was asked for. */
export const exportCommand: Command = {
  name: 'export',
  usage,
  summary: 'Gives the living playbook, the evidence pack, the discrepancies or the lessons as a file',
  examples: ['export playbook', 'export evidence', 'export evidence evidence.pdf', 'export lessons lessons.csv'],

  async run({ request, prefix, arguments: typed }, services) {
    const hint = `${prefix} export ${usage}`;
    const { words } = readArguments(typed, { flags: [], words: 2, hint });
    const [name = '', path] = words;
    const wanted = Object.hasOwn(exports, name.toLowerCase()) ? exports[name.toLowerCase()] : undefined;
    if (wanted === undefined) {
      throw new UsageError(name === '' ? 'What is to be exported?' : `There is no export "${name}".`, hint);
    }
    const file = path ?? wanted.file;
    const content = await services.store.transaction((tx) => wanted.content(tx, services));
    const made = await fileOf(content, file, services);
    const { place } = request;
    const where = place === undefined ? file : `${file}, on its way to the channel`;
    const summary = `${wanted.title}: ${where}.`;
    const answer: Answer = {
      card: { title: wanted.title, tone: 'good', summary, body: [{ kind: 'text', text: summary }] },
      json: typeof made === 'string' ? { file, text: made } : { file, sha256: sha256(made) },
    };
    const by = actorInAudit(request.actor);
    if (place === undefined) {
      const keep = async (tx: Transaction): Promise<undefined> => {
        await wanted.exported?.(tx, made, by, services.clock.now());
        return undefined;
      };
      return { ...answer, file: { path: file, content: made }, write: keep };
    }
    return {
      ...answer,
      write: async (tx) => {
        const key = `export/${request.id}`;
        await tx.outbox.post(
          {
            key,
            subject: key,
            place: sharedPlace(place) ?? place,
            content: {
              kind: 'file',
              name: file,
              title: wanted.title,
              // Without the file's name, which somebody typed: others may run this line.
              inShell: `export ${name.toLowerCase()}`,
              ...(typeof made === 'string'
                ? { text: made }
                : { text: Buffer.from(made).toString('base64'), encoding: 'base64' as const }),
            },
          },
          services.deliveryClock.now(),
        );
        const now = services.clock.now();
        if (wanted.exported !== undefined) await wanted.exported(tx, made, by, now);
        else
          await tx.audit.append({
            at: now.toISOString(),
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
