import { userGroupsIn } from '../core/roles.ts';
import type { Services } from '../core/services.ts';

export interface UserGroupWorkerOptions {
  readonly services: Services;
  /** Who is in each of these groups, all as the playbook names them; undefined while nobody can say. */
  readonly membersOf: (groups: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]> | undefined>;
}

/** Whoever leaves a group has lost its roles within this time. */
const pauseMilliseconds = 60_000;

/**
 * Writes down who is in the user groups that hold roles, with an entry of the audit for each change. What was said last
 * holds while the platform can't be reached, so that people can decide from a shell then.
 */
export function createUserGroupWorker({ services, membersOf }: UserGroupWorkerOptions): { tick(): Promise<void> } {
  const { store, clock, deliveryClock } = services;
  let next = 0;
  return {
    tick: async () => {
      const groups = userGroupsIn(services.playbook);
      const now = deliveryClock.now().getTime();
      if (groups.length === 0 || now < next) return;
      next = now + pauseMilliseconds;
      const found = await membersOf(groups);
      if (found === undefined) return;
      await store.transaction(async (tx) => {
        const before = await tx.userGroups.all();
        const at = clock.now().toISOString();
        const changed = [];
        for (const [group, members] of found) {
          const sorted = [...members].toSorted();
          if (await tx.userGroups.save(group, sorted, at)) changed.push({ group, members: sorted });
        }
        for (const { group, members } of changed) {
          const was = before[group] ?? [];
          await tx.audit.append({
            at,
            actor: 'clock',
            action: 'roles.user_group_changed',
            subject: `user-group/${group}`,
            details: {
              added: members.filter((one) => !was.includes(one)).join(' '),
              removed: was.filter((one) => !members.includes(one)).join(' '),
            },
          });
        }
      });
      await services.refresh();
    },
  };
}
