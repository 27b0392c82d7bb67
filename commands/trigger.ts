import { incidentCard } from '../src/core/cards/incident-card.ts';
import { type TriggerState, triggersCard } from '../src/core/cards/triggers-card.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { type Form, readForm, stillAsked } from '../src/core/form.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { actorInAudit } from '../src/core/people.ts';
import { reasonLength } from '../src/core/records/verbs.ts';
import { readTrigger, reportIncident } from '../src/core/reports/keep-incident.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { nameOfIncident } from '../src/core/triggers/incident.ts';
import type { Trigger } from '../src/core/triggers/trigger.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '[report <trigger> --what "…"]';

/** What calls for a rollback (L118-L122): which triggers fire, and a person's report of one. */
export const trigger: Command = {
  name: 'trigger',
  usage,
  summary: 'Shows what calls for a rollback, and reports it',
  examples: [
    'trigger',
    'trigger report corruption --what "Salaries of level 3 are doubled in the new system"',
    'trigger report security --what "The service account\'s key is on a public page"',
  ],

  async form(call, services) {
    const asked = understand(call, services);
    if (asked === undefined || call.request.form !== undefined) return undefined;
    return stillAsked(formOf(asked.trigger), asked.values);
  },

  async run(call, services) {
    const asked = understand(call, services);
    if (asked === undefined) return services.store.transaction((tx) => list(tx, services));
    const { what = '' } = readForm(formOf(asked.trigger), asked.values, `${call.prefix} help trigger shows examples.`);
    const by = actorInAudit(call.request.actor);
    return answeredBy(async (tx) => {
      const kept = await reportIncident(tx, { trigger: asked.trigger.name, what, by }, services);
      return { card: incidentCard(kept, services.playbook), json: { ...kept, name: nameOfIncident(kept) } };
    });
  },
};

type Asked = { readonly trigger: Trigger; readonly values: Readonly<Record<string, string>> };

/** Undefined where the list is asked for. Throws UsageError for somebody who may not report it. */
function understand(call: FormCall, { playbook }: Services): Asked | undefined {
  const hint = `${call.prefix} trigger ${usage}`;
  const { words, options } = readArguments(call.arguments, { flags: [], options: ['what'], words: 2, hint });
  const [verb, name] = words;
  if (verb === undefined) return undefined;
  if (verb.toLowerCase() !== 'report') throw new UsageError(`"${verb}" is nothing that can be done here.`, hint);
  const known = playbook.triggers.find((one) => one.name === name?.toLowerCase());
  if (known === undefined) throw unknownTrigger(name, playbook.triggers);
  const wanted = known.kind === 'security' ? known.declaredBy : Object.keys(playbook.roles);
  refuseWithoutRole(call.request.actor, wanted, playbook, `report ${known.title}`);
  return { trigger: known, values: { ...Object.fromEntries(options), ...call.request.form } };
}

function unknownTrigger(name: string | undefined, triggers: readonly Trigger[]): UsageError {
  const names = triggers.map((one) => one.name);
  const meant = name === undefined ? undefined : closest(name, names);
  return new UsageError(
    name === undefined ? 'Which trigger?' : `There is no trigger "${name}" in the playbook.`,
    meant === undefined ? `They are ${names.join(', ')}.` : `Did you mean ${meant}?`,
  );
}

function formOf({ title }: Trigger): Form {
  return {
    title: 'Report it',
    submit: 'Report it',
    intro: title,
    fields: [
      { name: 'what', label: 'What happened', kind: 'text', lines: 'many', maxLength: reasonLength, required: true },
    ],
  };
}

async function list(tx: Transaction, { playbook }: Services): Promise<Answer> {
  const open = await tx.incidents.open();
  const states: TriggerState[] = [];
  for (const one of playbook.triggers) {
    const [newest] = await readTrigger(tx, one, { playbook });
    states.push({ trigger: one, newest, incident: open.find((incident) => incident.trigger === one.name) });
  }
  return { card: triggersCard(states, playbook), json: { triggers: states } };
}
