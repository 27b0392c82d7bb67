import { aboutInWords } from '../cards/discrepancy-words.ts';
import { gateFigureInWords } from '../cards/gate-card.ts';
import { dayOf, figureInWords, statusWord, targetInWords, toBeDetermined } from '../cards/metric-words.ts';
import { roleTitle } from '../cards/people-words.ts';
import { differenceInWords, toleranceInWords, verdictWord, visible, worstFirst } from '../cards/run-words.ts';
import { limitsInWords, phaseInWords } from '../cards/task-words.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import type { Run } from '../checks/run.ts';
import { count } from '../numbers/format.ts';
import type { CriterionResult, GateResult } from '../gates/gate.ts';
import type { MetricState } from '../metrics/read-metrics.ts';
import { planDates, timelineOf } from '../phases/calendar.ts';
import type { PlannedTask } from '../phases/plan.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Task } from '../playbook/team.ts';
import { type Discrepancy, nameOf } from '../records/discrepancy.ts';
import { type Lesson, nameOfLesson } from '../records/lesson.ts';
import { formatDate } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import { type Block, type Document, heading, paragraph, tableOf } from './document.ts';
import { dashboard, type Operations, rollbackSection, runbookSections } from './living-operations.ts';

export interface LivingPlaybook extends Operations {
  readonly plan: readonly PlannedTask[];
  readonly gates: readonly GateResult[];
  readonly metrics: readonly MetricState[];
  /** The newest daily run that compared something; undefined before the first. */
  readonly run: Run | undefined;
  /** By number, the first first. */
  readonly discrepancies: readonly Discrepancy[];
  /** By date, the first first. */
  readonly checkpoints: readonly Checkpoint[];
  /** By date, the first first. */
  readonly lessons: readonly Lesson[];
}

/**
 * The playbook as it stands: the document's own order, with what became of everything filled in. The same records give
 * the same document, to the letter. Figures of fewer than five people are left out.
 */
export function livingPlaybook(living: LivingPlaybook): Document {
  return {
    title: `${living.playbook.name}: the parallel run`,
    facts: [],
    blocks: livingBlocks(living),
    foot: 'The living playbook',
  };
}

/** The sections of the living playbook. */
export function livingBlocks(living: LivingPlaybook): Block[] {
  return [
    ...timeline(living),
    ...([1, 2, 3] as const).flatMap((phase) => phaseSection(phase, living)),
    ...dailyReconciliation(living),
    ...discrepancySection(living),
    ...dashboard(living),
    ...rollbackSection(living),
    ...metricSection(living),
    ...checkpointSection(living),
    ...lessonSection(living),
    ...phaseSection('beforeCutover', living),
    ...runbookSections(living),
    ...phaseSection('afterCutover', living),
  ];
}

function timeline({ playbook, checkpoints }: LivingPlaybook): Block[] {
  const { startDate } = playbook;
  const whole = timelineOf(playbook);
  const held = checkpoints.filter(({ minutes }) => minutes !== null).length;
  const dates = whole === undefined ? undefined : planDates(whole);
  const between = ({ first, last }: { first: string; last: string }): string =>
    `${formatDate(first)} to ${formatDate(last)}`;
  const vote =
    dates === undefined ? 'TBD' : `evidence frozen ${formatDate(dates.evidenceFrozen)}, vote ${between(dates.vote)}`;
  return [
    heading(2, 'Timeline'),
    {
      kind: 'facts',
      facts: [
        ['Start date', startDate === null ? 'TBD' : formatDate(startDate)],
        ['End', dates === undefined ? 'TBD' : formatDate(dates.end)],
        ['Checkpoints', `${held} held of ${checkpoints.length}`],
        ['Go/No-Go', vote],
      ],
    },
  ];
}

function phaseSection(phase: Task['phase'], { playbook, plan, gates }: LivingPlaybook): Block[] {
  const tasks = plan.filter(({ task }) => task.phase === phase);
  if (tasks.length === 0) return [];
  const whole = timelineOf(playbook);
  const dates = typeof phase === 'string' || whole === undefined ? undefined : planDates(whole).phases[phase - 1];
  const gate = gates.find((one) => one.gate.phase === phase);
  return [
    heading(2, phaseInWords(phase)),
    ...(dates === undefined ? [] : [paragraph(`${formatDate(dates.first)} to ${formatDate(dates.last)}`)]),
    ...weekBlocks(tasks, playbook),
    ...(gate === undefined
      ? []
      : [heading(3, 'Success criteria'), { kind: 'tasks' as const, items: gate.criteria.map(criterionLine) }]),
  ];
}

/** The phase's lists, each under its weeks, as the document has them. */
function weekBlocks(tasks: readonly PlannedTask[], playbook: Playbook): Block[] {
  const lists: { readonly weeks: string; readonly items: Line[] }[] = [];
  for (const planned of tasks) {
    const weeks = weeksOf(planned);
    if (lists.at(-1)?.weeks !== weeks) lists.push({ weeks, items: [] });
    lists.at(-1)?.items.push(taskLine(planned, playbook));
  }
  return lists.flatMap(({ weeks, items }) => [
    ...(weeks === '' ? [] : [heading(3, weeks)]),
    { kind: 'tasks' as const, items },
  ]);
}

function weeksOf({ task: { weeks } }: PlannedTask): string {
  if (weeks === undefined) return '';
  return weeks[0] === weeks[1] ? `Week ${weeks[0]}` : `Weeks ${weeks[0]} to ${weeks[1]}`;
}

interface Line {
  readonly done: boolean;
  readonly text: string;
}

function criterionLine({ criterion, state, figure, waiver }: CriterionResult): Line {
  const waived = waiver === null ? '' : ` (waived until ${waiver.until}: ${waiver.reason})`;
  return { done: state === 'pass', text: `${criterion.title}: ${state}, ${gateFigureInWords(figure)}${waived}` };
}

function taskLine({ task, state, change, daysLate }: PlannedTask, playbook: Playbook): Line {
  if (state === 'automatic') return { done: true, text: `${task.title}: by the bot` };
  const limits = task.people === undefined ? '' : ` (${limitsInWords(task.people)})`;
  const title = `${task.title}${limits}`;
  if (change?.state !== 'done') {
    const late = daysLate > 0 ? `, ${count(daysLate, 'day')} late` : '';
    return { done: false, text: `${title}: ${roleTitle(task.owner, playbook)}${late}` };
  }
  const people = change.people === null ? '' : `, ${count(change.people, 'person', 'people')}`;
  const on = formatDate(localDate(new Date(change.at), playbook.timeZone));
  return { done: true, text: `${title}: ${change.byName}, ${on}${people}: ${change.evidence}` };
}

function dailyReconciliation({ playbook, run }: LivingPlaybook): Block[] {
  const rows = playbook.checks.map((check) => {
    const result = run?.checks.find((one) => one.check === check.name);
    const [worst] = worstFirst(visible(result?.findings ?? []));
    const tolerance = toleranceInWords({ tolerance: check.tolerance.amount, unit: check.tolerance.unit });
    const measured =
      result === undefined
        ? ['TBD', 'no data']
        : [worst === undefined ? 'not shown' : differenceInWords(worst), verdictWord(result.verdict)];
    return [check.title, tolerance, check.action, ...measured];
  });
  const when =
    run === undefined
      ? 'Nothing was compared yet.'
      : `The newest daily run, ${formatDate(localDate(new Date(run.slot ?? run.startedAt), playbook.timeZone))}, ${run.id}:`;
  const columns = ['Check', 'Tolerance', 'Action if failed', 'Difference', 'Verdict'];
  return [heading(2, 'Daily reconciliation'), paragraph(when), tableOf(columns, rows)];
}

function discrepancySection({ playbook, discrepancies }: LivingPlaybook): Block[] {
  if (discrepancies.length === 0) return [heading(2, 'Discrepancies'), paragraph('None was found.')];
  const date = (at: string): string => formatDate(localDate(new Date(at), playbook.timeZone));
  const rows = discrepancies.map((one) => [
    nameOf(one),
    aboutInWords(one, playbook, true),
    one.state,
    String(one.severity),
    roleTitle(one.owner, playbook),
    date(one.firstSeenAt),
    one.acceptance === null ? '' : `until ${one.acceptance.until}: ${one.acceptance.reason}`,
  ]);
  const columns = ['No.', 'What', 'State', 'Severity', 'Owner', 'On record since', 'Accepted'];
  return [heading(2, 'Discrepancies'), tableOf(columns, rows)];
}

function metricSection({ playbook, metrics }: LivingPlaybook): Block[] {
  if (metrics.length === 0) return [];
  const rows = metrics.map(({ metric, status, readings: [newest] }) => [
    metric.title,
    targetInWords(metric),
    newest === undefined ? toBeDetermined : figureInWords(newest.value, metric),
    statusWord(status),
    newest === undefined ? '' : dayOf(newest, playbook),
  ]);
  return [heading(2, 'Success metrics'), tableOf(['Metric', 'Target', 'Actual', 'Status', 'Date'], rows)];
}

function checkpointSection({ checkpoints }: LivingPlaybook): Block[] {
  if (checkpoints.length === 0) return [heading(2, 'Weekly checkpoints'), paragraph('None was due yet.')];
  const rows = checkpoints.map(({ date, minutes, missedAt }) => [
    formatDate(date),
    minutes !== null ? 'held' : missedAt === null ? 'minutes missing' : 'not held',
    minutes?.attendance ?? '',
    minutes?.decisions ?? '',
  ]);
  return [heading(2, 'Weekly checkpoints'), tableOf(['Date', 'State', 'Who was there', 'Decided'], rows)];
}

function lessonSection({ lessons }: LivingPlaybook): Block[] {
  if (lessons.length === 0) return [heading(2, 'Lessons learned log'), paragraph('None was written down yet.')];
  const rows = lessons.map((one) => [nameOfLesson(one), one.date, one.category, one.learning, one.action]);
  return [heading(2, 'Lessons learned log'), tableOf(['No.', 'Date', 'Category', 'Learning', 'Action'], rows)];
}
