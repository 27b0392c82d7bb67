import { decimal } from '../numbers/decimal.ts';
import type { Run } from '../checks/run.ts';
import type { MetricState } from '../metrics/read-metrics.ts';
import { phaseDates, timelineOf } from '../phases/calendar.ts';
import type { PlannedTask } from '../phases/plan.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Criterion, Gate } from '../playbook/team.ts';
import { type Lesson, nameOfLesson } from '../records/lesson.ts';
import { type Completeness, completenessOf, type RegisterItem } from '../registers/register.ts';
import { localDate } from '../time/local-time.ts';
import type { Waiver } from './waiver.ts';

/** Only `pass` is green: what was not measured, is too old or is missing is `no data`. */
export type CriterionState = 'pass' | 'fail' | 'no data';

/** What a criterion is judged by; what is null or empty was not measured. */
export type Figure =
  | { readonly kind: 'sync'; readonly days: number; readonly worstSeconds: number | null }
  | { readonly kind: 'variance'; readonly worst: WorstVariance | null; readonly unmeasured: string | null }
  | { readonly kind: 'metric'; readonly metric: MetricState | null }
  | { readonly kind: 'register'; readonly completeness: Completeness }
  | { readonly kind: 'none'; readonly items: readonly string[]; readonly begun: boolean }
  | { readonly kind: 'tasks'; readonly done: number; readonly open: readonly string[] };

export interface WorstVariance {
  /** The check's. */
  readonly title: string;
  /** In percent, or in points for growth; an exact decimal. */
  readonly variance: string;
  readonly below: string;
  /** Of fewer than five people: its figure is told nowhere. */
  readonly suppressed: boolean;
}

export interface CriterionResult {
  readonly criterion: Criterion;
  readonly state: CriterionState;
  /** What it is judged by. */
  readonly figure: Figure;
  /** The newest that is valid today; null where it is green, or where there is none. */
  readonly waiver: Waiver | null;
}

export interface GateResult {
  readonly gate: Gate;
  /** Green: every criterion passes or has a valid waiver. */
  readonly green: boolean;
  readonly criteria: readonly CriterionResult[];
}

/** What a gate is judged by. */
export interface GateFacts {
  readonly playbook: Playbook;
  /** The daily runs, in any order; those of other phases are left aside. */
  readonly runs: readonly Run[];
  readonly plan: readonly PlannedTask[];
  readonly lessons: readonly Lesson[];
  readonly metrics: readonly MetricState[];
  /** Items of every register of the playbook, by its name. */
  readonly registers: ReadonlyMap<string, readonly RegisterItem[]>;
  /** The newest first. */
  readonly waivers: readonly Waiver[];
  /** yyyy-mm-dd in the playbook's zone. */
  readonly today: string;
}

/** The success criteria of a phase (L32, L51, L56), strict where the document is strict. Pure. */
export function gateResult(gate: Gate, facts: GateFacts): GateResult {
  const runs = runsOf(gate.phase, facts);
  const criteria = gate.criteria.map((criterion): CriterionResult => {
    const judged = judge(criterion, gate.phase, runs, facts);
    const waiver = judged.state === 'pass' ? undefined : waiverOf(gate.phase, criterion.name, facts);
    return { criterion, ...judged, waiver: waiver ?? null };
  });
  return { gate, green: criteria.every(({ state, waiver }) => state === 'pass' || waiver !== null), criteria };
}

function waiverOf(phase: Gate['phase'], name: string, { waivers, today }: GateFacts): Waiver | undefined {
  const newest = waivers.find((one) => one.phase === phase && one.criterion === name);
  return newest !== undefined && newest.until >= today ? newest : undefined;
}

/** Held runs compared nothing; without a start date there is no phase. */
function runsOf(phase: Gate['phase'], { playbook, runs }: GateFacts): Run[] {
  const timeline = timelineOf(playbook);
  if (timeline === undefined) return [];
  const { timeZone } = playbook;
  const { first, last } = phaseDates(timeline, phase);
  return runs.filter(({ slot, startedAt, state }) => {
    const date = localDate(new Date(slot ?? startedAt), timeZone);
    return state !== 'held' && date >= first && date <= last;
  });
}

/** Before its first day nothing can be said of a phase, not even that nothing happened in it. */
function hasBegun(phase: Gate['phase'], { playbook, today }: GateFacts): boolean {
  const timeline = timelineOf(playbook);
  return timeline !== undefined && today >= phaseDates(timeline, phase).first;
}

type Judged = Pick<CriterionResult, 'state' | 'figure'>;

function judge(criterion: Criterion, phase: Gate['phase'], runs: readonly Run[], facts: GateFacts): Judged {
  switch (criterion.kind) {
    case 'sync':
      return syncState(runs, facts.playbook.readiness.syncLimitMinutes);
    case 'variance':
      return varianceState(criterion.below, runs);
    case 'metric':
      return metricState(facts.metrics.find(({ metric }) => metric.name === criterion.metric));
    case 'register':
      return registerState(criterion.register, facts);
    case 'none': {
      // One line is one too many, such as an incident (L53).
      const items = (facts.registers.get(criterion.register) ?? []).map(({ item }) => item);
      const begun = hasBegun(phase, facts);
      const state = items.length > 0 ? 'fail' : begun ? 'pass' : 'no data';
      return { state, figure: { kind: 'none', items, begun } };
    }
    case 'tasks':
      return taskState(
        facts.plan.filter(
          ({ task }) =>
            task.phase === phase && (task.weeks?.[0] ?? 1) <= (criterion.untilWeek ?? Number.POSITIVE_INFINITY),
        ),
        facts.lessons.filter(({ blocks }) => blocks === phase),
      );
  }
}

/** The worst day counts: strictly below the limit. */
function syncState(runs: readonly Run[], limitMinutes: number): Judged {
  const seconds = runs.flatMap(({ batch }) => (batch.syncSeconds === null ? [] : [batch.syncSeconds]));
  const worstSeconds = seconds.length === 0 ? null : Math.max(...seconds);
  const figure: Figure = { kind: 'sync', days: seconds.length, worstSeconds };
  if (worstSeconds === null) return { state: 'no data', figure };
  return { state: worstSeconds < limitMinutes * 60 ? 'pass' : 'fail', figure };
}

/** The worst variance over every check and day of the phase; the newest run must have measured every check. */
function varianceState(below: string, runs: readonly Run[]): Judged {
  const [newest] = runs.toSorted((one, other) => other.startedAt.localeCompare(one.startedAt));
  const unmeasured = newest?.checks.find(({ verdict }) => verdict === 'error')?.title ?? null;
  const worst = runs
    .flatMap(({ checks }) => checks)
    .flatMap(({ title, findings }) =>
      findings.flatMap(({ variance, suppressed }) =>
        variance === null ? [] : [{ title, variance, below, suppressed }],
      ),
    )
    .reduce<WorstVariance | null>(
      (one, other) => (one === null || decimal(other.variance).gt(decimal(one.variance)) ? other : one),
      null,
    );
  const figure: Figure = { kind: 'variance', worst, unmeasured };
  if (worst === null) return { state: 'no data', figure };
  if (decimal(worst.variance).gte(decimal(below))) return { state: 'fail', figure };
  return { state: unmeasured === null ? 'pass' : 'no data', figure };
}

function metricState(metric: MetricState | undefined): Judged {
  const status = metric?.status;
  const state = status === 'pass' || status === 'fail' ? status : 'no data';
  return { state, figure: { kind: 'metric', metric: metric ?? null } };
}

function registerState(name: string, { playbook, registers }: GateFacts): Judged {
  const columns = playbook.registers.find((one) => one.name === name)?.columns ?? [];
  const completeness = completenessOf({ columns }, registers.get(name) ?? []);
  const state = completeness.items === 0 ? 'no data' : completeness.gaps.length === 0 ? 'pass' : 'fail';
  return { state, figure: { kind: 'register', completeness } };
}

/** The actions of lessons that block the phase are tasks of it as well. */
function taskState(tasks: readonly PlannedTask[], lessons: readonly Lesson[]): Judged {
  const people = tasks.filter(({ state }) => state !== 'automatic');
  const all = people.length + lessons.length;
  const open = [
    ...people.filter(({ state }) => state !== 'done').map(({ task }) => task.title),
    ...lessons.filter(({ done }) => done === null).map((one) => `${nameOfLesson(one)} ${one.action}`),
  ];
  const figure: Figure = { kind: 'tasks', done: all - open.length, open };
  if (all === 0) return { state: 'no data', figure };
  return { state: open.length === 0 ? 'pass' : 'fail', figure };
}
