-- Headcount and pay of both systems side by side, for people who keep the tables of both in one database and want them in
-- SQL. It runs as it stands on PostgreSQL and on DuckDB. Parallel Run doesn't need it: it asks each system on its own.
--
-- Tables: legacy.employees (status, salary) and fct_workforce_snapshot (simulation_year, scenario_id, employment_status,
-- current_compensation), as in playbook.yml; the population, the tolerances and the verdicts are those of its checks
-- "employees" and "compensation".
--
--   *_difference        new - legacy, signed
--   *_variance_percent  |new - legacy| / |legacy| in percent, rounded to six decimals for reading; NULL where legacy is zero
--   *_verdict           pass, fail or error, from the unrounded figures: exactly at the tolerance passes; a legacy figure
--                       of zero is an error unless both are zero; no figure at all is an error

CREATE OR REPLACE VIEW parallel_run_metrics AS
WITH legacy_metrics AS (
  SELECT
    CAST(count(*) AS DECIMAL(18, 0)) AS legacy_employee_count,
    CAST(sum(CAST(salary AS DECIMAL(18, 2))) AS DECIMAL(30, 2)) AS legacy_total_compensation
  FROM legacy.employees
  WHERE status = 'A'
),
new_metrics AS (
  SELECT
    CAST(count(*) AS DECIMAL(18, 0)) AS new_employee_count,
    -- Pay is binary floating point there: it becomes a decimal before it is summed, not after.
    CAST(sum(CAST(current_compensation AS DECIMAL(18, 2))) AS DECIMAL(30, 2)) AS new_total_compensation
  FROM fct_workforce_snapshot
  WHERE simulation_year = 2029 AND scenario_id = 'baseline' AND employment_status = 'active'
),
differences AS (
  SELECT
    *,
    new_employee_count - legacy_employee_count AS employee_count_difference,
    new_total_compensation - legacy_total_compensation AS total_compensation_difference
  FROM legacy_metrics
  CROSS JOIN new_metrics
)
SELECT
  current_timestamp AS measured_at,
  legacy_employee_count,
  new_employee_count,
  employee_count_difference,
  CAST(100 * abs(employee_count_difference) / nullif(abs(legacy_employee_count), 0) AS DECIMAL(30, 6))
    AS employee_count_variance_percent,
  CASE
    WHEN employee_count_difference = 0 THEN 'pass'
    WHEN legacy_employee_count = 0 THEN 'error'
    WHEN 100 * abs(employee_count_difference) <= 0 * abs(legacy_employee_count) THEN 'pass'
    ELSE 'fail'
  END AS employee_count_verdict,
  legacy_total_compensation,
  new_total_compensation,
  total_compensation_difference,
  CAST(100 * abs(total_compensation_difference) / nullif(abs(legacy_total_compensation), 0) AS DECIMAL(30, 6))
    AS total_compensation_variance_percent,
  CASE
    WHEN total_compensation_difference IS NULL THEN 'error'
    WHEN total_compensation_difference = 0 THEN 'pass'
    WHEN legacy_total_compensation = 0 THEN 'error'
    WHEN 100 * abs(total_compensation_difference) <= 0.1 * abs(legacy_total_compensation) THEN 'pass'
    ELSE 'fail'
  END AS total_compensation_verdict,
  CAST(legacy_total_compensation / nullif(legacy_employee_count, 0) AS DECIMAL(30, 2)) AS legacy_average_compensation,
  CAST(new_total_compensation / nullif(new_employee_count, 0) AS DECIMAL(30, 2)) AS new_average_compensation
FROM differences;
