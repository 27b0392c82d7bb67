-- Occasions on which a trigger fired, one open at a time for each trigger.
CREATE TABLE incidents (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  trigger text NOT NULL,
  state text NOT NULL CHECK (state IN ('firing', 'acknowledged', 'snoozed', 'proposed', 'dismissed', 'cleared')),
  opened_by text NOT NULL,
  opened_at timestamptz NOT NULL,
  firing_at timestamptz NOT NULL,
  count integer NOT NULL CHECK (count >= 1),
  figure text NOT NULL,
  "limit" text NOT NULL,
  command text,
  source text,
  reported boolean NOT NULL,
  acted_by text,
  reason text NOT NULL,
  snoozed_until timestamptz,
  cleared_at timestamptz,
  CHECK ((state = 'cleared') = (cleared_at IS NOT NULL)),
  CHECK ((state = 'snoozed') = (snoozed_until IS NOT NULL))
);
CREATE UNIQUE INDEX incidents_open ON incidents (trigger) WHERE state <> 'cleared';
CREATE INDEX incidents_trigger ON incidents (trigger, number DESC);

GRANT SELECT, INSERT, UPDATE ON incidents TO parallel_run_application;
