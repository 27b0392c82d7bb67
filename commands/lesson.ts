import { factsInWords } from '../src/core/cards/discrepancy-words.ts';
import { lessonCard } from '../src/core/cards/lesson-card.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { type Form, readForm, stillAsked } from '../src/core/form.ts';
import { readArguments } from '../src/core/grammar.ts';
import { actorInAudit } from '../src/core/people.ts';
import { nameOfLesson } from '../src/core/records/lesson.ts';
import { reasonLength } from '../src/core/records/verbs.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { localDate } from '../src/core/time/local-time.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage =
  '[--learning "…"] [--category "…"] [--action "…"] [--owner <role>] [--blocks <phase>] [--date <day>] [--about D-17] [--share]';
const options = ['learning', 'category', 'action', 'owner', 'date', 'link', 'blocks', 'about'];

/** Writes down something that the team learned (L144). */
export const lesson: Command = {
  name: 'lesson',
  usage,
  summary: 'Writes down something that the team learned',
  examples: [
    'lesson',
    'lesson --category "Data Quality" --learning "Legacy has no level for people on leave" --action "Map them to L1"',
    'lesson --about D-17',
    'lesson --learning "Loads can repeat" --action "Make them idempotent" --owner techLead --blocks 1',
  ],

  async form(call, services) {
    if (call.request.form !== undefined) return undefined;
    const { form, values } = await understand(call, services);
    return stillAsked(form, values);
  },

  async run(call, services) {
    const { form, values, about, share } = await understand(call, services);
    const read = readForm(form, values, `${call.prefix} help lesson shows examples.`);
    return answeredBy((tx) => write(tx, read, about, share, call, services));
  },
};

interface Asked {
  readonly form: Form;
  readonly values: Readonly<Record<string, string>>;
  readonly about: number | null;
  readonly share: boolean;
}

async function understand(call: FormCall, services: Services): Promise<Asked> {
  const { playbook, clock, store } = services;
  const hint = `${call.prefix} help lesson shows examples.`;
  const { options: given, flags } = readArguments(call.arguments, { flags: ['share'], options, words: 0, hint });
  const { about: named, ...values } = { ...Object.fromEntries(given), ...call.request.form };
  const about = named === undefined ? null : Number(/^d?-?(\d{1,9})$/i.exec(named)?.[1]);
  const found =
    about === null || Number.isNaN(about) ? undefined : await store.transaction((tx) => tx.discrepancies.find(about));
  if (about !== null && found === undefined) {
    throw new UsageError(`There is no discrepancy "${named}".`, `${call.prefix} discrepancies --all lists them.`);
  }
  const today = localDate(clock.now(), playbook.timeZone);
  const form: Form = {
    title: 'A lesson learned',
    submit: 'Write it down',
    ...(about === null ? {} : { intro: `What did D-${about} teach?` }),
    fields: [
      { name: 'date', label: 'Date', kind: 'date', required: false, initial: today, latest: today },
      {
        name: 'category',
        label: 'Category',
        kind: 'choice',
        required: false,
        initial: playbook.lessons.categories[0] ?? '',
        options: playbook.lessons.categories.map((name) => ({ value: name, label: name })),
      },
      {
        name: 'learning',
        label: 'What was learned',
        kind: 'text',
        lines: 'many',
        maxLength: reasonLength,
        required: true,
        from: 'text',
        ...(found === undefined ? {} : { initial: factsInWords(found, playbook).slice(0, reasonLength) }),
      },
      {
        name: 'action',
        label: 'What is done about it',
        kind: 'text',
        lines: 'many',
        maxLength: reasonLength,
        required: false,
      },
      {
        name: 'blocks',
        label: 'Must be done before a phase is left',
        kind: 'choice',
        required: false,
        options: [1, 2, 3].map((phase) => ({ value: String(phase), label: `Phase ${phase}` })),
      },
      {
        name: 'owner',
        label: 'Who does it',
        kind: 'choice',
        required: false,
        options: Object.entries(playbook.roles).map(([value, { title }]) => ({ value, label: title })),
      },
      {
        name: 'link',
        label: 'Where it was said',
        kind: 'text',
        lines: 'one',
        maxLength: 500,
        required: false,
        from: 'link',
        ...(found?.reported?.link == null ? {} : { initial: found.reported.link }),
      },
    ],
  };
  return { form, values, about, share: flags.has('share') };
}

async function write(
  tx: Transaction,
  values: Readonly<Record<string, string>>,
  about: number | null,
  share: boolean,
  { request }: FormCall,
  { playbook, clock }: Services,
): Promise<Answer> {
  const phase = Number(values['blocks']);
  const blocks = phase === 1 || phase === 2 || phase === 3 ? phase : null;
  if (blocks !== null && (values['action'] ?? '') === '') {
    throw new UsageError('What is to be done before the phase is left?', 'Say it with --action.');
  }
  const at = clock.now();
  const by = actorInAudit(request.actor);
  const kept = await tx.lessons.add({
    date: values['date'] || localDate(at, playbook.timeZone),
    category: values['category'] || (playbook.lessons.categories[0] ?? ''),
    learning: values['learning'] ?? '',
    action: values['action'] ?? '',
    owner: values['owner'] || null,
    link: values['link'] || null,
    discrepancy: about,
    blocks,
    recordedBy: by,
    recordedAt: at.toISOString(),
  });
  await tx.audit.append({
    at: at.toISOString(),
    actor: by,
    action: 'lesson.recorded',
    subject: `lesson/${kept.number}`,
    details: { name: nameOfLesson(kept), category: kept.category, discrepancy: about },
  });
  return { card: lessonCard(kept, playbook), share, json: { ...kept, name: nameOfLesson(kept) } };
}
