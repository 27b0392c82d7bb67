import { gateCard, gateFigureInWords, gatesCard } from '../src/core/cards/gate-card.ts';
import { roleTitle } from '../src/core/cards/people-words.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { type Form, readForm, stillAsked } from '../src/core/form.ts';
import { waiver } from '../src/core/decision-kinds/waiver.ts';
import type { GateResult } from '../src/core/gates/gate.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { actorInAudit, personOf } from '../src/core/people.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import type { Gate } from '../src/core/playbook/team.ts';
import { reasonLength } from '../src/core/records/verbs.ts';
import { answerToAsker, askDecision } from '../src/core/reports/keep-decision.ts';
import { readGates } from '../src/core/reports/read-gates.ts';
import { personBehind, refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { addDays, localDate } from '../src/core/time/local-time.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '[1 | 2 | 3] [waive <criterion> --reason "…" --owner <role> --until <day>] [--share]';
const usualDays = 14;

/** The success criteria of the phases (L32, L51), and who answers for what is not green. */
export const gates: Command = {
  name: 'gates',
  usage,
  summary: 'Shows the success criteria of the phases, each with its figure; waives one for a while',
  examples: [
    'gates',
    'gates 1',
    'gates 1 waive reports --owner dataOwner --until 2026-12-11 --reason "Two reports are rewritten"',
  ],

  async form(call, services) {
    const asked = understand(call, services);
    if (asked.kind !== 'waive' || call.request.form !== undefined) return undefined;
    return stillAsked(formOf(asked, services), asked.values);
  },

  async run(call, services) {
    const asked = understand(call, services);
    const { playbook, store } = services;
    if (asked.kind === 'waive') {
      const values = readForm(formOf(asked, services), asked.values, `${call.prefix} help gates shows examples.`);
      return answeredBy((tx) => askWaiver(tx, asked, values, call, services));
    }
    const all = await store.transaction((tx) => readGates(tx, services));
    const one = all.find(({ gate }) => gate.phase === asked.phase);
    const json = { gates: (one === undefined ? all : [one]).map(jsonOf) };
    return { card: one === undefined ? gatesCard(all, playbook) : gateCard(one, playbook), share: asked.share, json };
  },
};

type Asked =
  | { readonly kind: 'show'; readonly phase: number | undefined; readonly share: boolean }
  | {
      readonly kind: 'waive';
      readonly phase: Gate['phase'];
      readonly criterion: Gate['criteria'][number];
      readonly values: Readonly<Record<string, string>>;
    };

function understand(call: FormCall, { playbook }: Services): Asked {
  const hint = `${call.prefix} gates ${usage}`;
  const options = ['reason', 'owner', 'until'];
  const read = readArguments(call.arguments, { flags: ['share'], options, words: 3, hint });
  const [number, verb, name = ''] = read.words;
  if (number === undefined) return { kind: 'show', phase: undefined, share: read.flags.has('share') };
  const gate = playbook.gates.find(({ phase }) => String(phase) === number);
  if (gate === undefined) throw new UsageError(`There is no gate of phase "${number}" in the playbook.`, hint);
  if (verb === undefined) return { kind: 'show', phase: gate.phase, share: read.flags.has('share') };
  if (verb.toLowerCase() !== 'waive') throw new UsageError(`"${verb}" is nothing that can be done with a gate.`, hint);
  const criterion = gate.criteria.find((one) => one.name === name.toLowerCase());
  if (criterion === undefined) throw unknownCriterion(name, gate);
  refuseWithoutRole(call.request.actor, Object.keys(playbook.roles), playbook, 'ask to waive a criterion');
  const values = { ...Object.fromEntries(read.options), ...call.request.form };
  return { kind: 'waive', phase: gate.phase, criterion, values };
}

function unknownCriterion(name: string, { criteria, phase }: Gate): UsageError {
  const names = criteria.map((one) => one.name);
  const meant = closest(name, names);
  return new UsageError(
    `The gate of phase ${phase} has no criterion "${name}".`,
    meant === undefined ? `They are ${names.join(', ')}.` : `Did you mean ${meant}?`,
  );
}

function formOf(
  { phase, criterion }: Extract<Asked, { kind: 'waive' }>,
  { playbook, clock }: { readonly playbook: Playbook; readonly clock: Services['clock'] },
): Form {
  const today = localDate(clock.now(), playbook.timeZone);
  const longest = playbook.discrepancies.longestAcceptanceDays;
  return {
    title: 'Waive a criterion',
    submit: 'Ask for it',
    intro: `Phase ${phase}: ${criterion.title}`,
    fields: [
      {
        name: 'owner',
        label: 'Who answers for it',
        kind: 'choice',
        required: true,
        options: Object.entries(playbook.roles).map(([value, { title }]) => ({ value, label: title })),
      },
      {
        name: 'until',
        label: 'Until, with this day',
        kind: 'date',
        required: true,
        earliest: today,
        latest: addDays(today, longest),
        initial: addDays(today, Math.min(usualDays, longest)),
      },
      { name: 'reason', label: 'Why it may be', kind: 'text', lines: 'many', maxLength: reasonLength, required: true },
    ],
  };
}

/** Asks for it: somebody else has to sign it. */
async function askWaiver(
  tx: Transaction,
  { phase, criterion }: Extract<Asked, { kind: 'waive' }>,
  values: Readonly<Record<string, string>>,
  { request }: FormCall,
  services: Services,
): Promise<Answer> {
  const gate = (await readGates(tx, services)).find((one) => one.gate.phase === phase);
  if (gate?.criteria.find((one) => one.criterion.name === criterion.name)?.state === 'pass') {
    throw new UsageError(`${criterion.title} is green: there is nothing to waive.`, 'Nothing was changed.');
  }
  const { playbook } = services;
  const owner = values['owner'] ?? '';
  const record = await askDecision(
    tx,
    waiver,
    {
      about: `gate/${phase}/${criterion.name}`,
      proposal: { ...values, criterion: criterion.title, ownerTitle: roleTitle(owner, playbook) },
      question: `Waive "${criterion.title}" of phase ${phase}?`,
      openedBy: actorInAudit(request.actor),
      asker: personBehind(personOf(request.actor), playbook),
      typed: null,
      channel: playbook.channels.reconciliation,
    },
    services,
  );
  return answerToAsker(record, { channel: 'reconciliation' }, request, services);
}

function jsonOf({ gate, green, criteria }: GateResult): object {
  return {
    phase: gate.phase,
    green,
    criteria: criteria.map(({ criterion: { name, title }, state, figure, waiver }) => {
      const words = gateFigureInWords(figure);
      return { name, title, state, figure: words, waiver };
    }),
  };
}
