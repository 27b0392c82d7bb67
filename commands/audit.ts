import type { Fact } from '../src/core/cards/card.ts';
import type { Answer, Call, Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { count } from '../src/core/numbers/format.ts';
import type { PlaceInPdf } from '../src/core/reports/document.ts';
import { type PackVerdict, verifyPack } from '../src/core/reports/pack-verification.ts';
import { packExported } from '../src/core/reports/read-living.ts';
import type { Services } from '../src/core/services.ts';
import { formatDateTime } from '../src/core/time/format.ts';
import { UsageError } from '../src/core/usage-error.ts';

/**
 * Recomputes the audit's chain of hashes. With a hash that a digest carried it also finds a tail that was cut off, and with
 * an evidence pack what was changed in it.
 */
export const audit: Command = {
  name: 'audit',
  usage: 'verify [head] [--pack <file | sha256>]',
  summary: 'Verifies that nobody changed the audit, up to the hash in a digest, or an evidence pack',
  examples: ['audit verify', 'audit verify 3f9a02c4d1e8b677', 'audit verify --pack evidence.md'],

  async run(call, services) {
    const { store, playbook } = services;
    const hint = `${call.prefix} audit verify [head], where head is the audit hash in a digest's small print.`;
    const { words, options } = readArguments(call.arguments, { flags: ['head'], options: ['pack'], words: 2, hint });
    const [verb, head] = words;
    if (verb !== 'verify') throw new UsageError('What about the audit?', hint);
    if (head !== undefined && !/^[0-9a-f]{16,64}$/i.test(head)) {
      throw new UsageError(`"${head}" is no audit hash: it has 16 to 64 digits, 0 to 9 and a to f.`, hint);
    }
    const typed = options.get('pack');
    const pack = typed === undefined ? undefined : await packOf(typed, call, services);
    const result = await store.transaction((tx) => tx.audit.verify(head));
    if (!result.ok) {
      return {
        card: {
          title: 'The audit was tampered with',
          tone: 'bad',
          summary: `The audit was tampered with: ${result.problem}`,
          body: [
            { kind: 'text', text: result.problem },
            {
              kind: 'text',
              text: [
                { bold: 'What to do: ' },
                'tell the Security Officer, keep the database as it is, and compare it with its backups.',
              ],
            },
          ],
        },
        json: result,
        exitCode: 1,
      };
    }
    if (pack !== undefined && pack.kind !== 'whole') return changedPack(pack, playbook.timeZone);
    const entries = count(result.entries, 'entry', 'entries');
    return {
      card: {
        title: 'The audit is whole',
        tone: 'good',
        summary: `The audit is whole: ${entries}.`,
        body: [
          {
            kind: 'facts',
            facts: [
              { label: 'Entries', value: entries },
              { label: 'Newest hash', value: [{ code: result.head ?? 'none yet' }] },
              ...(pack === undefined
                ? []
                : [{ label: 'Pack', value: `As it was exported ${exportedIn(pack, playbook.timeZone)}.` }]),
              ...(head === undefined
                ? []
                : [{ label: 'Witness', value: `An entry has the hash ${head}, as the digest says.` }]),
            ],
          },
        ],
      },
      json: result,
      exitCode: 0,
    };
  },
};

/** What the audit knows of a pack, given as a file or as what sha256sum prints of it. Throws UsageError for anything else. */
async function packOf(typed: string, { readFile, prefix }: Call, services: Services): Promise<PackVerdict> {
  const hash = /^([0-9a-f]{64})(\s|$)/i.exec(typed.trim())?.[1]?.toLowerCase();
  if (hash !== undefined) {
    const exported = await services.store.transaction((tx) => tx.audit.find(packExported, `pack/${hash}`));
    return exported === undefined ? { kind: 'unknown' } : { kind: 'whole', exported };
  }
  if (readFile === undefined) {
    const hint = `${prefix} audit verify --pack <sha256>, or in a shell: parallel-run audit verify --pack evidence.md`;
    throw new UsageError(`"${typed}" is no SHA-256: it has 64 digits, 0 to 9 and a to f.`, hint);
  }
  const file = await readFile(typed);
  return services.store.transaction((tx) => verifyPack(tx, file, services));
}

/** "Mon 23 Nov 2026, 07:00 by slack:T0TEST/U0ANA". */
function exportedIn({ exported }: Exclude<PackVerdict, { kind: 'unknown' }>, timeZone: string): string {
  return `${formatDateTime(new Date(exported.at), timeZone)} by ${exported.actor}`;
}

/** In what a pack that was changed differs: the subject of a sentence, facts, and the same for `--json`. */
interface Difference {
  readonly what: string;
  readonly facts: readonly Fact[];
  readonly json: object;
}

function changedPack(pack: Exclude<PackVerdict, { kind: 'whole' }>, timeZone: string): Answer {
  if (pack.kind === 'unknown') {
    const text = 'The audit knows no evidence pack like this one: it was changed, or comes from elsewhere.';
    return changedAnswer(text, [], { pack: 'unknown' });
  }
  const { what, facts, json } = pack.kind === 'changedPdf' ? differenceInPdf(pack) : differenceInText(pack);
  const text = `The pack is not as it was exported ${exportedIn(pack, timeZone)}: ${what} is the first that differs.`;
  return changedAnswer(text, facts, { pack: 'changed', ...json });
}

function changedAnswer(text: string, facts: readonly Fact[], json: object): Answer {
  return {
    card: {
      title: 'The evidence pack was changed',
      tone: 'bad',
      summary: text,
      body: [{ kind: 'text', text }, ...(facts.length === 0 ? [] : [{ kind: 'facts' as const, facts }])],
    },
    json: { ok: false, ...json },
    exitCode: 1,
  };
}

function differenceInPdf({ offset, place }: Extract<PackVerdict, { kind: 'changedPdf' }>): Difference {
  return {
    what: placeInWords(place),
    facts: [
      { label: 'First difference', value: `byte ${offset + 1} of the file, or soon after it` },
      ...(place.line === undefined ? [] : [{ label: 'It said there', value: place.line }]),
    ],
    json: { offset, ...place, line: place.line ?? null },
  };
}

function differenceInText({ line, says, said }: Extract<PackVerdict, { kind: 'changed' }>): Difference {
  return {
    what: `line ${line}`,
    facts: [
      { label: `Line ${line} says`, value: says ?? 'nothing: the file ends before it' },
      {
        label: 'It said',
        value: said ?? 'nobody can tell any more: the records went on since, or nothing stood there',
      },
    ],
    json: { line, says: says ?? null, said: said ?? null },
  };
}

/** "what page 3 says", the subject of a sentence. */
function placeInWords({ part, page }: PlaceInPdf): string {
  switch (part) {
    case 'text':
      return `what page ${page} says`;
    case 'fonts':
      return 'how its letters look (its fonts)';
    case 'structure':
      return page === null ? 'what holds its pages together' : `how page ${page} is held`;
  }
}
