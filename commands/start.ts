import { askToStartCard, type StartChange, startCard, startedCard } from '../src/core/cards/start-card.ts';
import type { Answer, Call, Command } from '../src/core/command.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { readArguments } from '../src/core/grammar.ts';
import { planDates } from '../src/core/phases/calendar.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import { changeHomes } from '../src/core/reports/overview.ts';
import { actorInAudit } from '../src/core/people.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { formatDate } from '../src/core/time/format.ts';
import { daysBetween, isDate, localDate } from '../src/core/time/local-time.ts';
import { channelPlace } from '../src/core/messages/place.ts';

/** A date farther from today is taken for a slip. */
const farthestDays = 366;

/** Sets the start date (L12): asks first, with the dates that follow, and writes only what is confirmed. */
export const start: Command = {
  name: 'start',
  usage: '[yyyy-mm-dd] [--confirm]',
  summary: 'Shows the start date of the parallel run, or sets it',
  examples: ['start', 'start 2026-11-30', 'start 2026-11-30 --confirm'],

  async run({ request, prefix, arguments: typed }, services) {
    const { playbook, clock } = services;
    const usage = `${prefix} start <yyyy-mm-dd>`;
    const { words, flags } = readArguments(typed, { flags: ['confirm'], words: 1, hint: `${usage} [--confirm]` });
    const [date] = words;
    if (date === undefined && flags.has('confirm')) throw new UsageError('There is no date to confirm.', usage);
    const { startDate: from, extensionWeeks } = playbook;
    if (date === undefined) return { card: startCard(playbook, usage), json: jsonOf(from, extensionWeeks) };

    refuseSetting(request, playbook);
    const today = localDate(clock.now(), playbook.timeZone);
    refuseDate(date, today, usage);
    if (date === from) return alreadyAnswer(date, extensionWeeks);
    if (flags.has('confirm')) return confirmed(date, request, services);
    const daysAgo = daysBetween(date, today);
    const card = askToStartCard(
      { from, to: date, extensionWeeks },
      { confirming: `start ${date} --confirm`, prefix, daysAgo },
    );
    return { card, json: { ...jsonOf(date, extensionWeeks), confirmed: false } };
  },
};

function jsonOf(startDate: string | null, extensionWeeks: number): object {
  return { startDate, ...(startDate === null ? {} : planDates({ startDate, extensionWeeks })) };
}

/** Throws UsageError for somebody who may not set the date. */
function refuseSetting({ actor }: Call['request'], playbook: Playbook): void {
  const { startedBy } = playbook.plan;
  if (startedBy.length === 0) {
    throw new UsageError(
      'The playbook names nobody who may set the start date.',
      'Name their roles in plan.startedBy of the playbook, or set startDate there.',
    );
  }
  refuseWithoutRole(actor, startedBy, playbook, 'set the start date');
}

/** Throws UsageError for what is no date, or one that nobody can mean. */
function refuseDate(date: string, today: string, usage: string): void {
  if (!isDate(date)) {
    throw new UsageError(`"${date}" is not a date.`, `Write it with year, month and day: ${usage}, such as ${today}.`);
  }
  if (Math.abs(daysBetween(today, date)) > farthestDays) {
    throw new UsageError(
      `${formatDate(date)} is more than a year from today.`,
      'Look at the year: the start date lies within a year of today.',
    );
  }
}

function alreadyAnswer(date: string, extensionWeeks: number): Answer {
  const title = `The start date is ${formatDate(date)} already`;
  const card = { title, tone: 'neutral' as const, summary: `${title}: nothing was changed.`, body: [] };
  return { card, json: { ...jsonOf(date, extensionWeeks), confirmed: true } };
}

function confirmed(date: string, { actor, id }: Call['request'], services: Services): Answer {
  const answer = (change: StartChange): Answer => ({
    card: startedCard(change, actor.name),
    json: { ...jsonOf(date, services.playbook.extensionWeeks), confirmed: true },
  });
  return {
    ...answer({ from: services.playbook.startDate, to: date, extensionWeeks: services.playbook.extensionWeeks }),
    write: async (tx) => {
      const newest = await tx.startDates.newest();
      await services.refresh(tx);
      const { startDate: from, extensionWeeks } = services.playbook;
      if (from === date) return alreadyAnswer(date, extensionWeeks);
      const at = services.clock.now().toISOString();
      const setBy = actorInAudit(actor);
      const number = (newest?.number ?? 0) + 1;
      if (!(await tx.startDates.add({ number, date, extensionWeeks, setBy, setAt: at }))) return quickerAnswer(tx);
      await services.refresh(tx);
      await tell(tx, { from, to: date, extensionWeeks }, { actor: actor.name, id }, services);
      const action = from === null ? 'start.set' : 'start.moved';
      await tx.audit.append({ at, actor: setBy, action, subject: 'plan/start', details: { from, to: date } });
      return answer({ from, to: date, extensionWeeks });
    },
  };
}

/** The channel hears of it, and every Home tab follows. */
async function tell(
  tx: Transaction,
  change: StartChange,
  { actor, id }: { actor: string; id: string },
  services: Services,
): Promise<void> {
  const now = services.deliveryClock.now();
  const { reconciliation: channel } = services.playbook.channels;
  await tx.outbox.post(
    {
      key: `start/${id}`,
      subject: `start/${id}`,
      place: channelPlace(channel, services.playbook),
      content: { kind: 'card', card: startedCard(change, actor) },
    },
    now,
  );
  await changeHomes(tx, services);
}

async function quickerAnswer(tx: Transaction): Promise<Answer> {
  const theirs = await tx.startDates.newest();
  const title = `Somebody else set the start date just now: ${theirs === undefined ? '?' : formatDate(theirs.date)}`;
  const card = { title, tone: 'warning' as const, summary: `${title}. Yours was not written.`, body: [] };
  return {
    card,
    exitCode: 1,
    json: { ...jsonOf(theirs?.date ?? null, theirs?.extensionWeeks ?? 0), confirmed: false },
  };
}
