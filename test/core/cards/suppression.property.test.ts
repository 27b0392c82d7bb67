import assert from 'node:assert/strict';
import fc from 'fast-check';
import { digestCard } from '../../../src/core/cards/digest-card.ts';
import { checkHistoryCard } from '../../../src/core/cards/history-card.ts';
import { homeCard } from '../../../src/core/cards/overview-card.ts';
import { runCard } from '../../../src/core/cards/run-card.ts';
import type { Finding } from '../../../src/core/checks/run.ts';
import type { Verdict } from '../../../src/core/checks/verdict.ts';
import { discrepanciesAfter } from '../../../src/core/records/after-run.ts';
import { findingsCsv } from '../../../src/core/reports/findings-csv.ts';
import { aCheckResult, aFinding, aRun, someMoment } from '../../support/fixtures.ts';
import { textOf, thePlaybook } from '../../support/services.ts';

// Ben has the role that owns the check: his Home tab says what waits for him.
const playbook = thePlaybook({ ANALYSTS: 'slack:U0BEN' });
const levels = playbook.checks.find(({ name }) => name === 'levels');

/** Figures that stand nowhere else, so that one that is found was given away. */
const finding = (index: number): fc.Arbitrary<Finding> =>
  fc.record({ suppressed: fc.boolean(), verdict: fc.constantFrom<Verdict>('pass', 'fail', 'error') }).map((chosen) =>
    aFinding({
      check: 'levels',
      key: `GROUP-${index}-KEY`,
      legacy: `${77_000 + index}`,
      new: `${88_000 + index}`,
      difference: `${99_000 + index}`,
      variance: `${66_000 + index}.5`,
      reason: `REASON-${index}-END`,
      ...chosen,
    }),
  );
const findings = fc
  .integer({ min: 1, max: 30 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, index) => finding(index))));

describe('A group of fewer than five people', () => {
  it('is broken out in no card and no file that chat gets to see', () => {
    assert.ok(levels !== undefined);
    fc.assert(
      fc.property(findings, (given) => {
        const result = aCheckResult({
          check: 'levels',
          title: 'Levels',
          kind: 'distribution',
          verdict: 'fail',
          findings: given,
        });
        const run = aRun({ slot: someMoment, state: 'fail', checks: [result] });
        const scheduled = [run, { ...run, id: '20261120-aaaaa' }];
        const filed = discrepanciesAfter([], run, [4, 24, 72]).map((one, number) => ({ ...one, number: number + 1 }));
        const overview = {
          playbook,
          now: new Date(someMoment),
          today: '2026-11-23',
          scheduled,
          nextDue: [],
          discrepancies: filed,
          incidents: [],
          decisions: [],
          surveys: [],
          tasks: [],
          metrics: [],
          problems: [],
        };
        const said = [
          textOf(digestCard(run, { ...overview, auditHead: 'a'.repeat(64), retryAt: null })),
          textOf(runCard(run, { playbook, chat: true, buttons: true })),
          textOf(homeCard(overview, 'slack:U0BEN')),
          textOf(
            checkHistoryCard(
              levels,
              scheduled.map((each) => ({ run: each, findings: given })),
              playbook,
            ),
          ),
          findingsCsv(run),
        ]
          .join('\n')
          .replaceAll(',', '');
        for (const [index, { suppressed }] of given.entries()) {
          if (!suppressed) continue;
          for (const secret of [
            `GROUP-${index}-KEY`,
            `${77_000 + index}`,
            `${88_000 + index}`,
            `${99_000 + index}`,
            `${66_000 + index}.5`,
            `REASON-${index}-END`,
          ]) {
            assert.ok(!said.includes(secret), `${secret} was given away`);
          }
        }
        const hidden = given.filter(({ suppressed }) => suppressed).length;
        if (hidden > 0) assert.match(said, new RegExp(`${hidden} groups? not broken out`));
      }),
      { numRuns: 200 },
    );
  });

  it("is shown in the operator's own terminal", () => {
    const result = aCheckResult({
      kind: 'distribution',
      findings: [aFinding({ key: 'L5', legacy: '3', suppressed: true })],
    });
    assert.match(textOf(runCard(aRun({ checks: [result] }), { playbook, chat: false, buttons: false })), /L5/);
  });
});
