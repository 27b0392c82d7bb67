import assert from 'node:assert/strict';
import { anActor } from '../support/fixtures.ts';
import { openServerStore, shareStore } from '../support/databases.ts';
import { ask, servicesOver, thePlaybook } from '../support/services.ts';

const people = ['Ana', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn'].map((name) => ({
  actor: anActor({ user: `U0${name.toUpperCase()}`, name }),
  id: `Ev${name}`,
}));
const all = people.map(({ actor }) => `slack:${actor.user}`).join(' ');

describe('Several people at once, on a server', () => {
  const opened = shareStore(() => openServerStore());

  it('close a task once: one of them did, and the others are told who', async () => {
    const services = servicesOver(opened().store, { playbook: thePlaybook({ TECH_LEAD: all }) });
    const answers = await Promise.all(
      people.map((person) => ask(services, 'task runbooks --done --evidence link', person)),
    );
    const [change, ...more] = await services.store.transaction((tx) => tx.tasks.history('runbooks'));
    assert.deepEqual(more, []);
    const titles = answers.map(({ answer }) => answer.card.title);
    assert.equal(titles.filter((title) => title.startsWith(`Already done, by ${change?.byName}`)).length, 5);
    assert.equal((await services.store.transaction((tx) => tx.audit.verify())).entries, 1);
  });

  it('set the start date one after the other, or are told that somebody was quicker', async () => {
    const playbook = thePlaybook({ START_DATE: '', DATA_OWNER: all });
    // A process each: none of them knows of the others' dates before it looks.
    const answers = await Promise.all(
      people.map((person, index) =>
        ask(servicesOver(opened().store, { playbook }), `start 2026-12-0${index + 1} --confirm`, person),
      ),
    );
    const written = answers.filter(({ answer }) => answer.exitCode === undefined).length;
    const { number, entries } = await opened().store.transaction(async (tx) => ({
      number: (await tx.startDates.newest())?.number,
      entries: (await tx.audit.verify()).entries,
    }));
    assert.ok(written >= 1);
    assert.deepEqual([number, entries], [written, written]);
  });
});
