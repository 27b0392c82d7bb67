import { decimal } from '../numbers/decimal.ts';
import { list, type Raw, type Remark, record, takenName, unknownComparison, unknownRole } from './remarks.ts';

const sources = ['comparison', 'query', 'reported'] as const;

/** What must hold within and around `metrics`, beyond their form. */
export function metricProblems(metrics: readonly unknown[], roles: Raw, comparisons: readonly unknown[]): Remark[] {
  return metrics.flatMap((given, index) => {
    const metric = record(given);
    const at = (...rest: string[]): (string | number)[] => ['metrics', index, ...rest];
    return [
      ...takenName(metrics, index, 'metric').map((message) => ({ path: at('name'), message })),
      ...unknownRole(metric['owner'], roles).map((message) => ({ path: at('owner'), message })),
      ...unknownComparison(metric['comparison'], list(comparisons)).map((message) => ({
        path: at('comparison'),
        message,
      })),
      ...sourceProblems(metric).map((message) => ({ path: at(), message })),
      ...(metric['baseline'] === true && metric['comparison'] !== undefined
        ? [{ path: at('baseline'), message: 'the share of rows that agree has no baseline' }]
        : []),
      ...boundProblems(metric).map((message) => ({ path: at('minimum'), message })),
    ];
  });
}

/** Where its readings come from is said once. */
function sourceProblems(metric: Raw): string[] {
  const said = sources.filter((source) => metric[source] !== undefined);
  if (said.length === 1) return [];
  const found = said.length === 0 ? 'has none of them' : `has ${said.join(' and ')}`;
  return [`must have one of comparison, query and reported; it ${found}`];
}

function boundProblems({ minimum, maximum }: Raw): string[] {
  const number = /^-?\d+(\.\d+)?$/;
  if (typeof minimum !== 'string' || typeof maximum !== 'string') return [];
  if (!number.test(minimum) || !number.test(maximum) || decimal(minimum).lt(decimal(maximum))) return [];
  return [`the minimum ${minimum} is not below the maximum ${maximum}`];
}
