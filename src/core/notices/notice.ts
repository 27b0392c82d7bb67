import type { Card, Span } from '../cards/card.ts';
import { type Decision, nameOfDecision } from '../decisions/decision.ts';
import { personSpan } from '../people.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { nameOfRunbook, type Runbook } from '../runbooks/runbook.ts';
import { formatDate, formatDateTime } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';

/** What stakeholders are to be told (L73, L129): a draft, until a person sends it. */
export interface Notice {
  /** What calls for it, as people name it: "DEC-3" or "R-2". */
  readonly name: string;
  /** Of its draft's message and of the audit: "decision/3/notice". */
  readonly subject: string;
  readonly title: string;
  /** As drafted; whoever sends it may change it. */
  readonly text: string;
  /** Whose people may send it: those who decided, and those who run the plan. */
  readonly roles: readonly string[];
}

/** Who sent it, and what they said. */
export interface Sent {
  /** As the audit names people. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly text: string;
}

/** What follows from the vote. */
export function noticeOfVote(decision: Decision & { readonly outcome: string }, playbook: Playbook): Notice {
  const { name, sources, timeZone } = playbook;
  const at = formatDate(localDate(new Date(decision.closedAt ?? decision.openedAt), timeZone));
  const systems = `switch ${name} from ${sources.legacy.title} to ${sources.new.title}`;
  return {
    name: nameOfDecision(decision),
    subject: `decision/${decision.number}/notice`,
    title: `${name}: what was decided`,
    text:
      decision.outcome === 'go'
        ? `On ${at} it was decided to ${systems}. Until the cutover, ${sources.legacy.title} stays official. The day and what it means for you follow.`
        : `On ${at} it was decided not to ${systems} yet. ${sources.legacy.title} stays official, both systems go on side by side, and there will be another vote.`,
    roles: sentBy('goNoGo', playbook),
  };
}

/** The first notice of a rollback, at its hour 0. */
export function noticeOfRollback(runbook: Runbook, playbook: Playbook): Notice {
  const { name, sources } = playbook;
  return {
    name: nameOfRunbook(runbook),
    subject: `runbook/${runbook.number}/notice`,
    title: `${name}: back to ${sources.legacy.title}`,
    text: `${sources.new.title} is taken out of use for now. ${sources.legacy.title} is primary for ${name}: please work there. We tell you more within a day.`,
    roles: sentBy('rollback', playbook),
  };
}

function sentBy(kind: 'goNoGo' | 'rollback', { decisions, plan }: Playbook): string[] {
  const deciding = decisions[kind]?.seats.flatMap(({ roles }) => roles) ?? [];
  return [...new Set([...deciding, ...plan.startedBy])];
}

/** What hangs before those who may send it; afterwards, who did. */
export function draftCard({ name, text }: Notice, sent: Sent | undefined, { timeZone }: Playbook): Card {
  if (sent !== undefined) {
    const at = formatDateTime(new Date(sent.at), timeZone);
    const by: Span[] = ['Sent by ', personSpan(sent.by), `, ${at}.`];
    const title = 'The stakeholders were told';
    return {
      title,
      tone: 'good',
      summary: `${title}, ${at}. ${sent.text}`,
      body: [
        { kind: 'text', text: sent.text },
        { kind: 'note', text: [`${name}. `, ...by] },
      ],
    };
  }
  const title = 'Draft for the stakeholders: nobody was told yet';
  return {
    title,
    tone: 'neutral',
    summary: `${title}. ${text}`,
    body: [
      { kind: 'text', text },
      {
        kind: 'buttons',
        buttons: [{ label: 'Send to the stakeholders', command: `notice ${name} send`, style: 'primary' }],
      },
      { kind: 'note', text: `${name}. A person sends it, changed as needed; until then nobody is told.` },
    ],
  };
}

/** What the stakeholders read. */
export function toldCard({ title }: Notice, { by, text }: Sent): Card {
  return {
    title,
    tone: 'neutral',
    summary: text,
    body: [
      { kind: 'text', text },
      { kind: 'note', text: ['From ', personSpan(by), '.'] },
    ],
  };
}
