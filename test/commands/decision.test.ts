import assert from 'node:assert/strict';
import { commands } from '../../commands/index.ts';
import { pendingDecisions } from '../../schedules/pending-decisions.ts';
import { formFor } from '../../src/core/answer-request.ts';
import type { Playbook } from '../../src/core/playbook/playbook.ts';
import type { DecisionSettings } from '../../src/core/playbook/team.ts';
import type { Services } from '../../src/core/services.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aCheckResult, aFinding, anActor, aRequest, aRun, someMoment } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const eli = anActor({ user: 'U0ELI' });
const chen = anActor({ user: 'U0CHEN' });
const dana = anActor({ user: 'U0DANA' });
const ana = anActor({ user: 'U0ANA' });
const shell = anActor({ platform: 'terminal', workspace: '', user: 'eli' });

const file = thePlaybook({
  SECURITY_OFFICER: 'slack:U0ELI',
  TECH_LEAD: 'slack:U0CHEN',
  PROJECT_MANAGER: 'slack:U0DANA',
});

const playbookWith = (writeAccess: Partial<DecisionSettings>, more: Partial<Playbook> = {}): Playbook => ({
  ...file,
  ...more,
  decisions: { ...file.decisions, writeAccess: { ...file.decisions.writeAccess!, ...writeAccess } },
});

describe('A decision', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = (playbook = file) => servicesOver(opened().store, { playbook });
  let count = 0;
  const say = async (words: string, actor = dana, over: Services = services()) =>
    (await ask(over, words, { actor, id: `request-${(count += 1)}` })).answer;
  const asking = 'decision ask writeAccess --people "Fay" --until 2026-12-31';
  const tasks = () => opened().store.transaction((tx) => tx.tasks.latest());
  const actions = async () =>
    (await opened().owner<{ action: string }>('select action from audit order by sequence')).map(
      ({ action }) => action,
    );
  const fails = (id: string, variance: string) =>
    aRun({
      id,
      slot: someMoment,
      state: 'fail',
      checks: [aCheckResult({ verdict: 'fail', findings: [aFinding({ verdict: 'fail', variance })] })],
    });
  const store = (run = aRun()) => opened().store.transaction((tx) => tx.runs.save(run));

  it('is asked with what it is about, of whom, and until when', async () => {
    await store(fails('20261123-aaaaa', '0.4'));
    await say(asking);
    const row = await opened().store.transaction((tx) => tx.outbox.find('decision/1/card'));
    assert.equal(row?.message.place.channel, 'C0RECON');
    const text = row.message.content.kind === 'card' ? textOf(row.message.content.card) : '';
    assert.match(text, /Decide until Thu 26 Nov 2026, 07:00: Write access to PlanWise Navigator\?/);
    assert.match(text, /Whose access.*Fay/);
    assert.match(text, /Security Officer: .*not yet.*Tech Lead: .*not yet/);
    assert.match(text, /Reconciliation.*Employee Count failed/);
    assert.match(text, /Gate of phase 1/);
  });
  it('is read by whoever asked it in the channel alone: they are told where, until when and for whom it waits', async () => {
    const { card } = await say(asking);
    assert.equal(card.title, 'Asked in the reconciliation channel: Write access to PlanWise Navigator?');
    const text = textOf(card);
    assert.match(text, /DEC-1 can be decided there until Thu 26 Nov 2026, 07:00/);
    assert.match(text, /Waits for: .*Security Officer.*U0ELI.*Tech Lead.*U0CHEN/);
    assert.doesNotMatch(text, /On the table|"buttons"/);
  });
  it('is shown whole to whoever asked it in a shell, where no channel is', async () => {
    const { card } = await say(asking, shell, services(thePlaybook({ ANALYSTS: 'terminal:eli' })));
    assert.match(textOf(card), /Decide until .*On the table/);
  });
  it('is asked once: asking again shows the one that waits', async () => {
    await say(asking);
    const again = await say(asking, ana);
    assert.match(textOf(again.card), /DEC-1/);
    assert.equal((await opened().store.transaction((tx) => tx.decisions.list(10))).length, 1);
  });
  it('is made when each role has answered, closes its task, and has no buttons then', async () => {
    await say(asking);
    const first = await say('decision DEC-1 approve --seen 1', eli);
    assert.match(textOf(first.card), /Security Officer: .*Approve by .*U0ELI.*Tech Lead: .*not yet/);
    assert.deepEqual(await tasks(), []);
    const second = await say('decision 1 approve --seen 1 --reason "Fine with me"', chen);
    assert.match(second.card.title, /Write access to PlanWise Navigator\? Approve/);
    const text = textOf(second.card);
    assert.match(text, /Fine with me/);
    assert.doesNotMatch(text, /buttons/);
    assert.deepEqual(
      (await tasks()).map(({ task, state, evidence }) => [task, state, evidence]),
      [['approve-write-access', 'done', 'DEC-1: approved for Fay, until 2026-12-31']],
    );
    const row = await opened().store.transaction((tx) => tx.outbox.find('decision/1/card'));
    assert.match(row?.message.content.kind === 'card' ? row.message.content.card.title : '', /\? Approve$/);
    assert.deepEqual((await actions()).slice(0, 4), [
      'decision.asked',
      'decision.answered',
      'decision.answered',
      'decision.decided',
    ]);
  });
  it('is refused by one NO, which needs a reason', async () => {
    await say(asking);
    assert.match((await say('decision DEC-1 refuse --seen 1', eli)).card.title, /--reason: This is needed/);
    const answer = await say('decision DEC-1 refuse --seen 1 --reason "Not before the audit"', eli);
    assert.match(answer.card.title, /\? Refuse$/);
    assert.deepEqual(await tasks(), []);
  });
  it('is answered by nobody without the role, who is told in private who may', async () => {
    await say(asking);
    const answer = await say('decision DEC-1 approve --seen 1', ana);
    assert.match(answer.card.title, /Only Security Officer, Tech Lead may answer DEC-1/);
    assert.deepEqual([answer.share, answer.exitCode], [undefined, 64]);
  });
  it('is not answered by a guest or somebody whom Slack does not know, whatever the playbook says', async () => {
    await say(asking);
    const over = { ...services(), outsider: async () => 'Guests decide nothing.' };
    assert.match((await say('decision DEC-1 approve --seen 1', eli, over)).card.title, /Guests decide nothing/);
    assert.deepEqual(await actions(), ['decision.asked']);
  });
  it('counts a second click of the same person once, and tells a late one who decided', async () => {
    await say(asking);
    await say('decision DEC-1 approve --seen 1', eli);
    await say('decision DEC-1 approve --seen 1', eli);
    assert.deepEqual(await actions(), ['decision.asked', 'decision.answered']);
    await say('decision DEC-1 refuse --seen 1 --reason no', chen);
    assert.match((await say('decision DEC-1 approve --seen 1', eli)).card.title, /DEC-1 was decided on .*: Refuse/);
  });
  it('counts somebody with two roles and two accounts once', async () => {
    const playbook = playbookWith(
      {},
      {
        people: [{ name: 'Eli', accounts: ['slack:U0ELI', 'slack:U0ELI2'] }],
        roles: {
          ...file.roles,
          techLead: { title: 'Tech Lead', people: ['slack:U0ELI2', 'slack:U0CHEN'] },
        },
      },
    );
    const over = services(playbook);
    await say(asking, dana, over);
    await say('decision DEC-1 approve --seen 1', eli, over);
    const again = await say('decision DEC-1 approve --seen 1', anActor({ user: 'U0ELI2' }), over);
    assert.match(again.card.title, /^Decide until/);
    assert.match((await say('decision DEC-1 approve --seen 1', chen, over)).card.title, /\? Approve$/);
  });
  it('asks to look again when the evidence has changed: what was answered before does not count', async () => {
    await say(asking);
    await say('decision DEC-1 approve --seen 1', eli);
    await store(fails('20261123-bbbbb', '0.4'));
    const late = await say('decision DEC-1 approve --seen 1', chen);
    assert.match(late.card.title, /The evidence has changed since you looked: your answer was not counted/);
    assert.match(textOf(late.card), /confirm again:.*U0ELI/);
    // What is another than it was is named first.
    assert.match(
      JSON.stringify(late.card.body[0]),
      /"bold":"Reconciliation: ".*it was \\"[^"]+\\", and is \\"[^"]+\\"/,
    );
    assert.doesNotMatch(JSON.stringify(late.card.body[0]), /Open discrepancies/);
    assert.match((await say('decision DEC-1 approve --seen 2', chen)).card.title, /^Decide until/);
    assert.match((await say('decision DEC-1 approve --seen 2', eli)).card.title, /\? Approve$/);
  });
  it('takes a run that says the same as the one before for no change', async () => {
    await store(fails('20261123-bbbbb', '0.4'));
    await say(asking);
    await store({
      ...fails('20261124-ccccc', '0.4'),
      startedAt: '2026-11-24T12:00:00.000Z',
      slot: '2026-11-24T12:00:00.000Z',
    });
    assert.match((await say('decision DEC-1 approve --seen 1', eli)).card.title, /^Decide until/);
    assert.deepEqual(await actions(), ['decision.asked', 'decision.answered']);
  });
  it('wants the evidence to be looked at first', async () => {
    await say(asking);
    const answer = await say('decision DEC-1 approve', eli);
    assert.match(answer.card.title, /Look at the evidence first/);
    assert.match(textOf(answer.card), /--seen 1/);
  });
  it('is answered in the order of its seats where the playbook says so', async () => {
    const over = services(playbookWith({ ordered: true }));
    await say(asking, dana, over);
    const early = await say('decision DEC-1 approve --seen 1', chen, over);
    assert.match(early.card.title, /not your turn yet: Security Officer answers first/);
    await say('decision DEC-1 approve --seen 1', eli, over);
    assert.match((await say('decision DEC-1 approve --seen 1', chen, over)).card.title, /\? Approve$/);
  });
  it('shows no answer of a sealed ballot before all are in, and then dissent first', async () => {
    const over = services(playbookWith({ sealed: true, reason: 'never' }));
    await say(asking, dana, over);
    await say('decision DEC-1 approve --seen 1', eli, over);
    const shown = await say('decision DEC-1', dana, over);
    const seen = `${textOf(shown.card)} ${JSON.stringify(shown.json)} ${JSON.stringify(await opened().owner("select * from audit where action like 'decision%'"))}`;
    assert.match(seen, /Sealed ballot: 1 of 2 have answered/);
    assert.doesNotMatch(
      seen.replaceAll(/"rules":\{.*?\]\}|decision 1 (approve|refuse)/g, ''),
      /Approve by|"option":"approve"/,
    );
    const both = await say('decision DEC-1 refuse --seen 1', chen, over);
    assert.match(both.card.title, /\? Refuse$/);
    assert.match(textOf(both.card), /Refuse: .*U0CHEN.*Approve: .*U0ELI/);
  });
  it('is not answered by whoever asked, where the playbook says so', async () => {
    const over = services(playbookWith({ excludesAsker: true }));
    await say(asking, eli, over);
    const answer = await say('decision DEC-1 approve --seen 1', eli, over);
    assert.match(answer.card.title, /Whoever asked does not answer/);
  });
  it('is delegated to somebody of the deputy role, and to nobody else', async () => {
    await say(asking);
    const wrong = await say('decision DEC-1 delegate --to slack:U0DANA --reason "Away"', eli);
    assert.match(wrong.card.title, /Only somebody of your role's deputy.*/);
    await say('decision DEC-1 delegate --to @U0CHEN --reason "Away"', eli);
    assert.match((await say('decision DEC-1 approve --seen 1', eli)).card.title, /You let slack:U0CHEN answer DEC-1/);
    // Chen stands in for the Security Officer, but counts once.
    assert.match((await say('decision DEC-1 approve --seen 1', chen)).card.title, /^Decide until/);
  });
  it('is withdrawn by whoever asked, and by nobody else', async () => {
    await say(asking);
    assert.match((await say('decision DEC-1 withdraw --reason x', eli)).card.title, /Only whoever asked DEC-1/);
    assert.match((await say('decision DEC-1 withdraw --reason "Too early"')).card.title, /\? Withdrawn$/);
    assert.match((await say('decision DEC-1 approve --seen 1', eli)).card.title, /DEC-1 has ended: it is withdrawn/);
  });
  it('is neither approved nor refused when its time is over, and reminds before', async () => {
    await say(asking);
    const over = services();
    const look = () => opened().store.transaction((tx) => pendingDecisions.look(tx, over));
    over.setTime('2026-11-25T17:59:00.000Z');
    assert.equal(await look(), false);
    over.setTime('2026-11-25T18:00:00.000Z');
    assert.equal(await look(), true);
    assert.equal(await look(), false);
    const reminder = await opened().store.transaction((tx) => tx.outbox.find('decision/1/card/reminder'));
    assert.equal(reminder?.message.parent, 'decision/1/card');
    over.setTime('2026-11-26T11:59:59.999Z');
    assert.equal(await look(), false);
    over.setTime('2026-11-26T12:00:00.000Z');
    assert.match(
      (await say('decision DEC-1 approve --seen 1', eli, over)).card.title,
      /The time to answer DEC-1 is over/,
    );
    assert.equal(await look(), true);
    assert.match((await say('decision DEC-1', dana, over)).card.title, /Expired: not decided/);
  });
  it('is made from a shell with a one-time code, once for each, when chat is down', async () => {
    await say(asking);
    const given = await say('codes', eli);
    const [code = '', other = ''] = textOf(given.card).match(/[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/g) ?? [];
    assert.match((await say('decision DEC-1 approve --seen 1', shell)).card.title, /--code: This is needed/);
    assert.match(
      (await say('decision DEC-1 approve --seen 1 --code AAAA-BBBB-CCCC', shell)).card.title,
      /unknown or used up/,
    );
    const answer = await say(`decision DEC-1 approve --seen 1 --code ${code.toLowerCase()}`, shell);
    assert.match(textOf(answer.card), /Approve by .*U0ELI/);
    await say(asking.replace('Fay', 'Gus'));
    const again = await say(`decision DEC-1 refuse --seen 1 --reason x --code ${code}`, shell);
    assert.match(again.card.title, /unknown or used up/);
    await say('codes', eli);
    const void_ = await say(`decision DEC-1 refuse --seen 1 --reason x --code ${other}`, shell);
    assert.match(void_.card.title, /unknown or used up/);
    assert.doesNotMatch(JSON.stringify(await opened().owner('select * from one_time_codes')), new RegExp(code));
  });
  it('asks in a form for what an answer needs, and for nothing where it needs nothing', async () => {
    await say(asking);
    const found = async (words: string) => formFor(aRequest({ words, actor: eli }), commands, services());
    assert.equal(await found('decision 1 approve --seen 1'), undefined);
    const form = await found('decision 1 refuse --seen 1');
    assert.deepEqual(form !== undefined && 'form' in form ? form.form.fields.map(({ name }) => name) : [], ['reason']);
    const asked = await found('decision ask writeAccess');
    assert.deepEqual(asked !== undefined && 'form' in asked ? asked.form.fields.map(({ name }) => name) : [], [
      'people',
      'until',
    ]);
  });
  it('lets the task that follows be closed only once it is made', async () => {
    const closing = 'task enable-write-access --done --evidence "Fay has it"';
    assert.match((await say(closing, chen)).card.title, /Before it: Approve write access for pilot users/);
    const byHand = await say('task approve-write-access --done --evidence x', eli);
    assert.match(byHand.card.title, /this is decided, not closed/);
    await say(asking);
    await say('decision DEC-1 approve --seen 1', eli);
    await say('decision DEC-1 approve --seen 1', chen);
    assert.equal((await say(closing, chen)).exitCode, undefined);
  });
});
