/** Something that the team learned (L144), written down for good. */
export interface Lesson {
  /** What people call it: number 3 is "L-3". */
  readonly number: number;
  /** yyyy-mm-dd, the day that it is about. */
  readonly date: string;
  /** One of the playbook's at that time, such as "Data Quality". */
  readonly category: string;
  readonly learning: string;
  /** What is done about it; empty when nothing is. */
  readonly action: string;
  /** A role of the playbook; null when nobody owns the action. */
  readonly owner: string | null;
  /** Where it was said; null when nowhere. */
  readonly link: string | null;
  /** The number of the discrepancy that taught it; null when none did. */
  readonly discrepancy: number | null;
  /** The phase that is not left before the action is done; null: none. */
  readonly blocks: 1 | 2 | 3 | null;
  /** What was done about it; null while nothing was. */
  readonly done: LessonDone | null;
  /** Who wrote it down, as the audit names people. */
  readonly recordedBy: string;
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
}

export interface LessonDone {
  /** A text or a link, 1 to 2,000 characters. */
  readonly evidence: string;
  /** As the audit names people. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export type NewLesson = Omit<Lesson, 'number' | 'done'>;

/** "L-3". */
export const nameOfLesson = ({ number }: Pick<Lesson, 'number'>): string => `L-${number}`;

/** Those in which every one of these words stands somewhere, whatever its case; all for no words. */
export function searchLessons(lessons: readonly Lesson[], words: readonly string[]): Lesson[] {
  const wanted = words.map((word) => word.toLowerCase());
  return lessons.filter((lesson) => {
    const text = [nameOfLesson(lesson), lesson.date, lesson.category, lesson.learning, lesson.action]
      .join('\n')
      .toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
