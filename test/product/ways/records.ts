import type { OfSide } from '../../support/sides/side.ts';

/** A discrepancy that somebody noticed, from its filing to its end, and what was learned from it. */
export function records(side: OfSide): void {
  const channel = 'parallel-run';
  const what = 'Bonus of leavers is missing';
  let name: string;

  it('files a discrepancy that somebody noticed, as a card for all', async () => {
    const analyst = side().as('Analyst');
    await analyst.asks('discrepancy');
    await analyst.fillsIn(
      { 'What is wrong': what, 'How it shows': 'Twelve people got none', 'Who looks into it': 'Analysts' },
      'File it',
    );
    await analyst.seesAlone(/D-\d+ is on record/, what);
    await analyst.sees(channel, /D-\d+ open: Bonus/, 'Twelve people got none', 'Fay Laurent');
    name = await analyst.finds(channel, what, /D-\d+/);
  });
  it('assigns it to somebody, who is chosen from a list', async () => {
    const manager = side().as('Project Manager');
    await manager.asks(`discrepancy ${name} assign`);
    await manager.fillsIn({ 'To whom': 'Chen Wei' }, 'Assign');
    await manager.sees(channel, `${name} open`, /Assigned to:?\s*@?Chen Wei/);
  });
  it('begins to look into it by a button', async () => {
    await side().as('Tech Lead').presses('I look into it', channel, `${name} open`);
    await side().as('Tech Lead').sees(channel, `${name} investigating`, 'Under investigation');
  });
  it('explains it, until a day', async () => {
    const owner = side().as('Data Owner');
    await owner.presses('Explain', channel, `${name} investigating`);
    await owner.fillsIn({ 'What explains it': 'It is paid a month later' }, 'Explain');
    await owner.sees(channel, `${name} explained`, /Accepted:?\s*until/, 'It is paid a month later');
  });
  it('resolves it, on the same card', async () => {
    const lead = side().as('Tech Lead');
    await lead.presses('Resolve', channel, `${name} explained`);
    await lead.fillsIn({ 'How it was resolved': 'The bonus is loaded' }, 'Resolve');
    await lead.sees(channel, `${name} resolved`, 'The bonus is loaded');
    await lead.seesNoButton('Resolve', channel, `${name} resolved`);
  });
  it('writes down what it taught, by the form of its card', async () => {
    const analyst = side().as('Analyst');
    await analyst.presses('Write down a lesson', channel, `${name} resolved`);
    await analyst.fillsIn(
      {
        'What was learned': 'Bonuses come late',
        'What is done about it': 'Load them last',
        'Who does it': 'Tech Lead',
      },
      'Write it down',
    );
    await analyst.seesAlone(/L-1: /, 'Bonuses come late', 'Load them last', name);
  });
  it('fills a register from the lines of a file, and sees its gaps', async () => {
    const analyst = side().as('Analyst');
    await analyst.asks('register reports fill');
    await analyst.fillsIn({ 'Lines of name, reproduced': { csv: 'name,reproduced\nPayroll,yes\nTaxes,' } }, 'Fill in');
    await analyst.seesAlone(/Legacy reports: 1 of 2/);
  });
}
