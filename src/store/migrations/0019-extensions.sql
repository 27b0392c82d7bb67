-- Phase 3 may be extended by whole weeks: every date after it moves.
ALTER TABLE start_dates ADD COLUMN extension_weeks integer NOT NULL DEFAULT 0 CHECK (extension_weeks BETWEEN 0 AND 52);
