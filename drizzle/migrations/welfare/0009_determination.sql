-- Monthly determination [penetapan]: the ministry prepares, the Minister determines by decree, a job of the registry's workers writes who stands in it.
CREATE TABLE "welfare"."determination" (
	"id" uuid PRIMARY KEY NOT NULL,
	"basis" "welfare"."registry_basis" NOT NULL,
	"month" date NOT NULL,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"prepared_by" text collate "C" NOT NULL,
	"prepared_at" timestamp with time zone NOT NULL,
	"note" text,
	"registry_version" text collate "C" NOT NULL,
	"known_at" timestamp with time zone NOT NULL,
	"poverty_threshold" smallint,
	"decree_number" text collate "C",
	"decree_hash" text collate "C",
	"signed_by" text collate "C",
	"signed_at" timestamp with time zone,
	"determined_at" timestamp with time zone,
	"members" integer,
	"households" integer,
	"hash" text collate "C",
	CONSTRAINT "determination_state" CHECK (state in ('DRAFT', 'WITHDRAWN', 'QUEUED', 'DETERMINED')),
	CONSTRAINT "determination_month_begins" CHECK (extract(day from month) = 1),
	CONSTRAINT "determination_threshold" CHECK (poverty_threshold between 1 and 8),
	CONSTRAINT "determination_decree_form" CHECK (decree_number ~ '^[1-9][0-9]{0,4}/HUK/20[0-9]{2}$'),
	CONSTRAINT "determination_decree_hash" CHECK (decree_hash ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "determination_signed" CHECK ((state in ('QUEUED', 'DETERMINED')) = (decree_number is not null)),
	CONSTRAINT "determination_done" CHECK ((state = 'DETERMINED') = (hash is not null))
);
--> statement-breakpoint
ALTER TABLE "welfare"."determination" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."determination_change" (
	"determination_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"person_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reasons" text[] NOT NULL,
	CONSTRAINT "determination_change_member_id_determination_id_pk" PRIMARY KEY("member_id","determination_id"),
	CONSTRAINT "determination_change_kind" CHECK (kind in ('IN', 'OUT', 'CHANGED'))
);
--> statement-breakpoint
ALTER TABLE "welfare"."determination_change" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."determination_part" (
	"determination_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"is_preview" boolean NOT NULL,
	"compared_at" timestamp with time zone,
	"hashed_at" timestamp with time zone,
	CONSTRAINT "determination_part_determination_id_is_preview_region_pk" PRIMARY KEY("determination_id","is_preview","region")
);
--> statement-breakpoint
CREATE TABLE "welfare"."determination_tally" (
	"determination_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"is_preview" boolean NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"members" integer NOT NULL,
	CONSTRAINT "determination_tally_determination_id_is_preview_region_kind_reason_pk" PRIMARY KEY("determination_id","is_preview","region","kind","reason")
);
--> statement-breakpoint
CREATE TABLE "welfare"."determination_village" (
	"determination_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"members" integer NOT NULL,
	"households" integer NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "determination_village_determination_id_region_pk" PRIMARY KEY("determination_id","region")
);
--> statement-breakpoint
CREATE TABLE "welfare"."determined" (
	"basis" "welfare"."registry_basis" NOT NULL,
	"member_id" uuid NOT NULL,
	"from_month" date NOT NULL,
	"to_month" date,
	"household_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"person_id" uuid NOT NULL,
	"decile" smallint,
	"category" text,
	"suffix" text collate "C" NOT NULL,
	"family_number" text collate "C" NOT NULL,
	"row_hash" "bytea" NOT NULL,
	CONSTRAINT "determined_member_id_basis_from_month_pk" PRIMARY KEY("member_id","basis","from_month"),
	CONSTRAINT "determined_months" CHECK (to_month > from_month)
);
--> statement-breakpoint
ALTER TABLE "welfare"."determined" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."determination" ADD CONSTRAINT "determination_registry_version_registry_version_id_fk" FOREIGN KEY ("registry_version") REFERENCES "welfare"."registry_version"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."determination_change" ADD CONSTRAINT "determination_change_determination_id_determination_id_fk" FOREIGN KEY ("determination_id") REFERENCES "welfare"."determination"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."determination_part" ADD CONSTRAINT "determination_part_determination_id_determination_id_fk" FOREIGN KEY ("determination_id") REFERENCES "welfare"."determination"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."determination_tally" ADD CONSTRAINT "determination_tally_determination_id_determination_id_fk" FOREIGN KEY ("determination_id") REFERENCES "welfare"."determination"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."determination_village" ADD CONSTRAINT "determination_village_determination_id_determination_id_fk" FOREIGN KEY ("determination_id") REFERENCES "welfare"."determination"("id");
--> statement-breakpoint
CREATE UNIQUE INDEX "determination_month" ON "welfare"."determination" ("basis","month") WHERE state <> 'WITHDRAWN';
--> statement-breakpoint
CREATE UNIQUE INDEX "determination_decree" ON "welfare"."determination" ("decree_number");
--> statement-breakpoint
CREATE INDEX "determination_change_region" ON "welfare"."determination_change" ("determination_id","region","member_id");
--> statement-breakpoint
CREATE INDEX "determined_region" ON "welfare"."determined" ("region","member_id");
--> statement-breakpoint
CREATE INDEX "determined_household" ON "welfare"."determined" ("household_id");
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."determination" FOR SELECT TO "hub_welfare" USING (state = 'DETERMINED' or welfare.on_duty(array['MINISTRY', 'MINISTER'], '0'));
--> statement-breakpoint
CREATE POLICY "hub_welfare_prepares" ON "welfare"."determination" FOR INSERT TO "hub_welfare" WITH CHECK (state = 'DRAFT');
--> statement-breakpoint
CREATE POLICY "hub_welfare_decides" ON "welfare"."determination" FOR UPDATE TO "hub_welfare" USING (state in ('DRAFT', 'QUEUED')) WITH CHECK (state in ('WITHDRAWN', 'QUEUED'));
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."determination" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_ends" ON "welfare"."determination" FOR UPDATE TO "hub_welfare_jobs" USING (state = 'QUEUED') WITH CHECK (state = 'DETERMINED');
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."determination" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."determination_change" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_writes" ON "welfare"."determination_change" FOR INSERT TO "hub_welfare_jobs" WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."determination_change" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."determination_change" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."determined" FOR SELECT TO "hub_welfare" USING ((((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen())) and coalesce(decile, 100) <= current_setting('hub.decile_max')::int);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."determined" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_opens" ON "welfare"."determined" FOR INSERT TO "hub_welfare_jobs" WITH CHECK ((basis, from_month) in (select q.basis, q.month from welfare.determination q where q.state = 'QUEUED'));
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_closes" ON "welfare"."determined" FOR UPDATE TO "hub_welfare_jobs" USING (to_month is null) WITH CHECK ((basis, to_month) in (select q.basis, q.month from welfare.determination q where q.state = 'QUEUED'));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."determined" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "welfare"."determination" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."determination_change" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."determined" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- a determination reads members as they were known: those of a regency, and whoever is the same person
CREATE INDEX "registry_history_member_region" ON "welfare"."registry_history" ((("row" ->> 'region') COLLATE "C")) WHERE kind = 'MEMBER';
--> statement-breakpoint
CREATE INDEX "registry_history_member_person" ON "welfare"."registry_history" (("row" ->> 'person_id')) WHERE "row" ->> 'person_id' IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "proposal_household" ON "welfare"."proposal" ("household_id") WHERE household_id IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "proposal_determination" ON "welfare"."proposal" ("determination_id") WHERE determination_id IS NOT NULL;
--> statement-breakpoint
-- Proposals of a determination's own basis that had been sent to the centre by what it knows, of a place, with why each is refused, or null: one rule for
-- the job that writes and for the draft that looks ahead.
CREATE FUNCTION "welfare"."proposals_due"(determination uuid, place text) RETURNS TABLE (proposal uuid, refused text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.id, CASE
    WHEN EXISTS (SELECT FROM welfare.proposal_candidate c WHERE c.proposal_id = p.id AND c.relation = 'HEAD' AND welfare.has_died(c.person_id)) THEN 'DECEASED'
    WHEN EXISTS (SELECT FROM welfare.proposal_candidate c WHERE c.proposal_id = p.id AND (
      EXISTS (SELECT FROM welfare.member m WHERE m.person_id = c.person_id AND m.state IN ('ACTIVE', 'DORMANT'))
      OR EXISTS (SELECT FROM welfare.proposal_candidate o JOIN welfare.proposal q ON q.id = o.proposal_id
        WHERE o.person_id = c.person_id AND o.id <> c.id AND q.state = 'SENT_TO_CENTRE' AND q.basis = d.basis AND q.moved_at <= d.known_at
          AND (q.number, o.position) < (p.number, c.position))))
    THEN 'a candidate is in the registry already, or in an earlier proposal' END
  FROM welfare.determination d JOIN welfare.proposal p ON p.state = 'SENT_TO_CENTRE' AND p.basis = d.basis AND p.moved_at <= d.known_at
    AND p.region >= place AND p.region < place || ':'
  WHERE d.id = determination
$$;
--> statement-breakpoint
-- Candidates who would come in with a determination, of a place.
CREATE FUNCTION "welfare"."candidates_due"(determination uuid, place text) RETURNS TABLE (id uuid, household_id uuid, region text, person_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT md5('member ' || c.id)::uuid, md5('household ' || p.id)::uuid, p.region, c.person_id
  FROM welfare.first_suffixes(array(SELECT u.proposal FROM welfare.proposals_due(determination, place) u WHERE u.refused IS NULL)) s
    JOIN welfare.proposal_candidate c ON c.id = s.candidate JOIN welfare.proposal p ON p.id = c.proposal_id WHERE c.person_id IS NOT NULL
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."proposals_due", "welfare"."candidates_due" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."candidates_due" TO "hub_welfare_jobs";
--> statement-breakpoint
-- Prepared by the MINISTRY, signed by a MINISTER who did not prepare it, ended by the job alone; months of a basis in their order.
CREATE FUNCTION "welfare"."determination_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE latest date; frozen constant text[] := array['state', 'version', 'decree_number', 'decree_hash', 'signed_by', 'signed_at', 'determined_at', 'members', 'households', 'hash'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM welfare.require_duty(array['MINISTRY'], '0', 'preparing a determination');
    SELECT max(d.month) INTO latest FROM welfare.determination d WHERE d.basis = NEW.basis AND d.state <> 'WITHDRAWN';
    IF NEW.month <= latest THEN RAISE EXCEPTION 'months are determined in their order: % was the last', to_char(latest, 'YYYY-MM') USING ERRCODE = 'HB001'; END IF;
    IF NEW.month > (welfare.moment() AT TIME ZONE 'Asia/Jakarta') + interval '1 month' THEN
      RAISE EXCEPTION 'month must not be later than the next' USING ERRCODE = 'HB003'; END IF;
    IF NEW.known_at > welfare.moment() THEN RAISE EXCEPTION 'what is not known yet cannot be determined' USING ERRCODE = 'HB003'; END IF;
    IF NOT EXISTS (SELECT FROM welfare.registry_version v WHERE v.id = NEW.registry_version AND v.basis = NEW.basis) THEN
      RAISE EXCEPTION 'the basis has no such version' USING ERRCODE = 'HB003'; END IF;
    IF (NEW.state, NEW.version, NEW.prepared_by) IS DISTINCT FROM ('DRAFT', 1, welfare.officer()) THEN
      RAISE EXCEPTION 'a determination begins as a draft in one''s own name' USING ERRCODE = 'HB002'; END IF;
    RETURN NEW;
  END IF;
  NEW.version := OLD.version + 1;
  IF to_jsonb(NEW) - frozen IS DISTINCT FROM to_jsonb(OLD) - frozen THEN
    RAISE EXCEPTION 'what a determination stands on stays' USING ERRCODE = 'HB001'; END IF;
  IF OLD.state = 'DRAFT' AND NEW.state = 'WITHDRAWN' THEN
    PERFORM welfare.require_duty(array['MINISTRY'], '0', 'withdrawing a draft');
  ELSIF OLD.state = 'QUEUED' AND NEW.state = 'WITHDRAWN' THEN -- signed, but its job never began: the decree is free again, the history keeps its number
    PERFORM welfare.require_duty(array['MINISTRY'], '0', 'withdrawing a determination');
    IF EXISTS (SELECT FROM welfare.determination_part t WHERE t.determination_id = NEW.id AND NOT t.is_preview) THEN
      RAISE EXCEPTION 'a determination that is being written is not withdrawn' USING ERRCODE = 'HB001'; END IF;
    NEW.decree_number := NULL; NEW.decree_hash := NULL; NEW.signed_by := NULL; NEW.signed_at := NULL;
  ELSIF OLD.state = 'DRAFT' AND NEW.state = 'QUEUED' THEN
    PERFORM welfare.require_duty(array['MINISTER'], '0', 'determining');
    IF OLD.prepared_by = welfare.officer() THEN RAISE EXCEPTION 'whoever prepared a determination does not sign it' USING ERRCODE = 'HB002'; END IF;
    IF NEW.signed_by IS DISTINCT FROM welfare.officer() OR NEW.decree_hash IS NULL THEN
      RAISE EXCEPTION 'a determination is signed in one''s own name, with its decree' USING ERRCODE = 'HB003'; END IF;
    IF EXISTS (SELECT FROM welfare.determination d WHERE d.basis = NEW.basis AND d.month < NEW.month AND d.state IN ('DRAFT', 'QUEUED')) THEN
      RAISE EXCEPTION 'an earlier month of the basis is not determined yet' USING ERRCODE = 'HB001'; END IF;
  ELSIF OLD.state = 'QUEUED' AND NEW.state = 'QUEUED' THEN -- asked again: the job that writes it wakes, nothing else changes
    PERFORM welfare.require_duty(array['MINISTER'], '0', 'determining');
    IF (NEW.decree_number, NEW.decree_hash, NEW.signed_by, NEW.signed_at) IS DISTINCT FROM (OLD.decree_number, OLD.decree_hash, OLD.signed_by, OLD.signed_at) THEN
      RAISE EXCEPTION 'a decree that was signed stays' USING ERRCODE = 'HB001'; END IF;
  ELSIF NOT (OLD.state = 'QUEUED' AND NEW.state = 'DETERMINED' AND session_user IN ('hub_welfare_jobs', 'hub_welfare_owner')) THEN
    RAISE EXCEPTION 'a determination that is % does not become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "determination_rules" BEFORE INSERT OR UPDATE ON "welfare"."determination" FOR EACH ROW EXECUTE FUNCTION "welfare"."determination_rules"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."determination_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM welfare.note_transition('DETERMINATION', NEW.id, NULL, '0',
    CASE NEW.state WHEN 'DRAFT' THEN 'PREPARE' WHEN 'WITHDRAWN' THEN 'WITHDRAW' WHEN 'QUEUED' THEN CASE WHEN TG_OP = 'UPDATE' AND OLD.state = 'QUEUED' THEN 'WAKE' ELSE 'SIGN' END ELSE 'DETERMINE' END,
    CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state, CASE WHEN TG_OP = 'INSERT' THEN NEW.note WHEN NEW.state = 'WITHDRAWN' THEN 'decree ' || OLD.decree_number END);
  IF NEW.state = 'DRAFT' THEN PERFORM welfare.enqueue('registry_preview', NEW.id::text);
  ELSIF NEW.state = 'QUEUED' THEN PERFORM welfare.enqueue('registry_determine', NEW.id::text);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "determination_noted" AFTER INSERT OR UPDATE ON "welfare"."determination" FOR EACH ROW EXECUTE FUNCTION "welfare"."determination_noted"();
--> statement-breakpoint
CREATE TRIGGER "determination_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."determination" EXECUTE FUNCTION "welfare"."refuse"('a determination stays');
--> statement-breakpoint
CREATE TRIGGER "determined_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."determined" EXECUTE FUNCTION "welfare"."refuse"('what was determined stays');
--> statement-breakpoint
-- the one thing that happens to a row: it closes, once
CREATE TRIGGER "determined_closes" BEFORE UPDATE ON "welfare"."determined" FOR EACH ROW
  WHEN (OLD.to_month IS NOT NULL OR (OLD.basis, OLD.member_id, OLD.from_month, OLD.household_id, OLD.region, OLD.person_id, OLD.decile, OLD.category, OLD.suffix, OLD.family_number, OLD.row_hash)
    IS DISTINCT FROM (NEW.basis, NEW.member_id, NEW.from_month, NEW.household_id, NEW.region, NEW.person_id, NEW.decile, NEW.category, NEW.suffix, NEW.family_number, NEW.row_hash))
  EXECUTE FUNCTION "welfare"."refuse"('what was determined stays');
--> statement-breakpoint
CREATE TRIGGER "determination_change_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "welfare"."determination_change" EXECUTE FUNCTION "welfare"."refuse"('what was determined stays');
--> statement-breakpoint
CREATE TRIGGER "determination_village_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "welfare"."determination_village" EXECUTE FUNCTION "welfare"."refuse"('what was determined stays');
--> statement-breakpoint
GRANT SELECT ON "welfare"."determination", "welfare"."determined", "welfare"."determination_change", "welfare"."determination_part", "welfare"."determination_tally", "welfare"."determination_village" TO "hub_welfare", "hub_welfare_jobs";
--> statement-breakpoint
GRANT INSERT ("id", "basis", "month", "state", "prepared_by", "prepared_at", "note", "registry_version", "known_at", "poverty_threshold") ON "welfare"."determination" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("state", "decree_number", "decree_hash", "signed_by", "signed_at") ON "welfare"."determination" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("state", "determined_at", "members", "households", "hash") ON "welfare"."determination" TO "hub_welfare_jobs";
--> statement-breakpoint
GRANT INSERT ON "welfare"."determined", "welfare"."determination_change", "welfare"."determination_part", "welfare"."determination_tally", "welfare"."determination_village" TO "hub_welfare_jobs";
--> statement-breakpoint
GRANT UPDATE ("to_month") ON "welfare"."determined" TO "hub_welfare_jobs";
--> statement-breakpoint
GRANT UPDATE ("compared_at", "hashed_at") ON "welfare"."determination_part" TO "hub_welfare_jobs";
