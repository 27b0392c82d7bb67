-- Lists that the team fills: who was trained, which reports were reproduced, which scenarios were run where.
CREATE TABLE register_items (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  register text NOT NULL,
  item text NOT NULL CHECK (item <> ''),
  cells jsonb NOT NULL,
  -- Taken out of the list, and still on record.
  removed boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX register_items_item ON register_items (register, lower(item));

GRANT SELECT, INSERT, UPDATE ON register_items TO parallel_run_application;
