import { registerCard, registersCard } from '../src/core/cards/register-card.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { type Form, readForm } from '../src/core/form.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { actorInAudit } from '../src/core/people.ts';
import type { Register } from '../src/core/playbook/team.ts';
import {
  completenessOf,
  itemsInCsv,
  longestCell,
  longestItem,
  mostItems,
  type RegisterItem,
} from '../src/core/registers/register.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '[name] [set <item> [<column> <text>] | remove <item> | fill --csv "…"] [--share]';

/** The lists of the playbook that the team fills: rosters, reports, scenarios, risks. */
export const register: Command = {
  name: 'register',
  usage,
  summary: 'Shows a list that the team fills, such as reports or scenarios, with its gaps; fills it',
  examples: [
    'register',
    'register reports',
    'register reports set "Payroll summary"',
    'register reports set "Payroll summary" compared https://wiki.example.com/payroll',
    'register reports fill',
    'register reports remove "Payroll summary"',
  ],

  async form(call, services) {
    const asked = understand(call, services);
    if (asked?.verb !== 'fill' || call.request.form !== undefined || 'csv' in asked.values) return undefined;
    return fillForm(asked.register);
  },

  async run(call, services) {
    const asked = understand(call, services);
    const { playbook, store } = services;
    if (asked === undefined) {
      const found = await store.transaction(async (tx) => {
        const all = [];
        for (const one of playbook.registers) {
          all.push({ register: one, completeness: completenessOf(one, await tx.registers.items(one.name)) });
        }
        return all;
      });
      const json = { registers: found.map(({ register: one, completeness }) => ({ name: one.name, ...completeness })) };
      return { card: registersCard(found), json };
    }
    if (asked.verb === undefined) {
      return { ...(await store.transaction((tx) => shown(tx, asked.register))), share: asked.share };
    }
    const change = changeOf(asked, `${call.prefix} register ${usage}`);
    return answeredBy((tx) => write(tx, asked.register, change, call, services), asked.share);
  },
};

interface Asked {
  readonly register: Register;
  readonly verb: 'set' | 'remove' | 'fill' | undefined;
  readonly words: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  readonly share: boolean;
}

function understand(call: FormCall, { playbook }: Services): Asked | undefined {
  const hint = `${call.prefix} register ${usage}`;
  const { words, options, flags } = readArguments(call.arguments, {
    flags: ['share'],
    options: ['csv'],
    words: 5,
    hint,
  });
  const [name, verb, ...rest] = words;
  if (name === undefined) return undefined;
  const found = playbook.registers.find((one) => one.name === name.toLowerCase());
  if (found === undefined) {
    const names = playbook.registers.map((one) => one.name);
    const meant = closest(name, names);
    throw new UsageError(
      `There is no register "${name}" in the playbook.`,
      meant === undefined ? `They are ${names.join(', ') || 'none'}.` : `Did you mean ${meant}?`,
    );
  }
  if (verb !== undefined && verb !== 'set' && verb !== 'remove' && verb !== 'fill') {
    throw new UsageError(`"${verb}" is nothing that can be done with a register.`, hint);
  }
  if (verb !== undefined) {
    refuseWithoutRole(call.request.actor, Object.keys(playbook.roles), playbook, `change the register ${found.name}`);
  }
  const values = { ...Object.fromEntries(options), ...call.request.form };
  return { register: found, verb, words: rest, values, share: flags.has('share') };
}

interface Change {
  readonly items: readonly RegisterItem[];
  readonly remove?: string;
}

function changeOf({ register: one, verb, words, values }: Asked, hint: string): Change {
  if (verb === 'fill')
    return { items: checked(itemsInCsv(readForm(fillForm(one), values, hint)['csv'] ?? '', one), hint) };
  const [item, column, ...cell] = words;
  if (item === undefined) throw new UsageError('Which line of the register?', hint);
  if (verb === 'remove') return { items: [], remove: item };
  if (column !== undefined && !one.columns.includes(column)) {
    throw new UsageError(`"${column}" is no column of it.`, `They are ${one.columns.join(', ')}.`);
  }
  const text = cell.join(' ').trim();
  if (column !== undefined && text === '') throw new UsageError(`What is to stand in ${column}?`, hint);
  return {
    items: checked([{ register: one.name, item, cells: column === undefined ? {} : { [column]: text } }], hint),
  };
}

function checked(items: readonly RegisterItem[], hint: string): readonly RegisterItem[] {
  const long = items.find(
    ({ item, cells }) => item.length > longestItem || Object.values(cells).some((cell) => cell.length > longestCell),
  );
  if (items.length === 0) throw new UsageError('There is no line in it: nothing was changed.', hint);
  if (items.length > mostItems)
    throw new UsageError(`More than ${mostItems} lines: nothing was changed.`, 'Fill in a part at a time.');
  if (long === undefined) return items;
  throw new UsageError(
    `"${long.item.slice(0, 40)}…" is too long: nothing was changed.`,
    `At most ${longestItem} characters a name and ${longestCell} a cell.`,
  );
}

function fillForm({ title, columns }: Register): Form {
  return {
    title: 'Fill a register',
    submit: 'Fill in',
    intro: title,
    fields: [
      {
        name: 'csv',
        label: `Lines of ${['name', ...columns].join(', ')}`,
        hint: 'Commas between, quotes around what holds a comma. What is known already stays; cells left empty are gaps.',
        kind: 'text',
        lines: 'many',
        maxLength: 3_000,
        file: { type: 'csv', maxLength: 300_000 },
        required: true,
      },
    ],
  };
}

async function shown(tx: Transaction, one: Register): Promise<Answer> {
  const items = await tx.registers.items(one.name);
  return { card: registerCard(one, items), json: { name: one.name, lines: items, ...completenessOf(one, items) } };
}

async function write(
  tx: Transaction,
  one: Register,
  change: Change,
  { request }: FormCall,
  services: Services,
): Promise<Answer> {
  if (change.remove !== undefined && !(await tx.registers.remove(one.name, change.remove))) {
    throw new UsageError(
      `There is no "${change.remove}" in ${one.title}: nothing was changed.`,
      'Names are those that it shows.',
    );
  }
  for (const item of change.items) await tx.registers.save(item);
  const answer = await shown(tx, one);
  await tx.audit.append({
    at: services.clock.now().toISOString(),
    actor: actorInAudit(request.actor),
    action: change.remove === undefined ? 'register.filled' : 'register.removed',
    subject: `register/${one.name}`,
    details: { lines: change.remove === undefined ? change.items.length : 1 },
  });
  return answer;
}
