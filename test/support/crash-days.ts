import { crashPlaybookOf } from './crash-playbook.ts';
import type { Ground } from './ground.ts';

/** The days of the tests that kill bots at work, and the playbook of those days: one check, once a day. */
export const firstDay = Date.UTC(2026, 5, 1);

export const crashPlaybook = crashPlaybookOf({
  startDate: '2026-06-01',
  roles: ['dataOwner: { title: Data Owner, people: [] }'],
  owner: 'dataOwner',
  newTable: 'new_people',
  dailyReconciliation: '{ at: "07:00", days: every }',
});

const hourOf = (day: number, hour: number): string =>
  new Date(firstDay + day * 86_400_000 + hour * 3_600_000).toISOString();

/** That night's sync, complete before the morning. */
export async function sync({ database }: Pick<Ground, 'database'>, day: number): Promise<void> {
  const [date, started, finished] = [hourOf(day, 0).slice(0, 10), hourOf(day, 5), hourOf(day, 6)];
  await database.query(`insert into sync_runs values ('${date}', '${started}', '${finished}', 99, 99)`);
}

/** A second after the report is due. */
export const morning = (day: number): string => new Date(Date.parse(hourOf(day, 7)) + 1_000).toISOString();
export const digestKey = (day: number): string => `digest/${hourOf(day, 7)}`;
