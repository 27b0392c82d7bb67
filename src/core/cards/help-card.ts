import type { Command } from '../command.ts';
import type { Card, CardElement } from './card.ts';

/** Every command that people may type, in a line each. */
export function helpCard(commands: readonly Command[], prefix: string): Card {
  const listed = commands.filter(({ hidden }) => hidden !== true);
  return {
    title: 'What Parallel Run can do',
    tone: 'neutral',
    summary: `Commands: ${listed.map(({ name }) => name).join(', ')}.`,
    body: [
      {
        kind: 'facts',
        facts: listed.map(({ name, usage, summary }) => ({
          label: [prefix, name, usage].filter((word) => word !== '').join(' '),
          value: summary,
        })),
      },
      {
        kind: 'note',
        text: `${prefix} help <command> shows examples. Answers are private unless shared with --share.`,
      },
    ],
  };
}

export function commandHelpCard({ name, usage, summary, examples }: Command, prefix: string): Card {
  const line = (words: string): CardElement => ({ kind: 'text', text: [{ code: `${prefix} ${words}` }] });
  return {
    title: [prefix, name, usage].filter((word) => word !== '').join(' '),
    tone: 'neutral',
    summary,
    body: [{ kind: 'text', text: summary }, ...examples.map(line)],
  };
}

/** Words that could not be understood, and what to type instead. */
export function usageCard(message: string, hint: string): Card {
  return { title: message, tone: 'warning', summary: `${message} ${hint}`, body: [{ kind: 'text', text: hint }] };
}
