-- What people say of the new system, at any time.
CREATE TABLE feedback (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  text text NOT NULL CHECK (text <> ''),
  by text NOT NULL,
  at timestamptz NOT NULL
);

GRANT SELECT, INSERT ON feedback TO parallel_run_application;
