import { watches } from '../../schedules/index.ts';
import type { Card } from '../../src/core/cards/card.ts';
import { type DigestContext, digestCard } from '../../src/core/cards/digest-card.ts';
import { explanationCard } from '../../src/core/cards/explanation-card.ts';
import type { Run } from '../../src/core/checks/run.ts';
import type { Decision } from '../../src/core/decisions/decision.ts';
import type { Store } from '../../src/core/store.ts';
import { openEmbeddedStore } from '../support/databases.ts';
import {
  aCheckResult,
  aDiscrepancy,
  aFinding,
  aMeasurement,
  aReading,
  aReport,
  aRowComparison,
  aRun,
  later,
  someMoment,
} from '../support/fixtures.ts';
import { ask, servicesOver, thePlaybook } from '../support/services.ts';
import { ana, chen, decided, ordinaryDay } from './asked-words.ts';

/*
 * Every card that the product says on an ordinary day and on the day of the cutover, each in its states: what is asked and
 * answered, and what hangs in channels, as it changes.
 */

/** The default playbook, with somebody in every role. */
export const contractPlaybook = thePlaybook({
  START_DATE: '2026-11-09',
  DATA_OWNER: 'slack:U0ANA',
  PRODUCT_OWNER: 'slack:U0BEN',
  TECH_LEAD: 'slack:U0CHEN',
  PROJECT_MANAGER: 'slack:U0DANA',
  SECURITY_OFFICER: 'slack:U0ELI',
  ANALYSTS: 'slack:U0BEN',
});

const figures = (legacy: string, other: string, difference: string, variance: string) => ({
  legacy,
  new: other,
  difference,
  variance,
});

/** A run of which three checks do not pass: one by a figure, one by groups, one that could not be measured. */
export const aFailingRun = (overrides: Partial<Run> = {}): Run =>
  aRun({
    slot: someMoment,
    checks: [
      aCheckResult(),
      aCheckResult({
        check: 'compensation',
        title: 'Total Compensation',
        severity: 3,
        action: 'Log the discrepancy',
        tolerance: '0.1',
        verdict: 'fail',
        findings: [
          aFinding({
            check: 'compensation',
            key: 'compensation',
            ...figures('84200000.00', '84300000.00', '100000.00', '0.118764845606'),
            tolerance: '0.1',
            verdict: 'fail',
          }),
        ],
      }),
      aCheckResult({
        check: 'levels',
        title: 'Level Distribution',
        kind: 'distribution',
        severity: 2,
        owner: 'analysts',
        tolerance: '0.5',
        verdict: 'fail',
        findings: ['L1', 'L2', 'L3', 'L4', 'L5'].map((key, index) =>
          aFinding({
            check: 'levels',
            key,
            ...figures('798', String(798 + index), String(index), `${index}.1`),
            tolerance: '0.5',
            verdict: index > 2 ? 'fail' : 'pass',
          }),
        ),
      }),
      aCheckResult({
        check: 'growth',
        title: 'Growth Rate',
        verdict: 'error',
        reason: 'The new system has no figure for 2029.',
        findings: [],
      }),
    ],
    comparisons: [aRowComparison({ verdict: 'fail', agreement: '99.5' })],
    ...overrides,
  });

function digests(): [string, Card][] {
  const digest = (run: Run, more: Partial<DigestContext> = {}): Card =>
    digestCard(run, {
      playbook: contractPlaybook,
      scheduled: [run],
      nextDue: [{ name: 'daily-reconciliation', at: '2026-11-24T12:00:00.000Z' }],
      discrepancies: [aDiscrepancy(), aDiscrepancy({ number: 2, measured: null, reported: aReport() })],
      incidents: [],
      auditHead: `${'a1'.repeat(8)}${'0'.repeat(48)}`,
      retryAt: null,
      ...more,
    });
  const week = Array.from({ length: 9 }, (_, day) =>
    aFailingRun({ id: `20261114-run${day}`, slot: later(-day * 86_400_000).toISOString() }),
  );
  const batch = { ...aRun().batch, ready: false, reasons: ['The batch of 22 November is not complete.'] };
  const held = aRun({ state: 'held', checks: [], batch, slot: someMoment });
  const explained = explanationCard(aFailingRun(), { playbook: contractPlaybook, chat: true });
  return [
    ['digest of a run that passes', digest(aRun({ slot: someMoment }), { discrepancies: [] })],
    ['digest of a run that fails', digest(aFailingRun(), { scheduled: week })],
    ['digest of a run that is held', digest(held, { retryAt: later(600_000).toISOString() })],
    ['digest of a run that was given up', digest(held)],
    ...(explained === undefined ? [] : [['explanation of a run', explained] as [string, Card]]),
  ];
}

/** Cards by what they are, in the order in which they came. */
export async function productCards(): Promise<ReadonlyMap<string, Card>> {
  const cards = new Map(digests());
  for (const said of [saidOnOrdinaryDay, saidOnCutoverDay]) {
    const { store, close } = await openEmbeddedStore();
    for (const [name, card] of await said(store)) cards.set(name, card);
    await close();
  }
  return cards;
}

/** Every card that was said, by the words that were asked or by its message, with its title where it changed. */
function collect(store: Store) {
  const runs = { count: 0 };
  const services = servicesOver(store, {
    playbook: contractPlaybook,
    measure: () => aFailingRun({ id: `20261123-m${(runs.count += 1)}`, slot: null }),
  });
  const cards = new Map<string, Card>();
  const look = async (): Promise<void> => {
    for (const { message } of await store.transaction((tx) => tx.outbox.list('pending', 1_000))) {
      const { content, key } = message;
      if (content.kind === 'card') cards.set(`${key}: ${content.card.title}`, content.card);
    }
  };
  const say = async (words: string, actor = ana): Promise<void> => {
    const { answer, progress } = await ask(services, words, { actor, id: `${cards.size}-${words}` });
    for (const card of [...progress, answer.card]) cards.set(`${words}: ${card.title}`, card);
    await look();
  };
  const tick = async (moment: string): Promise<void> => {
    services.setTime(moment);
    await services.refresh();
    for (const watch of watches) await store.transaction((tx) => watch.look(tx, services));
    await look();
  };
  return { cards, say, tick };
}

async function saidOnOrdinaryDay(store: Store): Promise<ReadonlyMap<string, Card>> {
  const { cards, say, tick } = collect(store);
  await store.transaction(async (tx) => {
    const before = later(-86_400_000).toISOString();
    await tx.runs.save(aFailingRun({ id: '20261122-aaaaa', slot: before, startedAt: before }));
    await tx.runs.save(aFailingRun());
    await tx.discrepancies.save([
      { ...aDiscrepancy(), number: null },
      { ...aDiscrepancy({ measured: aMeasurement({ key: 'L4' }), severity: 1 }), number: null },
    ]);
    for (const [metric, value] of [
      ['p95', '1.8'],
      ['uptime', '99.7'],
      ['adoption', '85'],
    ] as const) {
      await tx.metrics.add(aReading({ key: `report/${metric}`, metric, value }));
    }
  });
  for (const words of ordinaryDay) await say(words);
  for (const [words, actor] of decided) await say(words, actor);
  for (const days of [0, 1, 2, 5, 9]) await tick(later(days * 86_400_000).toISOString());
  return cards;
}

const midnight = Date.parse('2027-01-30T05:00:00.000Z');
const minute = 60_000;

async function saidOnCutoverDay(store: Store): Promise<ReadonlyMap<string, Card>> {
  const { cards, say, tick } = collect(store);
  const at = (hour: number): string => new Date(midnight + hour * 60 * minute).toISOString();
  await store.transaction(async (tx) => {
    const number = (await tx.decisions.open(aGo)) ?? 0;
    await tx.decisions.addEvidence({ decision: number, version: 1, items: [], hash: 'a'.repeat(64), at: at(0) });
    await tx.decisions.save({ ...aGo, number, state: 'decided', outcome: 'go', closedAt: at(0), closedBy: 'clock' });
  });
  await tick(at(0));
  await say('cutover start --day 2027-01-30', chen);
  await tick(at(6));
  for (const words of ['cutover', 'cutover done legacy-backup --evidence s3', 'cutover what-if final-sync +40m']) {
    await say(words, chen);
  }
  await tick(at(7));
  await say('cutover done stop-legacy-batch --evidence cron', chen);
  await say('cutover pause --reason "The vendor calls back at ten"', chen);
  await tick(at(9));
  await say('cutover', chen);
  return cards;
}

const aGo: Omit<Decision, 'number'> = {
  kind: 'goNoGo',
  about: 'vote/1',
  proposal: {},
  question: 'GO or NO-GO?',
  rules: { options: [], seats: [], ordered: false, excludesAsker: false, reason: 'never', typed: null, sealed: false },
  state: 'pending',
  evidenceVersion: 1,
  openedBy: 'clock',
  asker: null,
  openedAt: new Date(midnight).toISOString(),
  expiresAt: new Date(midnight).toISOString(),
  closedAt: null,
  closedBy: null,
  outcome: null,
  reason: '',
};
