import type { Card, CardElement } from '../../src/core/cards/card.ts';
import type { Log } from '../../src/core/log.ts';
import type { Claim, Content } from '../../src/core/messages/message.ts';
import type { Place } from '../../src/core/request.ts';

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export function card(body: readonly CardElement[] = [], more: Partial<Card> = {}): Card {
  return {
    title: 'All 5 checks pass',
    tone: 'good',
    summary: 'All 5 checks pass on the batch of 2 March.',
    body,
    ...more,
  };
}

export interface ClaimParts {
  readonly content?: Content;
  readonly place?: Partial<Place>;
  readonly externalId?: string | null;
  readonly parentExternalId?: string | null;
  readonly key?: string;
  readonly createdAt?: string;
}

/** A message in the dispatcher's hand. */
export function claimOf(parts: ClaimParts = {}): Claim {
  return {
    id: '1',
    message: {
      key: parts.key ?? 'run/20260302-abcde/digest',
      subject: 'run/20260302-abcde',
      place: { platform: 'slack', channel: 'C0RECONCILE', visibility: 'channel', ...parts.place },
      content: parts.content ?? { kind: 'card', card: card() },
    },
    version: 1,
    externalId: parts.externalId ?? null,
    parentExternalId: parts.parentExternalId ?? null,
    attempts: 0,
    search: false,
    createdAt: parts.createdAt ?? '2026-03-02T12:00:00.000Z',
    fence: 1,
    lane: 'slack/C0RECONCILE',
  };
}

export const chartElement: CardElement = {
  kind: 'chart',
  title: 'Variance of the last runs',
  unit: '%',
  series: [
    {
      name: 'Total compensation',
      points: [
        { label: '27 Feb', value: '0.05' },
        { label: '28 Feb', value: '0.06' },
        { label: '2 Mar', value: '0.08' },
      ],
    },
  ],
  summary: 'Total compensation rose from 0.05% to 0.08%.',
};

/** Resolves as soon as something holds that changes on its own; rejects after 10 s. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited 10 s in vain: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What is answered once a network that was taken away is back: connections of before are found broken one by one. */
export async function onceBack<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await send();
    if (!/could not be saved, so/.test(JSON.stringify(answer) ?? '')) return answer;
  }
}
