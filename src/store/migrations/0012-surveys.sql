-- Questions to people, and their answers. Of an anonymous survey no row ties a person to an answer: the respondent is a
-- keyed hash whose key is not in this database, and a random text once the survey is closed; answers have no time.
CREATE TABLE surveys (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  title text NOT NULL,
  question text NOT NULL,
  anonymous boolean NOT NULL,
  opened_by text NOT NULL,
  opened_at timestamptz NOT NULL,
  closes_at timestamptz NOT NULL,
  closed_at timestamptz
);
-- One of a name is open at a time.
CREATE UNIQUE INDEX surveys_open ON surveys (name) WHERE closed_at IS NULL;

CREATE TABLE survey_answers (
  survey bigint NOT NULL REFERENCES surveys,
  respondent text NOT NULL,
  score integer NOT NULL CHECK (score BETWEEN 1 AND 5),
  comment text NOT NULL,
  PRIMARY KEY (survey, respondent)
);

GRANT SELECT, INSERT, UPDATE ON surveys, survey_answers TO parallel_run_application;
