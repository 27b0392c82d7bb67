-- The schema that the migrations in src/store/migrations make. Written by "npm run generated"; don't change it by hand.

-- Tables

CREATE TABLE account_links (
  account text NOT NULL,
  person text NOT NULL,
  name text NOT NULL,
  linked_at timestamp with time zone NOT NULL
);
CREATE TABLE audit (
  sequence bigint NOT NULL,
  at text NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  details jsonb NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL
);
CREATE TABLE audit_head (
  single boolean DEFAULT true NOT NULL,
  sequence bigint NOT NULL,
  hash text NOT NULL
);
CREATE TABLE checkpoints (
  date date NOT NULL,
  due_at timestamp with time zone NOT NULL,
  agenda jsonb NOT NULL,
  minutes jsonb,
  missed_at timestamp with time zone
);
CREATE TABLE conversation_references (
  platform text NOT NULL,
  channel text NOT NULL,
  conversation text NOT NULL,
  service_url text NOT NULL,
  bot text NOT NULL,
  saved_at timestamp with time zone NOT NULL
);
CREATE TABLE decision_answers (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  decision bigint NOT NULL,
  person text NOT NULL,
  option text NOT NULL,
  reason text NOT NULL,
  evidence_version integer NOT NULL,
  by text NOT NULL,
  at timestamp with time zone NOT NULL
);
CREATE TABLE decision_delegations (
  decision bigint NOT NULL,
  "from" text NOT NULL,
  "to" text NOT NULL,
  role text NOT NULL,
  reason text NOT NULL,
  by text NOT NULL,
  at timestamp with time zone NOT NULL
);
CREATE TABLE decision_evidence (
  decision bigint NOT NULL,
  version integer NOT NULL,
  items jsonb NOT NULL,
  hash text NOT NULL,
  at timestamp with time zone NOT NULL
);
CREATE TABLE decisions (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  kind text NOT NULL,
  about text NOT NULL,
  proposal jsonb NOT NULL,
  question text NOT NULL,
  rules jsonb NOT NULL,
  state text NOT NULL,
  evidence_version integer NOT NULL,
  opened_by text NOT NULL,
  asker text,
  opened_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  closed_at timestamp with time zone,
  closed_by text,
  outcome text,
  reason text DEFAULT ''::text NOT NULL
);
CREATE TABLE differing_rows (
  run_id text NOT NULL,
  comparison text NOT NULL,
  until timestamp with time zone NOT NULL,
  differences jsonb NOT NULL
);
CREATE TABLE discrepancies (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  check_name text,
  key text,
  state text NOT NULL,
  severity integer NOT NULL,
  owner text NOT NULL,
  first_seen_at timestamp with time zone NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  last_seen_at timestamp with time zone,
  last_run text,
  occurrences integer,
  resolved_at timestamp with time zone,
  figures jsonb,
  suppressed boolean,
  title text,
  description text,
  link text,
  reported_by text,
  assignee text,
  due_at timestamp with time zone NOT NULL,
  acted_at timestamp with time zone,
  accepted_amount numeric,
  accepted_reason text,
  accepted_by text,
  accepted_until date,
  snoozed_until timestamp with time zone,
  snooze_reason text
);
CREATE TABLE discrepancy_entries (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  number bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  by text NOT NULL,
  kind text NOT NULL,
  text text NOT NULL
);
CREATE TABLE feedback (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  text text NOT NULL,
  by text NOT NULL,
  at timestamp with time zone NOT NULL
);
CREATE TABLE findings (
  run_id text NOT NULL,
  check_position integer NOT NULL,
  "position" integer NOT NULL,
  "check" text NOT NULL,
  key text NOT NULL,
  legacy text,
  new text,
  difference text,
  variance text,
  unit text NOT NULL,
  tolerance text NOT NULL,
  verdict text NOT NULL,
  reason text NOT NULL,
  suppressed boolean NOT NULL
);
CREATE TABLE gate_waivers (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  phase integer NOT NULL,
  criterion text NOT NULL,
  reason text NOT NULL,
  owner text NOT NULL,
  until date NOT NULL,
  by text NOT NULL,
  at timestamp with time zone NOT NULL
);
CREATE TABLE inbox (
  id text NOT NULL,
  request jsonb NOT NULL,
  received_at timestamp with time zone NOT NULL,
  state text DEFAULT 'waiting'::text NOT NULL,
  lease_until timestamp with time zone,
  fence bigint DEFAULT 0 NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  next_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone
);
CREATE TABLE incidents (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  trigger text NOT NULL,
  state text NOT NULL,
  opened_by text NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  firing_at timestamp with time zone NOT NULL,
  count integer NOT NULL,
  figure text NOT NULL,
  "limit" text NOT NULL,
  command text,
  source text,
  reported boolean NOT NULL,
  acted_by text,
  reason text NOT NULL,
  snoozed_until timestamp with time zone,
  cleared_at timestamp with time zone
);
CREATE TABLE lessons (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  date date NOT NULL,
  category text NOT NULL,
  learning text NOT NULL,
  action text NOT NULL,
  owner text,
  recorded_by text NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  link text,
  discrepancy bigint,
  blocks integer
);
CREATE TABLE lessons_done (
  lesson bigint NOT NULL,
  evidence text NOT NULL,
  by text NOT NULL,
  at timestamp with time zone NOT NULL
);
CREATE TABLE link_codes (
  hash text NOT NULL,
  account text NOT NULL,
  name text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone
);
CREATE TABLE metric_baselines (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  metric text NOT NULL,
  reading text NOT NULL,
  accepted_at timestamp with time zone NOT NULL,
  accepted_by text NOT NULL
);
CREATE TABLE metric_readings (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  key text NOT NULL,
  metric text NOT NULL,
  value numeric NOT NULL,
  measured_at timestamp with time zone NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  recorded_by text NOT NULL,
  note text NOT NULL
);
CREATE TABLE migrations (
  version integer NOT NULL,
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamp with time zone NOT NULL
);
CREATE TABLE noise_baselines (
  comparison text NOT NULL,
  measured_at timestamp with time zone NOT NULL,
  columns jsonb NOT NULL
);
CREATE TABLE one_time_codes (
  hash text NOT NULL,
  person text NOT NULL,
  issued_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone
);
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  key text NOT NULL,
  subject text NOT NULL,
  lane text NOT NULL,
  platform text NOT NULL,
  channel text NOT NULL,
  visibility text NOT NULL,
  response_url text,
  parent text,
  content jsonb NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  delivered_version integer DEFAULT 0 NOT NULL,
  state text DEFAULT 'pending'::text NOT NULL,
  external_id text,
  search boolean DEFAULT false NOT NULL,
  in_flight boolean DEFAULT false NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  reason text,
  next_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  sent_at timestamp with time zone
);
CREATE TABLE outbox_lanes (
  lane text NOT NULL,
  platform text NOT NULL,
  next_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
  lease_until timestamp with time zone,
  fence bigint DEFAULT 0 NOT NULL
);
CREATE TABLE outbox_platforms (
  platform text NOT NULL,
  next_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
  stopped_at timestamp with time zone,
  stopped_reason text
);
CREATE TABLE register_items (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  register text NOT NULL,
  item text NOT NULL,
  cells jsonb NOT NULL,
  removed boolean DEFAULT false NOT NULL
);
CREATE TABLE row_comparisons (
  run_id text NOT NULL,
  "position" integer NOT NULL,
  comparison text NOT NULL,
  verdict text NOT NULL,
  result jsonb NOT NULL
);
CREATE TABLE run_checks (
  run_id text NOT NULL,
  "position" integer NOT NULL,
  "check" text NOT NULL,
  title text NOT NULL,
  kind text NOT NULL,
  unit text NOT NULL,
  tolerance text NOT NULL,
  severity integer NOT NULL,
  owner text NOT NULL,
  action text NOT NULL,
  critical boolean NOT NULL,
  verdict text NOT NULL,
  reason text NOT NULL,
  sql_hash_legacy text NOT NULL,
  sql_hash_new text NOT NULL,
  duration_milliseconds_legacy double precision NOT NULL,
  duration_milliseconds_new double precision NOT NULL
);
CREATE TABLE runbooks (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  name text NOT NULL,
  definition jsonb NOT NULL,
  state text NOT NULL,
  anchor timestamp with time zone NOT NULL,
  moved_minutes integer NOT NULL,
  started_by text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  about text NOT NULL,
  reason text NOT NULL,
  steps jsonb NOT NULL,
  channel text NOT NULL,
  rehearsal jsonb,
  hung_at timestamp with time zone
);
CREATE TABLE runs (
  id text NOT NULL,
  state text NOT NULL,
  slot timestamp with time zone,
  requested_by jsonb NOT NULL,
  playbook_version text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone NOT NULL,
  attempts integer NOT NULL,
  batch jsonb NOT NULL
);
CREATE TABLE schedule_slots (
  name text NOT NULL,
  at timestamp with time zone NOT NULL,
  state text DEFAULT 'due'::text NOT NULL,
  lease_until timestamp with time zone,
  fence bigint DEFAULT 0 NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  next_at timestamp with time zone NOT NULL,
  planned_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone
);
CREATE TABLE schedule_watches (
  name text NOT NULL,
  since timestamp with time zone NOT NULL
);
CREATE TABLE start_dates (
  number integer NOT NULL,
  date date NOT NULL,
  set_by text NOT NULL,
  set_at timestamp with time zone NOT NULL,
  extension_weeks integer DEFAULT 0 NOT NULL
);
CREATE TABLE survey_answers (
  survey bigint NOT NULL,
  respondent text NOT NULL,
  score integer NOT NULL,
  comment text NOT NULL
);
CREATE TABLE surveys (
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  name text NOT NULL,
  title text NOT NULL,
  question text NOT NULL,
  anonymous boolean NOT NULL,
  opened_by text NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  closes_at timestamp with time zone NOT NULL,
  closed_at timestamp with time zone,
  people text[] DEFAULT '{}'::text[] NOT NULL
);
CREATE TABLE task_changes (
  task text NOT NULL,
  number integer NOT NULL,
  state text NOT NULL,
  changed_by text NOT NULL,
  changed_by_name text NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  evidence text NOT NULL,
  people integer
);
CREATE TABLE user_groups (
  name text NOT NULL,
  members text[] NOT NULL,
  read_at timestamp with time zone NOT NULL
);

-- Constraints

ALTER TABLE account_links ADD CONSTRAINT account_links_account_check CHECK ((account <> ''::text));
ALTER TABLE account_links ADD CONSTRAINT account_links_check CHECK (((person <> ''::text) AND (person <> account)));
ALTER TABLE account_links ADD CONSTRAINT account_links_pkey PRIMARY KEY (account);
ALTER TABLE audit ADD CONSTRAINT audit_hash_key UNIQUE (hash);
ALTER TABLE audit ADD CONSTRAINT audit_pkey PRIMARY KEY (sequence);
ALTER TABLE audit ADD CONSTRAINT audit_sequence_check CHECK ((sequence >= 1));
ALTER TABLE audit_head ADD CONSTRAINT audit_head_pkey PRIMARY KEY (single);
ALTER TABLE audit_head ADD CONSTRAINT audit_head_single_check CHECK (single);
ALTER TABLE checkpoints ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (date);
ALTER TABLE conversation_references ADD CONSTRAINT conversation_references_channel_check CHECK ((channel <> ''::text));
ALTER TABLE conversation_references ADD CONSTRAINT conversation_references_conversation_check CHECK ((conversation <> ''::text));
ALTER TABLE conversation_references ADD CONSTRAINT conversation_references_pkey PRIMARY KEY (platform, channel);
ALTER TABLE conversation_references ADD CONSTRAINT conversation_references_service_url_check CHECK ((service_url <> ''::text));
ALTER TABLE decision_answers ADD CONSTRAINT decision_answers_decision_evidence_version_fkey FOREIGN KEY (decision, evidence_version) REFERENCES decision_evidence(decision, version);
ALTER TABLE decision_answers ADD CONSTRAINT decision_answers_pkey PRIMARY KEY (number);
ALTER TABLE decision_delegations ADD CONSTRAINT decision_delegations_check CHECK (("to" <> "from"));
ALTER TABLE decision_delegations ADD CONSTRAINT decision_delegations_decision_fkey FOREIGN KEY (decision) REFERENCES decisions(number);
ALTER TABLE decision_delegations ADD CONSTRAINT decision_delegations_pkey PRIMARY KEY (decision, "from", role);
ALTER TABLE decision_evidence ADD CONSTRAINT decision_evidence_decision_fkey FOREIGN KEY (decision) REFERENCES decisions(number);
ALTER TABLE decision_evidence ADD CONSTRAINT decision_evidence_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text));
ALTER TABLE decision_evidence ADD CONSTRAINT decision_evidence_pkey PRIMARY KEY (decision, version);
ALTER TABLE decision_evidence ADD CONSTRAINT decision_evidence_version_check CHECK ((version >= 1));
ALTER TABLE decisions ADD CONSTRAINT decisions_check CHECK ((((state = 'pending'::text) = (closed_at IS NULL)) AND ((closed_at IS NULL) = (closed_by IS NULL))));
ALTER TABLE decisions ADD CONSTRAINT decisions_check1 CHECK (((state = 'decided'::text) = (outcome IS NOT NULL)));
ALTER TABLE decisions ADD CONSTRAINT decisions_check2 CHECK (((state <> 'withdrawn'::text) OR (reason <> ''::text)));
ALTER TABLE decisions ADD CONSTRAINT decisions_evidence_version_check CHECK ((evidence_version >= 1));
ALTER TABLE decisions ADD CONSTRAINT decisions_pkey PRIMARY KEY (number);
ALTER TABLE decisions ADD CONSTRAINT decisions_question_check CHECK ((question <> ''::text));
ALTER TABLE decisions ADD CONSTRAINT decisions_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'decided'::text, 'expired'::text, 'withdrawn'::text, 'superseded'::text])));
ALTER TABLE differing_rows ADD CONSTRAINT differing_rows_pkey PRIMARY KEY (run_id, comparison);
ALTER TABLE differing_rows ADD CONSTRAINT differing_rows_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_check CHECK (((check_name IS NULL) = (title IS NOT NULL)));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_check1 CHECK ((((check_name IS NULL) = (key IS NULL)) AND ((check_name IS NULL) = (last_seen_at IS NULL)) AND ((check_name IS NULL) = (last_run IS NULL)) AND ((check_name IS NULL) = (occurrences IS NULL)) AND ((check_name IS NULL) = (figures IS NULL)) AND ((check_name IS NULL) = (suppressed IS NULL))));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_check2 CHECK ((((title IS NULL) = (description IS NULL)) AND ((title IS NULL) = (reported_by IS NULL))));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_check3 CHECK (((state = 'resolved'::text) = (resolved_at IS NOT NULL)));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_check4 CHECK (((state = 'explained'::text) = (accepted_until IS NOT NULL)));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_check5 CHECK ((((accepted_until IS NULL) = (accepted_reason IS NULL)) AND ((accepted_until IS NULL) = (accepted_by IS NULL))));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_check6 CHECK (((accepted_amount IS NULL) OR (accepted_until IS NOT NULL)));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_check7 CHECK (((snoozed_until IS NULL) = (snooze_reason IS NULL)));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_check_name_key_key UNIQUE (check_name, key);
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_occurrences_check CHECK ((occurrences >= 1));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_pkey PRIMARY KEY (number);
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_severity_check CHECK (((severity >= 1) AND (severity <= 3)));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_state_check CHECK ((state = ANY (ARRAY['open'::text, 'investigating'::text, 'explained'::text, 'resolved'::text, 'rejected'::text])));
ALTER TABLE discrepancies ADD CONSTRAINT discrepancies_title_check CHECK ((title <> ''::text));
ALTER TABLE discrepancy_entries ADD CONSTRAINT discrepancy_entries_kind_check CHECK ((kind = ANY (ARRAY['reported'::text, 'comment'::text, 'state'::text, 'assigned'::text, 'severity'::text, 'run'::text, 'snoozed'::text, 'called'::text])));
ALTER TABLE discrepancy_entries ADD CONSTRAINT discrepancy_entries_number_fkey FOREIGN KEY (number) REFERENCES discrepancies(number);
ALTER TABLE discrepancy_entries ADD CONSTRAINT discrepancy_entries_pkey PRIMARY KEY (id);
ALTER TABLE feedback ADD CONSTRAINT feedback_pkey PRIMARY KEY (number);
ALTER TABLE feedback ADD CONSTRAINT feedback_text_check CHECK ((text <> ''::text));
ALTER TABLE findings ADD CONSTRAINT findings_pkey PRIMARY KEY (run_id, check_position, "position");
ALTER TABLE findings ADD CONSTRAINT findings_run_id_check_position_fkey FOREIGN KEY (run_id, check_position) REFERENCES run_checks(run_id, "position") ON DELETE CASCADE;
ALTER TABLE findings ADD CONSTRAINT findings_unit_check CHECK ((unit = ANY (ARRAY['%'::text, 'points'::text])));
ALTER TABLE findings ADD CONSTRAINT findings_verdict_check CHECK ((verdict = ANY (ARRAY['pass'::text, 'fail'::text, 'error'::text])));
ALTER TABLE gate_waivers ADD CONSTRAINT gate_waivers_phase_check CHECK (((phase >= 1) AND (phase <= 3)));
ALTER TABLE gate_waivers ADD CONSTRAINT gate_waivers_pkey PRIMARY KEY (number);
ALTER TABLE gate_waivers ADD CONSTRAINT gate_waivers_reason_check CHECK ((reason <> ''::text));
ALTER TABLE inbox ADD CONSTRAINT inbox_pkey PRIMARY KEY (id);
ALTER TABLE inbox ADD CONSTRAINT inbox_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'failed'::text])));
ALTER TABLE incidents ADD CONSTRAINT incidents_check CHECK (((state = 'cleared'::text) = (cleared_at IS NOT NULL)));
ALTER TABLE incidents ADD CONSTRAINT incidents_check1 CHECK (((state = 'snoozed'::text) = (snoozed_until IS NOT NULL)));
ALTER TABLE incidents ADD CONSTRAINT incidents_count_check CHECK ((count >= 1));
ALTER TABLE incidents ADD CONSTRAINT incidents_pkey PRIMARY KEY (number);
ALTER TABLE incidents ADD CONSTRAINT incidents_state_check CHECK ((state = ANY (ARRAY['firing'::text, 'acknowledged'::text, 'snoozed'::text, 'proposed'::text, 'dismissed'::text, 'cleared'::text])));
ALTER TABLE lessons ADD CONSTRAINT lessons_category_check CHECK ((category <> ''::text));
ALTER TABLE lessons ADD CONSTRAINT lessons_check CHECK (((blocks IS NULL) OR (((blocks >= 1) AND (blocks <= 3)) AND (action <> ''::text))));
ALTER TABLE lessons ADD CONSTRAINT lessons_discrepancy_fkey FOREIGN KEY (discrepancy) REFERENCES discrepancies(number);
ALTER TABLE lessons ADD CONSTRAINT lessons_learning_check CHECK ((learning <> ''::text));
ALTER TABLE lessons ADD CONSTRAINT lessons_pkey PRIMARY KEY (number);
ALTER TABLE lessons_done ADD CONSTRAINT lessons_done_evidence_check CHECK ((evidence <> ''::text));
ALTER TABLE lessons_done ADD CONSTRAINT lessons_done_lesson_fkey FOREIGN KEY (lesson) REFERENCES lessons(number);
ALTER TABLE lessons_done ADD CONSTRAINT lessons_done_pkey PRIMARY KEY (lesson);
ALTER TABLE link_codes ADD CONSTRAINT link_codes_account_check CHECK ((account <> ''::text));
ALTER TABLE link_codes ADD CONSTRAINT link_codes_hash_check CHECK ((hash <> ''::text));
ALTER TABLE link_codes ADD CONSTRAINT link_codes_pkey PRIMARY KEY (hash);
ALTER TABLE metric_baselines ADD CONSTRAINT metric_baselines_pkey PRIMARY KEY (number);
ALTER TABLE metric_baselines ADD CONSTRAINT metric_baselines_reading_fkey FOREIGN KEY (reading) REFERENCES metric_readings(key);
ALTER TABLE metric_baselines ADD CONSTRAINT metric_baselines_reading_key UNIQUE (reading);
ALTER TABLE metric_readings ADD CONSTRAINT metric_readings_key_key UNIQUE (key);
ALTER TABLE metric_readings ADD CONSTRAINT metric_readings_pkey PRIMARY KEY (number);
ALTER TABLE migrations ADD CONSTRAINT migrations_pkey PRIMARY KEY (version);
ALTER TABLE noise_baselines ADD CONSTRAINT noise_baselines_pkey PRIMARY KEY (comparison);
ALTER TABLE one_time_codes ADD CONSTRAINT one_time_codes_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text));
ALTER TABLE one_time_codes ADD CONSTRAINT one_time_codes_pkey PRIMARY KEY (hash);
ALTER TABLE outbox ADD CONSTRAINT outbox_key_key UNIQUE (key);
ALTER TABLE outbox ADD CONSTRAINT outbox_lane_fkey FOREIGN KEY (lane) REFERENCES outbox_lanes(lane);
ALTER TABLE outbox ADD CONSTRAINT outbox_parent_fkey FOREIGN KEY (parent) REFERENCES outbox(key);
ALTER TABLE outbox ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sent'::text, 'unknown'::text, 'dead'::text, 'gone'::text])));
ALTER TABLE outbox ADD CONSTRAINT outbox_visibility_check CHECK ((visibility = ANY (ARRAY['channel'::text, 'private'::text, 'home'::text])));
ALTER TABLE outbox_lanes ADD CONSTRAINT outbox_lanes_pkey PRIMARY KEY (lane);
ALTER TABLE outbox_lanes ADD CONSTRAINT outbox_lanes_platform_fkey FOREIGN KEY (platform) REFERENCES outbox_platforms(platform);
ALTER TABLE outbox_platforms ADD CONSTRAINT outbox_platforms_pkey PRIMARY KEY (platform);
ALTER TABLE register_items ADD CONSTRAINT register_items_item_check CHECK ((item <> ''::text));
ALTER TABLE register_items ADD CONSTRAINT register_items_pkey PRIMARY KEY (number);
ALTER TABLE row_comparisons ADD CONSTRAINT row_comparisons_pkey PRIMARY KEY (run_id, "position");
ALTER TABLE row_comparisons ADD CONSTRAINT row_comparisons_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
ALTER TABLE row_comparisons ADD CONSTRAINT row_comparisons_verdict_check CHECK ((verdict = ANY (ARRAY['pass'::text, 'fail'::text, 'error'::text])));
ALTER TABLE run_checks ADD CONSTRAINT run_checks_kind_check CHECK ((kind = ANY (ARRAY['scalar'::text, 'distribution'::text, 'growth'::text])));
ALTER TABLE run_checks ADD CONSTRAINT run_checks_pkey PRIMARY KEY (run_id, "position");
ALTER TABLE run_checks ADD CONSTRAINT run_checks_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
ALTER TABLE run_checks ADD CONSTRAINT run_checks_severity_check CHECK ((severity = ANY (ARRAY[1, 2, 3])));
ALTER TABLE run_checks ADD CONSTRAINT run_checks_unit_check CHECK ((unit = ANY (ARRAY['%'::text, 'points'::text])));
ALTER TABLE run_checks ADD CONSTRAINT run_checks_verdict_check CHECK ((verdict = ANY (ARRAY['pass'::text, 'fail'::text, 'error'::text])));
ALTER TABLE runbooks ADD CONSTRAINT runbooks_check CHECK (((state = ANY (ARRAY['aborted'::text, 'done'::text])) = (ended_at IS NOT NULL)));
ALTER TABLE runbooks ADD CONSTRAINT runbooks_pkey PRIMARY KEY (number);
ALTER TABLE runbooks ADD CONSTRAINT runbooks_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'aborting'::text, 'aborted'::text, 'done'::text])));
ALTER TABLE runs ADD CONSTRAINT runs_attempts_check CHECK ((attempts >= 1));
ALTER TABLE runs ADD CONSTRAINT runs_pkey PRIMARY KEY (id);
ALTER TABLE runs ADD CONSTRAINT runs_slot_key UNIQUE (slot);
ALTER TABLE runs ADD CONSTRAINT runs_state_check CHECK ((state = ANY (ARRAY['pass'::text, 'fail'::text, 'error'::text, 'held'::text])));
ALTER TABLE schedule_slots ADD CONSTRAINT schedule_slots_pkey PRIMARY KEY (name, at);
ALTER TABLE schedule_slots ADD CONSTRAINT schedule_slots_state_check CHECK ((state = ANY (ARRAY['due'::text, 'done'::text, 'missed'::text])));
ALTER TABLE schedule_watches ADD CONSTRAINT schedule_watches_pkey PRIMARY KEY (name);
ALTER TABLE start_dates ADD CONSTRAINT start_dates_extension_weeks_check CHECK (((extension_weeks >= 0) AND (extension_weeks <= 52)));
ALTER TABLE start_dates ADD CONSTRAINT start_dates_number_check CHECK ((number >= 1));
ALTER TABLE start_dates ADD CONSTRAINT start_dates_pkey PRIMARY KEY (number);
ALTER TABLE survey_answers ADD CONSTRAINT survey_answers_pkey PRIMARY KEY (survey, respondent);
ALTER TABLE survey_answers ADD CONSTRAINT survey_answers_score_check CHECK (((score >= 1) AND (score <= 5)));
ALTER TABLE survey_answers ADD CONSTRAINT survey_answers_survey_fkey FOREIGN KEY (survey) REFERENCES surveys(number);
ALTER TABLE surveys ADD CONSTRAINT surveys_pkey PRIMARY KEY (number);
ALTER TABLE task_changes ADD CONSTRAINT task_changes_evidence_check CHECK (((evidence <> ''::text) AND (length(evidence) <= 2000)));
ALTER TABLE task_changes ADD CONSTRAINT task_changes_number_check CHECK ((number >= 1));
ALTER TABLE task_changes ADD CONSTRAINT task_changes_people_check CHECK ((people >= 0));
ALTER TABLE task_changes ADD CONSTRAINT task_changes_pkey PRIMARY KEY (task, number);
ALTER TABLE task_changes ADD CONSTRAINT task_changes_state_check CHECK ((state = ANY (ARRAY['open'::text, 'done'::text])));
ALTER TABLE user_groups ADD CONSTRAINT user_groups_name_check CHECK ((name <> ''::text));
ALTER TABLE user_groups ADD CONSTRAINT user_groups_pkey PRIMARY KEY (name);

-- Indexes

CREATE INDEX decision_answers_decision ON parallel_run.decision_answers USING btree (decision, number);
CREATE UNIQUE INDEX decisions_pending ON parallel_run.decisions USING btree (kind, about) WHERE (state = 'pending'::text);
CREATE INDEX differing_rows_until ON parallel_run.differing_rows USING btree (until);
CREATE INDEX discrepancies_active ON parallel_run.discrepancies USING btree (opened_at) WHERE (state = ANY (ARRAY['open'::text, 'investigating'::text, 'explained'::text]));
CREATE INDEX discrepancy_entries_number ON parallel_run.discrepancy_entries USING btree (number, id);
CREATE INDEX findings_suppressed ON parallel_run.findings USING btree ("check", key) WHERE suppressed;
CREATE INDEX inbox_waiting ON parallel_run.inbox USING btree (next_at) WHERE (state = 'waiting'::text);
CREATE UNIQUE INDEX incidents_open ON parallel_run.incidents USING btree (trigger) WHERE (state <> 'cleared'::text);
CREATE INDEX incidents_trigger ON parallel_run.incidents USING btree (trigger, number DESC);
CREATE INDEX metric_baselines_newest ON parallel_run.metric_baselines USING btree (metric, number DESC);
CREATE INDEX metric_readings_newest ON parallel_run.metric_readings USING btree (metric, measured_at DESC, number DESC);
CREATE INDEX one_time_codes_person ON parallel_run.one_time_codes USING btree (person) WHERE (ended_at IS NULL);
CREATE INDEX outbox_by_parent ON parallel_run.outbox USING btree (parent) WHERE (parent IS NOT NULL);
CREATE INDEX outbox_by_state ON parallel_run.outbox USING btree (state, id) WHERE (state = ANY (ARRAY['unknown'::text, 'dead'::text]));
CREATE INDEX outbox_by_subject ON parallel_run.outbox USING btree (subject);
CREATE INDEX outbox_due ON parallel_run.outbox USING btree (lane, id) WHERE (state = 'pending'::text);
CREATE INDEX outbox_hanging ON parallel_run.outbox USING btree (channel, external_id) WHERE (external_id IS NOT NULL);
CREATE UNIQUE INDEX register_items_item ON parallel_run.register_items USING btree (register, lower(item));
CREATE INDEX row_comparisons_by_name ON parallel_run.row_comparisons USING btree (comparison, run_id);
CREATE INDEX run_checks_by_name ON parallel_run.run_checks USING btree ("check", run_id);
CREATE UNIQUE INDEX runbooks_open ON parallel_run.runbooks USING btree (name, ((rehearsal IS NULL))) WHERE (ended_at IS NULL);
CREATE INDEX runs_by_start ON parallel_run.runs USING btree (started_at DESC);
CREATE INDEX schedule_slots_due ON parallel_run.schedule_slots USING btree (next_at) WHERE (state = 'due'::text);
CREATE UNIQUE INDEX surveys_open ON parallel_run.surveys USING btree (name) WHERE (closed_at IS NULL);

-- Functions

CREATE OR REPLACE FUNCTION parallel_run.refuse_change_of_audit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'the audit is append-only: % is refused', tg_op USING ERRCODE = 'insufficient_privilege';
END
$function$
;
CREATE OR REPLACE FUNCTION parallel_run.refuse_change_of_ended_decision()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'decision % has ended: it is % for good', OLD.number, OLD.state;
END $function$
;
CREATE OR REPLACE FUNCTION parallel_run.refuse_change_of_ended_runbook()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'runbook % has ended: it is % for good', OLD.number, OLD.state;
END $function$
;

-- Triggers

CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE ON parallel_run.audit FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER audit_is_not_truncated BEFORE TRUNCATE ON parallel_run.audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER decisions_ended BEFORE UPDATE ON parallel_run.decisions FOR EACH ROW WHEN ((old.state <> 'pending'::text)) EXECUTE FUNCTION refuse_change_of_ended_decision();
CREATE TRIGGER runbooks_ended BEFORE UPDATE ON parallel_run.runbooks FOR EACH ROW WHEN ((old.ended_at IS NOT NULL)) EXECUTE FUNCTION refuse_change_of_ended_runbook();

-- Rights, besides the owner's

GRANT USAGE ON SCHEMA parallel_run TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE account_links TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE audit TO parallel_run_application;
GRANT SELECT, UPDATE ON TABLE audit_head TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE checkpoints TO parallel_run_application;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE conversation_references TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE decision_answers TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE decision_delegations TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE decision_evidence TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE decisions TO parallel_run_application;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE differing_rows TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE discrepancies TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE discrepancy_entries TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE feedback TO parallel_run_application;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE findings TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE gate_waivers TO parallel_run_application;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE inbox TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE incidents TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE lessons TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE lessons_done TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE link_codes TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE metric_baselines TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE metric_readings TO parallel_run_application;
GRANT SELECT ON TABLE migrations TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE noise_baselines TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE one_time_codes TO parallel_run_application;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE outbox TO parallel_run_application;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE outbox_lanes TO parallel_run_application;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE outbox_platforms TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE register_items TO parallel_run_application;
GRANT DELETE, INSERT, SELECT ON TABLE row_comparisons TO parallel_run_application;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE run_checks TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE runbooks TO parallel_run_application;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE runs TO parallel_run_application;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE schedule_slots TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE schedule_watches TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE start_dates TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE survey_answers TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE surveys TO parallel_run_application;
GRANT INSERT, SELECT ON TABLE task_changes TO parallel_run_application;
GRANT INSERT, SELECT, UPDATE ON TABLE user_groups TO parallel_run_application;
