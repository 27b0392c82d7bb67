import type { Card, CardElement, Span } from '../../src/core/cards/card.ts';
import { aCard } from '../support/fixtures.ts';

/** What somebody may type, or a system may hold, in the hope that it becomes something else. */
export const typed = [
  '<at>everyone</at>',
  '<!channel> <@U0ANA>',
  '[pay here](http://evil.example)',
  '**bold** _italic_ ~gone~ `code`',
  '# Heading',
  '1. one',
  '- item',
  '&lt;script&gt; &amp;',
  '<img src=x onerror=alert(1)>',
  '{{DATE(2026-03-02T12:00:00Z, SHORT)}} {{TIME(2026-03-02T12:00:00Z)}}',
  ':tada: @everyone www.evil.example',
  '=SUM(A1)',
  'one\ntwo\n\nthree',
] as const;

/** Text from other alphabets, with characters of several code points. */
export const scripts = [
  'שלום עולם: 12.5 % מתוך 100',
  'مرحبا بالعالم',
  '👩‍👩‍👧‍👦 🎉 e\u0301',
  '漢字かな交じり文',
] as const;

const spans = (text: string): readonly Span[] => [
  `${text} plain`,
  { bold: `${text} bold` },
  { code: `${text} code` },
  { person: 'nobody', name: `${text} name` },
];

/** Every kind of a part, with this text in every place that takes one, and the place's name after it. */
export function everywhere(text: string): CardElement[] {
  return [
    { kind: 'text', text: spans(`${text} text`) },
    { kind: 'note', text: spans(`${text} note`) },
    { kind: 'facts', facts: [{ label: `${text} label`, value: spans(`${text} fact`) }] },
    { kind: 'list', items: [spans(`${text} item`), `${text} last item`] },
    { kind: 'divider' },
    {
      kind: 'table',
      columns: columns(text, 3),
      rows: [[`${text} first cell`, '1', `${text} cell`]],
      omitted: `${text} omitted`,
    },
    { kind: 'chart', title: 'Trend', unit: '%', series: [{ name: 'a', points: points(3) }], summary: `${text} chart` },
    { kind: 'progress', done: 1, total: 3, label: `${text} progress` },
    { kind: 'buttons', buttons: [{ label: text, command: 'status', style: 'default' }, asking(`${text} question`)] },
  ];
}

const asking = (text: string) =>
  ({
    label: 'Go live',
    command: 'decision 1 approve',
    style: 'danger',
    confirm: { title: `${text} title`, text, confirm: 'Yes', deny: 'No' },
  }) as const;

const columns = (label: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({ label: `${label}${at}`, align: at % 2 ? 'right' : 'left' }) as const);

const points = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ label: `${at} Mar`, value: at % 4 === 3 ? null : String(at / 10) }));

const rows = (count: number, cells: number, cell = 'cell') =>
  Array.from({ length: count }, (_, row) => Array.from({ length: cells }, (_1, at) => `${cell} ${row}/${at}`));

/** Cards at and beyond every bound, by what they are. None of them is shown whole. */
export const overlongCards: Readonly<Record<string, Card>> = {
  'a table of a thousand rows': aCard({ body: [{ kind: 'table', columns: columns('c', 6), rows: rows(1_000, 6) }] }),
  'three hundred list items': aCard({
    body: [{ kind: 'list', items: Array.from({ length: 300 }, (_, at) => `item ${at} ${'word '.repeat(20)}`) }],
  }),
  'a thousand facts': aCard({
    body: [{ kind: 'facts', facts: Array.from({ length: 1_000 }, (_, at) => ({ label: `fact ${at}`, value: 'x' })) }],
  }),
  'a text of thirty thousand characters': aCard({ body: [{ kind: 'text', text: 'word '.repeat(6_000) }] }),
  'a text of thirty thousand emoji': aCard({ body: [{ kind: 'text', text: '😀'.repeat(30_000) }] }),
  'forty texts': aCard({ body: Array.from({ length: 40 }, () => ({ kind: 'text', text: 'word '.repeat(200) })) }),
  'a hundred buttons': aCard({
    body: [
      { kind: 'text', text: 'What is to be done?' },
      {
        kind: 'buttons',
        buttons: Array.from({ length: 100 }, (_, at) => ({
          ...asking('Really? '.repeat(30)),
          label: `Button ${at}`,
          command: `decision ${at} approve --reason "${'x'.repeat(1_800)}"`,
        })),
      },
    ],
  }),
  'everything at once': aCard({
    title: 'Verdict '.repeat(100),
    summary: 'Summary '.repeat(1_000),
    body: [
      ...everywhere('word '.repeat(400)),
      { kind: 'table', columns: columns('c', 9), rows: rows(120, 9, 'a longer cell') },
      ...everywhere('\u0634\u0648'.repeat(900)),
    ],
  }),
};

/** Cards with a hundred rows, narrow and wide. */
export const tallCards: Readonly<Record<string, Card>> = {
  'a narrow table of 100 rows': aCard({ body: [{ kind: 'table', columns: columns('c', 2), rows: rows(100, 2, 'r') }] }),
  'a wide table of 100 rows': aCard({ body: [{ kind: 'table', columns: columns('c', 5), rows: rows(100, 5, 'r') }] }),
};
