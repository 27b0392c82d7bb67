import { readFileSync } from 'node:fs';
import { commands } from '../../commands/index.ts';
import { schedules } from '../../schedules/index.ts';
import { answerRequest, concludeAnswer } from '../../src/core/answer-request.ts';
import type { Card } from '../../src/core/cards/card.ts';
import type { Run } from '../../src/core/checks/run.ts';
import type { Answer, Call } from '../../src/core/command.ts';
import { followStartDate } from '../../src/core/phases/effective-playbook.ts';
import type { Playbook } from '../../src/core/playbook/playbook.ts';
import type { RunRequest, Services } from '../../src/core/services.ts';
import type { Store } from '../../src/core/store.ts';
import { dueNext } from '../../src/core/time/due-slots.ts';
import { readPlaybook } from '../../src/playbook/read.ts';
import { aRequest, aRun, someMoment } from './fixtures.ts';

const playbooks = new Map<string, Playbook>();

/** The default playbook, its settings as in the tests; START_DATE is two weeks before `someMoment`. It is read once. */
export function thePlaybook(environment: Readonly<Record<string, string>> = {}): Playbook {
  const key = JSON.stringify(environment);
  const playbook = playbooks.get(key) ?? readThePlaybook(environment);
  playbooks.set(key, playbook);
  return playbook;
}

function readThePlaybook(environment: Readonly<Record<string, string>>): Playbook {
  const settings = {
    LEGACY_DATABASE_URL: 'postgresql://localhost/legacy',
    NEW_DATABASE_PATH: 'planwise.duckdb',
    RECONCILIATION_CHANNEL: 'C0RECON',
    ALERTS_CHANNEL: 'C0ALERTS',
    START_DATE: '2026-11-09',
    DATA_OWNER: 'slack:U0ANA',
    ...environment,
  };
  const text = readFileSync(new URL('../../playbook.yml', import.meta.url), 'utf8');
  const read = readPlaybook(text, settings, '2026-11-23');
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.playbook;
}

export interface TestServices extends Services {
  /** Every run that was asked for. */
  readonly asked: RunRequest[];
  setTime(moment: string): void;
}

/** Services over a store, on a clock that stands, whose `measure` answers what it is given. */
export function servicesOver(
  store: Store,
  options: {
    playbook?: Playbook;
    measure?: (request: RunRequest) => Run | Promise<Run>;
    compareRows?: Services['compareRows'];
    readFrom?: Services['readFrom'];
    probe?: Services['probe'];
  } = {},
): TestServices {
  const effective = followStartDate(options.playbook ?? thePlaybook(), store);
  let now = new Date(someMoment);
  const clock = { now: () => now };
  const asked: RunRequest[] = [];
  return {
    get playbook() {
      return effective.playbook;
    },
    refresh: effective.refresh,
    store,
    clock,
    deliveryClock: clock,
    asked,
    nextDue: () => dueNext(schedules, effective.playbook, now),
    measure: async (request) => {
      asked.push(request);
      return (await options.measure?.(request)) ?? aRun({ slot: request.slot, requestedBy: request.requestedBy });
    },
    compareRows: options.compareRows ?? (() => Promise.reject(new Error('no rows are compared here'))),
    probe: options.probe ?? (() => Promise.reject(new Error('nothing is probed here'))),
    pdf: async ({ title }) => Buffer.from(`%PDF of ${title}`),
    placeInPdf: () => Promise.reject(new Error('no PDF is looked into here')),
    readFrom: options.readFrom ?? (() => Promise.reject(new Error('no system is asked here'))),
    outsider: async () => undefined,
    setTime: (moment) => {
      now = new Date(moment);
    },
  };
}

export interface Asked {
  readonly answer: Answer;
  readonly progress: readonly Card[];
  readonly failures: readonly unknown[];
}

/** Asks as a person in Slack (or as `actor`), and does what the answer writes. */
export async function ask(
  services: Services,
  words: string,
  { readFile, ...request }: Parameters<typeof aRequest>[0] & Pick<Partial<Call>, 'readFile'> = {},
): Promise<Asked> {
  const progress: Card[] = [];
  const failures: unknown[] = [];
  const asked = aRequest({ words, ...request });
  const answer = await answerRequest({
    request: asked,
    commands,
    services,
    progress: (card) => progress.push(card),
    ...(readFile === undefined ? {} : { readFile }),
    signal: new AbortController().signal,
    failed: (error) => failures.push(error),
  });
  const said = await services.store.transaction((tx) => concludeAnswer(tx, answer, asked));
  return { answer: said, progress, failures };
}

/** Everything that a card shows, as one text. */
export function textOf(card: Card): string {
  return JSON.stringify(card);
}
