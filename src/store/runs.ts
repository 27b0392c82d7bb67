import type { CheckResult, Finding, Run } from '../core/checks/run.ts';
import type { RowComparisonResult, RowCounts } from '../core/rows/result.ts';
import type { RunStore } from '../core/store.ts';
import { toJson } from './json.ts';
import { iso, isoOrNull, type Query } from './query.ts';

interface RunRow {
  id: string;
  state: Run['state'];
  slot: Date | null;
  requested_by: Run['requestedBy'];
  playbook_version: string;
  started_at: Date;
  finished_at: Date;
  attempts: number;
  batch: Run['batch'];
}

type CheckRow = Omit<CheckResult, 'sqlHash' | 'durationMilliseconds' | 'findings'> & {
  run_id: string;
  position: number;
  sql_hash_legacy: string;
  sql_hash_new: string;
  duration_milliseconds_legacy: number;
  duration_milliseconds_new: number;
};

type FindingRow = Finding & { run_id: string; check_position: number; position: number };

export function runStore(query: Query): RunStore {
  const findAll = async (ids: readonly string[]): Promise<Run[]> => {
    if (ids.length === 0) return [];
    const runs = await query<RunRow>('select * from runs where id = any($1) order by started_at desc, id desc', [ids]);
    const checks = await query<CheckRow>('select * from run_checks where run_id = any($1) order by run_id, position', [
      ids,
    ]);
    const findings = await query<FindingRow>(
      'select * from findings where run_id = any($1) order by run_id, check_position, position',
      [ids],
    );
    const comparisons = await query<{ run_id: string; result: RowComparisonResult }>(
      'select run_id, result from row_comparisons where run_id = any($1) order by run_id, position',
      [ids],
    );
    const comparisonsOf = groupBy(comparisons.rows, (row) => row.run_id);
    const findingsOf = groupBy(findings.rows, (row) => `${row.check_position} ${row.run_id}`);
    const checksOf = groupBy(checks.rows, (row) => row.run_id);
    return runs.rows.map((run) =>
      toRun(
        run,
        (checksOf.get(run.id) ?? []).map((row) => toCheck(row, findingsOf.get(`${row.position} ${row.run_id}`) ?? [])),
        (comparisonsOf.get(run.id) ?? []).map(({ result }) => result),
      ),
    );
  };
  const idsOf = async (sql: string, values: readonly unknown[]): Promise<string[]> =>
    (await query<{ id: string }>(sql, values)).rows.map(({ id }) => id);

  return {
    async save(run) {
      const stored = await query<{ state: string }>('select state from runs where id = $1 for update', [run.id]);
      const state = stored.rows[0]?.state;
      if (state !== undefined && state !== 'held') {
        throw new Error(`run ${run.id} is stored as "${state}" and never changes; a new run needs an id of its own`);
      }
      await query('delete from runs where id = $1', [run.id]);
      await query(
        `insert into runs (id, state, slot, requested_by, playbook_version, started_at, finished_at, attempts, batch)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          run.id,
          run.state,
          run.slot,
          toJson(run.requestedBy),
          run.playbookVersion,
          run.startedAt,
          run.finishedAt,
          run.attempts,
          toJson(run.batch),
        ],
      );
      await insertChecks(query, run);
      await insertFindings(query, run);
      await insertComparisons(query, run);
    },

    find: async (id) => (await findAll([id]))[0],
    findBySlot: async (slot) => (await findAll(await idsOf('select id from runs where slot = $1', [slot])))[0],
    list: async ({ limit, scheduled, before }) =>
      findAll(
        await idsOf(
          `select id from runs
           where ($2::boolean is null or (slot is not null) = $2) and ($3::timestamptz is null or started_at < $3)
           order by started_at desc, id desc limit $1`,
          [limit, scheduled ?? null, before ?? null],
        ),
      ),
    async history(check, limit) {
      const ids = await idsOf(
        `select r.id from runs r where exists (select from run_checks c where c.run_id = r.id and c."check" = $1)
         order by started_at desc, id desc limit $2`,
        [check, limit],
      );
      return (await findAll(ids)).map((run) => ({
        run,
        findings: run.checks.filter((one) => one.check === check).flatMap(({ findings }) => findings),
      }));
    },
    async rowsOf(comparison) {
      const { rows } = await query<{ rows: RowCounts }>(
        `select c.result->'rows' as rows from row_comparisons c join runs r on r.id = c.run_id
         where c.comparison = $1 and c.verdict <> 'error' order by r.started_at desc, r.id desc limit 1`,
        [comparison],
      );
      return rows[0]?.rows;
    },
    async hiddenCauses(check) {
      const { rows } = await query<{ name: string }>(
        `select distinct coalesce(part->>'column', part->>'what') as name
         from row_comparisons c, jsonb_array_elements(c.result->'explanations') explanation,
           jsonb_array_elements(explanation->'parts') part
         where explanation->>'check' = $1 and (part->>'suppressed')::boolean`,
        [check],
      );
      return new Set(rows.map(({ name }) => name));
    },
    async suppressedKeys(check) {
      const { rows } = await query<{ key: string }>(
        'select distinct key from findings where "check" = $1 and suppressed',
        [check],
      );
      return new Set(rows.map(({ key }) => key));
    },
  };
}

async function insertChecks(query: Query, run: Run): Promise<void> {
  const rows = run.checks.map(({ sqlHash, durationMilliseconds, findings: _findings, ...check }, position) => ({
    ...check,
    run_id: run.id,
    position,
    sql_hash_legacy: sqlHash.legacy,
    sql_hash_new: sqlHash.new,
    duration_milliseconds_legacy: durationMilliseconds.legacy,
    duration_milliseconds_new: durationMilliseconds.new,
  }));
  await query('insert into run_checks select * from jsonb_populate_recordset(null::run_checks, $1::jsonb)', [
    toJson(rows),
  ]);
}

async function insertFindings(query: Query, run: Run): Promise<void> {
  const rows = run.checks.flatMap(({ findings }, checkPosition) =>
    findings.map((finding, position) => ({ ...finding, run_id: run.id, check_position: checkPosition, position })),
  );
  await query('insert into findings select * from jsonb_populate_recordset(null::findings, $1::jsonb)', [toJson(rows)]);
}

async function insertComparisons(query: Query, run: Run): Promise<void> {
  const rows = run.comparisons.map((result, position) => ({
    run_id: run.id,
    position,
    comparison: result.comparison,
    verdict: result.verdict,
    result,
  }));
  if (rows.length === 0) return;
  await query('insert into row_comparisons select * from jsonb_populate_recordset(null::row_comparisons, $1::jsonb)', [
    toJson(rows),
  ]);
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function toRun(run: RunRow, checks: readonly CheckResult[], comparisons: readonly RowComparisonResult[]): Run {
  return {
    id: run.id,
    state: run.state,
    slot: isoOrNull(run.slot),
    requestedBy: run.requested_by,
    playbookVersion: run.playbook_version,
    startedAt: iso(run.started_at),
    finishedAt: iso(run.finished_at),
    attempts: run.attempts,
    batch: run.batch,
    checks,
    comparisons,
  };
}

function toCheck(row: CheckRow, findings: readonly FindingRow[]): CheckResult {
  const {
    run_id: _runId,
    position: _position,
    sql_hash_legacy: hashLegacy,
    sql_hash_new: hashNew,
    duration_milliseconds_legacy: durationLegacy,
    duration_milliseconds_new: durationNew,
    ...check
  } = row;
  return {
    ...check,
    sqlHash: { legacy: hashLegacy, new: hashNew },
    durationMilliseconds: { legacy: durationLegacy, new: durationNew },
    findings: findings.map(({ run_id: _run, check_position: _checkPosition, position: _place, ...finding }) => finding),
  };
}
