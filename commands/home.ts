import { homeCard } from '../src/core/cards/overview-card.ts';
import type { Command } from '../src/core/command.ts';
import { readOverview } from '../src/core/reports/overview.ts';

/** What the platform asks when somebody opens the app's Home tab. */
export const home: Command = {
  name: 'home',
  usage: '',
  summary: 'Brings the Home tab up to date',
  examples: [],
  hidden: true,

  async run(_call, services) {
    return { card: homeCard(await services.store.transaction((tx) => readOverview(tx, services))) };
  },
};
