import { checkpointCard } from '../src/core/cards/checkpoint-card.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import {
  type Checkpoint,
  type CheckpointTime,
  checkpointsAround,
  type Minutes,
} from '../src/core/checkpoints/checkpoint.ts';
import { type Form, readForm, stillAsked } from '../src/core/form.ts';
import { readArguments } from '../src/core/grammar.ts';
import { actorInAudit } from '../src/core/people.ts';
import { keepCheckpoint } from '../src/core/reports/keep-checkpoint.ts';
import { readAgenda } from '../src/core/reports/read-agenda.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { isDate } from '../src/core/time/local-time.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '[date] [minutes --attendance "…" --decisions "…" --notes "…"] [--share]';
const options = ['attendance', 'decisions', 'notes'];
const longest = 3_000;

/** The weekly checkpoint: its agenda, and its minutes (L14). */
export const checkpoint: Command = {
  name: 'checkpoint',
  usage,
  summary: 'Shows the agenda of the weekly checkpoint, or takes its minutes',
  examples: [
    'checkpoint',
    'checkpoint minutes',
    'checkpoint 2026-11-25 minutes --attendance "Ana, Ben" --decisions "Accept the bonus variance"',
  ],

  async form(call, services) {
    const asked = await understand(call, services);
    if (asked.kind === 'show' || call.request.form !== undefined) return undefined;
    return stillAsked(asked.form, asked.values);
  },

  async run(call, services) {
    const asked = await understand(call, services);
    const { playbook, store } = services;
    const chat = call.request.actor.platform !== 'terminal';
    if (asked.kind === 'minutes') {
      const values = readForm(asked.form, asked.values, `${call.prefix} help checkpoint shows examples.`);
      return answeredBy((tx) => write(tx, asked.date, values, call, services));
    }
    const { kept, time, share } = asked;
    return store.transaction(async (tx): Promise<Answer> => {
      const now = await readAgenda(tx, time, services);
      const shown = kept ?? { date: time.date, agenda: now.agenda, minutes: null, missedAt: null };
      const card = checkpointCard(shown, {
        playbook,
        discrepancies: now.discrepancies,
        buttons: chat && kept !== undefined,
      });
      return { card, share, json: { ...shown, kept: kept !== undefined } };
    });
  },
};

type Asked =
  | {
      readonly kind: 'show';
      readonly time: CheckpointTime;
      /** Undefined before its hour: the agenda is then as it would be now. */
      readonly kept: Checkpoint | undefined;
      readonly share: boolean;
    }
  | {
      readonly kind: 'minutes';
      readonly date: string;
      readonly form: Form;
      readonly values: Readonly<Record<string, string>>;
    };

async function understand(call: FormCall, services: Services): Promise<Asked> {
  const { playbook, clock, store } = services;
  const hint = `${call.prefix} checkpoint ${usage}`;
  const read = readArguments(call.arguments, { flags: ['share'], options, words: 2, hint });
  const words = read.words.map((word) => word.toLowerCase());
  const date = words.find((word) => word !== 'minutes');
  const minutes = words.includes('minutes');
  if (date !== undefined && !isDate(date)) throw new UsageError(`"${date}" is no date such as 2026-11-25.`, hint);
  const { last, next } = checkpointsAround(playbook, clock.now());
  const all = await store.transaction((tx) => tx.checkpoints.list(1_000));
  const kept = all.find((one) => (date === undefined ? true : one.date === date));
  if (!minutes) {
    const times = [last, next].filter((one) => one !== undefined);
    // Without a date: the one that comes, unless the last one still wants its minutes.
    const wanted = date ?? (kept?.minutes === null ? kept.date : next?.date);
    const found = all.find((one) => one.date === wanted);
    const time =
      times.find((one) => one.date === wanted) ?? (found && { date: found.date, due: new Date(found.dueAt) });
    if (time === undefined) throw noCheckpoint(date, all, call);
    return { kind: 'show', time, kept: found, share: read.flags.has('share') };
  }
  refuseWithoutRole(call.request.actor, Object.keys(playbook.roles), playbook, 'write the minutes');
  if (kept === undefined) throw noCheckpoint(date, all, call);
  const values = { ...Object.fromEntries(read.options), ...call.request.form };
  return { kind: 'minutes', date: kept.date, form: formOf(kept), values };
}

function noCheckpoint(date: string | undefined, all: readonly Checkpoint[], { prefix }: FormCall): UsageError {
  const known = all.slice(0, 5).map((one) => one.date);
  return new UsageError(
    date === undefined ? 'There is no checkpoint yet.' : `There was no checkpoint on ${date}.`,
    known.length === 0
      ? `They begin with the start date, where the playbook has schedules.weeklyCheckpoint; ${prefix} status says where we are.`
      : `The last ones were on ${known.join(', ')}.`,
  );
}

function formOf({ date, minutes }: Checkpoint): Form {
  const text = (name: keyof Minutes, label: string, required: boolean): Form['fields'][number] => ({
    name,
    label,
    kind: 'text',
    lines: 'many',
    maxLength: longest,
    required,
    ...(minutes === null ? {} : { initial: minutes[name] }),
  });
  return {
    title: 'Minutes',
    submit: 'Write them down',
    intro: `The weekly checkpoint of ${date}`,
    fields: [
      text('attendance', 'Who was there', true),
      text('decisions', 'What was decided', false),
      text('notes', 'Notes', false),
    ],
  };
}

/** The newest minutes count; the audit knows who changed them. */
async function write(
  tx: Transaction,
  date: string,
  { attendance = '', decisions = '', notes = '' }: Readonly<Record<string, string>>,
  { request }: FormCall,
  services: Services,
): Promise<Answer> {
  const before = await tx.checkpoints.lock(date);
  if (before === undefined) throw new UsageError(`There was no checkpoint on ${date}.`, 'Nothing was changed.');
  const by = actorInAudit(request.actor);
  const at = services.clock.now().toISOString();
  const after: Checkpoint = { ...before, minutes: { attendance, decisions, notes, by, at } };
  await keepCheckpoint(tx, after, by, 'checkpoint.minutes', services);
  const discrepancies = await tx.discrepancies.list(10_000);
  const { playbook } = services;
  return { card: checkpointCard(after, { playbook, discrepancies, buttons: false }), json: after };
}
