import { gateInWords } from '../cards/gate-card.ts';
import { triggerTitle } from '../cards/incident-card.ts';
import { verdictWord } from '../cards/run-words.ts';
import { type Decision, type DecisionRecord, type Evidence, nameOfDecision } from '../decisions/decision.ts';
import { isSealed, tally } from '../decisions/tally.ts';
import { count } from '../numbers/format.ts';
import { activeStates } from '../records/discrepancy.ts';
import { forecast } from '../runbooks/forecast.ts';
import { nameOfRunbook, type Runbook } from '../runbooks/runbook.ts';
import { formatDateTime } from '../time/format.ts';
import { type Incident, nameOfIncident } from '../triggers/incident.ts';
import { type Block, type Document, heading, paragraph, tableOf } from './document.ts';
import { type LivingPlaybook, livingBlocks } from './living-playbook.ts';

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
 * Everything that was measured, decided and done: the verdict, the living playbook, then who decided what, when, why and on
 * which evidence, what fired, and the steps of runbooks, planned and actual. The same records give the same document.
 */
export function evidencePack(pack: EvidencePack): Document {
  const { living, decisions, incidents, runbooks, auditHead } = pack;
  const head = `Hash of the newest entry: ${auditHead ?? 'none'}`;
  const none = paragraph('None.');
  return {
    title: `${living.playbook.name}: the parallel run`,
    facts: verdict(pack),
    blocks: [
      ...livingBlocks(living),
      heading(2, 'Decisions'),
      ...(decisions.length === 0 ? [none] : decisions.flatMap((one) => decisionSection(one, living))),
      heading(2, 'Triggers that fired'),
      incidents.length === 0 ? none : incidentTable(incidents, living),
      heading(2, 'Runbooks'),
      ...(runbooks.length === 0 ? [none] : runbooks.flatMap((one) => runbookSection(one, living))),
      heading(2, 'Audit'),
      paragraph(head),
    ],
    foot: `Audit ${auditHead ?? 'empty'}`,
  };
}

/** What somebody wants to know who reads no further. */
function verdict({ living, decisions, incidents, runbooks }: EvidencePack): [string, string][] {
  const { playbook, run, gates, discrepancies } = living;
  const time = (at: string): string => formatDateTime(new Date(at), playbook.timeZone);
  const newest = (kind: string): DecisionRecord | undefined =>
    decisions.findLast(({ record }) => record.decision.kind === kind)?.record;
  const vote = newest('goNoGo');
  const open = discrepancies.filter(({ state }) => activeStates.includes(state)).length;
  const fired = incidents.filter(({ state }) => state !== 'cleared').length;
  const day = runbooks.findLast(({ name, rehearsal }) => name === 'cutover' && rehearsal === null);
  return [
    [
      'Newest daily run',
      run === undefined ? 'none yet' : `${verdictWord(run.state)}, ${time(run.slot ?? run.startedAt)}`,
    ],
    ...gates.map((gate): [string, string] => [`Gate of phase ${gate.gate.phase}`, gateInWords(gate)]),
    ['Discrepancies', `${open} open of ${discrepancies.length}`],
    ['Go/No-Go', vote === undefined ? 'not asked yet' : outcomeInWords(vote.decision, time)],
    ['Triggers', `${fired} of ${count(incidents.length, 'incident')} not cleared`],
    ['Cutover', day === undefined ? 'not begun' : `${day.state}, began ${time(day.startedAt)}`],
  ];
}

/** "decided Tue 2 Feb 2027, 10:00: Go". */
function outcomeInWords({ state, closedAt, outcome, rules }: Decision, time: (at: string) => string): string {
  const label = rules.options.find((option) => option.name === outcome)?.label ?? outcome;
  return [closedAt === null ? 'pending' : `${state} ${time(closedAt)}`, label]
    .filter((part) => part !== null)
    .join(': ');
}

function decisionSection({ record, evidence }: DecisionWithEvidence, { playbook }: LivingPlaybook): Block[] {
  const { decision, delegations } = record;
  const time = (at: string): string => formatDateTime(new Date(at), playbook.timeZone);
  const counted = tally(record, playbook);
  const answers = isSealed(record, counted) ? [] : record.answers;
  const label = (name: string): string => decision.rules.options.find((one) => one.name === name)?.label ?? name;
  const asked = `Asked ${time(decision.openedAt)} by ${decision.openedBy}`;
  return [
    heading(3, `${nameOfDecision(decision)} ${decision.question}`),
    paragraph(`${asked}; ${outcomeInWords(decision, time)}. ${decision.reason}`),
    tableOf(
      ['Answer', 'By', 'When', 'On evidence', 'Why'],
      answers.map((one) => [label(one.option), one.person, time(one.at), String(one.evidenceVersion), one.reason]),
    ),
    ...delegations.map((one) => paragraph(`${one.from} let ${one.to} answer, ${time(one.at)}: ${one.reason}`)),
    ...evidence.flatMap((one) => [
      paragraph(`Evidence ${one.version}, ${time(one.at)}, SHA-256 ${one.hash}`),
      tableOf(
        ['What', 'Figure'],
        one.items.map(({ title, figure }) => [title, figure]),
      ),
    ]),
  ];
}

function incidentTable(incidents: readonly Incident[], { playbook }: LivingPlaybook): Block {
  const rows = incidents.map((one) => [
    nameOfIncident(one),
    triggerTitle(one.trigger, playbook),
    one.state,
    formatDateTime(new Date(one.openedAt), playbook.timeZone),
    String(one.count),
    one.figure,
    [one.actedBy, one.reason].filter((part) => part !== null && part !== '').join(': '),
  ]);
  return tableOf(['No.', 'Trigger', 'State', 'Since', 'Times', 'Figure', 'Last'], rows);
}

function runbookSection(runbook: Runbook, { playbook }: LivingPlaybook): Block[] {
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
    heading(3, `${nameOfRunbook(runbook)} ${mark}${runbook.definition.title}`),
    paragraph(`${runbook.state}, started ${time(runbook.startedAt)} by ${runbook.startedBy}. ${runbook.reason}`),
    tableOf(['Step', 'State', 'Planned', 'Began', 'Ended', 'By', 'Evidence'], rows),
  ];
}
