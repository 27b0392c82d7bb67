import type { Schedule } from '../src/core/time/schedule.ts';
import type { Watch } from '../src/core/time/watch.ts';
import { lateAlerts } from './late-alerts.ts';
import { notice } from './notice.ts';
import { openingVote } from './opening-vote.ts';
import { pendingDecisions } from './pending-decisions.ts';
import { dailyReconciliation } from './daily-reconciliation.ts';
import { missedReport } from './missed-report.ts';
import { unattendedDiscrepancies } from './unattended-discrepancies.ts';
import { weeklyCheckpoint } from './weekly-checkpoint.ts';
import { surveyClosing } from './survey-closing.ts';
import { triggers } from './triggers.ts';
import { runbooks } from './runbooks.ts';
import { taskReminders } from './task-reminders.ts';

/** What the clock starts, all of it. */
export const schedules: readonly Schedule[] = [dailyReconciliation, missedReport];

/** What the clock looks at, all of it. */
export const watches: readonly Watch[] = [
  notice,
  unattendedDiscrepancies,
  triggers,
  lateAlerts,
  runbooks,
  openingVote,
  pendingDecisions,
  weeklyCheckpoint,
  taskReminders,
  surveyClosing,
];
