-- Objections to who is named, not coded: nobody but a reviewer learns whether anybody of that name is a recipient.
ALTER TABLE "welfare"."objection" ALTER COLUMN "member_id" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "welfare"."objection" ADD COLUMN "claimed_name" text;
--> statement-breakpoint
CREATE INDEX "objection_named" ON "welfare"."objection" USING btree ("citizen_id","filed_at") WHERE claimed_name is not null;
--> statement-breakpoint
ALTER TABLE "welfare"."objection" ADD CONSTRAINT "objection_about" CHECK ((member_id is not null or claimed_name is not null) and (state <> 'UPHELD' or member_id is not null));
--> statement-breakpoint
-- By an entry as before: one answer for a recipient who does not exist and one of another village. By a name: one answer whoever is named. Nothing is looked up, and
-- the village is that of who objects. Three a day (WIB) of one person, counted one after the other.
CREATE OR REPLACE FUNCTION "welfare"."objection_filed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who uuid := welfare.citizen();
  about welfare.member%ROWTYPE;
  term welfare.objection_term%ROWTYPE;
  village text;
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  IF who IS NULL OR welfare.officer() IS NOT NULL THEN
    RAISE EXCEPTION 'an objection is filed by a person, in their own name' USING ERRCODE = 'HB002';
  END IF;
  IF NEW.member_id IS NULL THEN
    village := welfare.village_to_object_in(who, NEW.photo_id);
  ELSE
    SELECT m.* INTO about FROM welfare.member m WHERE m.id = NEW.member_id AND m.state = 'ACTIVE'
      AND EXISTS (SELECT FROM welfare.member own WHERE own.person_id = who AND own.region = m.region AND own.state IN ('ACTIVE', 'DORMANT'));
    IF NOT FOUND THEN
      RAISE EXCEPTION 'member: nobody of your village is a recipient under this id' USING ERRCODE = 'HB003';
    ELSIF EXISTS (SELECT FROM welfare.member own WHERE own.person_id = who AND own.household_id = about.household_id) THEN
      RAISE EXCEPTION 'member: from one''s own household one withdraws, or objects to the ranking' USING ERRCODE = 'HB003';
    END IF;
    village := about.region;
    NEW.claimed_name := NULL;
  END IF;
  IF NOT EXISTS (SELECT FROM welfare.evidence e WHERE e.id = NEW.photo_id AND e.person_id = who AND e.kind = 'IMAGE' AND e.state = 'STORED' AND e.region = village) THEN
    RAISE EXCEPTION 'photo: there is no stored picture of yours from your village under this id' USING ERRCODE = 'HB003';
  ELSIF (SELECT count(*) FROM welfare.objection o WHERE o.citizen_id = who AND o.state IN ('FILED', 'UNDER_REVIEW', 'APPEALED')) >= 10 THEN
    RAISE EXCEPTION 'at most 10 objections of one person are open at a time' USING ERRCODE = 'HB001';
  END IF;
  -- who reviews, and by which clock, is the newest rule of the region's to say, never the objector's
  SELECT t.* INTO STRICT term FROM welfare.objection_term t WHERE village ^@ ANY (t.regions) AND t.valid_from <= (welfare.moment() AT TIME ZONE 'Asia/Jakarta')::date
    ORDER BY t.valid_from DESC, t.mode LIMIT 1;
  NEW.mode := term.mode;
  NEW.version := 1;
  NEW.citizen_id := who;
  NEW.region := village;
  NEW.state := 'FILED';
  NEW.filed_at := welfare.moment();
  NEW.lapses_at := welfare.runs_out(NEW.filed_at, term.days, term.months);
  RETURN NEW;
END $$;
--> statement-breakpoint
-- Where a person objects by name: where they stand in the registry; of several villages, the picture's.
CREATE FUNCTION "welfare"."village_to_object_in"(who uuid, photo uuid) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  village text;
  today timestamptz := date_trunc('day', welfare.moment() AT TIME ZONE 'Asia/Jakarta') AT TIME ZONE 'Asia/Jakarta';
BEGIN
  SELECT own.region INTO village FROM welfare.member own LEFT JOIN welfare.evidence e ON e.id = photo AND e.region = own.region
    WHERE own.person_id = who AND own.state IN ('ACTIVE', 'DORMANT') ORDER BY e.id IS NULL, own.region LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'one objects in the village where one stands in the registry' USING ERRCODE = 'HB003';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('objection ' || who, 0));
  IF (SELECT count(*) FROM welfare.objection o WHERE o.citizen_id = who AND o.claimed_name IS NOT NULL AND o.filed_at >= today) >= 3 THEN
    RAISE EXCEPTION 'at most 3 objections by name of one person a day' USING ERRCODE = 'HB004';
  END IF;
  RETURN village;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."village_to_object_in" FROM PUBLIC;
--> statement-breakpoint
-- As before; and whoever reviews says once whom a name is about. That leaves no trace the objector could read: neither in the version nor in the history.
CREATE OR REPLACE FUNCTION "welfare"."objection_moves"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  step text := OLD.state || '>' || NEW.state;
  term welfare.objection_term%ROWTYPE;
BEGIN
  SELECT t.* INTO term FROM welfare.objection_term t WHERE t.mode = OLD.mode;
  IF NEW.member_id IS DISTINCT FROM OLD.member_id THEN
    PERFORM welfare.require_identifiable(OLD, NEW.member_id, CASE OLD.state WHEN 'APPEALED' THEN term.appeals ELSE term.reviewers END);
    OLD.member_id := NEW.member_id;
    RETURN OLD;
  END IF;
  NEW.version := OLD.version + 1;
  NEW.decision_reason := coalesce(OLD.decision_reason, NEW.decision_reason);
  NEW.appeal_reason := coalesce(OLD.appeal_reason, NEW.appeal_reason);
  IF NEW.state = 'UPHELD' AND OLD.member_id IS NULL THEN
    RAISE EXCEPTION 'who decides that an objection is right says first whom it is about' USING ERRCODE = 'HB001';
  END IF;
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
-- Raises unless whoever acts may say, now, that the objection is about this member: a recipient of the village, not of the objector's household.
CREATE FUNCTION "welfare"."require_identifiable"(objection "welfare"."objection", member uuid, roles text[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF objection.member_id IS NOT NULL OR objection.state NOT IN ('UNDER_REVIEW', 'APPEALED') THEN
    RAISE EXCEPTION 'whom an objection is about is said once, while it is reviewed' USING ERRCODE = 'HB001';
  END IF;
  PERFORM welfare.require_duty(roles, objection.region, 'reviewing an objection');
  IF objection.state = 'APPEALED' AND welfare.officer() IN (objection.handler, objection.decided_by) THEN
    RAISE EXCEPTION 'another than who reviewed an objection decides its appeal' USING ERRCODE = 'HB002';
  ELSIF objection.state = 'UNDER_REVIEW' AND welfare.moment() >= objection.lapses_at THEN
    RAISE EXCEPTION 'the time for a review has run out: the objection lapses' USING ERRCODE = 'HB001';
  ELSIF NOT EXISTS (SELECT FROM welfare.member m WHERE m.id = member AND m.state = 'ACTIVE' AND m.region = objection.region
    AND NOT EXISTS (SELECT FROM welfare.member own WHERE own.person_id = objection.citizen_id AND own.household_id = m.household_id)) THEN
    RAISE EXCEPTION 'member: no recipient of that village outside the objector''s household' USING ERRCODE = 'HB003';
  END IF;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."require_identifiable" FROM PUBLIC;
--> statement-breakpoint
-- The history is the objector's; what was written about whom stands in the objection alone.
CREATE OR REPLACE FUNCTION "welfare"."objection_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  act text := CASE NEW.state WHEN 'FILED' THEN 'FILE' WHEN 'UNDER_REVIEW' THEN 'TAKE' WHEN 'UPHELD' THEN 'UPHOLD' WHEN 'REJECTED' THEN 'REJECT'
    WHEN 'LAPSED' THEN 'LAPSE' WHEN 'APPEALED' THEN 'APPEAL' ELSE 'CLOSE' END;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.version = OLD.version THEN RETURN NULL; END IF;
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
GRANT UPDATE ("member_id") ON "welfare"."objection" TO "hub_welfare";
