/** What differs between the playbooks of the suites that kill bots. */
export interface CrashPlaybook {
  /** yyyy-mm-dd. */
  readonly startDate: string;
  /** A line of YAML a role. */
  readonly roles: readonly string[];
  /** The role that the one check belongs to. */
  readonly owner: string;
  /** What the check counts in the new system. */
  readonly newTable: 'legacy_people' | 'new_people';
  /** When the one daily run is due, as YAML. */
  readonly dailyReconciliation: string;
  /** Further sections of YAML, each beginning at the margin. */
  readonly more?: string;
}

/** A playbook of one check over the tables of a `World`, in UTC. */
export function crashPlaybookOf(of: CrashPlaybook): string {
  return `
name: Crash test
timeZone: UTC
workingDays: [monday, tuesday, wednesday, thursday, friday]
startDate: ${of.startDate}
channels: { reconciliation: "\${RECONCILIATION_CHANNEL}", alerts: "\${ALERTS_CHANNEL}" }
roles:
${of.roles.map((role) => `  ${role}`).join('\n')}
sources:
  legacy: { kind: postgresql, title: Legacy, url: "\${LEGACY_DATABASE_URL}" }
  new: { kind: postgresql, title: New, url: "\${LEGACY_DATABASE_URL}" }
readiness:
  sync: { source: new, query: "select * from sync_runs order by batch_date desc limit 1" }
  batchDate: today
  deadline: "10:00"
  retryMinutes: 15
checks:
  - name: employees
    title: Employee Count
    kind: scalar
    legacy: select count(*) as value from legacy_people
    new: select count(*) as value from ${of.newTable}
    tolerance: 0 %
    severity: 1
    owner: ${of.owner}
    action: Investigate at once
    critical: true
${of.more ?? ''}
schedules:
  dailyReconciliation: ${of.dailyReconciliation}
  missedReport: { at: "23:00" }
`;
}
