import { lessonsCard } from '../src/core/cards/lesson-card.ts';
import type { Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { nameOfLesson, searchLessons } from '../src/core/records/lesson.ts';

const usage = '[word…] [--share]';
const shown = 30;
const searched = 1_000;

/** The log of lessons learned (L144). */
export const lessons: Command = {
  name: 'lessons',
  usage,
  summary: 'Lists the lessons learned, or those with these words',
  examples: ['lessons', 'lessons usability'],

  async run({ prefix, arguments: typed }, { store }) {
    const hint = `${prefix} lessons ${usage}`;
    const { words, flags } = readArguments(typed, { flags: ['share'], words: 20, hint });
    const found = searchLessons(await store.transaction((tx) => tx.lessons.list(searched)), words);
    return {
      card: lessonsCard(found.slice(0, shown), Math.max(0, found.length - shown)),
      share: flags.has('share'),
      json: { lessons: found.map((one) => ({ ...one, name: nameOfLesson(one) })) },
    };
  },
};
