import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pendingDecisions } from '../../../schedules/pending-decisions.ts';
import type { Decision, DecisionRecord, DecisionRules, EvidenceItem } from '../../../src/core/decisions/decision.ts';
import type { DecisionKind } from '../../../src/core/decisions/kind.ts';
import { writeAccess } from '../../../src/core/decision-kinds/write-access.ts';
import type { Playbook } from '../../../src/core/playbook/playbook.ts';
import { answerDecision, delegateAnswer } from '../../../src/core/reports/answer-decision.ts';
import { askDecision, endDecision, lockDecision } from '../../../src/core/reports/keep-decision.ts';
import { UsageError } from '../../../src/core/usage-error.ts';
import { createFakeStore } from '../../support/fake-store.ts';
import { later, someMoment } from '../../support/fixtures.ts';
import { servicesOver, thePlaybook } from '../../support/services.ts';

/*
 * Random people, roles, seats, orders, clicks, delegations, changes of the evidence and of the playbook, restarts and
 * time. What came of each decision is judged by what was clicked alone, by brute force.
 */

const people = ['a', 'b', 'c', 'd', 'e'].map((name) => `slack:U0${name.toUpperCase()}`);
const roleNames = ['first', 'second', 'deputies'] as const;

interface World {
  readonly roles: readonly (readonly number[])[];
  readonly seats: readonly { readonly roles: readonly number[]; readonly count: number }[];
  readonly ordered: boolean;
  readonly excludesAsker: boolean;
  readonly sealed: boolean;
  readonly steps: readonly Step[];
}

type Step =
  | {
      readonly kind: 'click';
      readonly who: number;
      readonly approve: boolean;
      readonly stale: boolean;
      readonly account: boolean;
    }
  | { readonly kind: 'delegate'; readonly from: number; readonly to: number }
  | { readonly kind: 'evidence' }
  | { readonly kind: 'roles'; readonly roles: readonly (readonly number[])[] }
  | { readonly kind: 'time'; readonly hours: number }
  | { readonly kind: 'withdraw' };

const someone = fc.nat(people.length - 1);
const roles = fc.tuple(...roleNames.map(() => fc.uniqueArray(someone, { maxLength: 3 }))) as fc.Arbitrary<
  (readonly number[])[]
>;
const world: fc.Arbitrary<World> = fc.record({
  roles,
  seats: fc.array(
    fc.record({
      roles: fc.uniqueArray(fc.nat(1), { minLength: 1, maxLength: 2 }),
      count: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  ordered: fc.boolean(),
  excludesAsker: fc.boolean(),
  sealed: fc.boolean(),
  steps: fc.array(
    fc.oneof(
      {
        weight: 12,
        arbitrary: fc.record({
          kind: fc.constant('click' as const),
          who: someone,
          approve: fc.integer({ min: 0, max: 9 }).map((roll) => roll > 0),
          stale: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
          account: fc.boolean(),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('delegate' as const), from: someone, to: someone }) },
      { weight: 1, arbitrary: fc.constant<Step>({ kind: 'evidence' }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('roles' as const), roles }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 8 }) }),
      },
      { weight: 1, arbitrary: fc.constant<Step>({ kind: 'withdraw' }) },
    ),
    { maxLength: 30 },
  ),
});

/** A playbook whose people all have a second account. */
function playbookOf(given: World['roles']): Playbook {
  const playbook = thePlaybookOnce();
  return {
    ...playbook,
    people: people.map((account) => ({ name: account, accounts: [account, second(account)] })),
    roles: Object.fromEntries(
      roleNames.map((name, index) => [
        name,
        {
          title: name,
          // By either account: it is the same person.
          people: (given[index] ?? []).map((who) => (who % 2 === 0 ? people[who]! : second(people[who]!))),
          ...(name === 'deputies' ? {} : { deputy: 'deputies' }),
        },
      ]),
    ),
    decisions: {},
  };
}
const second = (account: string): string => account.replace('slack:U0', 'terminal:');
let cached: Playbook | undefined;
const thePlaybookOnce = (): Playbook => (cached ??= thePlaybook());

/** Whether so many different people can take every place: tried in every way. */
function canFill(places: readonly (readonly string[])[], taken: readonly string[] = []): boolean {
  const [first, ...rest] = places;
  if (first === undefined) return true;
  return first.some((person) => !taken.includes(person) && canFill(rest, [...taken, person]));
}

describe('A decision, whatever happens in whatever order', function () {
  this.timeout(120_000);

  it('has no outcome below its quorum, by somebody who may not, or on other evidence than is on the table', () =>
    fc.assert(
      fc.asyncProperty(world, async (given) => {
        const store = createFakeStore();
        let hours = 0;
        let fact = 0;
        let current = given.roles;
        const kind: DecisionKind = {
          ...writeAccess,
          evidence: async (): Promise<EvidenceItem[]> => [
            { title: 'Fact', figure: String(fact), material: String(fact), command: null },
          ],
          decided: async () => undefined,
        };
        const services = () => {
          const all = servicesOver(store, { playbook: playbookOf(current) });
          all.setTime(later(hours * 3_600_000).toISOString());
          return all;
        };
        const asker = people[0]!;
        const rules = {
          seats: given.seats.map((seat) => ({ ...seat, roles: seat.roles.map((role) => roleNames[role]!) })),
          ordered: given.ordered,
          excludesAsker: given.excludesAsker,
          sealed: given.sealed,
          reason: 'never' as const,
        };
        await store.transaction((tx) =>
          askDecision(
            tx,
            kind,
            {
              about: 'it',
              proposal: {},
              question: 'Do it?',
              openedBy: 'x',
              asker,
              settings: { ...rules, hours: 24 },
              typed: null,
              channel: 'C0',
            },
            services(),
          ),
        );
        const read = () => store.transaction((tx) => lockDecision(tx, 1));
        /** What was clicked and taken: the newest of each person counts. */
        const clicks: { who: string; approve: boolean; fact: number }[] = [];
        const delegated: { from: string; to: string; role: string }[] = [];

        for (const step of given.steps) {
          const before = await read();
          if (step.kind === 'time') hours += step.hours;
          else if (step.kind === 'evidence') fact += 1;
          else if (step.kind === 'roles') current = step.roles;
          else {
            const result = await store
              .transaction(async (tx): Promise<DecisionRecord | 'not counted'> => {
                const locked = await lockDecision(tx, 1);
                if (step.kind === 'withdraw') {
                  if (locked.decision.state !== 'pending') throw new UsageError('ended', '');
                  return endDecision(tx, locked, { state: 'withdrawn', by: 'x', reason: 'so' }, kind, services());
                }
                if (step.kind === 'delegate') {
                  const [from, to] = [people[step.from]!, people[step.to]!];
                  return delegateAnswer(tx, locked, { from, to, reason: 'so', by: 'x' }, services());
                }
                const person = people[step.who]!;
                const seen = step.stale ? locked.decision.evidenceVersion - 1 : locked.decision.evidenceVersion;
                const option = step.approve ? 'approve' : 'refuse';
                const by = step.account ? person : second(person);
                const answer = { person, option, by, reason: '', typed: '', seen };
                const { what, record } = await answerDecision(tx, locked, answer, kind, services());
                return what === 'lookAgain' ? 'not counted' : record;
              })
              .catch((error: unknown) => {
                if (error instanceof UsageError) return undefined;
                throw error;
              });
            if (result !== undefined && result !== 'not counted') {
              if (step.kind === 'click') {
                clicks.push({ who: people[step.who]!, approve: step.approve, fact });
              }
              if (step.kind === 'delegate') {
                const last = result.delegations.at(-1);
                if (last !== undefined) delegated.push(last);
              }
            }
          }
          if (step.kind === 'time' || step.kind === 'evidence') {
            await store.transaction((tx) => lookWith(tx, kind, services()));
          }
          const after = await read();
          if (before.decision.state !== 'pending') {
            assert.deepEqual(after.decision, before.decision, 'what has ended stays as it is');
            continue;
          }
          judge(after.decision, { given, current, clicks, delegated, fact, hours, asker, rules });
        }
        const audited = store.audit.filter(({ action }) => /decision\.(decided|expired|withdrawn)/.test(action));
        assert.ok(audited.length <= 1, 'it ends once');
      }),
      { numRuns: 300 },
    ));
});

/** As the watch does, with the kind of this test. */
async function lookWith(
  tx: Parameters<typeof pendingDecisions.look>[0],
  kind: DecisionKind,
  services: Parameters<typeof pendingDecisions.look>[1],
): Promise<void> {
  const { expire, refreshEvidence } = await import('../../../src/core/reports/keep-decision.ts');
  for (const { number } of await tx.decisions.pending()) {
    const record = await refreshEvidence(tx, await lockDecision(tx, number), kind, services);
    await expire(tx, record, kind, services);
  }
}

interface Known {
  readonly given: World;
  readonly current: World['roles'];
  readonly clicks: readonly { who: string; approve: boolean; fact: number }[];
  readonly delegated: readonly { from: string; to: string; role: string }[];
  readonly fact: number;
  readonly hours: number;
  readonly asker: string;
  readonly rules: Pick<DecisionRules, 'seats'>;
}

/** Who may take a place of this role now. */
function mayFor(role: string, { current, delegated, given, asker }: Known): string[] {
  const members = (name: string): string[] =>
    (current[roleNames.indexOf(name as (typeof roleNames)[number])] ?? []).map((who) => people[who]!);
  const standing = delegated.filter(
    (one) => one.role === role && members(role).includes(one.from) && members('deputies').includes(one.to),
  );
  return [
    ...members(role).filter((who) => !standing.some(({ from }) => from === who)),
    ...standing.map(({ to }) => to),
  ].filter((who) => !given.excludesAsker || who !== asker);
}

function judge(decision: Decision, known: Known): void {
  const { clicks, fact, hours, given, rules } = known;
  const newest = clicks.filter(({ who }, index) => !clicks.slice(index + 1).some((later) => later.who === who));
  const valid = newest.filter(
    (click) =>
      click.fact === fact &&
      rules.seats.some((seat) => seat.roles.some((role) => mayFor(role, known).includes(click.who))),
  );
  const places = (approving: boolean): string[][] =>
    rules.seats.flatMap(({ roles: wanted, count }) => {
      const may = wanted.flatMap((role) => mayFor(role, known));
      const sitting = valid
        .filter(({ who, approve }) => may.includes(who) && (!approving || approve))
        .map(({ who }) => who);
      return Array.from({ length: count }, () => sitting);
    });
  if (decision.state === 'decided' && decision.outcome === 'approve') {
    assert.ok(canFill(places(true)), 'every seat approved, each by somebody else, on what is on the table');
  }
  if (decision.state === 'decided' && decision.outcome === 'refuse') {
    assert.ok(
      valid.some(({ approve }) => !approve),
      'somebody who may said no, on what is on the table',
    );
    if (given.sealed && hours < 24) assert.ok(canFill(places(false)), 'a sealed ballot is opened when all are in');
  }
  if (decision.state === 'expired') assert.ok(hours >= 24, `expired after ${hours} hours`);
  // Nothing that has to be decided is left lying: unordered ballots follow from the clicks alone.
  if (decision.state === 'pending' && !given.ordered && !given.sealed && hours < 24) {
    const roleChanged = given.steps.some(({ kind }) => kind === 'roles' || kind === 'delegate');
    if (!roleChanged) assert.ok(!canFill(places(true)) && valid.every(({ approve }) => approve), 'it would be decided');
  }
  assert.ok(Date.parse(decision.openedAt) === Date.parse(someMoment));
}
