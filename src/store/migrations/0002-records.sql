-- What is on record: failures, one a check and key, and what the team learned.
CREATE TABLE discrepancies (
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  check_name text NOT NULL,
  key text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'resolved')),
  severity integer NOT NULL CHECK (severity BETWEEN 1 AND 3),
  owner text NOT NULL,
  first_seen_at timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  last_run text NOT NULL,
  occurrences integer NOT NULL CHECK (occurrences >= 1),
  resolved_at timestamptz,
  resolved_run text,
  -- The figures of the newest occurrence, with its unit and reason.
  figures jsonb NOT NULL,
  suppressed boolean NOT NULL,
  PRIMARY KEY (check_name, key),
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL AND resolved_run IS NOT NULL))
);
CREATE INDEX discrepancies_open ON discrepancies (opened_at) WHERE state = 'open';

CREATE TABLE lessons (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  date date NOT NULL,
  category text NOT NULL CHECK (category <> ''),
  learning text NOT NULL CHECK (learning <> ''),
  action text NOT NULL,
  owner text,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL
);

-- A record is never lost: nothing here is deleted, and a lesson is never changed.
GRANT SELECT, INSERT, UPDATE ON discrepancies TO parallel_run_application;
GRANT SELECT, INSERT ON lessons TO parallel_run_application;
