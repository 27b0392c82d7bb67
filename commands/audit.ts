import type { Answer, Command } from '../src/core/command.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { readArguments } from '../src/core/grammar.ts';
import { packExported } from '../src/core/reports/read-living.ts';
import { count } from '../src/core/numbers/format.ts';

/** Recomputes the audit's chain of hashes. With a hash that a digest carried it also finds a tail that was cut off. */
export const audit: Command = {
  name: 'audit',
  usage: 'verify [head] [--pack <sha256>]',
  summary: 'Verifies that nobody changed the audit, up to the hash in a digest',
  examples: ['audit verify', 'audit verify 3f9a02c4d1e8b677', 'audit verify --pack "$(sha256sum < evidence.md)"'],

  async run({ prefix, arguments: typed }, { store }) {
    const hint = `${prefix} audit verify [head], where head is the audit hash in a digest's small print.`;
    const { words, options } = readArguments(typed, { flags: ['head'], options: ['pack'], words: 2, hint });
    const [verb, head] = words;
    if (verb !== 'verify') throw new UsageError('What about the audit?', hint);
    if (head !== undefined && !/^[0-9a-f]{16,64}$/i.test(head)) {
      throw new UsageError(`"${head}" is no audit hash: it has 16 to 64 digits, 0 to 9 and a to f.`, hint);
    }
    const result = await store.transaction((tx) => tx.audit.verify(head));
    const pack = packOf(options.get('pack'), hint);
    const known =
      pack === undefined ? undefined : await store.transaction((tx) => tx.audit.find(packExported, `pack/${pack}`));
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
    if (pack !== undefined && known === undefined) return changedPack(pack);
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
              ...(known === undefined
                ? []
                : [{ label: 'Pack', value: `As it was exported on ${known.at} by ${known.actor}.` }]),
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

/** What sha256sum prints: the hash, and perhaps a name after it. Throws UsageError for anything else. */
function packOf(typed: string | undefined, hint: string): string | undefined {
  if (typed === undefined) return undefined;
  const hash = /^([0-9a-f]{64})(\s|$)/i.exec(typed.trim())?.[1];
  if (hash === undefined) throw new UsageError(`"${typed}" is no SHA-256: it has 64 digits, 0 to 9 and a to f.`, hint);
  return hash.toLowerCase();
}

function changedPack(hash: string): Answer {
  const text = `The audit knows no evidence pack with the SHA-256 ${hash}: it was changed, or comes from elsewhere.`;
  return {
    card: { title: 'The evidence pack was changed', tone: 'bad', summary: text, body: [{ kind: 'text', text }] },
    json: { ok: false, pack: hash },
    exitCode: 1,
  };
}
