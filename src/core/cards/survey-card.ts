import { count, formatNumber } from '../numbers/format.ts';
import { mayShow, nameOfSurvey, scores, type Survey, type SurveyResult } from '../surveys/survey.ts';
import { formatDateTime } from '../time/format.ts';
import type { Card, CardElement, Span } from './card.ts';

/** A survey while it is open: the question with its five buttons; once it is closed: what came of it. */
export function surveyCard(survey: Survey, result: SurveyResult, timeZone: string): Card {
  const open = survey.closedAt === null;
  const title = `${survey.title}: ${open ? 'please answer' : resultInWords(survey, result)}`;
  const until: Span = {
    time: survey.closesAt,
    style: 'dateTime',
    fallback: formatDateTime(new Date(survey.closesAt), timeZone),
  };
  return {
    title,
    tone: 'neutral',
    summary: `${title}. ${survey.question}`,
    body: [
      { kind: 'text', text: [{ bold: survey.question }] },
      ...(open ? openElements(survey, until) : closedElements(survey, result)),
      {
        kind: 'note',
        text: `${nameOfSurvey(survey)}, ${survey.anonymous ? 'anonymous: no record ties a person to an answer' : 'with names'}, ${count(result.count, 'answer')}${open ? ' so far' : ''}`,
      },
    ],
  };
}

function openElements({ number }: Survey, until: Span): CardElement[] {
  return [
    { kind: 'text', text: ['1 is not at all, 5 is very much. Until ', until, ' an answer can be changed.'] },
    {
      kind: 'buttons',
      buttons: [
        ...scores.map((score) => ({
          label: String(score),
          command: `answer ${number} ${score}`,
          style: 'default' as const,
        })),
        { label: 'With a comment', command: `answer ${number}`, style: 'default' },
      ],
    },
  ];
}

function closedElements(survey: Survey, result: SurveyResult): CardElement[] {
  if (!mayShow(survey, result)) {
    return [
      { kind: 'text', text: result.count === 0 ? 'Nobody answered: no data.' : 'Fewer than five answers: not shown.' },
    ];
  }
  return [
    {
      kind: 'table',
      columns: [
        { label: 'Score', align: 'left' },
        { label: 'Answers', align: 'right' },
      ],
      rows: result.distribution.map((number, index) => [String(index + 1), String(number)]),
    },
    ...commentElements(result),
  ];
}

const commentsShown = 15;

function commentElements({ comments }: SurveyResult): CardElement[] {
  if (comments.length === 0) return [];
  const more = comments.length - commentsShown;
  return [
    { kind: 'text', text: [{ bold: 'What people wrote' }] },
    { kind: 'list', items: [...comments.slice(0, commentsShown), ...(more > 0 ? [`and ${more} more`] : [])] },
  ];
}

/** "mean 4.25 of 5 (n = 8)". */
export function resultInWords(survey: Survey, result: SurveyResult): string {
  if (!mayShow(survey, result) || result.mean === null) {
    return result.count === 0 ? 'no data' : 'closed with fewer than five answers';
  }
  return `mean ${formatNumber(result.mean, 4)} of 5 (n = ${result.count})`;
}

/** Every survey of the playbook with its newest result. */
export function surveysCard(
  declared: readonly { readonly name: string; readonly title: string }[],
  newest: ReadonlyMap<string, { readonly survey: Survey; readonly result: SurveyResult }>,
): Card {
  const open = [...newest.values()].filter(({ survey }) => survey.closedAt === null).length;
  const title = declared.length === 0 ? 'The playbook declares no surveys' : `${count(open, 'survey')} open`;
  return {
    title,
    tone: 'neutral',
    summary: `${title}.`,
    body:
      declared.length === 0
        ? []
        : [
            {
              kind: 'table',
              columns: [
                { label: 'Survey', align: 'left' },
                { label: 'State', align: 'left' },
                { label: 'Answers', align: 'right' },
                { label: 'Result', align: 'left' },
              ],
              rows: declared.map(({ name, title: of }) => {
                const found = newest.get(name);
                if (found === undefined) return [`${of} (${name})`, 'never asked', '0', 'no data'];
                const { survey, result } = found;
                const closed = survey.closedAt !== null;
                const words = closed ? resultInWords(survey, result) : 'after its close';
                return [`${of} (${name})`, closed ? 'closed' : 'open', String(result.count), words];
              }),
            },
          ],
  };
}
