import { type Discrepancy, nameOf } from '../records/discrepancy.ts';
import { csvLine, csvOf } from './csv.ts';

const columns =
  'name state severity owner assignee check key title description link reported_by first_seen_at opened_at due_at resolved_at occurrences last_run legacy new difference variance unit accepted_amount accepted_until accepted_by accepted_reason'.split(
    ' ',
  );

/** Everything on record as CSV; figures of fewer than five people are left out, as everywhere that leaves the store. */
export function discrepanciesCsv(all: readonly Discrepancy[]): string {
  return csvOf(
    columns,
    all.map((one) => csvLine(cellsOf(one))),
  );
}

function cellsOf(one: Discrepancy): string[] {
  const { measured, reported, acceptance } = one;
  const hidden = measured?.suppressed === true;
  const figure = (value: string | null | undefined): string => (hidden ? '' : (value ?? ''));
  return [
    nameOf(one),
    one.state,
    String(one.severity),
    one.owner,
    one.assignee ?? '',
    measured?.check ?? '',
    hidden ? 'small group' : (measured?.key ?? ''),
    reported?.title ?? '',
    reported?.description ?? '',
    reported?.link ?? '',
    reported?.by ?? '',
    one.firstSeenAt,
    one.openedAt,
    one.dueAt,
    one.resolvedAt ?? '',
    String(measured?.occurrences ?? ''),
    measured?.lastRun ?? '',
    figure(measured?.legacy),
    figure(measured?.new),
    figure(measured?.difference),
    figure(measured?.variance),
    measured?.unit ?? '',
    figure(acceptance?.amount),
    acceptance?.until ?? '',
    acceptance?.by ?? '',
    acceptance?.reason ?? '',
  ];
}
