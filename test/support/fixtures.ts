import type { Card } from '../../src/core/cards/card.ts';
import type { CheckResult, Finding, Run } from '../../src/core/checks/run.ts';
import type { RowComparisonResult } from '../../src/core/rows/result.ts';
import type { Message } from '../../src/core/messages/message.ts';
import type { Reading } from '../../src/core/metrics/reading.ts';
import type { Discrepancy, Measured, Reported } from '../../src/core/records/discrepancy.ts';
import type { Actor, Request } from '../../src/core/request.ts';

/** Monday, 23 November 2026, 07:00 in New York. */
export const someMoment = '2026-11-23T12:00:00.000Z';

/** That moment, so many milliseconds later. */
export const later = (milliseconds: number): Date => new Date(Date.parse(someMoment) + milliseconds);

export const anActor = (overrides: Partial<Actor> = {}): Actor => ({
  platform: 'slack',
  workspace: 'T0TEST',
  user: 'U0ANA',
  name: 'Ana',
  ...overrides,
});

/** A scalar that passes exactly. */
export const aFinding = (overrides: Partial<Finding> = {}): Finding => ({
  check: 'employees',
  key: 'employees',
  legacy: '1250',
  new: '1250',
  difference: '0',
  variance: '0',
  unit: '%',
  tolerance: '0',
  verdict: 'pass',
  reason: '',
  suppressed: false,
  ...overrides,
});

/** A check and what it found; findings that are not given follow the check's name, unit, tolerance and verdict. */
export const aCheckResult = (overrides: Partial<CheckResult> = {}): CheckResult => {
  const { check = 'employees', unit = '%', tolerance = '0', verdict = 'pass' } = overrides;
  return {
    check,
    title: 'Employee Count',
    kind: 'scalar',
    unit,
    tolerance,
    severity: 1,
    owner: 'dataOwner',
    action: 'Investigate at once',
    critical: true,
    verdict,
    reason: '',
    sqlHash: { legacy: 'a'.repeat(64), new: 'b'.repeat(64) },
    durationMilliseconds: { legacy: 12, new: 34 },
    findings: [aFinding({ check, key: check, unit, tolerance, verdict })],
    ...overrides,
  };
};

/** Twelve thousand rows of which all but 52 agree, which is enough. */
export const aRowComparison = (overrides: Partial<RowComparisonResult> = {}): RowComparisonResult => ({
  comparison: 'people',
  title: 'People of 2029',
  agreement: '99.5',
  verdict: 'pass',
  reason: '',
  rows: { legacy: 12_000, new: 11_999 },
  agree: 11_948,
  differ: 51,
  only: { legacy: 1, new: 0 },
  repeated: { keys: 0, rows: { legacy: 0, new: 0 } },
  nullKeys: { legacy: 0, new: 0 },
  columns: [
    { column: 'name', differ: 0 },
    { column: 'status', differ: 3 },
    { column: 'compensation', differ: 50 },
  ],
  unread: 0,
  unsettled: null,
  integrity: [],
  evidence: {
    snapshots: { legacy: 'legacy at snapshot 7:7:', new: 'new.duckdb, 4096 bytes' },
    sql: { legacy: 'SELECT 1 AS id', new: 'SELECT 1 AS id' },
    key: ['id'],
    rules: {},
    way: null,
    checksums: null,
  },
  causes: [],
  explanations: [],
  ...overrides,
});

/** A run that passes; its state follows from its checks unless given. */
export const aRun = (overrides: Partial<Run> = {}): Run => {
  const checks = overrides.checks ?? [aCheckResult()];
  const verdicts = [...checks, ...(overrides.comparisons ?? [])].map(({ verdict }) => verdict);
  const state = verdicts.includes('error') ? 'error' : verdicts.includes('fail') ? 'fail' : 'pass';
  return {
    id: '20261123-k3f9a',
    state,
    slot: null,
    requestedBy: anActor(),
    playbookVersion: '0123456789ab',
    startedAt: someMoment,
    finishedAt: '2026-11-23T12:00:04.000Z',
    attempts: 1,
    batch: {
      ready: true,
      reasons: [],
      date: '2026-11-22',
      syncStartedAt: '2026-11-23T10:00:00.000Z',
      syncFinishedAt: '2026-11-23T10:24:00.000Z',
      syncSeconds: 1440,
      syncWithinLimit: true,
      syncLimitMinutes: 60,
      rowsSent: '1250',
      rowsLoaded: '1250',
    },
    comparisons: [],
    ...overrides,
    checks,
  };
};

export const aCard = (overrides: Partial<Card> = {}): Card => ({
  title: 'All checks pass',
  tone: 'good',
  summary: 'All checks pass.',
  body: [{ kind: 'text', text: 'Nothing to do.' }],
  ...overrides,
});

/** A card for a channel. */
export const aMessage = (overrides: Partial<Message> = {}): Message => ({
  key: 'run/20261123-k3f9a',
  subject: 'run/20261123-k3f9a',
  place: { platform: 'slack', channel: 'C0RECON', visibility: 'channel' },
  content: { kind: 'card', card: aCard() },
  ...overrides,
});

/** A slash command, answered privately. */
export const aRequest = (overrides: Partial<Request> = {}): Request => ({
  id: 'Ev0001',
  actor: anActor(),
  place: {
    platform: 'slack',
    channel: 'C0RECON',
    visibility: 'private',
    responseUrl: 'https://hooks.slack.test/commands/1',
  },
  words: 'status',
  receivedAt: someMoment,
  ...overrides,
});

/** What a check of the level distribution found once. */
export const aMeasurement = (overrides: Partial<Measured> = {}): Measured => ({
  check: 'levels',
  key: 'L3',
  lastSeenAt: someMoment,
  lastRun: '20261123-k3f9a',
  occurrences: 1,
  legacy: '798',
  new: '810',
  difference: '12',
  variance: '1.503759398497',
  unit: '%',
  reason: '',
  suppressed: false,
  ...overrides,
});

/** An open one of the level distribution, seen once. */
export const aDiscrepancy = (overrides: Partial<Discrepancy> = {}): Discrepancy => ({
  number: 1,
  measured: aMeasurement(),
  reported: null,
  state: 'open',
  severity: 2,
  owner: 'analysts',
  assignee: null,
  firstSeenAt: someMoment,
  openedAt: someMoment,
  dueAt: '2026-11-24T12:00:00.000Z',
  resolvedAt: null,
  actedAt: null,
  acceptance: null,
  snooze: null,
  ...overrides,
});

/** What a person reported. */
export const aReport = (overrides: Partial<Reported> = {}): Reported => ({
  title: 'Bonus of leavers is missing',
  description: 'Seen in the March payroll of three people.',
  link: 'https://example.slack.com/archives/C0RECON/p1763899200000100',
  by: 'slack:T0TEST/U0BEN',
  ...overrides,
});

/** A p95 that is on target. */
export const aReading = (overrides: Partial<Reading> = {}): Reading => ({
  key: 'report/1',
  metric: 'p95',
  value: '1.8',
  measuredAt: someMoment,
  recordedAt: someMoment,
  recordedBy: 'webhook',
  note: '',
  ...overrides,
});
