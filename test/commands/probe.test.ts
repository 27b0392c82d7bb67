import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dailyReconciliation } from '../../schedules/daily-reconciliation.ts';
import type { Run } from '../../src/core/checks/run.ts';
import type { ProbeFinding } from '../../src/core/probes/probe.ts';
import { checksumOf } from '../../src/sources/checksum.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { anActor, aRun } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const given = thePlaybook();
const url = 'postgresql://pilot:wordpass@db.example/planwise';
const playbook = {
  ...given,
  probes: [
    { name: 'test-alert', kind: 'alert' as const, title: 'Test alert' },
    { name: 'pilot-write', kind: 'refused' as const, title: 'A pilot write', url, statement: 'DELETE FROM e' },
  ],
  tasks: given.tasks.map((task) => (task.name === 'deploy-read-only' ? { ...task, probe: 'pilot-write' } : task)),
};
const guest = anActor({ user: 'U0NOBODY' });

describe('A probe', () => {
  let store = createFakeStore();
  let finding: ProbeFinding = { verdict: 'pass', said: 'It was refused' };
  let times = 0;
  beforeEach(() => {
    store = createFakeStore();
  });
  const say = async (words: string, actor = anActor()) => {
    times += 1;
    const services = servicesOver(store, { playbook, probe: async () => finding });
    return (await ask(services, words, { actor, id: `words-${times}` })).answer;
  };
  const stateOf = async (task: string) =>
    (await store.transaction((tx) => tx.tasks.latest())).find((one) => one.task === task);

  it('is listed with what it closes, and never with its address', async () => {
    const { card, json } = await say('probe');
    assert.match(
      textOf(card),
      /A pilot write \(pilot-write\)","a statement that must be refused","Deploy the new system/,
    );
    assert.doesNotMatch(JSON.stringify([card, json]), /wordpass/);
  });
  it('closes its task when it passes, and opens it again when it fails later', async () => {
    await say('probe pilot-write');
    assert.deepEqual(
      [(await stateOf('deploy-read-only'))?.state, (await stateOf('deploy-read-only'))?.evidence],
      ['done', 'A pilot write: It was refused'],
    );
    finding = { verdict: 'fail', said: 'It went through' };
    const answer = await say('probe pilot-write');
    assert.equal(answer.exitCode, 1);
    assert.match(answer.card.title, /A pilot write fails/);
    assert.equal((await stateOf('deploy-read-only'))?.state, 'open');
    assert.deepEqual(
      store.audit.map(({ action }) => action),
      ['probe.pass', 'task.done', 'probe.fail', 'task.reopened'],
    );
  });
  it('that shows nothing closes nothing', async () => {
    finding = { verdict: 'unknown', said: 'No answer' };
    assert.equal((await say('probe pilot-write')).exitCode, 1);
    assert.equal(await stateOf('deploy-read-only'), undefined);
  });
  it('is the only thing that closes its task', async () => {
    const { card } = await say('task deploy-read-only --done --evidence "I tried"');
    assert.match(card.title, /a probe shows this, nobody closes it by hand/);
  });
  it('is tried by somebody with a role, under its own name', async () => {
    assert.match((await say('probe pilot-write', guest)).card.title, /Only /);
    assert.match(textOf((await say('probe pilot-wriet')).card), /Did you mean .* probe pilot-write\?/);
  });
});

describe('The final reconciliation before a cutover', () => {
  let store = createFakeStore();
  let state: Run['state'] = 'pass';
  let times = 0;
  beforeEach(() => {
    store = createFakeStore();
    state = 'pass';
  });
  /** T-7 days are from 23 to 29 January, where a cutover is planned for the 30th. */
  const services = (time: string, planned = true) => {
    const cutover = planned ? { day: '2027-01-30', switched: false } : null;
    const over = servicesOver(store, { measure: ({ slot }) => aRun({ id: `run-${(times += 1)}`, slot, state }) });
    over.setTime(time);
    return { ...over, playbook: { ...over.playbook, cutover } };
  };
  const say = async (words: string, time: string, planned = true) =>
    (await ask(services(time, planned), words, { id: `words-${(times += 1)}` })).answer;
  const daily = async (time: string) => {
    const over = services(time);
    const slot = { name: dailyReconciliation.name, at: time };
    const result = await dailyReconciliation.run(slot, over, new AbortController().signal);
    await store.transaction((tx) => result.write(tx));
  };
  const task = async () =>
    (await store.transaction((tx) => tx.tasks.latest())).find((one) => one.task === 'final-reconciliation');

  it('is tried on demand, and closes its task when every check passes on a complete batch', async () => {
    assert.match(
      (await say('task final-reconciliation --done --evidence x', '2027-01-25T12:00:00Z')).card.title,
      /nobody/,
    );
    assert.equal((await say('probe final-reconciliation', '2027-01-25T12:00:00Z')).exitCode, 0);
    assert.match((await task())?.evidence ?? '', /^Every check on a complete batch: run-/);
    assert.equal(store.runs.size, 1);
  });
  for (const [what, of] of [
    ['a check that fails', 'fail'],
    ['a batch that is not complete', 'held'],
    ['what could not be measured', 'error'],
  ] as const) {
    it(`is not closed by ${what}`, async () => {
      state = of;
      assert.equal((await say('probe final-reconciliation', '2027-01-25T12:00:00Z')).exitCode, 1);
      assert.notEqual((await task())?.state, 'done');
    });
  }
  it('is closed by a daily run of the seven days before, and opened again by a later one that fails', async () => {
    await daily('2027-01-25T12:00:00.000Z');
    assert.equal((await task())?.state, 'done');
    state = 'fail';
    await daily('2027-01-26T12:00:00.000Z');
    assert.equal((await task())?.state, 'open');
  });
  it('is closed by nothing from before these days, nor while no cutover is planned', async () => {
    await daily('2027-01-22T12:00:00.000Z');
    await say('probe final-reconciliation', '2027-01-22T12:00:00Z');
    await say('probe final-reconciliation', '2027-01-25T12:00:00Z', false);
    assert.equal(await task(), undefined);
    await say('probe final-reconciliation', '2027-01-23T12:00:00Z');
    assert.equal((await task())?.state, 'done');
  });
});

describe('A test alert', () => {
  let store = createFakeStore();
  let times = 0;
  beforeEach(() => {
    store = createFakeStore();
  });
  const say = async (words: string, actor = anActor()) => {
    times += 1;
    return (await ask(servicesOver(store), words, { actor, id: `words-${times}` })).answer;
  };
  const monitoring = async () =>
    (await store.transaction((tx) => tx.tasks.latest())).find(({ task }) => task === 'monitoring');

  it('goes to the alerts channel once, however often it is asked for', async () => {
    await say('probe test-alert');
    await say('probe test-alert');
    const [message, ...others] = store.outbox.values();
    assert.equal(message?.message.place.channel, 'C0ALERTS');
    assert.match(JSON.stringify(message?.message.content), /only a test.*incident I-1 acknowledge/);
    assert.deepEqual(others, []);
  });
  it('leaves its task open until somebody acknowledges it in chat, and closes it then', async () => {
    await say('probe test-alert');
    assert.equal(await monitoring(), undefined);
    const shell = anActor({ platform: 'terminal', workspace: '', user: 'ana', name: 'ana' });
    assert.match((await say('incident 1 acknowledge', shell)).card.title, /acknowledged in chat|Only /);
    assert.match((await say('incident 1 acknowledge', guest)).card.title, /Only /);
    assert.equal(await monitoring(), undefined);
    assert.match((await say('incident 1 acknowledge')).card.title, /Test alert: acknowledged/);
    assert.equal((await monitoring())?.state, 'done');
    assert.match((await monitoring())?.evidence ?? '', /I-1, posted .* was acknowledged by/);
  });
  it('proposes nothing, and is neither snoozed nor dismissed', async () => {
    await say('probe test-alert');
    for (const verb of ['propose', 'snooze', 'dismiss', 'clear']) {
      assert.match((await say(`incident 1 ${verb} --reason x`)).card.title, /acknowledged, and nothing else/);
    }
  });
  it('is no trigger that fires', async () => {
    await say('probe test-alert');
    assert.match(textOf((await say('status')).card), /"Triggers","value":"none fires"/);
  });
});

describe('The checksum of a file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'checksum-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const of = (path: string) =>
    checksumOf({ name: 'copy', kind: 'checksum', title: 'Copy', path }, new AbortController().signal);

  it('is its SHA-256, whatever its size', async () => {
    const path = join(folder, 'copy');
    const bytes = Buffer.alloc(300_000, 'x');
    writeFileSync(path, bytes);
    assert.deepEqual(await of(path), {
      verdict: 'pass',
      said: `SHA-256 ${createHash('sha256').update(bytes).digest('hex')}`,
    });
  });
  it('is unknown where there is none, and the file is named', async () => {
    const { verdict, said } = await of(join(folder, 'copy'));
    assert.equal(verdict, 'unknown');
    assert.match(said, /copy can't be read \(ENOENT\)/);
  });
});
