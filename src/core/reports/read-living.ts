import { readMetrics } from '../metrics/read-metrics.ts';
import { planOf } from '../phases/plan.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';
import type { DecisionWithEvidence, EvidencePack } from './evidence-pack.ts';
import type { LivingPlaybook } from './living-playbook.ts';
import { runsLookedBackOn } from './overview.ts';
import { readGates } from './read-gates.ts';

const everything = 10_000;
const recordsReadBack = 1_000;

type Known = Pick<Services, 'playbook' | 'clock'>;

/** What the living playbook is made of, from what is stored. */
export async function readLiving(tx: Transaction, services: Known): Promise<LivingPlaybook> {
  const { playbook, clock } = services;
  const runs = await tx.runs.list({ limit: runsLookedBackOn, scheduled: true });
  return {
    playbook,
    plan: planOf(playbook, await tx.tasks.latest(), localDate(clock.now(), playbook.timeZone)),
    gates: await readGates(tx, services),
    metrics: await readMetrics(tx, playbook, { scheduled: runs, now: clock.now() }),
    run: runs.find(({ state }) => state !== 'held'),
    runs,
    incidents: await tx.incidents.list(recordsReadBack),
    runbooks: await tx.runbooks.list(recordsReadBack),
    discrepancies: (await tx.discrepancies.list(everything)).toReversed(),
    checkpoints: (await tx.checkpoints.list(recordsReadBack)).toReversed(),
    lessons: (await tx.lessons.list(recordsReadBack)).toReversed(),
  };
}

/** What the evidence pack is made of. An export of it is no news: the audit's head is the one before. */
export async function readPack(tx: Transaction, services: Known): Promise<EvidencePack> {
  const decisions: DecisionWithEvidence[] = [];
  for (const { number } of (await tx.decisions.list(recordsReadBack)).toReversed()) {
    const record = await tx.decisions.find(number);
    if (record !== undefined) decisions.push({ record, evidence: await tx.decisions.evidence(number) });
  }
  return {
    living: await readLiving(tx, services),
    decisions,
    incidents: (await tx.incidents.list(recordsReadBack)).toReversed(),
    runbooks: (await tx.runbooks.list(recordsReadBack)).toReversed(),
    auditHead: await headOfRecords(tx),
  };
}

/** The hash of the audit's newest entry that is no export of a pack; null while there is none. */
export async function headOfRecords(tx: Transaction): Promise<string | null> {
  const head = await tx.audit.head();
  if (head?.action !== packExported) return head?.hash ?? null;
  const before = head.details['head'];
  return typeof before === 'string' ? before : null;
}

/** The audit's name for an export of the pack; its subject is "pack/" and the file's SHA-256. */
export const packExported = 'pack.exported';
