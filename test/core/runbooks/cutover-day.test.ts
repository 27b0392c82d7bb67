import assert from 'node:assert/strict';
import { commands } from '../../../commands/index.ts';
import { pendingDecisions } from '../../../schedules/pending-decisions.ts';
import { runbooks } from '../../../schedules/runbooks.ts';
import { answerRequest, concludeAnswer } from '../../../src/core/answer-request.ts';
import { officialInWords } from '../../../src/core/cards/digest-card.ts';
import type { Run } from '../../../src/core/checks/run.ts';
import type { Decision } from '../../../src/core/decisions/decision.ts';
import type { Runbook } from '../../../src/core/runbooks/runbook.ts';
import { createFakeStore, type FakeStore } from '../../support/fake-store.ts';
import { anActor, aRun } from '../../support/fixtures.ts';
import { ask, servicesOver, type TestServices, textOf, thePlaybook } from '../../support/services.ts';

const whole = thePlaybook({
  DATA_OWNER: 'slack:U0ANA',
  PRODUCT_OWNER: 'slack:U0BEN',
  TECH_LEAD: 'slack:U0CHEN',
  ANALYSTS: 'slack:U0FAY',
  SECURITY_OFFICER: 'slack:U0ELI',
});
// The list before the cutover has a test of its own.
const playbook = { ...whole, tasks: whole.tasks.filter(({ phase }) => phase !== 'beforeCutover') };
const [ana, ben, chen, fay, eli] = ['U0ANA', 'U0BEN', 'U0CHEN', 'U0FAY', 'U0ELI'].map((user) => anActor({ user })) as [
  ReturnType<typeof anActor>,
  ReturnType<typeof anActor>,
  ReturnType<typeof anActor>,
  ReturnType<typeof anActor>,
  ReturnType<typeof anActor>,
];
const minute = 60_000;
// A Saturday in New York: 06:00 is 11:00 UTC.
const midnight = Date.parse('2027-01-30T05:00:00.000Z');

/** The day of the cutover in simulated time: people, the bot's clock, and its own requests. */
class Day {
  readonly store: FakeStore = createFakeStore();
  readonly services: TestServices;
  now = midnight;
  /** Somebody acknowledges a test alert at the next minute. */
  onCall = true;
  /** What a measurement comes to. */
  measured: Partial<Run> = { state: 'pass' };
  #asked = 0;

  constructor(of = playbook) {
    this.services = servicesOver(this.store, {
      playbook: of,
      measure: () => {
        this.#asked += 1;
        return aRun({
          id: `run-${this.#asked}`,
          slot: null,
          startedAt: new Date(this.now).toISOString(),
          ...this.measured,
        });
      },
    });
  }

  /** Lets the time pass, a minute at a tick, to a local time; what the bot asks of itself is answered. */
  async until(time: string): Promise<void> {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    const to = midnight + (hours * 60 + minutes) * minute;
    for (; this.now < to; this.now += minute) await this.tick();
    await this.tick();
  }

  async tick(): Promise<void> {
    this.services.setTime(new Date(this.now).toISOString());
    if (this.onCall) {
      const [test] = await this.store.transaction((tx) => tx.incidents.open());
      if (test?.trigger === 'test-alert') await this.say(`incident ${test.number} acknowledge`, fay);
    }
    for (const watch of [runbooks, pendingDecisions])
      await this.store.transaction((tx) => watch.look(tx, this.services));
    for (;;) {
      const now = new Date(this.now);
      const claimed = await this.store.transaction((tx) => tx.inbox.claim(now));
      if (claimed === undefined) return;
      const answer = await answerRequest({
        request: claimed.request,
        commands,
        services: this.services,
        progress: () => undefined,
        signal: new AbortController().signal,
        failed: (error) => assert.fail(String(error)),
      });
      await this.store.transaction(async (tx) => {
        await concludeAnswer(tx, answer, claimed.request);
        await tx.inbox.finish(claimed.request.id, claimed.fence, now);
      });
    }
  }

  async say(words: string, actor = chen) {
    this.services.setTime(new Date(this.now).toISOString());
    return (await ask(this.services, words, { actor, id: `words-${words}-${actor.user}-${this.now}` })).answer;
  }

  async runbook(): Promise<Runbook> {
    const [one] = await this.store.transaction((tx) => tx.runbooks.list(1));
    assert.ok(one !== undefined);
    return one;
  }

  async states(): Promise<Record<string, string>> {
    return Object.fromEntries((await this.runbook()).steps.map(({ name, state }) => [name, state]));
  }

  /** Keys of what was said about the runbook, without its card. */
  get said(): string[] {
    return [...this.store.outbox.keys()]
      .flatMap((key) => /^runbook\/1\/(.+)$/.exec(key)?.[1] ?? [])
      .filter((key) => key !== 'card');
  }

  get card(): string {
    const content = this.store.outbox.get('runbook/1/card')?.message.content;
    return content?.kind === 'card' ? textOf(content.card) : '';
  }

  /** A vote that was GO, and the cutover started on its day. */
  async start(title = /^Cutover: 0 of 9 steps done, on time, finish 17:00/): Promise<void> {
    await this.store.transaction(async (tx) => {
      const at = new Date(midnight).toISOString();
      const vote: Omit<Decision, 'number'> = {
        kind: 'goNoGo',
        about: 'vote/1',
        proposal: {},
        question: 'GO or NO-GO?',
        rules: {
          options: [],
          seats: [],
          ordered: false,
          excludesAsker: false,
          reason: 'never',
          typed: null,
          sealed: false,
        },
        state: 'pending',
        evidenceVersion: 1,
        openedBy: 'clock',
        asker: null,
        openedAt: at,
        expiresAt: at,
        closedAt: null,
        closedBy: null,
        outcome: null,
        reason: '',
      };
      const number = (await tx.decisions.open(vote)) ?? 0;
      await tx.decisions.addEvidence({ decision: number, version: 1, items: [], hash: 'a'.repeat(64), at });
      await tx.decisions.save({ ...vote, number, state: 'decided', outcome: 'go', closedAt: at, closedBy: 'clock' });
    });
    const started = await this.say('cutover start --day 2027-01-30');
    assert.match(started.card.title, title);
  }

  /** What people do up to the checks, each at its time. */
  async morning(): Promise<void> {
    await this.until('06:00');
    await this.say('cutover done legacy-backup --evidence s3');
    await this.until('07:00');
    await this.say('cutover done stop-legacy-batch --evidence cron');
    await this.until('08:00');
    await this.say('cutover done final-sync --evidence 10000');
  }

  /** What reports say of which system is official. */
  async official(): Promise<string> {
    await this.services.refresh();
    return officialInWords(this.services.playbook);
  }

  async approve(): Promise<void> {
    const decision = (await this.store.transaction((tx) => tx.decisions.pending())).find(({ kind }) => kind === 'step');
    const words = `decision ${decision?.number ?? 0} approve --seen ${decision?.evidenceVersion ?? 0} --confirm switch`;
    await this.say(words, chen);
    await this.say(words, ben);
  }
}

describe('The day of the cutover', () => {
  let day: Day;
  beforeEach(() => {
    day = new Day();
  });

  it('is not begun without a GO, nor by somebody who may not', async () => {
    assert.match((await day.say('cutover start --day 2027-01-30')).card.title, /Cutover starts only after a GO/);
    assert.match(
      (await day.say('cutover start --day 2027-01-30', fay)).card.title,
      /Only Tech Lead, Product Owner or Project Manager/,
    );
  });
  it('goes from six to five when all is well: checks by themselves, two people switch, and a report', async () => {
    await day.start();
    await day.morning();
    await day.until('09:00');
    assert.equal((await day.states())['validation'], 'done');
    await day.until('10:00');
    assert.match(await day.official(), /Legacy is official/);
    await day.approve();
    assert.equal((await day.states())['switch-routing'], 'done');
    assert.match(await day.official(), /PlanWise Navigator is official since the cutover/);
    await day.until('11:00');
    await day.say('cutover done user-access --evidence in', ben);
    await day.until('16:00');
    const due = day.store.outbox.get('runbook/1/assessment/due')?.message.content;
    assert.match(
      due?.kind === 'card' ? textOf(due.card) : '',
      /"Reconciliation","value":"[^"]*Sat 30 Jan 2027, 09:00.*"Open discrepancies","value":"None".*"Performance \(p95\)"/,
    );
    await day.say('cutover done assessment --evidence link', ana);
    assert.equal((await day.runbook()).state, 'done');
    assert.match(day.card, /Cutover is done: all 9 steps/);
    assert.ok(day.said.includes('report'));
    assert.deepEqual(
      day.said.filter((key) => key.endsWith('/late')),
      [],
    );
    assert.equal((await day.store.transaction((tx) => tx.audit.verify())).ok, true);
  });
  it('says ahead of its day when it begins, with no button of a step to press by mistake', async () => {
    day.now = midnight - 24 * 60 * minute;
    await day.tick();
    const seen = textOf((await day.say('cutover start --day 2027-01-30 --speed 1 --channel C0TRIAL')).card);
    assert.doesNotMatch(seen, /come on the day/);
    await day.say('cutover abort --reason x --confirm "abort cutover"');
    await day.start(/^Cutover on Sat 30 Jan 2027, 06:00: 9 steps, finish 17:00/);
    const hung = day.store.outbox.get('runbook/2/card')?.message.content;
    const card = hung?.kind === 'card' ? textOf(hung.card) : '';
    assert.match(card, /Point of no return.*Sat 30 Jan 2027, 14:00, in 1 d/);
    assert.match(card, /buttons of its steps come on the day/);
    assert.doesNotMatch(card, /Done: Back legacy up/);
    assert.match(card, /"Pause".*"Abort"/);
  });
  it('tells whoever acts what it came to, in private without the table and the buttons of the card in the channel', async () => {
    await day.start();
    await day.until('06:00');
    const { card } = await day.say('cutover done legacy-backup --evidence s3');
    assert.match(card.title, /^Cutover: 1 of 9 steps done/);
    assert.deepEqual(
      card.body.filter(({ kind }) => kind === 'table' || kind === 'buttons'),
      [],
    );
    assert.match(textOf(card), /Next: .*Stop the legacy batch jobs.*kept up to date/);
    assert.match(
      textOf((await day.say('cutover done legacy-backup --evidence s3')).card),
      /done already.*On record is: s3/,
    );
  });
  it('enforces the order, and asks owners only for what is theirs', async () => {
    await day.start();
    await day.until('06:00');
    assert.match(
      (await day.say('cutover done final-sync --evidence x')).card.title,
      /Before it comes: Stop the legacy batch jobs/,
    );
    assert.match(
      (await day.say('cutover done legacy-backup --evidence x', ben)).card.title,
      /Only Tech Lead or Analysts may go on/,
    );
    assert.match((await day.say('cutover done legacy-backup')).card.title, /--evidence: This is needed/);
    assert.match(
      (await day.say('cutover done validation --evidence x', ana)).card.title,
      /not closed by hand: the bot measures it/,
    );
  });
  it('locks the switch after failed checks, and goes on when they pass', async () => {
    await day.start();
    await day.morning();
    day.measured = { state: 'fail' };
    await day.until('09:00');
    assert.match(day.card, /Cutover stands: \\?"Validation checks\\?" failed/);
    await day.until('10:00');
    assert.deepEqual(await day.store.transaction((tx) => tx.decisions.pending()), []);
    day.measured = { state: 'pass' };
    await day.say('cutover check validation', ana);
    await day.until('10:01');
    await day.approve();
    assert.equal((await day.states())['switch-routing'], 'done');
  });
  it('locks the switch until somebody has acknowledged a test alert in chat', async () => {
    await day.start();
    await day.morning();
    day.onCall = false;
    await day.until('10:00');
    assert.deepEqual(await day.store.transaction((tx) => tx.decisions.pending()), []);
    const alerts = [...day.store.outbox.values()].filter(({ message }) => message.key.startsWith('incident/1/card'));
    assert.deepEqual(
      alerts.map(({ message }) => message.place.channel),
      ['C0ALERTS'],
    );
    const operator = anActor({ platform: 'terminal', workspace: '', user: 'chen', name: 'chen' });
    assert.equal((await day.say('incident 1 acknowledge', operator)).exitCode, 64);
    assert.match((await day.say('cutover done alerts --evidence x')).card.title, /not closed by hand/);
    await day.say('incident 1 acknowledge', fay);
    const step = (await day.runbook()).steps.find(({ name }) => name === 'alerts');
    assert.equal(step?.state, 'done');
    assert.match(step?.evidence ?? '', /^I-1, posted .*09:00, was acknowledged by .*10:00$/);
    await day.until('10:01');
    assert.equal((await day.store.transaction((tx) => tx.decisions.pending())).length, 1);
  });
  it('is not switched while the list before the cutover is not done, and says what is missing', async () => {
    const tasks = whole.tasks.filter(({ name, phase }) => phase !== 'beforeCutover' || name === 'restore-test');
    day = new Day({ ...whole, tasks });
    await day.start();
    await day.morning();
    await day.until('10:00');
    const [decision] = await day.store.transaction((tx) => tx.decisions.pending());
    const card = textOf((await day.say(`decision ${decision?.number}`)).card);
    assert.match(card, /Before the cutover.*0 of 1 task done; open: Backup procedures tested/);
    const words = `decision ${decision?.number} approve --seen 1 --confirm switch`;
    assert.match((await day.say(words)).card.title, /1 task of the list before the cutover is not done/);
    await day.say('task restore-test --done --evidence "Restored on a spare server"');
    await day.tick();
    await day.approve();
    assert.equal((await day.states())['switch-routing'], 'done');
  });
  it('waits for a late sync, tries the checks again every five minutes, and says how late it is', async () => {
    await day.start();
    await day.morning();
    day.measured = { state: 'held' };
    await day.until('09:16');
    const step = (await day.runbook()).steps.find(({ name }) => name === 'validation');
    assert.deepEqual([step?.state, step?.attempts], ['open', 4]);
    day.measured = { state: 'pass' };
    await day.until('09:50');
    assert.equal((await day.states())['validation'], 'done');
  });
  it('calls the deputy of a silent owner five minutes before, and tells when the step is late', async () => {
    await day.start();
    await day.until('05:44');
    assert.deepEqual(day.said, []);
    await day.until('05:45');
    assert.deepEqual(day.said, ['legacy-backup/check-in']);
    await day.until('05:55');
    assert.deepEqual(day.said, ['legacy-backup/check-in', 'legacy-backup/deputy']);
    await day.until('06:30');
    assert.deepEqual(day.said.slice(2), ['legacy-backup/due']);
    await day.until('06:31');
    assert.deepEqual(day.said.slice(3), ['legacy-backup/late']);
    assert.equal(day.store.outbox.get('runbook/1/legacy-backup/late')?.message.place.channel, 'C0ALERTS');
    await day.say('cutover done legacy-backup --evidence x', fay);
    assert.equal((await day.states())['legacy-backup'], 'done');
  });
  it('calls no deputy where the owner says to be ready, nor lets one act then', async () => {
    await day.start();
    await day.until('05:46');
    await day.say('cutover ready legacy-backup');
    await day.until('06:00');
    assert.deepEqual(day.said, ['legacy-backup/check-in', 'legacy-backup/due']);
    assert.match((await day.say('cutover done legacy-backup --evidence x', fay)).card.title, /Only Tech Lead may/);
  });
  it('takes back in reverse order what was done, when it is aborted after the switch', async () => {
    await day.start();
    await day.morning();
    await day.until('10:00');
    await day.approve();
    assert.match(
      (await day.say('cutover abort --reason "Wrong routes" --confirm yes')).card.title,
      /"abort cutover" has to be typed/,
    );
    await day.say('cutover abort --reason "Wrong routes" --confirm "abort cutover"');
    assert.match(day.card, /is aborted: what was done is taken back.*Switch DNS and routing back to legacy/);
    assert.match(
      (await day.say('cutover undone stop-legacy-batch --evidence x')).card.title,
      /reverse order: first "Switch DNS and routing"/,
    );
    await day.say('cutover undone switch-routing --evidence x');
    await day.say('cutover undone stop-legacy-batch --evidence x');
    assert.equal((await day.runbook()).state, 'aborted');
  });
  it('asks to start the batch jobs again when it is aborted after they were stopped, with a button for who does it', async () => {
    await day.start();
    await day.until('06:00');
    await day.say('cutover done legacy-backup --evidence s3');
    await day.until('07:00');
    await day.say('cutover done stop-legacy-batch --evidence cron');
    await day.say('cutover abort --reason "The sync is broken" --confirm "abort cutover"');
    assert.match(day.card, /Start the legacy batch jobs again.*undone stop-legacy-batch/);
    assert.equal((await day.runbook()).state, 'aborting');
    await day.say('cutover undone stop-legacy-batch --evidence "cron is on"');
    assert.equal((await day.runbook()).state, 'aborted');
    assert.equal((await day.states())['legacy-backup'], 'done');
  });
  it('asks for nothing to be taken back when it is aborted before the batch jobs were stopped', async () => {
    await day.start();
    await day.until('06:00');
    await day.say('cutover done legacy-backup --evidence s3');
    await day.say('cutover abort --reason "No backup can be read" --confirm "abort cutover"');
    assert.equal((await day.runbook()).state, 'aborted');
    assert.doesNotMatch(day.card, /batch jobs again/);
  });
  it('tries at 12:00 once more whether alerts reach people, by an alert of its own', async () => {
    await day.start();
    await day.morning();
    await day.until('10:00');
    await day.approve();
    await day.until('11:00');
    await day.say('cutover done user-access --evidence in', ben);
    day.onCall = false;
    await day.until('12:05');
    assert.equal((await day.states())['monitoring'], 'open');
    const [test] = await day.store.transaction((tx) => tx.incidents.open());
    assert.deepEqual([test?.number, test?.trigger], [2, 'test-alert']);
    await day.say('incident 2 acknowledge', fay);
    assert.equal((await day.states())['monitoring'], 'done');
  });
  it('withdraws the question of a step when it is aborted before the answer', async () => {
    await day.start();
    await day.morning();
    await day.until('10:00');
    await day.say('cutover abort --reason "Wrong routes" --confirm "abort cutover"');
    assert.deepEqual(await day.store.transaction((tx) => tx.decisions.pending()), []);
    await day.approve();
    assert.equal((await day.states())['switch-routing'], 'open');
  });
  it('asks again for a step that was refused, when its owner wants it', async () => {
    await day.start();
    await day.morning();
    await day.until('10:00');
    const pending = async () =>
      (await day.store.transaction((tx) => tx.decisions.pending())).map(({ number }) => number);
    const [first = 0] = await pending();
    await day.say(`decision ${first} refuse --seen 2 --reason "Not yet"`, ben);
    await day.say(`decision ${first} refuse --seen 1 --reason "Not yet"`, ben);
    assert.equal((await day.states())['switch-routing'], 'failed');
    await day.until('10:05');
    assert.deepEqual(await pending(), []);
    await day.say('cutover begin switch-routing');
    await day.until('10:06');
    assert.equal((await pending()).length, 1);
    await day.approve();
    assert.equal((await day.states())['switch-routing'], 'done');
  });
  it('stands still while it is paused, and while a security breach freezes everything', async () => {
    await day.start();
    await day.until('06:00');
    await day.say('cutover pause --reason "Power is out"');
    assert.match((await day.say('cutover done legacy-backup --evidence x')).card.title, /R-1 is paused/);
    await day.say('cutover resume');
    await day.say('trigger report security --what "A key is public"', eli);
    assert.match((await day.say('cutover done legacy-backup --evidence x')).card.title, /Everything is frozen by I-1/);
    await day.say('incident 1 clear --reason "Key revoked"', eli);
    await day.say('cutover done legacy-backup --evidence x');
    assert.equal((await day.states())['legacy-backup'], 'done');
  });
  it('warns 60, 30 and 10 minutes before the point of no return, while it is not switched', async () => {
    await day.start();
    await day.morning();
    day.measured = { state: 'held' };
    const warned = (): string[] => day.said.filter((key) => key.startsWith('no-return'));
    await day.until('12:59');
    assert.deepEqual(warned(), []);
    await day.until('13:00');
    await day.until('13:30');
    await day.until('13:50');
    assert.deepEqual(warned(), ['no-return/60', 'no-return/30', 'no-return/10']);
    await day.until('14:30');
    assert.equal(warned().length, 3);
    assert.match(day.card, /Point of no return.*it has passed \(14:00\)/);
  });
  it('shows what a longer step would do, and changes nothing', async () => {
    await day.start();
    await day.morning();
    const before = await day.runbook();
    const answer = await day.say('cutover what-if validation +90m', fay);
    const text = textOf(answer.card);
    assert.match(text, /90 minutes more for \\"Validation checks\\"/);
    assert.match(text, /Switch DNS and routing/);
    assert.deepEqual(await day.runbook(), before);
    assert.match(textOf((await day.say('cutover what-if validation +400m')).card), /too late for the way back/);
  });
  it('moves all that is left, and nothing that is done', async () => {
    await day.start();
    await day.until('06:00');
    await day.say('cutover done legacy-backup --evidence x');
    await day.say('cutover move --minutes 45 --reason "Vendor is late"');
    assert.match(day.card, /"Back legacy up ?●?","✓ done","06:00"/);
    assert.match(day.card, /"Stop the legacy batch jobs ?●?","○ next","07:45"/);
  });
  it('is rehearsed sixty times as fast in a channel of its own, and tells the real ones nothing', async () => {
    assert.match(
      (await day.say('cutover start --day 2027-01-30 --speed 60 --channel C0RECON')).card.title,
      /A rehearsal has a channel of its own/,
    );
    await day.say('cutover start --day 2027-01-30 --speed 60 --channel C0TRIAL');
    assert.match(day.card, /REHEARSAL: Cutover/);
    day.now += 60_000;
    await day.tick();
    assert.ok(day.said.includes('legacy-backup/due'), day.said.join());
    for (const { message } of day.store.outbox.values()) assert.equal(message.place.channel, 'C0TRIAL', message.key);
  });
  it('plans with the times that a rehearsal measured', async () => {
    const long = playbook.runbooks.find(({ name }) => name === 'cutover');
    assert.ok(long !== undefined);
    const at = (minutes: number): string => new Date(midnight + minutes * minute).toISOString();
    await day.store.transaction(async (tx) => {
      const steps = long.steps.map(({ name }, index) => ({
        name,
        state: 'done' as const,
        readyBy: null,
        deputisedAt: null,
        startedAt: at(index * 100),
        // The backup took 61 minutes; nobody began the others before they were done.
        finishedAt: at(index * 100 + (index === 0 ? 61 : 0)),
        by: null,
        evidence: '',
        attempts: 0,
        askedAt: null,
      }));
      const begun = {
        name: 'cutover',
        definition: long,
        state: 'running' as const,
        anchor: at(0),
        movedMinutes: 0,
        startedBy: 'x',
        startedAt: at(0),
        endedAt: null,
        hungAt: null,
        about: '',
        reason: '',
        steps,
        channel: 'C0TRIAL',
        rehearsal: { speed: 60, from: at(0) },
      };
      const started = await tx.runbooks.start(begun);
      await tx.runbooks.save({ ...begun, number: started?.number ?? 0, state: 'done', endedAt: at(900) });
    });
    await day.start();
    const minutes = (await day.runbook()).definition.steps.map((step) => step.minutes);
    assert.deepEqual(minutes, [61, ...long.steps.slice(1).map((step) => step.minutes)]);
  });
  it('does nothing twice when several processes look at once', async () => {
    await day.start();
    await day.until('05:50');
    await Promise.all([day.tick(), day.tick(), day.tick()]);
    await day.morning();
    await day.until('09:00');
    await Promise.all([day.tick(), day.tick()]);
    assert.equal(new Set(day.said).size, day.said.length);
    assert.equal((await day.runbook()).steps.find(({ name }) => name === 'validation')?.attempts, 1);
  });
});
