import type { Log } from '../core/log.ts';
import { createClient } from './client.ts';
import { failureOf } from './errors.ts';

/**
 * Who is in these user groups, as the playbook names both ("slack:S012ABC", "slack:U012ABC"), from usergroups.list, which
 * leaves out those that were disabled: nobody is in one. Undefined while Slack does not say it.
 */
export type MembersOf = (groups: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]> | undefined>;

export function createUserGroups(options: {
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  readonly log: Log;
}): MembersOf {
  const client = createClient({ token: options.botToken, apiUrl: options.apiUrl, log: options.log });
  return async (groups) => {
    try {
      const { usergroups = [] } = await client.usergroups.list({ include_users: true });
      const known = new Map(
        usergroups.map(({ id, users = [] }) => [`slack:${id}`, users.map((user) => `slack:${user}`)]),
      );
      return new Map(groups.map((group) => [group, known.get(group) ?? []]));
    } catch (error) {
      const failure = failureOf(error, 'repeatable');
      const reason = failure.kind === 'rateLimited' ? 'Slack asks for a pause' : failure.reason;
      options.log.warn({ reason }, 'Slack does not say who is in its user groups: who was, still has their roles');
      return undefined;
    }
  };
}
