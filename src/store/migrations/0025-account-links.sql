-- Accounts of one person on several platforms, as they confirmed themselves, and the codes by which they do.
CREATE TABLE link_codes (
  hash text PRIMARY KEY CHECK (hash <> ''),
  account text NOT NULL CHECK (account <> ''),
  name text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE TABLE account_links (
  account text PRIMARY KEY CHECK (account <> ''),
  person text NOT NULL CHECK (person <> '' AND person <> account),
  name text NOT NULL,
  linked_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON link_codes TO parallel_run_application;
GRANT SELECT, INSERT ON account_links TO parallel_run_application;
