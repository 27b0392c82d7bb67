import type { Decision } from '../decisions/decision.ts';
import { keepTask } from '../reports/keep-task.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';

/** Closes the tasks of the plan that this kind of decision closes. */
export async function closeDecided(
  tx: Transaction,
  { kind, closedBy }: Decision,
  evidence: string,
  services: Services,
): Promise<void> {
  const by = closedBy ?? 'clock';
  for (const { name, decision } of services.playbook.tasks) {
    if (decision !== kind) continue;
    await keepTask(tx, { task: name, state: 'done', by, byName: 'the decision', evidence, people: null }, services);
  }
}
