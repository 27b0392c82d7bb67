-- Who answers for a criterion of a gate that is not green, and until when. A waiver is never changed: a newer one counts.
CREATE TABLE gate_waivers (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  phase integer NOT NULL CHECK (phase BETWEEN 1 AND 3),
  criterion text NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  owner text NOT NULL,
  until date NOT NULL,
  by text NOT NULL,
  at timestamptz NOT NULL
);

GRANT SELECT, INSERT ON gate_waivers TO parallel_run_application;
