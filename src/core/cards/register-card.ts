import { count } from '../numbers/format.ts';
import type { Register } from '../playbook/team.ts';
import { type Completeness, completenessOf, type RegisterItem } from '../registers/register.ts';
import type { Card } from './card.ts';

const shown = 60;

/** "48 of 50 complete, 2 with gaps"; "no data" while it is empty. */
export function completenessInWords({ items, complete, gaps }: Completeness): string {
  if (items === 0) return 'no data';
  return gaps.length === 0 ? `all ${items} complete` : `${complete} of ${items} complete, ${gaps.length} with gaps`;
}

/** One register: what has gaps first. */
export function registerCard(register: Register, items: readonly RegisterItem[]): Card {
  const completeness = completenessOf(register, items);
  const missing = new Set(completeness.gaps.map(({ item }) => item));
  const sorted = [...items.filter(({ item }) => missing.has(item)), ...items.filter(({ item }) => !missing.has(item))];
  const title = `${register.title}: ${completenessInWords(completeness)}`;
  return {
    title,
    tone: items.length === 0 ? 'neutral' : missing.size === 0 ? 'good' : 'warning',
    summary: `${title}.`,
    body: [
      {
        kind: 'table',
        columns: [register.title, ...register.columns].map((label) => ({ label, align: 'left' })),
        rows: sorted
          .slice(0, shown)
          .map(({ item, cells }) => [item, ...register.columns.map((column) => cells[column] ?? 'missing')]),
        ...(sorted.length <= shown ? {} : { omitted: count(sorted.length - shown, 'more line') }),
      },
      {
        kind: 'buttons',
        buttons: [{ label: 'Fill in', command: `register ${register.name} fill`, style: 'default' }],
      },
    ],
  };
}

/** Every register of the playbook, and how far it is filled. */
export function registersCard(
  registers: readonly { readonly register: Register; readonly completeness: Completeness }[],
): Card {
  const empty = registers.filter(({ completeness }) => completeness.items === 0).length;
  const gaps = registers.filter(({ completeness }) => completeness.gaps.length > 0).length;
  const complete = registers.length - empty - gaps;
  const title =
    registers.length === 0
      ? 'The playbook declares no registers'
      : `${count(registers.length, 'register')}: ${complete} complete, ${gaps} with gaps, ${empty} empty`;
  return {
    title,
    tone: gaps === 0 ? 'neutral' : 'warning',
    summary: `${title}.`,
    body:
      registers.length === 0
        ? []
        : [
            {
              kind: 'table',
              columns: [
                { label: 'Register', align: 'left' },
                { label: 'How far', align: 'left' },
                { label: 'Name', align: 'left' },
              ],
              rows: registers.map(({ register, completeness }) => [
                register.title,
                completenessInWords(completeness),
                register.name,
              ]),
            },
          ],
  };
}
