import { surveyCard } from '../cards/survey-card.ts';
import { recordReading } from './record-reading.ts';
import type { Place } from '../request.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { mayShow, nameOfSurvey, resultOf, type Survey, type SurveyResult } from '../surveys/survey.ts';
import { channelPlace, personPlace } from '../messages/place.ts';

type Context = Pick<Services, 'playbook' | 'clock' | 'deliveryClock'>;

export const subjectOfSurvey = ({ number }: Pick<Survey, 'number'>): string => `survey/${number}`;

/** Where its card hangs: in the channel, or with each of the people it asks. */
export function placesOfSurvey({ people }: Pick<Survey, 'people'>, playbook: Context['playbook']): Place[] {
  if (people.length === 0) {
    return [channelPlace(playbook.channels.reconciliation, playbook)];
  }
  // Whoever has no account in chat finds it in a shell.
  return people.flatMap((person) => personPlace(person, playbook) ?? []);
}

/** Brings every copy of a survey's card up to date. */
export async function showSurvey(tx: Transaction, survey: Survey, { playbook, deliveryClock }: Context): Promise<void> {
  const card = surveyCard(survey, resultOf(await tx.surveys.answers(survey.number)), playbook.timeZone);
  await tx.outbox.change(subjectOfSurvey(survey), card, deliveryClock.now());
}

/** Closes it: nothing can be changed any more, and of an anonymous one nobody can tell any more who answered what. */
export async function closeSurvey(tx: Transaction, survey: Survey, by: string, context: Context): Promise<Survey> {
  const at = context.clock.now().toISOString();
  await tx.surveys.close(survey.number, at);
  const closed = { ...survey, closedAt: at };
  await showSurvey(tx, closed, context);
  const result = resultOf(await tx.surveys.answers(survey.number));
  await readInto(tx, closed, result, by, context);
  await tx.audit.append({
    at,
    actor: by,
    action: 'survey.closed',
    subject: subjectOfSurvey(survey),
    details: { name: survey.name, answers: result.count },
  });
  return closed;
}

/** The mean is a reading of the metric that the playbook names (L51). */
async function readInto(
  tx: Transaction,
  survey: Survey,
  { mean, ...rest }: SurveyResult,
  by: string,
  context: Context,
): Promise<void> {
  const metric = context.playbook.surveys.find(({ name }) => name === survey.name)?.metric;
  if (metric === undefined || mean === null || !mayShow(survey, { mean, ...rest })) return;
  const at = context.clock.now().toISOString();
  const note = `${nameOfSurvey(survey)}, n = ${rest.count}`;
  await recordReading(tx, {
    key: `survey/${survey.number}`,
    metric,
    value: mean,
    measuredAt: at,
    recordedAt: at,
    recordedBy: by,
    note,
  });
}
