import type { Score, Survey } from '../core/surveys/survey.ts';
import type { SurveyStore } from '../core/record-stores.ts';
import { toText } from './json.ts';
import { iso, isoOrNull, type Query } from './query.ts';

interface Row {
  number: string;
  name: string;
  title: string;
  question: string;
  anonymous: boolean;
  people: string[];
  opened_by: string;
  opened_at: Date;
  closes_at: Date;
  closed_at: Date | null;
}

export function surveyStore(query: Query): SurveyStore {
  const select = async (rest: string, values: readonly unknown[]): Promise<Survey[]> =>
    (await query<Row>(`select * from surveys ${rest}`, values)).rows.map(toSurvey);
  return {
    async open({ name, title, question, anonymous, people, openedBy, openedAt, closesAt }) {
      const { rows } = await query<{ number: string }>(
        `insert into surveys (name, title, question, anonymous, people, opened_by, opened_at, closes_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (name) where closed_at is null do nothing returning number`,
        [toText(name), toText(title), toText(question), anonymous, people, toText(openedBy), openedAt, closesAt],
      );
      return rows[0] === undefined ? undefined : Number(rows[0].number);
    },
    list: (limit) => select('order by number desc limit $1', [limit]),
    lock: async (number) => (await select('where number = $1 for update', [number]))[0],

    async answer(survey, { respondent, score, comment }) {
      await query(
        `insert into survey_answers (survey, respondent, score, comment) values ($1, $2, $3, $4)
         on conflict (survey, respondent) do update set score = excluded.score, comment = excluded.comment`,
        [survey, toText(respondent), score, toText(comment)],
      );
    },

    async answers(survey) {
      const { rows } = await query<{ respondent: string; score: Score; comment: string }>(
        'select respondent, score, comment from survey_answers where survey = $1 order by score, comment, respondent',
        [survey],
      );
      return rows;
    },

    async close(survey, at) {
      await query('update surveys set closed_at = $2 where number = $1 and closed_at is null', [survey, at]);
      await query(
        `update survey_answers set respondent = gen_random_uuid()::text
         where survey = $1 and exists (select from surveys where number = $1 and anonymous)`,
        [survey],
      );
    },
  };
}

function toSurvey(row: Row): Survey {
  const { opened_by: openedBy, opened_at: openedAt, closes_at: closesAt, closed_at: closedAt, ...rest } = row;
  return {
    ...rest,
    number: Number(row.number),
    openedBy,
    openedAt: iso(openedAt),
    closesAt: iso(closesAt),
    closedAt: isoOrNull(closedAt),
  };
}
