import type { OfSide } from '../../support/sides/side.ts';

/** From a drift in the sample systems to the alert, the approval of two people, and the rollback's steps. */
export function decisions(side: OfSide): void {
  const alerts = 'parallel-run-alerts';
  const fires = 'Data corruption fires: nobody has acknowledged it yet';
  const question = /Roll back PlanWise Navigator\?/;

  it('sees a drift become an alert with its figures', async () => {
    await side().lets('Heal');
    for (let fault = 1; fault <= 6; fault += 1) await side().lets('Let it drift');
    await side().lets('Next morning');
    await side()
      .as('Tech Lead')
      .sees(alerts, fires, /rows lost since the last run, 40 in the new system, 0 in legacy/);
  });
  it('proposes a rollback', async () => {
    const owner = side().as('Data Owner');
    await owner.presses('Propose rollback', alerts, fires);
    await owner.fillsIn({ Why: 'Forty people are missing' }, 'Propose a rollback');
    await owner.sees(alerts, question, /Waits for: Tech Lead/);
    await owner.seesAlone('Asked in the alerts channel', 'Nothing is rolled back unless it is approved');
  });
  it('approves it by two people, who type what they do and why', async () => {
    for (const role of ['Tech Lead', 'Product Owner'] as const) {
      await side().as(role).presses('Roll back', alerts, question);
      await side()
        .as(role)
        .fillsIn({ 'Type "roll back"': 'roll back', Why: 'People would be paid nothing' }, 'Roll back');
    }
    await side()
      .as('Product Owner')
      .sees(alerts, /\? Roll back/, /Decided on/);
    await side()
      .as('Tech Lead')
      .seesNoButton('Roll back', alerts, /\? Roll back/);
  });
  it('goes through the steps of the rollback on one card', async () => {
    const lead = side().as('Tech Lead');
    await lead.presses('Done: Disable access to PlanWise Navigator', alerts, 'Rollback: 0 of 9 steps done');
    await lead.fillsIn({ Evidence: 'Nobody can sign in' }, 'The step is done');
    await lead.sees(alerts, 'Rollback: 1 of 9 steps done', /✓ done/);
  });
}
