-- A discrepancy may be reported by a person, is worked on, accepted for a while, and keeps its history.
ALTER TABLE discrepancies DROP CONSTRAINT discrepancies_check;
ALTER TABLE discrepancies DROP CONSTRAINT discrepancies_state_check;
ALTER TABLE discrepancies DROP CONSTRAINT discrepancies_pkey;
ALTER TABLE discrepancies DROP CONSTRAINT discrepancies_number_key;
DROP INDEX discrepancies_open;
ALTER TABLE discrepancies
  ADD PRIMARY KEY (number),
  ADD UNIQUE (check_name, key),
  ALTER COLUMN check_name DROP NOT NULL,
  ALTER COLUMN key DROP NOT NULL,
  ALTER COLUMN last_seen_at DROP NOT NULL,
  ALTER COLUMN last_run DROP NOT NULL,
  ALTER COLUMN occurrences DROP NOT NULL,
  ALTER COLUMN figures DROP NOT NULL,
  ALTER COLUMN suppressed DROP NOT NULL,
  ADD COLUMN title text CHECK (title <> ''),
  ADD COLUMN description text,
  ADD COLUMN link text,
  ADD COLUMN reported_by text,
  ADD COLUMN assignee text,
  ADD COLUMN due_at timestamptz,
  ADD COLUMN acted_at timestamptz,
  ADD COLUMN accepted_amount numeric,
  ADD COLUMN accepted_reason text,
  ADD COLUMN accepted_by text,
  ADD COLUMN accepted_until date,
  ADD COLUMN snoozed_until timestamptz,
  ADD COLUMN snooze_reason text;
UPDATE discrepancies SET due_at = opened_at + interval '72 hours';
ALTER TABLE discrepancies
  ALTER COLUMN due_at SET NOT NULL,
  ADD CHECK (state IN ('open', 'investigating', 'explained', 'resolved', 'rejected')),
  -- Found by a check, or reported by a person.
  ADD CHECK ((check_name IS NULL) = (title IS NOT NULL)),
  ADD CHECK ((check_name IS NULL) = (key IS NULL) AND (check_name IS NULL) = (last_seen_at IS NULL)
    AND (check_name IS NULL) = (last_run IS NULL) AND (check_name IS NULL) = (occurrences IS NULL)
    AND (check_name IS NULL) = (figures IS NULL) AND (check_name IS NULL) = (suppressed IS NULL)),
  ADD CHECK ((title IS NULL) = (description IS NULL) AND (title IS NULL) = (reported_by IS NULL)),
  ADD CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
  -- Never explained without somebody who answers for it, and a last day.
  ADD CHECK ((state = 'explained') = (accepted_until IS NOT NULL)),
  ADD CHECK ((accepted_until IS NULL) = (accepted_reason IS NULL) AND (accepted_until IS NULL) = (accepted_by IS NULL)),
  ADD CHECK (accepted_amount IS NULL OR accepted_until IS NOT NULL),
  ADD CHECK ((snoozed_until IS NULL) = (snooze_reason IS NULL));
CREATE INDEX discrepancies_active ON discrepancies (opened_at) WHERE state IN ('open', 'investigating', 'explained');

CREATE TABLE discrepancy_entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number bigint NOT NULL REFERENCES discrepancies,
  at timestamptz NOT NULL,
  by text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('reported', 'comment', 'state', 'assigned', 'severity', 'run', 'snoozed', 'called')),
  text text NOT NULL
);
CREATE INDEX discrepancy_entries_number ON discrepancy_entries (number, id);
INSERT INTO discrepancy_entries (number, at, by, kind, text)
  SELECT number, resolved_at, 'clock', 'state', 'Passed in run ' || resolved_run FROM discrepancies
  WHERE resolved_run IS NOT NULL ORDER BY number;
ALTER TABLE discrepancies DROP COLUMN resolved_run;

GRANT SELECT, INSERT ON discrepancy_entries TO parallel_run_application;
