-- Whom a survey asks, each by the one name that the playbook gives them; empty: everybody in the channel.
ALTER TABLE surveys ADD COLUMN people text[] NOT NULL DEFAULT '{}';
