import type { Run } from '../checks/run.ts';
import { decimal } from '../numbers/decimal.ts';
import { count } from '../numbers/format.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Explanation, RowComparisonResult } from '../rows/result.ts';
import type { Card, CardElement } from './card.ts';
import { officialInWords } from './digest-card.ts';
import { causeInWords, explainedTitle, explanationInWords, type Noun } from './explanation-words.ts';
import { nounOf, rowsInWords } from './rows-words.ts';
import { differenceInWords } from './run-words.ts';

export interface ExplanationContext {
  readonly playbook: Playbook;
  /** False: also amounts of few people, for the operator's own terminal. */
  readonly chat: boolean;
  /** Only this check's; undefined: every check's, and what else differs among the rows. */
  readonly check?: string;
}

const findingsShown = 6;
const causesShown = 6;

/** What explains the variance of a run's failed checks, and why rows do not agree; undefined where all agree. */
export function explanationCard(run: Run, context: ExplanationContext): Card | undefined {
  const { playbook } = context;
  const { title, elements } = explanationOf(run, context);
  if (elements.length === 0) return undefined;
  return {
    title,
    tone: 'neutral',
    summary: `${playbook.name}, run ${run.id}: ${title}.`,
    body: [
      { kind: 'text', text: [{ bold: officialInWords(playbook) }] },
      ...elements,
      { kind: 'note', text: ['Run ', { code: run.id }, `, playbook ${run.playbookVersion}`] },
    ],
  };
}

/** The same as part of another card; no elements where all agree. */
export function explanationOf(
  run: Run,
  { playbook, chat, check }: ExplanationContext,
): { readonly title: string; readonly elements: readonly CardElement[] } {
  const explained = run.comparisons.flatMap((comparison) =>
    comparison.explanations
      .filter((one) => check === undefined || one.check === check)
      .map((explanation) => ({ explanation, noun: nounOf(comparison, playbook) })),
  );
  const rows = check === undefined ? run.comparisons.filter(({ causes }) => causes.length > 0) : [];
  const ordered = explained.toSorted(
    (one, other) =>
      placeOf(one.explanation, run) - placeOf(other.explanation, run) ||
      sizeOf(other.explanation).cmp(sizeOf(one.explanation)),
  );
  const left = ordered.length - findingsShown;
  const elements: CardElement[] = [
    ...mostTelling(ordered).flatMap(({ explanation, noun }) => explanationElements(explanation, noun, run, chat)),
    ...(left > 0 ? [{ kind: 'note' as const, text: `${count(left, 'more finding')} not shown here.` }] : []),
    ...rows.flatMap((comparison): CardElement[] => {
      const noun = nounOf(comparison, playbook);
      return [{ kind: 'text', text: [{ bold: rowsInWords(comparison, noun) }] }, ...causeElements(comparison, noun)];
    }),
  ];
  const unexplained = check === undefined && elements.length > 0 ? unexplainedNotes(run, playbook) : [];
  return { title: titleOf(ordered.length, rows.length), elements: [...elements, ...unexplained] };
}

/** What is shown where there is too much: of every check the largest finding, then the second largest, and so on. */
function mostTelling<Explained extends { readonly explanation: Explanation }>(
  ordered: readonly Explained[],
): Explained[] {
  const rank = (one: Explained): number =>
    ordered.filter(({ explanation }) => explanation.check === one.explanation.check).indexOf(one);
  const shown = new Set(ordered.toSorted((one, other) => rank(one) - rank(other)).slice(0, findingsShown));
  return ordered.filter((one) => shown.has(one));
}

/** Failed checks of which nothing is said, and why. */
function unexplainedNotes(run: Run, playbook: Playbook): CardElement[] {
  return run.checks
    .filter(({ verdict }) => verdict === 'fail')
    .flatMap(({ check, title }) => {
      const why = whyUnexplained(run, check, playbook);
      return why === undefined ? [] : [{ kind: 'note' as const, text: `${title} failed as well. ${why}` }];
    });
}

/** Why a failed check is not explained by rows, in a sentence; undefined where it is. */
export function whyUnexplained({ comparisons }: Run, check: string, { checks }: Playbook): string | undefined {
  if (comparisons.some(({ explanations }) => explanations.some((one) => one.check === check))) return undefined;
  const declared = checks.find(({ name }) => name === check)?.explainedBy;
  if (declared === undefined) {
    return 'No rows explain it: the playbook names none for it (explainedBy). What rows differ is said by comparison.';
  }
  const compared = comparisons.find(({ comparison }) => comparison === declared.comparison);
  if (compared === undefined) return `No rows explain it: the run did not compare those of ${declared.comparison}.`;
  if (compared.verdict === 'error') return `No rows explain it: ${compared.title} could not be compared.`;
  return 'It failed in groups of fewer than five people alone, which are not broken out.';
}

function titleOf(explained: number, rows: number): string {
  if (explained === 0) return 'Why rows do not agree';
  return rows === 0 ? 'What explains the variance' : 'What explains the variance, and why rows do not agree';
}

/** The most severe checks first, in the order of the playbook. */
function placeOf({ check }: Explanation, { checks }: Run): number {
  const sorted = checks.toSorted((one, other) => one.severity - other.severity);
  return sorted.findIndex((one) => one.check === check);
}

const sizeOf = ({ difference }: Explanation) => decimal(difference).abs();

function explanationElements(explanation: Explanation, noun: Noun, run: Run, chat: boolean): CardElement[] {
  const check = run.checks.find((one) => one.check === explanation.check);
  const growth = check?.kind === 'growth';
  const finding = check?.findings.find(({ key }) => key === explanation.key);
  const size = finding === undefined ? [] : [`: ${differenceInWords(finding)}`];
  return [
    { kind: 'text', text: [{ bold: explainedTitle(explanation, run.checks) }, ...size] },
    { kind: 'list', items: explanationInWords(explanation, noun, chat, growth ? ' points' : '') },
  ];
}

/** Why the rows of a comparison do not agree, most rows first; nothing where all agree. */
export function causeElements(comparison: RowComparisonResult, noun: Noun): CardElement[] {
  const { causes } = comparison;
  if (causes.length === 0) return [];
  const left = causes.length - causesShown;
  return [
    {
      kind: 'list',
      items: [
        ...causes.slice(0, causesShown).map((cause) => causeInWords(cause, noun)),
        ...(left > 0 ? [count(left, 'more cause')] : []),
        ...(comparison.unread > 0
          ? [
              `${count(comparison.unread, 'more', 'more')} that differ were counted by their hashes alone: these causes are of an even sample`,
            ]
          : []),
      ],
    },
  ];
}
