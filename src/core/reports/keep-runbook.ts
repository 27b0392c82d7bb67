import { runbookCard, runbookReportCard } from '../cards/runbook-card.ts';
import { runbookMovedCard } from '../cards/runbook-moved-card.ts';
import { type Act, actOn } from '../runbooks/act.ts';
import { forecast } from '../runbooks/forecast.ts';
import { isOpen, nameOfRunbook, type Runbook, type RunbookDefinition, type Step, timeIn } from '../runbooks/runbook.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';
import { UsageError } from '../usage-error.ts';
import { frozenBy } from './keep-incident.ts';
import { channelPlace } from '../messages/place.ts';

type Context = Pick<Services, 'playbook' | 'clock' | 'deliveryClock'>;

export const subjectOfRunbook = ({ number }: Pick<Runbook, 'number'>): string => `runbook/${number}`;

type Hanging = Pick<Runbook, 'number' | 'hungAt'>;

/** The message that holds its card now, under which it is talked about. */
export const cardKeyOfRunbook = ({ number, hungAt }: Hanging): string =>
  `${subjectOfRunbook({ number })}/card${hungAt === null ? '' : `/${hungAt}`}`;

/** Of each of its cards by itself: only the newest is kept up to date. */
const subjectOfCard = (one: Hanging): string => (one.hungAt === null ? subjectOfRunbook(one) : cardKeyOfRunbook(one));

/** A card that was posted so lately is not posted anew, though midnight lies between. */
const lately = 4 * 3_600_000;

/** How a runbook is begun. */
export interface Beginning extends Pick<Runbook, 'startedBy' | 'about' | 'rehearsal' | 'channel'> {
  /** ISO 8601, UTC: offsets count from it, and local times are of its day. */
  readonly anchor: string;
}

const untouched: Omit<Step, 'name'> = {
  state: 'open',
  readyBy: null,
  deputisedAt: null,
  startedAt: null,
  finishedAt: null,
  by: null,
  evidence: '',
  attempts: 0,
  askedAt: null,
};

/** Begins a runbook and hangs its card. Throws UsageError while one of that name goes on. */
export async function startRunbook(
  tx: Transaction,
  definition: RunbookDefinition,
  beginning: Beginning,
  context: Context,
): Promise<Runbook> {
  const { clock } = context;
  const started = await tx.runbooks.start({
    ...beginning,
    name: definition.name,
    definition,
    state: 'running',
    movedMinutes: 0,
    startedAt: clock.now().toISOString(),
    endedAt: null,
    hungAt: null,
    reason: '',
    steps: definition.steps.map(({ name }) => ({ name, ...untouched })),
  });
  if (started === undefined) {
    throw new UsageError(
      `${definition.title} goes on already. Nothing was changed.`,
      `"runbook ${definition.name}" shows it.`,
    );
  }
  await hang(tx, started, context);
  await audit(
    tx,
    started,
    beginning.startedBy,
    'started',
    { anchor: beginning.anchor, about: beginning.about },
    context,
  );
  return started;
}

async function hang(tx: Transaction, runbook: Runbook, context: Context): Promise<void> {
  const { playbook, clock, deliveryClock } = context;
  await tx.outbox.post(
    {
      key: cardKeyOfRunbook(runbook),
      subject: subjectOfCard(runbook),
      place: channelPlace(runbook.channel, playbook),
      content: { kind: 'card', card: runbookCard(runbook, { playbook, now: timeIn(runbook, clock.now()) }) },
    },
    deliveryClock.now(),
  );
}

/**
 * The card of a runbook that is locked, posted anew where it is of an earlier day: nobody looks for what is said today below
 * a message of last week. The one before says where it went.
 */
export async function hangForToday(tx: Transaction, runbook: Runbook, context: Context): Promise<Runbook> {
  const { playbook, clock, deliveryClock } = context;
  const now = clock.now();
  const hung = new Date(runbook.hungAt ?? runbook.startedAt);
  const today = localDate(now, playbook.timeZone);
  if (localDate(hung, playbook.timeZone) >= today || now.getTime() - hung.getTime() < lately) return runbook;
  const anew: Runbook = { ...runbook, hungAt: now.toISOString() };
  await tx.runbooks.save(anew);
  await tx.outbox.change(subjectOfCard(runbook), runbookMovedCard(anew, playbook), deliveryClock.now());
  await hang(tx, anew, context);
  return anew;
}

/** What somebody, or the bot, does with a runbook that is locked. Throws UsageError for what is not allowed now. */
export async function actOnRunbook(
  tx: Transaction,
  runbook: Runbook,
  act: Act,
  by: string,
  context: Context,
): Promise<Runbook> {
  if (act.kind === 'begin' || act.kind === 'done') await refuseFrozen(tx, context);
  const at = timeIn(runbook, context.clock.now()).toISOString();
  const after = actOn(runbook, act, { by, at });
  const step = 'step' in act ? { step: act.step } : {};
  const minutes = 'minutes' in act ? { minutes: act.minutes } : {};
  await saveRunbook(tx, after, context);
  await audit(tx, after, by, act.kind, { ...step, ...minutes, state: after.state }, context);
  return after;
}

/** Writes a runbook down and brings its card up to date; of one that has ended by it, a report follows. */
export async function saveRunbook(tx: Transaction, runbook: Runbook, context: Context): Promise<void> {
  const { playbook, deliveryClock } = context;
  await tx.runbooks.save(runbook);
  await showRunbook(tx, runbook, context);
  if (isOpen(runbook)) return;
  const key = `${subjectOfRunbook(runbook)}/report`;
  await tx.outbox.post(
    {
      key,
      subject: key,
      parent: cardKeyOfRunbook(runbook),
      place: channelPlace(runbook.channel, playbook),
      content: { kind: 'card', card: runbookReportCard(runbook, playbook) },
    },
    deliveryClock.now(),
  );
}

export async function showRunbook(
  tx: Transaction,
  runbook: Runbook,
  { playbook, clock, deliveryClock }: Context,
): Promise<void> {
  const card = runbookCard(runbook, { playbook, now: timeIn(runbook, clock.now()) });
  await tx.outbox.change(subjectOfCard(runbook), card, deliveryClock.now());
}

/** Throws UsageError while a security breach stands: no step of any runbook goes on (L121). */
export async function refuseFrozen(tx: Transaction, { playbook }: Pick<Context, 'playbook'>): Promise<void> {
  const breach = await frozenBy(tx, playbook);
  if (breach === undefined) return;
  throw new UsageError(
    `Everything is frozen by I-${breach.number}: ${breach.figure}. Nothing was changed.`,
    'It goes on when the breach is lifted.',
  );
}

async function audit(
  tx: Transaction,
  runbook: Runbook,
  actor: string,
  what: string,
  details: Readonly<Record<string, string | number | null>>,
  { clock }: Context,
): Promise<void> {
  await tx.audit.append({
    at: clock.now().toISOString(),
    actor,
    action: `runbook.${what}`,
    subject: subjectOfRunbook(runbook),
    details: { name: nameOfRunbook(runbook), ...details },
  });
}

/** The forecast by the runbook's own clock. */
export function forecastNow(runbook: Runbook, { playbook, clock }: Pick<Services, 'playbook' | 'clock'>) {
  return forecast(runbook, timeIn(runbook, clock.now()), playbook.timeZone);
}
