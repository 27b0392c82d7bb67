import type { SimulatedPerson } from './types.ts';

export const team = { id: 'T0PARALLEL', name: 'Parallel Run Trial', domain: 'parallel-run-trial' } as const;

export const bot = { id: 'U0BOT00001', botId: 'B0BOT00001', appId: 'A0PARALLEL', name: 'Parallel Run' } as const;

/** The slash command that the app is registered for. */
export const slashCommand = '/parallel';

/** The message shortcuts that the app is registered for. */
export const shortcuts = [
  { callbackId: 'discrepancy', name: 'File a discrepancy' },
  { callbackId: 'lesson', name: 'Write down a lesson' },
] as const;

/** The same people in both workspaces: `id` is theirs in Slack, `aadObjectId` in the tenant of Teams. */
export const people: readonly SimulatedPerson[] = [
  { id: 'U0ANA00001', aadObjectId: 'a0a00001-1111-4111-8111-000000000001', name: 'Ana Ruiz', title: 'Data Owner' },
  { id: 'U0BEN00002', aadObjectId: 'b0b00002-1111-4111-8111-000000000002', name: 'Ben Okafor', title: 'Product Owner' },
  { id: 'U0CHEN0003', aadObjectId: 'c0c00003-1111-4111-8111-000000000003', name: 'Chen Wei', title: 'Tech Lead' },
  {
    id: 'U0DANA0004',
    aadObjectId: 'd0d00004-1111-4111-8111-000000000004',
    name: 'Dana Novak',
    title: 'Project Manager',
  },
  {
    id: 'U0ELI00005',
    aadObjectId: 'e0e00005-1111-4111-8111-000000000005',
    name: 'Eli Sommer',
    title: 'Security Officer',
  },
  { id: 'U0FAY00006', aadObjectId: 'f0f00006-1111-4111-8111-000000000006', name: 'Fay Laurent', title: 'Analyst' },
  {
    id: 'U0GUS00007',
    aadObjectId: '90900007-1111-4111-8111-000000000007',
    name: 'Gus Hale',
    title: 'Guest from the vendor',
    guest: true,
  },
  {
    id: 'U0HANA0008',
    aadObjectId: '80800008-1111-4111-8111-000000000008',
    name: 'Hana Sato',
    title: 'Left the company',
    deleted: true,
  },
];

/** The channels at first; direct messages are added when the bot writes one. */
export const firstChannels = [
  { id: 'C0RECONCILE', name: 'parallel-run', topic: 'Where the daily reconciliation is posted', botIsMember: true },
  { id: 'C0ALERTS', name: 'parallel-run-alerts', topic: 'Critical findings', botIsMember: true },
  { id: 'C0REHEARSE', name: 'rehearsal', topic: 'Where a cutover is rehearsed', botIsMember: true },
  { id: 'C0GENERAL', name: 'general', topic: 'The bot was not invited here', botIsMember: false },
] as const;

/** Slack's way of writing a person's handle: "ana.ruiz". */
export function handleOf(person: Pick<SimulatedPerson, 'name'>): string {
  return person.name.toLowerCase().replaceAll(' ', '.');
}
