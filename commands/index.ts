import type { Command } from '../src/core/command.ts';
import { answer } from './answer.ts';
import { audit } from './audit.ts';
import { check } from './check.ts';
import { codes } from './codes.ts';
import { decision } from './decision.ts';
import { discrepancies } from './discrepancies.ts';
import { discrepancy } from './discrepancy.ts';
import { diff } from './diff.ts';
import { explain } from './explain.ts';
import { checkpoint } from './checkpoint.ts';
import { compare } from './compare.ts';
import { feedback } from './feedback.ts';
import { gates } from './gates.ts';
import { createHelp } from './help.ts';
import { exportCommand } from './export.ts';
import { history } from './history.ts';
import { home } from './home.ts';
import { incident } from './incident.ts';
import { lesson } from './lesson.ts';
import { lessonDone } from './lesson-done.ts';
import { lessons } from './lessons.ts';
import { notice } from './notice.ts';
import { probe } from './probe.ts';
import { register } from './register.ts';
import { link } from './link.ts';
import { metric } from './metric.ts';
import { metrics } from './metrics.ts';
import { show } from './show.ts';
import { plan } from './plan.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { survey } from './survey.ts';
import { trigger } from './trigger.ts';
import { cutover } from './cutover.ts';
import { runbook } from './runbook.ts';
import { task } from './task.ts';

const asked: readonly Command[] = [
  check,
  checkpoint,
  compare,
  explain,
  diff,
  discrepancies,
  discrepancy,
  lessons,
  lesson,
  lessonDone,
  status,
  metrics,
  metric,
  history,
  show,
  plan,
  task,
  start,
  gates,
  trigger,
  incident,
  probe,
  runbook,
  cutover,
  decision,
  notice,
  codes,
  link,
  feedback,
  register,
  survey,
  answer,
  exportCommand,
  audit,
  home,
];

/** What people may ask, all of it. */
export const commands: readonly Command[] = [...asked, createHelp(asked)];
