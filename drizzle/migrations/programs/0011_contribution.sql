-- Membership in PBI-JK: proposals, emergencies, and replacements in which as many come in as go. Who is a member is an enrolment; seats are counted by its own rules.
CREATE TABLE "programs"."pbi_replacement" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"most" integer NOT NULL,
	"size" integer,
	"delivery" integer,
	"reason" text NOT NULL,
	"state" text DEFAULT 'QUEUED' NOT NULL,
	"made_by" text collate "C" NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"decree" text,
	"decided_by" text collate "C",
	"decided_at" timestamp with time zone,
	"outcome" text,
	CONSTRAINT "pbi_replacement_state" CHECK (state in ('QUEUED', 'DRAFT', 'SIGNED', 'APPLIED', 'REFUSED', 'DISCARDED')),
	CONSTRAINT "pbi_replacement_most" CHECK (most between 1 and 10000 and size between 0 and most),
	CONSTRAINT "pbi_replacement_decided" CHECK ((decided_by is null) = (state in ('QUEUED', 'DRAFT')) and (decided_by is null) = (decided_at is null)),
	CONSTRAINT "pbi_replacement_applied" CHECK ((state = 'DISCARDED' or (decree is not null) = (state in ('SIGNED', 'APPLIED', 'REFUSED')) and (decree is null or decided_by <> made_by)) and (outcome is not null) = (state = 'REFUSED'))
);
--> statement-breakpoint
ALTER TABLE "programs"."pbi_replacement" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."pbi_replacement_line" (
	"id" uuid PRIMARY KEY NOT NULL,
	"replacement_id" uuid NOT NULL,
	"side" text NOT NULL,
	"place" integer NOT NULL,
	"person_id" uuid NOT NULL,
	"unit_id" uuid,
	"enrolment_id" uuid,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"reason" text collate "C" NOT NULL,
	CONSTRAINT "pbi_replacement_line_side" CHECK (side in ('LEAVING', 'ENTERING') and (side = 'ENTERING' or enrolment_id is not null))
);
--> statement-breakpoint
ALTER TABLE "programs"."pbi_replacement_line" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."pbi_request" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"kind" text NOT NULL,
	"person_id" uuid NOT NULL,
	"unit_id" uuid,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"basis" text,
	"is_emergency" boolean DEFAULT false NOT NULL,
	"identity_paper" text NOT NULL,
	"family_paper" text NOT NULL,
	"inability_paper" text,
	"words" text NOT NULL,
	"state" text DEFAULT 'PROPOSED' NOT NULL,
	"proposed_by" text collate "C" NOT NULL,
	"proposed_agency" text collate "C" NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"confirm_by" timestamp with time zone,
	"enrolment_id" uuid,
	"decided_by" text collate "C",
	"decision_reason" text,
	CONSTRAINT "pbi_request_words" CHECK (kind in ('ENTRY', 'REACTIVATION', 'DEPARTURE') and state in ('PROPOSED', 'PROVISIONAL', 'VERIFIED', 'REJECTED', 'LAPSED') and basis in ('DTKS', 'NON_DTKS')),
	CONSTRAINT "pbi_request_program" CHECK (program = 'PBI_JK'),
	CONSTRAINT "pbi_request_basis" CHECK ((basis is not null) = (kind = 'ENTRY')),
	CONSTRAINT "pbi_request_inability" CHECK (inability_paper is not null or kind = 'DEPARTURE'),
	CONSTRAINT "pbi_request_papers" CHECK (identity_paper || ' ' || family_paper || ' ' || coalesce(inability_paper, '') || ' ' || words !~ '(^|[^0-9a-f])[0-9]{16}([^0-9a-f]|$)'),
	CONSTRAINT "pbi_request_emergency" CHECK ((confirm_by is not null) = is_emergency and (kind = 'REACTIVATION' or not is_emergency)),
	CONSTRAINT "pbi_request_decided" CHECK (num_nonnulls(decided_by, decision_reason) = case when state in ('VERIFIED', 'REJECTED') then 2 else 0 end and decided_by <> proposed_by)
);
--> statement-breakpoint
ALTER TABLE "programs"."pbi_request" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."pbi_term" (
	"program" text collate "C" PRIMARY KEY NOT NULL,
	"confirm_hours" smallint NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "pbi_term_hours" CHECK (confirm_hours > 0)
);
--> statement-breakpoint
ALTER TABLE "programs"."pbi_replacement_line" ADD CONSTRAINT "pbi_replacement_line_replacement_id_pbi_replacement_id_fk" FOREIGN KEY ("replacement_id") REFERENCES "programs"."pbi_replacement"("id");
--> statement-breakpoint
CREATE UNIQUE INDEX "pbi_replacement_open" ON "programs"."pbi_replacement" ("region") WHERE state in ('QUEUED', 'DRAFT', 'SIGNED');
--> statement-breakpoint
CREATE UNIQUE INDEX "pbi_replacement_line_place" ON "programs"."pbi_replacement_line" ("replacement_id","side","place");
--> statement-breakpoint
CREATE UNIQUE INDEX "pbi_replacement_line_person" ON "programs"."pbi_replacement_line" ("replacement_id","person_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "pbi_request_open" ON "programs"."pbi_request" ("person_id") WHERE state in ('PROPOSED', 'PROVISIONAL', 'LAPSED');
--> statement-breakpoint
CREATE INDEX "pbi_request_desk" ON "programs"."pbi_request" ("region","proposed_at","id");
--> statement-breakpoint
CREATE INDEX "pbi_request_clock" ON "programs"."pbi_request" ("confirm_by") WHERE state = 'PROVISIONAL';
--> statement-breakpoint
CREATE INDEX "pbi_request_departed" ON "programs"."pbi_request" ("person_id") WHERE kind = 'DEPARTURE' and state = 'VERIFIED';
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."pbi_replacement" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or null::uuid = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_files" ON "programs"."pbi_replacement" FOR INSERT TO "hub_programs" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or null::uuid = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_moves" ON "programs"."pbi_replacement" FOR UPDATE TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or null::uuid = programs.citizen()) and (select programs.bank()) is null) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or null::uuid = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."pbi_replacement" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."pbi_replacement" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."pbi_replacement_line" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or null::uuid = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."pbi_replacement_line" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."pbi_replacement_line" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."pbi_request" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_files" ON "programs"."pbi_request" FOR INSERT TO "hub_programs" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_moves" ON "programs"."pbi_request" FOR UPDATE TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."pbi_request" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."pbi_request" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "programs"."pbi_request" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "programs"."pbi_replacement" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "programs"."pbi_replacement_line" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
INSERT INTO "programs"."pbi_term" ("program", "confirm_hours", "source") VALUES ('PBI_JK', 72, 'Reaktivasi darurat PBI-JK: 3 × 24 jam, akhir pekan termasuk (u)');
--> statement-breakpoint
-- Makes the enrolment of a person in PBI-JK active again: the one that is suspended, on the seat it holds, or a new one, on a seat that must be free. In the
-- history every reactivation is the same: by whom and why tells an emergency, and with it an illness. Only rules may call it.
CREATE FUNCTION "programs"."reactivate_pbi"(who uuid, unit uuid, place text, in_emergency boolean)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last programs.enrolment%ROWTYPE;
  fresh uuid := gen_random_uuid();
BEGIN
  PERFORM programs.lock_seats('PBI_JK'), set_config('hub.reason', 'REACTIVATION', true), set_config('hub.procedure', 'REACTIVATION', true);
  SELECT e.* INTO last FROM programs.enrolment e WHERE e.person_id = who AND e.program = 'PBI_JK' ORDER BY e.ended_on IS NULL DESC, e.ended_on DESC, e.started_on DESC, e.id LIMIT 1 FOR UPDATE;
  IF last.id IS NULL OR last.flag = 'DECEASED' OR last.ending = 'DECEASED' THEN
    RAISE EXCEPTION 'person: was no member who can be active again' USING ERRCODE = 'HB001';
  ELSIF last.state = 'SUSPENDED' THEN
    UPDATE programs.enrolment e SET state = 'ACTIVE' WHERE e.id = last.id AND e.person_id = who;
    PERFORM set_config('hub.procedure', '', true);
    RETURN last.id;
  ELSIF last.state NOT IN ('GRADUATED', 'EXITED') THEN
    RAISE EXCEPTION 'person: is active, or waits for a seat' USING ERRCODE = 'HB001';
  ELSIF EXISTS (SELECT FROM programs.the_dead() d WHERE d.person_id = who) THEN
    RAISE EXCEPTION 'person: was no member who can be active again' USING ERRCODE = 'HB001';
  ELSIF in_emergency AND NOT EXISTS (SELECT FROM programs.quota q WHERE q.program = 'PBI_JK' AND q.kind = 'EMERGENCY' AND q.state = 'IN_FORCE' AND place ^@ q.region) THEN
    RAISE EXCEPTION 'there are no seats for emergencies' USING ERRCODE = 'HB001';
  END IF;
  INSERT INTO programs.enrolment (id, person_id, unit_id, program, state, region, started_on, is_emergency)
  VALUES (fresh, who, coalesce(unit, last.unit_id), 'PBI_JK', 'ACTIVE', place, programs.today(), in_emergency);
  PERFORM set_config('hub.procedure', '', true);
  RETURN fresh;
END $$;
--> statement-breakpoint
-- Puts a person on the waiting list of PBI-JK: who comes in, comes in for somebody. Only rules may call it.
CREATE FUNCTION "programs"."list_pbi"(who uuid, unit uuid, place text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  running programs.enrolment%ROWTYPE;
  fresh uuid := gen_random_uuid();
BEGIN
  PERFORM set_config('hub.reason', 'ENTRY', true);
  SELECT e.* INTO running FROM programs.enrolment e WHERE e.person_id = who AND e.program = 'PBI_JK' AND e.state NOT IN ('GRADUATED', 'EXITED') FOR UPDATE;
  IF running.state IN ('ACTIVE', 'SUSPENDED') THEN
    RAISE EXCEPTION 'person: is a member' USING ERRCODE = 'HB001';
  ELSIF running.state = 'CANDIDATE' THEN
    UPDATE programs.enrolment e SET state = 'WAITING' WHERE e.id = running.id AND e.person_id = who;
  END IF;
  IF running.id IS NOT NULL THEN RETURN running.id; END IF;
  INSERT INTO programs.enrolment (id, person_id, unit_id, program, state, region, started_on) VALUES (fresh, who, unit, 'PBI_JK', 'WAITING', place, programs.today());
  RETURN fresh;
END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."pbi_request_proposed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last programs.enrolment%ROWTYPE;
  entry record;
BEGIN
  IF session_user = 'hub_programs_owner' THEN RETURN NEW; END IF;
  SELECT e.* INTO last FROM programs.enrolment e WHERE e.person_id = NEW.person_id AND e.program = 'PBI_JK' ORDER BY e.ended_on IS NULL DESC, e.ended_on DESC, e.started_on DESC, e.id LIMIT 1;
  SELECT m.member_id, m.region, m.state INTO entry FROM programs.candidate_member m WHERE m.delivery = programs.delivery_in_force() AND m.person_id = NEW.person_id ORDER BY m.decile, m.rank, m.member_id LIMIT 1;
  -- where a person lives is what the programs know, and only of a stranger what is said
  NEW.region := coalesce(entry.region, last.region, NEW.region);
  NEW.unit_id := coalesce(entry.member_id, last.unit_id);
  PERFORM programs.require_duty(CASE WHEN NEW.is_emergency THEN array['HEALTH'] WHEN NEW.kind = 'ENTRY' THEN array['DISTRICT'] ELSE array['DISTRICT', 'HEALTH'] END, NEW.region, 'PBI_JK', 'a proposal');
  NEW.program := 'PBI_JK';
  NEW.version := 1;
  NEW.state := 'PROPOSED';
  NEW.basis := CASE WHEN NEW.kind = 'ENTRY' THEN CASE WHEN entry.member_id IS NULL THEN 'NON_DTKS' ELSE 'DTKS' END END;
  NEW.proposed_by := programs.officer();
  NEW.proposed_agency := programs.agency();
  NEW.proposed_at := programs.moment();
  NEW.confirm_by := NULL;
  NEW.enrolment_id := NULL;
  NEW.decided_by := NULL;
  NEW.decision_reason := NULL;
  IF NEW.kind = 'DEPARTURE' AND coalesce(last.state NOT IN ('ACTIVE', 'SUSPENDED'), true) THEN
    RAISE EXCEPTION 'person: is no member who could leave' USING ERRCODE = 'HB001';
  ELSIF NEW.kind = 'DEPARTURE' THEN
    NEW.enrolment_id := last.id;
  ELSIF NEW.is_emergency THEN
    NEW.state := 'PROVISIONAL';
    NEW.confirm_by := NEW.proposed_at + make_interval(hours => (SELECT t.confirm_hours FROM programs.pbi_term t WHERE t.program = 'PBI_JK'));
    NEW.enrolment_id := programs.reactivate_pbi(NEW.person_id, NEW.unit_id, NEW.region, true);
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "pbi_request_proposed" BEFORE INSERT ON "programs"."pbi_request" FOR EACH ROW EXECUTE FUNCTION "programs"."pbi_request_proposed"();
--> statement-breakpoint
-- Moves an enrolment by an emergency, for a kind of the history that nothing reads. Only rules may call it.
CREATE FUNCTION "programs"."move_in_emergency"(request programs.pbi_request, was programs.enrolment_state, wanted programs.enrolment_state) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM set_config('hub.reason', CASE wanted WHEN 'SUSPENDED' THEN 'NOT_CONFIRMED' ELSE 'REACTIVATION' END, true), set_config('hub.procedure', 'EMERGENCY', true);
  UPDATE programs.enrolment e SET state = wanted WHERE e.id = request.enrolment_id AND e.person_id = request.person_id AND e.state = was;
  PERFORM set_config('hub.procedure', '', true);
END $$;
--> statement-breakpoint
-- PROPOSED, PROVISIONAL (active at once), LAPSED → VERIFIED | REJECTED by a steward of another agency; PROVISIONAL → LAPSED by the clock, and the seat is suspended.
CREATE FUNCTION "programs"."pbi_request_moves"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  was_active boolean := OLD.state IN ('PROVISIONAL', 'LAPSED');
BEGIN
  NEW.version := OLD.version + 1;
  IF OLD.state = 'PROVISIONAL' AND NEW.state = 'LAPSED' THEN
    IF session_user = 'hub_programs' OR programs.moment() < OLD.confirm_by THEN
      RAISE EXCEPTION 'an emergency lapses by the clock alone' USING ERRCODE = 'HB002';
    END IF;
    PERFORM programs.lock_seats('PBI_JK'), programs.move_in_emergency(OLD, 'ACTIVE', 'SUSPENDED');
    NEW.version := OLD.version; -- nobody is told of this step, and whoever decides has seen all they need
    RETURN NEW;
  ELSIF OLD.state NOT IN ('PROPOSED', 'PROVISIONAL', 'LAPSED') OR NEW.state NOT IN ('VERIFIED', 'REJECTED') THEN
    RAISE EXCEPTION 'a proposal that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  PERFORM programs.require_duty(array['PROGRAM_STEWARD'], OLD.region, 'PBI_JK', 'deciding on a proposal');
  IF programs.officer() = OLD.proposed_by OR programs.agency() = OLD.proposed_agency THEN
    RAISE EXCEPTION 'another agency than the one that proposed decides' USING ERRCODE = 'HB002';
  ELSIF btrim(coalesce(NEW.decision_reason, '')) = '' THEN
    RAISE EXCEPTION 'reason: a decision says why' USING ERRCODE = 'HB003';
  END IF;
  NEW.decided_by := programs.officer();
  -- the words of a decision may tell an illness: they stay in the proposal
  PERFORM programs.lock_seats('PBI_JK'), set_config('hub.reason', 'NOT_ELIGIBLE', true);
  IF NEW.state = 'REJECTED' THEN
    IF was_active THEN
      UPDATE programs.enrolment e SET state = 'EXITED', ending = 'NOT_ELIGIBLE' WHERE e.id = OLD.enrolment_id AND e.person_id = OLD.person_id AND e.is_emergency AND e.state IN ('ACTIVE', 'SUSPENDED');
      UPDATE programs.enrolment e SET state = 'SUSPENDED' WHERE e.id = OLD.enrolment_id AND e.person_id = OLD.person_id AND NOT e.is_emergency AND e.state = 'ACTIVE';
    END IF;
  ELSIF OLD.kind = 'ENTRY' THEN
    NEW.enrolment_id := programs.list_pbi(OLD.person_id, OLD.unit_id, OLD.region);
  ELSIF OLD.kind = 'DEPARTURE' THEN -- from now on no list of need has them, either
    PERFORM programs.exclude(array[OLD.person_id], 'PBI_JK', 'WITHDRAWN', 'PBI_SEGMENT', 'proposal ' || OLD.id, programs.today());
  ELSIF NOT was_active THEN
    PERFORM programs.readmit(array[OLD.person_id], 'PBI_JK', array['WITHDRAWN'], 'PBI_SEGMENT', programs.today());
    NEW.enrolment_id := programs.reactivate_pbi(OLD.person_id, OLD.unit_id, OLD.region, false);
  ELSE
    PERFORM programs.readmit(array[OLD.person_id], 'PBI_JK', array['WITHDRAWN'], 'PBI_SEGMENT', programs.today());
    PERFORM programs.move_in_emergency(OLD, 'SUSPENDED', 'ACTIVE');
    BEGIN -- who is confirmed takes a regular seat where one is free, and leaves the other to the next emergency
      UPDATE programs.enrolment e SET is_emergency = false WHERE e.id = OLD.enrolment_id AND e.person_id = OLD.person_id AND e.is_emergency;
    EXCEPTION WHEN SQLSTATE 'HB001' THEN NULL;
    END;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "pbi_request_moves" BEFORE UPDATE ON "programs"."pbi_request" FOR EACH ROW EXECUTE FUNCTION "programs"."pbi_request_moves"();
--> statement-breakpoint
-- What everybody reads of an emergency is a proposal like others: its steps besides are of a kind of the history that nothing reads, and no words of a decision are.
CREATE FUNCTION "programs"."told_state"(state text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN state IN ('PROVISIONAL', 'LAPSED') THEN 'PROPOSED' ELSE state END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."pbi_request_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.is_emergency THEN
    PERFORM programs.note_transition('PBI_EMERGENCY', NEW.id, NEW.person_id, 'PBI_JK', NEW.region,
      CASE NEW.state WHEN 'PROVISIONAL' THEN 'PROPOSE' WHEN 'LAPSED' THEN 'LAPSE' ELSE 'DECIDE' END, CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state, NEW.kind);
  END IF;
  IF NEW.state <> 'LAPSED' THEN
    PERFORM programs.note_transition('PBI_REQUEST', NEW.id, NEW.person_id, 'PBI_JK', NEW.region,
      CASE NEW.state WHEN 'VERIFIED' THEN 'VERIFY' WHEN 'REJECTED' THEN 'REJECT' ELSE 'PROPOSE' END,
      CASE TG_OP WHEN 'UPDATE' THEN programs.told_state(OLD.state) END, programs.told_state(NEW.state), NEW.kind);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "pbi_request_moved" AFTER INSERT OR UPDATE ON "programs"."pbi_request" FOR EACH ROW EXECUTE FUNCTION "programs"."pbi_request_moved"();
--> statement-breakpoint
-- Emergencies nobody confirmed in time lapse; answers how many.
CREATE FUNCTION "programs"."lapse_pbi_requests"(at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lapsed integer;
BEGIN
  PERFORM set_config('hub.now', at::text, true), set_config('hub.actor', 'SYSTEM', true);
  UPDATE programs.pbi_request SET state = 'LAPSED' WHERE id IN (
    SELECT r.id FROM programs.pbi_request r WHERE r.state = 'PROVISIONAL' AND r.confirm_by <= at ORDER BY r.confirm_by, r.id LIMIT 10000 FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS lapsed = ROW_COUNT;
  RETURN lapsed;
END $$;
--> statement-breakpoint
-- A PROGRAM_STEWARD asks for a replacement; a job drafts its pairs; another steward or a head signs or discards them; what is signed a job applies.
CREATE FUNCTION "programs"."pbi_replacement_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF session_user = 'hub_programs_owner' THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    PERFORM programs.require_duty(array['PROGRAM_STEWARD'], CASE NEW.region WHEN '0' THEN '' ELSE NEW.region END, 'PBI_JK', 'a replacement');
    NEW.program := 'PBI_JK';
    NEW.version := 1;
    NEW.state := 'QUEUED';
    NEW.size := NULL;
    NEW.delivery := NULL;
    NEW.made_by := programs.officer();
    NEW.made_at := programs.moment();
    NEW.decree := NULL;
    NEW.decided_by := NULL;
    NEW.decided_at := NULL;
    RETURN NEW;
  END IF;
  NEW.version := OLD.version + 1;
  IF session_user = 'hub_programs_jobs' AND OLD.state || '>' || NEW.state IN ('QUEUED>DRAFT', 'SIGNED>APPLIED', 'SIGNED>REFUSED') THEN RETURN NEW; END IF;
  PERFORM programs.require_duty(array['PROGRAM_STEWARD', 'PROGRAM_HEAD'], CASE OLD.region WHEN '0' THEN '' ELSE OLD.region END, 'PBI_JK', 'deciding on a replacement');
  NEW.decided_by := programs.officer();
  NEW.decided_at := programs.moment();
  IF OLD.state IN ('QUEUED', 'DRAFT', 'SIGNED') AND NEW.state = 'DISCARDED' THEN
    NEW.decree := OLD.decree;
    RETURN NEW;
  END IF;
  IF OLD.state <> 'DRAFT' OR NEW.state <> 'SIGNED' THEN
    RAISE EXCEPTION 'a replacement that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  ELSIF programs.officer() = OLD.made_by THEN
    RAISE EXCEPTION 'another officer than who drafted a replacement signs it' USING ERRCODE = 'HB002';
  ELSIF btrim(coalesce(NEW.decree, '')) = '' THEN
    RAISE EXCEPTION 'decree: a replacement is signed by a decree' USING ERRCODE = 'HB003';
  ELSIF OLD.size = 0 OR OLD.delivery IS DISTINCT FROM programs.delivery_in_force() THEN
    RAISE EXCEPTION 'nothing to sign, or the data of candidates are others now: draft it anew' USING ERRCODE = 'HB001';
  END IF;
  PERFORM programs.enqueue('aid_pbi_exchange', OLD.id::text);
  RETURN NEW;
END $$;
--> statement-breakpoint
-- Why a member leaves by a replacement: by the flag, by a departure that was verified, by what the data of candidates say (`reasons`); null: stays.
CREATE FUNCTION "programs"."leaves_pbi"(flag text, has_departed boolean, reasons text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN flag = 'DECEASED' OR 'DECEASED' = ANY (reasons) THEN 'DECEASED' WHEN has_departed THEN 'MOVED_SEGMENT'
    WHEN 'DECILE_ABOVE_LIMIT' = ANY (reasons) THEN 'DECILE_ABOVE_LIMIT' END
$$;
--> statement-breakpoint
-- Takes the seats of those who leave and gives them to those who enter, in the caller's transaction: as many as were drafted, all of them or none. Only rules may call it.
CREATE FUNCTION "programs"."exchange_pbi"(batch uuid, pairs integer, decree_number text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  out_of integer;
  waited integer;
  fresh integer;
BEGIN
  -- nobody else takes the seats that those who leave give back
  PERFORM programs.lock_seats('PBI_JK'), set_config('hub.reason', decree_number, true);
  IF (SELECT r.delivery FROM programs.pbi_replacement r WHERE r.id = batch) IS DISTINCT FROM programs.delivery_in_force() THEN
    RAISE EXCEPTION 'the data of candidates are others now: draft it anew' USING ERRCODE = 'HB001';
  ELSIF EXISTS (SELECT FROM programs.judge('PBI_JK', programs.today(), programs.delivery_in_force(), programs.moment(), NULL, '',
      (SELECT coalesce(array_agg(l.unit_id), '{}') FROM programs.pbi_replacement_line l WHERE l.replacement_id = batch AND l.side = 'ENTERING' AND l.reason = 'NEED')) j WHERE NOT j.is_eligible) THEN
    RAISE EXCEPTION 'somebody who was to enter is not eligible any more: draft it anew' USING ERRCODE = 'HB001';
  END IF;
  WITH judged AS MATERIALIZED (
    SELECT DISTINCT ON (j.person_id) j.person_id, j.reasons FROM programs.judge('PBI_JK', programs.today(), programs.delivery_in_force(), programs.moment(), NULL, '',
      (SELECT coalesce(array_agg(m.member_id), '{}') FROM programs.pbi_replacement_line l JOIN programs.candidate_member m ON m.person_id = l.person_id AND m.delivery = programs.delivery_in_force()
        WHERE l.replacement_id = batch AND l.side = 'LEAVING')) j
    WHERE j.person_id IS NOT NULL ORDER BY j.person_id, j.is_eligible DESC, j.decile, j.rank, j.unit_id
  )
  UPDATE programs.enrolment e SET state = 'EXITED', ending = CASE l.reason WHEN 'DECEASED' THEN 'DECEASED' ELSE 'REPLACED' END
  FROM programs.pbi_replacement_line l LEFT JOIN judged b ON b.person_id = l.person_id
  WHERE l.replacement_id = batch AND l.side = 'LEAVING' AND e.id = l.enrolment_id AND e.person_id = l.person_id AND e.state IN ('ACTIVE', 'SUSPENDED') AND NOT e.is_emergency
    AND programs.leaves_pbi(e.flag, EXISTS (SELECT FROM programs.pbi_request r WHERE r.person_id = e.person_id AND r.kind = 'DEPARTURE' AND r.state = 'VERIFIED' AND r.enrolment_id = e.id), b.reasons) = l.reason;
  GET DIAGNOSTICS out_of = ROW_COUNT;
  UPDATE programs.enrolment e SET state = 'ACTIVE', decree = decree_number FROM programs.pbi_replacement_line l
  WHERE l.replacement_id = batch AND l.side = 'ENTERING' AND e.id = l.enrolment_id AND e.person_id = l.person_id AND e.state IN ('WAITING', 'CANDIDATE') AND e.flag IS NULL;
  GET DIAGNOSTICS waited = ROW_COUNT;
  INSERT INTO programs.enrolment (id, person_id, unit_id, program, state, region, started_on, decree)
  SELECT gen_random_uuid(), l.person_id, l.unit_id, 'PBI_JK', 'ACTIVE', l.region, programs.today(), decree_number FROM programs.pbi_replacement_line l
  WHERE l.replacement_id = batch AND l.side = 'ENTERING' AND l.enrolment_id IS NULL
    AND NOT EXISTS (SELECT FROM programs.enrolment e WHERE e.person_id = l.person_id AND e.program = 'PBI_JK' AND e.state NOT IN ('GRADUATED', 'EXITED'));
  GET DIAGNOSTICS fresh = ROW_COUNT;
  IF out_of <> pairs OR waited + fresh <> pairs THEN
    RAISE EXCEPTION 'somebody has left or entered meanwhile: draft it anew' USING ERRCODE = 'HB001';
  END IF;
END $$;
--> statement-breakpoint
-- Applies a replacement that is signed: all of it, or, where facts have changed since, nothing, and says why. Twice is once. Answers how many pairs.
CREATE FUNCTION "programs"."apply_pbi_replacement"(batch uuid, at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  signed programs.pbi_replacement%ROWTYPE;
  why text;
BEGIN
  SELECT r.* INTO signed FROM programs.pbi_replacement r WHERE r.id = batch AND r.state = 'SIGNED' FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  PERFORM set_config('hub.now', at::text, true), set_config('hub.actor', signed.decided_by, true);
  BEGIN
    PERFORM programs.exchange_pbi(batch, signed.size, signed.decree);
  -- whatever rule refuses it, for good: what failed stays nobody's to sign again, and the region is free for the next draft
  EXCEPTION
    WHEN SQLSTATE 'HB001' OR SQLSTATE 'HB002' OR SQLSTATE 'HB003' THEN why := SQLERRM;
    WHEN integrity_constraint_violation THEN why := 'somebody has entered or left against the rules of enrolments: draft it anew';
  END;
  UPDATE programs.pbi_replacement r SET state = CASE WHEN why IS NULL THEN 'APPLIED' ELSE 'REFUSED' END, outcome = why WHERE r.id = batch;
  RETURN CASE WHEN why IS NULL THEN signed.size ELSE 0 END;
END $$;
--> statement-breakpoint
CREATE TRIGGER "pbi_replacement_rules" BEFORE INSERT OR UPDATE ON "programs"."pbi_replacement" FOR EACH ROW EXECUTE FUNCTION "programs"."pbi_replacement_rules"();
--> statement-breakpoint
CREATE FUNCTION "programs"."pbi_replacement_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM programs.note_transition('PBI_REPLACEMENT', NEW.id, NULL, 'PBI_JK', NEW.region,
    CASE NEW.state WHEN 'QUEUED' THEN 'REQUEST' WHEN 'DRAFT' THEN 'DRAFT' WHEN 'SIGNED' THEN 'SIGN' WHEN 'APPLIED' THEN 'APPLY' WHEN 'REFUSED' THEN 'REFUSE' ELSE 'DISCARD' END,
    CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state, coalesce(NEW.outcome, NEW.decree, NEW.reason));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "pbi_replacement_moved" AFTER INSERT OR UPDATE ON "programs"."pbi_replacement" FOR EACH ROW EXECUTE FUNCTION "programs"."pbi_replacement_moved"();
--> statement-breakpoint
-- Drafts a replacement that waits: who holds a seat and is dead, has left for another segment, or stands above the ceiling, against who is eligible and holds none, in
-- the order of need; after them the verified ones who stand in no data. Pairs of one regency, so that no level's seats are passed. Twice is once. Answers how many pairs.
CREATE FUNCTION "programs"."fill_pbi_replacement"(batch uuid, at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked programs.pbi_replacement%ROWTYPE;
  of_delivery integer := programs.delivery_in_force();
  prefix text;
  pairs integer;
BEGIN
  PERFORM set_config('hub.now', at::text, true), set_config('hub.actor', 'PBI_REPLACEMENT', true);
  SELECT r.* INTO asked FROM programs.pbi_replacement r WHERE r.id = batch AND r.state = 'QUEUED' FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  prefix := CASE asked.region WHEN '0' THEN '' ELSE asked.region END;
  WITH best AS MATERIALIZED (
    SELECT DISTINCT ON (j.person_id) j.* FROM programs.judge('PBI_JK', programs.today(), of_delivery, at, NULL, prefix, NULL) j
    WHERE j.person_id IS NOT NULL ORDER BY j.person_id, j.is_eligible DESC, j.decile, j.rank, j.unit_id
  ), going AS (
    SELECT e.id, e.person_id, e.unit_id, e.region, b.rank,
      programs.leaves_pbi(e.flag, EXISTS (SELECT FROM programs.pbi_request r WHERE r.person_id = e.person_id AND r.kind = 'DEPARTURE' AND r.state = 'VERIFIED' AND r.enrolment_id = e.id), b.reasons) AS reason
    FROM programs.enrolment e LEFT JOIN best b ON b.person_id = e.person_id
    WHERE e.program = 'PBI_JK' AND e.state IN ('ACTIVE', 'SUSPENDED') AND NOT e.is_emergency AND e.region ^@ prefix
  ), leaving AS (
    SELECT g.*, row_number() OVER (PARTITION BY left(g.region, 4) ORDER BY array_position(array['DECEASED', 'MOVED_SEGMENT', 'DECILE_ABOVE_LIMIT'], g.reason), g.rank DESC NULLS LAST, g.id) AS nth
    FROM going g WHERE g.reason IS NOT NULL
  ), coming AS (
    SELECT b.person_id, b.unit_id, w.id AS waits, coalesce(w.region, b.region) AS region, 'NEED' AS reason, b.decile::int AS decile, b.rank, b.first_on, b.unit_id AS tie
    FROM best b LEFT JOIN programs.enrolment w ON w.person_id = b.person_id AND w.program = 'PBI_JK' AND w.state NOT IN ('GRADUATED', 'EXITED')
    WHERE b.is_eligible AND (w.id IS NULL OR w.state IN ('WAITING', 'CANDIDATE')) AND w.flag IS NULL
      AND NOT EXISTS (SELECT FROM programs.enrolment o WHERE o.person_id = b.person_id AND o.program = 'PBI_JK' AND (o.graduation = 'INDEPENDENT' OR o.ending = 'DECEASED'))
      AND b.person_id NOT IN (SELECT x.person_id FROM programs.entry_bars('PBI_JK', programs.today()) x)
    UNION ALL
    SELECT w.person_id, w.unit_id, w.id, w.region, 'VERIFIED_NON_DTKS', NULL, NULL, r.proposed_at::date, w.id FROM programs.pbi_request r
    JOIN programs.enrolment w ON w.id = r.enrolment_id AND w.person_id = r.person_id AND w.state = 'WAITING' AND w.flag IS NULL AND w.region ^@ prefix
    WHERE r.kind = 'ENTRY' AND r.basis = 'NON_DTKS' AND r.state = 'VERIFIED' AND NOT EXISTS (SELECT FROM best b WHERE b.person_id = r.person_id)
  ), entering AS (
    SELECT c.*, row_number() OVER (PARTITION BY left(c.region, 4) ORDER BY c.decile, c.rank, c.first_on, c.tie) AS nth FROM coming c
  ), pair AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY e.decile, e.rank, e.first_on, e.tie)::int AS place, l.id AS ends, l.person_id AS who_leaves, l.unit_id AS unit_leaves, l.region AS left_from, l.reason AS why_leaves,
      e.person_id, e.unit_id, e.waits, e.region, e.reason
    FROM leaving l JOIN entering e ON left(e.region, 4) = left(l.region, 4) AND e.nth = l.nth ORDER BY 1 LIMIT asked.most
  ), written AS (
    INSERT INTO programs.pbi_replacement_line (id, replacement_id, side, place, person_id, unit_id, enrolment_id, program, region, reason)
    SELECT gen_random_uuid(), batch, 'LEAVING', p.place, p.who_leaves, p.unit_leaves, p.ends, 'PBI_JK', p.left_from, p.why_leaves FROM pair p
    UNION ALL SELECT gen_random_uuid(), batch, 'ENTERING', p.place, p.person_id, p.unit_id, p.waits, 'PBI_JK', p.region, p.reason FROM pair p
    RETURNING side
  ) SELECT count(*) FILTER (WHERE w.side = 'LEAVING') INTO pairs FROM written w;
  UPDATE programs.pbi_replacement r SET state = 'DRAFT', size = pairs, delivery = of_delivery WHERE r.id = batch;
  RETURN pairs;
END $$;
--> statement-breakpoint
-- Months for which the contribution of members was due between two months, and whole rupiah by the catalogue of each: a month counts in which the enrolment was active on
-- a day: at its first instant, or made active within it. Reads what its caller may read.
CREATE FUNCTION "programs"."contributions"(enrolments uuid[], since date, until date) RETURNS TABLE (enrolment_id uuid, months integer, amount bigint) LANGUAGE sql STABLE AS $$
  SELECT e.id, count(m.first)::int, coalesce(sum(programs.award('PBI_JK', '{}', 1, m.first)), 0)::bigint FROM programs.enrolment e
  LEFT JOIN LATERAL (
    SELECT x::date AS first FROM generate_series(date_trunc('month', since), until, interval '1 month') AS x
    WHERE e.state NOT IN ('CANDIDATE', 'WAITING') AND e.started_on < x + interval '1 month' AND (e.ended_on IS NULL OR e.ended_on >= x)
      AND (coalesce(
        (SELECT t.to_state FROM programs.transition t WHERE t.subject_kind IN ('ENROLMENT', 'ENROLMENT_HEALTH') AND t.subject_id = e.id AND (t.at AT TIME ZONE 'Asia/Jakarta') <= x ORDER BY t.id DESC LIMIT 1),
        (SELECT coalesce(t.from_state, 'NONE') FROM programs.transition t WHERE t.subject_kind IN ('ENROLMENT', 'ENROLMENT_HEALTH') AND t.subject_id = e.id ORDER BY t.id LIMIT 1), e.state::text)
        NOT IN ('SUSPENDED', 'WAITING', 'CANDIDATE', 'NONE')
        OR EXISTS (SELECT FROM programs.transition t WHERE t.subject_kind IN ('ENROLMENT', 'ENROLMENT_HEALTH') AND t.subject_id = e.id AND t.to_state = 'ACTIVE'
          AND (t.at AT TIME ZONE 'Asia/Jakarta') >= x AND (t.at AT TIME ZONE 'Asia/Jakarta') < x + interval '1 month'))
  ) m ON true
  WHERE e.id = ANY (enrolments) AND e.program = 'PBI_JK' GROUP BY e.id
$$;
--> statement-breakpoint
CREATE TRIGGER "pbi_request_stays" BEFORE DELETE OR TRUNCATE ON "programs"."pbi_request" EXECUTE FUNCTION "programs"."refuse"('proposals are on file and stay');
--> statement-breakpoint
CREATE TRIGGER "pbi_replacement_stays" BEFORE DELETE OR TRUNCATE ON "programs"."pbi_replacement" EXECUTE FUNCTION "programs"."refuse"('replacements are on file and stay');
--> statement-breakpoint
CREATE TRIGGER "pbi_replacement_line_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "programs"."pbi_replacement_line" EXECUTE FUNCTION "programs"."refuse"('replacements are on file and stay');
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."reactivate_pbi", "programs"."list_pbi", "programs"."move_in_emergency", "programs"."pbi_request_proposed", "programs"."pbi_request_moves", "programs"."pbi_request_moved", "programs"."lapse_pbi_requests",
  "programs"."pbi_replacement_rules", "programs"."exchange_pbi", "programs"."pbi_replacement_moved", "programs"."fill_pbi_replacement", "programs"."apply_pbi_replacement" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."lapse_pbi_requests", "programs"."fill_pbi_replacement", "programs"."apply_pbi_replacement" TO "hub_programs_jobs";
--> statement-breakpoint
GRANT SELECT ON "programs"."pbi_term", "programs"."pbi_request", "programs"."pbi_replacement", "programs"."pbi_replacement_line" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
GRANT INSERT ON "programs"."pbi_request", "programs"."pbi_replacement" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("state", "decision_reason") ON "programs"."pbi_request" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("state", "decree") ON "programs"."pbi_replacement" TO "hub_programs";
