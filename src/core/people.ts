import type { Span } from './cards/card.ts';
import type { PersonAccounts } from './playbook/playbook.ts';
import type { Actor } from './request.ts';

/** A person as the playbook names them: "slack:U012ABC", "teams:<object id>", "terminal:ana". */
export function personOf({ platform, user }: Pick<Actor, 'platform' | 'user'>): string {
  return `${platform}:${user}`;
}

/** As the audit names whoever did something: "slack:T012/U345", "terminal:ana" or "clock". */
export function actorInAudit({ platform, workspace, user }: Actor): string {
  if (platform === 'clock') return 'clock';
  return `${platform}:${workspace === '' ? user : `${workspace}/${user}`}`;
}

/** Somebody of the playbook or the audit, to be shown; the bot itself where it was the clock. */
export function personSpan(name: string): Span {
  if (name === 'clock') return 'Parallel Run';
  const [platform = '', rest = ''] = name.split(':');
  const user = rest.split('/').at(-1) ?? rest;
  if (platform === 'teams') return { person: `teams:${user}`, name: `somebody in Teams (${user.slice(0, 8)})` };
  return platform === 'slack' ? { person: `slack:${user}`, name: user } : user;
}

/** The people of the playbook with the accounts that they linked themselves; each account belongs to one of them. */
export function withLinks(
  people: readonly PersonAccounts[],
  links: readonly { readonly account: string; readonly person: string; readonly name: string }[],
): readonly PersonAccounts[] {
  return links.reduce((all, { account, person, name }) => {
    const one = all.find(({ accounts }) => accounts.includes(person)) ?? { name, accounts: [person] };
    const other = all.find(({ accounts }) => accounts.includes(account)) ?? { name, accounts: [account] };
    const accounts = [...new Set([...one.accounts, ...other.accounts])];
    return [...all.filter((each) => each !== one && each !== other), { name: one.name, accounts }];
  }, people);
}
