import { closeSurvey } from '../src/core/reports/keep-survey.ts';
import type { Watch } from '../src/core/time/watch.ts';

const lookedAt = 100;

/** Closes surveys whose time is over. */
export const surveyClosing: Watch = {
  name: 'survey-closing',

  async look(tx, services) {
    const now = services.clock.now().toISOString();
    let written = false;
    for (const { number, closedAt, closesAt } of await tx.surveys.list(lookedAt)) {
      if (closedAt !== null || closesAt > now) continue;
      const survey = await tx.surveys.lock(number);
      if (survey === undefined || survey.closedAt !== null) continue;
      await closeSurvey(tx, survey, 'clock', services);
      written = true;
    }
    return written;
  },
};
