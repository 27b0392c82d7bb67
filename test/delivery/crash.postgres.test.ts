import assert from 'node:assert/strict';
import { type CrashPoint, crashPoints } from '../support/bot-settings.ts';
import { killBots, startBot } from '../support/bots.ts';
import { crashPlaybook, digestKey, firstDay, morning, sync } from '../support/crash-days.ts';
import { at, eventually, settled } from '../support/ground.ts';
import { assertAuditWhole, createWorld, keysIn, type World } from '../support/world.ts';

const digestsIn = (world: World): number => keysIn(world, world.channel).filter((key) => key === digestKey(0)).length;

describe('When the process is killed', function () {
  this.timeout(600_000);
  let world: World;
  beforeEach(async () => {
    world = await createWorld(crashPlaybook, firstDay);
  });
  afterEach(async () => {
    killBots();
    await world.close();
  });

  for (const point of crashPoints) {
    it(`${point}, its successor posts the digest and answers the command, each once`, async () => {
      const ana = world.simulator.people[0]?.id ?? '';
      await sync(world, 0);
      const first = startBot(world.settings({ crashAt: point satisfies CrashPoint }));
      await first.ready;
      if (point.endsWith('commit')) await world.simulator.command(ana, world.channel, 'check --share');
      else first.setDay(at(morning(0)));
      await first.ended;

      const second = startBot(world.settings({ day: at(morning(0)) }));
      await second.ready;
      if (point.endsWith('commit')) {
        await eventually('the answer is in the channel', 30, () =>
          keysIn(world, world.channel).some((key) => key.startsWith('answer/')),
        );
      }
      await eventually('the digest is in the channel', 60, () => digestsIn(world) > 0);
      await settled(world);
      await second.stop();

      assert.equal(digestsIn(world), 1);
      const answers = keysIn(world, world.channel).filter((key) => key.startsWith('answer/'));
      assert.equal(answers.length, point.endsWith('commit') ? 1 : 0);
      await assertAuditWhole(world);
    });
  }
});
