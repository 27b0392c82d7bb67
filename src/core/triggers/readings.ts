import type { Run } from '../checks/run.ts';
import { formatNumber, formatVariance } from '../numbers/format.ts';
import { type Decimal, decimal, hundred, varianceText } from '../numbers/decimal.ts';
import type { Baseline, Reading } from '../metrics/reading.ts';
import type { Metric } from '../playbook/team.ts';
import type { IntegrityProbe } from '../rows/result.ts';
import type { Threshold, TriggerReading } from './trigger.ts';

/**
 * The worst variance of the critical checks of a run (L120); undefined for one that was held, and where a critical check
 * was not asked for or could not be measured: that is no reading at all. Growth counts in points, not in percent.
 */
export function varianceReading(run: Run, threshold: Threshold): TriggerReading | undefined {
  const critical = run.checks.filter(({ critical: is, unit }) => is && unit === '%');
  if (run.state === 'held' || critical.length === 0 || critical.some(({ verdict }) => verdict === 'error'))
    return undefined;
  const [worst] = critical
    .flatMap(({ title, findings }) =>
      findings.flatMap(({ variance, suppressed }) => (variance === null ? [] : [{ title, variance, suppressed }])),
    )
    .toSorted((one, other) => decimal(other.variance).cmp(decimal(one.variance)));
  if (worst === undefined) return undefined;
  // Rounded up where it is stored, so that what is beyond a limit, however little, is never taken for within.
  const amount = worst.suppressed
    ? 'in a group of fewer than five people'
    : formatVariance(worst.variance, '%', threshold.above);
  return {
    source: `run/${run.id}`,
    at: run.startedAt,
    zone: zoneOf(decimal(worst.variance), hundred, threshold),
    figure: `${worst.title}: ${amount}`,
    limit: limitOf(threshold),
    command: `show ${run.id}`,
  };
}

/** How far a metric is above its accepted baseline (L122), by cross multiplication; undefined without one. */
export function degradationReading(
  reading: Reading,
  baseline: Baseline | undefined,
  metric: Metric,
  threshold: Threshold,
): TriggerReading | undefined {
  if (baseline === undefined) return undefined;
  const [value, base] = [decimal(reading.value), decimal(baseline.reading.value)];
  if (base.lte(0)) return undefined;
  const unit = metric.target.unit === '' ? '' : ` ${metric.target.unit}`;
  const above = value.minus(base).times(hundred);
  const times = formatVariance(varianceText(above.abs(), base) ?? '0', '%', threshold.above);
  return {
    source: `reading/${reading.key}`,
    at: reading.measuredAt,
    zone: zoneOf(above, base.times(hundred), threshold),
    // As it was measured: rounded, what is just beyond the limit would read as if it were at it.
    figure: `${metric.title}: ${reading.value}${unit}, ${times} ${above.lt(0) ? 'below' : 'above'} the baseline of ${baseline.reading.value}${unit}`,
    limit: limitOf(threshold),
    command: `metric ${metric.name}`,
  };
}

/** `part` of `whole`, in hundredths, against both limits. */
function zoneOf(part: Decimal, whole: Decimal, { above, clearsBelow }: Threshold): TriggerReading['zone'] {
  const scaled = part.times(hundred);
  if (scaled.gt(decimal(above).times(whole))) return 'above';
  return scaled.lt(decimal(clearsBelow).times(whole)) ? 'below' : 'between';
}

const limitOf = ({ above, readings }: Threshold): string =>
  `more than ${formatNumber(above)} %${readings === 1 ? '' : `, ${readings} readings running`}`;

/** What damage looks like in a run's comparisons of rows (L119); undefined where none looked for it. */
export function corruptionReading(run: Run): TriggerReading | undefined {
  const probes = run.comparisons.flatMap(({ title, integrity, verdict }) =>
    verdict === 'error' ? [] : integrity.map((probe) => ({ title, probe })),
  );
  if (run.state === 'held' || probes.length === 0) return undefined;
  const found = probes.filter(({ probe }) => probe.verdict === 'fail');
  return {
    source: `run/${run.id}`,
    at: run.startedAt,
    zone: found.length > 0 ? 'above' : 'below',
    figure:
      found.length === 0
        ? 'no damage found'
        : found.map(({ title, probe }) => `${title}: ${probeInWords(probe)}`).join('; '),
    limit: 'more than legacy has as well',
    command: `show ${run.id}`,
  };
}

function probeInWords({ probe, column, found }: IntegrityProbe): string {
  const counts = `${formatNumber(String(found.new))} in the new system, ${formatNumber(String(found.legacy))} in legacy`;
  switch (probe) {
    case 'repeatedKeys':
      return `rows whose key repeats, ${counts}`;
    case 'nullKeys':
      return `rows without a key, ${counts}`;
    case 'belowMinimum':
      return `${column ?? 'values'} below its minimum, ${counts}`;
    case 'rowsLost':
      return `rows lost since the last run, ${counts}`;
  }
}
