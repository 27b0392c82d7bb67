import { type GateResult, gateResult } from '../gates/gate.ts';
import { readMetrics } from '../metrics/read-metrics.ts';
import { planOf } from '../phases/plan.ts';
import type { RegisterItem } from '../registers/register.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';

/** Twelve weeks of daily runs, and as many again where a run was moved. */
const runsReadBack = 200;

/** Every gate of the playbook as it stands now. */
export async function readGates(
  tx: Transaction,
  { playbook, clock }: Pick<Services, 'playbook' | 'clock'>,
): Promise<GateResult[]> {
  const now = clock.now();
  const today = localDate(now, playbook.timeZone);
  const registers = new Map<string, readonly RegisterItem[]>();
  for (const { name } of playbook.registers) registers.set(name, await tx.registers.items(name));
  const runs = await tx.runs.list({ limit: runsReadBack, scheduled: true });
  const facts = {
    playbook,
    runs,
    plan: planOf(playbook, await tx.tasks.latest(), today),
    lessons: await tx.lessons.list(1_000),
    metrics: await readMetrics(tx, playbook, { scheduled: runs, now }),
    registers,
    waivers: await tx.waivers.list(),
    today,
  };
  return playbook.gates.map((gate) => gateResult(gate, facts));
}
