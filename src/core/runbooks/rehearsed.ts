import type { Runbook, RunbookDefinition } from './runbook.ts';

const minute = 60_000;
const longest = 1_440;

/**
 * The definition with the times that its steps took in the newest rehearsal that was done: what was measured is a better
 * plan than what was guessed. A step that nobody began before it was done was not measured. `known`: the newest first.
 */
export function asRehearsed(definition: RunbookDefinition, known: readonly Runbook[]): RunbookDefinition {
  const rehearsal = known.find(
    ({ name, state, rehearsal: how }) => name === definition.name && how !== null && state === 'done',
  );
  if (rehearsal === undefined) return definition;
  const measured = (name: string): number | undefined => {
    const step = rehearsal.steps.find((one) => one.name === name);
    if (step?.startedAt == null || step.finishedAt === null) return undefined;
    const minutes = Math.ceil((Date.parse(step.finishedAt) - Date.parse(step.startedAt)) / minute);
    return minutes < 1 || minutes > longest ? undefined : minutes;
  };
  return {
    ...definition,
    steps: definition.steps.map((step) => ({ ...step, minutes: measured(step.name) ?? step.minutes })),
  };
}
