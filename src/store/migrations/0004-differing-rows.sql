-- Rows that did not agree in a run, with their values: kept until a time, for those who may see them.
CREATE TABLE differing_rows (
  run_id text NOT NULL REFERENCES runs ON DELETE CASCADE,
  comparison text NOT NULL,
  until timestamptz NOT NULL,
  differences jsonb NOT NULL,
  PRIMARY KEY (run_id, comparison)
);
CREATE INDEX differing_rows_until ON differing_rows (until);

GRANT SELECT, INSERT, UPDATE, DELETE ON differing_rows TO parallel_run_application;
