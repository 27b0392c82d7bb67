import { triggerTitle } from '../cards/incident-card.ts';
import { type DecisionRecord, type Evidence, nameOfDecision } from '../decisions/decision.ts';
import { isSealed, tally } from '../decisions/tally.ts';
import { forecast } from '../runbooks/forecast.ts';
import { nameOfRunbook, type Runbook } from '../runbooks/runbook.ts';
import { formatDateTime } from '../time/format.ts';
import { type Incident, nameOfIncident } from '../triggers/incident.ts';
import { type LivingPlaybook, livingPlaybook } from './living-playbook.ts';
import { escaped, table } from './markdown.ts';

/** A decision with every evidence that was on the table, the oldest first. */
export interface DecisionWithEvidence {
  readonly record: DecisionRecord;
  readonly evidence: readonly Evidence[];
}

/** What the pack is made of; the oldest of each kind first. */
export interface EvidencePack {
  readonly living: LivingPlaybook;
  readonly decisions: readonly DecisionWithEvidence[];
  readonly incidents: readonly Incident[];
  readonly runbooks: readonly Runbook[];
  /** The hash of the audit's newest entry; null while there is none. */
  readonly auditHead: string | null;
}

/**
 * Everything that was measured, decided and done, as Markdown: the living playbook, then who decided what, when, why and on
 * which evidence, what fired, and the steps of runbooks, planned and actual. The same records give the same text.
 */
export function evidencePack(pack: EvidencePack): string {
  const { living, decisions, incidents, runbooks, auditHead } = pack;
  const none = (title: string): string => `## ${title}\n\nNone.`;
  return [
    livingPlaybook(living).trimEnd(),
    decisions.length === 0
      ? none('Decisions')
      : ['## Decisions', ...decisions.map((one) => decisionSection(one, living))].join('\n\n'),
    incidents.length === 0 ? none('Triggers that fired') : incidentSection(incidents, living),
    runbooks.length === 0
      ? none('Runbooks')
      : ['## Runbooks', ...runbooks.map((one) => runbookSection(one, living))].join('\n\n'),
    `## Audit\n\nHash of the newest entry: ${auditHead ?? 'none'}`,
  ]
    .join('\n\n')
    .concat('\n');
}

function decisionSection({ record, evidence }: DecisionWithEvidence, { playbook }: LivingPlaybook): string {
  const { decision, delegations } = record;
  const time = (at: string): string => formatDateTime(new Date(at), playbook.timeZone);
  const counted = tally(record, playbook);
  const answers = isSealed(record, counted) ? [] : record.answers;
  const label = (name: string | null): string =>
    decision.rules.options.find((option) => option.name === name)?.label ?? name ?? '';
  const end = decision.closedAt === null ? 'pending' : `${decision.state} ${time(decision.closedAt)}`;
  const outcome = decision.outcome === null ? '' : `: ${label(decision.outcome)}`;
  return [
    `### ${escaped(`${nameOfDecision(decision)} ${decision.question}`)}`,
    escaped(`Asked ${time(decision.openedAt)} by ${decision.openedBy}; ${end}${outcome}. ${decision.reason}`),
    table(
      ['Answer', 'By', 'When', 'On evidence', 'Why'],
      answers.map((one) => [label(one.option), one.person, time(one.at), String(one.evidenceVersion), one.reason]),
    ),
    ...delegations.map((one) => escaped(`${one.from} let ${one.to} answer, ${time(one.at)}: ${one.reason}`)),
    ...evidence.map((one) =>
      [
        escaped(`Evidence ${one.version}, ${time(one.at)}, SHA-256 ${one.hash}`),
        table(
          ['What', 'Figure'],
          one.items.map(({ title, figure }) => [title, figure]),
        ),
      ].join('\n\n'),
    ),
  ].join('\n\n');
}

function incidentSection(incidents: readonly Incident[], { playbook }: LivingPlaybook): string {
  const rows = incidents.map((one) => [
    nameOfIncident(one),
    triggerTitle(one.trigger, playbook),
    one.state,
    formatDateTime(new Date(one.openedAt), playbook.timeZone),
    String(one.count),
    one.figure,
    [one.actedBy, one.reason].filter((part) => part !== null && part !== '').join(': '),
  ]);
  return `## Triggers that fired\n\n${table(['No.', 'Trigger', 'State', 'Since', 'Times', 'Figure', 'Last'], rows)}`;
}

function runbookSection(runbook: Runbook, { playbook }: LivingPlaybook): string {
  const { timeZone } = playbook;
  const time = (at: string | number | null): string => (at === null ? '' : formatDateTime(new Date(at), timeZone));
  const expected = forecast(runbook, new Date(runbook.endedAt ?? runbook.startedAt), timeZone);
  const mark = runbook.rehearsal === null ? '' : 'Rehearsal: ';
  const rows = expected.steps.map(({ definition, step, planned }) => [
    definition.title,
    step.state,
    time(planned.start),
    time(step.startedAt),
    time(step.finishedAt),
    step.by ?? '',
    step.evidence,
  ]);
  return [
    `### ${escaped(`${nameOfRunbook(runbook)} ${mark}${runbook.definition.title}`)}`,
    escaped(`${runbook.state}, started ${time(runbook.startedAt)} by ${runbook.startedBy}. ${runbook.reason}`),
    table(['Step', 'State', 'Planned', 'Began', 'Ended', 'By', 'Evidence'], rows),
  ].join('\n\n');
}
