-- Forced: the owner obeys the policies too. Bookkeeping (synthetic_seed) and prices name nobody.
ALTER TABLE "banyuwangi"."officer_duty" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "banyuwangi"."meal_aid" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "banyuwangi"."meal_month" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "banyuwangi"."meal_step" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
GRANT USAGE ON SCHEMA "banyuwangi" TO "hub_banyuwangi";
--> statement-breakpoint
GRANT SELECT ON "banyuwangi"."officer_duty", "banyuwangi"."meal_aid", "banyuwangi"."meal_month", "banyuwangi"."meal_step" TO "hub_banyuwangi";
--> statement-breakpoint
GRANT INSERT ON "banyuwangi"."meal_aid", "banyuwangi"."meal_month" TO "hub_banyuwangi";
--> statement-breakpoint
GRANT UPDATE ("ended_on", "reason", "ended_by") ON "banyuwangi"."meal_aid" TO "hub_banyuwangi";
--> statement-breakpoint
GRANT UPDATE ("meals", "reason", "recorded_by", "confirmed_by") ON "banyuwangi"."meal_month" TO "hub_banyuwangi";
--> statement-breakpoint
-- One aid of a person a day: what comes back begins after what ended.
ALTER TABLE "banyuwangi"."meal_aid" ADD CONSTRAINT "meal_aid_one_a_day" EXCLUDE USING gist ("person_id" WITH =, daterange("started_on", "ended_on", '[]') WITH &&);
--> statement-breakpoint
-- HB001 conflict, HB002 forbidden, HB003 bad input; the message is a sentence for the asker and names nobody and no village.
CREATE FUNCTION "banyuwangi"."require_duty"(region text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF banyuwangi.officer() IS NULL OR NOT coalesce($1 ^@ ANY (banyuwangi.seen_regions()), false)
  THEN RAISE EXCEPTION 'this takes an officer of Banyuwangi on duty for its programs in that village' USING ERRCODE = 'HB002'; END IF;
END $$;
--> statement-breakpoint
-- An aid begins running, in the own name of who decides; it ends once, not before what was brought, and nothing else of it changes.
CREATE FUNCTION "banyuwangi"."meal_aid_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF session_user = 'hub_banyuwangi_owner' THEN RETURN NEW; END IF;
  IF NEW.region !~ '^3510[0-9]{6}$' THEN RAISE EXCEPTION 'region: a village of Banyuwangi' USING ERRCODE = 'HB003'; END IF;
  PERFORM banyuwangi.require_duty(NEW.region);
  IF TG_OP = 'INSERT' THEN
    NEW.version := 1;
    IF NEW.ended_on IS NOT NULL THEN RAISE EXCEPTION 'an aid begins before it ends' USING ERRCODE = 'HB003'; END IF;
    IF NEW.started_by <> banyuwangi.officer() THEN RAISE EXCEPTION 'one decides in one''s own name' USING ERRCODE = 'HB002'; END IF;
    RETURN NEW;
  END IF;
  IF OLD.ended_on IS NOT NULL THEN RAISE EXCEPTION 'this aid has ended' USING ERRCODE = 'HB001'; END IF;
  IF NEW.ended_by IS DISTINCT FROM banyuwangi.officer() THEN RAISE EXCEPTION 'one decides in one''s own name' USING ERRCODE = 'HB002'; END IF;
  IF NEW.ended_on < OLD.started_on THEN RAISE EXCEPTION 'endedOn: not before the aid began' USING ERRCODE = 'HB003'; END IF;
  IF NEW.ended_on < (SELECT max(m.month) FROM banyuwangi.meal_month m WHERE m.aid_id = OLD.id)
  THEN RAISE EXCEPTION 'endedOn: not before the last month on record' USING ERRCODE = 'HB003'; END IF;
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "meal_aid_rules" BEFORE INSERT OR UPDATE ON "banyuwangi"."meal_aid" FOR EACH ROW EXECUTE FUNCTION "banyuwangi"."meal_aid_rules"();
--> statement-breakpoint
-- A month lies in the time of its aid and is worth what the price of its first day says: nobody who records it says what it is worth. It is corrected until a
-- second officer confirms what stands there; then it stays. The aid is locked, so that it does not end meanwhile.
CREATE FUNCTION "banyuwangi"."meal_month_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  aid banyuwangi.meal_aid;
  is_confirming boolean := TG_OP = 'UPDATE' AND NEW.confirmed_by IS NOT NULL;
BEGIN
  SELECT * INTO aid FROM banyuwangi.meal_aid a WHERE a.id = NEW.aid_id FOR SHARE;
  IF NOT is_confirming THEN
    SELECT p.price * NEW.meals INTO NEW.value FROM banyuwangi.meal_price p WHERE p.valid_from <= NEW.month ORDER BY p.valid_from DESC LIMIT 1;
    IF NEW.value IS NULL THEN RAISE EXCEPTION 'month: no price was in force' USING ERRCODE = 'HB003'; END IF;
  END IF;
  IF session_user = 'hub_banyuwangi_owner' THEN RETURN NEW; END IF;
  PERFORM banyuwangi.require_duty(aid.region);
  NEW.version := 1;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.confirmed_by IS NOT NULL THEN RAISE EXCEPTION 'this month is confirmed' USING ERRCODE = 'HB001'; END IF;
    NEW.version := OLD.version + 1;
  ELSIF NEW.confirmed_by IS NOT NULL THEN RAISE EXCEPTION 'a month is recorded before it is confirmed' USING ERRCODE = 'HB003'; END IF;
  IF is_confirming THEN
    IF NEW.confirmed_by <> banyuwangi.officer() THEN RAISE EXCEPTION 'one confirms in one''s own name' USING ERRCODE = 'HB002'; END IF;
    IF NEW.confirmed_by = OLD.recorded_by THEN RAISE EXCEPTION 'a second officer confirms, not who recorded' USING ERRCODE = 'HB002'; END IF;
    IF (NEW.meals, NEW.recorded_by) <> (OLD.meals, OLD.recorded_by) THEN RAISE EXCEPTION 'what is confirmed is what was recorded' USING ERRCODE = 'HB003'; END IF;
    RETURN NEW;
  END IF;
  IF NEW.recorded_by <> banyuwangi.officer() THEN RAISE EXCEPTION 'one records in one''s own name' USING ERRCODE = 'HB002'; END IF;
  IF (NEW.person_id, NEW.region) IS DISTINCT FROM (aid.person_id, aid.region) THEN RAISE EXCEPTION 'a month is its aid''s' USING ERRCODE = 'HB003'; END IF;
  IF NEW.month < date_trunc('month', aid.started_on) OR NEW.month > coalesce(aid.ended_on, 'infinity') OR NEW.month > now() AT TIME ZONE 'Asia/Jakarta'
  THEN RAISE EXCEPTION 'month: outside the time of this aid' USING ERRCODE = 'HB003'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "meal_month_rules" BEFORE INSERT OR UPDATE ON "banyuwangi"."meal_month" FOR EACH ROW EXECUTE FUNCTION "banyuwangi"."meal_month_rules"();
--> statement-breakpoint
-- Every act leaves a line: the decision that began the aid, the reasons of all others.
CREATE FUNCTION "banyuwangi"."meal_aid_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO banyuwangi.meal_step (aid_id, person_id, region, at, actor, act, reason)
  SELECT NEW.id, NEW.person_id, NEW.region, now(), step.actor, step.act, step.reason
  FROM (VALUES (NEW.started_by, 'START', NEW.decision, TG_OP = 'INSERT'), (NEW.ended_by, 'END', NEW.reason, NEW.ended_on IS NOT NULL)) AS step (actor, act, reason, is_taken)
  WHERE step.is_taken;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "meal_aid_noted" AFTER INSERT OR UPDATE ON "banyuwangi"."meal_aid" FOR EACH ROW EXECUTE FUNCTION "banyuwangi"."meal_aid_noted"();
--> statement-breakpoint
CREATE FUNCTION "banyuwangi"."meal_month_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO banyuwangi.meal_step (aid_id, person_id, region, at, actor, act, month, meals, reason)
  SELECT NEW.aid_id, NEW.person_id, NEW.region, now(), step.actor, step.act, NEW.month, NEW.meals, NEW.reason
  FROM (VALUES (NEW.recorded_by, 'RECORD', TG_OP = 'INSERT'), (NEW.recorded_by, 'CORRECT', TG_OP = 'UPDATE' AND NEW.confirmed_by IS NULL),
    (NEW.confirmed_by, 'CONFIRM', NEW.confirmed_by IS NOT NULL)) AS step (actor, act, is_taken)
  WHERE step.is_taken;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "meal_month_noted" AFTER INSERT OR UPDATE ON "banyuwangi"."meal_month" FOR EACH ROW EXECUTE FUNCTION "banyuwangi"."meal_month_noted"();
--> statement-breakpoint
CREATE FUNCTION "banyuwangi"."refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HB001'; END $$;
--> statement-breakpoint
CREATE TRIGGER "meal_step_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "banyuwangi"."meal_step" EXECUTE FUNCTION "banyuwangi"."refuse"('what is in the history stays');
--> statement-breakpoint
REVOKE ALL ON FUNCTION "banyuwangi"."meal_aid_rules", "banyuwangi"."meal_month_rules", "banyuwangi"."meal_aid_noted", "banyuwangi"."meal_month_noted" FROM PUBLIC;
