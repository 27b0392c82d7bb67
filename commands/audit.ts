import type { Command } from '../src/core/command.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { readArguments } from '../src/core/grammar.ts';
import { count } from '../src/core/numbers/format.ts';

/** Recomputes the audit's chain of hashes. With a hash that a digest carried it also finds a tail that was cut off. */
export const audit: Command = {
  name: 'audit',
  usage: 'verify [head]',
  summary: 'Verifies that nobody changed the audit, up to the hash in a digest',
  examples: ['audit verify', 'audit verify 3f9a02c4d1e8b677'],

  async run({ prefix, arguments: typed }, { store }) {
    const hint = `${prefix} audit verify [head], where head is the audit hash in a digest's small print.`;
    const { words } = readArguments(typed, { flags: ['head'], words: 2, hint });
    const [verb, head] = words;
    if (verb !== 'verify') throw new UsageError('What about the audit?', hint);
    if (head !== undefined && !/^[0-9a-f]{16,64}$/i.test(head)) {
      throw new UsageError(`"${head}" is no audit hash: it has 16 to 64 digits, 0 to 9 and a to f.`, hint);
    }
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
