import type { CheckResult, Finding, Run } from '../checks/run.ts';
import { count } from '../numbers/format.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { formatDateTime, formatDuration } from '../time/format.ts';
import type { Actor } from '../request.ts';
import type { Button, Card, CardElement, Fact } from './card.ts';
import { explainButton, officialInWords } from './digest-card.ts';
import { explanationOf } from './explanation-card.ts';
import { nounOf, rowsLine } from './rows-words.ts';
import {
  figuresOf,
  findingColumns,
  suppressedInWords,
  syncInWords,
  titleOf,
  toleranceInWords,
  toneOf,
  verdictWord,
  visible,
  whyInWords,
  worstFirst,
} from './run-words.ts';

const rowsShown = 40;

export interface RunCardContext {
  readonly playbook: Playbook;
  /** False: also what chat must not break out, for the operator's own terminal. */
  readonly chat: boolean;
  readonly buttons: boolean;
}

/** A run with its findings, as it was stored: those that did not pass first, long distributions cut with their count. */
export function runCard(run: Run, context: RunCardContext): Card {
  const { playbook, chat } = context;
  const shown = run.checks.map((check) => ({
    check,
    findings: worstFirst(chat ? visible(check.findings) : check.findings),
  }));
  const hidden = chat ? suppressedInWords(run.checks.flatMap(({ findings }) => findings)) : undefined;
  const why = run.checks
    .map((check) => ({ title: check.title, text: whyInWords(check) }))
    .filter(({ text }) => text !== '');
  const title = titleOf(run, playbook.timeZone);
  return {
    title,
    tone: toneOf(run.state),
    summary: `${playbook.name}, run ${run.id}: ${title}.`,
    body: [
      { kind: 'text', text: [{ bold: officialInWords(playbook) }] },
      ...(run.state === 'held'
        ? [{ kind: 'text' as const, text: [{ bold: 'Why: ' }, run.batch.reasons.join(' ')] }]
        : [findingsTable(shown)]),
      ...(hidden === undefined ? [] : [{ kind: 'note' as const, text: `${hidden}.` }]),
      ...why.map(({ title: of, text }): CardElement => ({ kind: 'text', text: [{ bold: `${of}: ` }, text] })),
      ...run.comparisons.map(
        (one): CardElement => ({ kind: 'text', text: rowsLine(one, nounOf(one, playbook), verdictWord(one.verdict)) }),
      ),
      // In chat the thread of the digest has it, and a button brings it: the answer stays short enough for a phone.
      ...(chat ? [] : explanationOf(run, { playbook, chat }).elements),
      { kind: 'facts', facts: factsOf(run, playbook) },
      ...(context.buttons ? [{ kind: 'buttons' as const, buttons: buttonsOf(run, playbook) }] : []),
    ],
  };
}

function findingsTable(checks: readonly { check: CheckResult; findings: readonly Finding[] }[]): CardElement {
  const rows = checks.flatMap(({ check, findings }) =>
    findings.length === 0
      ? [{ bad: check.verdict !== 'pass', cells: rowOf(check, undefined) }]
      : findings.map((finding) => ({ bad: finding.verdict !== 'pass', cells: rowOf(check, finding) })),
  );
  // Every check keeps its place; only where there are too many rows do the passing ones make room.
  const room = Math.max(0, rowsShown - rows.filter(({ bad }) => bad).length);
  const passing = rows.filter(({ bad }) => !bad);
  const kept = new Set(rows.length <= rowsShown ? passing : passing.slice(0, room));
  const failing = rows.filter(({ bad }) => bad).slice(0, rowsShown);
  const table = rows.filter((row) => kept.has(row) || failing.includes(row));
  const left = rows.length - table.length;
  const leftBad = rows.filter(({ bad }) => bad).length - failing.length;
  return {
    kind: 'table',
    columns: findingColumns,
    rows: table.map(({ cells }) => cells),
    ...(left === 0
      ? {}
      : { omitted: `${count(left, 'more finding')}: ${leftBad === 0 ? 'all pass' : `${leftBad} did not pass`}` }),
  };
}

function rowOf(check: CheckResult, finding: Finding | undefined): string[] {
  if (finding === undefined) return [check.title, '–', '–', '–', toleranceInWords(check), verdictWord(check.verdict)];
  const name = check.kind === 'scalar' ? check.title : `${check.title}: ${finding.key}`;
  return [name, ...figuresOf(check, finding), toleranceInWords(finding), verdictWord(finding.verdict)];
}

function factsOf(run: Run, { timeZone }: Playbook): Fact[] {
  const sync = syncInWords(run);
  const took = Date.parse(run.finishedAt) - Date.parse(run.startedAt);
  return [
    { label: 'Run', value: [{ code: run.id }] },
    {
      label: 'Compared',
      value: [
        { time: run.startedAt, style: 'dateTime', fallback: formatDateTime(new Date(run.startedAt), timeZone) },
        `, in ${formatDuration(took)}`,
      ],
    },
    { label: 'Asked by', value: askedBy(run.requestedBy) },
    ...(run.batch.date === null
      ? []
      : [{ label: 'Batch', value: `${run.batch.date}${sync === undefined ? '' : `. ${sync}`}` }]),
    { label: 'Playbook', value: [{ code: run.playbookVersion }] },
  ];
}

export function askedBy(actor: Actor): string {
  return actor.platform === 'terminal' ? `${actor.name}, in a terminal` : actor.name;
}

function buttonsOf(run: Run, { checks }: Playbook): Button[] {
  const names = run.checks.map(({ check }) => check);
  const whole = names.length === 0 || names.length === checks.length;
  return [
    ...explainButton(run),
    { label: 'Check again', command: ['check', ...(whole ? [] : names)].join(' '), style: 'default' },
    { label: 'History', command: 'history', style: 'default' },
  ];
}
