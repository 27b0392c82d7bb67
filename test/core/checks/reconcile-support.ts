import { type Reconciliation, reconcile } from '../../../src/core/checks/reconcile.ts';
import type { Run } from '../../../src/core/checks/run.ts';
import type { Check, Playbook } from '../../../src/core/playbook/playbook.ts';
import type { RunRequest } from '../../../src/core/services.ts';
import type { Rows, Side } from '../../../src/core/sources.ts';
import { anActor, someMoment } from '../../support/fixtures.ts';
import { thePlaybook } from '../../support/services.ts';
import { type Answer, type FakeSource, fakeSource } from './fake-source.ts';
import { aDistribution, aScalar, oneValue, rowsOf } from './support.ts';

export const employees = aScalar('0 %', { legacy: 'count legacy', new: 'count new' });
export const compensation = aScalar('0.1 %', { name: 'compensation', legacy: 'pay legacy', new: 'pay new' });
export const levels = aDistribution('0 %', { legacy: 'levels legacy', new: 'levels new' });
const readiness = { batchDate: 'today', deadline: '10:00', retryMinutes: 15, syncLimitMinutes: 60 } as const;

export const playbook = { ...thePlaybook(), comparisons: [] };
export const playbookOf = (checks: readonly Check[], asked: Partial<Playbook['readiness']> = {}): Playbook => ({
  ...playbook,
  checks,
  readiness: { ...readiness, ...asked },
});

/** Both systems agree on everything. */
export const agreeing = {
  legacy: {
    'count legacy': oneValue(1250),
    'pay legacy': oneValue('84200.00'),
    'levels legacy': rowsOf('level value', ['L1', 1000], ['L2', 250]),
    inputs: rowsOf('seed', [42]),
  },
  new: {
    'count new': oneValue(1250),
    'pay new': oneValue('84200.0'),
    'levels new': rowsOf('level value', ['L1', 1000], ['L2', 250]),
    inputs: rowsOf('seed', [42]),
    sync: rowsOf('batch_date started_at finished_at rows_sent rows_loaded', [
      '2026-11-23',
      '2026-11-23 05:00:00+00',
      '2026-11-23 05:30:00+00',
      7,
      7,
    ]),
  },
} satisfies Record<Side, Record<string, Rows>>;
export const asksAll = { sync: { source: 'new', query: 'sync' }, inputs: { legacy: 'inputs', new: 'inputs' } } as const;

interface Given {
  playbook?: Playbook;
  legacy?: FakeSource;
  now?: FakeSource;
  request?: Partial<RunRequest>;
  random?: () => number;
  suppressedKeys?: Reconciliation['suppressedKeys'];
}

/** The agreeing systems, some of whose answers are others. */
export const systems = (
  changes: Partial<Record<Side, Readonly<Record<string, Answer>>>> = {},
): { legacy: FakeSource; now: FakeSource } => ({
  legacy: fakeSource({ ...agreeing.legacy, ...changes.legacy }),
  now: fakeSource({ ...agreeing.new, ...changes.new }),
});

/** A run over the agreeing systems, unless given others; it begins at `someMoment` and takes four seconds. */
export async function run(given: Given = {}): Promise<Run> {
  const { legacy, now } = { ...systems(), ...given };
  const moments = [someMoment, '2026-11-23T12:00:04.000Z'];
  return reconcile({
    playbook: given.playbook ?? playbookOf([employees, compensation, levels]),
    sources: { legacy, new: now },
    request: { checks: [], requestedBy: anActor(), slot: null, signal: new AbortController().signal, ...given.request },
    clock: { now: () => new Date((moments.length > 1 ? moments.shift() : moments[0]) ?? someMoment) },
    random: given.random ?? ((): number => 0.5),
    suppressedKeys: given.suppressedKeys ?? new Map(),
    hiddenCauses: new Map(),
    knownOfRows: new Map(),
    wait: async () => undefined,
  });
}

export const verdicts = ({ checks }: Run): [string, string][] => checks.map(({ check, verdict }) => [check, verdict]);
