import { troubledDays } from '../time/local-time.ts';
import { checkProblems, comparisonProblems } from './check-rules.ts';
import { metricProblems } from './metric-rules.ts';
import type { Playbook } from './playbook.ts';
import { runbookProblems } from './runbook-rules.ts';
import { list, type Raw, type Remark, record, takenName, unknownName, unknownRole } from './remarks.ts';

export type { Remark } from './remarks.ts';

/**
 * What must hold between the parts of a playbook, beyond the form of each. Takes the file as it stands, whatever its
 * form, so that these problems are told together with those of form.
 */
export function problemsBetween(playbook: unknown): Remark[] {
  const { roles, people, checks, comparisons, tasks, surveys, registers, metrics, gates, triggers, runbooks, probes } =
    record(playbook);
  return [
    ...checkProblems(list(checks), record(roles), list(comparisons)),
    ...comparisonProblems(list(comparisons)),
    ...taskProblems(list(tasks), record(roles), list(probes), list(metrics)),
    ...metricProblems(list(metrics), record(roles), list(comparisons)),
    ...gateProblems(list(gates), list(registers), list(metrics)),
    ...takenNames(list(surveys), 'survey', 'surveys'),
    ...list(surveys).flatMap((survey, index) =>
      unknownName(record(survey)['metric'], list(metrics), 'metric').map((message) => ({
        path: ['surveys', index, 'metric'],
        message,
      })),
    ),
    ...takenNames(list(registers), 'register', 'registers'),
    ...takenNames(list(triggers), 'trigger', 'triggers'),
    ...triggerProblems(list(triggers), record(roles), list(metrics)),
    ...probeProblems(list(probes), list(triggers)),
    ...runbookProblems(list(runbooks), record(roles), list(probes)),
    ...rolesNamedIn(record(playbook)),
    ...accountProblems(list(people)),
    ...decisionProblems(record(record(playbook)['decisions'])),
  ];
}

function triggerProblems(triggers: readonly unknown[], roles: Raw, metrics: readonly unknown[]): Remark[] {
  const percent = (value: unknown): number => (typeof value === 'string' ? Number.parseFloat(value) : Number.NaN);
  return triggers.flatMap((given, index) => {
    const { metric, declaredBy, above, clearsBelow } = record(given);
    const at = (...rest: (string | number)[]): (string | number)[] => ['triggers', index, ...rest];
    return [
      ...unknownName(metric, metrics, 'metric').map((message) => ({ path: at('metric'), message })),
      ...list(declaredBy).flatMap((role, place) =>
        unknownRole(role, roles).map((message) => ({ path: at('declaredBy', place), message })),
      ),
      ...(percent(clearsBelow) > percent(above)
        ? [{ path: at('clearsBelow'), message: 'it would clear above the limit at which it fires' }]
        : []),
    ];
  });
}

/** A NO-GO asks for how long at once. */
function decisionProblems({ goNoGo, extension }: Raw): Remark[] {
  if (goNoGo === undefined || extension !== undefined) return [];
  return [
    {
      path: ['decisions', 'goNoGo'],
      message: 'a NO-GO asks for an extension: say in decisions.extension who decides it',
    },
  ];
}

/** Accounts that are two people's: nobody could tell whose answer it is. */
function accountProblems(people: readonly unknown[]): Remark[] {
  const named = people.flatMap((person, index) => {
    const { accounts } = record(person);
    const each = typeof accounts === 'string' ? accounts.split(/[\s,]+/) : list(accounts);
    return each.filter((account) => account !== '').map((account) => ({ account, index }));
  });
  return named.flatMap(({ account, index }, place) => {
    const before = named.slice(0, place).find((other) => other.account === account);
    if (before === undefined) return [];
    const message = `"${String(account)}" is an account of person ${before.index + 1} already`;
    return [{ path: ['people', index, 'accounts'], message }];
  });
}

/** Roles that other parts name and that are none. */
function rolesNamedIn({ roles, differingRows, discrepancies, decisions, plan, surveys }: Raw): Remark[] {
  const all = (names: unknown, ...path: (string | number)[]): [path: (string | number)[], role: unknown][] =>
    list(names).map((role, index) => [[...path, index], role]);
  const named: [path: (string | number)[], role: unknown][] = [
    ...Object.entries(record(roles)).map(([name, role]): [string[], unknown] => [
      ['roles', name, 'deputy'],
      record(role)['deputy'],
    ]),
    ...all(record(differingRows)['roles'], 'differingRows', 'roles'),
    ...all(record(plan)['startedBy'], 'plan', 'startedBy'),
    [['discrepancies', 'lead'], record(discrepancies)['lead']],
    ...all(record(discrepancies)['acceptedBy'], 'discrepancies', 'acceptedBy'),
    ...list(surveys).flatMap((survey, index) => all(record(survey)['roles'], 'surveys', index, 'roles')),
    ...Object.entries(record(decisions)).flatMap(([kind, settings]) =>
      list(record(settings)['seats']).flatMap((seat, index): [path: (string | number)[], role: unknown][] =>
        typeof seat === 'string'
          ? [[['decisions', kind, 'seats', index], seat]]
          : list(record(seat)['roles']).map((role, at) => [['decisions', kind, 'seats', index, 'roles', at], role]),
      ),
    ),
  ];
  return named.flatMap(([path, role]) => unknownRole(role, record(roles)).map((message) => ({ path, message })));
}

/** Alerts of both have names of one kind. */
function probeProblems(probes: readonly unknown[], triggers: readonly unknown[]): Remark[] {
  return [
    ...takenNames(probes, 'probe', 'probes'),
    ...probes.flatMap((given, index) => {
      const { name } = record(given);
      const place = triggers.findIndex((one) => record(one)['name'] === name);
      if (typeof name !== 'string' || place < 0) return [];
      return [{ path: ['probes', index, 'name'], message: `the name "${name}" is taken by trigger ${place + 1}` }];
    }),
  ];
}

function taskProblems(
  tasks: readonly unknown[],
  roles: Raw,
  probes: readonly unknown[],
  metrics: readonly unknown[],
): Remark[] {
  return tasks.flatMap((given, index) => {
    const { owner, phase, weeks, people, after, probe, metric } = record(given);
    const at = (...rest: (string | number)[]): (string | number)[] => ['tasks', index, ...rest];
    const [first, last] = list(weeks);
    const { min, max } = record(people);
    return [
      ...takenName(tasks, index, 'task').map((message) => ({ path: at('name'), message })),
      ...unknownRole(owner, roles).map((message) => ({ path: at('owner'), message })),
      ...unknownName(probe, probes, 'probe').map((message) => ({ path: at('probe'), message })),
      ...unknownName(metric, metrics, 'metric').map((message) => ({ path: at('metric'), message })),
      ...(probe !== undefined && people !== undefined
        ? [{ path: at('people'), message: 'a probe closes this task: it knows no number of people' }]
        : []),
      ...list(after).flatMap((name, place) =>
        unknownName(name, tasks.slice(0, index), 'task before this one').map((message) => ({
          path: at('after', place),
          message,
        })),
      ),
      ...(typeof phase === 'string' && weeks !== undefined
        ? [{ path: at('weeks'), message: `${phase} has no weeks: its dates follow from the cutover` }]
        : []),
      ...(typeof first === 'number' && typeof last === 'number' && first > last
        ? [{ path: at('weeks'), message: 'the first week is after the last' }]
        : []),
      ...(typeof min === 'number' && typeof max === 'number' && min > max
        ? [{ path: at('people'), message: `min ${min} is more than max ${max}` }]
        : []),
    ];
  });
}

function gateProblems(gates: readonly unknown[], registers: readonly unknown[], metrics: readonly unknown[]): Remark[] {
  const phases = gates.map((gate) => record(gate)['phase']);
  return gates.flatMap((gate, index) => {
    const criteria = list(record(gate)['criteria']);
    const twice = phases.indexOf(phases[index]) < index;
    return [
      ...(twice ? [{ path: ['gates', index, 'phase'], message: 'this phase has a gate already' }] : []),
      ...criteria.flatMap((given, place) => {
        const { metric, register } = record(given);
        const at = (field: string): (string | number)[] => ['gates', index, 'criteria', place, field];
        return [
          ...takenName(criteria, place, 'criterion').map((message) => ({ path: at('name'), message })),
          ...unknownName(metric, metrics, 'metric').map((message) => ({ path: at('metric'), message })),
          ...unknownName(register, registers, 'register').map((message) => ({ path: at('register'), message })),
        ];
      }),
    ];
  });
}

function takenNames(all: readonly unknown[], what: string, field: string): Remark[] {
  return all.flatMap((_, index) =>
    takenName(all, index, what).map((message) => ({ path: [field, index, 'name'], message })),
  );
}

const warnedYears = 2;

/** Local times that do not exist, or exist twice, on a day of the next two years: what will be done then is said. */
export function warningsAbout(playbook: Omit<Playbook, 'version'>, from: string): Remark[] {
  const times = [
    { path: ['schedules', 'dailyReconciliation', 'at'], at: playbook.schedules.dailyReconciliation.at },
    { path: ['schedules', 'missedReport', 'at'], at: playbook.schedules.missedReport.at },
    { path: ['schedules', 'reminders', 'at'], at: playbook.schedules.reminders.at },
    { path: ['readiness', 'deadline'], at: playbook.readiness.deadline },
    ...(playbook.schedules.weeklyCheckpoint === undefined
      ? []
      : [{ path: ['schedules', 'weeklyCheckpoint', 'at'], at: playbook.schedules.weeklyCheckpoint.at }]),
  ];
  return [
    ...orderWarnings(playbook),
    ...times.flatMap(({ path, at }) =>
      troubledDays(at, playbook.timeZone, from, warnedYears).map(({ date, kind }) => ({
        path,
        message:
          kind === 'missing'
            ? `${at} does not exist on ${date} in ${playbook.timeZone}, when the clocks go forward: the first moment after the gap is taken`
            : `${at} exists twice on ${date} in ${playbook.timeZone}, when the clocks go back: the first of the two is taken`,
      })),
    ),
  ];
}

/** Times of one day that come in an order in which they can't do what they are for. */
function orderWarnings({ schedules, readiness }: Omit<Playbook, 'version'>): Remark[] {
  const { at } = schedules.dailyReconciliation;
  return [
    ...(readiness.deadline <= at
      ? [
          {
            path: ['readiness', 'deadline'],
            message: `the deadline ${readiness.deadline} is not after the daily reconciliation at ${at}: a held run is tried for an hour instead`,
          },
        ]
      : []),
    ...(schedules.missedReport.at <= at
      ? [
          {
            path: ['schedules', 'missedReport', 'at'],
            message: `the watch at ${schedules.missedReport.at} is not after the daily reconciliation at ${at}: a report that is missing is noticed a day late`,
          },
        ]
      : []),
  ];
}
