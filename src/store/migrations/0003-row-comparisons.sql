-- What came of comparing rows in a run: counts, never a row. The application shows it again as it was.
CREATE TABLE row_comparisons (
  run_id text NOT NULL REFERENCES runs ON DELETE CASCADE,
  position integer NOT NULL,
  comparison text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('pass', 'fail', 'error')),
  result jsonb NOT NULL,
  PRIMARY KEY (run_id, position)
);
CREATE INDEX row_comparisons_by_name ON row_comparisons (comparison, run_id);

GRANT SELECT, INSERT, DELETE ON row_comparisons TO parallel_run_application;
