import { inPassing } from '../src/core/cards/in-passing.ts';
import { runbookCard } from '../src/core/cards/runbook-card.ts';
import { type Answer, answeredBy, type FormCall } from '../src/core/command.ts';
import { type Form, readForm, stillAsked } from '../src/core/form.ts';
import { actorInAudit } from '../src/core/people.ts';
import { refuseFrozen, startRunbook } from '../src/core/reports/keep-runbook.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import { asRehearsed } from '../src/core/runbooks/rehearsed.ts';
import { nameOfRunbook, type RunbookDefinition, timeIn } from '../src/core/runbooks/runbook.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { addDays, instantOf, localDate } from '../src/core/time/local-time.ts';
import { UsageError } from '../src/core/usage-error.ts';

type Values = Readonly<Record<string, string>>;
const farthestDays = 60;
const runbooksLookedAt = 100;
const fastest = '60';
/** A rehearsal begins so long before its first step, so that people can check in. */
const leadMilliseconds = 20 * 60_000;

/** Asks for the day; a rehearsal is asked for with its speed and its channel. */
export function startForm(values: Values, services: Services): Form | undefined {
  return stillAsked(formOf(values, services), values);
}

function formOf(values: Values, { playbook, clock }: Services): Form {
  const today = localDate(clock.now(), playbook.timeZone);
  const rehearsal = values['speed'] !== undefined;
  return {
    title: rehearsal ? 'Rehearse it' : 'Start the runbook',
    submit: rehearsal ? 'Rehearse' : 'Start',
    fields: [
      {
        name: 'day',
        label: 'On which day',
        kind: 'date',
        required: true,
        initial: today,
        earliest: today,
        latest: addDays(today, farthestDays),
      },
      ...(rehearsal
        ? ([
            {
              name: 'speed',
              label: 'How many times as fast',
              kind: 'number',
              required: true,
              minimum: '1',
              maximum: fastest,
            },
            {
              name: 'channel',
              label: 'Channel of the rehearsal (id)',
              kind: 'text',
              lines: 'one',
              maxLength: 40,
              required: true,
            },
          ] as const)
        : []),
    ],
  };
}

/** Starts it, in earnest or as a rehearsal. Throws UsageError for somebody who may not, and before a GO. */
export function startAnswer(definition: RunbookDefinition, typed: Values, call: FormCall, services: Services): Answer {
  const { playbook } = services;
  const { startedBy, title } = definition;
  if (startedBy.length === 0 && typed['speed'] === undefined) {
    throw new UsageError(
      `${title} is started by its decision, not by hand. Nothing was changed.`,
      '"incident … propose" asks for it.',
    );
  }
  refuseWithoutRole(
    call.request.actor,
    startedBy.length > 0 ? startedBy : Object.keys(playbook.roles),
    playbook,
    `start ${title}`,
  );
  const values = readForm(formOf(typed, services), typed, `${call.prefix} help runbook shows examples.`);
  return answeredBy((tx) => start(tx, definition, values, call, services));
}

async function start(
  tx: Transaction,
  definition: RunbookDefinition,
  { day = '', speed = '', channel = '' }: Values,
  { request }: FormCall,
  services: Services,
): Promise<Answer> {
  const { playbook, clock } = services;
  if (speed === '') {
    await refuseFrozen(tx, services);
    if (definition.needsGo) await refuseWithoutGo(tx, definition);
  } else if (Object.values(playbook.channels).includes(channel)) {
    throw new UsageError(
      'A rehearsal has a channel of its own: nobody must take it for real. Nothing was changed.',
      'Name another channel.',
    );
  }
  const { timeZone } = playbook;
  const today = localDate(clock.now(), timeZone);
  const first = definition.steps.flatMap(({ at }) => ('local' in at ? [at.local] : []))[0];
  const anchor = first !== undefined || day !== today ? instantOf(day, '00:00', timeZone) : clock.now();
  const from = first === undefined ? anchor : new Date(instantOf(day, first, timeZone).getTime() - leadMilliseconds);
  const started = await startRunbook(
    tx,
    speed === '' ? asRehearsed(definition, await tx.runbooks.list(runbooksLookedAt)) : definition,
    {
      anchor: anchor.toISOString(),
      startedBy: actorInAudit(request.actor),
      about: '',
      rehearsal: speed === '' ? null : { speed: Number(speed), from: from.toISOString() },
      channel: speed === '' ? playbook.channels.reconciliation : channel,
    },
    services,
  );
  const card = runbookCard(started, { playbook, now: timeIn(started, clock.now()) });
  return {
    card: request.actor.platform === 'terminal' ? card : inPassing(card),
    json: { ...started, name: nameOfRunbook(started), runbook: started.name },
  };
}

/** Throws UsageError unless the newest vote that was decided is a GO. */
async function refuseWithoutGo(tx: Transaction, { title }: RunbookDefinition): Promise<void> {
  const newest = (await tx.decisions.list(1_000)).find(({ kind, state }) => kind === 'goNoGo' && state === 'decided');
  if (newest?.outcome === 'go') return;
  throw new UsageError(
    `${title} starts only after a GO. Nothing was changed.`,
    '"decision ask goNoGo" asks for the vote when it is time.',
  );
}
