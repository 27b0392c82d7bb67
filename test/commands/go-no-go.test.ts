import assert from 'node:assert/strict';
import { openingVote } from '../../schedules/opening-vote.ts';
import type { Criterion, Gate } from '../../src/core/playbook/team.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { anActor, aRun } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const ana = anActor({ user: 'U0ANA' });
const ben = anActor({ user: 'U0BEN' });
const file = thePlaybook({ START_DATE: '2026-11-09', PRODUCT_OWNER: 'slack:U0BEN' });
const noIncidents: Criterion = { name: 'incidents', kind: 'none', register: 'incidents', title: 'No incidents' };
const gates: Gate[] = ([1, 2, 3] as const).map((phase) => ({ phase, criteria: [noIncidents] }));
const playbook = { ...file, gates };

// Month 3, week 3 of a run from 9 November: 18 to 24 January; the end is 31 January.
const eve = '2027-01-18T04:59:59.000Z';
const midnight = '2027-01-18T05:00:00.000Z';

describe('The vote on GO or NO-GO', () => {
  const opened = shareStore(() => openEmbeddedStore());
  let count = 0;
  const at = (moment: string) => {
    const services = servicesOver(opened().store, { playbook });
    services.setTime(moment);
    return {
      services,
      look: () => opened().store.transaction((tx) => openingVote.look(tx, services)),
      say: async (words: string, actor = ana) => {
        await services.refresh();
        return (await ask(services, words, { actor, id: `vote-${(count += 1)}` })).answer;
      },
    };
  };
  const tx = opened;
  const decision = (number: number) => tx().store.transaction((one) => one.decisions.find(number));
  const message = async (key: string) => {
    const content = (await tx().store.transaction((one) => one.outbox.find(key)))?.message.content;
    return content?.kind === 'card' ? textOf(content.card) : undefined;
  };
  const incident = () =>
    tx().store.transaction((one) =>
      one.registers.save({ register: 'incidents', item: 'lost', cells: { 'what happened': 'x' } }),
    );
  const done = async () =>
    Object.fromEntries(
      (await tx().store.transaction((one) => one.tasks.latest())).map(({ task, state, evidence }) => [
        task,
        `${state}: ${evidence}`,
      ]),
    );

  it('cannot open early: the evidence is frozen at the end of month 3, week 2', async () => {
    assert.equal(await at(eve).look(), false);
    assert.match(
      (await at(eve).say('decision ask goNoGo')).card.title,
      /The vote opens on Mon 18 Jan 2027, not before/,
    );
    assert.equal(await at(midnight).look(), true);
    assert.equal(await at(midnight).look(), false);
    const opened = await decision(1);
    assert.equal(opened?.evidence.at, midnight);
    assert.equal(opened.decision.expiresAt, '2027-01-25T05:00:00.000Z');
    assert.match(
      (await message('decision/1/card')) ?? '',
      /Gate of phase 3.*GO or NO-GO: cut over to PlanWise Navigator\?/,
    );
  });
  it('keeps the evidence as it was frozen, whatever is on the table later', async () => {
    await at(midnight).look();
    const frozen = await tx().store.transaction((one) => one.decisions.evidence(1));
    await tx().store.transaction((one) => one.runs.save(aRun({ slot: midnight, startedAt: midnight })));
    await at(midnight).say('decision 1 go --seen 1');
    const evidence = await tx().store.transaction((one) => one.decisions.evidence(1));
    assert.equal(evidence.length, 2);
    assert.deepEqual(evidence[0], frozen[0]);
  });
  it('is GO when both owners say so, and one vote is not enough', async () => {
    await at(midnight).look();
    const { say } = at(midnight);
    assert.match((await say('decision 1 go --seen 1')).card.title, /^Decide until/);
    assert.match((await say('decision 1 go --seen 1', ben)).card.title, /\? GO$/);
    const tasks = await done();
    assert.equal(tasks['cutover-plan'], 'done: DEC-1: GO');
    assert.equal(tasks['extension'], 'done: DEC-1: GO, no extension');
  });
  it('is refused GO while a gate is not green, and can be NO-GO all the same', async () => {
    await incident();
    await at(midnight).look();
    const { say } = at(midnight);
    assert.match((await say('decision 1 go --seen 1')).card.title, /GO needs every gate green.*phase 1: 0 of 1 green/);
    assert.match((await say('decision 1 no-go --seen 1 --reason "Not ready"')).card.title, /\? NO-GO$/);
  });
  it('drafts what the stakeholders are told, and tells them nothing', async () => {
    await at(midnight).look();
    const { say } = at(midnight);
    await say('decision 1 no-go --seen 1 --reason "Not ready"', ben);
    const draft = await message('decision/1/notice');
    assert.match(draft ?? '', /Draft for the stakeholders: nobody was told yet.*stays official/);
    assert.equal((await done())['tell-stakeholders'], undefined);
  });
  it('asks after a NO-GO for how long: every date moves, the reviews are open again, and there is a new vote', async () => {
    await at(midnight).look();
    const { say } = at(midnight);
    await tx().store.transaction((one) =>
      one.tasks.add({
        task: 'risk-assessment',
        number: 1,
        state: 'done',
        by: 'x',
        byName: 'X',
        at: midnight,
        evidence: 'seen',
        people: null,
      }),
    );
    await say('decision 1 no-go --seen 1 --reason "Not ready"');
    assert.match((await say('decision 2')).card.title, /for how long is the parallel run extended/);
    const extended = await say('decision 2 4-weeks --seen 1');
    assert.match(extended.card.title, /\? 4 weeks$/);

    const later = at(midnight);
    const plan = await later.say('plan');
    assert.match(textOf(plan.card), /Mon 15 Feb 2027/);
    assert.match((await done())['risk-assessment'] ?? '', /^open: Extended by DEC-2/);
    assert.match((await later.say('decision ask goNoGo')).card.title, /The vote opens on Mon 15 Feb 2027, not before/);
    const again = at('2027-02-15T05:00:00.000Z');
    await again.services.refresh();
    assert.equal(await again.look(), true);
    assert.equal((await decision(3))?.decision.about, 'vote/2027-02-15');
  });
});
