import { instantOf, localDate } from '../time/local-time.ts';
import { neededBy, type Runbook, type Step, type StepDefinition } from './runbook.ts';

const minute = 60_000;

/** When a step was planned, when it is expected by now, and when it was. Milliseconds since 1970. */
export interface StepForecast {
  readonly definition: StepDefinition;
  readonly step: Step;
  readonly planned: { readonly start: number; readonly finish: number };
  /** What it was where it has happened; otherwise what follows from the steps before and from the time. */
  readonly expected: { readonly start: number; readonly finish: number };
  /** Everything that it needs is done. */
  readonly ready: boolean;
  /** The finish hangs on it. */
  readonly critical: boolean;
}

export interface Forecast {
  readonly steps: readonly StepForecast[];
  readonly finish: number;
  /** The latest moment at which the way back still fits into the window; null where there is no window. */
  readonly pointOfNoReturn: number | null;
}

/**
 * What is to be expected: order beats clock. No step begins before those that it needs are done, nor before its planned
 * time, nor in the past; a late one shifts those after it and skips none. `more`: minutes that steps take longer than
 * planned, to ask what if.
 */
export function forecast(
  runbook: Runbook,
  now: Date,
  timeZone: string,
  more: Readonly<Record<string, number>> = {},
): Forecast {
  const { definition } = runbook;
  const byName = new Map<string, Omit<StepForecast, 'critical'>>();
  for (const [index, step] of definition.steps.entries()) {
    const state = runbook.steps[index];
    if (state === undefined) continue;
    const before = neededBy(definition, step.name).flatMap((name) => byName.get(name) ?? []);
    byName.set(
      step.name,
      forecastOf(runbook, step, state, before, { now: now.getTime(), timeZone, more: more[step.name] ?? 0 }),
    );
  }
  const all = [...byName.values()];
  const finish = Math.max(...all.map(({ expected }) => expected.finish));
  const critical = criticalPath(runbook, byName, finish);
  return {
    steps: all.map((one) => ({ ...one, critical: critical.has(one.definition.name) })),
    finish,
    pointOfNoReturn: pointOfNoReturn(runbook, timeZone),
  };
}

function forecastOf(
  runbook: Runbook,
  definition: StepDefinition,
  step: Step,
  before: readonly Omit<StepForecast, 'critical'>[],
  { now, timeZone, more }: { readonly now: number; readonly timeZone: string; readonly more: number },
): Omit<StepForecast, 'critical'> {
  const ready = before.every((one) => one.step.state === 'done');
  const planned = plannedStart(runbook, definition, step, timeZone);
  const takes = definition.minutes * minute;
  const began = step.startedAt === null ? undefined : Date.parse(step.startedAt);
  const ended = step.finishedAt === null ? undefined : Date.parse(step.finishedAt);
  const start = began ?? Math.max(planned, now, ...before.map(({ expected }) => expected.finish));
  const finish = ended ?? Math.max(start + takes + more * minute, began === undefined ? 0 : now);
  return { definition, step, ready, planned: { start: planned, finish: planned + takes }, expected: { start, finish } };
}

/** What was moved moves only what has not happened yet. */
function plannedStart(
  { anchor, movedMinutes }: Runbook,
  { at }: StepDefinition,
  { startedAt }: Step,
  timeZone: string,
): number {
  const base =
    'local' in at
      ? instantOf(localDate(new Date(anchor), timeZone), at.local, timeZone).getTime()
      : Date.parse(anchor) + at.afterMinutes * minute;
  return startedAt === null ? base + movedMinutes * minute : base;
}

/** From the last step to finish back to the first: each time the one that it had to wait for. */
function criticalPath(
  { definition }: Runbook,
  byName: ReadonlyMap<string, Omit<StepForecast, 'critical'>>,
  finish: number,
): ReadonlySet<string> {
  const path = new Set<string>();
  let current = [...byName.values()].findLast(({ expected }) => expected.finish === finish);
  while (current !== undefined) {
    path.add(current.definition.name);
    const { start } = current.expected;
    current = neededBy(definition, current.definition.name)
      .flatMap((name) => byName.get(name) ?? [])
      .find(({ expected }) => expected.finish >= start);
  }
  return path;
}

/** End of the window less the time that the way back takes. */
function pointOfNoReturn({ definition: { window }, anchor }: Runbook, timeZone: string): number | null {
  if (window === undefined) return null;
  const ends = instantOf(localDate(new Date(anchor), timeZone), window.ends, timeZone).getTime();
  return ends - window.rollbackMinutes * minute;
}

/** The steps that can be gone on with now, in order. */
export function currentSteps({ steps }: Forecast): StepForecast[] {
  return steps.filter(({ ready, step }) => ready && step.state !== 'done' && step.state !== 'undone');
}
