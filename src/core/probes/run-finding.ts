import type { Run } from '../checks/run.ts';
import type { ProbeFinding } from './probe.ts';

/** What a run of all checks shows: nothing, where its batch is not complete or something could not be measured. */
export function findingOf(run: Run): ProbeFinding {
  if (run.state === 'pass' || run.state === 'fail') return { verdict: run.state, said: run.id };
  const said = run.state === 'held' ? `held: ${run.batch.reasons.join(' ')}` : `${run.id} could not measure everything`;
  return { verdict: 'unknown', said };
}
