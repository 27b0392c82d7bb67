import { surveyCard } from '../cards/survey-card.ts';
import type { Place } from '../request.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { resultOf, type Survey } from '../surveys/survey.ts';

type Context = Pick<Services, 'playbook' | 'clock' | 'deliveryClock'>;

export const subjectOfSurvey = ({ number }: Pick<Survey, 'number'>): string => `survey/${number}`;

export function placeOfSurvey({ channels }: Context['playbook']): Place {
  return { platform: 'slack', channel: channels.reconciliation, visibility: 'channel' };
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
  const { count } = resultOf(await tx.surveys.answers(survey.number));
  await tx.audit.append({
    at,
    actor: by,
    action: 'survey.closed',
    subject: subjectOfSurvey(survey),
    details: { name: survey.name, answers: count },
  });
  return closed;
}
