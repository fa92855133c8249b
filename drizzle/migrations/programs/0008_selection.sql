-- Who gets the seats of a program, who waits, and what another policy would change.
CREATE TABLE "programs"."quota" (
	"id" uuid PRIMARY KEY NOT NULL,
	"program" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"kind" text DEFAULT 'REGULAR' NOT NULL,
	"seats" integer DEFAULT 0 NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	"reserved" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'DRAFT' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"proposed" integer,
	"reason" text NOT NULL,
	"made_by" text collate "C" NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"approved_by" text collate "C",
	"approved_at" timestamp with time zone,
	CONSTRAINT "quota_words" CHECK (kind in ('REGULAR', 'EMERGENCY') and state in ('DRAFT', 'IN_FORCE', 'WITHDRAWN', 'CLOSED') and reason ~ '\S'),
	CONSTRAINT "quota_region" CHECK (region ~ '^([0-9]{2}|[0-9]{4})?$'),
	CONSTRAINT "quota_period" CHECK (period ~ '^20[0-9]{2}(-Q[1-4]|-(0[1-9]|1[0-2]))?$'),
	CONSTRAINT "quota_never_over" CHECK (used >= 0 and reserved >= 0 and (state <> 'IN_FORCE' or used + reserved <= seats)),
	CONSTRAINT "quota_seats" CHECK (seats >= 0 and proposed >= 0),
	CONSTRAINT "quota_four_eyes" CHECK (approved_by <> made_by)
);
--> statement-breakpoint
ALTER TABLE "programs"."quota" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."selection_chunk" (
	"run" uuid NOT NULL,
	"step" text NOT NULL,
	"part" text collate "C" NOT NULL,
	"before" bigint,
	"within" bigint,
	"rows" bigint,
	"done_at" timestamp with time zone,
	CONSTRAINT "selection_chunk_run_step_part_pk" PRIMARY KEY("run","step","part")
);
--> statement-breakpoint
CREATE TABLE "programs"."selection_entry" (
	"run" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"place" bigint NOT NULL,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"verdict" text NOT NULL
) PARTITION BY LIST ("run");
--> statement-breakpoint
ALTER TABLE "programs"."selection_entry" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."selection_rule" (
	"program" text collate "C" PRIMARY KEY NOT NULL,
	"source" text NOT NULL
);
--> statement-breakpoint
INSERT INTO "programs"."selection_rule" ("program", "source") VALUES
	('PKH', 'Permensos 1/2018: participants are determined from the data by decree'),
	('BPNT', 'Permensos 4/2023 on Program Sembako: recipients are determined from the data by decree (u)');
--> statement-breakpoint
CREATE TABLE "programs"."selection_run" (
	"id" uuid PRIMARY KEY NOT NULL,
	"program" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"delivery" integer NOT NULL,
	"day" date NOT NULL,
	"known" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'DRAFT' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"reason" text NOT NULL,
	"made_by" text collate "C" NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"selected" bigint,
	"waiting" bigint,
	"hash" text collate "C",
	"decree" text collate "C",
	"signed_by" text collate "C",
	"signed_at" timestamp with time zone,
	"published_at" timestamp with time zone,
	CONSTRAINT "selection_run_words" CHECK (state in ('DRAFT', 'RUNNING', 'READY', 'SIGNED', 'PUBLISHED', 'DISCARDED') and reason ~ '\S'),
	CONSTRAINT "selection_run_decree_form" CHECK (decree ~ '^[1-9][0-9]{0,4}/[A-Z]{2,10}/20[0-9]{2}$'),
	CONSTRAINT "selection_run_signed" CHECK ((state in ('SIGNED', 'PUBLISHED')) = (decree is not null) and signed_by <> made_by),
	CONSTRAINT "selection_run_ready" CHECK (state not in ('READY', 'SIGNED', 'PUBLISHED') or hash is not null)
);
--> statement-breakpoint
ALTER TABLE "programs"."selection_run" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."selection_seat" (
	"run" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"seats" integer NOT NULL,
	"free" integer NOT NULL,
	"allots" boolean NOT NULL,
	"selected" integer,
	"last_place" bigint,
	CONSTRAINT "selection_seat_run_region_pk" PRIMARY KEY("run","region")
);
--> statement-breakpoint
CREATE TABLE "programs"."simulation" (
	"id" uuid PRIMARY KEY NOT NULL,
	"program" text collate "C" NOT NULL,
	"delivery" integer NOT NULL,
	"day" date NOT NULL,
	"known" timestamp with time zone NOT NULL,
	"decile_limit" smallint,
	"regions" text[] NOT NULL,
	"percents" smallint[] NOT NULL,
	"state" text DEFAULT 'QUEUED' NOT NULL,
	"agency" text collate "C" NOT NULL,
	"asked_by" text collate "C" NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone,
	CONSTRAINT "simulation_state" CHECK (state in ('QUEUED', 'DONE') and decile_limit between 1 and 10),
	CONSTRAINT "simulation_quotas" CHECK (cardinality(regions) = cardinality(percents) and -50 <= all (percents) and 50 >= all (percents))
);
--> statement-breakpoint
ALTER TABLE "programs"."simulation" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."simulation_cell" (
	"simulation" uuid NOT NULL,
	"regency" text collate "C" NOT NULL,
	"decile" smallint NOT NULL,
	"is_entering" boolean NOT NULL,
	"units" integer NOT NULL,
	CONSTRAINT "simulation_cell_simulation_regency_decile_is_entering_pk" PRIMARY KEY("simulation","regency","decile","is_entering")
);
--> statement-breakpoint
ALTER TABLE "programs"."quota" ADD CONSTRAINT "quota_program_program_code_fk" FOREIGN KEY ("program") REFERENCES "programs"."program"("code");
--> statement-breakpoint
ALTER TABLE "programs"."selection_chunk" ADD CONSTRAINT "selection_chunk_run_selection_run_id_fk" FOREIGN KEY ("run") REFERENCES "programs"."selection_run"("id");
--> statement-breakpoint
ALTER TABLE "programs"."selection_run" ADD CONSTRAINT "selection_run_program_program_code_fk" FOREIGN KEY ("program") REFERENCES "programs"."program"("code");
--> statement-breakpoint
ALTER TABLE "programs"."selection_seat" ADD CONSTRAINT "selection_seat_run_selection_run_id_fk" FOREIGN KEY ("run") REFERENCES "programs"."selection_run"("id");
--> statement-breakpoint
ALTER TABLE "programs"."simulation" ADD CONSTRAINT "simulation_program_program_code_fk" FOREIGN KEY ("program") REFERENCES "programs"."program"("code");
--> statement-breakpoint
ALTER TABLE "programs"."simulation_cell" ADD CONSTRAINT "simulation_cell_simulation_simulation_id_fk" FOREIGN KEY ("simulation") REFERENCES "programs"."simulation"("id");
--> statement-breakpoint
CREATE UNIQUE INDEX "quota_in_force" ON "programs"."quota" ("program","region","kind") WHERE state = 'IN_FORCE';
--> statement-breakpoint
CREATE UNIQUE INDEX "quota_open" ON "programs"."quota" ("program","period","region","kind") WHERE state in ('DRAFT', 'IN_FORCE');
--> statement-breakpoint
CREATE INDEX "selection_run_program" ON "programs"."selection_run" ("program","published_at" DESC NULLS LAST);
--> statement-breakpoint
CREATE UNIQUE INDEX "selection_run_decree" ON "programs"."selection_run" ("decree");
--> statement-breakpoint
CREATE INDEX "simulation_agency" ON "programs"."simulation" ("agency","asked_at");
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."quota" FOR SELECT TO "hub_programs" USING ((state <> 'DRAFT' or programs.on_duty(null, region, program)) and current_setting('hub.programs')::text[] && array['*', program]);
--> statement-breakpoint
CREATE POLICY "hub_programs_drafts" ON "programs"."quota" FOR INSERT TO "hub_programs" WITH CHECK (state = 'DRAFT');
--> statement-breakpoint
CREATE POLICY "hub_programs_decides" ON "programs"."quota" FOR UPDATE TO "hub_programs" USING (state in ('DRAFT', 'IN_FORCE')) WITH CHECK (state <> 'CLOSED');
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."quota" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."quota" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."selection_entry" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and run in (select r.id from programs.selection_run r));
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."selection_entry" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."selection_entry" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."selection_run" FOR SELECT TO "hub_programs" USING ((state = 'PUBLISHED' or programs.on_duty(null, '', program)) and current_setting('hub.programs')::text[] && array['*', program]);
--> statement-breakpoint
CREATE POLICY "hub_programs_drafts" ON "programs"."selection_run" FOR INSERT TO "hub_programs" WITH CHECK (state = 'DRAFT');
--> statement-breakpoint
CREATE POLICY "hub_programs_decides" ON "programs"."selection_run" FOR UPDATE TO "hub_programs" USING (state in ('DRAFT', 'RUNNING', 'READY', 'SIGNED')) WITH CHECK (state in ('RUNNING', 'SIGNED', 'DISCARDED'));
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."selection_run" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."selection_run" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."simulation" FOR SELECT TO "hub_programs" USING (agency = programs.agency());
--> statement-breakpoint
CREATE POLICY "hub_programs_asks" ON "programs"."simulation" FOR INSERT TO "hub_programs" WITH CHECK (agency = programs.agency());
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."simulation" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."simulation" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "programs"."quota" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "programs"."selection_run" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "programs"."selection_entry" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "programs"."simulation" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- Who moves seats of a program is alone with them until the transaction ends, and sees what all before did: nobody counts beside another. Taken before any row
-- of a quota, so that nobody waits in a ring.
CREATE FUNCTION "programs"."lock_seats"(program text) RETURNS void LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(hashtextextended('programs.seats/' || $1, 0)) $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."holds_seat"(state programs.enrolment_state) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT $1 IN ('ACTIVE', 'SUSPENDED') $$;
--> statement-breakpoint
CREATE TYPE "programs"."seat_move" AS ("program" text, "regency" text, "kind" text, "n" integer);
--> statement-breakpoint
-- Takes and gives back seats in every quota in force that binds: regency, province, country. A level without a quota does not bind.
CREATE FUNCTION "programs"."move_seats"(moves programs.seat_move[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE short record;
BEGIN
  PERFORM programs.lock_seats(x.program) FROM (SELECT DISTINCT m.program FROM unnest(moves) m ORDER BY 1) x;
  SELECT q.program, q.region INTO short FROM programs.quota q CROSS JOIN LATERAL (
    SELECT sum(m.n) AS n FROM unnest(moves) m WHERE m.program = q.program AND m.kind = q.kind AND m.regency ^@ q.region) d
  WHERE q.state = 'IN_FORCE' AND d.n > 0 AND q.used + q.reserved + d.n > q.seats ORDER BY length(q.region) DESC LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no seat is left for % in %', short.program, coalesce(nullif(short.region, ''), 'the country') USING ERRCODE = 'HB001';
  END IF;
  UPDATE programs.quota q SET used = q.used + d.n FROM (
    SELECT i.id, sum(m.n)::int AS n FROM programs.quota i JOIN unnest(moves) m ON m.program = i.program AND m.kind = i.kind AND m.regency ^@ i.region
    WHERE i.state = 'IN_FORCE' GROUP BY i.id) d WHERE d.id = q.id AND d.n <> 0;
  PERFORM programs.enqueue('aid_promote', x.program || ' SEAT_FREED') FROM (SELECT DISTINCT m.program FROM unnest(moves) m WHERE m.n < 0 AND m.kind = 'REGULAR') x
  WHERE EXISTS (SELECT FROM programs.selection_run r WHERE r.program = x.program AND r.state = 'PUBLISHED');
END $$;
--> statement-breakpoint
-- ACTIVE and SUSPENDED hold a seat. Once a statement, whoever writes.
CREATE FUNCTION "programs"."enrolment_seats"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE moves programs.seat_move[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg((s.program, s.regency, s.kind, s.n)::programs.seat_move) INTO moves FROM (
      SELECT h.program, left(h.region, 4) AS regency, CASE WHEN h.is_emergency THEN 'EMERGENCY' ELSE 'REGULAR' END AS kind, count(*)::int AS n
      FROM now_held h WHERE programs.holds_seat(h.state) GROUP BY 1, 2, 3) s;
  ELSIF TG_OP = 'UPDATE' THEN
    SELECT array_agg((s.program, s.regency, s.kind, s.n)::programs.seat_move) INTO moves FROM (
      SELECT h.program, left(h.region, 4) AS regency, CASE WHEN h.is_emergency THEN 'EMERGENCY' ELSE 'REGULAR' END AS kind, sum(h.n)::int AS n
      FROM (SELECT a.program, a.region, a.is_emergency, a.state, 1 AS n FROM now_held a UNION ALL SELECT b.program, b.region, b.is_emergency, b.state, -1 FROM then_held b) h
      WHERE programs.holds_seat(h.state) GROUP BY 1, 2, 3 HAVING sum(h.n) <> 0) s;
  ELSE
    SELECT array_agg((s.program, s.regency, s.kind, s.n)::programs.seat_move) INTO moves FROM (
      SELECT h.program, left(h.region, 4) AS regency, CASE WHEN h.is_emergency THEN 'EMERGENCY' ELSE 'REGULAR' END AS kind, -count(*)::int AS n
      FROM then_held h WHERE programs.holds_seat(h.state) GROUP BY 1, 2, 3) s;
  END IF;
  IF moves IS NOT NULL THEN PERFORM programs.move_seats(moves); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "enrolment_takes_seats" AFTER INSERT ON "programs"."enrolment" REFERENCING NEW TABLE AS now_held FOR EACH STATEMENT EXECUTE FUNCTION "programs"."enrolment_seats"();
--> statement-breakpoint
CREATE TRIGGER "enrolment_moves_seats" AFTER UPDATE ON "programs"."enrolment" REFERENCING OLD TABLE AS then_held NEW TABLE AS now_held FOR EACH STATEMENT EXECUTE FUNCTION "programs"."enrolment_seats"();
--> statement-breakpoint
CREATE TRIGGER "enrolment_frees_seats" AFTER DELETE ON "programs"."enrolment" REFERENCING OLD TABLE AS then_held FOR EACH STATEMENT EXECUTE FUNCTION "programs"."enrolment_seats"();
--> statement-breakpoint
CREATE FUNCTION "programs"."seats_taken"(q programs.quota) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT count(*) FROM programs.enrolment e WHERE e.program = q.program AND e.region ^@ q.region AND e.is_emergency = (q.kind = 'EMERGENCY') AND programs.holds_seat(e.state));
END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."period_begins"(period text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT make_date(left($1, 4)::int, CASE WHEN $1 ~ 'Q' THEN right($1, 1)::int * 3 - 2 WHEN length($1) = 7 THEN right($1, 2)::int ELSE 1 END, 1)
$$;
--> statement-breakpoint
-- Whether a quota's period holds another: a year its quarters and months, a quarter its months.
CREATE FUNCTION "programs"."allots"(of_quota text, period text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT $1 = $2 OR $1 = left($2, 4) OR $2 !~ 'Q' AND length($2) = 7 AND $1 = left($2, 4) || '-Q' || (right($2, 2)::int + 2) / 3
$$;
--> statement-breakpoint
-- Drafted by a steward, approved by another officer; seats change the same way. What enrolments take is counted, never said.
CREATE FUNCTION "programs"."quota_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  counters constant text[] := array['used', 'reserved'];
  moving constant text[] := array['used', 'reserved', 'seats', 'state', 'version', 'proposed', 'reason', 'made_by', 'made_at', 'approved_by', 'approved_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF session_user = 'hub_programs_owner' THEN
      PERFORM programs.lock_seats(NEW.program);
      IF NEW.state = 'IN_FORCE' THEN NEW.used := programs.seats_taken(NEW); END IF;
      RETURN NEW;
    END IF;
    PERFORM programs.require_duty(array['PROGRAM_STEWARD'], NEW.region, NEW.program, 'drafting a quota');
    IF (NEW.state, NEW.version, NEW.seats, NEW.used, NEW.reserved, NEW.made_by) IS DISTINCT FROM ('DRAFT', 1, 0, 0, 0, programs.officer()) OR NEW.proposed IS NULL OR NEW.approved_by IS NOT NULL THEN
      RAISE EXCEPTION 'a quota begins as a draft in one''s own name' USING ERRCODE = 'HB002';
    END IF;
    NEW.made_at := programs.moment();
    NEW.approved_at := NULL;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - counters = to_jsonb(OLD) - counters THEN RETURN NEW; END IF;
  NEW.version := OLD.version + 1;
  IF to_jsonb(NEW) - moving IS DISTINCT FROM to_jsonb(OLD) - moving THEN RAISE EXCEPTION 'what a quota is for stays' USING ERRCODE = 'HB001'; END IF;
  PERFORM programs.lock_seats(NEW.program);
  IF session_user = 'hub_programs_owner' OR NEW.state = 'CLOSED' THEN -- closed by the quota that follows it: no officer may write this state
    IF NEW.state = 'IN_FORCE' THEN NEW.used := programs.seats_taken(NEW); END IF;
  ELSIF NEW.proposed IS NOT NULL AND NEW.state = OLD.state AND NEW.seats = OLD.seats THEN
    PERFORM programs.require_duty(array['PROGRAM_STEWARD'], NEW.region, NEW.program, 'changing a quota');
    IF NEW.made_by IS DISTINCT FROM programs.officer() THEN RAISE EXCEPTION 'seats are proposed in one''s own name' USING ERRCODE = 'HB002'; END IF;
    NEW.made_at := programs.moment(); NEW.approved_by := NULL; NEW.approved_at := NULL;
  ELSIF OLD.proposed IS NOT NULL AND NEW.proposed IS NULL AND NEW.state = 'IN_FORCE' AND NEW.approved_by IS NOT NULL THEN
    PERFORM programs.require_duty(array['PROGRAM_STEWARD', 'PROGRAM_HEAD'], NEW.region, NEW.program, 'approving a quota');
    IF NEW.approved_by IS DISTINCT FROM programs.officer() OR OLD.made_by = programs.officer() THEN
      RAISE EXCEPTION 'whoever proposed seats does not approve them' USING ERRCODE = 'HB002';
    ELSIF programs.period_begins(NEW.period) > programs.today() THEN
      RAISE EXCEPTION 'the period % has not begun', NEW.period USING ERRCODE = 'HB001';
    ELSIF NEW.seats <> OLD.proposed THEN RAISE EXCEPTION 'seats are approved as they were proposed' USING ERRCODE = 'HB003';
    ELSIF OLD.state = 'DRAFT' AND NEW.kind = 'REGULAR' AND EXISTS (SELECT FROM programs.selection_run r WHERE r.program = NEW.program AND r.state = 'SIGNED') THEN
      RAISE EXCEPTION 'a signed selection is being written: quotas begin after it' USING ERRCODE = 'HB001';
    END IF;
    NEW.made_by := OLD.made_by; NEW.made_at := OLD.made_at; NEW.reason := OLD.reason; NEW.approved_at := programs.moment();
    UPDATE programs.quota q SET state = 'CLOSED' WHERE q.program = NEW.program AND q.region = NEW.region AND q.kind = NEW.kind AND q.state = 'IN_FORCE' AND q.id <> NEW.id;
    IF OLD.state = 'DRAFT' THEN NEW.used := programs.seats_taken(NEW); END IF;
    IF NEW.seats < NEW.used + NEW.reserved THEN
      RAISE EXCEPTION '% seats are taken: there cannot be fewer', NEW.used + NEW.reserved USING ERRCODE = 'HB001';
    END IF;
  ELSIF OLD.proposed IS NOT NULL AND NEW.proposed IS NULL AND NEW.seats = OLD.seats AND NEW.state = (CASE OLD.state WHEN 'DRAFT' THEN 'WITHDRAWN' ELSE OLD.state END) THEN
    PERFORM programs.require_duty(array['PROGRAM_STEWARD'], NEW.region, NEW.program, 'withdrawing seats that were proposed');
    NEW.made_by := OLD.made_by; NEW.made_at := OLD.made_at; NEW.reason := OLD.reason; NEW.approved_by := OLD.approved_by; NEW.approved_at := OLD.approved_at;
  ELSE
    RAISE EXCEPTION 'a quota that is % does not become % this way', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "quota_rules" BEFORE INSERT OR UPDATE ON "programs"."quota" FOR EACH ROW EXECUTE FUNCTION "programs"."quota_rules"();
--> statement-breakpoint
CREATE FUNCTION "programs"."quota_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE was_seats int := 0; was_state text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.version = OLD.version THEN RETURN NULL; END IF;
    was_seats := OLD.seats; was_state := OLD.state || ' ' || OLD.seats;
  END IF;
  PERFORM programs.note_transition('QUOTA', NEW.id, NULL, NEW.program, coalesce(nullif(NEW.region, ''), '0'),
    CASE WHEN NEW.state = 'CLOSED' THEN 'CLOSE' WHEN NEW.proposed IS NOT NULL THEN 'PROPOSE' WHEN NEW.approved_by IS NOT NULL THEN 'APPROVE' ELSE 'WITHDRAW' END,
    was_state, NEW.state || ' ' || coalesce(NEW.proposed, NEW.seats), NEW.reason);
  IF NEW.state = 'IN_FORCE' AND NEW.seats > was_seats AND NEW.kind = 'REGULAR' THEN PERFORM programs.enqueue('aid_promote', NEW.program || ' QUOTA_ADDED'); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "quota_noted" AFTER INSERT OR UPDATE ON "programs"."quota" FOR EACH ROW EXECUTE FUNCTION "programs"."quota_noted"();
--> statement-breakpoint
CREATE TRIGGER "quota_stays" BEFORE DELETE OR TRUNCATE ON "programs"."quota" EXECUTE FUNCTION "programs"."refuse"('a quota stays');
--> statement-breakpoint
-- Prepared by a steward, made by the job, signed by a head who did not prepare it, written by the job. Signing reserves the seats the list gives away.
CREATE FUNCTION "programs"."selection_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moving constant text[] := array['state', 'version', 'selected', 'waiting', 'hash', 'decree', 'signed_by', 'signed_at', 'published_at', 'reason'];
  is_job boolean := session_user IN ('hub_programs_jobs', 'hub_programs_owner');
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF session_user = 'hub_programs_owner' THEN RETURN NEW; END IF;
    PERFORM programs.require_duty(array['PROGRAM_STEWARD'], '', NEW.program, 'preparing a selection');
    IF (NEW.state, NEW.version, NEW.made_by) IS DISTINCT FROM ('DRAFT', 1, programs.officer()) OR num_nonnulls(NEW.selected, NEW.waiting, NEW.hash, NEW.decree, NEW.signed_by, NEW.published_at) > 0 THEN
      RAISE EXCEPTION 'a selection begins as a draft in one''s own name' USING ERRCODE = 'HB002'; END IF;
    IF NOT EXISTS (SELECT FROM programs.selection_rule l WHERE l.program = NEW.program) THEN
      RAISE EXCEPTION '% is not given by a list: it has a procedure of its own', NEW.program USING ERRCODE = 'HB003'; END IF;
    IF NEW.delivery IS DISTINCT FROM programs.delivery_in_force() THEN
      RAISE EXCEPTION 'candidates of this delivery are not in force' USING ERRCODE = 'HB003'; END IF;
    NEW.day := programs.today(); NEW.known := programs.moment(); NEW.made_at := programs.moment(); NEW.signed_at := NULL;
    RETURN NEW;
  END IF;
  NEW.version := OLD.version + 1;
  IF to_jsonb(NEW) - moving IS DISTINCT FROM to_jsonb(OLD) - moving THEN RAISE EXCEPTION 'what a selection stands on stays' USING ERRCODE = 'HB001'; END IF;
  IF OLD.state = 'DRAFT' AND NEW.state = 'RUNNING' AND NEW.reason = OLD.reason THEN
    PERFORM programs.require_duty(array['PROGRAM_STEWARD'], '', NEW.program, 'starting a selection');
  ELSIF OLD.state = 'RUNNING' AND NEW.state = 'RUNNING' AND NEW.reason = OLD.reason AND NOT is_job THEN -- asked again: the job that gave up wakes
    PERFORM programs.require_duty(array['PROGRAM_STEWARD'], '', NEW.program, 'starting a selection');
  ELSIF OLD.state IN ('DRAFT', 'RUNNING', 'READY') AND NEW.state = 'DISCARDED' THEN
    PERFORM programs.require_duty(array['PROGRAM_STEWARD', 'PROGRAM_HEAD'], '', NEW.program, 'discarding a selection');
  ELSIF OLD.state = 'SIGNED' AND NEW.state = 'DISCARDED' THEN
    PERFORM programs.require_duty(array['PROGRAM_HEAD'], '', NEW.program, 'discarding a signed selection');
    PERFORM programs.lock_seats(NEW.program);
    IF EXISTS (SELECT FROM programs.selection_chunk c WHERE c.run = NEW.id AND c.step = 'PUBLISH' AND c.done_at IS NOT NULL) THEN
      RAISE EXCEPTION 'a part of the list is written: it is written to its end' USING ERRCODE = 'HB001'; END IF;
    UPDATE programs.quota q SET reserved = q.reserved - s.selected FROM programs.selection_seat s
    WHERE s.run = NEW.id AND s.region = q.region AND q.program = NEW.program AND q.kind = 'REGULAR' AND q.state = 'IN_FORCE';
    NEW.decree := NULL;
  ELSIF OLD.state = 'READY' AND NEW.state = 'SIGNED' THEN
    PERFORM programs.require_duty(array['PROGRAM_HEAD'], '', NEW.program, 'signing a selection');
    IF OLD.made_by = programs.officer() THEN RAISE EXCEPTION 'whoever prepared a selection does not sign it' USING ERRCODE = 'HB002'; END IF;
    IF NEW.signed_by IS DISTINCT FROM programs.officer() OR NEW.decree IS NULL OR NEW.signed_at IS NULL THEN
      RAISE EXCEPTION 'a selection is signed in one''s own name, with its decree' USING ERRCODE = 'HB003'; END IF;
    NEW.signed_at := programs.moment();
    PERFORM programs.lock_seats(NEW.program);
    IF EXISTS (SELECT FROM programs.quota q LEFT JOIN programs.selection_seat s ON s.run = NEW.id AND s.region = q.region
      WHERE q.program = NEW.program AND q.kind = 'REGULAR' AND q.state = 'IN_FORCE' AND (s.run IS NULL OR q.used + q.reserved + s.selected > q.seats)) THEN
      RAISE EXCEPTION 'seats were taken, or quotas set, since this list was made: make it again' USING ERRCODE = 'HB001'; END IF;
    UPDATE programs.quota q SET reserved = q.reserved + s.selected FROM programs.selection_seat s
    WHERE s.run = NEW.id AND s.region = q.region AND q.program = NEW.program AND q.kind = 'REGULAR' AND q.state = 'IN_FORCE';
  ELSIF NOT (is_job AND (OLD.state, NEW.state) IN (('RUNNING', 'READY'), ('SIGNED', 'PUBLISHED'))) THEN
    RAISE EXCEPTION 'a selection that is % does not become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "selection_rules" BEFORE INSERT OR UPDATE ON "programs"."selection_run" FOR EACH ROW EXECUTE FUNCTION "programs"."selection_rules"();
--> statement-breakpoint
CREATE FUNCTION "programs"."selection_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM programs.note_transition('SELECTION', NEW.id, NULL, NEW.program, '0',
    CASE NEW.state WHEN 'DRAFT' THEN 'PREPARE' WHEN 'RUNNING' THEN 'START' WHEN 'READY' THEN 'SELECT' WHEN 'SIGNED' THEN 'SIGN' WHEN 'PUBLISHED' THEN 'PUBLISH' ELSE 'DISCARD' END,
    CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state, CASE NEW.state WHEN 'SIGNED' THEN 'decree ' || NEW.decree ELSE NEW.reason END);
  IF NEW.state IN ('RUNNING', 'DISCARDED') THEN PERFORM programs.enqueue('aid_select', NEW.id::text);
  ELSIF NEW.state = 'SIGNED' THEN PERFORM programs.enqueue('aid_publish', NEW.id::text);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "selection_noted" AFTER INSERT OR UPDATE ON "programs"."selection_run" FOR EACH ROW EXECUTE FUNCTION "programs"."selection_noted"();
--> statement-breakpoint
CREATE TRIGGER "selection_stays" BEFORE DELETE OR TRUNCATE ON "programs"."selection_run" EXECUTE FUNCTION "programs"."refuse"('a selection stays');
--> statement-breakpoint
CREATE TRIGGER "selection_entry_stays" BEFORE UPDATE OR DELETE ON "programs"."selection_entry" FOR EACH STATEMENT EXECUTE FUNCTION "programs"."refuse"('who stood on a list stays');
--> statement-breakpoint
/*
 * Text of a query over `source` (columns unit_id, regency and those of `need`, an order that is total) which says of each row whether it fits into the free
 * seats of its regency and, of those that do, its province. Level by level from below is what one walk down the list would give: a row that a level above
 * refuses comes after that level was full, so nobody behind it would have got that seat either. `seats`: a query of (region, free, allots); a level without a
 * row does not bind, but where no level has one that `allots` nobody was given any seat.
 */
CREATE FUNCTION "programs"."fitting"(source text, need text, seats text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT format('SELECT p.*, p.fits AND coalesce(count(*) FILTER (WHERE p.fits) OVER (PARTITION BY left(p.regency, 2) ORDER BY %2$s ROWS UNBOUNDED PRECEDING) <= p.of_province, true) AS is_within
    FROM (SELECT u.*, sp.free AS of_province, coalesce(row_number() OVER (PARTITION BY u.regency ORDER BY %2$s) <= sr.free, true)
        AND (coalesce(sr.allots, false) OR coalesce(sp.allots, false) OR EXISTS (SELECT FROM (%3$s) sc WHERE sc.region = '''' AND sc.allots)) AS fits
      FROM (%1$s) u LEFT JOIN (%3$s) sr ON sr.region = u.regency LEFT JOIN (%3$s) sp ON sp.region = left(u.regency, 2)) p', $1, $2, $3)
$$;
--> statement-breakpoint
-- The rows of `source` that get a seat: those that fit into regency and province, and of these, into the country's.
CREATE FUNCTION "programs"."seated"(source text, need text, seats text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT format('SELECT c.* FROM (SELECT w.*, row_number() OVER (ORDER BY %2$s) AS nth FROM (%1$s) w WHERE w.is_within) c
    WHERE c.nth <= coalesce((SELECT s.free FROM (%3$s) s WHERE s.region = ''''), c.nth)', programs.fitting($1, $2, $3), $2, $3)
$$;
--> statement-breakpoint
CREATE FUNCTION "programs"."list_table"(run uuid, kind text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT format('programs.%I', 'selection_' || $2 || '_' || replace($1::text, '-', '')) $$;
--> statement-breakpoint
-- Another worker's part may be under way still: nothing is built on what is not there.
CREATE FUNCTION "programs"."require_parts"(run uuid, step text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM programs.selection_chunk c WHERE c.run = $1 AND c.step = $2 AND c.done_at IS NULL) THEN RAISE EXCEPTION 'another worker is still at it'; END IF;
END $$;
--> statement-breakpoint
-- Lays a run out, once: pins the free seats, and names the provinces to be judged. False: there is nothing to be made.
CREATE FUNCTION "programs"."lay_out_selection"(run uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r programs.selection_run;
BEGIN
  SELECT s.* INTO r FROM programs.selection_run s WHERE s.id = run FOR UPDATE;
  IF r.state IS DISTINCT FROM 'RUNNING' THEN RETURN false; END IF;
  IF EXISTS (SELECT FROM programs.selection_chunk c WHERE c.run = r.id) THEN RETURN true; END IF;
  PERFORM programs.lock_seats(r.program);
  INSERT INTO programs.selection_seat (run, region, seats, free, allots)
  SELECT r.id, q.region, q.seats, q.seats - q.used - q.reserved, programs.allots(q.period, r.period) FROM programs.quota q WHERE q.program = r.program AND q.kind = 'REGULAR' AND q.state = 'IN_FORCE';
  INSERT INTO programs.selection_chunk (run, step, part)
  SELECT r.id, 'JUDGE', p FROM programs.regions_delivered(r.delivery, '') p;
  EXECUTE format('CREATE UNLOGGED TABLE %s (decile smallint, rank bigint, first_on date, unit_id uuid, person_id uuid, region text COLLATE "C", is_within boolean)', programs.list_table(r.id, 'work'));
  EXECUTE format('CREATE TABLE %s (LIKE programs.selection_entry, CHECK (run = %L))', programs.list_table(r.id, 'entry'), r.id);
  RETURN true;
END $$;
--> statement-breakpoint
-- A province: who is entitled and holds no seat yet, and whether they fit into their regency's and province's.
CREATE FUNCTION "programs"."judge_province"(run uuid, province text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r programs.selection_run; source text; made bigint;
BEGIN
  SELECT s.* INTO r FROM programs.selection_run s WHERE s.id = run;
  -- apart, and looked at: the planner cannot guess how many are entitled, and would go through seats and enrolments once for each
  EXECUTE format('CREATE TEMP TABLE judged ON COMMIT DROP AS SELECT j.decile, j.rank, j.first_on, j.unit_id, j.person_id, j.region, left(j.region, 4) COLLATE "C" AS regency
    FROM programs.judge(%L, %L, %L, %L, NULL, %L, NULL) j WHERE j.is_eligible AND j.person_id IS NOT NULL', r.program, r.day, r.delivery, r.known, province);
  ANALYZE pg_temp.judged;
  source := format('SELECT j.* FROM pg_temp.judged j
    WHERE NOT EXISTS (SELECT FROM programs.enrolment e WHERE e.program = %1$L AND programs.holds_seat(e.state) AND e.unit_id = j.unit_id)
      AND NOT EXISTS (SELECT FROM programs.enrolment e WHERE e.program = %1$L AND programs.holds_seat(e.state) AND e.person_id = j.person_id)
      AND NOT EXISTS (SELECT FROM programs.entry_bars(%1$L, %2$L) b WHERE b.person_id = j.person_id)
      AND NOT EXISTS (SELECT FROM programs.entry_bars(%1$L, %2$L) b WHERE b.unit_id = j.unit_id)', r.program, r.day);
  EXECUTE format('INSERT INTO %s SELECT f.decile, f.rank, f.first_on, f.unit_id, f.person_id, f.region, f.is_within FROM (%s) f', programs.list_table(run, 'work'),
    programs.fitting(source, 'decile, rank, first_on, unit_id', format('SELECT region, free, allots FROM programs.selection_seat WHERE run = %L', run)));
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END $$;
--> statement-breakpoint
-- Once every province is judged: how many stand before each decile. False: what was judged was lost with the server and is judged again.
CREATE FUNCTION "programs"."lay_out_places"(run uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE judged bigint;
BEGIN
  PERFORM FROM programs.selection_run s WHERE s.id = run FOR UPDATE;
  IF EXISTS (SELECT FROM programs.selection_chunk c WHERE c.run = $1 AND c.step = 'PLACE') THEN RETURN true; END IF;
  PERFORM programs.require_parts(run, 'JUDGE');
  EXECUTE format('INSERT INTO programs.selection_chunk (run, step, part, before, within, rows)
    SELECT %L::uuid, ''PLACE'', d.decile::text, sum(d.n) OVER w - d.n, sum(d.fitting) OVER w - d.fitting, d.n
    FROM (SELECT decile, count(*) AS n, count(*) FILTER (WHERE is_within) AS fitting FROM %s GROUP BY decile) d WINDOW w AS (ORDER BY d.decile)', run, programs.list_table(run, 'work'));
  SELECT coalesce(sum(c.rows) FILTER (WHERE c.step = 'JUDGE'), 0) - coalesce(sum(c.rows) FILTER (WHERE c.step = 'PLACE'), 0) INTO judged FROM programs.selection_chunk c WHERE c.run = $1;
  IF judged = 0 THEN RETURN true; END IF;
  DELETE FROM programs.selection_chunk c WHERE c.run = $1 AND c.step = 'PLACE';
  UPDATE programs.selection_chunk c SET done_at = NULL, rows = NULL WHERE c.run = $1 AND c.step = 'JUDGE';
  EXECUTE format('TRUNCATE %s', programs.list_table(run, 'work'));
  RETURN false;
END $$;
--> statement-breakpoint
-- A decile: everybody's place on the list, and who gets a seat of the country's.
CREATE FUNCTION "programs"."place_decile"(run uuid, decile text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE made bigint;
BEGIN
  EXECUTE format('INSERT INTO %s (run, unit_id, person_id, place, program, region, verdict)
    SELECT r.id, w.unit_id, w.person_id, c.before + row_number() OVER need, r.program, w.region,
      CASE WHEN w.is_within AND coalesce(c.within + count(*) FILTER (WHERE w.is_within) OVER need <= s.free, true) THEN ''SELECTED'' ELSE ''WAITING'' END
    FROM %s w JOIN programs.selection_chunk c ON c.run = %3$L AND c.step = ''PLACE'' AND c.part = %4$L JOIN programs.selection_run r ON r.id = c.run
      LEFT JOIN programs.selection_seat s ON s.run = c.run AND s.region = ''''
    WHERE w.decile = %4$L::smallint WINDOW need AS (ORDER BY w.rank, w.first_on, w.unit_id ROWS UNBOUNDED PRECEDING)',
    programs.list_table(run, 'entry'), programs.list_table(run, 'work'), run, decile);
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END $$;
--> statement-breakpoint
-- Makes the whole list visible at once, with its counts, cut-offs and hash: SHA-256 over SHA-256 of each 65,536 lines (unit and verdict, in order of place).
CREATE FUNCTION "programs"."finish_selection"(run uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  list text := programs.list_table(run, 'entry');
  last bigint; got bigint; root text;
BEGIN
  PERFORM FROM programs.selection_run s WHERE s.id = run AND s.state = 'RUNNING' FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM programs.require_parts(run, 'PLACE');
  EXECUTE format('CREATE UNIQUE INDEX ON %s (unit_id)', list);
  EXECUTE format('CREATE INDEX ON %s (place)', list);
  EXECUTE format('CREATE INDEX ON %s (left(region, 4), place)', list);
  EXECUTE format('ANALYZE %s', list);
  EXECUTE format('SELECT count(*), count(*) FILTER (WHERE verdict = ''SELECTED'') FROM %s', list) INTO last, got;
  EXECUTE format('SELECT encode(sha256(coalesce(string_agg(b.hash, ''''::bytea ORDER BY b.from_place), '''')), ''hex'') FROM (
      SELECT g AS from_place, (SELECT sha256(string_agg(uuid_send(x.unit_id) || convert_to(left(x.verdict, 1), ''UTF8''), ''''::bytea))
        FROM (SELECT e.unit_id, e.verdict FROM %s e WHERE e.place > g AND e.place <= g + 65536 ORDER BY e.place) x) AS hash
      FROM generate_series(0, greatest($1 - 1, 0), 65536) g) b', list) INTO root USING last;
  EXECUTE format('WITH g AS MATERIALIZED (SELECT left(region, 4) AS regency, count(*) AS n, max(place) AS last_place FROM %s WHERE verdict = ''SELECTED'' GROUP BY 1)
    UPDATE programs.selection_seat s SET selected = coalesce(d.n, 0), last_place = d.last_place
    FROM programs.selection_seat t LEFT JOIN LATERAL (SELECT sum(g.n)::int AS n, max(g.last_place) AS last_place FROM g WHERE g.regency ^@ t.region) d ON true
    WHERE t.run = $1 AND s.run = t.run AND s.region = t.region', list) USING run;
  EXECUTE format('ALTER TABLE programs.selection_entry ATTACH PARTITION %s FOR VALUES IN (%L)', list, run);
  EXECUTE format('DROP TABLE %s', programs.list_table(run, 'work'));
  UPDATE programs.selection_run s SET state = 'READY', selected = got, waiting = last - got, hash = root WHERE s.id = $1;
END $$;
--> statement-breakpoint
-- What a discarded run left lying about.
CREATE FUNCTION "programs"."drop_selection"(run uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM programs.selection_run s WHERE s.id = run AND s.state = 'DISCARDED';
  IF NOT FOUND THEN RETURN; END IF;
  EXECUTE format('DROP TABLE IF EXISTS %s, %s', programs.list_table(run, 'work'), programs.list_table(run, 'entry'));
END $$;
--> statement-breakpoint
-- Once: the provinces of a signed list. False: there is nothing to be written.
CREATE FUNCTION "programs"."lay_out_publication"(run uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM programs.selection_run s WHERE s.id = run AND s.state = 'SIGNED' FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO programs.selection_chunk (run, step, part) SELECT c.run, 'PUBLISH', c.part FROM programs.selection_chunk c WHERE c.run = $1 AND c.step = 'JUDGE' ON CONFLICT DO NOTHING;
  RETURN true;
END $$;
--> statement-breakpoint
-- A province of a signed list becomes enrolments. Who came in some other way meanwhile, died, or is not entitled any more, is left out: the seat goes to the
-- next. Who waits is known by the unit or, where the person stands in another now, by the person, and waits on from where the list has them.
CREATE FUNCTION "programs"."publish_province"(run uuid, province text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r programs.selection_run; today date := programs.today(); moved bigint; made bigint;
BEGIN
  PERFORM programs.lock_seats(s.program) FROM programs.selection_run s WHERE s.id = run;
  SELECT s.* INTO r FROM programs.selection_run s WHERE s.id = run AND s.state = 'SIGNED';
  IF NOT FOUND THEN RAISE EXCEPTION 'only a signed list is written' USING ERRCODE = 'HB001'; END IF;
  PERFORM set_config('hub.actor', 'aid_publish', true), set_config('hub.reason', 'decree ' || r.decree, true);
  UPDATE programs.quota q SET reserved = q.reserved - d.n FROM (
    SELECT s.region, sum(g.n)::int AS n FROM programs.selection_seat s JOIN (
      SELECT left(e.region, 4) AS regency, count(*) AS n FROM programs.selection_entry e
      WHERE e.run = r.id AND left(e.region, 4) >= province AND left(e.region, 4) < province || ':' AND e.verdict = 'SELECTED' GROUP BY 1) g ON g.regency ^@ s.region
    WHERE s.run = r.id GROUP BY s.region) d
  WHERE d.region = q.region AND q.program = r.program AND q.kind = 'REGULAR' AND q.state = 'IN_FORCE';
  EXECUTE format('CREATE TEMP TABLE entitled ON COMMIT DROP AS SELECT j.unit_id FROM programs.judge(%L, %L, %L, %L, NULL, %L, NULL) j WHERE j.is_eligible',
    r.program, today, r.delivery, programs.moment(), province);
  ANALYZE pg_temp.entitled;
  CREATE TEMP TABLE listed ON COMMIT DROP AS
    SELECT s.unit_id, s.person_id, s.region, s.place, s.verdict = 'SELECTED' AS is_selected FROM programs.selection_entry s
    WHERE s.run = r.id AND left(s.region, 4) >= province AND left(s.region, 4) < province || ':' AND (s.verdict <> 'SELECTED'
      OR s.unit_id IN (SELECT t.unit_id FROM pg_temp.entitled t) AND NOT EXISTS (SELECT FROM programs.the_dead() d WHERE d.person_id = s.person_id));
  ANALYZE pg_temp.listed;
  CREATE TEMP TABLE waits ON COMMIT DROP AS
    SELECT DISTINCT ON (m.id) m.* FROM (
      SELECT e.id, e.person_id = l.person_id AS is_theirs, l.unit_id, l.region, l.place, l.is_selected FROM pg_temp.listed l JOIN programs.enrolment e ON e.unit_id = l.unit_id
      WHERE e.program = r.program AND e.state = 'WAITING' AND e.flag IS NULL
      UNION ALL
      SELECT e.id, true, l.unit_id, l.region, l.place, l.is_selected FROM pg_temp.listed l JOIN programs.enrolment e ON e.person_id = l.person_id
      WHERE e.program = r.program AND e.state = 'WAITING' AND e.flag IS NULL AND e.unit_id IS DISTINCT FROM l.unit_id
        AND NOT EXISTS (SELECT FROM programs.enrolment o WHERE o.unit_id = l.unit_id AND o.program = r.program AND o.ended_on IS NULL)) m
    ORDER BY m.id, m.is_theirs DESC, m.place;
  UPDATE programs.enrolment e SET state = 'ACTIVE', decree = r.decree, started_on = today, unit_id = w.unit_id, region = w.region
  FROM pg_temp.waits w WHERE w.is_selected AND e.id = w.id AND e.state = 'WAITING';
  GET DIAGNOSTICS moved = ROW_COUNT;
  UPDATE programs.enrolment e SET unit_id = w.unit_id, region = w.region
  FROM pg_temp.waits w WHERE NOT w.is_selected AND e.id = w.id AND (e.unit_id, e.region) IS DISTINCT FROM (w.unit_id, w.region);
  INSERT INTO programs.enrolment (id, person_id, unit_id, program, state, region, started_on, decree)
  SELECT gen_random_uuid(), l.person_id, l.unit_id, r.program, (CASE WHEN l.is_selected THEN 'ACTIVE' ELSE 'WAITING' END)::programs.enrolment_state, l.region, today, r.decree
  FROM pg_temp.listed l
  WHERE NOT EXISTS (SELECT FROM programs.entry_bars(r.program, today) b WHERE b.person_id = l.person_id)
    AND NOT EXISTS (SELECT FROM programs.entry_bars(r.program, today) b WHERE b.unit_id = l.unit_id)
  ORDER BY l.place
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN moved + made;
END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."finish_publication"(run uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM programs.require_parts(run, 'PUBLISH');
  UPDATE programs.selection_run s SET state = 'PUBLISHED', published_at = programs.moment() WHERE s.id = run AND s.state = 'SIGNED';
  IF FOUND THEN PERFORM programs.enqueue('aid_promote', s.program || ' SEAT_FREED') FROM programs.selection_run s WHERE s.id = run; END IF;
END $$;
--> statement-breakpoint
-- The list that a program's seats are given from.
CREATE FUNCTION "programs"."list_in_force"(program text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.id FROM programs.selection_run r WHERE r.program = $1 AND r.state = 'PUBLISHED' ORDER BY r.published_at DESC, r.id DESC LIMIT 1
$$;
--> statement-breakpoint
/*
 * Gives free seats to those who wait, in order of their places behind `after`, at most `most` of them looked at: whoever is still entitled today and fits.
 * Answers the last place looked at, null at the list's end.
 */
CREATE FUNCTION "programs"."promote"(program text, after bigint, most integer, reason text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE list uuid; last bigint; free text; source text; looked integer; today date := programs.today();
BEGIN
  PERFORM programs.lock_seats(program), set_config('hub.actor', 'aid_promote', true), set_config('hub.reason', reason, true);
  list := programs.list_in_force(program);
  IF list IS NULL THEN RETURN NULL; END IF;
  free := format('SELECT q.region, q.seats - q.used - q.reserved AS free, programs.allots(q.period, %L) AS allots FROM programs.quota q
    WHERE q.program = %L AND q.kind = ''REGULAR'' AND q.state = ''IN_FORCE''', (SELECT r.period FROM programs.selection_run r WHERE r.id = list), program);
  CREATE TEMP TABLE queue ON COMMIT DROP AS
    SELECT e.id, s.unit_id, s.region, left(s.region, 4) COLLATE "C" AS regency, s.place FROM programs.selection_entry s CROSS JOIN LATERAL (
      SELECT w.* FROM programs.enrolment w WHERE w.program = $1 AND w.ended_on IS NULL AND (w.unit_id = s.unit_id OR w.person_id = s.person_id)
      ORDER BY w.unit_id IS DISTINCT FROM s.unit_id LIMIT 1) e
    WHERE s.run = list AND s.place > after AND e.state = 'WAITING' AND e.flag IS NULL AND NOT EXISTS (
      SELECT FROM programs.quota q WHERE q.program = $1 AND q.kind = 'REGULAR' AND q.state = 'IN_FORCE' AND s.region ^@ q.region AND q.used + q.reserved >= q.seats)
    ORDER BY s.place LIMIT most;
  SELECT count(*), max(q.place) INTO looked, last FROM pg_temp.queue q;
  source := format('SELECT q.* FROM pg_temp.queue q JOIN programs.judge(%L, %L, programs.delivery_in_force(), %L, NULL, '''', $1) j USING (unit_id) WHERE j.is_eligible', program, today, programs.moment());
  EXECUTE format('UPDATE programs.enrolment e SET state = ''ACTIVE'', started_on = $2, unit_id = s.unit_id, region = s.region FROM (%s) s WHERE e.id = s.id AND e.state = ''WAITING''', programs.seated(source, 'place', free))
    USING (SELECT array_agg(q.unit_id) FROM pg_temp.queue q), today;
  RETURN CASE WHEN looked = most THEN last END;
END $$;
--> statement-breakpoint
-- Where those stand who wait: place on the list, position among those who still wait in the regency, and how many these are.
CREATE FUNCTION "programs"."waiting_places"(enrolments uuid[]) RETURNS TABLE (enrolment_id uuid, run uuid, place bigint, "position" bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  -- by indexes alone: lists and enrolments are millions, and have no statistics right after they were written
  RETURN QUERY SELECT e.id, s.run, s.place, 1 + n.ahead
  FROM programs.enrolment e JOIN programs.selection_entry s ON s.run = programs.list_in_force(e.program) AND s.unit_id = e.unit_id
  CROSS JOIN LATERAL (SELECT count(*) AS ahead FROM programs.selection_entry o WHERE o.run = s.run AND left(o.region, 4) = left(s.region, 4) AND o.place < s.place
    AND (SELECT w.state = 'WAITING' FROM programs.enrolment w WHERE w.unit_id = o.unit_id AND w.program = e.program AND w.state NOT IN ('GRADUATED', 'EXITED') LIMIT 1)) n
  WHERE e.id = ANY ($1) AND e.state = 'WAITING';
END $$;
--> statement-breakpoint
-- Provinces (prefix ''), or regencies of a province, in which a delivery has candidates.
CREATE FUNCTION "programs"."regions_delivered"(delivery integer, prefix text) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.region FROM (SELECT $2 || lpad(n::text, 2, '0') AS region FROM generate_series(1, 99) n) r
  WHERE EXISTS (SELECT FROM programs.candidate_family f WHERE f.delivery = $1 AND f.region >= r.region AND f.region < r.region || ':')
    OR EXISTS (SELECT FROM programs.candidate_member m WHERE m.delivery = $1 AND m.region >= r.region AND m.region < r.region || ':') ORDER BY 1
$$;
--> statement-breakpoint
-- Asked for by a steward of the program over the whole country, or for planning; a few a day, because many answers together tell more than each.
CREATE FUNCTION "programs"."simulation_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE today date := programs.today();
BEGIN
  IF session_user = 'hub_programs_owner' THEN RETURN NEW; END IF;
  IF programs.purpose() IS DISTINCT FROM 'DEVELOPMENT_PLANNING' THEN
    PERFORM programs.require_duty(array['PROGRAM_STEWARD', 'PROGRAM_HEAD'], '', NEW.program, 'simulating a policy'); END IF;
  IF (NEW.state, NEW.agency, NEW.asked_by, NEW.done_at) IS DISTINCT FROM ('QUEUED', programs.agency(), programs.actor(), NULL::timestamptz) THEN
    RAISE EXCEPTION 'a simulation is asked for in one''s own name' USING ERRCODE = 'HB002'; END IF;
  NEW.asked_at := programs.moment(); NEW.day := today; NEW.known := programs.moment();
  PERFORM pg_advisory_xact_lock(hashtextextended('programs.simulation/' || NEW.agency, 0));
  IF (SELECT count(*) FROM programs.simulation s WHERE s.agency = NEW.agency AND (s.asked_at AT TIME ZONE 'Asia/Jakarta')::date = today) >= 20 THEN
    RAISE EXCEPTION 'an agency may ask for 20 simulations a day' USING ERRCODE = 'HB001'; END IF;
  IF EXISTS (SELECT FROM unnest(NEW.regions) AS x WHERE NOT EXISTS (
    SELECT FROM programs.quota q WHERE q.program = NEW.program AND q.kind = 'REGULAR' AND q.state = 'IN_FORCE' AND q.region = x)) THEN
    RAISE EXCEPTION 'a region without a quota in force has no seats to change' USING ERRCODE = 'HB003'; END IF;
  IF EXISTS (SELECT FROM unnest(NEW.regions, NEW.percents) AS c (region, percent) JOIN programs.quota q ON q.region = c.region
    WHERE q.program = NEW.program AND q.kind = 'REGULAR' AND q.state = 'IN_FORCE' AND (c.percent % 5 <> 0 OR q.seats * 5 / 100 < 10)) THEN
    RAISE EXCEPTION 'seats are changed by steps of 5 percent, which must be 10 seats or more' USING ERRCODE = 'HB003'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "simulation_rules" BEFORE INSERT ON "programs"."simulation" FOR EACH ROW EXECUTE FUNCTION "programs"."simulation_rules"();
--> statement-breakpoint
CREATE FUNCTION "programs"."simulation_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM programs.enqueue('aid_simulate', NEW.id::text);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "simulation_noted" AFTER INSERT ON "programs"."simulation" FOR EACH ROW EXECUTE FUNCTION "programs"."simulation_noted"();
--> statement-breakpoint
-- Everybody entitled is put in order anew, twice: by the rules in force and by those asked about. Who gets a seat in one alone enters or leaves.
CREATE FUNCTION "programs"."simulate"(simulation uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE m programs.simulation; need constant text := 'decile, rank, first_on, unit_id'; source text; seats text;
BEGIN
  SELECT s.* INTO m FROM programs.simulation s WHERE s.id = simulation AND s.state = 'QUEUED' FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  source := format('SELECT j.decile, j.rank, j.first_on, j.unit_id, left(j.region, 4) COLLATE "C" AS regency
    FROM programs.judge(%L, %L, %L, %L, %%L, '''', NULL) j WHERE j.is_eligible AND j.person_id IS NOT NULL', m.program, m.day, m.delivery, m.known);
  seats := format('SELECT q.region, q.seats AS free, programs.allots(q.period, %L) AS allots FROM programs.quota q
    WHERE q.program = %L AND q.kind = ''REGULAR'' AND q.state = ''IN_FORCE''', to_char(m.day, 'YYYY-MM'), m.program);
  EXECUTE format('INSERT INTO programs.simulation_cell (simulation, regency, decile, is_entering, units)
    SELECT %L, coalesce(n.regency, o.regency), coalesce(n.decile, o.decile), o.unit_id IS NULL, count(*) FROM (%s) o FULL JOIN (%s) n USING (unit_id)
    WHERE o.unit_id IS NULL OR n.unit_id IS NULL GROUP BY 2, 3, 4', m.id,
    programs.seated(format(source, NULL), need, seats),
    programs.seated(format(source, m.decile_limit), need, format('SELECT s.region, s.allots, s.free + coalesce(round(s.free * c.percent / 100.0), 0)::int AS free
      FROM (%s) s LEFT JOIN unnest(%L::text[], %L::int[]) AS c (region, percent) ON c.region = s.region', seats, m.regions, m.percents)));
  UPDATE programs.simulation s SET state = 'DONE', done_at = programs.moment() WHERE s.id = m.id;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."move_seats", "programs"."enrolment_seats", "programs"."seats_taken", "programs"."quota_rules", "programs"."quota_noted",
  "programs"."selection_rules", "programs"."selection_noted", "programs"."lay_out_selection", "programs"."judge_province", "programs"."lay_out_places", "programs"."place_decile",
  "programs"."finish_selection", "programs"."drop_selection", "programs"."lay_out_publication", "programs"."publish_province", "programs"."finish_publication", "programs"."promote",
  "programs"."waiting_places", "programs"."list_in_force", "programs"."regions_delivered", "programs"."simulation_rules", "programs"."simulation_noted", "programs"."simulate" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."lay_out_selection", "programs"."judge_province", "programs"."lay_out_places", "programs"."place_decile", "programs"."finish_selection",
  "programs"."drop_selection", "programs"."lay_out_publication", "programs"."publish_province", "programs"."finish_publication", "programs"."promote", "programs"."simulate" TO "hub_programs_jobs";
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."waiting_places", "programs"."list_in_force", "programs"."regions_delivered" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
GRANT SELECT ON "programs"."quota", "programs"."selection_run", "programs"."selection_seat", "programs"."selection_entry", "programs"."simulation", "programs"."simulation_cell" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
GRANT SELECT ON "programs"."selection_chunk" TO "hub_programs_jobs";
--> statement-breakpoint
GRANT UPDATE ("rows", "done_at") ON "programs"."selection_chunk" TO "hub_programs_jobs";
--> statement-breakpoint
GRANT INSERT ON "programs"."quota", "programs"."selection_run", "programs"."simulation" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("seats", "state", "proposed", "reason", "made_by", "made_at", "approved_by", "approved_at") ON "programs"."quota" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("state", "reason", "decree", "signed_by", "signed_at") ON "programs"."selection_run" TO "hub_programs";
