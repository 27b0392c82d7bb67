-- The weekly checkpoints: their agenda as it was at the hour, and what came of them.
CREATE TABLE checkpoints (
  date date PRIMARY KEY,
  due_at timestamptz NOT NULL,
  agenda jsonb NOT NULL,
  minutes jsonb,
  missed_at timestamptz
);

GRANT SELECT, INSERT, UPDATE ON checkpoints TO parallel_run_application;
