-- An enrolment lives by rules: which step may follow which, who takes it, why; nobody twice in a program, nobody again too soon; every end by two.
ALTER TABLE "programs"."enrolment" ADD COLUMN "unit_id" uuid, ADD COLUMN "decree" text, ADD COLUMN "version" integer DEFAULT 1 NOT NULL,
  ADD COLUMN "ending" text collate "C", ADD COLUMN "graduation" text, ADD COLUMN "is_emergency" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
CREATE TABLE "programs"."ending_rule" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"ends_as" "programs"."enrolment_state" NOT NULL,
	"graduation" text,
	"revocable_days" smallint,
	"by_officers" boolean NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "ending_rule_ends_as" CHECK (ends_as in ('GRADUATED', 'EXITED')),
	CONSTRAINT "ending_rule_graduation" CHECK (graduation in ('NATURAL', 'INDEPENDENT') and ends_as = 'GRADUATED' or graduation is null and ends_as = 'EXITED')
);
--> statement-breakpoint
INSERT INTO "programs"."ending_rule" ("code", "ends_as", "graduation", "revocable_days", "by_officers", "source") VALUES
  ('DECEASED', 'EXITED', NULL, NULL, true, 'UU 24/2013: death by the population register'),
  ('MOVED_ABROAD', 'EXITED', NULL, NULL, true, 'Perpres 63/2017: aid is for residents (u)'),
  ('WITHDRAWN', 'EXITED', NULL, 30, true, 'Permensos 1/2018; 30 days to take it back (d)'),
  ('NOT_ELIGIBLE', 'EXITED', NULL, NULL, true, 'Permensos 3/2021: objection upheld or exclusion proved (u)'),
  ('DUPLICATE_BENEFIT', 'EXITED', NULL, NULL, true, 'Perpres 63/2017: one aid of a kind (u)'),
  ('COMMITMENT_BREACH', 'EXITED', NULL, NULL, true, 'Permensos 1/2018: obligations of participants (u)'),
  ('PROGRAM_CLOSED', 'EXITED', NULL, NULL, true, 'the law that ended the program'),
  ('REPLACED', 'EXITED', NULL, NULL, false, 'PP 76/2015: change of PBI participants'),
  ('DEADLINE_MISSED', 'EXITED', NULL, NULL, false, 'Persesjen Kemendikbudristek on PIP: activation of the account (u)'),
  ('NO_COMPONENT', 'GRADUATED', 'NATURAL', NULL, true, 'Permensos 1/2018: no component left'),
  ('DECILE_ABOVE_LIMIT', 'GRADUATED', 'NATURAL', NULL, true, 'Inpres 4/2025: rank above the ceiling (u)'),
  ('STUDY_ENDED', 'GRADUATED', 'NATURAL', NULL, true, 'Permendikbud 10/2020: end of the level or study (u)'),
  ('SELF_RELIANT', 'GRADUATED', 'INDEPENDENT', NULL, true, 'Permensos 1/2018: graduation by own strength (u)');
--> statement-breakpoint
ALTER TABLE "programs"."enrolment" ADD CONSTRAINT "enrolment_ending" CHECK (ending is null or state in ('GRADUATED', 'EXITED') and ended_on is not null),
  ADD CONSTRAINT "enrolment_graduation" CHECK (graduation is null or graduation in ('NATURAL', 'INDEPENDENT') and state = 'GRADUATED');
--> statement-breakpoint
-- Nobody and no family runs twice in a program, whoever inserts. What runs has no last day; by its state, whose statistics row-level security hides, the
-- planner takes the index for empty and reads it whole (1.6 s instead of 0.1 s for a list of 200,000).
CREATE UNIQUE INDEX "enrolment_running" ON "programs"."enrolment" ("person_id", "program") WHERE ended_on is null;
--> statement-breakpoint
CREATE UNIQUE INDEX "enrolment_unit_running" ON "programs"."enrolment" ("unit_id", "program") WHERE ended_on is null and unit_id is not null;
--> statement-breakpoint
CREATE INDEX "enrolment_unit" ON "programs"."enrolment" ("unit_id") WHERE unit_id is not null;
--> statement-breakpoint
CREATE INDEX "enrolment_flagged" ON "programs"."enrolment" ("region") WHERE flag is not null;
--> statement-breakpoint
-- The machine (domain §8.3). What waits may leave, too: the dead and those who withdraw.
CREATE FUNCTION "programs"."may_follow"(was programs.enrolment_state, next programs.enrolment_state) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE was WHEN 'CANDIDATE' THEN next IN ('WAITING', 'ACTIVE', 'EXITED') WHEN 'WAITING' THEN next IN ('ACTIVE', 'EXITED')
    WHEN 'ACTIVE' THEN next IN ('SUSPENDED', 'GRADUATED', 'EXITED') WHEN 'SUSPENDED' THEN next IN ('ACTIVE', 'GRADUATED', 'EXITED') ELSE false END
$$;
--> statement-breakpoint
-- Whoever ended in a program and may not enter it again before a day: the term's months after the end. A death that was taken back bars nobody. For the rule
-- below, and for a selection to skip them.
CREATE FUNCTION "programs"."entry_bars"(program text, day date) RETURNS TABLE (enrolment_id uuid, person_id uuid, unit_id uuid, until date) LANGUAGE sql STABLE AS $$
  SELECT e.id, e.person_id, e.unit_id, (e.ended_on + make_interval(months => t.reentry_months))::date
  FROM programs.term($1, $2) t JOIN programs.enrolment e ON e.program = $1
  WHERE e.state IN ('GRADUATED', 'EXITED') AND $2 < e.ended_on + make_interval(months => t.reentry_months) AND NOT (e.ending IS NOT DISTINCT FROM 'DECEASED' AND e.flag IS NULL)
$$;
--> statement-breakpoint
-- The reason that the act at hand says (hub.reason); null: none.
CREATE FUNCTION "programs"."told_reason"() RETURNS text LANGUAGE sql STABLE AS $$ SELECT nullif(btrim(current_setting('hub.reason', true)), '') $$;
--> statement-breakpoint
-- How a step of an enrolment stands in the history, where a procedure says (hub.procedure) that more would tell a person's health: REACTIVATION, by whom is in the
-- proposal alone; EMERGENCY, of a kind of its own, which nothing reads. Only from within a rule.
CREATE FUNCTION "programs"."step_of"() RETURNS TABLE (kind text, actor text) LANGUAGE sql STABLE AS $$
  SELECT CASE x.procedure WHEN 'EMERGENCY' THEN 'ENROLMENT_HEALTH' ELSE 'ENROLMENT' END, CASE x.procedure WHEN 'REACTIVATION' THEN 'PBI_JK' ELSE programs.actor() END
  FROM (SELECT CASE WHEN pg_trigger_depth() > 1 THEN current_setting('hub.procedure', true) END AS procedure) x
$$;
--> statement-breakpoint
-- Light, because a selection passes it a million times: it reads a table only at an end. The owner (seeds, imports) passes.
CREATE FUNCTION "programs"."enrolment_rules"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE rule programs.ending_rule;
BEGIN
  NEW.version := OLD.version + 1;
  IF NEW.id <> OLD.id OR NEW.person_id <> OLD.person_id OR NEW.program <> OLD.program THEN
    RAISE EXCEPTION 'whose enrolment it is, and in what, stays' USING ERRCODE = 'HB001';
  ELSIF NEW.state = OLD.state THEN
    IF (NEW.ending, NEW.graduation, NEW.ended_on) IS DISTINCT FROM (OLD.ending, OLD.graduation, OLD.ended_on) THEN
      RAISE EXCEPTION 'how an enrolment ended stays' USING ERRCODE = 'HB001';
    END IF;
  ELSIF NOT programs.may_follow(OLD.state, NEW.state) THEN
    RAISE EXCEPTION 'an enrolment that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  ELSIF NEW.state = 'ACTIVE' AND NEW.flag = 'DECEASED' THEN
    RAISE EXCEPTION 'the recipient is dead by the population register' USING ERRCODE = 'HB001';
  ELSIF NEW.state IN ('GRADUATED', 'EXITED') THEN
    SELECT r.* INTO rule FROM programs.ending_rule r WHERE r.code = NEW.ending;
    IF rule.ends_as IS DISTINCT FROM NEW.state THEN
      RAISE EXCEPTION 'an enrolment that becomes % says which of its reasons it ends for', NEW.state USING ERRCODE = 'HB003';
    END IF;
    NEW.graduation := rule.graduation;
    NEW.ended_on := coalesce(NEW.ended_on, programs.today());
  ELSIF NEW.ending IS NOT NULL OR NEW.ended_on IS NOT NULL OR NEW.graduation IS NOT NULL THEN
    RAISE EXCEPTION 'an enrolment that runs has no end' USING ERRCODE = 'HB003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "enrolment_rules" BEFORE UPDATE ON "programs"."enrolment" FOR EACH ROW WHEN (session_user <> 'hub_programs_owner') EXECUTE FUNCTION "programs"."enrolment_rules"();
--> statement-breakpoint
-- Set-based, whoever writes: who enters, under what rule, and a line of the history for each.
CREATE FUNCTION "programs"."enrolment_entered"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  at timestamptz := programs.moment();
  day date := programs.today();
  who text := (programs.step_of()).actor;
  why text := programs.told_reason();
  into_program text;
BEGIN
  IF NOT EXISTS (SELECT FROM entered) THEN RETURN NULL; END IF;
  IF why IS NULL THEN RAISE EXCEPTION 'an enrolment needs a reason' USING ERRCODE = 'HB003'; END IF;
  IF EXISTS (SELECT FROM entered e WHERE e.state NOT IN ('CANDIDATE', 'WAITING', 'ACTIVE') OR e.ended_on IS NOT NULL) THEN
    RAISE EXCEPTION 'an enrolment begins as CANDIDATE, WAITING or ACTIVE' USING ERRCODE = 'HB001';
  ELSIF EXISTS (SELECT FROM entered e JOIN programs.program p ON p.code = e.program WHERE day > p.valid_to OR day < p.valid_from) THEN
    RAISE EXCEPTION 'a program that is closed takes no enrolment' USING ERRCODE = 'HB001';
  ELSIF EXISTS (SELECT FROM entered e JOIN programs.the_dead() d ON d.person_id = e.person_id WHERE e.state = 'ACTIVE') THEN
    RAISE EXCEPTION 'the recipient is dead by the population register' USING ERRCODE = 'HB001';
  END IF;
  FOR into_program IN SELECT DISTINCT e.program FROM entered e LOOP
    IF EXISTS (SELECT FROM entered e JOIN programs.entry_bars(into_program, day) b ON b.person_id = e.person_id AND b.enrolment_id <> e.id WHERE e.program = into_program)
      OR EXISTS (SELECT FROM entered e JOIN programs.entry_bars(into_program, day) b ON b.unit_id = e.unit_id AND b.enrolment_id <> e.id WHERE e.program = into_program) THEN
      RAISE EXCEPTION 'it is too soon after the last enrolment in % to enter again', into_program USING ERRCODE = 'HB001';
    END IF;
  END LOOP;
  IF session_user <> 'hub_programs_jobs' AND EXISTS (
    SELECT FROM entered e JOIN programs.enrolment l ON l.person_id = e.person_id AND l.program = e.program AND l.id <> e.id WHERE l.graduation = 'INDEPENDENT') THEN
    RAISE EXCEPTION 'who graduated by own strength enters again by a selection alone' USING ERRCODE = 'HB001';
  END IF;
  INSERT INTO programs.transition (subject_kind, subject_id, person_id, program, region, at, actor, act, from_state, to_state, reason)
  SELECT 'ENROLMENT', e.id, e.person_id, e.program, e.region, at, who, CASE e.state WHEN 'CANDIDATE' THEN 'NOMINATE' WHEN 'WAITING' THEN 'LIST' ELSE 'ENROL' END, NULL, e.state, why
  FROM entered e;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "enrolment_entered" AFTER INSERT ON "programs"."enrolment" REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT WHEN (session_user <> 'hub_programs_owner') EXECUTE FUNCTION "programs"."enrolment_entered"();
--> statement-breakpoint
-- Who enters dead by the population register enters with the flag of it, whoever writes.
CREATE FUNCTION "programs"."enrolment_flagged"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE programs.enrolment e SET flag = 'DECEASED', flagged_since = d.died_on FROM entered n JOIN programs.the_dead() d ON d.person_id = n.person_id
  WHERE e.id = n.id AND e.person_id = n.person_id AND e.flag IS NULL AND (e.ended_on IS NULL OR e.ended_on > d.died_on);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "enrolment_flagged" AFTER INSERT ON "programs"."enrolment" REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION "programs"."enrolment_flagged"();
--> statement-breakpoint
-- A flag that comes or goes is no step, and needs neither instant nor reason. No nested loops: the plan is kept from the session's first change, of one row maybe.
CREATE FUNCTION "programs"."enrolment_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE why text := programs.told_reason();
BEGIN
  INSERT INTO programs.transition (subject_kind, subject_id, person_id, program, region, at, actor, act, from_state, to_state, reason)
  SELECT step.kind, n.id, n.person_id, n.program, n.region, (SELECT programs.moment()), step.actor,
    CASE n.state WHEN 'WAITING' THEN 'LIST' WHEN 'SUSPENDED' THEN 'SUSPEND' WHEN 'GRADUATED' THEN 'GRADUATE' WHEN 'EXITED' THEN 'EXIT'
      ELSE CASE o.state WHEN 'SUSPENDED' THEN 'RESUME' WHEN 'WAITING' THEN 'PROMOTE' ELSE 'ENROL' END END,
    o.state, n.state, coalesce(why, n.ending)
  FROM now_is n JOIN was o ON o.id = n.id AND o.person_id = n.person_id CROSS JOIN programs.step_of() step WHERE o.state <> n.state;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF why IS NULL THEN RAISE EXCEPTION 'a change of an enrolment needs a reason' USING ERRCODE = 'HB003'; END IF;
  -- who withdrew while they waited is not served until it takes effect
  PERFORM programs.move_enrolment(d.enrolment_id, 'SUSPENDED', 'WITHDRAWN ' || d.id) FROM now_is n JOIN programs.ending d ON d.enrolment_id = n.id
  WHERE n.state = 'ACTIVE' AND d.state = 'PROPOSED' AND d.revocable_until IS NOT NULL;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "enrolment_moved" AFTER UPDATE ON "programs"."enrolment" REFERENCING OLD TABLE AS was NEW TABLE AS now_is
  FOR EACH STATEMENT WHEN (session_user <> 'hub_programs_owner') EXECUTE FUNCTION "programs"."enrolment_moved"();
--> statement-breakpoint
CREATE TRIGGER "enrolment_stays" BEFORE DELETE OR TRUNCATE ON "programs"."enrolment" FOR EACH STATEMENT WHEN (session_user <> 'hub_programs_owner')
  EXECUTE FUNCTION "programs"."refuse"('enrolments are on file and stay');
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."enrolment_rules", "programs"."enrolment_entered", "programs"."enrolment_flagged", "programs"."enrolment_moved" FROM PUBLIC;
--> statement-breakpoint
CREATE POLICY "hub_programs_moves" ON "programs"."enrolment" FOR UPDATE TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_enrols" ON "programs"."enrolment" FOR INSERT TO "hub_programs_jobs" WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_moves" ON "programs"."enrolment" FOR UPDATE TO "hub_programs_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- How it ended and in which version it is are the rules' to say.
GRANT UPDATE ("state") ON "programs"."enrolment" TO "hub_programs";
--> statement-breakpoint
GRANT INSERT ("id", "person_id", "program", "state", "component", "region", "started_on", "unit_id", "decree", "is_emergency") ON "programs"."enrolment" TO "hub_programs_jobs";
--> statement-breakpoint
GRANT UPDATE ("state", "component", "region", "started_on", "ended_on", "ending", "unit_id", "decree", "is_emergency") ON "programs"."enrolment" TO "hub_programs_jobs";
--> statement-breakpoint
GRANT SELECT ON "programs"."ending_rule" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
CREATE TABLE "programs"."ending" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"enrolment_id" uuid NOT NULL,
	"enrolment_version" integer NOT NULL,
	"person_id" uuid NOT NULL,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"reason" text collate "C" NOT NULL,
	"words" text,
	"ends_on" date,
	"state" text NOT NULL,
	"proposed_by" text collate "C" NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"revocable_until" timestamp with time zone,
	"decided_by" text collate "C",
	"decided_at" timestamp with time zone,
	"decision_words" text,
	CONSTRAINT "ending_reason_fk" FOREIGN KEY ("reason") REFERENCES "programs"."ending_rule"("code"),
	CONSTRAINT "ending_enrolment_fk" FOREIGN KEY ("enrolment_id", "person_id") REFERENCES "programs"."enrolment"("id", "person_id"),
	CONSTRAINT "ending_state" CHECK (state in ('PROPOSED', 'CONFIRMED', 'REJECTED', 'REVOKED')),
	CONSTRAINT "ending_decided" CHECK ((state = 'PROPOSED') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
	CONSTRAINT "ending_by_two" CHECK (state not in ('CONFIRMED', 'REJECTED') or decided_by <> proposed_by)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "ending_open" ON "programs"."ending" ("enrolment_id") WHERE state = 'PROPOSED';
--> statement-breakpoint
CREATE INDEX "ending_enrolment" ON "programs"."ending" ("enrolment_id", "proposed_at");
--> statement-breakpoint
CREATE INDEX "ending_revocable" ON "programs"."ending" ("revocable_until") WHERE state = 'PROPOSED' and revocable_until is not null;
--> statement-breakpoint
CREATE TABLE "programs"."commitment_rule" (
	"program" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"components" text[] NOT NULL,
	"measure" text NOT NULL,
	"threshold" smallint NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"source" text NOT NULL,
	CONSTRAINT "commitment_rule_program_kind_valid_from_pk" PRIMARY KEY("program", "kind", "valid_from"),
	CONSTRAINT "commitment_rule_kind" CHECK (kind in ('SCHOOL_ATTENDANCE', 'ANTENATAL_VISITS', 'IMMUNISATION', 'FAMILY_MEETING')),
	CONSTRAINT "commitment_rule_measure" CHECK (measure = 'COUNT' and threshold > 0 or measure = 'PERCENT' and threshold between 1 and 100),
	CONSTRAINT "commitment_rule_one_a_day" EXCLUDE USING gist ("program" WITH =, "kind" WITH =, daterange("valid_from", "valid_to", '[]') WITH &&)
);
--> statement-breakpoint
INSERT INTO "programs"."commitment_rule" ("program", "kind", "components", "measure", "threshold", "valid_from", "source") VALUES
  ('PKH', 'SCHOOL_ATTENDANCE', '{PRIMARY,JUNIOR,SENIOR}', 'PERCENT', 85, '2018-01-01', 'Permensos 1/2018: attendance of at least 85 % (u)'),
  ('PKH', 'ANTENATAL_VISITS', '{PREGNANCY}', 'COUNT', 4, '2018-01-01', 'Permensos 1/2018: at least 4 visits in a pregnancy, counted so far (u)'),
  ('PKH', 'IMMUNISATION', '{EARLY_CHILDHOOD}', 'PERCENT', 100, '2018-01-01', 'Permensos 1/2018: every immunisation due by age (u)'),
  ('PKH', 'FAMILY_MEETING', '{}', 'COUNT', 1, '2018-01-01', 'Permensos 1/2018: family meetings [P2K2], at least one a quarter (u)');
--> statement-breakpoint
CREATE TABLE "programs"."commitment_check" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"enrolment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"attended" smallint NOT NULL,
	"held" smallint,
	"is_fulfilled" boolean NOT NULL,
	"exception" text,
	"words" text,
	"recorded_by" text collate "C" NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "commitment_check_kind" CHECK (kind in ('SCHOOL_ATTENDANCE', 'ANTENATAL_VISITS', 'IMMUNISATION', 'FAMILY_MEETING')),
	CONSTRAINT "commitment_check_period" CHECK (period ~ '^[0-9]{4}-Q[1-4]$'),
	CONSTRAINT "commitment_check_counts" CHECK (attended between 0 and 400 and held between attended and 400),
	CONSTRAINT "commitment_check_exception" CHECK (exception in ('NO_SERVICE_IN_REACH', 'ILLNESS', 'DISASTER') and words is not null or exception is null)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "commitment_check_once" ON "programs"."commitment_check" ("enrolment_id", "period", "person_id", "kind");
--> statement-breakpoint
CREATE INDEX "commitment_check_person" ON "programs"."commitment_check" ("person_id", "period");
--> statement-breakpoint
CREATE TABLE "programs"."commitment_case" (
	"enrolment_id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"person_id" uuid NOT NULL,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"stage" text NOT NULL,
	"period" text collate "C" NOT NULL,
	"concluded_by" text collate "C" NOT NULL,
	"concluded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "commitment_case_stage" CHECK (stage in ('FULFILLED', 'WARNED', 'SUSPENDED', 'STOP_PROPOSED')),
	CONSTRAINT "commitment_case_period" CHECK (period ~ '^[0-9]{4}-Q[1-4]$')
);
--> statement-breakpoint
-- Last day of a quarter such as 2026-Q3.
CREATE FUNCTION "programs"."quarter_ends"(quarter text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (make_date(left($1, 4)::int, right($1, 1)::int * 3, 1) + interval '1 month - 1 day')::date
$$;
--> statement-breakpoint
-- An officer's own steps on an enrolment: to suspend it and to resume it. All others are some procedure's.
CREATE FUNCTION "programs"."enrolment_by_officer"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (OLD.state = 'ACTIVE' AND NEW.state = 'SUSPENDED' OR OLD.state = 'SUSPENDED' AND NEW.state = 'ACTIVE') THEN
    RAISE EXCEPTION 'an enrolment that is % becomes % by a procedure of its own', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  PERFORM programs.require_duty(array['DISTRICT', 'PROGRAM_STEWARD'], OLD.region, OLD.program, 'suspending or resuming an enrolment');
  IF NEW.state = 'ACTIVE' AND OLD.flag = 'DECEASED' THEN
    RAISE EXCEPTION 'the recipient is dead by the population register' USING ERRCODE = 'HB001';
  ELSIF NEW.state = 'ACTIVE' AND EXISTS (SELECT FROM programs.ending d WHERE d.enrolment_id = OLD.id AND d.state = 'PROPOSED') THEN
    RAISE EXCEPTION 'an end is proposed: it is decided first' USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "enrolment_by_officer" BEFORE UPDATE ON "programs"."enrolment" FOR EACH ROW WHEN (current_user = 'hub_programs') EXECUTE FUNCTION "programs"."enrolment_by_officer"();
--> statement-breakpoint
-- What an end stands on, when it is proposed and again when it is confirmed: the enrolment as it was read, and the fact.
CREATE FUNCTION "programs"."require_ending"(own programs.enrolment, read_version integer, code text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE becomes programs.enrolment_state := (SELECT r.ends_as FROM programs.ending_rule r WHERE r.code = $3);
BEGIN
  IF own.version <> read_version THEN
    RAISE EXCEPTION 'the enrolment was changed meanwhile by another: read it again' USING ERRCODE = 'HB001';
  ELSIF NOT programs.may_follow(own.state, becomes) THEN
    RAISE EXCEPTION 'an enrolment that is % cannot become %', own.state, becomes USING ERRCODE = 'HB001';
  ELSIF code = 'DECEASED' AND own.flag IS DISTINCT FROM 'DECEASED' THEN
    RAISE EXCEPTION 'the population register attests no death' USING ERRCODE = 'HB001';
  ELSIF code = 'COMMITMENT_BREACH' AND NOT EXISTS (SELECT FROM programs.commitment_case c WHERE c.enrolment_id = own.id AND c.stage = 'STOP_PROPOSED') THEN
    RAISE EXCEPTION 'a breach of commitments ends an enrolment after warning and suspension' USING ERRCODE = 'HB001';
  END IF;
END $$;
--> statement-breakpoint
-- An officer proposes an end, a person their own withdrawal.
CREATE FUNCTION "programs"."ending_proposed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own programs.enrolment;
  rule programs.ending_rule;
BEGIN
  SELECT e.* INTO own FROM programs.enrolment e WHERE e.id = NEW.enrolment_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such enrolment' USING ERRCODE = 'HB003'; END IF;
  SELECT r.* INTO rule FROM programs.ending_rule r WHERE r.code = NEW.reason;
  NEW.person_id := own.person_id;
  NEW.program := own.program;
  NEW.region := own.region;
  NEW.version := 1;
  NEW.state := 'PROPOSED';
  NEW.proposed_by := programs.actor();
  NEW.proposed_at := programs.moment();
  NEW.revocable_until := NULL;
  NEW.decided_by := NULL;
  NEW.decided_at := NULL;
  NEW.decision_words := NULL;
  IF programs.citizen() IS NOT NULL THEN
    IF programs.officer() IS NOT NULL OR programs.citizen() <> own.person_id OR NEW.reason <> 'WITHDRAWN' THEN
      RAISE EXCEPTION 'a person withdraws from their own enrolment, and does nothing else to it' USING ERRCODE = 'HB002';
    END IF;
    NEW.ends_on := programs.today() + rule.revocable_days;
    NEW.revocable_until := (NEW.ends_on + 1)::timestamp AT TIME ZONE 'Asia/Jakarta';
  ELSE
    PERFORM programs.require_duty(array['DISTRICT', 'PROGRAM_STEWARD'], own.region, own.program, 'proposing the end of an enrolment');
    NEW.ends_on := coalesce(NEW.ends_on, programs.today());
    IF NEW.ends_on NOT BETWEEN own.started_on AND programs.today() THEN
      RAISE EXCEPTION 'an enrolment ends on a day from its first to today' USING ERRCODE = 'HB003';
    ELSIF NOT rule.by_officers THEN
      RAISE EXCEPTION '% is the end of a procedure of its own', NEW.reason USING ERRCODE = 'HB003';
    END IF;
  END IF;
  PERFORM programs.require_ending(own, NEW.enrolment_version, NEW.reason);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ending_proposed" BEFORE INSERT ON "programs"."ending" FOR EACH ROW EXECUTE FUNCTION "programs"."ending_proposed"();
--> statement-breakpoint
CREATE FUNCTION "programs"."ending_decides"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE own programs.enrolment;
BEGIN
  SELECT e.* INTO own FROM programs.enrolment e WHERE e.id = OLD.enrolment_id AND e.person_id = OLD.person_id FOR NO KEY UPDATE;
  NEW.version := OLD.version + 1;
  NEW.decided_by := programs.actor();
  NEW.decided_at := programs.moment();
  IF OLD.state <> 'PROPOSED' OR NEW.state = 'PROPOSED' THEN
    RAISE EXCEPTION 'an end that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  ELSIF NEW.state = 'REVOKED' THEN
    IF OLD.revocable_until IS NULL THEN
      -- what it stood on is no more: the death was taken back, the commitments were fulfilled
      IF NOT (OLD.reason = 'DECEASED' AND own.flag IS NULL OR OLD.reason = 'COMMITMENT_BREACH'
        AND NOT EXISTS (SELECT FROM programs.commitment_case c WHERE c.enrolment_id = OLD.enrolment_id AND c.stage <> 'FULFILLED')) THEN
        RAISE EXCEPTION 'only a withdrawal is taken back' USING ERRCODE = 'HB001';
      END IF;
    ELSIF programs.officer() IS NOT NULL OR programs.citizen() IS DISTINCT FROM OLD.person_id THEN
      RAISE EXCEPTION 'a withdrawal is taken back by whoever withdrew' USING ERRCODE = 'HB002';
    ELSIF programs.moment() >= OLD.revocable_until THEN
      RAISE EXCEPTION 'the time to take a withdrawal back is over' USING ERRCODE = 'HB001';
    END IF;
  ELSIF OLD.revocable_until IS NOT NULL THEN
    IF session_user = 'hub_programs' OR programs.moment() < OLD.revocable_until THEN
      RAISE EXCEPTION 'a withdrawal takes effect by the clock alone' USING ERRCODE = 'HB002';
    END IF;
  ELSE
    PERFORM programs.require_duty(array['DISTRICT', 'PROGRAM_STEWARD'], OLD.region, OLD.program, 'deciding the end of an enrolment');
    IF programs.officer() = OLD.proposed_by THEN
      RAISE EXCEPTION 'another than who proposed an end decides it' USING ERRCODE = 'HB002';
    ELSIF NEW.state = 'REJECTED' AND NEW.decision_words IS NULL THEN
      RAISE EXCEPTION 'a rejection needs a reason' USING ERRCODE = 'HB003';
    ELSIF NEW.state = 'CONFIRMED' THEN
      PERFORM programs.require_ending(own, OLD.enrolment_version, OLD.reason);
    END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ending_decides" BEFORE UPDATE ON "programs"."ending" FOR EACH ROW EXECUTE FUNCTION "programs"."ending_decides"();
--> statement-breakpoint
-- Sets the state of an enrolment for a reason, which does not outlive it. For rules alone.
CREATE FUNCTION "programs"."move_enrolment"(enrolment uuid, wanted programs.enrolment_state, why text, code text DEFAULT NULL, last_day date DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE told text := current_setting('hub.reason', true);
BEGIN
  PERFORM set_config('hub.reason', why, true);
  UPDATE programs.enrolment e SET state = wanted, ending = code, ended_on = last_day WHERE e.id = enrolment;
  PERFORM set_config('hub.reason', coalesce(told, ''), true);
END $$;
--> statement-breakpoint
-- The reason of the last step of an enrolment.
CREATE FUNCTION "programs"."last_reason"(enrolment uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.reason FROM programs.transition t WHERE t.subject_kind = 'ENROLMENT' AND t.subject_id = enrolment ORDER BY t.id DESC LIMIT 1
$$;
--> statement-breakpoint
CREATE FUNCTION "programs"."ending_follows"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  is_own boolean := NEW.revocable_until IS NOT NULL;
  paused text := 'WITHDRAWN ' || NEW.id;
  now_is programs.enrolment_state;
  is_dead boolean;
BEGIN
  PERFORM programs.note_transition('ENDING', NEW.id, NEW.person_id, NEW.program, NEW.region,
    CASE NEW.state WHEN 'PROPOSED' THEN CASE WHEN is_own THEN 'WITHDRAW' ELSE 'PROPOSE_END' END WHEN 'CONFIRMED' THEN 'CONFIRM_END' WHEN 'REJECTED' THEN 'REJECT_END' ELSE 'REVOKE_END' END,
    CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state, NEW.reason);
  SELECT e.state, e.flag IS NOT NULL INTO now_is, is_dead FROM programs.enrolment e WHERE e.id = NEW.enrolment_id;
  IF NEW.state = 'CONFIRMED' THEN
    PERFORM programs.move_enrolment(NEW.enrolment_id, (SELECT r.ends_as FROM programs.ending_rule r WHERE r.code = NEW.reason), NEW.reason, NEW.reason, NEW.ends_on);
  ELSIF NEW.state = 'PROPOSED' AND is_own AND now_is = 'ACTIVE' THEN
    PERFORM programs.move_enrolment(NEW.enrolment_id, 'SUSPENDED', paused);
  -- who was suspended for something else is not resumed by this
  ELSIF NEW.state = 'REVOKED' AND now_is = 'SUSPENDED' AND NOT is_dead AND programs.last_reason(NEW.enrolment_id) = paused THEN
    PERFORM programs.move_enrolment(NEW.enrolment_id, 'ACTIVE', 'REVOKED ' || NEW.id);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ending_follows" AFTER INSERT OR UPDATE ON "programs"."ending" FOR EACH ROW EXECUTE FUNCTION "programs"."ending_follows"();
--> statement-breakpoint
-- A death that is taken back takes the ends with it that were proposed for it. After follow_death, by its name.
CREATE FUNCTION "programs"."follow_revival"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE programs.ending SET state = 'REVOKED' WHERE state = 'PROPOSED' AND reason = 'DECEASED'
    AND enrolment_id IN (SELECT e.id FROM programs.enrolment e WHERE e.person_id = NEW.person_id AND e.flag IS NULL);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "population_event_follow_revival" AFTER INSERT ON "programs"."population_event" FOR EACH ROW WHEN (NEW.is_alive) EXECUTE FUNCTION "programs"."follow_revival"();
--> statement-breakpoint
-- Withdrawals that nobody took back take effect at the instant their time runs out, up to 10,000 a call. Answers how many.
CREATE FUNCTION "programs"."end_withdrawals"(at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE ended integer;
BEGIN
  PERFORM set_config('hub.now', at::text, true), set_config('hub.actor', 'WITHDRAWAL_CLOCK', true);
  UPDATE programs.ending SET state = 'CONFIRMED' WHERE id IN (
    SELECT d.id FROM programs.ending d JOIN programs.enrolment e ON e.id = d.enrolment_id AND e.person_id = d.person_id AND e.state NOT IN ('GRADUATED', 'EXITED')
    WHERE d.state = 'PROPOSED' AND d.revocable_until <= at ORDER BY d.revocable_until LIMIT 10000 FOR UPDATE OF d SKIP LOCKED);
  GET DIAGNOSTICS ended = ROW_COUNT;
  RETURN ended;
END $$;
--> statement-breakpoint
-- The family of an enrolment in the delivery in force; null: none of it.
CREATE FUNCTION "programs"."family_of"(own programs.enrolment) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.family_id FROM programs.candidate_family f WHERE f.delivery = programs.delivery_in_force() AND (f.family_id = own.unit_id OR own.unit_id IS NULL AND f.person_id = own.person_id) LIMIT 1
$$;
--> statement-breakpoint
-- Whether somebody stands in the family (or is the member) of an enrolment, with one of these components (none asked: any); by the delivery in force. Of a unit
-- that no delivery knows only who is enrolled.
CREATE FUNCTION "programs"."is_committed"(own programs.enrolment, who uuid, asked text[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH family AS (SELECT programs.family_of(own) AS family_id)
  SELECT CASE WHEN family.family_id IS NOT NULL THEN EXISTS (SELECT FROM programs.candidate_member m
      WHERE m.delivery = programs.delivery_in_force() AND m.family_id = family.family_id AND m.person_id = who AND (asked = '{}' OR m.components && asked))
    ELSE who = own.person_id END
  FROM family
$$;
--> statement-breakpoint
-- Whether everything that obliges a family in a quarter was verified or excepted: each member whom a component obliges, and once whatever obliges the family. Who has
-- no matched person cannot be recorded, and is not waited for.
CREATE FUNCTION "programs"."is_verified"(own programs.enrolment, quarter text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH rule AS (
    SELECT r.kind, r.components FROM programs.commitment_rule r
    WHERE r.program = own.program AND programs.quarter_ends(quarter) BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity')
  ), due AS (
    SELECT r.kind, NULL::uuid AS person_id FROM rule r WHERE r.components = '{}'
    UNION ALL
    SELECT r.kind, m.person_id FROM rule r JOIN programs.candidate_member m ON m.components && r.components
    WHERE m.delivery = programs.delivery_in_force() AND m.family_id = programs.family_of(own) AND m.state = 'ACTIVE' AND m.person_id IS NOT NULL
  )
  SELECT EXISTS (SELECT FROM due) AND NOT EXISTS (SELECT FROM due d WHERE NOT EXISTS (SELECT FROM programs.commitment_check c
    WHERE c.enrolment_id = own.id AND c.period = quarter AND c.kind = d.kind AND (d.person_id IS NULL OR c.person_id = d.person_id)))
$$;
--> statement-breakpoint
CREATE FUNCTION "programs"."commitment_check_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own programs.enrolment;
  rule programs.commitment_rule;
  last_day date := programs.quarter_ends(NEW.period);
BEGIN
  SELECT e.* INTO own FROM programs.enrolment e WHERE e.id = NEW.enrolment_id FOR SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such enrolment' USING ERRCODE = 'HB003'; END IF;
  PERFORM programs.require_duty(array['COMPANION'], own.region, own.program, 'recording a commitment');
  SELECT r.* INTO rule FROM programs.commitment_rule r WHERE r.program = own.program AND r.kind = NEW.kind AND last_day BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity');
  IF NOT FOUND THEN
    RAISE EXCEPTION '% has no such commitment in %', own.program, NEW.period USING ERRCODE = 'HB003';
  ELSIF own.state NOT IN ('ACTIVE', 'SUSPENDED') THEN
    RAISE EXCEPTION 'an enrolment that is % has no commitments', own.state USING ERRCODE = 'HB001';
  ELSIF programs.today() < programs.period_begins(NEW.period) THEN
    RAISE EXCEPTION 'the period has not begun' USING ERRCODE = 'HB003';
  ELSIF EXISTS (SELECT FROM programs.commitment_case c WHERE c.enrolment_id = own.id AND c.period >= NEW.period) THEN
    RAISE EXCEPTION 'the period is concluded' USING ERRCODE = 'HB001';
  ELSIF rule.measure = 'PERCENT' AND coalesce(NEW.held, 0) = 0 AND NEW.exception IS NULL THEN
    RAISE EXCEPTION 'held: how many there were must be said' USING ERRCODE = 'HB003';
  ELSIF NOT programs.is_committed(own, NEW.person_id, rule.components) THEN
    RAISE EXCEPTION 'member: nobody of this family has this commitment by that id' USING ERRCODE = 'HB003';
  END IF;
  NEW.version := CASE TG_OP WHEN 'UPDATE' THEN OLD.version + 1 ELSE 1 END;
  NEW.program := own.program;
  NEW.region := own.region;
  NEW.recorded_by := programs.officer();
  NEW.recorded_at := programs.moment();
  NEW.is_fulfilled := CASE rule.measure WHEN 'PERCENT' THEN NEW.held > 0 AND NEW.attended * 100 >= rule.threshold * NEW.held ELSE NEW.attended >= rule.threshold END;
  NEW.is_fulfilled := coalesce(NEW.is_fulfilled, false);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "commitment_check_rules" BEFORE INSERT OR UPDATE ON "programs"."commitment_check" FOR EACH ROW EXECUTE FUNCTION "programs"."commitment_check_rules"();
--> statement-breakpoint
CREATE FUNCTION "programs"."commitment_checked"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM programs.note_transition('COMMITMENT_CHECK', NEW.id, NEW.person_id, NEW.program, NEW.region, CASE TG_OP WHEN 'INSERT' THEN 'RECORD' ELSE 'CORRECT' END,
    NULL, CASE WHEN NEW.exception IS NOT NULL THEN 'EXCEPTED' WHEN NEW.is_fulfilled THEN 'FULFILLED' ELSE 'NOT_FULFILLED' END, NEW.period);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "commitment_checked" AFTER INSERT OR UPDATE ON "programs"."commitment_check" FOR EACH ROW EXECUTE FUNCTION "programs"."commitment_checked"();
--> statement-breakpoint
-- What a period comes to: breached, a step further; fulfilled or excepted, all is forgotten.
CREATE FUNCTION "programs"."commitment_case_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own programs.enrolment;
  was text := CASE TG_OP WHEN 'UPDATE' THEN OLD.stage ELSE 'FULFILLED' END;
BEGIN
  SELECT e.* INTO own FROM programs.enrolment e WHERE e.id = NEW.enrolment_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such enrolment' USING ERRCODE = 'HB003'; END IF;
  PERFORM programs.require_duty(array['DISTRICT', 'PROGRAM_STEWARD'], own.region, own.program, 'concluding the commitments of a period');
  IF own.state NOT IN ('ACTIVE', 'SUSPENDED') THEN
    RAISE EXCEPTION 'an enrolment that is % has no commitments', own.state USING ERRCODE = 'HB001';
  ELSIF TG_OP = 'UPDATE' AND NEW.period <= OLD.period THEN
    RAISE EXCEPTION 'the period is concluded' USING ERRCODE = 'HB001';
  ELSIF programs.today() <= programs.quarter_ends(NEW.period) THEN
    RAISE EXCEPTION 'period: has not ended' USING ERRCODE = 'HB003';
  ELSIF NOT programs.is_verified(own, NEW.period) THEN
    RAISE EXCEPTION 'not everything that obliges the family in the period was verified' USING ERRCODE = 'HB001';
  ELSIF EXISTS (SELECT FROM programs.commitment_check c WHERE c.enrolment_id = own.id AND c.period = NEW.period AND c.recorded_by = programs.officer()) THEN
    RAISE EXCEPTION 'another than who verified a period concludes it' USING ERRCODE = 'HB002';
  END IF;
  NEW.version := CASE TG_OP WHEN 'UPDATE' THEN OLD.version + 1 ELSE 1 END;
  NEW.person_id := own.person_id;
  NEW.program := own.program;
  NEW.region := own.region;
  NEW.concluded_by := programs.officer();
  NEW.concluded_at := programs.moment();
  NEW.stage := CASE WHEN NOT EXISTS (SELECT FROM programs.commitment_check c WHERE c.enrolment_id = own.id AND c.period = NEW.period AND NOT c.is_fulfilled AND c.exception IS NULL) THEN 'FULFILLED'
    WHEN was = 'FULFILLED' THEN 'WARNED' WHEN was = 'WARNED' THEN 'SUSPENDED' ELSE 'STOP_PROPOSED' END;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "commitment_case_rules" BEFORE INSERT OR UPDATE ON "programs"."commitment_case" FOR EACH ROW EXECUTE FUNCTION "programs"."commitment_case_rules"();
--> statement-breakpoint
CREATE FUNCTION "programs"."commitment_case_follows"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  was text := CASE TG_OP WHEN 'UPDATE' THEN OLD.stage ELSE 'FULFILLED' END;
  own programs.enrolment;
BEGIN
  PERFORM programs.note_transition('COMMITMENT', NEW.enrolment_id, NEW.person_id, NEW.program, NEW.region, 'CONCLUDE', was, NEW.stage, NEW.period);
  IF NEW.stage = 'FULFILLED' THEN
    UPDATE programs.ending d SET state = 'REVOKED' WHERE d.enrolment_id = NEW.enrolment_id AND d.state = 'PROPOSED' AND d.reason = 'COMMITMENT_BREACH';
  END IF;
  SELECT e.* INTO own FROM programs.enrolment e WHERE e.id = NEW.enrolment_id;
  IF NEW.stage = 'FULFILLED' AND own.state = 'SUSPENDED' AND own.flag IS NULL AND starts_with(programs.last_reason(own.id), 'COMMITMENT_BREACH') THEN
    PERFORM programs.move_enrolment(own.id, 'ACTIVE', 'COMMITMENT_FULFILLED ' || NEW.period);
  ELSIF NEW.stage = 'SUSPENDED' AND own.state = 'ACTIVE' THEN
    PERFORM programs.move_enrolment(own.id, 'SUSPENDED', 'COMMITMENT_BREACH ' || NEW.period);
  ELSIF NEW.stage = 'STOP_PROPOSED' AND NOT EXISTS (SELECT FROM programs.ending d WHERE d.enrolment_id = own.id AND d.state = 'PROPOSED') THEN
    INSERT INTO programs.ending (id, enrolment_id, enrolment_version, person_id, program, region, reason, words, state, proposed_by, proposed_at)
    VALUES (gen_random_uuid(), own.id, own.version, own.person_id, own.program, own.region, 'COMMITMENT_BREACH', NEW.period, 'PROPOSED', '', programs.moment());
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "commitment_case_follows" AFTER INSERT OR UPDATE ON "programs"."commitment_case" FOR EACH ROW EXECUTE FUNCTION "programs"."commitment_case_follows"();
--> statement-breakpoint
-- What runs on a day and somebody must look at, a row a reason: nothing of it ends by itself. Reads as whoever asks.
CREATE FUNCTION "programs"."enrolments_to_review"(day date) RETURNS TABLE (id uuid, person_id uuid, region text, reason text, since date) LANGUAGE sql STABLE AS $$
  WITH barred AS NOT MATERIALIZED (
    SELECT x.program, x.person_id, x.family_id, x.valid_from FROM programs.exclusion x WHERE x.known_to IS NULL AND $1 BETWEEN x.valid_from AND coalesce(x.valid_to, 'infinity')
  )
  SELECT e.id, e.person_id, e.region, 'DECEASED', e.flagged_since FROM programs.enrolment e WHERE e.flag = 'DECEASED' AND e.state NOT IN ('GRADUATED', 'EXITED')
  UNION ALL
  SELECT e.id, e.person_id, e.region, 'EXCLUDED', b.valid_from FROM barred b JOIN programs.enrolment e ON e.person_id = b.person_id
  WHERE (b.program IS NULL OR b.program = e.program) AND e.state NOT IN ('GRADUATED', 'EXITED')
  UNION ALL
  SELECT e.id, e.person_id, e.region, 'EXCLUDED', b.valid_from FROM barred b JOIN programs.enrolment e ON e.unit_id = b.family_id
  WHERE (b.program IS NULL OR b.program = e.program) AND e.state NOT IN ('GRADUATED', 'EXITED')
  UNION ALL
  SELECT e.id, e.person_id, e.region, 'PROGRAM_CLOSED', p.valid_to FROM programs.program p JOIN programs.enrolment e ON e.program = p.code
  WHERE p.valid_to < $1 AND e.state NOT IN ('GRADUATED', 'EXITED')
  UNION ALL
  SELECT d.enrolment_id, d.person_id, d.region, CASE d.reason WHEN 'COMMITMENT_BREACH' THEN 'STOP_PROPOSED' ELSE 'END_PROPOSED' END, (d.proposed_at AT TIME ZONE 'Asia/Jakarta')::date
  FROM programs.ending d WHERE d.state = 'PROPOSED' AND d.revocable_until IS NULL
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."enrolment_by_officer", "programs"."ending_proposed", "programs"."require_ending", "programs"."ending_decides", "programs"."follow_revival", "programs"."ending_follows", "programs"."move_enrolment", "programs"."last_reason",
  "programs"."end_withdrawals", "programs"."family_of", "programs"."is_committed", "programs"."is_verified", "programs"."commitment_check_rules", "programs"."commitment_checked", "programs"."commitment_case_rules", "programs"."commitment_case_follows" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."end_withdrawals" TO "hub_programs_jobs";
--> statement-breakpoint
ALTER TABLE "programs"."ending" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."ending" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_adds" ON "programs"."ending" FOR INSERT TO "hub_programs" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_moves" ON "programs"."ending" FOR UPDATE TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."ending" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."ending" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE TRIGGER "ending_stays" BEFORE DELETE OR TRUNCATE ON "programs"."ending" EXECUTE FUNCTION "programs"."refuse"('ends of enrolments are on file and stay');
--> statement-breakpoint
ALTER TABLE "programs"."commitment_check" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."commitment_check" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_adds" ON "programs"."commitment_check" FOR INSERT TO "hub_programs" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_moves" ON "programs"."commitment_check" FOR UPDATE TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."commitment_check" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."commitment_check" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE TRIGGER "commitment_check_stays" BEFORE DELETE OR TRUNCATE ON "programs"."commitment_check" EXECUTE FUNCTION "programs"."refuse"('what was verified is on file and stays');
--> statement-breakpoint
ALTER TABLE "programs"."commitment_case" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."commitment_case" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_adds" ON "programs"."commitment_case" FOR INSERT TO "hub_programs" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_moves" ON "programs"."commitment_case" FOR UPDATE TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."commitment_case" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."commitment_case" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE TRIGGER "commitment_case_stays" BEFORE DELETE OR TRUNCATE ON "programs"."commitment_case" EXECUTE FUNCTION "programs"."refuse"('what a period came to is on file and stays');
--> statement-breakpoint
GRANT SELECT ON "programs"."ending", "programs"."commitment_rule", "programs"."commitment_check", "programs"."commitment_case" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
GRANT INSERT ON "programs"."ending", "programs"."commitment_check", "programs"."commitment_case" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("state", "decision_words") ON "programs"."ending" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("attended", "held", "exception", "words") ON "programs"."commitment_check" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("period") ON "programs"."commitment_case" TO "hub_programs";
