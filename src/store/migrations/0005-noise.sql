-- How much legacy differs from its own copy or last load, by column: a share of the rows, 0 to 1.
CREATE TABLE noise_baselines (
  comparison text PRIMARY KEY,
  measured_at timestamptz NOT NULL,
  columns jsonb NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON noise_baselines TO parallel_run_application;
