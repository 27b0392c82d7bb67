import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { commands } from '../commands/index.ts';
import type { CardElement } from '../src/core/cards/card.ts';
import type { Field } from '../src/core/form.ts';

/** How something goes where; where nothing is said, it works. What does not work says what to do instead. */
interface Ways {
  readonly slack?: string;
  readonly teams?: string;
  readonly terminal?: string;
}

const works = 'works';

/** Commands that do not work in the same way everywhere, by their names. */
export const exceptions: Readonly<Record<string, Ways>> = {
  answer: { terminal: 'works; an anonymous survey is answered in chat, where somebody can be kept anonymous' },
  codes: { terminal: 'ask in chat, where it is known who asks' },
  link: { terminal: 'ask in chat, where it is known who asks' },
  decision: { terminal: 'works, an answer with a one-time code: `codes` in chat gives them' },
  diff: {
    slack: 'works; rows never go to chat: `--rows` in a shell writes them',
    teams: 'works; rows never go to chat: `--rows` in a shell writes them',
  },
  export: {
    slack: 'works: the file comes into the channel',
    teams: '`parallel-run export` in a shell writes the file: in Teams, the bot hands over none',
    terminal: 'works: the file is written where the shell is',
  },
  home: {
    slack: 'works: opening the Home tab asks it',
    teams: 'works: a card in the chat with the bot, which is brought up to date',
    terminal: '`parallel-run status`: a shell has no Home',
  },
  incident: { terminal: 'works; a test alert is acknowledged in chat, as that it gets there is what it shows' },
  register: {
    teams: 'works; the lines of a CSV are pasted, as a form takes no file',
    terminal: 'works; the lines of a CSV are an option',
  },
};

/** What a card is made of. */
const elements: Readonly<Record<CardElement['kind'], Ways>> = {
  text: {
    slack: 'works: people are mentioned, times are in the zone of whoever reads',
    teams: 'works: people are named, times are in the zone of whoever reads',
    terminal: 'works: people are named, times are in the zone of the playbook',
  },
  note: {},
  facts: {},
  list: {},
  table: {
    slack: 'works: the first of a message as a table, others and those of the Home tab as lines of text',
    teams: 'works: as a table where a telephone has room for it, otherwise as an entry for each row',
  },
  chart: {
    slack: 'works: two of a message as pictures, others and those of the Home tab in words',
    teams: 'works: as bars of text, with its meaning in words',
    terminal: 'works: as bars of text, with its meaning in words',
  },
  progress: {},
  buttons: {
    teams: 'works: a question before it is done is asked in the card',
    terminal: 'type the command that the button stands for',
  },
  divider: {},
};

/** What a form asks for. */
const fields: Readonly<Record<Field['kind'] | 'file', Ways>> = {
  text: {},
  choice: {},
  date: {},
  number: {},
  person: {
    teams: 'works: chosen where the members are known, otherwise typed',
    terminal: 'works: typed as in the playbook, such as `terminal:ana`',
  },
  file: {
    teams: 'paste its lines',
    terminal: 'give its lines as the option',
  },
};

/** Where something is said. */
const places: Readonly<Record<string, Ways>> = {
  'the command': {
    slack: '`/parallel check`',
    teams: '`@Parallel Run check`, or `check` in the chat with the bot',
    terminal: '`parallel-run check`',
  },
  'a form': {
    slack: 'works: as a modal',
    teams: 'works: as a card with inputs',
    terminal: 'give its fields as options of the same names',
  },
  'an answer in private': {
    slack: 'works: in the channel, for whoever asked',
    teams: 'works: in the chat with the bot, as a channel knows no private messages',
    terminal: 'works: on the screen',
  },
  'a card that changes': { terminal: 'ask again: what is on the screen stays as it was' },
};

/** What a message's shortcut does, by its callback in manifest.yml. */
const shortcuts: Readonly<Record<string, Ways>> = {
  discrepancy: {
    teams: 'copy the link of the message into `discrepancy`',
    terminal: '`parallel-run discrepancy --title "…" --link "…"`',
  },
  lesson: {
    teams: 'copy the link of the message into `lesson`',
    terminal: '`parallel-run lesson --learning "…" --link "…"`',
  },
};

/**
 * docs/parity.md: each command, part of a card, field and shortcut, in Slack, Teams and a terminal.
 * @throws where the Slack app has a shortcut of which nothing is said here.
 */
export function parityDocument(): string {
  return [
    '# The same everywhere',
    'What there is in Slack, in Teams and in a terminal; where something is not there, what to do instead. Written by ' +
      '"npm run generated" from `commands/`, the parts of cards and forms, and `manifest.yml`; don\'t change it by hand.',
    section('Commands', 'Command', commandRows()),
    section('Where it is asked and answered', 'What', Object.entries(places)),
    section('What a card is made of', 'Part', Object.entries(elements)),
    section('What a form asks for', 'Field', Object.entries(fields)),
    section("A message's shortcuts", 'Shortcut', shortcutRows()),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

type Row = readonly [what: string, ways: Ways];

const commandRows = (): Row[] =>
  commands
    .map(({ name }): Row => [`\`${name}\``, exceptions[name] ?? {}])
    .toSorted(([one], [other]) => (one < other ? -1 : 1));

function shortcutRows(): Row[] {
  const manifest = parse(readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8')) as {
    readonly features: { readonly shortcuts: readonly { readonly name: string; readonly callback_id: string }[] };
  };
  return manifest.features.shortcuts.map(({ name, callback_id: callback }): Row => {
    const ways = shortcuts[callback];
    if (ways === undefined) {
      throw new Error(`Say in scripts/parity-table.ts what to do in place of the shortcut "${callback}".`);
    }
    return [name, ways];
  });
}

function section(title: string, first: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ([what, { slack = works, teams = works, terminal = works }]) => `| ${what} | ${slack} | ${teams} | ${terminal} |`,
  );
  return `## ${title}\n\n| ${first} | Slack | Teams | Terminal |\n|---|---|---|---|\n${lines.join('\n')}`;
}
