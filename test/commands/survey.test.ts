import assert from 'node:assert/strict';
import { surveyClosing } from '../../schedules/survey-closing.ts';
import { homeCard } from '../../src/core/cards/overview-card.ts';
import { readOverview } from '../../src/core/reports/overview.ts';
import { resultOf, type Score } from '../../src/core/surveys/survey.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { anActor, later } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, type TestServices, thePlaybook } from '../support/services.ts';

const day = 86_400_000;
const people = ['U0ANA', 'U0BEN', 'U0CHEN', 'U0DANA', 'U0ELI'].map((user) => anActor({ user, name: user }));
const named = { name: 'pulse', title: 'Pulse', question: 'How is it?', anonymous: false, days: 7 };
const given = thePlaybook();
const asked = { ...named, name: 'leads', title: 'Leads', question: 'Are you ready?', roles: ['dataLead', 'security'] };
const person = (user: string): string => `slack:${user}`;
const playbook = {
  ...given,
  surveys: [...given.surveys, named, asked],
  people: [{ name: 'Ana', accounts: [person('U0ANA'), person('U0ANNA')] }],
  roles: {
    ...given.roles,
    dataLead: { title: 'Data lead', people: [person('U0ANA'), person('U0BEN')] },
    security: { title: 'Security', people: [person('U0BEN')] },
  },
};

describe('A survey', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const servicesAt = (milliseconds = 0): TestServices => {
    const services = servicesOver(opened().store, { playbook });
    services.setTime(later(milliseconds).toISOString());
    return { ...services, anonymous: (text) => `hash of ${Buffer.from(text).toString('hex')}` };
  };
  const answers = (survey = 1) => opened().store.transaction((tx) => tx.surveys.answers(survey));
  const answer = (actor: (typeof people)[number] | undefined, score: number | string, more = '', at = 0) =>
    ask(servicesAt(at), `answer S-1 ${score}${more}`, { actor: actor ?? anActor(), id: String(Math.random()) });
  const open = (name = 'satisfaction') => ask(servicesAt(), `survey ${name} open`);
  const shown = async (name = 'satisfaction', at = 0) =>
    textOf((await ask(servicesAt(at), `survey ${name}`)).answer.card);
  const look = (at: number) => {
    const services = servicesAt(at);
    return opened().store.transaction((tx) => surveyClosing.look(tx, services));
  };

  it('is put to the channel with a button for each score', async () => {
    await open();
    const [message] = await opened().store.transaction((tx) => tx.outbox.list('pending', 5));
    assert.equal(message?.message.place.channel, 'C0RECON');
    assert.match(JSON.stringify(message?.message.content), /answer 1 1.*answer 1 5/);
  });
  it('is opened by somebody with a role, one of a name at a time', async () => {
    const { answer: refused } = await ask(servicesAt(), 'survey satisfaction open', {
      actor: anActor({ user: 'U0NEW' }),
    });
    assert.equal(refused.exitCode, 64);
    await open();
    assert.match(textOf((await open()).answer.card), /is open already/);
    assert.match(textOf((await open('pulse')).answer.card), /S-\d is open: Pulse/);
  });
  it('takes one answer of each person, and the newest of them', async () => {
    await open();
    await answer(people[0], 2);
    await answer(people[1], 5);
    await answer(people[0], 4, ' --comment "Better now"');
    assert.deepEqual(
      (await answers()).map(({ score, comment }) => [score, comment]),
      [
        [4, 'Better now'],
        [5, ''],
      ],
    );
  });
  it('takes 1 to 5, and nothing else', async () => {
    await open();
    for (const score of [0, 6, 'four']) {
      assert.match(textOf((await answer(people[0], score)).answer.card), /--score: One of 1, 2, 3, 4, 5/);
    }
    for (const score of [1, 5]) await answer(people[0], score);
    assert.deepEqual(
      (await answers()).map(({ score }) => score),
      [5],
    );
  });
  it('takes answers until it closes, and none after that', async () => {
    await open();
    await answer(people[0], 4, '', 7 * day - 1);
    assert.match(textOf((await answer(people[1], 4, '', 7 * day)).answer.card), /is closed/);
    assert.equal((await answers()).length, 1);
  });
  it('closes by itself when its days are over, once', async () => {
    await open();
    assert.equal(await look(7 * day - 1), false);
    assert.equal(await look(7 * day), true);
    assert.equal(await look(7 * day), false);
    assert.match(await shown('satisfaction', 8 * day), /no data/);
  });

  describe('that is anonymous', () => {
    it('ties no person to an answer, and after its close not even the bot can', async () => {
      await open();
      for (const person of people) await answer(person, 4);
      const before = (await answers()).map(({ respondent }) => respondent);
      assert.doesNotMatch(JSON.stringify(before), /U0(ANA|BEN)/);
      await ask(servicesAt(), 'survey satisfaction close');
      const after = (await answers()).map(({ respondent }) => respondent);
      assert.equal(new Set(after).size, 5);
      assert.ok(after.every((respondent) => !before.includes(respondent)));
      const audit = await opened().owner<{ row: string }>('select row_to_json(audit)::text as row from audit');
      assert.ok(
        audit.every(({ row }) => !/U0(BEN|CHEN|DANA|ELI)/.test(row)),
        'the audit knows nobody who answered',
      );
    });
    it('shows nothing of four answers, and the mean, number and distribution of five', async () => {
      await open();
      for (const [index, score] of [5, 4, 4, 3].entries()) await answer(people[index], score);
      await ask(servicesAt(), 'survey satisfaction close');
      assert.match(await shown(), /Fewer than five answers: not shown/);
      assert.doesNotMatch(await shown(), /mean/);
      await ask(servicesAt(), 'survey satisfaction open');
      for (const [index, score] of [5, 4, 4, 3, 5].entries()) {
        await ask(servicesAt(), `answer S-2 ${score}`, { actor: people[index] ?? anActor(), id: `b${index}` });
      }
      await ask(servicesAt(), 'survey satisfaction close');
      assert.match(await shown(), /mean 4\.2 of 5 \(n = 5\)/);
      const metric = textOf((await ask(servicesAt(), 'metric satisfaction')).answer.card);
      assert.match(metric, /4\.2 of 5/, 'and the metric has it');
    });
    it('tells programs no score either while it is open, nor of four answers after that', async () => {
      const said = async (words: string) =>
        JSON.stringify((await ask(servicesAt(), words, { id: String(Math.random()) })).answer.json);
      await open();
      for (const person of people) await answer(person, 4);
      for (const words of ['survey', 'survey satisfaction']) assert.match(await said(words), /"result":\{"count":5\}/);
      assert.match(await said('survey satisfaction close'), /"mean":"4","distribution":\[0,0,0,5,0\]/);
      await ask(servicesAt(), 'survey satisfaction open', { id: 'again' });
      for (const person of people.slice(1)) await ask(servicesAt(), 'answer S-2 3', { actor: person, id: person.user });
      assert.match(await said('survey satisfaction close'), /"result":\{"count":4\}/);
    });
    it('shows what people wrote after its close, of five answers or more, and not in the order of the answers', async () => {
      await open();
      await answer(people[0], 2, ' --comment "<!channel> Too *slow*"');
      for (const person of people.slice(1, 4)) await answer(person, 5);
      await answer(people[4], 5, ' --comment "Fast now"');
      assert.doesNotMatch(await shown(), /Fast now/);
      await ask(servicesAt(), 'survey satisfaction close');
      assert.match(await shown(), /What people wrote.*\["<!channel> Too \*slow\*","Fast now"\]/);
    });
    it('is not answered in a shell, where nothing could keep anybody anonymous', async () => {
      await open();
      const { anonymous: _, ...services } = servicesAt();
      const { answer: said } = await ask(services, 'answer S-1 4');
      assert.match(textOf(said.card), /answered in chat/);
    });
  });
  describe('for the people of some roles', () => {
    it('asks each of them by themselves, once', async () => {
      const { answer: said } = await ask(servicesAt(), 'survey leads open');
      assert.match(textOf(said.card), /2 people, each by themselves/);
      const messages = await opened().store.transaction((tx) => tx.outbox.list('pending', 5));
      assert.deepEqual(messages.map(({ message }) => message.place.channel).toSorted(), ['U0ANA', 'U0BEN']);
    });
    it('takes the answers of nobody else, and one of a person with two accounts', async () => {
      await open('leads');
      await answer(people[0], 2);
      await answer(anActor({ user: 'U0ANNA' }), 5);
      assert.match(textOf((await answer(people[2], 5)).answer.card), /asks somebody else/);
      assert.deepEqual(
        (await answers()).map(({ respondent, score }) => [respondent, score]),
        [[person('U0ANA'), 5]],
      );
    });
    it('stands on the Home of those it asks', async () => {
      await open('leads');
      const home = async (user: string) => {
        const overview = await opened().store.transaction((tx) => readOverview(tx, servicesAt()));
        return textOf(homeCard(overview, person(user)));
      };
      assert.match(await home('U0BEN'), /1 survey[^]*S-1[^]*Are you ready\?[^]*Answer S-1/);
      assert.doesNotMatch(await home('U0CHEN'), /survey/);
    });
    it('is not opened while nobody has those roles', async () => {
      const nobody = { ...playbook, roles: { ...playbook.roles, dataLead: { title: 'D', people: [] } } };
      const bare = { ...nobody, surveys: [{ ...asked, roles: ['dataLead'] }] };
      const services = servicesOver(opened().store, { playbook: bare });
      assert.match(textOf((await ask(services, 'survey leads open')).answer.card), /that is nobody yet/);
    });
  });
  it('with names shows its result from the first answer on', async () => {
    await open('pulse');
    await ask(servicesAt(), 'answer S-1 4');
    await ask(servicesAt(), 'survey pulse close');
    assert.match(await shown('pulse'), /mean 4 of 5 \(n = 1\)/);
    assert.deepEqual(
      (await answers()).map(({ respondent }) => respondent),
      ['slack:U0ANA'],
    );
  });
});

describe('The result of a survey', () => {
  const of = (...given: Score[]) =>
    resultOf(given.map((score, index) => ({ respondent: String(index), score, comment: '' })));
  it('is no data without an answer', () => assert.equal(of().mean, null));
  it('is mean, number and distribution', () =>
    assert.deepEqual(of(5, 4, 4, 1), { count: 4, mean: '3.5', distribution: [1, 0, 0, 2, 1], comments: [] }));
});
