import { aboutInWords } from '../cards/discrepancy-words.ts';
import { gateFigureInWords } from '../cards/gate-card.ts';
import { dayOf, figureInWords, statusWord, targetInWords, toBeDetermined } from '../cards/metric-words.ts';
import { roleTitle } from '../cards/people-words.ts';
import { stepTimeInWords } from '../cards/runbooks-card.ts';
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
import { nameOfRunbook, type Runbook } from '../runbooks/runbook.ts';
import { formatDate, formatDateTime } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import { type Incident, nameOfIncident } from '../triggers/incident.ts';
import { escaped, table } from './markdown.ts';

export interface LivingPlaybook {
  readonly playbook: Playbook;
  readonly plan: readonly PlannedTask[];
  readonly gates: readonly GateResult[];
  readonly metrics: readonly MetricState[];
  /** The newest daily run that compared something; undefined before the first. */
  readonly run: Run | undefined;
  /** The newest daily runs, the newest first. */
  readonly runs: readonly Run[];
  /** The newest first. */
  readonly incidents: readonly Incident[];
  /** In earnest and as rehearsals, the newest first. */
  readonly runbooks: readonly Runbook[];
  /** By number, the first first. */
  readonly discrepancies: readonly Discrepancy[];
  /** By date, the first first. */
  readonly checkpoints: readonly Checkpoint[];
  /** By date, the first first. */
  readonly lessons: readonly Lesson[];
}

/**
 * The playbook as it stands: the document's own order, with what became of everything filled in. Markdown; the same
 * records give the same text, to the letter. Figures of fewer than five people are left out.
 */
export function livingPlaybook(living: LivingPlaybook): string {
  const { playbook } = living;
  return [
    `# ${escaped(playbook.name)}: the parallel run`,
    timeline(living),
    ...([1, 2, 3] as const).map((phase) => phaseSection(phase, living)),
    dailyReconciliation(living),
    discrepancySection(living),
    dashboard(living),
    rollbackSection(living),
    metricSection(living),
    checkpointSection(living),
    lessonSection(living),
    phaseSection('beforeCutover', living),
    ...living.playbook.runbooks
      .filter(({ name }) => name !== rollback)
      .map(({ name }) => runbookSection(name, '##', living)),
    phaseSection('afterCutover', living),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
    .concat('\n');
}

function timeline({ playbook, checkpoints }: LivingPlaybook): string {
  const { startDate } = playbook;
  const whole = timelineOf(playbook);
  const held = checkpoints.filter(({ minutes }) => minutes !== null).length;
  const dates = whole === undefined ? undefined : planDates(whole);
  const between = ({ first, last }: { first: string; last: string }): string =>
    `${formatDate(first)} to ${formatDate(last)}`;
  return [
    '## Timeline',
    '',
    `- **Start date**: ${startDate === null ? 'TBD' : formatDate(startDate)}`,
    `- **End**: ${dates === undefined ? 'TBD' : formatDate(dates.end)}`,
    `- **Checkpoints**: ${held} held of ${checkpoints.length}`,
    `- **Go/No-Go**: ${dates === undefined ? 'TBD' : `evidence frozen ${formatDate(dates.evidenceFrozen)}, vote ${between(dates.vote)}`}`,
  ].join('\n');
}

function phaseSection(phase: Task['phase'], { playbook, plan, gates }: LivingPlaybook): string {
  const tasks = plan.filter(({ task }) => task.phase === phase);
  if (tasks.length === 0) return '';
  const whole = timelineOf(playbook);
  const dates = typeof phase === 'string' || whole === undefined ? undefined : planDates(whole).phases[phase - 1];
  const heading = `## ${escaped(phaseInWords(phase))}`;
  const when = dates === undefined ? [] : ['', `${formatDate(dates.first)} to ${formatDate(dates.last)}`];
  const gate = gates.find((one) => one.gate.phase === phase);
  const criteria = gate === undefined ? [] : ['', '### Success criteria', '', ...gate.criteria.map(criterionLine)];
  return [heading, ...when, '', ...weekSections(tasks, playbook), ...criteria].join('\n');
}

/** The phase's lists, each under its weeks, as the document has them. */
function weekSections(tasks: readonly PlannedTask[], playbook: Playbook): string[] {
  const weeksOf = ({ task: { weeks } }: PlannedTask): string => {
    if (weeks === undefined) return '';
    return weeks[0] === weeks[1] ? `Week ${weeks[0]}` : `Weeks ${weeks[0]} to ${weeks[1]}`;
  };
  return tasks.flatMap((planned, index) => {
    const weeks = weeksOf(planned);
    const before = tasks[index - 1];
    const heading = weeks === '' || (before !== undefined && weeksOf(before) === weeks) ? [] : [`### ${weeks}`, ''];
    return [...(heading.length > 0 && index > 0 ? [''] : []), ...heading, taskLine(planned, playbook)];
  });
}

function criterionLine({ criterion, state, figure, waiver }: CriterionResult): string {
  const waived = waiver === null ? '' : ` (waived until ${waiver.until}: ${escaped(waiver.reason)})`;
  return `- ${state === 'pass' ? '[x]' : '[ ]'} ${escaped(criterion.title)}: ${state}, ${escaped(gateFigureInWords(figure))}${waived}`;
}

function taskLine({ task, state, change, daysLate }: PlannedTask, playbook: Playbook): string {
  const done = change?.state === 'done';
  const box = done ? '[x]' : '[ ]';
  const limits = task.people === undefined ? '' : ` (${limitsInWords(task.people)})`;
  const owner = roleTitle(task.owner, playbook);
  if (state === 'automatic') return `- [x] ${escaped(task.title)}: by the bot`;
  if (!done || change === null) {
    return `- ${box} ${escaped(`${task.title}${limits}`)}: ${escaped(owner)}${daysLate > 0 ? `, ${count(daysLate, 'day')} late` : ''}`;
  }
  const people = change.people === null ? '' : `, ${count(change.people, 'person', 'people')}`;
  const on = formatDate(localDate(new Date(change.at), playbook.timeZone));
  return `- ${box} ${escaped(`${task.title}${limits}`)}: ${escaped(change.byName)}, ${on}${people}: ${escaped(change.evidence)}`;
}

function dailyReconciliation({ playbook, run }: LivingPlaybook): string {
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
  return ['## Daily reconciliation', when, table(columns, rows)].join('\n\n');
}

function discrepancySection({ playbook, discrepancies }: LivingPlaybook): string {
  if (discrepancies.length === 0) return '## Discrepancies\n\nNone was found.';
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
  return `## Discrepancies\n\n${table(columns, rows)}`;
}

/** What the document's view is for: how far every check was off, day by day. */
function dashboard({ playbook, runs }: LivingPlaybook): string {
  if (runs.length === 0) return '## Monitoring dashboard\n\nNothing was compared yet.';
  const rows = runs.map((run) => [
    formatDate(localDate(new Date(run.slot ?? run.startedAt), playbook.timeZone)),
    verdictWord(run.state),
    ...playbook.checks.map(({ name }) => {
      const result = run.checks.find(({ check }) => check === name);
      if (result === undefined) return 'no data';
      const [worst] = worstFirst(visible(result.findings));
      return worst === undefined ? verdictWord(result.verdict) : differenceInWords(worst);
    }),
  ]);
  const columns = ['Day', 'Run', ...playbook.checks.map(({ title }) => title)];
  return `## Monitoring dashboard\n\n${table(columns, rows)}`;
}

function rollbackSection(living: LivingPlaybook): string {
  const { playbook, incidents } = living;
  const triggers = playbook.triggers.map(({ name, title }) => {
    const [newest, ...others] = incidents.filter(({ trigger }) => trigger === name);
    if (newest === undefined) return [title, 'never fired', '', ''];
    const times = others.length === 0 ? '' : `, and ${count(others.length, 'earlier one')}`;
    const since = formatDateTime(new Date(newest.openedAt), playbook.timeZone);
    return [title, `${nameOfIncident(newest)} ${newest.state}${times}`, since, newest.figure];
  });
  const steps = runbookSection(rollback, '###', living);
  if (triggers.length === 0 && steps === '') return '';
  return [
    '## Rollback procedures',
    ...(triggers.length === 0 ? [] : [table(['Trigger', 'State', 'Since', 'Figure'], triggers)]),
    ...(steps === '' ? [] : [steps]),
  ].join('\n\n');
}

/** The document has its steps among the triggers, not beside the cutover's. */
const rollback = 'rollback';

/** The steps of a runbook as they were carried out last in earnest; as the playbook has them where they never were. */
function runbookSection(name: string, level: '##' | '###', { playbook, runbooks }: LivingPlaybook): string {
  const planned = playbook.runbooks.find((one) => one.name === name);
  if (planned === undefined) return '';
  const last = runbooks.find((one) => one.name === name && one.rehearsal === null);
  const { title, steps } = last?.definition ?? planned;
  const time = (at: string): string => formatDateTime(new Date(at), playbook.timeZone);
  const lines = steps.map((step, index) => {
    const { state = 'open', finishedAt = null, by = null, evidence = '' } = last?.steps[index] ?? {};
    const what = escaped(`${stepTimeInWords(step.at)} ${step.title}`);
    if (state === 'open') return `- [ ] ${what}: ${escaped(roleTitle(step.owner, playbook))}`;
    const parts = [state, by, finishedAt === null ? null : time(finishedAt)].filter((part) => part !== null);
    return `- ${state === 'done' ? '[x]' : '[ ]'} ${what}: ${escaped(parts.join(', '))}${evidence === '' ? '' : `: ${escaped(evidence)}`}`;
  });
  const when =
    last === undefined
      ? 'Not carried out.'
      : escaped(`${nameOfRunbook(last)}, ${last.state}, started ${time(last.startedAt)}.`);
  return [`${level} ${escaped(title)}`, when, lines.join('\n')].join('\n\n');
}

function metricSection({ playbook, metrics }: LivingPlaybook): string {
  if (metrics.length === 0) return '';
  const rows = metrics.map(({ metric, status, readings: [newest] }) => [
    metric.title,
    targetInWords(metric),
    newest === undefined ? toBeDetermined : figureInWords(newest.value, metric),
    statusWord(status),
    newest === undefined ? '' : dayOf(newest, playbook),
  ]);
  return `## Success metrics\n\n${table(['Metric', 'Target', 'Actual', 'Status', 'Date'], rows)}`;
}

function checkpointSection({ checkpoints }: LivingPlaybook): string {
  if (checkpoints.length === 0) return '## Weekly checkpoints\n\nNone was due yet.';
  const rows = checkpoints.map(({ date, minutes, missedAt }) => [
    formatDate(date),
    minutes !== null ? 'held' : missedAt === null ? 'minutes missing' : 'not held',
    minutes?.attendance ?? '',
    minutes?.decisions ?? '',
  ]);
  return `## Weekly checkpoints\n\n${table(['Date', 'State', 'Who was there', 'Decided'], rows)}`;
}

function lessonSection({ lessons }: LivingPlaybook): string {
  if (lessons.length === 0) return '## Lessons learned log\n\nNone was written down yet.';
  const rows = lessons.map((one) => [nameOfLesson(one), one.date, one.category, one.learning, one.action]);
  return `## Lessons learned log\n\n${table(['No.', 'Date', 'Category', 'Learning', 'Action'], rows)}`;
}
