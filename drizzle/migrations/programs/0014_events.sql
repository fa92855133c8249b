-- What changed in enrolments and payments, for partners who follow: ids and codes, never a datum of a person but whose row it is, which is not told.
CREATE TABLE "programs"."aid_event" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"seq" bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
	"position" bigint,
	"kind" text NOT NULL,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"enrolment_id" uuid NOT NULL,
	"payment_id" uuid,
	"period" text collate "C",
	"person_id" uuid NOT NULL,
	"code" text collate "C" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "aid_event_kind" CHECK (kind in ('ENROLMENT_CHANGED', 'PAYMENT_CHANGED')),
	CONSTRAINT "aid_event_payment" CHECK ((kind = 'PAYMENT_CHANGED') = (payment_id is not null) and (payment_id is null) = (period is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "aid_event_position" ON "programs"."aid_event" USING btree ("position");
--> statement-breakpoint
CREATE INDEX "aid_event_unplaced" ON "programs"."aid_event" USING btree ("seq") WHERE position is null;
--> statement-breakpoint
-- How far places are given and forgotten. One row.
CREATE TABLE "programs"."aid_event_head" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"position" bigint DEFAULT 0 NOT NULL,
	"forgotten" bigint DEFAULT 0 NOT NULL,
	"kept_days" integer DEFAULT 400 NOT NULL,
	CONSTRAINT "aid_event_head_one" CHECK (one),
	CONSTRAINT "aid_event_head_days" CHECK (kept_days >= 30)
);
--> statement-breakpoint
INSERT INTO "programs"."aid_event_head" DEFAULT VALUES;
--> statement-breakpoint
ALTER TABLE "programs"."aid_event" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."aid_event" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (kind = 'ENROLMENT_CHANGED' or (select programs.bank()) is null));
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."aid_event" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT ON "programs"."aid_event", "programs"."aid_event_head" TO "hub_programs";
--> statement-breakpoint
-- Tells the changes of one statement, however many rows it had. An update that leaves the state alone tells nothing. No nested loops: the plan is kept from the
-- session's first change, which may have been of one row, and this one of 50,000.
CREATE FUNCTION "programs"."tell_enrolments"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO programs.aid_event (kind, program, region, enrolment_id, person_id, code, at)
    SELECT 'ENROLMENT_CHANGED', n.program, n.region, n.id, n.person_id, n.state::text, (SELECT programs.moment()) FROM now_so n;
  ELSE
    INSERT INTO programs.aid_event (kind, program, region, enrolment_id, person_id, code, at)
    SELECT 'ENROLMENT_CHANGED', n.program, n.region, n.id, n.person_id, n.state::text, (SELECT programs.moment())
    FROM now_so n JOIN before o ON o.id = n.id AND o.person_id = n.person_id WHERE o.state <> n.state;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."tell_payments"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO programs.aid_event (kind, program, region, enrolment_id, payment_id, period, person_id, code, at)
    SELECT 'PAYMENT_CHANGED', n.program, n.region, n.enrolment_id, n.id, n.period, n.person_id, n.state::text, (SELECT programs.moment()) FROM now_so n;
  ELSE
    INSERT INTO programs.aid_event (kind, program, region, enrolment_id, payment_id, period, person_id, code, at)
    SELECT 'PAYMENT_CHANGED', n.program, n.region, n.enrolment_id, n.id, n.period, n.person_id, n.state::text, (SELECT programs.moment())
    FROM now_so n JOIN before o ON o.id = n.id AND o.person_id = n.person_id WHERE o.state <> n.state;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."tell_enrolments", "programs"."tell_payments" FROM PUBLIC;
--> statement-breakpoint
-- What the owner loads (the synthetic population, imports) is no news.
CREATE TRIGGER "enrolment_begins_told" AFTER INSERT ON "programs"."enrolment" REFERENCING NEW TABLE AS now_so FOR EACH STATEMENT
  WHEN (session_user <> 'hub_programs_owner') EXECUTE FUNCTION "programs"."tell_enrolments"();
--> statement-breakpoint
CREATE TRIGGER "enrolment_changes_told" AFTER UPDATE ON "programs"."enrolment" REFERENCING OLD TABLE AS before NEW TABLE AS now_so FOR EACH STATEMENT
  WHEN (session_user <> 'hub_programs_owner') EXECUTE FUNCTION "programs"."tell_enrolments"();
--> statement-breakpoint
CREATE TRIGGER "payment_period_begins_told" AFTER INSERT ON "programs"."payment_period" REFERENCING NEW TABLE AS now_so FOR EACH STATEMENT
  WHEN (session_user <> 'hub_programs_owner') EXECUTE FUNCTION "programs"."tell_payments"();
--> statement-breakpoint
CREATE TRIGGER "payment_period_changes_told" AFTER UPDATE ON "programs"."payment_period" REFERENCING OLD TABLE AS before NEW TABLE AS now_so FOR EACH STATEMENT
  WHEN (session_user <> 'hub_programs_owner') EXECUTE FUNCTION "programs"."tell_payments"();
--> statement-breakpoint
-- Gives the next places to events whose transactions have committed, at most some at a time, and answers the last place given. Who looks for news calls it:
-- a place is given when everything before it has one, so whoever reads on from a place misses nothing. One numbers at a time.
CREATE FUNCTION "programs"."number_events"(most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last bigint := (SELECT h.position FROM programs.aid_event_head h);
  placed integer;
BEGIN
  IF NOT EXISTS (SELECT FROM programs.aid_event e WHERE e.position IS NULL) THEN RETURN last; END IF;
  SELECT h.position INTO last FROM programs.aid_event_head h FOR UPDATE;
  UPDATE programs.aid_event e SET position = last + w.n
  FROM (SELECT u.id, row_number() OVER (ORDER BY u.seq) AS n FROM (SELECT i.id, i.seq FROM programs.aid_event i WHERE i.position IS NULL ORDER BY i.seq LIMIT most) u) w
  WHERE e.id = w.id;
  GET DIAGNOSTICS placed = ROW_COUNT;
  UPDATE programs.aid_event_head SET position = last + placed;
  RETURN last + placed;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."number_events" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."number_events" TO "hub_programs";
--> statement-breakpoint
-- Forgets events older than they are kept, at most 100,000 a call; places stay taken. Answers how many.
CREATE FUNCTION "programs"."forget_events"(at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  from_here bigint := (SELECT h.forgotten FROM programs.aid_event_head h FOR UPDATE);
  up_to bigint := (SELECT max(o.position) FROM (SELECT e.position, e.at FROM programs.aid_event e WHERE e.position > from_here ORDER BY e.position LIMIT 100000) o,
    programs.aid_event_head h WHERE o.at < $1 - make_interval(days => h.kept_days));
  gone integer;
BEGIN
  IF up_to IS NULL THEN RETURN 0; END IF;
  DELETE FROM programs.aid_event e WHERE e.position <= up_to;
  GET DIAGNOSTICS gone = ROW_COUNT;
  UPDATE programs.aid_event_head SET forgotten = up_to;
  RETURN gone;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."forget_events" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."forget_events" TO "hub_programs_jobs";
