-- What other controllers say to the registry: civil events of population, received once, in population's order, and followed by officers' changes.
CREATE TABLE "welfare"."population_event" (
	"id" uuid PRIMARY KEY NOT NULL,
	"position" bigint NOT NULL,
	"kind" text NOT NULL,
	"occurred_on" date NOT NULL,
	"says" jsonb NOT NULL,
	"attestation" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"region" text collate "C" NOT NULL,
	"state" text DEFAULT 'NEW' NOT NULL,
	CONSTRAINT "population_event_position_unique" UNIQUE("position"),
	CONSTRAINT "population_event_kind" CHECK (kind in ('BIRTH', 'DEATH', 'MOVE', 'MARRIAGE', 'DIVORCE', 'SPLIT', 'MERGE', 'CORRECTION')),
	CONSTRAINT "population_event_state" CHECK (state in ('NEW', 'PROPOSED', 'APPLIED', 'IGNORED'))
);
--> statement-breakpoint
ALTER TABLE "welfare"."population_event" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE INDEX "population_event_waiting" ON "welfare"."population_event" ("position") WHERE state = 'NEW';
--> statement-breakpoint
CREATE INDEX "population_event_region" ON "welfare"."population_event" ("region","position");
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."population_event" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or null::uuid = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."population_event" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_receives" ON "welfare"."population_event" FOR INSERT TO "hub_welfare" WITH CHECK ((current_setting('hub.agency')::text[])[1] = 'SIKS_NG' and welfare.officer() is null and welfare.citizen() is null);
--> statement-breakpoint
CREATE POLICY "hub_welfare_handles" ON "welfare"."population_event" FOR UPDATE TO "hub_welfare" USING (region ^@ any ((select welfare.duty_regions())::text[])) WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_handles" ON "welfare"."population_event" FOR UPDATE TO "hub_welfare_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."population_event" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE FUNCTION "welfare"."population_event_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'NEW' THEN RAISE EXCEPTION 'an event comes in as NEW' USING ERRCODE = 'HB001'; END IF;
    IF NEW.position <= (SELECT max(e.position) FROM welfare.population_event e)
    THEN RAISE EXCEPTION 'a later event has come in before' USING ERRCODE = 'HB001'; END IF; -- an old death cannot be played after it was taken back
    NEW.received_at := welfare.moment();
  ELSIF (NEW.id, NEW.position, NEW.kind, NEW.occurred_on, NEW.says, NEW.attestation, NEW.received_at, NEW.region)
    IS DISTINCT FROM (OLD.id, OLD.position, OLD.kind, OLD.occurred_on, OLD.says, OLD.attestation, OLD.received_at, OLD.region)
  THEN RAISE EXCEPTION 'an event that came in stays as it is' USING ERRCODE = 'HB001';
  ELSIF OLD.state <> NEW.state AND NOT (OLD.state = 'NEW' OR (OLD.state = 'PROPOSED' AND NEW.state IN ('NEW', 'APPLIED', 'IGNORED')))
  THEN RAISE EXCEPTION 'an event that is % does not become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "population_event_rules" BEFORE INSERT OR UPDATE ON "welfare"."population_event" FOR EACH ROW EXECUTE FUNCTION "welfare"."population_event_rules"();
--> statement-breakpoint
CREATE TRIGGER "population_event_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."population_event" EXECUTE FUNCTION "welfare"."refuse"('what another controller said stays');
--> statement-breakpoint
-- A death that population attests needs no proposal: members matched to the person are deceased from its day on, and alive again when population takes it
-- back. Everything else waits for a change that an officer proposes and another approves.
CREATE FUNCTION "welfare"."follow_death"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  told text := current_setting('hub.effective_on', true);
  died uuid[] := array(SELECT (p->>'id')::uuid FROM jsonb_array_elements(NEW.says->'persons') p WHERE NEW.kind = 'DEATH' AND p->>'role' = 'DECEASED');
  revived uuid[] := array(SELECT (p->>'id')::uuid FROM jsonb_array_elements(NEW.says->'persons') p WHERE NEW.kind = 'CORRECTION' AND p->>'role' = 'REVIVED');
BEGIN
  PERFORM set_config('hub.effective_on', least(NEW.occurred_on, (welfare.moment() at time zone 'Asia/Jakarta')::date)::text, true),
    set_config('hub.actor', 'POPULATION', true), set_config('hub.reason', 'CIVIL_EVENT ' || NEW.id, true);
  UPDATE welfare.member m SET state = 'DECEASED' WHERE m.person_id = ANY (died) AND m.state IN ('ACTIVE', 'DORMANT');
  UPDATE welfare.member m SET state = 'ACTIVE' WHERE m.person_id = ANY (revived) AND m.state = 'DECEASED';
  PERFORM set_config('hub.effective_on', coalesce(told, ''), true), set_config('hub.actor', '', true), set_config('hub.reason', '', true);
  RETURN NULL;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."follow_death" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "population_event_follow_death" AFTER INSERT ON "welfare"."population_event" FOR EACH ROW WHEN (NEW.kind IN ('DEATH', 'CORRECTION')) EXECUTE FUNCTION "welfare"."follow_death"();
--> statement-breakpoint
GRANT SELECT, INSERT ON "welfare"."population_event" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("state") ON "welfare"."population_event" TO "hub_welfare", "hub_welfare_jobs";
--> statement-breakpoint
GRANT SELECT ON "welfare"."population_event" TO "hub_welfare_jobs";
--> statement-breakpoint
-- Claims that wait for population are few among many: the courier asks for them each second.
CREATE INDEX "member_to_validate" ON "welfare"."member" ("household_id", "id") WHERE match_status = 'NOT_YET_MATCHED' AND state = 'ACTIVE';
