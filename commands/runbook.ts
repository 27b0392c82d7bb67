import { inPassing } from '../src/core/cards/in-passing.ts';
import { runbookCard } from '../src/core/cards/runbook-card.ts';
import { runbookPlanCard, runbooksCard } from '../src/core/cards/runbooks-card.ts';
import { whatIfCard } from '../src/core/cards/what-if-card.ts';
import { type Answer, answeredBy, type Call, type Command, type FormCall } from '../src/core/command.ts';
import { withdrawSteps } from '../src/core/decision-kinds/step.ts';
import { type Form, readForm, stillAsked } from '../src/core/form.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { actorInAudit } from '../src/core/people.ts';
import { actOnRunbook, forecastNow } from '../src/core/reports/keep-runbook.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import { stepOf } from '../src/core/runbooks/act.ts';
import { isMeasured, isOpen, nameOfRunbook, type Runbook, timeIn } from '../src/core/runbooks/runbook.ts';
import { type RunbookVerb, runbookVerbs } from '../src/core/runbooks/verbs.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { measureStep } from './runbook-check.ts';
import { startAnswer, startForm } from './runbook-start.ts';
import { leadRoles, stepRoles } from '../src/core/runbooks/who.ts';

const usage =
  '[name | R-2] [start | ready | begin | done | fail | check | what-if | pause | resume | move | abort | undone]';
const options = ['evidence', 'reason', 'minutes', 'confirm', 'day', 'speed', 'channel'];
const listed = 20;

/** Ordered steps on a clock (L124, L159): starts a runbook, shows how it goes, and goes on with it. */
export const runbook: Command = {
  name: 'runbook',
  usage,
  summary: 'Shows, starts and goes on with a rollback or the day of the cutover',
  examples: [
    'runbook',
    'runbook cutover',
    'runbook cutover start --day 2027-01-30',
    'runbook cutover done legacy-backup --evidence "s3://backups/legacy"',
    'runbook cutover what-if final-sync --minutes 40',
    'runbook cutover pause --reason "The vendor calls back at ten"',
  ],

  async form(call, services) {
    const asked = await understand(call, services);
    if (call.request.form !== undefined) return undefined;
    if (asked.kind === 'start') return startForm(asked.values, services);
    return asked.kind === 'act' ? stillAsked(formOf(asked.verb, asked.one, asked.step), asked.values) : undefined;
  },

  async run(call, services) {
    const asked = await understand(call, services);
    const { playbook, store, clock } = services;
    switch (asked.kind) {
      case 'list': {
        const known = await store.transaction((tx) => tx.runbooks.list(listed));
        return { card: runbooksCard(known, playbook), json: { runbooks: known } };
      }
      case 'plan':
        return { card: runbookPlanCard(asked.definition, playbook), json: asked.definition };
      case 'show':
        return answerOf(asked.one, services);
      case 'whatIf':
        return {
          card: whatIfCard(asked.one, asked.step, asked.minutes, timeIn(asked.one, clock.now()), playbook),
          json: forecastNow(asked.one, services),
        };
      case 'start':
        return startAnswer(asked.definition, asked.values, call, services);
      case 'check':
        return measureStep(asked.one, asked.step, call, services);
      case 'act': {
        const values = readForm(formOf(asked.verb, asked.one, asked.step), asked.values, hintOf(call));
        refuseUnconfirmed(asked.verb, asked.one, values);
        return answeredBy((tx) => act(tx, asked, values, call, services));
      }
    }
  },
};

type Values = Readonly<Record<string, string>>;
type Definition = Services['playbook']['runbooks'][number];
type Asked =
  | { readonly kind: 'list' }
  | { readonly kind: 'plan'; readonly definition: Definition }
  | { readonly kind: 'show'; readonly one: Runbook }
  | { readonly kind: 'start'; readonly definition: Definition; readonly values: Values }
  | { readonly kind: 'whatIf'; readonly one: Runbook; readonly step: string; readonly minutes: number }
  | { readonly kind: 'check'; readonly one: Runbook; readonly step: string }
  | {
      readonly kind: 'act';
      readonly one: Runbook;
      readonly verb: RunbookVerb;
      readonly step: string;
      readonly values: Values;
    };

const hintOf = ({ prefix }: FormCall): string => `${prefix} help runbook shows examples.`;

async function understand(call: FormCall, services: Services): Promise<Asked> {
  const hint = hintOf(call);
  // "+40m" is how people say it.
  const words = call.arguments.flatMap((word) => {
    const minutes = /^\+(\d{1,5})\s*m(?:in)?$/i.exec(word)?.[1];
    return minutes === undefined ? [word] : ['--minutes', minutes];
  });
  const read = readArguments(words, { flags: [], options, words: 3, hint });
  const [name, word, step = ''] = read.words;
  const values = { ...Object.fromEntries(read.options), ...call.request.form };
  if (name === undefined) return { kind: 'list' };
  const verb = word?.toLowerCase();
  const { definition, one } = await find(name.toLowerCase(), services, hint);
  if (verb === 'start') {
    if (definition === undefined) throw new UsageError('It has begun already. Nothing was changed.', hint);
    return { kind: 'start', definition, values };
  }
  if (one === undefined) {
    if (definition !== undefined && verb === undefined) return { kind: 'plan', definition };
    throw new UsageError(
      `${definition?.title ?? name} does not go on. Nothing was changed.`,
      `Start it first: ${call.prefix} runbook ${name} start.`,
    );
  }
  if (verb === undefined) return { kind: 'show', one };
  return understandVerb(verb, step, one, values, call, services);
}

function understandVerb(
  verb: string,
  step: string,
  one: Runbook,
  values: Values,
  call: FormCall,
  services: Services,
): Asked {
  if (verb === 'what-if') {
    stepOf(one, step);
    const minutes = Number(values['minutes'] ?? '');
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > 10_080) {
      throw new UsageError(
        'How many minutes longer?',
        `Such as ${call.prefix} runbook ${one.name} what-if ${step} +40m.`,
      );
    }
    return { kind: 'whatIf', one, step, minutes };
  }
  if (verb === 'check') {
    const definition = one.definition.steps.find(({ name }) => name === stepOf(one, step).name);
    if (definition === undefined || !isMeasured(definition))
      throw new UsageError(`${step} is no check: people do it.`, hintOf(call));
    if (call.request.actor.platform !== 'clock') refuseStep(one, step, call, services);
    return { kind: 'check', one, step };
  }
  const known = runbookVerbs.find(({ name }) => name === verb);
  if (known === undefined) {
    const names = [...runbookVerbs.map(({ name }) => name), 'check', 'what-if'];
    const meant = closest(verb, names);
    throw new UsageError(
      `"${verb}" is nothing that can be done here.`,
      meant === undefined ? `One of ${names.join(', ')}.` : `Did you mean ${meant}?`,
    );
  }
  if (known.of === 'step') {
    stepOf(one, step);
    refuseStep(one, step, call, services);
    refuseByHand(known, one, step);
  } else {
    refuseWithoutRole(call.request.actor, leadRoles(one), services.playbook, `${known.title.toLowerCase()} here`);
  }
  return { kind: 'act', one, verb: known, step, values };
}

/** By its name, where it goes on or is to be started, in earnest before a rehearsal; or by its number: "R-2". */
async function find(
  name: string,
  { playbook, store }: Services,
  hint: string,
): Promise<{ readonly definition: Definition | undefined; readonly one: Runbook | undefined }> {
  const number = /^r?-?(\d{1,9})$/.exec(name)?.[1];
  if (number !== undefined) {
    const one = await store.transaction((tx) => tx.runbooks.find(Number(number)));
    if (one === undefined) throw new UsageError(`There is no R-${number}.`, hint);
    return { definition: undefined, one };
  }
  const definition = playbook.runbooks.find((each) => each.name === name);
  if (definition === undefined) {
    const names = playbook.runbooks.map((each) => each.name);
    const meant = closest(name, names);
    throw new UsageError(
      `There is no runbook "${name}".`,
      meant === undefined ? `They are ${names.join(', ')}.` : `Did you mean ${meant}?`,
    );
  }
  const open = (await store.transaction((tx) => tx.runbooks.open())).filter((each) => each.name === name);
  return { definition, one: open.find(({ rehearsal }) => rehearsal === null) ?? open[0] };
}

function refuseStep(one: Runbook, step: string, { request }: FormCall, { playbook }: Services): void {
  refuseWithoutRole(request.actor, stepRoles(one, step, playbook), playbook, `go on with ${step}`);
}

function refuseByHand({ name: verb }: RunbookVerb, one: Runbook, step: string): void {
  const definition = one.definition.steps.find(({ name }) => name === step);
  if (definition === undefined || definition.kind === 'task' || verb === 'ready' || verb === 'undone') return;
  // What was refused, or expired, is asked again.
  if (definition.kind === 'decision' && verb === 'begin' && stepOf(one, step).state === 'failed') return;
  const why = isMeasured(definition) ? 'the bot measures it' : 'people decide it';
  throw new UsageError(
    `${step} is not closed by hand: ${why}. Nothing was changed.`,
    'The card says what it waits for.',
  );
}

function formOf({ title, fields }: RunbookVerb, one: Runbook, step: string): Form {
  const what = one.definition.steps.find(({ name }) => name === step)?.title ?? one.definition.title;
  return { title, submit: title, intro: `${nameOfRunbook(one)}: ${what}`, fields: fields(one, step) };
}

function refuseUnconfirmed({ name }: RunbookVerb, one: Runbook, { confirm = '' }: Values): void {
  const wanted = `abort ${one.name}`;
  if (name !== 'abort' || confirm.trim() === wanted) return;
  throw new UsageError(`To be sure, "${wanted}" has to be typed. Nothing was changed.`, 'Ask again, and type it.');
}

async function act(
  tx: Transaction,
  { one, verb, step }: Extract<Asked, { kind: 'act' }>,
  values: Values,
  { request }: Pick<Call, 'request'>,
  services: Services,
): Promise<Answer> {
  const locked = await tx.runbooks.lock(one.number);
  if (locked === undefined || !isOpen(locked)) {
    throw new UsageError(`${nameOfRunbook(one)} has ended. Nothing was changed.`, 'Its card says how.');
  }
  const by = actorInAudit(request.actor);
  const after = await actOnRunbook(tx, locked, verb.act(values, step), by, services);
  if (verb.name === 'abort') await withdrawSteps(tx, after, by, services);
  const answer = answerOf(after, services);
  return request.actor.platform === 'terminal' ? answer : { ...answer, card: inPassing(answer.card) };
}

function answerOf(one: Runbook, { playbook, clock }: Services): Answer {
  const card = runbookCard(one, { playbook, now: timeIn(one, clock.now()) });
  return { card, json: { ...one, name: nameOfRunbook(one), runbook: one.name } };
}
