import type { OfSide } from '../../support/sides/side.ts';

/** A rehearsal of the whole day, thirty times as fast: steps of people, checks of the bot, and the switch that two approve. */
export function cutover(side: OfSide): void {
  const channel = 'rehearsal';
  const at = (done: number): string => `REHEARSAL: Cutover: ${done} of 9 steps done`;

  it('is started in a channel of its own', async () => {
    await side().lets('Heal');
    const words = `cutover start --day ${await side().today()} --speed 30 --channel ${side().idOf(channel)}`;
    await side().as('Tech Lead').asks(words);
    await side().as('Tech Lead').sees(channel, at(0));
  });
  it('has its first steps done by people, each with its evidence', async () => {
    await side().lets('15 minutes later');
    const lead = side().as('Tech Lead');
    const steps = ['Back legacy up', 'Stop the legacy batch jobs', 'Final data sync'];
    for (const [done, step] of steps.entries()) {
      await lead.presses(`Done: ${step}`, channel, at(done));
      await lead.fillsIn({ Evidence: 'seen' }, 'The step is done');
      await lead.sees(channel, at(done + 1));
    }
  });
  it('has the bot check what can be checked', async () => {
    await side().lets('15 minutes later');
    await side().as('Tech Lead').sees(channel, at(5));
  });
  it('switches only when two people have approved it and typed what they do', async () => {
    for (const role of ['Tech Lead', 'Product Owner'] as const) {
      await side()
        .as(role)
        .presses('Approve', channel, /REHEARSAL: Switch DNS and routing\?/);
      await side().as(role).fillsIn({ 'Type "switch"': 'switch' }, 'Approve');
    }
    await side().as('Product Owner').sees(channel, at(6));
  });
  it('comes to its end with the last evidence', async () => {
    const { as, lets } = side();
    await as('Product Owner').presses('Done: Enable access for all users', channel, at(6));
    await as('Product Owner').fillsIn({ Evidence: 'Everybody got in' }, 'The step is done');
    await as('Product Owner').sees(channel, at(7));
    await lets('15 minutes later');
    await as('Data Owner').seesInThread(channel, at(8), 'REHEARSAL: It is time: "Day 1 assessment"');
    await as('Data Owner').presses('Done: Day 1 assessment', channel, at(8));
    await as('Data Owner').fillsIn({ Evidence: 'Signed' }, 'The step is done');
    await as('Data Owner').sees(channel, 'REHEARSAL: Cutover is done: all 9 steps');
  });
}
