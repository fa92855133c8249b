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
-- deaths and their corrections by whom they are about
CREATE INDEX "population_event_deaths" ON "welfare"."population_event" USING gin ((says -> 'persons') jsonb_path_ops) WHERE kind in ('DEATH', 'CORRECTION');
--> statement-breakpoint
-- finds who died, by person
CREATE INDEX "population_event_persons" ON "welfare"."population_event" USING gin (("says" -> 'persons') jsonb_path_ops) WHERE kind IN ('DEATH', 'CORRECTION');
--> statement-breakpoint
CREATE INDEX "population_event_region" ON "welfare"."population_event" ("region","position");
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."population_event" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or null::uuid = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."population_event" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_receives" ON "welfare"."population_event" FOR INSERT TO "hub_welfare" WITH CHECK ((current_setting('hub.agency')::text[])[1] = 'SIKS_NG' and welfare.officer() is null and welfare.citizen() is null);
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."population_event" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Whether the last that population said of a person's death is that they died.
CREATE FUNCTION "welfare"."is_attested_dead"(person uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT e.kind = 'DEATH' FROM welfare.population_event e WHERE e.kind IN ('DEATH', 'CORRECTION')
    AND (e.says -> 'persons' @> jsonb_build_array(jsonb_build_object('id', $1, 'role', 'DECEASED'))
      OR e.says -> 'persons' @> jsonb_build_array(jsonb_build_object('id', $1, 'role', 'REVIVED')))
    ORDER BY e.position DESC LIMIT 1), false)
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."is_attested_dead" FROM PUBLIC;
--> statement-breakpoint
CREATE FUNCTION "welfare"."population_event_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'NEW' THEN RAISE EXCEPTION 'an event comes in as NEW' USING ERRCODE = 'HB001'; END IF;
    -- an old death cannot be played after it was taken back, and none be kept back while later events come in
    IF session_user <> 'hub_welfare_owner' AND NEW.position <> coalesce((SELECT max(e.position) FROM welfare.population_event e), 0) + 1
    THEN RAISE EXCEPTION 'events come in one behind the other' USING ERRCODE = 'HB001'; END IF;
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
-- Whether population took the death of an event back by a later one.
CREATE FUNCTION "welfare"."death_is_taken_back"(event uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM welfare.population_event d JOIN welfare.population_event c ON c.kind = 'CORRECTION' AND c.position > d.position,
    jsonb_array_elements(d.says->'persons') died, jsonb_array_elements(c.says->'persons') lives
    WHERE d.id = event AND d.kind = 'DEATH' AND died->>'role' = 'DECEASED' AND lives->>'role' = 'REVIVED' AND died->>'id' = lives->>'id')
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."death_is_taken_back" FROM PUBLIC;
--> statement-breakpoint
-- A death that population attests needs no proposal: members matched to the person are deceased from its day on, and alive again when population takes it
-- back (asleep where they slept before). What was drafted upon it goes with it. Everything else waits for a change that one officer proposes, another approves.
CREATE FUNCTION "welfare"."follow_death"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  told text := current_setting('hub.effective_on', true);
  died uuid[] := array(SELECT (p->>'id')::uuid FROM jsonb_array_elements(NEW.says->'persons') p WHERE NEW.kind = 'DEATH' AND p->>'role' = 'DECEASED');
  revived uuid[] := array(SELECT (p->>'id')::uuid FROM jsonb_array_elements(NEW.says->'persons') p WHERE NEW.kind = 'CORRECTION' AND p->>'role' = 'REVIVED');
BEGIN
  PERFORM set_config('hub.effective_on', least(NEW.occurred_on, (welfare.moment() at time zone 'Asia/Jakarta')::date)::text, true),
    set_config('hub.actor', 'POPULATION', true), set_config('hub.reason', 'CIVIL_EVENT ' || NEW.id, true);
  UPDATE welfare.member m SET state = 'DECEASED' WHERE m.person_id = ANY (died) AND m.state IN ('ACTIVE', 'DORMANT');
  -- who slept sleeps on
  UPDATE welfare.member m SET state = CASE WHEN (SELECT t.from_state FROM welfare.transition t WHERE t.subject_kind = 'MEMBER' AND t.subject_id = m.id
    AND t.to_state = 'DECEASED' ORDER BY t.id DESC LIMIT 1) = 'DORMANT' THEN 'DORMANT' ELSE 'ACTIVE' END::welfare.member_state
  WHERE m.person_id = ANY (revived) AND m.state = 'DECEASED';
  UPDATE welfare.change_request c SET state = 'WITHDRAWN', reason = 'the death was taken back'
  WHERE c.person_id = ANY (revived) AND c.state IN ('DRAFT', 'SUBMITTED') AND welfare.death_is_taken_back(c.event_id);
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
GRANT SELECT ON "welfare"."population_event" TO "hub_welfare_jobs";
--> statement-breakpoint
-- Claims that wait for population are few among many: the courier asks for them each second.
CREATE INDEX "member_to_validate" ON "welfare"."member" ("household_id", "id") WHERE match_status = 'NOT_YET_MATCHED' AND state = 'ACTIVE';
