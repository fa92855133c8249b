-- Changes of family cards (KK): proposed by one officer, or by the data subject, previewed, approved by another, applied in one transaction.
CREATE TABLE "welfare"."change_request" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"event_id" uuid,
	"person_id" uuid,
	"household_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"effective_on" date NOT NULL,
	"card_number" text collate "C",
	"input" jsonb NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"made_by" text collate "C" NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"submitted_by" text collate "C",
	"decided_by" text collate "C",
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "change_request_kind" CHECK (kind in ('BIRTH', 'DEATH', 'MOVE', 'MARRIAGE', 'DIVORCE', 'SPLIT', 'MERGE', 'CORRECTION')),
	CONSTRAINT "change_request_source" CHECK (source in ('POPULATION_EVENT', 'NEW_CARD', 'PACKET')),
	CONSTRAINT "change_request_state" CHECK (state in ('DRAFT', 'SUBMITTED', 'APPROVED', 'APPLIED', 'REJECTED', 'WITHDRAWN')),
	CONSTRAINT "change_request_four_eyes" CHECK (decided_by <> submitted_by)
);
--> statement-breakpoint
CREATE INDEX "change_request_region" ON "welfare"."change_request" USING btree ("region","id");
--> statement-breakpoint
CREATE INDEX "change_request_person" ON "welfare"."change_request" USING btree ("person_id","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "change_request_event" ON "welfare"."change_request" USING btree ("event_id") WHERE state not in ('REJECTED', 'WITHDRAWN');
--> statement-breakpoint
-- What programs must know: ids only. Numbered under a lock, so that who reads on from a number misses nothing.
CREATE TABLE "welfare"."outbox" (
	"id" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"region" text collate "C" NOT NULL,
	"says" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "outbox_kind" CHECK (kind in ('FAMILY_CHANGED', 'MEMBER_DIED', 'MEMBER_REVIVED', 'NOT_ELIGIBLE', 'ELIGIBLE_AGAIN'))
);
--> statement-breakpoint
ALTER TABLE "welfare"."change_request" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."change_request" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."outbox" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."outbox" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."change_request" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_proposes" ON "welfare"."change_request" FOR INSERT TO "hub_welfare" WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_handles" ON "welfare"."change_request" FOR UPDATE TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen())) WITH CHECK (state in ('DRAFT', 'SUBMITTED', 'REJECTED', 'WITHDRAWN'));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."change_request" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."outbox" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or null::uuid = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."outbox" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT ON "welfare"."change_request", "welfare"."outbox" TO "hub_welfare", "hub_welfare_jobs";
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."change_request" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."outbox" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
GRANT INSERT ON "welfare"."change_request" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("effective_on", "card_number", "input", "state", "reason") ON "welfare"."change_request" TO "hub_welfare";
--> statement-breakpoint
-- Persons who stand in more than one family at a time (Kepmensos 150/HUK/2022): an import may bring them, a change may not. A row a standing entry.
CREATE VIEW "welfare"."overlap" WITH (security_invoker = true) AS
  SELECT m.person_id, m.id AS member_id, m.family_id, m.household_id, m.region FROM welfare.member m
  WHERE m.person_id IS NOT NULL AND m.state IN ('ACTIVE', 'DORMANT') AND EXISTS (SELECT FROM welfare.member o
    WHERE o.person_id = m.person_id AND o.state IN ('ACTIVE', 'DORMANT') AND o.family_id <> m.family_id);
--> statement-breakpoint
GRANT SELECT ON "welfare"."overlap" TO "hub_welfare", "hub_welfare_jobs";
--> statement-breakpoint
CREATE FUNCTION "welfare"."note_event"(kind text, region text, says jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('welfare.outbox'));
  INSERT INTO welfare.outbox (id, kind, region, says, at)
  SELECT coalesce(max(o.id), 0) + 1, $1, $2, $3, welfare.moment() FROM welfare.outbox o;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."note_event" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "outbox_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "welfare"."outbox" EXECUTE FUNCTION "welfare"."refuse"('what was said to programs stays');
--> statement-breakpoint
-- Who dies, or turns out to live, whoever says so: programs learn it.
CREATE FUNCTION "welfare"."member_died"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM welfare.note_event(CASE WHEN NEW.state = 'DECEASED' THEN 'MEMBER_DIED' ELSE 'MEMBER_REVIVED' END, NEW.region, jsonb_build_object(
    'on', welfare.effective_on(), 'members', jsonb_build_array(NEW.id), 'families', jsonb_build_array(NEW.family_id),
    'persons', CASE WHEN NEW.person_id IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(NEW.person_id) END));
  RETURN NULL;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."member_died" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "member_died" AFTER UPDATE OF "state" ON "welfare"."member" FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND (NEW.state = 'DECEASED' OR (OLD.state = 'DECEASED' AND NEW.state IN ('ACTIVE', 'DORMANT')))) EXECUTE FUNCTION "welfare"."member_died"();
--> statement-breakpoint
-- Whether a change is about whom a civil event names, and happens in the household it was drafted for: a draft is completed, never turned onto others.
CREATE FUNCTION "welfare"."follows_event"(event uuid, household uuid, change jsonb) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  named uuid[] := array(SELECT (v #>> '{}')::uuid FROM unnest(array['$.memberId', '$.memberIds[*]', '$.childIds[*]', '$.movers[*].memberId', '$.relations[*].memberId']::jsonpath[]) p,
    jsonb_path_query(change, p) v WHERE jsonb_typeof(v) = 'string');
  own uuid := (change->>'familyId')::uuid;
BEGIN
  RETURN NOT EXISTS (SELECT FROM unnest(named) n WHERE NOT EXISTS (SELECT FROM welfare.member m
      JOIN welfare.population_event e ON e.says->'persons' @> jsonb_build_array(jsonb_build_object('id', m.person_id)) WHERE m.id = n AND e.id = event))
    AND (named = '{}' OR EXISTS (SELECT FROM welfare.member m WHERE m.id = ANY (named) AND m.household_id = household))
    AND (own IS NULL OR EXISTS (SELECT FROM welfare.family f WHERE f.id = own AND f.household_id = household));
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."follows_event" FROM PUBLIC;
--> statement-breakpoint
-- Who may do what with a change, and what follows what. Approving is apply_change's: the role of the slice cannot write that state.
CREATE FUNCTION "welfare"."change_request_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  is_citizen boolean := welfare.citizen() IS NOT NULL;
  lives boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT h.region INTO NEW.region FROM welfare.household h WHERE h.id = NEW.household_id;
    IF NOT FOUND THEN RAISE EXCEPTION 'there is no such household' USING ERRCODE = 'HB003'; END IF;
    NEW.version := 1; NEW.decided_by := null; NEW.made_by := welfare.actor(); NEW.made_at := welfare.moment();
    NEW.submitted_by := CASE WHEN NEW.state = 'SUBMITTED' THEN NEW.made_by END;
    IF session_user <> 'hub_welfare' THEN RETURN NEW; END IF;
    IF NEW.state NOT IN ('DRAFT', 'SUBMITTED') OR NEW.source = 'POPULATION_EVENT' OR NEW.event_id IS NOT NULL THEN
      RAISE EXCEPTION 'a change begins as a draft or submitted, and a civil event drafts its own' USING ERRCODE = 'HB001';
    END IF;
    IF is_citizen THEN
      SELECT EXISTS (SELECT FROM welfare.member m WHERE m.household_id = NEW.household_id AND m.person_id = welfare.citizen() AND m.state IN ('ACTIVE', 'DORMANT')) INTO lives;
      IF NOT lives OR NEW.source <> 'NEW_CARD' OR NEW.state <> 'SUBMITTED' OR NEW.person_id IS DISTINCT FROM welfare.citizen() THEN
        RAISE EXCEPTION 'a data subject brings the new card of their own household' USING ERRCODE = 'HB002';
      END IF;
    ELSE PERFORM welfare.require_duty(array['VILLAGE_OPERATOR'], NEW.region, 'proposing a change of a family card');
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.kind, NEW.source, NEW.event_id, NEW.person_id, NEW.household_id, NEW.region, NEW.made_by, NEW.made_at)
    IS DISTINCT FROM (OLD.id, OLD.kind, OLD.source, OLD.event_id, OLD.person_id, OLD.household_id, OLD.region, OLD.made_by, OLD.made_at)
    OR (OLD.state <> 'DRAFT' AND (NEW.effective_on, NEW.card_number, NEW.input) IS DISTINCT FROM (OLD.effective_on, OLD.card_number, OLD.input))
  THEN RAISE EXCEPTION 'a change that was submitted stays what it is' USING ERRCODE = 'HB001'; END IF;
  NEW.version := OLD.version + 1; NEW.submitted_by := OLD.submitted_by; NEW.decided_by := OLD.decided_by;
  IF (OLD.state, NEW.state) IN (('DRAFT', 'DRAFT'), ('DRAFT', 'SUBMITTED')) THEN
    PERFORM welfare.require_duty(array['VILLAGE_OPERATOR'], OLD.region, 'submitting a change of a family card');
    IF NEW.event_id IS NOT NULL AND NOT welfare.follows_event(NEW.event_id, NEW.household_id, NEW.input) THEN
      RAISE EXCEPTION 'change: names members whom the civil event does not name, or another family than it was drafted for' USING ERRCODE = 'HB003';
    END IF;
    IF NEW.state = 'SUBMITTED' THEN NEW.submitted_by := welfare.officer(); END IF;
  ELSIF (OLD.state, NEW.state) IN (('DRAFT', 'WITHDRAWN'), ('SUBMITTED', 'WITHDRAWN')) THEN
    IF OLD.event_id IS NOT NULL AND welfare.death_is_taken_back(OLD.event_id) THEN RETURN NEW; END IF;
    IF is_citizen AND OLD.submitted_by IS DISTINCT FROM 'CITIZEN' OR NOT is_citizen AND OLD.submitted_by <> welfare.actor() THEN
      RAISE EXCEPTION 'whoever submitted a change withdraws it' USING ERRCODE = 'HB002';
    ELSIF NOT is_citizen THEN PERFORM welfare.require_duty(array['VILLAGE_OPERATOR'], OLD.region, 'withdrawing a change of a family card');
    END IF;
  ELSIF (OLD.state, NEW.state) IN (('SUBMITTED', 'APPROVED'), ('SUBMITTED', 'REJECTED')) THEN
    PERFORM welfare.require_duty(array['VERIFIER'], OLD.region, 'deciding on a change of a family card');
    IF welfare.officer() IN (OLD.submitted_by, OLD.made_by) THEN
      RAISE EXCEPTION 'nobody decides on what they submitted themself' USING ERRCODE = 'HB002';
    END IF;
    NEW.decided_by := welfare.officer();
    IF NEW.state = 'REJECTED' AND coalesce(btrim(NEW.reason), '') = '' THEN
      RAISE EXCEPTION 'a rejection says why' USING ERRCODE = 'HB003';
    END IF;
  ELSIF (OLD.state, NEW.state) <> ('APPROVED', 'APPLIED') THEN
    RAISE EXCEPTION 'a change that is % does not become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."change_request_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE from_state text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END;
BEGIN
  PERFORM welfare.note_transition('CHANGE_REQUEST', NEW.id, NEW.person_id, NEW.region, CASE NEW.state WHEN 'DRAFT' THEN 'DRAFT' WHEN 'SUBMITTED' THEN 'SUBMIT'
    WHEN 'APPROVED' THEN 'APPROVE' WHEN 'APPLIED' THEN 'APPLY' WHEN 'REJECTED' THEN 'REJECT' ELSE 'WITHDRAW' END, from_state, NEW.state, NEW.reason);
  IF NEW.event_id IS NOT NULL AND NEW.state IN ('APPLIED', 'REJECTED', 'WITHDRAWN') THEN
    UPDATE welfare.population_event e SET state = CASE NEW.state WHEN 'APPLIED' THEN 'APPLIED' ELSE 'IGNORED' END WHERE e.id = NEW.event_id AND e.state = 'PROPOSED';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."change_request_rules" FROM PUBLIC;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."change_request_noted" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "change_request_rules" BEFORE INSERT OR UPDATE ON "welfare"."change_request" FOR EACH ROW EXECUTE FUNCTION "welfare"."change_request_rules"();
--> statement-breakpoint
CREATE TRIGGER "change_request_noted" AFTER INSERT OR UPDATE ON "welfare"."change_request" FOR EACH ROW EXECUTE FUNCTION "welfare"."change_request_noted"();
--> statement-breakpoint
CREATE TRIGGER "change_request_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."change_request" EXECUTE FUNCTION "welfare"."refuse"('a change is withdrawn or rejected, never deleted');
--> statement-breakpoint
-- Makes changes of the same households follow one another until the transaction ends: what is planned is what is there.
CREATE FUNCTION "welfare"."hold_households"(ids uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN PERFORM FROM welfare.household h WHERE h.id = ANY (ids) ORDER BY h.id FOR UPDATE; END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."hold_households" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."hold_households" TO "hub_welfare";
--> statement-breakpoint
-- Writes a plan (changes/preview/plan.ts), word by word: new rows, the ends of those they come from, what changes in those that stay. `founded`,
-- `entered` and `amended` are the lists of the plan.
CREATE FUNCTION "welfare"."write_plan"(plan jsonb, reason text, day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO welfare.household (id, region, address)
  SELECT h.id, h.region, h.address FROM jsonb_to_recordset(plan->'homes') AS h (id uuid, region text, address text);
  INSERT INTO welfare.family (id, household_id, registry_number, number_in_household, region, household_decile)
  SELECT f.id, h.id, f."registryNumber", f."numberInHousehold", h.region, h.decile
  FROM jsonb_to_recordset(plan->'families') AS f (id uuid, "householdId" uuid, "registryNumber" text, "numberInHousehold" smallint)
  JOIN welfare.household h ON h.id = f."householdId";
  INSERT INTO welfare.member (id, household_id, family_id, suffix, relation, match_status, person_id, claimed_name, claimed_nik, state, region, household_decile)
  SELECT e.id, h.id, e."familyId", e.suffix, e.relation::welfare.family_relation, coalesce(m.match_status, 'NOT_YET_MATCHED'), m.person_id,
    coalesce(m.claimed_name, e.born->>'name'), coalesce(m.claimed_nik, e.born->>'nik'), coalesce(m.state, 'ACTIVE'), h.region, h.decile
  FROM jsonb_to_recordset(plan->'entries') AS e (id uuid, "householdId" uuid, "familyId" uuid, suffix text, relation text, "fromMemberId" uuid, born jsonb)
  JOIN welfare.household h ON h.id = e."householdId" LEFT JOIN welfare.member m ON m.id = e."fromMemberId";
  INSERT INTO welfare.member_lineage (member_id, from_member_id, household_id, reason, moved_on)
  SELECT e.id, e."fromMemberId", e."householdId", reason, day
  FROM jsonb_to_recordset(plan->'entries') AS e (id uuid, "householdId" uuid, "fromMemberId" uuid) WHERE e."fromMemberId" IS NOT NULL;
  -- needs, what is on record of them and numbers of other registers go along: what ends for the person ends for good, and counts once
  UPDATE welfare.need n SET member_id = m.id, region = m.region
  FROM jsonb_to_recordset(plan->'entries') AS e (id uuid, "fromMemberId" uuid) JOIN welfare.member m ON m.id = e.id WHERE n.member_id = e."fromMemberId";
  UPDATE welfare.ppks_status p SET member_id = m.id, household_id = m.household_id, region = m.region, household_decile = m.household_decile
  FROM jsonb_to_recordset(plan->'entries') AS e (id uuid, "fromMemberId" uuid) JOIN welfare.member m ON m.id = e.id WHERE p.member_id = e."fromMemberId";
  UPDATE welfare.external_id x SET member_id = m.id, household_id = m.household_id
  FROM jsonb_to_recordset(plan->'entries') AS e (id uuid, "fromMemberId" uuid) JOIN welfare.member m ON m.id = e.id WHERE x.member_id = e."fromMemberId";
  UPDATE welfare.member m SET state = 'MERGED'
  FROM jsonb_to_recordset(plan->'entries') AS e ("fromMemberId" uuid) WHERE m.id = e."fromMemberId";
  UPDATE welfare.household h SET region = r.region, address = r.address
  FROM jsonb_to_recordset(plan->'relocations') AS r ("householdId" uuid, region text, address text) WHERE h.id = r."householdId";
  UPDATE welfare.family f SET region = r.region FROM jsonb_to_recordset(plan->'relocations') AS r ("householdId" uuid, region text) WHERE f.household_id = r."householdId";
  UPDATE welfare.member m SET region = r.region FROM jsonb_to_recordset(plan->'relocations') AS r ("householdId" uuid, region text) WHERE m.household_id = r."householdId";
  UPDATE welfare.ranking k SET region = r.region FROM jsonb_to_recordset(plan->'relocations') AS r ("householdId" uuid, region text) WHERE k.household_id = r."householdId";
  UPDATE welfare.need n SET region = r.region FROM jsonb_to_recordset(plan->'relocations') AS r ("householdId" uuid, region text)
  JOIN welfare.member m ON m.household_id = r."householdId" WHERE m.id = n.member_id;
  UPDATE welfare.ppks_status p SET region = r.region FROM jsonb_to_recordset(plan->'relocations') AS r ("householdId" uuid, region text) WHERE p.household_id = r."householdId";
  UPDATE welfare.member m SET relation = coalesce(a.relation::welfare.family_relation, m.relation), state = coalesce(a.state::welfare.member_state, m.state),
    claimed_name = coalesce(a.name, m.claimed_name), claimed_nik = coalesce(a.nik, m.claimed_nik)
  FROM jsonb_to_recordset(plan->'amendments') AS a ("memberId" uuid, relation text, state text, name text, nik text) WHERE m.id = a."memberId";
  UPDATE welfare.family f SET claimed_card_number = plan->'card'->>'number', family_card_id = null
  WHERE f.id = (plan->'card'->>'familyId')::uuid AND f.claimed_card_number IS DISTINCT FROM plan->'card'->>'number';
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."write_plan" FROM PUBLIC;
--> statement-breakpoint
-- Approves a change that was submitted and writes its plan, at once. False: it is not at this version any more. The officer is a VERIFIER on duty over
-- every household that is touched and every region somebody moves to, and not who submitted it; afterwards each family touched has one head, and nobody who
-- came stands in two.
CREATE FUNCTION "welfare"."apply_change"(request uuid, seen integer, plan jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r welfare.change_request;
  home welfare.household;
  place text;
  rows uuid[];
  families uuid[];
BEGIN
  SELECT c.* INTO r FROM welfare.change_request c WHERE c.id = request FOR UPDATE;
  IF NOT FOUND OR r.version <> seen THEN RETURN false; END IF;
  UPDATE welfare.change_request c SET state = 'APPROVED' WHERE c.id = request;
  rows := array(SELECT (e->>'fromMemberId')::uuid FROM jsonb_array_elements(plan->'entries') e WHERE e->>'fromMemberId' IS NOT NULL
    UNION SELECT (a->>'memberId')::uuid FROM jsonb_array_elements(plan->'amendments') a);
  families := array(SELECT m.family_id FROM welfare.member m WHERE m.id = ANY (rows)
    UNION SELECT (e->>'familyId')::uuid FROM jsonb_array_elements(plan->'entries') e);
  FOR home IN SELECT h.* FROM welfare.household h WHERE h.id = r.household_id
    OR h.id IN (SELECT (x->>'householdId')::uuid FROM jsonb_array_elements(plan->'entries' || (plan->'relocations') || (plan->'families')) x)
    OR h.id IN (SELECT m.household_id FROM welfare.member m WHERE m.id = ANY (rows)) ORDER BY h.id FOR UPDATE
  LOOP PERFORM welfare.require_duty(array['VERIFIER'], home.region, 'changing a family card'); END LOOP;
  FOR place IN SELECT DISTINCT x->>'region' FROM jsonb_array_elements((plan->'homes') || (plan->'relocations')) x
  LOOP PERFORM welfare.require_duty(array['VERIFIER'], place, 'a move to where they go'); END LOOP;
  IF r.event_id IS NOT NULL AND NOT welfare.follows_event(r.event_id, r.household_id, r.input || jsonb_build_object('movers', (SELECT
    coalesce(jsonb_agg(jsonb_build_object('memberId', e->>'fromMemberId')) FILTER (WHERE e->>'fromMemberId' IS NOT NULL), '[]') FROM jsonb_array_elements(plan->'entries') e)))
  THEN RAISE EXCEPTION 'what a civil event drafted moves whom the event names alone' USING ERRCODE = 'HB003'; END IF;
  PERFORM set_config('hub.effective_on', r.effective_on::text, true), set_config('hub.reason', r.source || ' ' || r.kind, true);
  PERFORM welfare.write_plan(plan, r.kind, r.effective_on);
  IF EXISTS (SELECT FROM welfare.member m WHERE m.family_id = ANY (families) AND m.state IN ('ACTIVE', 'DORMANT')
    GROUP BY m.family_id HAVING count(*) FILTER (WHERE m.relation = 'HEAD') <> 1)
  THEN RAISE EXCEPTION 'a family has one head' USING ERRCODE = 'HB001'; END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements(plan->'entries') e JOIN welfare.overlap o ON o.member_id = (e->>'id')::uuid) THEN
    RAISE EXCEPTION 'one of them stands in another family at the same time: the duplicate is repaired first' USING ERRCODE = 'HB001';
  END IF;
  PERFORM welfare.note_event('FAMILY_CHANGED', r.region, jsonb_build_object('on', r.effective_on, 'families', to_jsonb(families), 'members', to_jsonb(rows || array(SELECT (e->>'id')::uuid FROM jsonb_array_elements(plan->'entries') e)),
    'persons', to_jsonb(array(SELECT DISTINCT m.person_id FROM welfare.member m WHERE m.family_id = ANY (families) AND m.person_id IS NOT NULL))));
  UPDATE welfare.change_request c SET state = 'APPLIED' WHERE c.id = request;
  RETURN true;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."apply_change" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."apply_change" TO "hub_welfare";
--> statement-breakpoint
-- A draft for each civil event that has come in and touches somebody in the registry; the others are done with. At most 500 at once; how many were seen.
CREATE FUNCTION "welfare"."draft_changes"(at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  e record;
  ids uuid[];
  homes uuid[];
  goes_to uuid;
  place jsonb;
  is_whole boolean;
  told text := current_setting('hub.actor', true);
  seen integer := 0;
BEGIN
  PERFORM set_config('hub.now', at::text, true), set_config('hub.actor', 'REGISTRY', true);
  FOR e IN SELECT v.* FROM welfare.population_event v WHERE v.state = 'NEW' ORDER BY v.position LIMIT 500 FOR UPDATE SKIP LOCKED LOOP
    seen := seen + 1;
    SELECT array_agg(m.id ORDER BY p.ord, m.id), array_agg(m.household_id ORDER BY p.ord, m.id) INTO ids, homes
    FROM jsonb_array_elements(e.says->'persons') WITH ORDINALITY AS p (one, ord) JOIN welfare.member m ON m.person_id = (p.one->>'id')::uuid
    WHERE CASE e.kind WHEN 'DEATH' THEN m.state = 'DECEASED' ELSE m.state IN ('ACTIVE', 'DORMANT') END;
    SELECT f.id INTO goes_to FROM welfare.family f WHERE f.family_card_id = (e.says->>'toCardId')::uuid
      AND (e.kind = 'MARRIAGE' OR NOT EXISTS (SELECT FROM welfare.member m WHERE m.family_id = f.id AND m.id = ANY (ids))) LIMIT 1;
    is_whole := NOT EXISTS (SELECT FROM welfare.member m WHERE m.state IN ('ACTIVE', 'DORMANT') AND m.id <> ALL (ids)
      AND m.family_id = (SELECT f.family_id FROM welfare.member f WHERE f.id = ids[1]));
    place := CASE WHEN goes_to IS NOT NULL THEN jsonb_build_object('familyId', goes_to)
      WHEN e.kind = 'MOVE' THEN jsonb_build_object('region', e.says->>'toRegion') ELSE '{"here": true}'::jsonb END;
    IF ids IS NULL OR e.kind = 'CORRECTION' OR (e.kind = 'DEATH' AND NOT EXISTS (SELECT FROM welfare.member h JOIN welfare.member o ON o.family_id = h.family_id
      WHERE h.id = ANY (ids) AND h.relation = 'HEAD' AND o.state IN ('ACTIVE', 'DORMANT')))
    THEN
      -- a death, or a death taken back, is written when it comes in: only a family without a head waits for an officer
      UPDATE welfare.population_event v SET state = CASE WHEN e.kind IN ('DEATH', 'CORRECTION') AND ids IS NOT NULL THEN 'APPLIED' ELSE 'IGNORED' END WHERE v.id = e.id;
      CONTINUE;
    END IF;
    INSERT INTO welfare.change_request (id, kind, source, event_id, person_id, household_id, region, effective_on, input, state, made_by, made_at)
    SELECT gen_random_uuid(), k.kind, 'POPULATION_EVENT', e.id, m.person_id, m.household_id, m.region, e.occurred_on, jsonb_build_object('kind', k.kind) || CASE k.kind
      WHEN 'BIRTH' THEN jsonb_build_object('familyId', m.family_id, 'birthDate', e.occurred_on, 'relation', 'CHILD', 'nik', null)
      WHEN 'DEATH' THEN jsonb_build_object('memberId', m.id)
      WHEN 'MARRIAGE' THEN jsonb_build_object('memberIds', to_jsonb(ids), 'to', place)
      WHEN 'DIVORCE' THEN jsonb_build_object('memberId', m.id, 'childIds', to_jsonb(ids[2:]), 'to', place)
      WHEN 'MERGE' THEN jsonb_build_object('familyId', m.family_id, 'intoFamilyId', goes_to, 'relations', '[]'::jsonb)
      ELSE jsonb_build_object('movers', (SELECT jsonb_agg(jsonb_build_object('memberId', i, 'relation', null) ORDER BY ord) FROM unnest(ids) WITH ORDINALITY AS u (i, ord)), 'to', place) END,
      'DRAFT', 'REGISTRY', at
    -- only a whole family merges: some of it move
    FROM welfare.member m, (SELECT CASE WHEN e.kind = 'MERGE' AND NOT is_whole THEN 'MOVE' ELSE e.kind END AS kind) k WHERE m.id = ids[1] AND m.household_id = homes[1];
    UPDATE welfare.population_event v SET state = 'PROPOSED' WHERE v.id = e.id;
  END LOOP;
  PERFORM set_config('hub.actor', coalesce(told, ''), true);
  RETURN seen;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."draft_changes" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."draft_changes" TO "hub_welfare_jobs";
