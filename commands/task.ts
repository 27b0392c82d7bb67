import { taskCard, tasksCard } from '../src/core/cards/task-card.ts';
import { limitsInWords } from '../src/core/cards/task-words.ts';
import type { Answer, Command, FormCall } from '../src/core/command.ts';
import type { Form } from '../src/core/form.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { planOf } from '../src/core/phases/plan.ts';
import type { TaskChange } from '../src/core/phases/task-change.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import type { Task } from '../src/core/playbook/team.ts';
import { keepTask } from '../src/core/reports/keep-task.ts';
import { withReading } from '../src/core/metrics/reading-as-evidence.ts';
import { actorInAudit } from '../src/core/people.ts';
import { taskJson } from '../src/core/reports/task-json.ts';
import type { Actor } from '../src/core/request.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { formatDateTime } from '../src/core/time/format.ts';
import { localDate } from '../src/core/time/local-time.ts';

const longestEvidence = 2_000;

/** Lists the tasks of the plan, shows one, closes it or opens it again; only its owner's role may. */
export const task: Command = {
  name: 'task',
  usage: '[name] [--done|--reopen --evidence "text or link"] [--people number] [--share]',
  summary: 'Lists the tasks of the plan, shows one, or closes it',
  examples: [
    'task',
    'task train-pilot-users',
    'task train-pilot-users --done --evidence "https://wiki/roster" --people 7',
    'task train-pilot-users --reopen --evidence "two were missing"',
  ],

  async form(call, { playbook }) {
    const { request, prefix } = call;
    const { name, flags, options, hint } = wordsOf(call);
    const wanted = wantedOf(flags, options, hint);
    if (name === undefined || wanted === undefined || request.form !== undefined || options.has('evidence')) {
      return undefined;
    }
    const found = taskOf(name, playbook, prefix);
    refuseClosing(found, request.actor, playbook);
    return formOf(found, wanted);
  },

  async run(call, services) {
    const { request, prefix } = call;
    const { playbook, store } = services;
    const { name, flags, options, hint } = wordsOf(call);
    const share = flags.has('share');
    const wanted = wantedOf(flags, options, hint);
    if (name === undefined) {
      if (wanted !== undefined) throw new UsageError('Which task?', hint);
      return { ...(await store.transaction((tx) => listAnswer(tx, services))), share };
    }
    const found = taskOf(name, playbook, prefix);
    if (wanted === undefined) {
      return { ...(await store.transaction((tx) => showAnswer(tx, found, { services, prefix }))), share };
    }
    const change = changeOf(found, wanted, { actor: request.actor, options, playbook, prefix });
    return {
      ...(await store.transaction((tx) => showAnswer(tx, found, { services, prefix }))),
      write: async (tx) => ({ ...(await write(tx, found, change, { services, prefix })), share }),
    };
  },
};

type Options = ReadonlyMap<string, string>;

/** What was typed, with what was filled in. */
function wordsOf({ request, prefix, arguments: typed }: FormCall): {
  readonly name: string | undefined;
  readonly flags: ReadonlySet<string>;
  readonly options: Options;
  readonly hint: string;
} {
  const hint = `${prefix} task [name] [--done|--reopen --evidence "text or link"] [--people number]`;
  const { words, flags, options } = readArguments(typed, {
    flags: ['done', 'reopen', 'share'],
    options: ['evidence', 'people', 'of'],
    words: 1,
    hint,
  });
  return {
    name: words[0]?.toLowerCase(),
    flags,
    options: new Map([...options, ...Object.entries(request.form ?? {})]),
    hint,
  };
}

function formOf({ title, evidence, people }: Task, state: TaskChange['state']): Form {
  const done = state === 'done';
  return {
    title: done ? 'Close the task' : 'Open the task again',
    submit: done ? 'Close it' : 'Open it again',
    intro: title,
    fields: [
      {
        name: 'evidence',
        label: done ? 'Evidence' : 'Why it is open again',
        ...(done ? { hint: evidence } : {}),
        kind: 'text',
        lines: 'many',
        maxLength: longestEvidence,
        required: true,
      },
      ...(people === undefined || !done
        ? []
        : [
            {
              name: 'people',
              label: `How many people (${limitsInWords(people)})`,
              kind: 'number' as const,
              required: true,
              minimum: String(people.min),
              ...(people.max === undefined ? {} : { maximum: String(people.max) }),
            },
            ...(people.all === true
              ? [
                  {
                    name: 'of',
                    label: 'Of how many',
                    kind: 'number' as const,
                    required: true,
                    minimum: String(people.min),
                  },
                ]
              : []),
          ]),
    ],
  };
}

/** Throws UsageError for both at once, or for evidence of neither. */
function wantedOf(flags: ReadonlySet<string>, options: Options, hint: string): TaskChange['state'] | undefined {
  const [done, reopen] = [flags.has('done'), flags.has('reopen')];
  if (done && reopen) throw new UsageError('A task is closed or opened again, not both at once.', hint);
  if (!done && !reopen && options.size > 0) {
    throw new UsageError('It does not say what to do with the task: add --done, or --reopen.', hint);
  }
  return done ? 'done' : reopen ? 'open' : undefined;
}

/** Throws UsageError for a name that is no task of the playbook, with the one that was probably meant. */
function taskOf(name: string, { tasks }: Playbook, prefix: string): Task {
  const found = tasks.find((one) => one.name === name);
  if (found !== undefined) return found;
  const meant = closest(
    name,
    tasks.map((one) => one.name),
  );
  throw new UsageError(
    `There is no task "${name}" in the playbook.`,
    meant === undefined ? `${prefix} task lists them.` : `Did you mean ${prefix} task ${meant}?`,
  );
}

type Change = Pick<TaskChange, 'state' | 'by' | 'byName' | 'evidence' | 'people'>;

/** Throws UsageError for somebody without the owner's role, and for what is missing or beyond its limits. */
function changeOf(
  found: Task,
  state: TaskChange['state'],
  { actor, options, playbook, prefix }: { actor: Actor; options: Options; playbook: Playbook; prefix: string },
): Change {
  const typed = `${prefix} task ${found.name} ${state === 'done' ? '--done' : '--reopen'}`;
  refuseClosing(found, actor, playbook);
  const evidence = options.get('evidence')?.trim() ?? '';
  if (evidence === '') {
    const asked = state === 'done' ? `Asked for is: ${found.evidence}` : 'Say why it is open again';
    throw new UsageError(
      'Evidence is missing: nothing was changed.',
      `${asked}. Type ${typed} --evidence "text or link".`,
    );
  }
  if (evidence.length > longestEvidence) {
    throw new UsageError(
      `The evidence has ${evidence.length} characters: at most 2,000 are kept.`,
      'Put it where people can read it, and give the link.',
    );
  }
  const people = peopleOf(found, state, options.get('people'), `${typed} --evidence "…" --people`);
  if (found.people?.all === true && people !== null) refuseUnlessAll(people, options.get('of'), typed);
  return { state, by: actorInAudit(actor), byName: actor.name, evidence, people };
}

/** Throws UsageError for what nobody closes, and for somebody without the owner's role. */
function refuseClosing(found: Task, actor: Actor, playbook: Playbook): void {
  if (found.kind === 'automatic') {
    throw new UsageError(`${found.title}: the bot does this by itself.`, 'There is nothing to close or to open again.');
  }
  if (found.decision !== undefined) {
    throw new UsageError(
      `${found.title}: this is decided, not closed.`,
      `The decision closes it: "decision ask ${found.decision}" asks for it.`,
    );
  }
  if (found.probe !== undefined) {
    throw new UsageError(
      `${found.title}: a probe shows this, nobody closes it by hand. Nothing was changed.`,
      `"probe ${found.probe}" tries it.`,
    );
  }
  refuseWithoutRole(actor, [found.owner], playbook, `close or reopen the task ${found.name}`);
}

function peopleOf(found: Task, state: TaskChange['state'], given: string | undefined, typed: string): number | null {
  if (found.people === undefined || state === 'open') {
    if (given === undefined) return null;
    throw new UsageError('No number of people is asked for here: nothing was changed.', 'Leave --people out.');
  }
  const limits = limitsInWords(found.people);
  if (given === undefined)
    throw new UsageError(`How many people? Asked for are ${limits}.`, `${typed} ${found.people.min}`);
  if (!/^\d{1,7}$/.test(given)) {
    throw new UsageError(
      `"${given}" is not a number of people.`,
      `Asked for are ${limits}: ${typed} ${found.people.min}`,
    );
  }
  const number = Number(given);
  if (number < found.people.min || number > (found.people.max ?? Number.POSITIVE_INFINITY)) {
    throw new UsageError(
      `${number} is outside of what is asked for, ${limits}: nothing was changed.`,
      'Close the task when the number is within these limits.',
    );
  }
  return number;
}

/** Throws UsageError unless it is all of them. */
function refuseUnlessAll(people: number, of: string | undefined, typed: string): void {
  const again = `${typed} --evidence "…" --people ${people} --of ${people}`;
  if (of === undefined || !/^\d{1,7}$/.test(of)) throw new UsageError('Of how many? All of them are asked for.', again);
  if (Number(of) === people) return;
  throw new UsageError(
    `${people} of ${Number(of)} is not all of them: nothing was changed.`,
    'Close the task when nobody is missing.',
  );
}

interface Context {
  readonly services: Services;
  readonly prefix: string;
}

async function listAnswer(tx: Transaction, { playbook, clock }: Services): Promise<Answer> {
  const plan = planOf(playbook, await tx.tasks.latest(), localDate(clock.now(), playbook.timeZone));
  return { card: tasksCard(plan, playbook), json: { tasks: plan.map(taskJson) } };
}

/** The task as it is stored now; `news` about it is the title. */
async function showAnswer(tx: Transaction, found: Task, context: Context, news?: string): Promise<Answer> {
  const { playbook, clock } = context.services;
  const history = await tx.tasks.history(found.name);
  const today = localDate(clock.now(), playbook.timeZone);
  const [planned] = planOf({ ...playbook, tasks: [found] }, history.slice(-1), today);
  if (planned === undefined) throw new Error(`the plan lost the task ${found.name}`);
  return {
    card: taskCard(planned, { playbook, prefix: context.prefix, history }, news),
    json: { ...taskJson(planned), history },
  };
}

/** A second closing changes nothing, and says who was first. */
async function write(tx: Transaction, found: Task, change: Change, context: Context): Promise<Answer> {
  const { services } = context;
  if (change.state === 'done') await refuseTooEarly(tx, found, services);
  const evidence =
    change.state === 'done' ? await withReading(tx, found.metric, change.evidence, services) : change.evidence;
  const { kept, last } = await keepTask(tx, { task: found.name, ...change, evidence }, services);
  if (kept) return showAnswer(tx, found, context);
  const since =
    last === undefined ? '' : `, by ${last.byName} on ${formatDateTime(new Date(last.at), services.playbook.timeZone)}`;
  const news = change.state === 'done' ? `Already done${since}` : `Already open${since}`;
  return showAnswer(tx, found, context, `${news}. Nothing was changed`);
}

/** Throws UsageError while a task that must be done before is not. */
async function refuseTooEarly(tx: Transaction, { after = [] }: Task, { playbook }: Services): Promise<void> {
  const latest = await tx.tasks.latest();
  const open = after.filter((name) => latest.find(({ task }) => task === name)?.state !== 'done');
  if (open.length === 0) return;
  const titles = open.map((name) => playbook.tasks.find((one) => one.name === name)?.title ?? name);
  throw new UsageError(`Before it: ${titles.join('; ')}. Nothing was changed.`, 'Close this task after that.');
}
