import { type Lesson, nameOfLesson } from '../records/lesson.ts';
import { csvLine, csvOf } from './csv.ts';

const columns =
  'name date category learning action owner blocks_phase done_evidence discrepancy link recorded_by recorded_at'.split(
    ' ',
  );

/** Every lesson as CSV, in the order in which they are given. */
export function lessonsCsv(lessons: readonly Lesson[]): string {
  return csvOf(
    columns,
    lessons.map((one) =>
      csvLine([
        nameOfLesson(one),
        one.date,
        one.category,
        one.learning,
        one.action,
        one.owner ?? '',
        String(one.blocks ?? ''),
        one.done?.evidence ?? '',
        one.discrepancy === null ? '' : `D-${one.discrepancy}`,
        one.link ?? '',
        one.recordedBy,
        one.recordedAt,
      ]),
    ),
  );
}
