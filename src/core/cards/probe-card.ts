import type { Playbook } from '../playbook/playbook.ts';
import type { Probe, ProbeFinding } from '../probes/probe.ts';
import type { Card, Tone } from './card.ts';

const kinds: Readonly<Record<Probe['kind'], string>> = {
  refused: 'a statement that must be refused',
  closed: 'a web address that must turn people away',
  checksum: 'a file that must stay as it is',
  alert: 'a test alert that must be acknowledged',
  checks: 'all checks on a complete batch',
};

const outcomes: Readonly<Record<ProbeFinding['verdict'], readonly [words: string, tone: Tone]>> = {
  pass: ['passes', 'good'],
  fail: ['fails', 'bad'],
  unknown: ['is not shown', 'warning'],
};

/** What a probe showed just now. */
export function probeCard({ title, kind }: Probe, { verdict, said }: ProbeFinding): Card {
  const [words, tone] = outcomes[verdict];
  const whole = `${title} ${words}`;
  return {
    title: whole,
    tone,
    summary: `${whole}: ${said}.`,
    body: [
      { kind: 'text', text: `${said}.` },
      { kind: 'note', text: `A probe: ${kinds[kind]}` },
    ],
  };
}

/** All probes, and what each of them closes. */
export function probesCard({ probes, tasks, runbooks }: Pick<Playbook, 'probes' | 'tasks' | 'runbooks'>): Card {
  const title = probes.length === 0 ? 'The playbook has no probes' : 'Probes: what the bot tries for itself';
  const closedBy = (name: string): string =>
    [
      ...tasks.filter(({ probe }) => probe === name).map((one) => one.title),
      ...runbooks.flatMap((one) =>
        one.steps
          .filter((step) => step.kind === 'probe' && step.probe === name)
          .map((step) => `${one.title}: ${step.title}`),
      ),
    ].join('; ') || 'nothing';
  return {
    title,
    tone: 'neutral',
    summary: `${title}.`,
    body:
      probes.length === 0
        ? []
        : [
            {
              kind: 'table',
              columns: ['Probe', 'What it is', 'What it closes'].map((label) => ({ label, align: 'left' })),
              rows: probes.map(({ name, title: of, kind }) => [`${of} (${name})`, kinds[kind], closedBy(name)]),
            },
            {
              kind: 'buttons',
              buttons: probes
                .slice(0, 5)
                .map(({ name, title: of }) => ({ label: `Try ${of}`, command: `probe ${name}`, style: 'default' })),
            },
          ],
  };
}
