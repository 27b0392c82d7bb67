import { openVote } from '../src/core/decision-kinds/go-no-go.ts';
import { planDates, timelineOf } from '../src/core/phases/calendar.ts';
import { localDate } from '../src/core/time/local-time.ts';
import type { Watch } from '../src/core/time/watch.ts';

/** Freezes the evidence at the end of month 3, week 2, and puts the vote before those who decide (L15, L64). */
export const openingVote: Watch = {
  name: 'opening-vote',

  async look(tx, services) {
    const { playbook, clock } = services;
    const timeline = timelineOf(playbook);
    if (timeline === undefined) return false;
    const { vote } = planDates(timeline);
    const today = localDate(clock.now(), playbook.timeZone);
    return today >= vote.first && today <= vote.last && openVote(tx, services);
  },
};
