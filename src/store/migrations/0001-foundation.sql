-- Runs and their findings. Figures are exact decimals as text, because a run is shown again exactly as it was.
CREATE TABLE runs (
  id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('pass', 'fail', 'error', 'held')),
  slot timestamptz UNIQUE,
  requested_by jsonb NOT NULL,
  playbook_version text NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  attempts integer NOT NULL CHECK (attempts >= 1),
  batch jsonb NOT NULL
);
CREATE INDEX runs_by_start ON runs (started_at DESC);

-- One check of a run, as it was declared at the time.
CREATE TABLE run_checks (
  run_id text NOT NULL REFERENCES runs ON DELETE CASCADE,
  position integer NOT NULL,
  "check" text NOT NULL,
  title text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('scalar', 'distribution', 'growth')),
  unit text NOT NULL CHECK (unit IN ('%', 'points')),
  tolerance text NOT NULL,
  severity integer NOT NULL CHECK (severity IN (1, 2, 3)),
  owner text NOT NULL,
  action text NOT NULL,
  critical boolean NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('pass', 'fail', 'error')),
  reason text NOT NULL,
  sql_hash_legacy text NOT NULL,
  sql_hash_new text NOT NULL,
  duration_milliseconds_legacy double precision NOT NULL,
  duration_milliseconds_new double precision NOT NULL,
  PRIMARY KEY (run_id, position)
);
CREATE INDEX run_checks_by_name ON run_checks ("check", run_id);

CREATE TABLE findings (
  run_id text NOT NULL,
  check_position integer NOT NULL,
  position integer NOT NULL,
  "check" text NOT NULL,
  key text NOT NULL,
  legacy text,
  new text,
  difference text,
  variance text,
  unit text NOT NULL CHECK (unit IN ('%', 'points')),
  tolerance text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('pass', 'fail', 'error')),
  reason text NOT NULL,
  suppressed boolean NOT NULL,
  PRIMARY KEY (run_id, check_position, position),
  FOREIGN KEY (run_id, check_position) REFERENCES run_checks ON DELETE CASCADE
);
CREATE INDEX findings_suppressed ON findings ("check", key) WHERE suppressed;

-- The audit: each entry carries the hash of the one before. The head row serialises its writers.
CREATE TABLE audit (
  sequence bigint PRIMARY KEY CHECK (sequence >= 1),
  at text NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  details jsonb NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL UNIQUE
);
CREATE TABLE audit_head (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  sequence bigint NOT NULL,
  hash text NOT NULL
);
INSERT INTO audit_head (sequence, hash) VALUES (0, repeat('0', 64));

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only: % is refused', tg_op USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER audit_is_not_truncated BEFORE TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();

-- What is to be said, and where what was said hangs.
CREATE TABLE outbox_platforms (
  platform text PRIMARY KEY,
  next_at timestamptz NOT NULL DEFAULT '-infinity',
  stopped_at timestamptz,
  stopped_reason text
);
CREATE TABLE outbox_lanes (
  lane text PRIMARY KEY,
  platform text NOT NULL REFERENCES outbox_platforms,
  next_at timestamptz NOT NULL DEFAULT '-infinity',
  lease_until timestamptz,
  fence bigint NOT NULL DEFAULT 0
);
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  subject text NOT NULL,
  lane text NOT NULL REFERENCES outbox_lanes,
  platform text NOT NULL,
  channel text NOT NULL,
  visibility text NOT NULL CHECK (visibility IN ('channel', 'private', 'home')),
  response_url text,
  parent text REFERENCES outbox (key),
  content jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1,
  delivered_version integer NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'unknown', 'dead', 'gone')),
  external_id text,
  search boolean NOT NULL DEFAULT false,
  in_flight boolean NOT NULL DEFAULT false,
  attempts integer NOT NULL DEFAULT 0,
  reason text,
  next_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  sent_at timestamptz
);
CREATE INDEX outbox_due ON outbox (lane, id) WHERE state = 'pending';
CREATE INDEX outbox_by_parent ON outbox (parent) WHERE parent IS NOT NULL;
CREATE INDEX outbox_by_subject ON outbox (subject);
CREATE INDEX outbox_by_state ON outbox (state, id) WHERE state IN ('unknown', 'dead');

-- What people asked.
CREATE TABLE inbox (
  id text PRIMARY KEY,
  request jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  lease_until timestamptz,
  fence bigint NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX inbox_waiting ON inbox (next_at) WHERE state = 'waiting';

-- When a schedule was due, and what came of it.
CREATE TABLE schedule_slots (
  name text NOT NULL,
  at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'done', 'missed')),
  lease_until timestamptz,
  fence bigint NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  planned_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (name, at)
);
CREATE INDEX schedule_slots_due ON schedule_slots (next_at) WHERE state = 'due';

-- The application appends to the audit and never changes it; everything else it reads and writes.
GRANT USAGE ON SCHEMA parallel_run TO parallel_run_application;
GRANT SELECT, INSERT, UPDATE, DELETE ON runs, run_checks, findings, outbox_platforms, outbox_lanes, outbox, inbox,
  schedule_slots TO parallel_run_application;
GRANT SELECT, INSERT ON audit TO parallel_run_application;
GRANT SELECT, UPDATE ON audit_head TO parallel_run_application;
GRANT SELECT ON migrations TO parallel_run_application;
