-- A question that people with given roles answer on the evidence that they see. What has ended stays as it is.
CREATE TABLE decisions (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  about text NOT NULL,
  proposal jsonb NOT NULL,
  question text NOT NULL CHECK (question <> ''),
  rules jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'decided', 'expired', 'withdrawn', 'superseded')),
  evidence_version integer NOT NULL CHECK (evidence_version >= 1),
  opened_by text NOT NULL,
  asker text,
  opened_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  closed_at timestamptz,
  closed_by text,
  outcome text,
  reason text NOT NULL DEFAULT '',
  CHECK ((state = 'pending') = (closed_at IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL)),
  CHECK ((state = 'decided') = (outcome IS NOT NULL)),
  CHECK (state <> 'withdrawn' OR reason <> '')
);
CREATE UNIQUE INDEX decisions_pending ON decisions (kind, about) WHERE state = 'pending';

-- What was on the table, version by version.
CREATE TABLE decision_evidence (
  decision bigint NOT NULL REFERENCES decisions (number),
  version integer NOT NULL CHECK (version >= 1),
  items jsonb NOT NULL,
  hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  at timestamptz NOT NULL,
  PRIMARY KEY (decision, version)
);

-- A person's newest answer counts.
CREATE TABLE decision_answers (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  decision bigint NOT NULL,
  person text NOT NULL,
  option text NOT NULL,
  reason text NOT NULL,
  evidence_version integer NOT NULL,
  by text NOT NULL,
  at timestamptz NOT NULL,
  FOREIGN KEY (decision, evidence_version) REFERENCES decision_evidence (decision, version)
);
CREATE INDEX decision_answers_decision ON decision_answers (decision, number);

CREATE TABLE decision_delegations (
  decision bigint NOT NULL REFERENCES decisions (number),
  "from" text NOT NULL,
  "to" text NOT NULL CHECK ("to" <> "from"),
  role text NOT NULL,
  reason text NOT NULL,
  by text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (decision, "from", role)
);

-- A code is used once; those that a person had before are void as soon as they get new ones.
CREATE TABLE one_time_codes (
  hash text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
  person text NOT NULL,
  issued_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX one_time_codes_person ON one_time_codes (person) WHERE ended_at IS NULL;

-- What has ended is changed by nobody, whatever the program does.
CREATE FUNCTION refuse_change_of_ended_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'decision % has ended: it is % for good', OLD.number, OLD.state;
END $$;
CREATE TRIGGER decisions_ended BEFORE UPDATE ON decisions FOR EACH ROW WHEN (OLD.state <> 'pending')
  EXECUTE FUNCTION refuse_change_of_ended_decision();

GRANT SELECT, INSERT, UPDATE ON decisions TO parallel_run_application;
GRANT SELECT, INSERT ON decision_evidence, decision_answers, decision_delegations TO parallel_run_application;
GRANT SELECT, INSERT, UPDATE ON one_time_codes TO parallel_run_application;
