import type { Command } from '../src/core/command.ts';
import { codeHash, codesHandedOut, newCode } from '../src/core/decisions/codes.ts';
import { readArguments } from '../src/core/grammar.ts';
import { actorInAudit, personOf } from '../src/core/people.ts';
import { personBehind, refuseWithoutRole } from '../src/core/roles.ts';
import { UsageError } from '../src/core/usage-error.ts';

/** Hands out one-time codes, by which somebody with a role decides from a shell when chat is down. */
export const codes: Command = {
  name: 'codes',
  usage: '',
  summary: 'Gives you one-time codes, to decide from a shell when chat is down',
  examples: ['codes'],

  async run({ request, prefix, arguments: typed }, services) {
    readArguments(typed, { flags: [], words: 0, hint: `${prefix} codes` });
    const { playbook } = services;
    if (request.actor.platform === 'terminal') {
      throw new UsageError('Codes are given in chat, where it is known who asks.', 'Type /parallel codes there.');
    }
    refuseWithoutRole(request.actor, Object.keys(playbook.roles), playbook, 'have one-time codes');
    const outsider = await services.outsider(request.actor);
    if (outsider !== undefined) throw new UsageError(`${outsider} No codes were made.`, 'Somebody else may have them.');
    const fresh = Array.from({ length: codesHandedOut }, newCode);
    const title = `${codesHandedOut} one-time codes: keep them where you find them when chat is down`;
    return {
      card: {
        title,
        tone: 'neutral',
        summary: title,
        body: [
          { kind: 'list', items: fresh.map((code) => [{ code }]) },
          { kind: 'text', text: 'Each works once, for one answer: parallel-run decision DEC-3 approve --code …' },
          { kind: 'note', text: 'Those that you had before are void. Nobody can show these again.' },
        ],
      },
      json: {},
      write: async (tx) => {
        const at = services.clock.now().toISOString();
        const person = personBehind(personOf(request.actor), playbook);
        await tx.codes.issue(person, fresh.map(codeHash), at);
        const subject = `person/${person}`;
        const actor = actorInAudit(request.actor);
        await tx.audit.append({ at, actor, action: 'codes.issued', subject, details: { codes: fresh.length } });
        return undefined;
      },
    };
  },
};
