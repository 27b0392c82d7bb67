import { UsageError } from '../usage-error.ts';
import {
  isOpen,
  nameOfRunbook,
  neededBy,
  type Runbook,
  type Step,
  type StepState,
  stepTransitions,
} from './runbook.ts';

/** What is done with a runbook, or with one of its steps. */
export type Act =
  | StepAct
  | { readonly kind: 'undone'; readonly step: string; readonly evidence: string }
  | { readonly kind: 'pause' | 'abort'; readonly reason: string }
  | { readonly kind: 'resume' }
  | { readonly kind: 'move'; readonly minutes: number; readonly reason: string };

type StepAct =
  | { readonly kind: 'ready' | 'begin'; readonly step: string }
  | { readonly kind: 'done' | 'fail'; readonly step: string; readonly evidence: string };

const unchanged = 'Nothing was changed.';

/** The runbook after an act, at a time of its own clock. Throws UsageError for what its state or its order does not allow. */
export function actOn(runbook: Runbook, act: Act, { by, at }: { readonly by: string; readonly at: string }): Runbook {
  if (!isOpen(runbook)) {
    throw new UsageError(
      `${nameOfRunbook(runbook)} has ended: it is ${runbook.state}. ${unchanged}`,
      'Its card says how.',
    );
  }
  switch (act.kind) {
    case 'pause':
      refuseUnless(runbook, ['running'], 'paused');
      return { ...runbook, state: 'paused', reason: act.reason };
    case 'resume':
      refuseUnless(runbook, ['paused'], 'resumed');
      return { ...runbook, state: 'running', reason: '' };
    case 'move':
      refuseUnless(runbook, ['running', 'paused'], 'moved');
      return { ...runbook, movedMinutes: runbook.movedMinutes + act.minutes };
    case 'abort':
      refuseUnless(runbook, ['running', 'paused'], 'aborted');
      return ended({ ...runbook, state: 'aborting', reason: act.reason }, at);
    case 'undone':
      return undo(runbook, act.step, act.evidence, { by, at });
    case 'ready':
    case 'begin':
    case 'done':
    case 'fail':
      refuseUnless(runbook, ['running'], 'gone on with');
      return ended(change(runbook, act, { by, at }), at);
  }
}

function refuseUnless(runbook: Runbook, states: readonly Runbook['state'][], what: string): void {
  if (states.includes(runbook.state)) return;
  throw new UsageError(
    `${nameOfRunbook(runbook)} is ${runbook.state}: it can't be ${what}. ${unchanged}`,
    'Its card says what can be done.',
  );
}

const stateAfter: Readonly<Record<'begin' | 'done' | 'fail', StepState>> = {
  begin: 'running',
  done: 'done',
  fail: 'failed',
};

function change(runbook: Runbook, act: StepAct, { by, at }: { readonly by: string; readonly at: string }): Runbook {
  const step = stepOf(runbook, act.step);
  if (act.kind === 'ready') return replace(runbook, { ...step, readyBy: by });
  const missing = neededBy(runbook.definition, act.step).filter((name) => stepOf(runbook, name).state !== 'done');
  if (missing.length > 0) {
    const titles = missing.map((name) => titleOf(runbook, name));
    throw new UsageError(
      `Before it comes: ${titles.join(', ')}. ${unchanged}`,
      'Order beats the clock: no step is skipped.',
    );
  }
  const to = stateAfter[act.kind];
  if (!stepTransitions[step.state].includes(to)) {
    throw new UsageError(
      `${titleOf(runbook, act.step)} is ${step.state} already. ${unchanged}`,
      step.evidence === '' ? 'The card says what comes next.' : `On record is: ${step.evidence}`,
    );
  }
  return replace(runbook, {
    ...step,
    state: to,
    by,
    startedAt: step.startedAt ?? at,
    finishedAt: to === 'done' ? at : null,
    evidence: 'evidence' in act ? act.evidence : step.evidence,
  });
}

/** The last step that is done and has something to take back; undefined: nothing is left to take back. */
export function nextUndo({ definition, steps }: Runbook): Step | undefined {
  return steps.findLast(({ state }, index) => state === 'done' && definition.steps[index]?.undo !== '');
}

function undo(runbook: Runbook, name: string, evidence: string, { by, at }: { by: string; at: string }): Runbook {
  refuseUnless(runbook, ['aborting'], 'taken back');
  const next = nextUndo(runbook);
  if (next?.name !== name) {
    const first = next === undefined ? '' : titleOf(runbook, next.name);
    throw new UsageError(
      `Taken back in reverse order: first "${first}". ${unchanged}`,
      'Its card says what comes next.',
    );
  }
  return ended(replace(runbook, { ...next, state: 'undone', by, finishedAt: at, evidence }), at);
}

/** Over, where nothing is left: all steps are done, or all that was done is taken back. */
function ended(runbook: Runbook, at: string): Runbook {
  if (runbook.state === 'aborting') {
    return nextUndo(runbook) === undefined ? { ...runbook, state: 'aborted', endedAt: at } : runbook;
  }
  return runbook.steps.every(({ state }) => state === 'done') ? { ...runbook, state: 'done', endedAt: at } : runbook;
}

/** Throws UsageError for a name that is no step of it. */
export function stepOf(runbook: Runbook, name: string): Step {
  const step = runbook.steps.find((one) => one.name === name);
  if (step !== undefined) return step;
  const names = runbook.steps.map((one) => one.name).join(', ');
  throw new UsageError(`There is no step "${name}" in ${runbook.definition.title}. ${unchanged}`, `They are ${names}.`);
}

export function titleOf({ definition }: Runbook, name: string): string {
  return definition.steps.find((step) => step.name === name)?.title ?? name;
}

export function replace(runbook: Runbook, step: Step): Runbook {
  return { ...runbook, steps: runbook.steps.map((one) => (one.name === step.name ? step : one)) };
}
