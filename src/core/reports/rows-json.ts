import type { ExitCode } from '../command.ts';
import type { RowsCompared } from '../rows/compare-rows.ts';

/** What `--json` prints for a comparison of rows; docs/terminal.md describes it, and it only ever gains fields. */
export function rowsJson(compared: RowsCompared): unknown {
  const { batch } = compared;
  if (compared.state === 'held') return { state: 'held', batch };
  const { verdict, reason, ...result } = compared.result;
  return { state: verdict, reason, batch, ...result };
}

const exitCodes: Readonly<Record<string, ExitCode>> = { pass: 0, fail: 1, error: 2 };

export function rowsExitCode(compared: RowsCompared): ExitCode {
  return compared.state === 'held' ? 2 : (exitCodes[compared.result.verdict] ?? 2);
}
