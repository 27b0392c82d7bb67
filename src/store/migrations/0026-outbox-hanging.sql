-- Whoever presses a button is answered with the card that hangs there.
CREATE INDEX outbox_hanging ON outbox (channel, external_id) WHERE external_id IS NOT NULL;
