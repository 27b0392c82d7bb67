import assert from 'node:assert/strict';
import { type Bot, killBots, startBot } from '../support/bots.ts';
import { createRandom } from '../support/random.ts';
import { crashPlaybook, digestKey, firstDay, morning, sync } from '../support/crash-days.ts';
import { at, eventually, settled } from '../support/ground.ts';
import { assertAuditWhole, createWorld, keysIn, type World } from '../support/world.ts';

const kills = Number(process.env['KILLS'] ?? 200);
const killsWithoutProgress = 8;

/** Past the pause after which a held run is tried again. */
const laterThatMorning = (day: number): string => new Date(Date.parse(morning(day)) + 16 * 60_000).toISOString();

const count = (world: World, key: string): number => keysIn(world, world.channel).filter((one) => one === key).length;
const digestsOf = (world: World, day: number): number => count(world, digestKey(day));

describe('When processes are killed', function () {
  this.timeout(600_000);
  let world: World;
  beforeEach(async () => {
    world = await createWorld(crashPlaybook, firstDay);
  });
  afterEach(async () => {
    killBots();
    await world.close();
  });

  it(`at ${kills} random moments, with a faulty Slack and three processes, nothing is lost and nothing stands twice`, async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const random = createRandom(seed);
    const { simulator } = world;
    simulator.inject({ method: 'chat.postMessage', fault: { kind: 'dropReply' }, probability: 0.1, times: Infinity });
    simulator.inject({
      method: 'chat.postMessage',
      fault: { kind: 'status', status: 500 },
      probability: 0.05,
      times: Infinity,
    });
    simulator.inject({
      method: '*',
      fault: { kind: 'status', status: 429, retryAfterSeconds: 1 },
      probability: 0.03,
      times: Infinity,
    });
    simulator.inject({ method: 'chat.update', fault: { kind: 'dropRequest' }, probability: 0.1, times: Infinity });
    simulator.inject({
      method: 'chat.postMessage',
      fault: { kind: 'hang', milliseconds: 1_500, effect: true },
      probability: 0.03,
      times: Infinity,
    });
    simulator.inject({
      method: 'files.completeUploadExternal',
      fault: { kind: 'dropReply' },
      probability: 0.1,
      times: Infinity,
    });

    // Every other day the sync is late: the run is held first, and its digest is changed when it is complete.
    let day = 0;
    let late = false;
    const isLate = (which: number): boolean => which % 2 === 1;
    let time = at(morning(0));
    /** Whether the time moved: a lease runs out only where the clock may run on. */
    const goOn = async (): Promise<boolean> => {
      if (digestsOf(world, day) === 0) return false;
      assert.equal(digestsOf(world, day), 1, `day ${day}, seed ${seed}`);
      if (isLate(day) && !late) {
        await sync(world, day);
        late = true;
        time = at(laterThatMorning(day));
        return true;
      }
      if (isLate(day) && count(world, `${digestKey(day)}/complete`) === 0) return false;
      day += 1;
      late = false;
      if (!isLate(day)) await sync(world, day);
      time = at(morning(day));
      return true;
    };
    await sync(world, 0);
    const asked: { acknowledged: boolean }[] = [];
    let patience = killsWithoutProgress;
    const bots: Bot[] = [0, 1, 2].map(() => startBot(world.settings({ day: time })));
    const ana = simulator.people[0]?.id ?? '';
    const person = (async () => {
      for (let killed = 0; killed < kills; killed += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100 + random() * 900));
        const victim = Math.floor(random() * bots.length);
        bots[victim]?.kill();
        await bots[victim]?.ended;
        if (killed % 7 === 3) simulator.dropSockets();
        if (killed % 10 === 9) await disturbDatabase(world, random);
        if (killed % 4 === 0) {
          asked.push(
            await simulator.command(ana, world.channel, 'check --share').catch(() => ({ acknowledged: false })),
          );
        }
        let moved = await goOn();
        bots[victim] = startBot(world.settings({ day: time }));
        // However slowly processes start here, the days go by: now and then they are left alone until one did.
        if (!moved && patience === 0) {
          await eventually('a day goes on', 60, async () => (moved = await goOn()));
        }
        patience = moved ? killsWithoutProgress : patience - 1;
        if (moved) for (const bot of bots) bot.setDay(time);
      }
    })();
    await person;
    simulator.clearFaults();
    const last = day;
    await eventually('the last digest is in the channel, and complete', 120, async () => {
      if (await goOn()) for (const bot of bots) bot.setDay(time);
      return day > last;
    });
    await settled(world);
    await Promise.all(bots.map((bot) => bot.stop()));

    const keys = keysIn(world, world.channel);
    const message = `seed ${seed}, ${day} days`;
    for (let each = 0; each < day; each += 1) {
      assert.equal(digestsOf(world, each), 1, `day ${each}, ${message}`);
      assert.equal(count(world, `${digestKey(each)}/complete`), isLate(each) ? 1 : 0, `day ${each}, ${message}`);
    }
    assert.deepEqual(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      [],
      `posted twice, ${message}`,
    );
    const files = simulator.messages(world.channel).flatMap((message) => message.files ?? []);
    assert.equal(new Set(files.map(({ name }) => name)).size, files.length, `a file stands twice, ${message}`);
    assert.ok(files.length >= day, `${files.length} files of findings, ${message}`);
    const answers = keys.filter((key) => key.startsWith('answer/'));
    const acknowledged = asked.filter((one) => one.acknowledged).length;
    assert.ok(answers.length >= acknowledged, `${acknowledged} acknowledged, ${answers.length} answered, ${message}`);
    assert.ok(answers.length <= asked.length, message);
    assert.ok(day >= 10, `only ${day} days went by, ${message}`);
    await assertAuditWhole(world);
  });
});

/** A restart of the database, or a network that swallows everything for a while. */
async function disturbDatabase(world: World, random: () => number): Promise<void> {
  if (random() < 0.5) world.proxy.swallow();
  else {
    world.proxy.cut();
    await world.database.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
    );
  }
  await new Promise((resolve) => setTimeout(resolve, 300 + random() * 1_200));
  world.proxy.pass();
}
