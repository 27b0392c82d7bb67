import assert from 'node:assert/strict';
import type { OfSide } from '../../support/sides/side.ts';

/** Three mornings of a team: what failed, what drifts, and a night that is late. */
export function dailyReconciliation(side: OfSide): void {
  const channel = 'parallel-run';
  const everyReport = 'Open discrepancies:';

  it('reads what failed in the first report, with both figures and the verdicts in words', () =>
    side()
      .as('Data Owner')
      .sees(channel, /3 of 5 checks failed; batch complete 05:41/, 'Level Distribution', 'fail', 'pass'));
  it('finds all findings in its thread', () =>
    side()
      .as('Data Owner')
      .seesInThread(channel, /3 of 5 checks failed/, /All findings of/));
  it('asks for a check, and gets a private answer', async () => {
    await side().as('Data Owner').asks('check levels');
    await side().as('Data Owner').seesAlone('Level Distribution failed');
  });
  it('is told what was probably meant', async () => {
    await side().as('Data Owner').asks('chekc');
    await side()
      .as('Data Owner')
      .seesAlone(/Did you mean .*check\?/);
  });
  it('presses a button of the report, and only this person sees the answer', async () => {
    await side()
      .as('Data Owner')
      .presses('History', channel, /3 of 5 checks failed/);
    await side().as('Data Owner').seesAlone('The last');
  });
  it('sees the drift in the report of the next morning', async () => {
    await side().lets('Let it drift');
    await side().lets('Next morning');
    await side()
      .as('Data Owner')
      .sees(channel, everyReport, /4 of 5 checks failed/, /Employee Count[\s\S]*\+3/);
  });
  it('sees a late sync hold the run, and the same report become complete later', async () => {
    await side().lets('Heal');
    await side().lets('Next morning, sync late');
    await side().as('Data Owner').sees(channel, everyReport, 'Held: nothing was compared');
    await side().lets('15 minutes later');
    await side()
      .as('Data Owner')
      .sees(channel, everyReport, /All 5 checks pass/);
    assert.equal(await side().as('Data Owner').counts(channel, everyReport), 3);
  });
  it('finds at home the last run, the streak and what comes next', () =>
    side().as('Data Owner').seesAtHome('1 green day in a row', 'Next: Daily reconciliation'));
}
