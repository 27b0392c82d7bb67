import { sha256 } from '../audit/audit.ts';
import type { TaskChange } from '../phases/task-change.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { changeHomes } from './overview.ts';

/** What becomes of a task: closed, or opened again. */
export type TaskChanged = Pick<TaskChange, 'task' | 'state' | 'by' | 'byName' | 'evidence' | 'people'>;

/**
 * Keeps a change of a task. False where the task is in that state already, by `last` if anybody changed it at all: then
 * nothing is written.
 */
export async function keepTask(
  tx: Transaction,
  change: TaskChanged,
  services: Services,
): Promise<{ readonly kept: boolean; readonly last: TaskChange | undefined }> {
  const last = (await tx.tasks.history(change.task)).at(-1);
  if ((last?.state ?? 'open') === change.state) return { kept: false, last };
  const at = services.clock.now().toISOString();
  const added = await tx.tasks.add({ ...change, number: (last?.number ?? 0) + 1, at });
  // Somebody else was quicker: what they did is visible by now.
  if (!added) return keepTask(tx, change, services);
  await changeHomes(tx, services);
  await tx.audit.append({
    at,
    actor: change.by,
    action: change.state === 'done' ? 'task.done' : 'task.reopened',
    subject: `task/${change.task}`,
    // What people typed stays out of what can never be taken away; its hash shows that it is what they typed.
    details: { people: change.people, evidenceSha256: sha256(change.evidence) },
  });
  return { kept: true, last };
}
