-- Where Teams takes messages for a channel or a person, as it said it last: the bot can speak first only where it knows that.
CREATE TABLE conversation_references (
  platform text NOT NULL,
  channel text NOT NULL CHECK (channel <> ''),
  conversation text NOT NULL CHECK (conversation <> ''),
  service_url text NOT NULL CHECK (service_url <> ''),
  bot text NOT NULL,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (platform, channel)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON conversation_references TO parallel_run_application;
