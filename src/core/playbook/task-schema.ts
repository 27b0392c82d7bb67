import { z } from 'zod';

const week = z.int().min(1).max(4);
const people = z.int().min(0).max(1_000_000);

/** The form of a task; `name`, `text` and `identifier` are those of the rest of the playbook. */
export function taskSchema({ name, text, identifier }: Record<'name' | 'text' | 'identifier', z.ZodString>) {
  return z.strictObject({
    name,
    title: text,
    phase: z
      .literal([1, 2, 3, 'beforeCutover', 'afterCutover'])
      .describe('1 to 3: four weeks each. The lists around the cutover have no dates until one is planned.'),
    weeks: z.tuple([week, week]).optional().describe('The first and last week within the phase; left out: all four'),
    owner: identifier.describe('A role of this playbook: only its people close the task'),
    evidence: text.describe('What is asked for when the task is closed, in words'),
    people: z
      .strictObject({ min: people.default(0), max: people.optional() })
      .optional()
      .describe('Closing asks for a number of people, within these limits'),
    kind: z.enum(['task', 'signOff', 'decision', 'automatic']).default('task').describe('automatic: done by the bot'),
  });
}
