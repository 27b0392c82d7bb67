-- When the parallel run began, and what became of the tasks of its plan. Nothing is ever changed: what holds is the
-- newest row, and the primary key lets one of two people who act at once through.
CREATE TABLE start_dates (
  number integer PRIMARY KEY CHECK (number >= 1),
  date date NOT NULL,
  set_by text NOT NULL,
  set_at timestamptz NOT NULL
);

CREATE TABLE task_changes (
  task text NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  state text NOT NULL CHECK (state IN ('open', 'done')),
  changed_by text NOT NULL,
  changed_by_name text NOT NULL,
  changed_at timestamptz NOT NULL,
  evidence text NOT NULL CHECK (evidence <> '' AND length(evidence) <= 2000),
  people integer CHECK (people >= 0),
  PRIMARY KEY (task, number)
);

GRANT SELECT, INSERT ON start_dates, task_changes TO parallel_run_application;
