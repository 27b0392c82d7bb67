import type { Finding, Run } from '../checks/run.ts';
import { count } from '../numbers/format.ts';
import type { Check, Playbook } from '../playbook/playbook.ts';
import { formatDateTime } from '../time/format.ts';
import type { Card } from './card.ts';
import { askedBy } from './run-card.ts';
import { figuresOf, resultInWords, toneOf, verdictInWords, verdictWord, visible, worstFirst } from './run-words.ts';
import { shortDate, trendChart, trendInWords, varianceOf } from './trend.ts';

/** The newest runs, with the trend of the daily ones. `runs` newest first. */
export function historyCard(runs: readonly Run[], { timeZone }: Playbook): Card {
  const scheduled = runs.filter(({ slot }) => slot !== null);
  const chart = trendChart(scheduled, timeZone);
  return {
    title: runs.length === 0 ? 'No run yet' : `The last ${count(runs.length, 'run')}`,
    tone: 'neutral',
    summary: runs.length === 0 ? 'Nothing was compared yet.' : trendInWords(scheduled),
    body: [
      {
        kind: 'table',
        columns: [
          { label: 'When', align: 'left' },
          { label: 'Result', align: 'left' },
          { label: 'In words', align: 'left' },
          { label: 'Asked by', align: 'left' },
          { label: 'Run', align: 'left' },
        ],
        rows: runs.map((run) => [
          formatDateTime(new Date(run.startedAt), timeZone),
          verdictWord(run.state),
          resultInWords(run),
          askedBy(run.requestedBy),
          run.id,
        ]),
      },
      ...(chart === undefined ? [] : [chart]),
    ],
  };
}

/** One check over the newest runs that measured it. */
export function checkHistoryCard(
  check: Check,
  history: readonly { readonly run: Run; readonly findings: readonly Finding[] }[],
  { timeZone }: Playbook,
): Card {
  const rows = history.flatMap(({ run }) => {
    const result = run.checks.find((one) => one.check === check.name);
    if (result === undefined) return [];
    const [worst] = worstFirst(visible(result.findings));
    const figures = worst === undefined ? ['–', '–', '–'] : figuresOf(result, worst);
    const key = worst === undefined || result.kind === 'scalar' ? [] : [worst.key];
    return [[formatDateTime(new Date(run.startedAt), timeZone), ...key, ...figures, verdictInWords(result), run.id]];
  });
  const keyed = check.kind === 'scalar' ? [] : [{ label: 'Worst', align: 'left' as const }];
  const latest = history[0]?.run.checks.find((one) => one.check === check.name);
  return {
    title:
      rows.length === 0 ? `${check.title}: not measured yet` : `${check.title}: the last ${count(rows.length, 'run')}`,
    tone: latest === undefined ? 'neutral' : toneOf(latest.verdict),
    summary: `${check.title}: ${latest === undefined ? 'not measured yet' : `last ${verdictWord(latest.verdict)}`}.`,
    body: [
      {
        kind: 'table',
        columns: [
          { label: 'When', align: 'left' },
          ...keyed,
          { label: 'Legacy', align: 'right' },
          { label: 'New', align: 'right' },
          { label: 'Difference', align: 'right' },
          { label: 'Verdict', align: 'left' },
          { label: 'Run', align: 'left' },
        ],
        rows,
      },
      ...(history.length < 2
        ? []
        : [
            {
              kind: 'chart' as const,
              title: `${check.title}, variance`,
              unit: check.tolerance.unit,
              series: [
                {
                  name: check.title,
                  points: history
                    .toReversed()
                    .map(({ run }) => ({ label: shortDate(run, timeZone), value: varianceOf(run, check.name) })),
                },
              ],
              summary: `${check.title} over the last ${count(history.length, 'run')} that measured it.`,
            },
          ]),
    ],
  };
}
