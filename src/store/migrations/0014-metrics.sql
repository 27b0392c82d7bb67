-- Figures of metrics, and which of them was accepted as the baseline: neither is ever changed.
CREATE TABLE metric_readings (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  metric text NOT NULL,
  value numeric NOT NULL,
  measured_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by text NOT NULL,
  note text NOT NULL
);
CREATE INDEX metric_readings_newest ON metric_readings (metric, measured_at DESC, number DESC);

CREATE TABLE metric_baselines (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  metric text NOT NULL,
  reading text NOT NULL UNIQUE REFERENCES metric_readings (key),
  accepted_at timestamptz NOT NULL,
  accepted_by text NOT NULL
);
CREATE INDEX metric_baselines_newest ON metric_baselines (metric, number DESC);

GRANT SELECT, INSERT ON metric_readings, metric_baselines TO parallel_run_application;
