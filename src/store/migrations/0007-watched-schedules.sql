-- Since when a schedule is watched: what was due after that and never began is missed, also when it is its first.
CREATE TABLE schedule_watches (
  name text PRIMARY KEY,
  since timestamptz NOT NULL
);

GRANT SELECT, INSERT ON schedule_watches TO parallel_run_application;
