import assert from 'node:assert/strict';
import { accepted, changed, refused, text } from '../../playbook/support.ts';

describe('The metrics of a playbook', () => {
  it('are the five of the document, with their targets', () => {
    assert.deepEqual(
      accepted(text).metrics.map(({ name, target: { direction, amount, unit } }) => [name, direction, amount, unit]),
      [
        ['accuracy', 'above', '99.5', '%'],
        ['adoption', 'above', '80', '%'],
        ['p95', 'below', '2', 's'],
        ['uptime', 'above', '99.9', '%'],
        ['satisfaction', 'above', '4', 'of 5'],
      ],
    );
  });

  const cases: [title: string, change: [from: string, to: string], message: RegExp][] = [
    ['a target without a direction', ['"< 2 s"', '"2 s"'], /p95\.target: must be such as "> 99.5 %"/],
    ['a target that includes its limit', ['"< 2 s"', '"<= 2 s"'], /p95\.target: must be such as/],
    [
      'an owner whom nobody knows',
      ['owner: productOwner\n    reported', 'owner: boss\n    reported'],
      /"boss" is not a role/,
    ],
    [
      'a comparison that there is not',
      ['comparison: people\n    stale', 'comparison: staff\n    stale'],
      /"staff" is not a comparison of this playbook \(people, events\)/,
    ],
    [
      'two sources of readings',
      ['comparison: people\n    stale', 'comparison: people\n    reported: true\n    stale'],
      /must have one of comparison, query and reported; it has comparison and reported/,
    ],
    [
      'no source of readings',
      ['reported: true\n    minimum: "1"', 'minimum: "1"'],
      /must have one of comparison, query and reported; it has none of them/,
    ],
    [
      'a baseline of what is compared',
      ['comparison: people\n    stale', 'comparison: people\n    baseline: true\n    stale'],
      /accuracy\.baseline: the share of rows that agree has no baseline/,
    ],
    ['bounds that leave nothing', ['maximum: "5"', 'maximum: "1"'], /the minimum 1 is not below the maximum 1/],
    [
      'a task that keeps one which is not there',
      ['is kept with it\n    metric: p95\n', 'is kept with it\n    metric: p59\n'],
      /"p59" is not a metric/,
    ],
    ['a name that is taken', ['- name: uptime', '- name: p95'], /the name "p95" is taken by metric 3/],
  ];
  for (const [title, change, message] of cases) {
    it(`are refused with ${title}`, () => {
      const problems = refused(changed(change));
      assert.match(problems.map((problem) => problem.message).join('\n'), message);
    });
  }

  it('may be none', () => {
    assert.deepEqual(
      accepted(
        changed(
          [text.slice(text.indexOf('\nmetrics:'), text.indexOf('\nschedules:')), ''],
          ['    metric: satisfaction\n', ''],
          ['is kept with it\n    metric: p95\n', 'is kept with it\n'],
          [text.slice(text.indexOf('\n# What calls for a rollback'), text.indexOf('\nregisters:')), ''],
        ),
      ).metrics,
      [],
    );
  });
});
