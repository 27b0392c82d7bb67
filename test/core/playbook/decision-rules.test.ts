import assert from 'node:assert/strict';
import { accepted, changed, refused } from '../../playbook/support.ts';

const roles = '(dataOwner, productOwner, techLead, projectManager, securityOfficer, analysts)';

describe('What a playbook says of decisions, triggers and runbooks', () => {
  const cases: [title: string, change: readonly [from: string, to: string], message: string][] = [
    [
      'a seat for a role that there is not',
      ['rollback: { seats: [techLead,', 'rollback: { seats: [nobody,'],
      `decisions.rollback.seats.0: "nobody" is not a role of this playbook ${roles}`,
    ],
    [
      'a vote whose NO nobody follows up',
      ['  extension: { seats: [{ roles: [dataOwner, productOwner] }], hours: 72 } # L72\n', ''],
      'decisions.goNoGo: a NO-GO asks for an extension: say in decisions.extension who decides it',
    ],
    [
      'an account of two people',
      ['people: []', 'people: [{ name: A, accounts: [slack:U1] }, { name: B, accounts: "slack:U2 slack:U1" }]'],
      'people.B.accounts: "slack:U1" is an account of person 1 already',
    ],
    [
      'a kind of decision that there is not',
      ['  rollback: { seats', '  rolback: { seats'],
      'decisions.rolback: is not a field of the playbook',
    ],
    [
      'a trigger that clears above where it fires',
      ['clearsBelow: 4 %', 'clearsBelow: 6 %'],
      'triggers.variance.clearsBelow: it would clear above the limit at which it fires',
    ],
    [
      'a trigger of a metric that there is not',
      ['    metric: p95\n    above', '    metric: p99\n    above'],
      'triggers.degradation.metric: "p99" is not a metric of this playbook',
    ],
    [
      'a step that waits for a later one',
      ['        after: [disable-access]', '        after: [verify-state]'],
      'runbooks.rollback.steps.access-gone.after.0: "verify-state" is not a step before this one',
    ],
    [
      'a point of no return that is no step',
      ['pointOfNoReturn: switch-routing', 'pointOfNoReturn: switch'],
      'runbooks.cutover.pointOfNoReturn: "switch" is not a step of this runbook',
    ],
    [
      'a task after one that comes later',
      ['after: [approve-write-access]', 'after: [run-scenarios]'],
      'is not a task before this one',
    ],
  ];
  for (const [title, change, message] of cases) {
    it(`is refused with ${title}`, () => {
      const said = refused(changed(change)).map((problem) => problem.message);
      assert.ok(
        said.some((one) => one.includes(message)),
        said.join('\n'),
      );
    });
  }

  it('names what has to be typed, which steps come first, and when each begins', () => {
    const { runbooks, decisions } = accepted(changed());
    const cutover = runbooks.find(({ name }) => name === 'cutover');
    const step = (name: string) => cutover?.steps.find((one) => one.name === name);
    assert.deepEqual(step('validation')?.at, { local: '09:00' });
    const routing = step('switch-routing');
    assert.deepEqual(routing?.kind === 'decision' ? [routing.typed, routing.decision.seats] : [], [
      'switch',
      [{ roles: ['techLead', 'productOwner', 'dataOwner'], count: 2 }],
    ]);
    assert.deepEqual(decisions.rollback?.seats, [
      { roles: ['techLead'], count: 1 },
      { roles: ['productOwner'], count: 1 },
    ]);
  });
});
