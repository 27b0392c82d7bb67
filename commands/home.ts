import { homeCard } from '../src/core/cards/overview-card.ts';
import type { Command } from '../src/core/command.ts';
import { personOf } from '../src/core/people.ts';
import { readOverview } from '../src/core/reports/overview.ts';

/** What the platform asks when somebody opens the app's Home tab. */
export const home: Command = {
  name: 'home',
  usage: '',
  summary: 'Brings the Home tab up to date',
  examples: [],
  hidden: true,

  async run({ request }, services) {
    const overview = await services.store.transaction((tx) => readOverview(tx, services));
    return { card: homeCard(overview, personOf(request.actor)) };
  },
};
