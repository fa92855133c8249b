-- Objections [usul-sanggah], what follows from them, withdrawals, and objections of persons to their own ranking.
CREATE TABLE "welfare"."eligibility_decision" (
	"id" uuid PRIMARY KEY NOT NULL,
	"member_id" uuid NOT NULL,
	"person_id" uuid,
	"region" text collate "C" NOT NULL,
	"program" text collate "C",
	"decision" text NOT NULL,
	"reason" text NOT NULL,
	"objection_id" uuid,
	"effective_on" date NOT NULL,
	"decided_at" timestamp with time zone NOT NULL,
	"decided_by" text collate "C" NOT NULL,
	"revocable_until" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "eligibility_decision_reason" CHECK (decision = 'NOT_ELIGIBLE' and (reason = 'OBJECTION_UPHELD') = (objection_id is not null)),
	CONSTRAINT "eligibility_decision_revocable" CHECK ((reason = 'WITHDRAWN') = (revocable_until is not null) and (revoked_at is null or reason = 'WITHDRAWN'))
);
--> statement-breakpoint
ALTER TABLE "welfare"."eligibility_decision" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."objection" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"mode" text NOT NULL,
	"citizen_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"program" text collate "C",
	"reason" text NOT NULL,
	"photo_id" uuid NOT NULL,
	"latitude" double precision NOT NULL,
	"longitude" double precision NOT NULL,
	"state" text DEFAULT 'FILED' NOT NULL,
	"filed_at" timestamp with time zone NOT NULL,
	"lapses_at" timestamp with time zone NOT NULL,
	"handler" text collate "C",
	"decided_at" timestamp with time zone,
	"decided_by" text collate "C",
	"decision_reason" text,
	"lapsed_at" timestamp with time zone,
	"appealed_at" timestamp with time zone,
	"appeal_reason" text,
	"closed_at" timestamp with time zone,
	"closed_by" text collate "C",
	"closing_reason" text,
	CONSTRAINT "objection_state" CHECK (state in ('FILED', 'UNDER_REVIEW', 'UPHELD', 'REJECTED', 'LAPSED', 'APPEALED', 'CLOSED')),
	CONSTRAINT "objection_place" CHECK (latitude between -11 and 6 and longitude between 95 and 141),
	CONSTRAINT "objection_decided" CHECK ((decided_at is null) = (decided_by is null) and (decided_at is null) = (decision_reason is null)),
	CONSTRAINT "objection_fresh" CHECK (state <> 'FILED' or coalesce(handler, decided_by, closed_by, lapsed_at::text, appealed_at::text) is null),
	CONSTRAINT "objection_appealed" CHECK ((appealed_at is null) = (appeal_reason is null)),
	CONSTRAINT "objection_closed" CHECK ((closed_at is null) = (closed_by is null) and (closed_at is null) = (closing_reason is null))
);
--> statement-breakpoint
ALTER TABLE "welfare"."objection" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."objection_term" (
	"mode" text PRIMARY KEY NOT NULL,
	"days" smallint NOT NULL,
	"months" smallint NOT NULL,
	"reviewers" text[] NOT NULL,
	"appeals" text[] NOT NULL,
	"regions" text[] collate "C" DEFAULT '{}' NOT NULL,
	"valid_from" date NOT NULL,
	"source" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "welfare"."ranking_objection" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"person_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"about" text NOT NULL,
	"reason" text NOT NULL,
	"state" text DEFAULT 'FILED' NOT NULL,
	"filed_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"reviewer" text collate "C",
	"outcome" text,
	"answer" text,
	"answered_at" timestamp with time zone,
	CONSTRAINT "ranking_objection_words" CHECK (about in ('RANKING', 'DETERMINATION') and state in ('FILED', 'UNDER_REVIEW', 'ANSWERED') and outcome in ('UPHELD', 'CHANGED')),
	CONSTRAINT "ranking_objection_answered" CHECK ((state = 'FILED') = (reviewer is null) and (state = 'ANSWERED') = (outcome is not null) and (outcome is null) = (answer is null) and (outcome is null) = (answered_at is null))
);
--> statement-breakpoint
ALTER TABLE "welfare"."ranking_objection" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."eligibility_decision" ADD CONSTRAINT "eligibility_decision_objection_id_objection_id_fk" FOREIGN KEY ("objection_id") REFERENCES "welfare"."objection"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."objection" ADD CONSTRAINT "objection_mode_objection_term_mode_fk" FOREIGN KEY ("mode") REFERENCES "welfare"."objection_term"("mode");
--> statement-breakpoint
ALTER TABLE "welfare"."objection" ADD CONSTRAINT "objection_photo_id_evidence_id_fk" FOREIGN KEY ("photo_id") REFERENCES "welfare"."evidence"("id");
--> statement-breakpoint
CREATE INDEX "eligibility_decision_member" ON "welfare"."eligibility_decision" ("member_id");
--> statement-breakpoint
CREATE INDEX "eligibility_decision_person" ON "welfare"."eligibility_decision" ("person_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "eligibility_decision_withdrawn" ON "welfare"."eligibility_decision" ("member_id") WHERE reason = 'WITHDRAWN' and revoked_at is null;
--> statement-breakpoint
CREATE UNIQUE INDEX "objection_open" ON "welfare"."objection" ("citizen_id","member_id") WHERE state in ('FILED', 'UNDER_REVIEW', 'APPEALED');
--> statement-breakpoint
CREATE INDEX "objection_member" ON "welfare"."objection" ("member_id");
--> statement-breakpoint
CREATE INDEX "objection_desk" ON "welfare"."objection" ("region","filed_at","id");
--> statement-breakpoint
CREATE INDEX "objection_filed" ON "welfare"."objection" ("filed_at");
--> statement-breakpoint
CREATE INDEX "objection_decided" ON "welfare"."objection" ("decided_at") WHERE decided_at is not null;
--> statement-breakpoint
CREATE INDEX "objection_lapsed" ON "welfare"."objection" ("lapsed_at") WHERE lapsed_at is not null;
--> statement-breakpoint
CREATE INDEX "objection_clock" ON "welfare"."objection" ("lapses_at") WHERE state in ('FILED', 'UNDER_REVIEW');
--> statement-breakpoint
CREATE UNIQUE INDEX "ranking_objection_open" ON "welfare"."ranking_objection" ("member_id","about") WHERE state <> 'ANSWERED';
--> statement-breakpoint
CREATE INDEX "ranking_objection_person" ON "welfare"."ranking_objection" ("person_id");
--> statement-breakpoint
CREATE INDEX "ranking_objection_desk" ON "welfare"."ranking_objection" ("filed_at","id");
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."eligibility_decision" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_withdraws" ON "welfare"."eligibility_decision" FOR INSERT TO "hub_welfare" WITH CHECK (reason = 'WITHDRAWN' and person_id = welfare.citizen());
--> statement-breakpoint
CREATE POLICY "hub_welfare_revokes" ON "welfare"."eligibility_decision" FOR UPDATE TO "hub_welfare" USING (person_id = welfare.citizen()) WITH CHECK (person_id = welfare.citizen());
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."eligibility_decision" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."objection" FOR SELECT TO "hub_welfare" USING ((welfare.officer() is null or welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE', 'RANKING', 'MINISTRY'], region)) and (welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or citizen_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_files" ON "welfare"."objection" FOR INSERT TO "hub_welfare" WITH CHECK ((welfare.officer() is null or welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE', 'RANKING', 'MINISTRY'], region)) and (welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or citizen_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_moves" ON "welfare"."objection" FOR UPDATE TO "hub_welfare" USING ((welfare.officer() is null or welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE', 'RANKING', 'MINISTRY'], region)) and (welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or citizen_id = welfare.citizen())) WITH CHECK ((welfare.officer() is null or welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE', 'RANKING', 'MINISTRY'], region)) and (welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or citizen_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."objection" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."ranking_objection" FOR SELECT TO "hub_welfare" USING ((welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_files" ON "welfare"."ranking_objection" FOR INSERT TO "hub_welfare" WITH CHECK ((welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_moves" ON "welfare"."ranking_objection" FOR UPDATE TO "hub_welfare" USING ((welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen())) WITH CHECK ((welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."ranking_objection" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "welfare"."objection" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."eligibility_decision" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."ranking_objection" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- Whether the 14 days are working days is not known: they are a row, and calendar days (d). Where Perlinsos holds the ministry says: nowhere until it does.
INSERT INTO "welfare"."objection_term" ("mode", "days", "months", "reviewers", "appeals", "regions", "valid_from", "source") VALUES
  ('DEFAULT', 14, 0, array['VERIFIER'], array['HEAD_OF_OFFICE'], array[''], '2025-01-01', 'Kemensos, Usul-Sanggah (Cek Bansos); calendar days: our reading'),
  ('PERLINSOS', 0, 1, array['RANKING'], array['MINISTRY'], '{}', '2025-09-01', 'Perlinsos Digital 2025: one month, BPS re-verifies');
--> statement-breakpoint
-- The day of filing (WIB) is day 0; whole days follow, and at the midnight after the last the time has run out.
CREATE FUNCTION "welfare"."runs_out"(since timestamptz, days integer, months integer) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT ((since AT TIME ZONE 'Asia/Jakarta')::date + make_interval(months => months) + make_interval(days => days + 1)) AT TIME ZONE 'Asia/Jakarta'
$$;
--> statement-breakpoint
-- One answer for a recipient who does not exist and one of another village: nobody learns who is registered where.
CREATE FUNCTION "welfare"."objection_filed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who uuid := welfare.citizen();
  about welfare.member%ROWTYPE;
  term welfare.objection_term%ROWTYPE;
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  IF who IS NULL OR welfare.officer() IS NOT NULL THEN
    RAISE EXCEPTION 'an objection is filed by a person, in their own name' USING ERRCODE = 'HB002';
  END IF;
  SELECT m.* INTO about FROM welfare.member m WHERE m.id = NEW.member_id AND m.state = 'ACTIVE'
    AND EXISTS (SELECT FROM welfare.member own WHERE own.person_id = who AND own.region = m.region AND own.state IN ('ACTIVE', 'DORMANT'));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'member: nobody of your village is a recipient under this id' USING ERRCODE = 'HB003';
  ELSIF EXISTS (SELECT FROM welfare.member own WHERE own.person_id = who AND own.household_id = about.household_id) THEN
    RAISE EXCEPTION 'member: from one''s own household one withdraws, or objects to the ranking' USING ERRCODE = 'HB003';
  ELSIF NOT EXISTS (SELECT FROM welfare.evidence e WHERE e.id = NEW.photo_id AND e.person_id = who AND e.kind = 'IMAGE' AND e.state = 'STORED' AND e.region = about.region) THEN
    RAISE EXCEPTION 'photo: there is no stored picture of yours from your village under this id' USING ERRCODE = 'HB003';
  ELSIF (SELECT count(*) FROM welfare.objection o WHERE o.citizen_id = who AND o.state IN ('FILED', 'UNDER_REVIEW', 'APPEALED')) >= 10 THEN
    RAISE EXCEPTION 'at most 10 objections of one person are open at a time' USING ERRCODE = 'HB001';
  END IF;
  -- who reviews, and by which clock, is the newest rule of the region's to say, never the objector's
  SELECT t.* INTO STRICT term FROM welfare.objection_term t WHERE about.region ^@ ANY (t.regions) AND t.valid_from <= (welfare.moment() AT TIME ZONE 'Asia/Jakarta')::date
    ORDER BY t.valid_from DESC, t.mode LIMIT 1;
  NEW.mode := term.mode;
  NEW.version := 1;
  NEW.citizen_id := who;
  NEW.region := about.region;
  NEW.state := 'FILED';
  NEW.filed_at := welfare.moment();
  NEW.lapses_at := welfare.runs_out(NEW.filed_at, term.days, term.months);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "objection_filed" BEFORE INSERT ON "welfare"."objection" FOR EACH ROW EXECUTE FUNCTION "welfare"."objection_filed"();
--> statement-breakpoint
-- FILED → UNDER_REVIEW → UPHELD | REJECTED; FILED | UNDER_REVIEW → LAPSED; REJECTED | LAPSED → APPEALED → UPHELD | CLOSED. Who took it or decided it once does not decide the appeal.
CREATE FUNCTION "welfare"."objection_moves"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  step text := OLD.state || '>' || NEW.state;
  term welfare.objection_term%ROWTYPE;
BEGIN
  SELECT t.* INTO term FROM welfare.objection_term t WHERE t.mode = OLD.mode;
  NEW.version := OLD.version + 1;
  NEW.decision_reason := coalesce(OLD.decision_reason, NEW.decision_reason);
  NEW.appeal_reason := coalesce(OLD.appeal_reason, NEW.appeal_reason);
  IF step IN ('FILED>UNDER_REVIEW', 'UNDER_REVIEW>UPHELD', 'UNDER_REVIEW>REJECTED') THEN
    PERFORM welfare.require_duty(term.reviewers, OLD.region, 'reviewing an objection');
    IF welfare.moment() >= OLD.lapses_at THEN
      RAISE EXCEPTION 'the time for a review has run out: the objection lapses' USING ERRCODE = 'HB001';
    END IF;
    IF NEW.state = 'UNDER_REVIEW' THEN
      NEW.handler := welfare.officer();
    ELSE
      NEW.decided_by := welfare.officer();
      NEW.decided_at := welfare.moment();
    END IF;
  ELSIF step IN ('FILED>LAPSED', 'UNDER_REVIEW>LAPSED') THEN
    IF session_user = 'hub_welfare' OR welfare.moment() < OLD.lapses_at THEN
      RAISE EXCEPTION 'an objection lapses by the clock alone' USING ERRCODE = 'HB002';
    END IF;
    NEW.lapsed_at := OLD.lapses_at;
  ELSIF step IN ('REJECTED>APPEALED', 'LAPSED>APPEALED') THEN
    IF welfare.officer() IS NOT NULL OR welfare.citizen() IS DISTINCT FROM OLD.citizen_id THEN
      RAISE EXCEPTION 'an appeal is made by whoever objected' USING ERRCODE = 'HB002';
    END IF;
    NEW.appealed_at := welfare.moment();
  ELSIF step IN ('APPEALED>UPHELD', 'APPEALED>CLOSED') THEN
    PERFORM welfare.require_duty(term.appeals, OLD.region, 'deciding an appeal');
    IF welfare.officer() IN (OLD.handler, OLD.decided_by) THEN
      RAISE EXCEPTION 'another than who reviewed an objection decides its appeal' USING ERRCODE = 'HB002';
    END IF;
    NEW.closed_by := welfare.officer();
    NEW.closed_at := welfare.moment();
  ELSE
    RAISE EXCEPTION 'an objection that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "objection_moves" BEFORE UPDATE ON "welfare"."objection" FOR EACH ROW EXECUTE FUNCTION "welfare"."objection_moves"();
--> statement-breakpoint
-- The history is the objector's; what was written about whom stands in the objection alone.
CREATE FUNCTION "welfare"."objection_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  act text := CASE NEW.state WHEN 'FILED' THEN 'FILE' WHEN 'UNDER_REVIEW' THEN 'TAKE' WHEN 'UPHELD' THEN 'UPHOLD' WHEN 'REJECTED' THEN 'REJECT'
    WHEN 'LAPSED' THEN 'LAPSE' WHEN 'APPEALED' THEN 'APPEAL' ELSE 'CLOSE' END;
BEGIN
  PERFORM welfare.note_transition('OBJECTION', NEW.id, NEW.citizen_id, NEW.region, act, CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state, NULL);
  IF TG_OP = 'UPDATE' AND NEW.state = 'UPHELD' THEN
    INSERT INTO welfare.eligibility_decision (id, member_id, person_id, region, program, decision, reason, objection_id, effective_on, decided_at, decided_by)
    SELECT gen_random_uuid(), m.id, m.person_id, m.region, NEW.program, 'NOT_ELIGIBLE', 'OBJECTION_UPHELD', NEW.id,
      (welfare.moment() AT TIME ZONE 'Asia/Jakarta')::date, welfare.moment(), welfare.actor()
    FROM welfare.member m WHERE m.id = NEW.member_id;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "objection_moved" AFTER INSERT OR UPDATE ON "welfare"."objection" FOR EACH ROW EXECUTE FUNCTION "welfare"."objection_moved"();
--> statement-breakpoint
-- A person leaves of their own wish, and may come back for 30 days (d).
CREATE FUNCTION "welfare"."eligibility_decided"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own welfare.member%ROWTYPE;
BEGIN
  IF NEW.reason <> 'WITHDRAWN' THEN RETURN NEW; END IF;
  SELECT m.* INTO own FROM welfare.member m WHERE m.id = NEW.member_id AND m.person_id = welfare.citizen() AND m.state = 'ACTIVE';
  IF NOT FOUND OR welfare.officer() IS NOT NULL THEN
    RAISE EXCEPTION 'a person withdraws themself, while they are registered' USING ERRCODE = 'HB002';
  END IF;
  NEW.person_id := own.person_id;
  NEW.region := own.region;
  NEW.revoked_at := NULL;
  NEW.decided_by := 'CITIZEN';
  NEW.decided_at := welfare.moment();
  NEW.effective_on := (NEW.decided_at AT TIME ZONE 'Asia/Jakarta')::date;
  NEW.revocable_until := welfare.runs_out(NEW.decided_at, 30, 0);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "eligibility_decided" BEFORE INSERT ON "welfare"."eligibility_decision" FOR EACH ROW EXECUTE FUNCTION "welfare"."eligibility_decided"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."eligibility_revoked"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.reason <> 'WITHDRAWN' OR OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL THEN
    RAISE EXCEPTION 'a decision on eligibility stays as it is' USING ERRCODE = 'HB001';
  ELSIF welfare.moment() >= OLD.revocable_until AND NOT EXISTS (SELECT FROM welfare.member m WHERE m.id = OLD.member_id AND m.state = 'ACTIVE') THEN
    RAISE EXCEPTION 'a withdrawal is taken back within 30 days' USING ERRCODE = 'HB001';
  END IF;
  NEW.revoked_at := welfare.moment();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "eligibility_revoked" BEFORE UPDATE ON "welfare"."eligibility_decision" FOR EACH ROW EXECUTE FUNCTION "welfare"."eligibility_revoked"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."eligibility_follows"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  is_revoked boolean := NEW.revoked_at IS NOT NULL;
  slept text := 'WITHDRAWN ' || NEW.id;
  told text := current_setting('hub.reason', true);
  last welfare.transition;
BEGIN
  PERFORM welfare.note_transition('ELIGIBILITY_DECISION', NEW.id, NEW.person_id, NEW.region,
    CASE WHEN is_revoked THEN 'REVOKE' WHEN NEW.reason = 'WITHDRAWN' THEN 'WITHDRAW' ELSE 'UPHOLD' END,
    CASE WHEN is_revoked THEN NEW.decision END, CASE WHEN NOT is_revoked THEN NEW.decision END, NEW.reason);
  PERFORM welfare.note_event(CASE WHEN is_revoked THEN 'ELIGIBLE_AGAIN' ELSE 'NOT_ELIGIBLE' END, NEW.region, jsonb_build_object(
    'on', CASE WHEN is_revoked THEN (NEW.revoked_at AT TIME ZONE 'Asia/Jakarta')::date ELSE NEW.effective_on END, 'reason', NEW.reason, 'program', NEW.program,
    'members', jsonb_build_array(NEW.member_id), 'persons', to_jsonb(array_remove(array[NEW.person_id], NULL)),
    'families', to_jsonb(array(SELECT m.family_id FROM welfare.member m WHERE m.id = NEW.member_id))));
  IF NEW.reason <> 'WITHDRAWN' THEN RETURN NULL; END IF;
  SELECT t.* INTO last FROM welfare.transition t WHERE t.subject_kind = 'MEMBER' AND t.subject_id = NEW.member_id ORDER BY t.id DESC LIMIT 1;
  PERFORM set_config('hub.reason', slept, true);
  -- who was put to sleep by an officer since is not woken by this
  IF is_revoked AND last.actor = 'CITIZEN' AND last.reason = slept THEN
    UPDATE welfare.member m SET state = 'ACTIVE' WHERE m.id = NEW.member_id AND m.state = 'DORMANT';
  ELSIF NOT is_revoked THEN
    UPDATE welfare.member m SET state = 'DORMANT' WHERE m.id = NEW.member_id AND m.state = 'ACTIVE';
  END IF;
  PERFORM set_config('hub.reason', coalesce(told, ''), true);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "eligibility_follows" AFTER INSERT OR UPDATE ON "welfare"."eligibility_decision" FOR EACH ROW EXECUTE FUNCTION "welfare"."eligibility_follows"();
--> statement-breakpoint
-- Whoever wakes a member ends the withdrawal: it wakes nobody later, and does not stand in the way of another.
CREATE FUNCTION "welfare"."withdrawal_ends"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE welfare.eligibility_decision e SET revoked_at = welfare.moment() WHERE e.member_id = NEW.id AND e.reason = 'WITHDRAWN' AND e.revoked_at IS NULL;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "withdrawal_ends" AFTER UPDATE OF "state" ON "welfare"."member" FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NEW.state = 'ACTIVE') EXECUTE FUNCTION "welfare"."withdrawal_ends"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."ranking_objection_filed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own welfare.member%ROWTYPE;
BEGIN
  SELECT m.* INTO own FROM welfare.member m WHERE m.id = NEW.member_id AND m.person_id = welfare.citizen() AND m.state IN ('ACTIVE', 'DORMANT');
  IF NOT FOUND OR welfare.officer() IS NOT NULL THEN
    RAISE EXCEPTION 'a person objects to their own ranking, while they are registered' USING ERRCODE = 'HB002';
  END IF;
  NEW.version := 1;
  NEW.person_id := own.person_id;
  NEW.region := own.region;
  NEW.state := 'FILED';
  NEW.filed_at := welfare.moment();
  -- UU 27/2022 art. 10 and 30: hours, so weekends and holidays count
  NEW.due_at := NEW.filed_at + interval '72 hours';
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ranking_objection_filed" BEFORE INSERT ON "welfare"."ranking_objection" FOR EACH ROW EXECUTE FUNCTION "welfare"."ranking_objection_filed"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."ranking_objection_moves"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.state || '>' || NEW.state NOT IN ('FILED>UNDER_REVIEW', 'UNDER_REVIEW>ANSWERED') THEN
    RAISE EXCEPTION 'an objection that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  PERFORM welfare.require_duty(array['RANKING', 'MINISTRY'], OLD.region, 'reviewing an objection to a ranking');
  -- when it is due, or whoever took it has left, whoever is on duty answers it
  IF OLD.state = 'UNDER_REVIEW' AND welfare.officer() <> OLD.reviewer AND welfare.moment() < OLD.due_at AND EXISTS (
    SELECT FROM welfare.officer_duty d WHERE d.officer_id = OLD.reviewer AND d.role IN ('RANKING', 'MINISTRY') AND starts_with(OLD.region, d.region)
      AND d.valid_from <= clock_timestamp() AND (d.valid_to IS NULL OR clock_timestamp() < d.valid_to)) THEN
    RAISE EXCEPTION 'whoever took an objection to a ranking answers it' USING ERRCODE = 'HB002';
  END IF;
  NEW.version := OLD.version + 1;
  NEW.reviewer := welfare.officer();
  NEW.answered_at := CASE NEW.state WHEN 'ANSWERED' THEN welfare.moment() END;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ranking_objection_moves" BEFORE UPDATE ON "welfare"."ranking_objection" FOR EACH ROW EXECUTE FUNCTION "welfare"."ranking_objection_moves"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."ranking_objection_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM welfare.note_transition('RANKING_OBJECTION', NEW.id, NEW.person_id, NEW.region,
    CASE NEW.state WHEN 'FILED' THEN 'FILE' WHEN 'UNDER_REVIEW' THEN 'TAKE' ELSE 'ANSWER' END, CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state, NEW.outcome);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ranking_objection_moved" AFTER INSERT OR UPDATE ON "welfare"."ranking_objection" FOR EACH ROW EXECUTE FUNCTION "welfare"."ranking_objection_moved"();
--> statement-breakpoint
-- Lets lapse what nobody has decided in time, at the instant its time ran out, up to 10,000 a call. For the registry's clock. Answers how many.
CREATE FUNCTION "welfare"."lapse_objections"(at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lapsed integer;
BEGIN
  PERFORM set_config('hub.now', at::text, true), set_config('hub.actor', 'OBJECTION_CLOCK', true);
  UPDATE welfare.objection SET state = 'LAPSED' WHERE id IN (
    SELECT o.id FROM welfare.objection o WHERE o.state IN ('FILED', 'UNDER_REVIEW') AND o.lapses_at <= at ORDER BY o.lapses_at LIMIT 10000 FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS lapsed = ROW_COUNT;
  RETURN lapsed;
END $$;
--> statement-breakpoint
-- Exact counts of the regions directly below one, by code of the given length, from an instant to before another. MUST be released before anybody sees them.
CREATE FUNCTION "welfare"."objection_counts"(parent text, code_length integer, since timestamptz, before timestamptz)
RETURNS TABLE (region text, filed integer, decided integer, lapsed integer) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT left(o.region, code_length), count(*) FILTER (WHERE o.filed_at >= since AND o.filed_at < before)::integer,
    count(*) FILTER (WHERE o.decided_at >= since AND o.decided_at < before)::integer, count(*) FILTER (WHERE o.lapsed_at >= since AND o.lapsed_at < before)::integer
  FROM welfare.objection o
  WHERE starts_with(o.region, parent)
    AND ((o.filed_at >= since AND o.filed_at < before) OR (o.decided_at >= since AND o.decided_at < before) OR (o.lapsed_at >= since AND o.lapsed_at < before))
  GROUP BY 1
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."lapse_objections", "welfare"."objection_counts" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."lapse_objections" TO "hub_welfare_jobs";
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."objection_counts" TO "hub_welfare";
--> statement-breakpoint
CREATE TRIGGER "objection_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."objection" EXECUTE FUNCTION "welfare"."refuse"('objections are on file and stay');
--> statement-breakpoint
CREATE TRIGGER "eligibility_decision_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."eligibility_decision" EXECUTE FUNCTION "welfare"."refuse"('decisions are on file and stay');
--> statement-breakpoint
CREATE TRIGGER "ranking_objection_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."ranking_objection" EXECUTE FUNCTION "welfare"."refuse"('objections are on file and stay');
--> statement-breakpoint
GRANT SELECT ON "welfare"."objection_term", "welfare"."objection", "welfare"."eligibility_decision", "welfare"."ranking_objection" TO "hub_welfare";
--> statement-breakpoint
GRANT INSERT ON "welfare"."objection", "welfare"."eligibility_decision", "welfare"."ranking_objection" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("state", "decision_reason", "appeal_reason", "closing_reason") ON "welfare"."objection" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("revoked_at") ON "welfare"."eligibility_decision" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("state", "outcome", "answer") ON "welfare"."ranking_objection" TO "hub_welfare";
--> statement-breakpoint
GRANT SELECT ON "welfare"."objection_term", "welfare"."eligibility_decision" TO "hub_welfare_jobs";
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."eligibility_decision" FOR SELECT TO "hub_welfare_jobs" USING (true);
