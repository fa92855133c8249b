-- Who may act in the aid programs, in which program, where and from when; what they did. Rules that every workflow of the programs shares. SQLSTATEs as
-- governance's: HB001 conflict, HB002 forbidden, HB003 bad input; the message is a sentence for the asker and names nobody.
CREATE TABLE "programs"."officer_duty" (
	"id" uuid PRIMARY KEY NOT NULL,
	"officer_id" text collate "C" NOT NULL,
	"agency" text collate "C" NOT NULL,
	"role" text NOT NULL,
	"region" text collate "C" NOT NULL,
	"program" text collate "C" NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone,
	"assigned_by" text collate "C" NOT NULL,
	CONSTRAINT "officer_duty_role" CHECK (role in ('PROGRAM_STEWARD', 'PROGRAM_HEAD', 'DISTRICT', 'COMPANION', 'TREASURY', 'BANK', 'EDUCATION', 'HEALTH')),
	CONSTRAINT "officer_duty_region" CHECK (region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10})?$'),
	CONSTRAINT "officer_duty_period" CHECK (valid_to > valid_from)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "officer_duty_once" ON "programs"."officer_duty" ("officer_id", "agency", "role", "region", "program") WHERE valid_to is null;
--> statement-breakpoint
CREATE TABLE "programs"."transition" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	"subject_kind" text collate "C" NOT NULL,
	"subject_id" uuid NOT NULL,
	"person_id" uuid,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text collate "C" NOT NULL,
	"act" text collate "C" NOT NULL,
	"from_state" text collate "C",
	"to_state" text collate "C",
	"reason" text
);
--> statement-breakpoint
CREATE INDEX "transition_subject" ON "programs"."transition" ("subject_kind", "subject_id", "id");
--> statement-breakpoint
CREATE INDEX "transition_person" ON "programs"."transition" ("person_id", "id") WHERE person_id is not null;
--> statement-breakpoint
-- The officer who acts; null: none does.
CREATE FUNCTION "programs"."officer"() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT (nullif(current_setting('hub.officer', true), '')::text[])[1] $$;
--> statement-breakpoint
-- The person who asks about themselves or whom they represent; null: none does.
CREATE FUNCTION "programs"."citizen"() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT ((nullif(current_setting('hub.citizen', true), '')::text[])[1])::uuid $$;
--> statement-breakpoint
-- Of which agency it is asked; null: nobody said.
CREATE FUNCTION "programs"."agency"() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT (nullif(current_setting('hub.agency', true), '')::text[])[1] $$;
--> statement-breakpoint
-- Under which purpose; null: nobody said.
CREATE FUNCTION "programs"."purpose"() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT (nullif(current_setting('hub.purpose', true), '')::text[])[1] $$;
--> statement-breakpoint
-- Empty: an instant that is told lies near the server's clock. A row, of the owner alone: a scratch database, whose clock is what it is told.
CREATE TABLE "programs"."clock_rule" ("told" boolean PRIMARY KEY DEFAULT true NOT NULL, CONSTRAINT "clock_rule_told" CHECK (told));
--> statement-breakpoint
GRANT SELECT ON "programs"."clock_rule" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
-- The instant of the request (hub.now), which the slice says in every transaction that writes, and at most a day away from the server's clock; jobs say theirs,
-- which has come; seeds and imports of the owner go by the server's clock.
CREATE FUNCTION "programs"."moment"() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE told timestamptz := nullif(current_setting('hub.now', true), '')::timestamptz;
BEGIN
  IF session_user = 'hub_programs' THEN
    IF told IS NULL THEN RAISE EXCEPTION 'hub.now is not said'; END IF;
    IF told NOT BETWEEN clock_timestamp() - interval '1 day' AND clock_timestamp() + interval '1 day' AND NOT EXISTS (SELECT FROM programs.clock_rule) THEN
      RAISE EXCEPTION 'hub.now is not the instant it is' USING ERRCODE = 'HB003';
    END IF;
  ELSIF session_user = 'hub_programs_jobs' AND told > clock_timestamp() + interval '1 day' AND NOT EXISTS (SELECT FROM programs.clock_rule) THEN
    RAISE EXCEPTION 'no job acts at an instant that has not come' USING ERRCODE = 'HB003';
  END IF;
  RETURN coalesce(told, now());
END $$;
--> statement-breakpoint
-- The day it is in WIB, by that instant.
CREATE FUNCTION "programs"."today"() RETURNS date LANGUAGE sql STABLE AS $$ SELECT (programs.moment() AT TIME ZONE 'Asia/Jakarta')::date $$;
--> statement-breakpoint
-- Whether the officer who acts holds one of these duties (null: any) for a program over a region at this instant, for the agency it is asked of.
CREATE FUNCTION "programs"."on_duty"(roles text[], region text, program text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT programs.purpose() = 'PROGRAM_MANAGEMENT' AND EXISTS (SELECT FROM programs.officer_duty d WHERE d.officer_id = programs.officer() AND d.agency = programs.agency()
    AND (roles IS NULL OR d.role = ANY (roles)) AND starts_with($2, d.region) AND d.program IN ('*', $3)
    AND d.valid_from <= clock_timestamp() AND (d.valid_to IS NULL OR clock_timestamp() < d.valid_to))
$$;
--> statement-breakpoint
-- What the asker sees of what the agreement opens, as `program|region prefix`: an officer of programs where a duty is held, without any nothing; everything
-- (`*|`) who is none. In policies as a subquery: once a statement, not once a row.
CREATE FUNCTION "programs"."seen_scopes"() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN programs.officer() IS NULL OR programs.purpose() IS DISTINCT FROM 'PROGRAM_MANAGEMENT' THEN array['*|']
    ELSE (SELECT coalesce(array_agg(d.program || '|' || d.region), '{}') FROM programs.officer_duty d WHERE d.officer_id = programs.officer()
      AND d.agency = programs.agency() AND d.valid_from <= clock_timestamp() AND (d.valid_to IS NULL OR clock_timestamp() < d.valid_to)) END
$$;
--> statement-breakpoint
-- Region prefixes in which the asker sees what a program does (null: any), by the agreement's programs and the duties held.
CREATE FUNCTION "programs"."seen_regions"(program text DEFAULT NULL) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT split_part(s, '|', 2)), '{}') FROM unnest(programs.seen_scopes()) AS s
  WHERE $1 IS NULL OR split_part(s, '|', 1) IN ('*', $1) AND current_setting('hub.programs')::text[] && array['*', $1]
$$;
--> statement-breakpoint
-- Whether the asker may know what a program does in a region, by agreement and duties.
CREATE FUNCTION "programs"."is_open"(program text, region text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])), false) AND region ^@ ANY (programs.seen_regions($1))
$$;
--> statement-breakpoint
-- The bank (a code of payment_channel) whose officer asks and who therefore sees its own payments alone; null: nobody of a bank asks.
CREATE FUNCTION "programs"."bank"() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT d.agency::text FROM programs.officer_duty d WHERE d.officer_id = programs.officer() AND d.agency = programs.agency() AND d.role = 'BANK' LIMIT 1
$$;
--> statement-breakpoint
CREATE FUNCTION "programs"."require_duty"(roles text[], region text, program text, deed text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF programs.officer() IS NULL THEN
    RAISE EXCEPTION '% needs an officer who does it', deed USING ERRCODE = 'HB002';
  ELSIF NOT programs.on_duty(roles, region, program) THEN
    -- not over which region: it may be where somebody lives whom the asker may not look up
    RAISE EXCEPTION '% takes a % on duty for % there', deed, array_to_string(roles, ' or '), program USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
-- Whoever acts, for the history: the officer, CITIZEN, or the job.
CREATE FUNCTION "programs"."actor"() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(programs.officer(), CASE WHEN programs.citizen() IS NOT NULL THEN 'CITIZEN' ELSE coalesce(nullif(current_setting('hub.actor', true), ''), 'SYSTEM') END)
$$;
--> statement-breakpoint
-- Writes a line of the history. Only rules (SECURITY DEFINER functions of the owner) may call it; those that move many rows write their lines in one statement.
CREATE FUNCTION "programs"."note_transition"(kind text, subject uuid, person uuid, program text, region text, act text, from_state text, to_state text, reason text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO programs.transition (subject_kind, subject_id, person_id, program, region, at, actor, act, from_state, to_state, reason)
  VALUES ($1, $2, $3, $4, $5, programs.moment(), programs.actor(), $6, $7, $8, $9)
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."note_transition" FROM PUBLIC;
--> statement-breakpoint
CREATE FUNCTION "programs"."refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HB001'; END $$;
--> statement-breakpoint
CREATE TRIGGER "transition_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "programs"."transition" EXECUTE FUNCTION "programs"."refuse"('what is in the history stays');
--> statement-breakpoint
-- Hands work to the programs' workers; the same work waiting twice is one.
CREATE FUNCTION "programs"."enqueue"(task text, subject text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF task !~ '^aid_[a-z_]+$' THEN RAISE EXCEPTION 'no such work' USING ERRCODE = 'HB003'; END IF;
  PERFORM graphile_worker.add_job(task, json_build_object('job', subject), job_key => task || '/' || subject, max_attempts => 8);
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."enqueue" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."enqueue" TO "hub_programs";
--> statement-breakpoint
-- who takes over a function must be allowed to make one there
GRANT USAGE, CREATE ON SCHEMA "programs" TO "hub_programs_jobs";
--> statement-breakpoint
ALTER FUNCTION "programs"."enqueue" OWNER TO "hub_programs_jobs";
--> statement-breakpoint
REVOKE CREATE ON SCHEMA "programs" FROM "hub_programs_jobs";
--> statement-breakpoint
ALTER TABLE "programs"."officer_duty" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."officer_duty" FOR SELECT TO "hub_programs", "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."officer_duty" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "programs"."transition" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."transition" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."transition" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT ON "programs"."officer_duty" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
GRANT SELECT ON "programs"."transition" TO "hub_programs";
--> statement-breakpoint
-- An officer of programs sees enrolments and payments where a duty is held, a person their own.
DROP POLICY "hub_programs_reads" ON "programs"."enrolment";
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."enrolment" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
DROP POLICY "hub_programs_reads" ON "programs"."payment_period";
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."payment_period" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and ((select programs.bank()) is null or channel::text = (select programs.bank())));
--> statement-breakpoint
-- The programs' workers read all; what else they may write the parts say.
GRANT SELECT ON "programs"."program", "programs"."enrolment", "programs"."payment_period" TO "hub_programs_jobs";
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."enrolment" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."payment_period" FOR SELECT TO "hub_programs_jobs" USING (true);
