import assert from 'node:assert/strict';
import { sha256 } from '../../src/core/audit/audit.ts';
import { commands } from '../../commands/index.ts';
import { formFor } from '../../src/core/answer-request.ts';
import { anActor, aReading, aRequest, someMoment } from '../support/fixtures.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const paul = anActor({ user: 'U0PAUL', name: 'Paul' });
const petra = anActor({ user: 'U0PETRA', name: 'Petra' });
const close = 'task train-pilot-users --done --evidence "https://wiki.test/roster"';

describe('A task', () => {
  describe('closed by a form', () => {
    const form = async (words: string, actor = paul) => {
      const found = await formFor(aRequest({ words, actor }), commands, services());
      return found !== undefined && 'form' in found ? found.form.fields.map(({ name }) => name) : found?.refused.title;
    };
    it('is asked for its evidence, and for a number of people where there is one', async () => {
      assert.deepEqual(await form('task train-pilot-users --done'), ['evidence', 'people']);
      assert.deepEqual(await form('task train-pilot-users --reopen'), ['evidence']);
      assert.equal(await form('task train-pilot-users'), undefined);
      assert.equal(await form(close), undefined);
    });
    it('is asked of nobody who may not close it', async () =>
      assert.match(String(await form('task train-pilot-users --done', anActor())), /Only Project Manager/));
    it('is closed with what was filled in', async () => {
      await ask(services(), 'task train-pilot-users --done', {
        actor: paul,
        form: { evidence: 'The roster', people: '6' },
      });
      assert.deepEqual(
        (await history()).map(({ evidence, people }) => [evidence, people]),
        [['The roster', 6]],
      );
    });
  });

  let store = createFakeStore();
  beforeEach(() => {
    store = createFakeStore();
  });
  const playbook = thePlaybook({ PROJECT_MANAGER: 'slack:U0PAUL slack:U0PETRA', TECH_LEAD: 'slack:U0TIM' });
  const services = () => servicesOver(store, { playbook });
  const history = (name = 'train-pilot-users') => store.transaction((tx) => tx.tasks.history(name));

  describe('that keeps a metric as evidence', () => {
    const tim = anActor({ user: 'U0TIM', name: 'Tim' });
    const closing = () =>
      ask(services(), 'task full-load-test --done --evidence "https://wiki.test/load"', { actor: tim });
    const measured = (hours: number) =>
      store.transaction((tx) =>
        tx.metrics.add(aReading({ measuredAt: new Date(Date.parse(someMoment) - hours * 3_600_000).toISOString() })),
      );
    it('is not closed while it was never measured', async () => {
      assert.match(
        textOf((await closing()).answer.card),
        /Performance \(p95\) was never measured.*nothing was changed/,
      );
      assert.deepEqual(await history('full-load-test'), []);
    });
    it('is closed with its newest reading, while that is not stale', async () => {
      await measured(96);
      await closing();
      assert.deepEqual(
        (await history('full-load-test')).map(({ evidence }) => evidence),
        ['https://wiki.test/load (Performance (p95): 1.8 s, ✓ pass, measured on Thu 19 Nov 2026)'],
      );
    });
    it('is not closed with one that is stale', async () => {
      await measured(96.01);
      assert.match(textOf((await closing()).answer.card), /was measured on Thu 19 Nov 2026 last/);
      assert.deepEqual(await history('full-load-test'), []);
    });
  });

  it('is one of a list, a phase after the other, each with its state', async () => {
    const text = textOf((await ask(services(), 'task')).answer.card);
    assert.match(text, /Phase 1 \(Shadow Mode\)/);
    assert.match(text, /Train the pilot users"},": 1 day late, was due by Sun 22 Nov 2026 \(Project Manager\) /);
    assert.match(text, /Compare the outputs daily"},": by the bot/);
    assert.match(text, /Legacy decommission planning"},": no dates until a cutover is planned/);
  });

  it('is shown with who closes it, what is asked for, and what to type', async () => {
    const text = textOf((await ask(services(), 'task train-pilot-users')).answer.card);
    assert.match(text, /Project Manager",.*"person":"slack:U0PAUL"/);
    assert.match(text, /Link to the roster of who was trained/);
    assert.match(text, /5 to 10 people/);
    assert.match(text, /\/parallel task train-pilot-users --done --evidence .* --people 5/);
  });

  it('is closed by its owner with evidence: on record, in the audit, and shown so', async () => {
    const { answer } = await ask(services(), `${close} --people 7`, { actor: paul });
    assert.equal(answer.card.title, 'Train the pilot users: done by Paul on Mon 23 Nov 2026');
    const [change] = await history();
    assert.deepEqual(
      [change?.state, change?.by, change?.people, change?.evidence],
      ['done', 'slack:T0TEST/U0PAUL', 7, 'https://wiki.test/roster'],
    );
    assert.equal(store.audit[0]?.action, 'task.done');
    assert.equal(store.audit[0]?.subject, 'task/train-pilot-users');
    assert.equal(store.audit[0]?.details['evidenceSha256'], sha256('https://wiki.test/roster'));
    assert.match(
      textOf((await ask(services(), 'task train-pilot-users')).answer.card),
      /done by Paul, 7 people: https/,
    );
  });

  for (const [name, refused, accepted] of [
    ['train-pilot-users', [4, 11], [5, 10]],
    ['add-users', [19, 31], [20, 30]],
  ] as const) {
    for (const people of refused) {
      it(`${name} is not closed with ${people} people`, async () => {
        const { answer } = await ask(services(), `task ${name} --done --evidence x --people ${people}`, {
          actor: paul,
        });
        assert.match(answer.card.title, /outside of what is asked for/);
        assert.equal(answer.exitCode, 64);
        assert.deepEqual(await history(name), []);
      });
    }
    for (const people of accepted) {
      it(`${name} is closed with ${people} people`, async () => {
        await ask(services(), `task ${name} --done --evidence x --people ${people}`, { actor: paul });
        assert.equal((await history(name))[0]?.people, people);
      });
    }
  }

  it('is closed once: a second closing changes nothing and says who was first, and when', async () => {
    await ask(services(), `${close} --people 7`, { actor: paul });
    const { answer } = await ask(services(), `${close} --people 8`, { actor: petra });
    assert.equal(answer.card.title, 'Already done, by Paul on Mon 23 Nov 2026, 07:00. Nothing was changed');
    assert.equal((await history()).length, 1);
    assert.equal(store.audit.length, 1);
  });

  describe('for all users', () => {
    const closing = 'task training-complete --done --evidence "The roster"';
    const say = async (words: string) => (await ask(services(), words, { actor: paul })).answer.card.title;
    it('is not closed while one of them is missing, nor without saying of how many', async () => {
      assert.match(await say(`${closing} --people 39 --of 40`), /39 of 40 is not all of them/);
      assert.match(await say(`${closing} --people 40`), /Of how many/);
      assert.match(await say(`${closing} --people 0 --of 0`), /0 is outside/);
      assert.deepEqual(await history('training-complete'), []);
    });
    it('is closed when it is all of them, and keeps how many', async () => {
      await say(`${closing} --people 40 --of 40`);
      assert.equal((await history('training-complete'))[0]?.people, 40);
    });
  });
  it('that two people close at once is closed by one of them', async () => {
    const given = services();
    await Promise.all([
      ask(given, `${close} --people 7`, { actor: paul }),
      ask(given, `${close} --people 8`, { actor: petra, id: 'Ev0002' }),
    ]);
    assert.equal((await history()).length, 1);
    assert.equal(store.audit.length, 1);
  });

  it('is opened again with a reason, and then closed again; all of it stays on record', async () => {
    await ask(services(), `${close} --people 7`, { actor: paul });
    const again = await ask(services(), 'task train-pilot-users --reopen --evidence "two were missing"', {
      actor: petra,
    });
    assert.match(again.answer.card.title, /1 day late/);
    assert.equal(store.audit[1]?.action, 'task.reopened');
    await ask(services(), `${close} --people 9`, { actor: petra });
    assert.deepEqual(
      (await history()).map(({ state, number }) => [state, number]),
      [
        ['done', 1],
        ['open', 2],
        ['done', 3],
      ],
    );
    assert.match(
      textOf((await ask(services(), 'task train-pilot-users')).answer.card),
      /opened again by Petra: two were/,
    );
  });

  it('that is open is not opened again', async () => {
    const { answer } = await ask(services(), 'task train-pilot-users --reopen --evidence why', { actor: paul });
    assert.equal(answer.card.title, 'Already open. Nothing was changed');
    assert.equal(store.audit.length, 0);
  });

  it('is not closed by another role, who is told who may', async () => {
    const { answer } = await ask(services(), `${close} --people 7`);
    assert.match(answer.card.title, /Only Project Manager may close or reopen the task train-pilot-users/);
    assert.equal(answer.share, undefined);
    assert.deepEqual(await history(), []);
  });

  it('that the bot does is closed by nobody', async () => {
    const { answer } = await ask(services(), 'task compare-daily --done --evidence x');
    assert.match(answer.card.title, /the bot does this by itself/);
  });

  it('takes evidence of 2,000 characters, and no more', async () => {
    const typed = (length: number) => `task deploy-read-only --done --evidence ${'x'.repeat(length)}`;
    const actor = anActor({ user: 'U0TIM', name: 'Tim' });
    assert.match((await ask(services(), typed(2_001), { actor })).answer.card.title, /2001 characters/);
    await ask(services(), typed(2_000), { actor });
    assert.equal((await history('deploy-read-only')).length, 1);
  });

  for (const [words, expected] of [
    ['task train-pilot-users --done --people 7', /Evidence is missing/],
    ['task train-pilot-users --done --evidence " " --people 7', /Evidence is missing/],
    [close, /How many people\? Asked for are 5 to 10 people/],
    [`${close} --people seven`, /"seven" is not a number/],
    [`${close} --people 7.5`, /"7.5" is not a number/],
    [`${close} --reopen`, /not both at once/],
    ['task train-pilot-users --evidence x', /add --done, or --reopen/],
    ['task --done --evidence x', /Which task\?/],
    ['task feedback --done --evidence x --people 3', /No number of people is asked for/],
  ] as const) {
    it(`refuses "${words}"`, async () => {
      const { answer } = await ask(services(), words, { actor: paul });
      assert.match(answer.card.title, expected);
      assert.equal(answer.exitCode, 64);
      assert.equal(store.audit.length, 0);
    });
  }

  it('that there is not is answered with the one that was probably meant', async () =>
    assert.match(
      textOf((await ask(services(), 'task train-pilot-user')).answer.card),
      /Did you mean \/parallel task train-pilot-users\?/,
    ));
});

describe('The plan', () => {
  let store = createFakeStore();
  beforeEach(() => {
    store = createFakeStore();
  });

  it('says what is late, what is due, what comes next, and that legacy is official', async () => {
    const { answer } = await ask(servicesOver(store), 'plan');
    assert.equal(answer.card.title, '4 tasks late, 1 due · Phase 1 (Shadow Mode), week 3, day 15 of 84');
    const text = textOf(answer.card);
    assert.match(text, /Legacy is official/);
    assert.match(text, /No business decisions on the new system"},": due by Sun 6 Dec 2026/);
    assert.match(text, /Approve write access for pilot users"},": from Mon 7 Dec 2026/);
    assert.match(text, /Go\/no-go vote","value":"Mon 18 Jan 2027 to Sun 24 Jan 2027/);
    assert.match(text, /"command":"task train-pilot-users"/);
  });

  it('says how far each phase is, without what the bot does', async () => {
    const playbook = thePlaybook({ PROJECT_MANAGER: 'slack:U0PAUL' });
    const services = servicesOver(store, { playbook });
    await ask(services, `${close} --people 7`, { actor: paul });
    const { answer } = await ask(services, 'plan');
    assert.match(answer.card.title, /^3 tasks late, 1 due/);
    assert.match(textOf(answer.card), /"done":1,"total":5,"label":"Phase 1 \(Shadow Mode\), 3 more by the bot"/);
    assert.match(textOf(answer.card), /"label":"Before the cutover, no dates until a cutover is planned"/);
  });

  it('says that nothing is scheduled while the start date is not set', async () => {
    const services = servicesOver(store, { playbook: thePlaybook({ START_DATE: '' }) });
    const { answer } = await ask(services, 'plan');
    assert.equal(answer.card.title, 'The start date is not set: nothing is scheduled');
    assert.match(textOf(answer.card), /\/parallel start/);
    assert.match(textOf((await ask(services, 'task feedback')).answer.card), /the start date is not set/);
    assert.match(
      textOf((await ask(services, 'status')).answer.card),
      /"Tasks","value":"no dates: the start date is not set"/,
    );
  });

  it('follows a start date that was moved', async () => {
    const services = servicesOver(store);
    await ask(services, 'start 2026-11-16 --confirm');
    const { answer } = await ask(services, 'plan');
    assert.equal(answer.card.title, '4 tasks due · Phase 1 (Shadow Mode), week 2, day 8 of 84');
  });

  it('is private unless it is shared', async () => {
    assert.equal((await ask(servicesOver(store), 'plan')).answer.share, false);
    assert.equal((await ask(servicesOver(store), 'plan --share')).answer.share, true);
  });

  it('stands in the status, too, with names', async () => {
    const text = textOf((await ask(servicesOver(store), 'status')).answer.card);
    assert.match(text, /"label":"Tasks","value":"1 due \(No business decisions on the new system\), 4 late \(Deploy/);
  });
});
