import type { MetricState } from '../metrics/read-metrics.ts';
import type { Reading } from '../metrics/reading.ts';
import { decimal } from '../numbers/decimal.ts';
import { count } from '../numbers/format.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Metric } from '../playbook/team.ts';
import { rolesInWords } from '../roles.ts';
import type { Card, CardElement, Fact } from './card.ts';
import {
  againstBaseline,
  dayOf,
  figureInWords,
  metricsInWords,
  shortDayOf,
  statusWord,
  targetInWords,
  toBeDetermined,
  toneOfMetrics,
} from './metric-words.ts';

/** The document's table of success metrics (L136-L140). */
export function metricsCard(states: readonly MetricState[], playbook: Playbook): Card {
  const said = metricsInWords(states);
  return {
    title: states.length === 0 ? 'The playbook has no metrics' : `Metrics: ${said}`,
    tone: toneOfMetrics(states),
    summary:
      states.length === 0
        ? 'The playbook has no metrics.'
        : `Metrics: ${said}. ${states.map((state) => `${state.metric.title}: ${stateInWords(state, playbook)}`).join('; ')}.`,
    body:
      states.length === 0
        ? []
        : [
            {
              kind: 'table',
              columns: [
                { label: 'Metric', align: 'left' },
                { label: 'Target', align: 'right' },
                { label: 'Actual', align: 'right' },
                { label: 'Status', align: 'left' },
                { label: 'Date', align: 'left' },
              ],
              rows: states.map(({ metric, status, readings: [newest] }) => [
                metric.title,
                targetInWords(metric),
                newest === undefined ? toBeDetermined : figureInWords(newest.value, metric),
                statusWord(status),
                newest === undefined ? toBeDetermined : dayOf(newest, playbook),
              ]),
            },
            ...baselineNotes(states, playbook),
          ],
  };
}

function baselineNotes(states: readonly MetricState[], playbook: Playbook): CardElement[] {
  return states.flatMap(({ metric, readings: [newest], baseline }) =>
    newest === undefined || baseline === undefined
      ? []
      : [{ kind: 'note', text: `${metric.title}: ${againstBaseline(newest.value, baseline, metric, playbook)}.` }],
  );
}

/** One metric with its newest readings and how they went. `lead`: what was just done, before everything else. */
export function metricCard(state: MetricState, playbook: Playbook, lead?: string): Card {
  const { metric, status, readings } = state;
  const now = `${metric.title}: ${stateInWords(state, playbook)}`;
  return {
    title: lead ?? now,
    tone: status === 'no data' ? 'neutral' : toneOfMetrics([{ status }]),
    summary: `${lead === undefined ? '' : `${lead} `}${now}. Target ${targetInWords(metric)}.`,
    body: [
      { kind: 'facts', facts: factsOf(state, playbook) },
      ...(readings.length === 0 ? [] : [readingsTable(metric, readings, playbook)]),
      ...(readings.length < 2 ? [] : [readingsChart(metric, readings, playbook)]),
    ],
  };
}

/** "1.8 s, on target"; "stale: 1.8 s is of 12 Nov"; "no data yet". */
function stateInWords({ metric, status, readings: [newest] }: MetricState, playbook: Playbook): string {
  if (newest === undefined) return 'no data yet';
  const figure = figureInWords(newest.value, metric);
  if (status === 'stale') return `stale, ${figure} is of ${shortDayOf(newest, playbook)}`;
  return `${figure}, ${status === 'pass' ? 'on target' : 'not on target'}`;
}

function factsOf({ metric, status, readings: [newest], baseline }: MetricState, playbook: Playbook): Fact[] {
  return [
    { label: 'Target', value: targetInWords(metric) },
    { label: 'Actual', value: newest === undefined ? toBeDetermined : figureInWords(newest.value, metric) },
    { label: 'Status', value: statusWord(status) },
    { label: 'Date', value: newest === undefined ? toBeDetermined : dayOf(newest, playbook) },
    { label: 'Owner', value: rolesInWords([metric.owner], playbook) },
    { label: 'Readings', value: originOf(metric) },
    ...(metric.baseline ? [{ label: 'Baseline', value: baselineInWords(metric, newest, baseline, playbook) }] : []),
  ];
}

function baselineInWords(
  metric: Metric,
  newest: Reading | undefined,
  baseline: MetricState['baseline'],
  playbook: Playbook,
): string {
  if (baseline === undefined) return 'none accepted yet';
  const { reading } = baseline;
  if (newest === undefined || newest.key === reading.key) {
    return `${figureInWords(reading.value, metric)} of ${shortDayOf(reading, playbook)}`;
  }
  return `${figureInWords(newest.value, metric)}, ${againstBaseline(newest.value, baseline, metric, playbook)}`;
}

function originOf({ comparison, query, staleAfterHours }: Metric): string {
  const stale = `stale after ${count(staleAfterHours, 'hour')}`;
  if (comparison !== undefined) return `the share of rows that agree in ${comparison}, every daily run; ${stale}`;
  return query === undefined
    ? `reported; ${stale}`
    : `a query of the ${query.source} system, every daily run; ${stale}`;
}

function readingsTable(metric: Metric, readings: readonly Reading[], playbook: Playbook): CardElement {
  return {
    kind: 'table',
    columns: [
      { label: 'Date', align: 'left' },
      { label: 'Figure', align: 'right' },
      { label: 'From', align: 'left' },
      { label: 'Note', align: 'left' },
    ],
    rows: readings.map((reading) => [
      dayOf(reading, playbook),
      figureInWords(reading.value, metric),
      fromInWords(reading),
      reading.note,
    ]),
  };
}

function fromInWords({ recordedBy }: Reading): string {
  if (recordedBy.startsWith('slack:')) return 'told in Slack';
  if (recordedBy.startsWith('terminal:')) return 'told in a shell';
  return recordedBy === 'clock' ? 'daily run' : recordedBy;
}

function readingsChart(metric: Metric, readings: readonly Reading[], playbook: Playbook): CardElement {
  const [newest, before] = readings;
  const change = newest === undefined || before === undefined ? '' : changeInWords(newest, before, metric);
  return {
    kind: 'chart',
    title: metric.title,
    unit: metric.target.unit,
    series: [
      {
        name: metric.title,
        points: readings.toReversed().map((reading) => ({
          label: shortDayOf(reading, playbook),
          value: decimal(reading.value).round(6).toFixed(),
        })),
      },
    ],
    summary: `${metric.title}, the last ${count(readings.length, 'reading')}${change}.`,
  };
}

function changeInWords(newest: Reading, before: Reading, metric: Metric): string {
  const order = decimal(newest.value).cmp(decimal(before.value));
  const went = order === 0 ? 'the same as' : order > 0 ? 'up from' : 'down from';
  return `: ${figureInWords(newest.value, metric)}, ${went} ${figureInWords(before.value, metric)}`;
}
