-- Who is in the chat's user groups that hold roles, as the platform said it last: a shell can't ask, and chat may be down.
CREATE TABLE user_groups (
  name text PRIMARY KEY CHECK (name <> ''),
  members text[] NOT NULL,
  read_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON user_groups TO parallel_run_application;
