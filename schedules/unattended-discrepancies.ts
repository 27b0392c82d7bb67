import type { Button, Card, Span } from '../src/core/cards/card.ts';
import { aboutInWords } from '../src/core/cards/discrepancy-words.ts';
import { roleTitle, roleWithPeople } from '../src/core/cards/people-words.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import { act } from '../src/core/records/act.ts';
import { type Call, callDue } from '../src/core/records/calls.ts';
import { type Discrepancy, nameOf } from '../src/core/records/discrepancy.ts';
import { cardKeyOf, hangCard, keepDone, placeOf, showAgain } from '../src/core/reports/keep-discrepancy.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { formatDateTime } from '../src/core/time/format.ts';
import { localDate } from '../src/core/time/local-time.ts';
import type { Watch } from '../src/core/time/watch.ts';

const namesShown = 5;

/** Calls people about what nobody does anything about, and opens again what was accepted until a day that is over. */
export const unattendedDiscrepancies: Watch = {
  name: 'unattended-discrepancies',

  async look(tx, services) {
    const { playbook, clock } = services;
    const now = clock.now();
    const today = localDate(now, playbook.timeZone);
    let written = false;
    const groups = new Map<string, Called>();
    for (const one of await tx.discrepancies.active()) {
      if (one.acceptance !== null && one.acceptance.until < today)
        written = (await expire(tx, one, services)) || written;
      const call = callDue(one, playbook.discrepancies, now);
      if (call === undefined) continue;
      const key = `discrepancies/${one.measured?.check ?? one.number}/${call.why}/${call.since}/${call.rung}`;
      groups.set(key, { key, call, about: [...(groups.get(key)?.about ?? []), one] });
    }
    for (const called of groups.values()) written = (await callFor(tx, called, services)) || written;
    return written;
  },
};

/** What one message calls about: a check whose groups failed together is one. */
interface Called {
  readonly key: string;
  readonly call: Call;
  readonly about: readonly Discrepancy[];
}

async function expire(tx: Transaction, seen: Discrepancy, services: Services): Promise<boolean> {
  const one = await tx.discrepancies.lock(seen.number);
  const today = localDate(services.clock.now(), services.playbook.timeZone);
  if (one?.acceptance == null || one.acceptance.until >= today) return false;
  const reason = `it was accepted until ${one.acceptance.until}, and that day is over`;
  const at = services.clock.now().toISOString();
  const { dueHours } = services.playbook.discrepancies;
  const done = act(one, { kind: 'move', to: 'open', reason }, { by: 'clock', at, dueHours });
  // Nobody acted: it is to be looked at as if it were new.
  await keepDone(tx, { ...done, discrepancy: { ...done.discrepancy, actedAt: null } }, services);
  return true;
}

/** Once for each rung: the message's key says so, also between processes. */
async function callFor(tx: Transaction, called: Called, services: Services): Promise<boolean> {
  const { playbook, clock, deliveryClock } = services;
  const { key, about } = called;
  const [first] = about;
  if (first === undefined || (await tx.outbox.find(key)) !== undefined) return false;
  const single = about.length === 1;
  if (single) await hangCard(tx, first, services);
  const posted = await tx.outbox.post(
    {
      key,
      subject: key,
      ...(single ? { parent: cardKeyOf(first) } : {}),
      place: placeOf(first, playbook),
      content: { kind: 'card', card: callCard(called, playbook) },
    },
    deliveryClock.now(),
  );
  if (!posted) return false;
  const titles = rolesCalled(called, playbook).map((role) => roleTitle(role, playbook));
  const text = `Called ${titles.join(', ')}: ${whyInWords(called, playbook)}`;
  for (const one of about) {
    const at = clock.now().toISOString();
    await tx.discrepancies.addEntry({ number: one.number, at, by: 'clock', kind: 'called', text });
    await showAgain(tx, one, services);
  }
  return true;
}

/** The owner, and from the rung of the deputy on those above as well. */
function rolesCalled({ call: { rung }, about }: Called, { roles, discrepancies }: Playbook): string[] {
  const owners = about.map(({ owner }) => owner);
  const called = [
    ...owners,
    ...(rung === 'deputy' || rung === 'lead' ? owners.map((owner) => roles[owner]?.deputy) : []),
    ...(rung === 'lead' ? [discrepancies.lead] : []),
  ];
  return [...new Set(called.filter((role) => role != null))];
}

function callCard(called: Called, playbook: Playbook): Card {
  const { about } = called;
  const names = about.map(nameOf);
  const title = about.map((one) => aboutInWords(one, playbook, true));
  const what =
    about.length === 1
      ? `${names.join()}: ${title.join()}`
      : `${about.length} discrepancies: ${[...new Set(title)].slice(0, namesShown).join(', ')}${about.length > namesShown ? ' and more' : ''}`;
  const why = whyInWords(called, playbook);
  const people = rolesCalled(called, playbook).flatMap((role): Span[] => [...roleWithPeople(role, playbook), ' · ']);
  const button = (label: string, command: string): Button => ({ label, command, style: 'default' });
  return {
    title: what,
    tone: about.some(({ severity }) => severity === 1) ? 'bad' : 'warning',
    summary: `${what}. ${why}`,
    body: [
      { kind: 'text', text: [...people, why] },
      {
        kind: 'buttons',
        buttons:
          about.length === 1
            ? [
                { ...button('I look into it', `discrepancy ${names.join()} investigate`), style: 'primary' },
                button('Snooze', `discrepancy ${names.join()} snooze`),
              ]
            : [button('Show them', 'discrepancies')],
      },
    ],
  };
}

function whyInWords({ about, call: { why, rung } }: Called, { timeZone }: Playbook): string {
  const [first] = about;
  if (first === undefined) return '';
  if (why === 'overdue') return `Due ${formatDateTime(new Date(first.dueAt), timeZone)}, and not closed yet.`;
  const since = formatDateTime(new Date(first.openedAt), timeZone);
  return rung === 'owner'
    ? `Severity 1, open since ${since}: please investigate at once.`
    : `Severity 1, open since ${since}, and nobody has begun.`;
}
