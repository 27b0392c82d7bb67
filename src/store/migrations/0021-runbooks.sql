-- A runbook that is carried out; its steps are one with it, so that an act is one change. The audit has every act.
CREATE TABLE runbooks (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  definition jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'paused', 'aborting', 'aborted', 'done')),
  anchor timestamptz NOT NULL,
  moved_minutes integer NOT NULL,
  started_by text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  about text NOT NULL,
  reason text NOT NULL,
  steps jsonb NOT NULL,
  channel text NOT NULL,
  rehearsal jsonb,
  CHECK ((state IN ('aborted', 'done')) = (ended_at IS NOT NULL))
);
-- One at a time in earnest, and one rehearsal.
CREATE UNIQUE INDEX runbooks_open ON runbooks (name, (rehearsal IS NULL)) WHERE ended_at IS NULL;

CREATE FUNCTION refuse_change_of_ended_runbook() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'runbook % has ended: it is % for good', OLD.number, OLD.state;
END $$;
CREATE TRIGGER runbooks_ended BEFORE UPDATE ON runbooks FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)
  EXECUTE FUNCTION refuse_change_of_ended_runbook();

GRANT SELECT, INSERT, UPDATE ON runbooks TO parallel_run_application;
