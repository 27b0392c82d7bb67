import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bytesOf } from '../../src/core/messages/message.ts';
import type { Runbook } from '../../src/core/runbooks/runbook.ts';
import { escaped } from '../../src/core/reports/markdown.ts';
import { parseCsv } from '../../simulator/page/text/csv.ts';
import { anyCharacter } from '../support/any-text.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import {
  aCheckResult,
  aDiscrepancy,
  aFinding,
  aMeasurement,
  anActor,
  aReport,
  aRun,
  later,
  someMoment,
} from '../support/fixtures.ts';
import { ask, servicesOver, thePlaybook } from '../support/services.ts';

const playbook = thePlaybook({ PROJECT_MANAGER: 'slack:U0ANA' });

describe('What is taken along', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = () => servicesOver(opened().store, { playbook });
  const exported = async (what = 'playbook'): Promise<string> => {
    const { answer } = await ask(services(), `export ${what}`, { id: String(Math.random()) });
    return (answer.json as { text: string }).text;
  };
  const somethingOnRecord = async (): Promise<void> => {
    const findings = [aFinding({ check: 'levels', key: 'L3', verdict: 'fail', difference: '12', variance: '1.5' })];
    const check = aCheckResult({ check: 'levels', title: 'Level Distribution', verdict: 'fail', findings });
    await opened().store.transaction(async (tx) => {
      await tx.runs.save(aRun({ slot: someMoment, state: 'fail', checks: [check] }));
      const hidden = aMeasurement({ key: 'L5', difference: '4', suppressed: true });
      await tx.discrepancies.save([
        { ...aDiscrepancy(), number: null },
        { ...aDiscrepancy({ measured: hidden }), number: null },
        {
          ...aDiscrepancy({ measured: null, reported: aReport({ title: 'Pay | of <b>leavers</b> *3*' }) }),
          number: null,
        },
      ]);
    });
    await ask(services(), 'task train-pilot-users --done --evidence "The roster" --people 7');
    await ask(services(), 'lesson --learning "Legacy has NULLs" --action "Map them"', { id: 'Ev2' });
  };

  /** A trigger fired, a rollback has begun, and the cutover was rehearsed. */
  const somethingHappened = async (): Promise<void> => {
    const begun = (name: string, rehearsal: Runbook['rehearsal']): Omit<Runbook, 'number'> => {
      const definition = playbook.runbooks.find((one) => one.name === name);
      assert.ok(definition !== undefined);
      const steps = definition.steps.map((step, index) => ({
        name: step.name,
        state: index === 0 ? ('done' as const) : ('open' as const),
        readyBy: null,
        deputisedAt: null,
        startedAt: index === 0 ? someMoment : null,
        finishedAt: index === 0 ? someMoment : null,
        by: index === 0 ? 'slack:T0TEST/U0ANA' : null,
        evidence: index === 0 ? 'Nobody gets in' : '',
        attempts: 0,
        askedAt: null,
      }));
      const at = { anchor: someMoment, startedAt: someMoment, endedAt: null, hungAt: null, movedMinutes: 0 };
      return {
        ...at,
        name,
        definition,
        state: 'running',
        startedBy: 'x',
        about: '',
        reason: '',
        steps,
        channel: 'C',
        rehearsal,
      };
    };
    await opened().store.transaction(async (tx) => {
      await tx.incidents.save({
        trigger: 'variance',
        state: 'firing',
        openedBy: 'clock',
        openedAt: someMoment,
        firingAt: someMoment,
        count: 1,
        figure: 'Compensation: 5.3 %',
        limit: 'more than 5 %',
        command: null,
        source: 'run/1',
        reported: false,
        actedBy: null,
        reason: '',
        snoozedUntil: null,
        clearedAt: null,
      });
      await tx.runbooks.start(begun('rollback', null));
      await tx.runbooks.start(begun('cutover', { speed: 60, from: someMoment }));
    });
  };

  it('is the playbook in the order of the document, with what became of it', async () => {
    await somethingOnRecord();
    const text = await exported();
    const headings = Array.from(text.matchAll(/^## (.*)$/gm), ([, heading]) => heading?.replaceAll('\\', ''));
    assert.deepEqual(headings, [
      'Timeline',
      'Phase 1 (Shadow Mode)',
      'Phase 2 (Pilot Usage)',
      'Phase 3 (Full Parallel Run)',
      'Daily reconciliation',
      'Discrepancies',
      'Monitoring dashboard',
      'Rollback procedures',
      'Success metrics',
      'Weekly checkpoints',
      'Lessons learned log',
      'Before the cutover',
      'Cutover',
      'After the cutover',
    ]);
    assert.match(text, /- \*\*Start date\*\*: Mon 9 Nov 2026/);
    assert.match(
      text,
      /- \[x\] Train the pilot users \\\(5 to 10 people\\\): Ana, Mon 23 Nov 2026, 7 people: The roster/,
    );
    assert.match(text, /- \[ \] Deploy the new system read\\-only: Tech Lead, 1 day late/);
    assert.match(text, /\| Level Distribution \| 0 % \| Review the data mapping \| \\\+12 \\\(1\.5 %\\\) \| ✗ fail \|/);
    assert.match(text, /\| L\\-1 \| 2026\\-11\\-23 \| Data Quality \| Legacy has NULLs \| Map them \|/);
  });
  it('has the lists of a phase under their weeks, each once', async () => {
    const [, phase = ''] = /^## Phase 1[^\n]*\n(.*?)^## /ms.exec(await exported()) ?? [];
    const headings = Array.from(phase.matchAll(/^### (.*)$/gm), ([, heading]) => heading);
    assert.deepEqual(headings, ['Weeks 1 to 2', 'Weeks 3 to 4', 'Success criteria']);
    assert.match(phase, /### Weeks 1 to 2\n\n- \[ \] Deploy/);
    assert.match(phase, /\n\n### Weeks 3 to 4\n\n- \[x\] Run both systems/);
  });
  it('shows how far every check was off, day by day, and neither a small group nor a check that was not measured', async () => {
    assert.match(await exported(), /## Monitoring dashboard\n\nNothing was compared yet/);
    await somethingOnRecord();
    const levels = aCheckResult({
      check: 'levels',
      verdict: 'fail',
      findings: [aFinding({ check: 'levels', key: 'L5', verdict: 'fail', difference: '4', suppressed: true })],
    });
    const hidden = aRun({ id: 'hidden', slot: later(86_400_000).toISOString(), state: 'fail', checks: [levels] });
    await opened().store.transaction((tx) => tx.runs.save(hidden));
    const [, first, second] =
      /## Monitoring dashboard\n\n[^\n]+\n[^\n]+\n([^\n]+)\n([^\n]+)/.exec(await exported()) ?? [];
    assert.equal(first, '| Tue 24 Nov 2026 | ✗ fail | no data | no data | ✗ fail | no data | no data |');
    assert.equal(second, '| Mon 23 Nov 2026 | ✗ fail | no data | no data | \\+12 \\(1.5 %\\) | no data | no data |');
  });
  it('has triggers, and the steps of rollback and cutover, as the playbook plans them and as they were done', async () => {
    const before = await exported();
    assert.match(before, /\| Data corruption \| never fired \|/);
    assert.match(
      before,
      /### Rollback\n\nNot carried out\.\n\n- \[ \] \\\+0 h Disable access to PlanWise Navigator: Tech Lead/,
    );
    assert.match(before, /## Cutover\n\nNot carried out\.\n\n- \[ \] 06:00 Back legacy up: Tech Lead/);
    await somethingHappened();
    const after = await exported();
    assert.match(
      after,
      /\| Variance in critical metrics \| I\\-1 firing \| Mon 23 Nov 2026, 07:00 \| Compensation: 5\.3 % \|/,
    );
    assert.match(
      after,
      /### Rollback\n\nR\\-1, running, started Mon 23 Nov 2026, 07:00\.\n\n- \[x\] \\\+0 h Disable access to PlanWise Navigator: done, slack:T0TEST\/U0ANA, Mon 23 Nov 2026, 07:00: Nobody gets in\n- \[ \]/,
    );
    assert.match(after, /## Cutover\n\nNot carried out/, 'a rehearsal is not the day itself');
  });
  it('says TBD and no data where there is none', async () => {
    const text = await exported();
    assert.match(text, /\| Uptime \| \\> 99\.9 % \| TBD \| – no data \| {2}\|/);
    assert.match(text, /- \[ \] 100 % of legacy reports reproducible: no data/);
    assert.match(text, /\| Employee Count \| 0 % \| Investigate at once \| TBD \| no data \|/);
    assert.match(text, /None was found/);
  });
  it('is the same to the letter for the same records', async () => {
    await somethingOnRecord();
    assert.equal(await exported(), await exported());
  });
  it('holds no figure of fewer than five people, and no markup of what people typed', async () => {
    await somethingOnRecord();
    for (const what of ['playbook', 'discrepancies']) assert.doesNotMatch(await exported(what), /L5/);
    assert.match(await exported(), /Pay \\\| of \\<b\\>leavers\\<\/b\\> \\\*3\\\*/);
  });
  for (const [what, columns, sql] of [
    [
      'discrepancies',
      ['name', 'state', 'severity', 'owner', 'check', 'title', 'occurrences', 'difference'],
      `select 'D-' || number as name, state, severity::text, owner, check_name as check, title, occurrences::text,
         case when not suppressed then figures->>'difference' end as difference from discrepancies order by number`,
    ],
    [
      'lessons',
      ['name', 'date', 'category', 'learning', 'action', 'recorded_by'],
      `select 'L-' || number as name, date::text, category, learning, action, recorded_by from lessons order by number`,
    ],
  ] as const) {
    it(`holds the ${what} as SQL has them`, async () => {
      await somethingOnRecord();
      await ask(services(), 'lesson --learning "Loads, twice" --action "Once"', { id: 'Ev3' });
      const [heading = [], ...rows] = parseCsv(await exported(what));
      const cells = rows.map((row) => columns.map((column) => row[heading.indexOf(column)]));
      const wanted = await opened().owner<Record<string, string | null>>(sql);
      assert.deepEqual(
        cells,
        wanted.map((row) => columns.map((column) => row[column] ?? '')),
      );
      assert.ok(cells.length >= 2);
    });
  }
  it('goes to the channel as a file, and in a shell where it was asked for', async () => {
    await ask(services(), 'export lessons');
    const [message] = await opened().store.transaction((tx) => tx.outbox.list('pending', 5));
    assert.deepEqual([message?.message.content.kind, message?.message.place.channel], ['file', 'C0RECON']);
    const actor = anActor({ platform: 'terminal', workspace: '', user: 'ana' });
    const { answer } = await ask(services(), 'export lessons all.csv', { actor, place: undefined as never });
    assert.equal(answer.file?.path, 'all.csv');
  });
  it('is a PDF where the name of the file ends so, in a shell as in chat', async () => {
    const actor = anActor({ platform: 'terminal', workspace: '', user: 'ana' });
    const inShell = await ask(services(), 'export playbook plan.PDF', { actor, place: undefined as never });
    assert.equal(String(inShell.answer.file?.content), '%PDF of PlanWise Navigator: the parallel run');
    await ask(services(), 'export evidence pack.pdf', { id: 'Ev3' });
    const messages = await opened().store.transaction((tx) => tx.outbox.list('pending', 5));
    const content = messages.at(-1)?.message.content;
    assert.ok(content?.kind === 'file');
    assert.deepEqual(
      [content.name, String(bytesOf(content))],
      ['pack.pdf', '%PDF of PlanWise Navigator: the parallel run'],
    );
  });
  it('is no PDF where it is rows for a spreadsheet', async () => {
    const { answer } = await ask(services(), 'export lessons lessons.pdf');
    assert.match(answer.card.title, /lessons\.pdf can't be a PDF/);
    assert.equal(answer.exitCode, 64);
  });
  it('is one of what there is', async () => {
    const { answer } = await ask(services(), 'export everything');
    assert.match(answer.card.title, /There is no export "everything"/);
  });
});

describe('Text in Markdown', () => {
  it('has no character left that could be markup, whatever was typed', () =>
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const unescaped = escaped(text).replace(/\\[\\`*_{}[\]<>()#+!|~&$^.-]/g, '');
        assert.doesNotMatch(unescaped, /[\\`*_{}[\]<>#|~\n]/);
      }),
    ));
});
