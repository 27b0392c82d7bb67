import type { CheckResult, Finding, Run } from '../checks/run.ts';
import { decimal } from '../numbers/decimal.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { formatDate } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import type { Card, CardChart } from './card.ts';
import { officialInWords } from './digest-card.ts';
import {
  figuresOf,
  suppressedInWords,
  toneOf,
  verdictInWords,
  verdictWord,
  visible,
  whyInWords,
  worstFirst,
} from './run-words.ts';
import { shortDate } from './trend.ts';

/** As many points as a chart takes in chat. */
const points = 20;

export interface SideBySide {
  readonly run: Run;
  readonly check: CheckResult;
  /** Runs that measured the check up to this one, newest first. */
  readonly earlier: readonly Run[];
}

/**
 * Both systems beside each other for one check (L61): every group in a table, the groups as a picture, and how the figure
 * that is furthest off went over the last runs. In chat, groups of fewer than five people are not broken out.
 */
export function compareCard(
  { run, check, earlier }: SideBySide,
  { playbook, chat }: { playbook: Playbook; chat: boolean },
): Card {
  const shown = chat ? visible(check.findings) : check.findings;
  const [worst] = worstFirst(shown);
  const hidden = chat ? suppressedInWords(check.findings) : undefined;
  const date = formatDate(localDate(new Date(run.slot ?? run.startedAt), playbook.timeZone));
  const why = whyInWords(check);
  const trend = worst === undefined ? undefined : trendOf(check, worst.key, earlier, playbook.timeZone, chat);
  const title = `${check.title}, side by side: ${verdictInWords(check)}`;
  return {
    title,
    tone: toneOf(check.verdict),
    summary: `${title}, ${date}.${why === '' ? '' : ` ${why}`}`,
    body: [
      { kind: 'text', text: [{ bold: date }, ', run ', { code: run.id }] },
      { kind: 'text', text: [{ bold: officialInWords(playbook) }] },
      {
        kind: 'table',
        columns: [
          { label: check.kind === 'growth' ? 'Year' : 'Group', align: 'left' },
          { label: 'Legacy', align: 'right' },
          { label: 'New', align: 'right' },
          { label: 'Difference', align: 'right' },
          { label: 'Verdict', align: 'left' },
        ],
        rows: shown.map((finding) => [
          check.kind === 'scalar' ? check.title : finding.key,
          ...figuresOf(check, finding),
          verdictWord(finding.verdict),
        ]),
      },
      ...(hidden === undefined ? [] : [{ kind: 'note' as const, text: `${hidden}.` }]),
      ...(why === '' ? [] : [{ kind: 'text' as const, text: why }]),
      ...(shown.length < 2 ? [] : [groupsChart(check, shown)]),
      ...(trend === undefined ? [] : [trend]),
    ],
  };
}

function groupsChart(check: CheckResult, findings: readonly Finding[]): CardChart {
  const kept = findings.slice(0, points);
  const what = check.kind === 'growth' ? 'year' : 'group';
  const first = kept.length === findings.length ? '' : `, the first ${kept.length} of ${findings.length}`;
  const side = (name: string, of: (finding: Finding) => string | null): CardChart['series'][number] => ({
    name,
    points: kept.map((finding) => ({ label: finding.key, value: drawn(of(finding)) })),
  });
  return {
    kind: 'chart',
    as: 'bars',
    title: `${check.title} by ${what}`,
    unit: check.kind === 'growth' ? '%' : '',
    series: [side('Legacy', ({ legacy }) => legacy), side('New', ({ new: value }) => value)],
    summary: `${check.title} of both systems by ${what}${first}.`,
  };
}

/** A run in which the key was not measured, or may not be shown, is a gap. */
function trendOf(
  check: CheckResult,
  key: string,
  runs: readonly Run[],
  timeZone: string,
  chat: boolean,
): CardChart | undefined {
  const oldestFirst = runs.slice(0, points).toReversed();
  if (oldestFirst.length < 2) return undefined;
  const found = oldestFirst.map((run) => {
    const findings = run.checks.find((one) => one.check === check.check)?.findings ?? [];
    const finding = findings.find((one) => one.key === key);
    return { label: shortDate(run, timeZone), finding: finding?.suppressed === true && chat ? undefined : finding };
  });
  const side = (name: string, of: (finding: Finding) => string | null): CardChart['series'][number] => ({
    name,
    points: found.map(({ label, finding }) => ({ label, value: finding === undefined ? null : drawn(of(finding)) })),
  });
  const about = check.kind === 'scalar' ? check.title : `${check.title} ${key}`;
  return {
    kind: 'chart',
    title: `${about} in the last ${oldestFirst.length} runs`,
    unit: check.kind === 'growth' ? '%' : '',
    series: [side('Legacy', ({ legacy }) => legacy), side('New', ({ new: value }) => value)],
    summary: `${about} of both systems over the last ${oldestFirst.length} runs that measured it.`,
  };
}

/** Cut for drawing; the exact figure stands in the table. */
const drawn = (value: string | null): string | null => (value === null ? null : decimal(value).round(6).toFixed());
