import { count } from '../numbers/format.ts';
import { personSpan } from '../people.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { type Lesson, nameOfLesson } from '../records/lesson.ts';
import { formatDate } from '../time/format.ts';
import type { Card, Fact } from './card.ts';
import { roleTitle } from './people-words.ts';

/** One lesson, as it was written down. */
export function lessonCard(lesson: Lesson, playbook: Pick<Playbook, 'roles'>): Card {
  const title = `${nameOfLesson(lesson)}: ${lesson.category}`;
  const owner = lesson.owner === null ? undefined : roleTitle(lesson.owner, playbook);
  const facts: Fact[] = [
    { label: 'Date', value: formatDate(lesson.date) },
    ...(lesson.action === '' ? [] : [{ label: 'Action', value: lesson.action }]),
    ...(owner === undefined ? [] : [{ label: 'Owner', value: owner }]),
    ...(lesson.blocks === null ? [] : [{ label: 'Must be done', value: `before phase ${lesson.blocks} is left` }]),
    ...(lesson.done === null
      ? []
      : [{ label: 'Done', value: [personSpan(lesson.done.by), `: ${lesson.done.evidence}`] }]),
    ...(lesson.discrepancy === null ? [] : [{ label: 'Taught by', value: `D-${lesson.discrepancy}` }]),
    ...(lesson.link === null ? [] : [{ label: 'Where', value: lesson.link }]),
    { label: 'Written down by', value: [personSpan(lesson.recordedBy)] },
  ];
  return {
    title,
    tone: 'neutral',
    summary: `${title}. ${lesson.learning}`,
    body: [
      { kind: 'text', text: lesson.learning },
      { kind: 'facts', facts },
      ...(lesson.blocks === null || lesson.done !== null
        ? []
        : [
            {
              kind: 'buttons' as const,
              buttons: [
                { label: 'It is done', command: `lesson-done ${nameOfLesson(lesson)}`, style: 'primary' as const },
              ],
            },
          ]),
    ],
  };
}

/** Lessons as the log that they are (L144): date, category, learning, action. */
export function lessonsCard(lessons: readonly Lesson[], omitted: number): Card {
  const title = lessons.length === 0 ? 'No lessons' : count(lessons.length + omitted, 'lesson');
  return {
    title,
    tone: 'neutral',
    summary: `${title}${lessons[0] === undefined ? '' : `, the newest: ${lessons[0].learning}`}`,
    body:
      lessons.length === 0
        ? [{ kind: 'text', text: 'None is written down that fits.' }]
        : [
            {
              kind: 'table',
              columns: [
                { label: 'No.', align: 'left' },
                { label: 'Date', align: 'left' },
                { label: 'Category', align: 'left' },
                { label: 'Learning', align: 'left' },
                { label: 'Action', align: 'left' },
              ],
              rows: lessons.map((one) => [nameOfLesson(one), one.date, one.category, one.learning, one.action]),
              ...(omitted === 0 ? {} : { omitted: `${omitted} more, older ones` }),
            },
          ],
  };
}
