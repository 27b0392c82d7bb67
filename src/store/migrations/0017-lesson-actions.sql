-- A lesson's action may be something that must be done before a phase is left; what was done about it is on record.
ALTER TABLE lessons ADD COLUMN blocks integer CHECK (blocks IS NULL OR (blocks BETWEEN 1 AND 3 AND action <> ''));

CREATE TABLE lessons_done (
  lesson bigint PRIMARY KEY REFERENCES lessons,
  evidence text NOT NULL CHECK (evidence <> ''),
  by text NOT NULL,
  at timestamptz NOT NULL
);

GRANT SELECT, INSERT ON lessons_done TO parallel_run_application;
