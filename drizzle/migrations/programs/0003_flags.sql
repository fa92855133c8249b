-- A death that population attests flags enrolments and holds what is still to be paid, at once; a death taken back lifts both. Nothing else changes.
ALTER TABLE "programs"."enrolment" ADD COLUMN "flag" text, ADD COLUMN "flagged_since" date;
--> statement-breakpoint
ALTER TABLE "programs"."enrolment" ADD CONSTRAINT "enrolment_flag" CHECK (flag in ('DECEASED') and flagged_since is not null or flag is null and flagged_since is null);
--> statement-breakpoint
ALTER TABLE "programs"."payment_period" ADD COLUMN "held_for" text;
--> statement-breakpoint
ALTER TABLE "programs"."payment_period" ADD CONSTRAINT "payment_period_held" CHECK (held_for in ('DECEASED'));
--> statement-breakpoint
CREATE TABLE "programs"."population_event" (
	"id" uuid PRIMARY KEY NOT NULL,
	"position" bigint NOT NULL,
	"person_id" uuid,
	"died_on" date,
	"is_alive" boolean,
	"attestation" text,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "population_event_position_unique" UNIQUE("position"),
	CONSTRAINT "population_event_death" CHECK (num_nonnulls(person_id, died_on, is_alive, attestation) in (0, 4))
);
--> statement-breakpoint
ALTER TABLE "programs"."population_event" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_knows" ON "programs"."population_event" FOR SELECT TO "hub_programs" USING ((current_setting('hub.agency')::text[])[1] = 'SIKS_NG');
--> statement-breakpoint
CREATE POLICY "hub_programs_receives" ON "programs"."population_event" FOR INSERT TO "hub_programs" WITH CHECK ((current_setting('hub.agency')::text[])[1] = 'SIKS_NG');
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."population_event" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Events come in population's order, one behind the other: an old death cannot be played after it was taken back, and none be kept back while later
-- events come in. Of what is no death the place is kept and nothing else.
CREATE FUNCTION "programs"."population_event_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN RAISE EXCEPTION 'what another controller said stays' USING ERRCODE = 'HB001'; END IF;
  IF session_user <> 'hub_programs_owner' AND NEW.position <> coalesce((SELECT max(e.position) FROM programs.population_event e), 0) + 1
  THEN RAISE EXCEPTION 'events come in one behind the other' USING ERRCODE = 'HB001'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "population_event_rules" BEFORE INSERT OR UPDATE OR DELETE ON "programs"."population_event" FOR EACH ROW EXECUTE FUNCTION "programs"."population_event_rules"();
--> statement-breakpoint
CREATE FUNCTION "programs"."follow_death"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE programs.enrolment e SET flag = CASE WHEN NEW.is_alive THEN NULL ELSE 'DECEASED' END, flagged_since = CASE WHEN NEW.is_alive THEN NULL ELSE NEW.died_on END
    WHERE e.person_id = NEW.person_id AND (NEW.is_alive OR e.ended_on IS NULL OR e.ended_on > NEW.died_on);
  UPDATE programs.payment_period p SET held_for = CASE WHEN NEW.is_alive THEN NULL ELSE 'DECEASED' END
    WHERE p.person_id = NEW.person_id AND p.starts_on > NEW.died_on
      AND p.state IN ('ACCOUNT_CHECK', 'ACCOUNT_CHECK_FAILED', 'ORDER_PENDING', 'ORDER_ISSUED', 'FUNDS_RELEASED');
  RETURN NULL;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."follow_death", "programs"."population_event_rules" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "population_event_follow_death" AFTER INSERT ON "programs"."population_event" FOR EACH ROW WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION "programs"."follow_death"();
--> statement-breakpoint
GRANT SELECT, INSERT ON "programs"."population_event" TO "hub_programs";
