import type { Command } from '../src/core/command.ts';
import { audit } from './audit.ts';
import { check } from './check.ts';
import { diff } from './diff.ts';
import { explain } from './explain.ts';
import { createHelp } from './help.ts';
import { history } from './history.ts';
import { home } from './home.ts';
import { metric } from './metric.ts';
import { metrics } from './metrics.ts';
import { show } from './show.ts';
import { status } from './status.ts';

const asked: readonly Command[] = [check, explain, diff, status, metrics, metric, history, show, audit, home];

/** What people may ask, all of it. */
export const commands: readonly Command[] = [...asked, createHelp(asked)];
