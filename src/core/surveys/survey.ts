import { decimal, quotientText } from '../numbers/decimal.ts';

/** A question of the playbook, put to a channel or to some people: 1 to 5, with an optional comment (L51, L66). */
export interface Survey {
  readonly number: number;
  /** Of the playbook, as are title, question and anonymity at that time. */
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly anonymous: boolean;
  /** Whom it asks, each by their one name (`personBehind`); empty: everybody in the channel. */
  readonly people: readonly string[];
  /** As the audit names people. */
  readonly openedBy: string;
  /** ISO 8601 UTC, like every time here. */
  readonly openedAt: string;
  /** Until then an answer can be given and changed. */
  readonly closesAt: string;
  readonly closedAt: string | null;
}

export type NewSurvey = Omit<Survey, 'number'>;

export const scores = [1, 2, 3, 4, 5] as const;
export type Score = (typeof scores)[number];

export interface SurveyAnswer {
  /**
   * Who answered: a person by their one name (`personBehind`); in an anonymous survey a keyed hash, which nobody can tie to a person
   * without the bot's own secret, and after its close nobody at all.
   */
  readonly respondent: string;
  readonly score: Score;
  /** At most 1,000 characters; may be empty. */
  readonly comment: string;
}

export interface SurveyResult {
  readonly count: number;
  /** An exact decimal cut for showing; null without an answer: no data. */
  readonly mean: string | null;
  /** How many gave 1, 2, 3, 4 and 5. */
  readonly distribution: readonly number[];
  /** What people wrote, as it was typed; in the order of the alphabet, so that it tells nothing of who answered when. */
  readonly comments: readonly string[];
}

export function resultOf(answers: readonly SurveyAnswer[]): SurveyResult {
  const sum = answers.reduce((total, { score }) => total + score, 0);
  return {
    count: answers.length,
    mean: quotientText(decimal(String(sum)), decimal(String(answers.length))) ?? null,
    distribution: scores.map((score) => answers.filter((answer) => answer.score === score).length),
    comments: answers
      .map(({ comment }) => comment.trim())
      .filter((comment) => comment !== '')
      .toSorted(),
  };
}

/** So few answers of an anonymous survey would tell who gave which. */
const fewest = 5;

/** Whether the result may be shown: of an anonymous survey only with five answers or more. */
export function mayShow({ anonymous }: Pick<Survey, 'anonymous'>, { count }: SurveyResult): boolean {
  return count > 0 && (!anonymous || count >= fewest);
}

/** As much of a result as may be told now: while an anonymous survey is open, each new answer would tell its own score. */
export function told(
  survey: Pick<Survey, 'anonymous' | 'closedAt'>,
  result: SurveyResult,
): SurveyResult | Pick<SurveyResult, 'count'> {
  const open = survey.anonymous && survey.closedAt === null;
  return open || !mayShow(survey, result) ? { count: result.count } : result;
}

/** "S-3". */
export const nameOfSurvey = ({ number }: Pick<Survey, 'number'>): string => `S-${number}`;
