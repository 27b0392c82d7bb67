import { roleTitle } from '../cards/people-words.ts';
import { stepTimeInWords } from '../cards/runbooks-card.ts';
import { differenceInWords, verdictWord, visible, worstFirst } from '../cards/run-words.ts';
import type { Run } from '../checks/run.ts';
import { count } from '../numbers/format.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { nameOfRunbook, type Runbook } from '../runbooks/runbook.ts';
import { formatDate, formatDateTime } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import { type Incident, nameOfIncident } from '../triggers/incident.ts';
import { type Block, heading, paragraph, tableOf } from './document.ts';

/** What the living playbook tells of running both systems: days, triggers, and what was carried out step by step. */
export interface Operations {
  readonly playbook: Playbook;
  /** The newest daily runs, the newest first. */
  readonly runs: readonly Run[];
  /** The newest first. */
  readonly incidents: readonly Incident[];
  /** In earnest and as rehearsals, the newest first. */
  readonly runbooks: readonly Runbook[];
}

/** What the document's view is for: how far every check was off, day by day. */
export function dashboard({ playbook, runs }: Operations): Block[] {
  const title = heading(2, 'Monitoring dashboard');
  if (runs.length === 0) return [title, paragraph('Nothing was compared yet.')];
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
  return [title, tableOf(['Day', 'Run', ...playbook.checks.map((check) => check.title)], rows)];
}

/** The document has its steps among the triggers, not beside the cutover's. */
const rollback = 'rollback';

export function rollbackSection(operations: Operations): Block[] {
  const { playbook, incidents } = operations;
  const triggers = playbook.triggers.map(({ name, title }) => {
    const [newest, ...others] = incidents.filter(({ trigger }) => trigger === name);
    if (newest === undefined) return [title, 'never fired', '', ''];
    const times = others.length === 0 ? '' : `, and ${count(others.length, 'earlier one')}`;
    const since = formatDateTime(new Date(newest.openedAt), playbook.timeZone);
    return [title, `${nameOfIncident(newest)} ${newest.state}${times}`, since, newest.figure];
  });
  const steps = runbookSection(rollback, 3, operations);
  if (triggers.length === 0 && steps.length === 0) return [];
  return [
    heading(2, 'Rollback procedures'),
    ...(triggers.length === 0 ? [] : [tableOf(['Trigger', 'State', 'Since', 'Figure'], triggers)]),
    ...steps,
  ];
}

/** Every runbook but the rollback. */
export function runbookSections(operations: Operations): Block[] {
  const others = operations.playbook.runbooks.filter(({ name }) => name !== rollback);
  return others.flatMap(({ name }) => runbookSection(name, 2, operations));
}

/** The steps of a runbook as they were carried out last in earnest; as the playbook has them where they never were. */
function runbookSection(name: string, level: 2 | 3, { playbook, runbooks }: Operations): Block[] {
  const planned = playbook.runbooks.find((one) => one.name === name);
  if (planned === undefined) return [];
  const last = runbooks.find((one) => one.name === name && one.rehearsal === null);
  const { title, steps } = last?.definition ?? planned;
  const time = (at: string): string => formatDateTime(new Date(at), playbook.timeZone);
  const items = steps.map((step, index) => {
    const { state = 'open', finishedAt = null, by = null, evidence = '' } = last?.steps[index] ?? {};
    const what = `${stepTimeInWords(step.at)} ${step.title}`;
    if (state === 'open') return { done: false, text: `${what}: ${roleTitle(step.owner, playbook)}` };
    const parts = [state, by, finishedAt === null ? null : time(finishedAt)].filter((part) => part !== null);
    return { done: state === 'done', text: [`${what}: ${parts.join(', ')}`, evidence].filter(Boolean).join(': ') };
  });
  const when =
    last === undefined ? 'Not carried out.' : `${nameOfRunbook(last)}, ${last.state}, started ${time(last.startedAt)}.`;
  return [heading(level, title), paragraph(when), { kind: 'tasks', items }];
}
