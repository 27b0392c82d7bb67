-- When a runbook's card was posted anew, on a later day than the one before it; null: it hangs where it was first posted.
ALTER TABLE runbooks ADD COLUMN hung_at timestamptz;
