import type { CheckResult, Finding } from '../checks/run.ts';
import { type Decimal, decimal, decimalText, zero } from '../numbers/decimal.ts';
import type { Discrepancy } from './discrepancy.ts';

/** Exact decimals as text; `explained` and `leftOver` add up to `measured`. */
export interface ExplainedVariance {
  readonly check: string;
  /** How far the check's findings are off, without regard to sign. */
  readonly measured: string;
  readonly explained: string;
  readonly leftOver: string;
  /** Whose acceptances explain it, the first first. */
  readonly by: readonly Discrepancy[];
}

/**
 * How much of a check's differences accepted discrepancies account for. An acceptance never explains more than was
 * accepted, nor more than there is, nor a difference to the other side. The verdict stays on what was measured; what is
 * left over is what people look at. Groups that chat must not break out are left aside.
 */
export function explainedVariance(result: CheckResult, known: readonly Discrepancy[]): ExplainedVariance {
  const findings = result.findings.filter(({ difference, suppressed }) => difference !== null && !suppressed);
  const parts = findings.map((finding) => {
    const one = known.find(({ measured }) => measured?.check === result.check && measured.key === finding.key);
    return { one, off: decimal(finding.difference ?? '0').abs(), explained: explainedOf(finding, one) };
  });
  const sum = (of: (part: (typeof parts)[number]) => Decimal): Decimal =>
    parts.reduce((total, part) => total.plus(of(part)), zero);
  const measured = sum(({ off }) => off);
  const explained = sum((part) => part.explained);
  return {
    check: result.check,
    measured: decimalText(measured),
    explained: decimalText(explained),
    leftOver: decimalText(measured.minus(explained)),
    by: parts.flatMap((part) => (part.one !== undefined && part.explained.gt(0) ? [part.one] : [])),
  };
}

function explainedOf({ difference }: Finding, one: Discrepancy | undefined): Decimal {
  const accepted = one?.acceptance?.amount ?? null;
  if (one?.state !== 'explained' || accepted === null) return zero;
  const [off, amount] = [decimal(difference ?? '0'), decimal(accepted)];
  if (off.times(amount).lte(0)) return zero;
  return amount.abs().lt(off.abs()) ? amount.abs() : off.abs();
}
