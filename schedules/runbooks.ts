import type { Button, Card, CardElement, Span } from '../src/core/cards/card.ts';
import { roleWithPeople } from '../src/core/cards/people-words.ts';
import { checksItem, discrepancyItem, metricItems } from '../src/core/decision-kinds/evidence-items.ts';
import { askStep, isAsked } from '../src/core/decision-kinds/step.ts';
import {
  cardKeyOfRunbook,
  hangForToday,
  saveRunbook,
  showRunbook,
  subjectOfRunbook,
} from '../src/core/reports/keep-runbook.ts';
import { frozenBy } from '../src/core/reports/keep-incident.ts';
import { replace } from '../src/core/runbooks/act.ts';
import { currentSteps, type Forecast, forecast, type StepForecast } from '../src/core/runbooks/forecast.ts';
import { isMeasured, type Runbook, timeIn } from '../src/core/runbooks/runbook.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { formatTime } from '../src/core/time/format.ts';
import type { Watch } from '../src/core/time/watch.ts';
import { channelPlace } from '../src/core/messages/place.ts';

const minute = 60_000;
const checkIn = 15 * minute;
const deputised = 5 * minute;
/** What has begun late or takes longer than planned by so much is told (requirements, second part, 15). */
const overdueAfter = 30 * minute;
const askAgainAfter = 5 * minute;
const warnings = [60, 30, 10];

/** Goes on with runbooks by the clock: check-ins, checks, decisions, late alerts and the point of no return. */
export const runbooks: Watch = {
  name: 'runbooks',

  async look(tx, services) {
    let written = false;
    for (const { number } of await tx.runbooks.open()) {
      const locked = await tx.runbooks.lock(number);
      if (locked === undefined) continue;
      await showRunbook(tx, locked, services);
      if (locked.state !== 'running' || (await frozenBy(tx, services.playbook)) !== undefined) continue;
      written = (await goOn(tx, locked, services)) || written;
    }
    return written;
  },
};

async function goOn(tx: Transaction, runbook: Runbook, services: Services): Promise<boolean> {
  const now = timeIn(runbook, services.clock.now());
  const expected = forecast(runbook, now, services.playbook.timeZone);
  const look: Look = { tx, runbook, services, now: now.getTime() };
  let { written, runbook: current } = await warn(look, expected);
  for (const one of currentSteps(expected)) {
    const begun = await begin({ ...look, runbook: current }, one);
    written = begun.written || written;
    current = begun.runbook;
  }
  return written;
}

interface Look {
  readonly tx: Transaction;
  readonly runbook: Runbook;
  readonly services: Services;
  /** By the runbook's own clock. */
  readonly now: number;
}

/** What a look came to: the runbook as it is then. */
interface Looked {
  readonly written: boolean;
  readonly runbook: Runbook;
}

async function begin(look: Look, one: StepForecast): Promise<Looked> {
  const { tx, runbook, services, now } = look;
  const { definition, step, expected, planned } = one;
  const due = now >= planned.start;
  if (isMeasured(definition)) {
    if (!due || step.state !== 'open') return { written: false, runbook };
    return askForCheck(look, one);
  }
  if (definition.kind === 'decision') {
    // Running: somebody wants it asked again that was refused, or that nobody answered in time.
    const wanted = step.state === 'running' || (step.state === 'open' && now >= planned.start - checkIn);
    if (!wanted || (await isAsked(tx, runbook, definition.name))) {
      return { written: false, runbook };
    }
    await askStep(tx, runbook, definition, services);
    return { written: true, runbook };
  }
  let written = false;
  let current = runbook;
  const tell = async (what: Said): Promise<void> => {
    const told = await say({ ...look, runbook: current }, one, what);
    written = told.written || written;
    current = told.runbook;
  };
  if (step.state === 'open' && step.readyBy === null && now >= expected.start - checkIn) {
    await tell('check-in');
    if (step.deputisedAt === null && now >= expected.start - deputised && hasDeputy(definition.owner, services)) {
      current = replace(current, { ...step, deputisedAt: new Date(now).toISOString() });
      await saveRunbook(tx, current, services);
      await audit(look, definition.name);
      await tell('deputy');
    }
  }
  if (due && step.state === 'open') await tell('due');
  if (isLate(one, now)) await tell('late');
  return { written, runbook: current };
}

const hasDeputy = (owner: string, { playbook }: Services): boolean => playbook.roles[owner]?.deputy !== undefined;

/** A step that could have begun long ago and has not, or that goes on for much longer than planned. */
function isLate({ step, expected, planned, definition }: StepForecast, now: number): boolean {
  if (step.state === 'running') return now > expected.start + definition.minutes * minute + overdueAfter;
  return step.state === 'open' && now > planned.start + overdueAfter;
}

/** The bot asks itself, under an id of its own, so that it is measured once for each attempt among all processes. */
async function askForCheck({ tx, runbook, services, now }: Look, { definition, step }: StepForecast): Promise<Looked> {
  if (step.askedAt !== null && now < Date.parse(step.askedAt) + askAgainAfter) return { written: false, runbook };
  const attempts = step.attempts + 1;
  const current = replace(runbook, { ...step, attempts, askedAt: new Date(now).toISOString() });
  await saveRunbook(tx, current, services);
  await tx.inbox.receive({
    id: `${subjectOfRunbook(runbook)}/${definition.name}/${attempts}`,
    actor: { platform: 'clock', workspace: '', user: 'clock', name: 'the runbook' },
    words: `runbook ${runbook.number} check ${definition.name}`,
    receivedAt: services.deliveryClock.now().toISOString(),
  });
  return { written: true, runbook: current };
}

type Said = 'check-in' | 'deputy' | 'due' | 'late';

/** Once: the message's key says so, also between processes. */
async function say({ tx, runbook, services }: Look, one: StepForecast, what: Said): Promise<Looked> {
  const { playbook, deliveryClock } = services;
  const key = `${subjectOfRunbook(runbook)}/${one.definition.name}/${what}`;
  if ((await tx.outbox.find(key)) !== undefined) return { written: false, runbook };
  const card = stepCard(runbook, one, what, services);
  const alert = what === 'late' && runbook.rehearsal === null;
  const channel = alert ? playbook.channels.alerts : runbook.channel;
  const elsewhere = channel !== runbook.channel;
  const hung = elsewhere ? runbook : await hangForToday(tx, runbook, services);
  const written = await tx.outbox.post(
    {
      key,
      subject: key,
      ...(elsewhere ? {} : { parent: cardKeyOfRunbook(hung) }),
      place: channelPlace(channel, playbook),
      content: {
        kind: 'card',
        card: { ...card, body: [...(await summaryOf({ tx, runbook, services }, one, what)), ...card.body] },
      },
    },
    deliveryClock.now(),
  );
  return { written, runbook: hung };
}

/** What the day came to, for whoever signs it (L167): the same figures as everywhere, from what is stored. */
async function summaryOf(
  { tx, runbook, services }: Pick<Look, 'tx' | 'runbook' | 'services'>,
  { definition }: StepForecast,
  what: Said,
): Promise<CardElement[]> {
  if (what !== 'due' || definition.kind !== 'task' || definition.summary !== true) return [];
  const items = [
    ...(await checksItem(tx, runbook, services)),
    ...(await discrepancyItem(tx)),
    ...(await metricItems(tx, services)),
  ];
  return [{ kind: 'facts', facts: items.map(({ title, figure }) => ({ label: title, value: figure })) }];
}

function stepCard(runbook: Runbook, { definition, expected }: StepForecast, what: Said, { playbook }: Services): Card {
  const mark = runbook.rehearsal === null ? '' : 'REHEARSAL: ';
  const at = formatTime(new Date(expected.start), playbook.timeZone);
  const { name, owner, title: step } = definition;
  const titles: Readonly<Record<Said, string>> = {
    'check-in': `Are you ready? "${step}" begins at ${at}`,
    deputy: `The deputy is called in: nobody said that they are ready for "${step}" at ${at}`,
    due: `It is time: "${step}"`,
    late: `Late: "${step}" of ${runbook.definition.title}`,
  };
  const deputy = playbook.roles[owner]?.deputy;
  const roles = what === 'deputy' || what === 'late' ? [owner, ...(deputy === undefined ? [] : [deputy])] : [owner];
  const people = roles.flatMap((role): Span[] => [...roleWithPeople(role, playbook), ' · ']).slice(0, -1);
  const button = (label: string, verb: string, style: Button['style']): Button => ({
    label,
    command: `runbook ${runbook.number} ${verb} ${name}`,
    style,
  });
  const title = `${mark}${titles[what]}`;
  return {
    title,
    tone: what === 'late' ? 'bad' : what === 'due' ? 'warning' : 'neutral',
    summary: `${title}.`,
    body: [
      { kind: 'text', text: people },
      {
        kind: 'buttons',
        buttons:
          what === 'check-in' || what === 'deputy'
            ? [button('I am ready', 'ready', 'primary')]
            : [button('Begin', 'begin', 'default'), button('Done', 'done', 'primary')],
      },
    ],
  };
}

async function audit({ tx, runbook, services }: Look, step: string): Promise<void> {
  await tx.audit.append({
    at: services.clock.now().toISOString(),
    actor: 'clock',
    action: 'runbook.deputised',
    subject: subjectOfRunbook(runbook),
    details: { step },
  });
}

/** 60, 30 and 10 minutes before the point of no return, while its step is not done; after a standstill only the nearest. */
async function warn({ tx, runbook, services, now }: Look, { pointOfNoReturn }: Forecast): Promise<Looked> {
  const quiet: Looked = { written: false, runbook };
  const { playbook, deliveryClock } = services;
  const crossing = runbook.steps.find(({ name }) => name === runbook.definition.pointOfNoReturn);
  if (pointOfNoReturn === null || crossing === undefined || crossing.state === 'done' || now >= pointOfNoReturn)
    return quiet;
  const due = warnings.findLast((minutes) => now >= pointOfNoReturn - minutes * minute);
  if (due === undefined) return quiet;
  const key = `${subjectOfRunbook(runbook)}/no-return/${due}`;
  if ((await tx.outbox.find(key)) !== undefined) return quiet;
  const left = Math.ceil((pointOfNoReturn - now) / minute);
  const mark = runbook.rehearsal === null ? '' : 'REHEARSAL: ';
  const title = `${mark}${left} minutes to the point of no return, ${formatTime(new Date(pointOfNoReturn), playbook.timeZone)}`;
  const text = 'What is not switched by then leaves no time for the way back within the window: go on, or abort.';
  const hung = await hangForToday(tx, runbook, services);
  const written = await tx.outbox.post(
    {
      key,
      subject: key,
      parent: cardKeyOfRunbook(hung),
      place: channelPlace(runbook.channel, playbook),
      content: {
        kind: 'card',
        card: { title, tone: 'warning', summary: `${title}. ${text}`, body: [{ kind: 'text', text }] },
      },
    },
    deliveryClock.now(),
  );
  return { written, runbook: hung };
}
