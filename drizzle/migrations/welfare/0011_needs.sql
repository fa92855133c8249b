-- PPKS handled by offices, kinds of PSKS that regions may add to, packets for villages without signal.
-- Kinds of PSKS are rows from here on. The type of the same name goes first: a table makes a type, too.
ALTER TABLE "welfare"."psks_role" ALTER COLUMN "kind" TYPE text collate "C" USING kind::text;
--> statement-breakpoint
ALTER TABLE "welfare"."psks_institution" ALTER COLUMN "kind" TYPE text collate "C" USING kind::text;
--> statement-breakpoint
DROP TYPE "welfare"."psks_kind";
--> statement-breakpoint
CREATE TABLE "welfare"."need" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" "welfare"."ppks_kind" NOT NULL,
	"subject_kind" text NOT NULL,
	"member_id" uuid,
	"family_id" uuid,
	"group_id" uuid,
	"region" text collate "C" NOT NULL,
	"unit" text collate "C" NOT NULL,
	"since" date NOT NULL,
	"until" date,
	"end_reason" text,
	"registered_by" text collate "C" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "need_period" CHECK (until >= since),
	CONSTRAINT "need_ended" CHECK ((until is null) = (end_reason is null)),
	CONSTRAINT "need_subject" CHECK (case subject_kind when 'PERSON' then member_id is not null and family_id is null and group_id is null
        when 'FAMILY' then family_id is not null and member_id is null and group_id is null
        else group_id is not null and member_id is null and family_id is null end)
);
--> statement-breakpoint
ALTER TABLE "welfare"."need" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."need_group" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject_kind" text NOT NULL,
	"name" text NOT NULL,
	"size" integer NOT NULL,
	"region" text collate "C" NOT NULL,
	"unit" text collate "C" NOT NULL,
	CONSTRAINT "need_group_subject" CHECK (subject_kind in ('GROUP', 'INSTITUTION', 'COMMUNITY')),
	CONSTRAINT "need_group_size" CHECK (size > 0)
);
--> statement-breakpoint
ALTER TABLE "welfare"."need_group" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."packet" (
	"id" uuid PRIMARY KEY NOT NULL,
	"region" text collate "C" NOT NULL,
	"officer" text collate "C" NOT NULL,
	"device_key" text collate "C" NOT NULL,
	"device_signer" text collate "C" NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"members" integer NOT NULL,
	"return_hash" text collate "C",
	"returned_at" timestamp with time zone,
	CONSTRAINT "packet_period" CHECK (expires_at > issued_at)
);
--> statement-breakpoint
ALTER TABLE "welfare"."packet" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."packet_change" (
	"id" uuid PRIMARY KEY NOT NULL,
	"packet_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"member_id" uuid NOT NULL,
	"person_id" uuid,
	"field" text NOT NULL,
	"value" text NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"submitted_by" text collate "C" NOT NULL,
	"decided_by" text collate "C",
	"decided_at" timestamp with time zone,
	"decision_reason" text,
	"region" text collate "C" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "welfare"."packet_change" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."psks_kind" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"subject" text NOT NULL,
	"is_workforce" boolean NOT NULL,
	"legal_basis" text NOT NULL,
	"region" text collate "C",
	"added_by" text collate "C",
	CONSTRAINT "psks_kind_code" CHECK (code ~ '^[A-Z][A-Z0-9_]{2,49}$' and code <> 'LOCAL'),
	CONSTRAINT "psks_kind_subject" CHECK (subject in ('PERSON', 'INSTITUTION', 'BOTH'))
);
--> statement-breakpoint
CREATE TABLE "welfare"."service_given" (
	"id" uuid PRIMARY KEY NOT NULL,
	"need_id" uuid NOT NULL,
	"service" text NOT NULL,
	"given_on" date NOT NULL,
	"note" text,
	"officer" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"unit" text collate "C" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "welfare"."service_given" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."need" ADD CONSTRAINT "need_group_id_need_group_id_fk" FOREIGN KEY ("group_id") REFERENCES "welfare"."need_group"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "welfare"."packet_change" ADD CONSTRAINT "packet_change_packet_id_packet_id_fk" FOREIGN KEY ("packet_id") REFERENCES "welfare"."packet"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "welfare"."service_given" ADD CONSTRAINT "service_given_need_id_need_id_fk" FOREIGN KEY ("need_id") REFERENCES "welfare"."need"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "need_open" ON "welfare"."need" USING btree ("unit","member_id","kind") WHERE until is null;
--> statement-breakpoint
CREATE INDEX "need_member" ON "welfare"."need" USING btree ("member_id");
--> statement-breakpoint
CREATE INDEX "need_worklist" ON "welfare"."need" USING btree ("unit","region","id");
--> statement-breakpoint
CREATE INDEX "packet_officer" ON "welfare"."packet" USING btree ("officer","issued_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "packet_change_once" ON "welfare"."packet_change" USING btree ("packet_id","position");
--> statement-breakpoint
CREATE INDEX "packet_change_open" ON "welfare"."packet_change" USING btree ("region","id") WHERE state = 'PENDING';
--> statement-breakpoint
CREATE INDEX "service_given_need" ON "welfare"."service_given" USING btree ("need_id","given_on");
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."need" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and unit = (current_setting('hub.agency')::text[])[1] and welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE'], region));
--> statement-breakpoint
CREATE POLICY "need_written" ON "welfare"."need" AS PERMISSIVE FOR INSERT TO "hub_welfare" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and unit = (current_setting('hub.agency')::text[])[1] and welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE'], region));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."need" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "need_ends" ON "welfare"."need" AS PERMISSIVE FOR UPDATE TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and unit = (current_setting('hub.agency')::text[])[1] and welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE'], region)) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and unit = (current_setting('hub.agency')::text[])[1] and welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE'], region));
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."need_group" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and unit = (current_setting('hub.agency')::text[])[1] and welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE'], region));
--> statement-breakpoint
CREATE POLICY "need_group_written" ON "welfare"."need_group" AS PERMISSIVE FOR INSERT TO "hub_welfare" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and unit = (current_setting('hub.agency')::text[])[1] and welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE'], region));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."need_group" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."packet" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select welfare.duty_regions())::text[]));
--> statement-breakpoint
CREATE POLICY "packet_written" ON "welfare"."packet" AS PERMISSIVE FOR INSERT TO "hub_welfare" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select welfare.duty_regions())::text[]));
--> statement-breakpoint
CREATE POLICY "packet_returned" ON "welfare"."packet" AS PERMISSIVE FOR UPDATE TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select welfare.duty_regions())::text[])) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select welfare.duty_regions())::text[]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."packet" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."packet_change" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select welfare.duty_regions())::text[]));
--> statement-breakpoint
CREATE POLICY "packet_change_written" ON "welfare"."packet_change" AS PERMISSIVE FOR INSERT TO "hub_welfare" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select welfare.duty_regions())::text[]));
--> statement-breakpoint
CREATE POLICY "packet_change_decided" ON "welfare"."packet_change" AS PERMISSIVE FOR UPDATE TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select welfare.duty_regions())::text[])) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select welfare.duty_regions())::text[]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."packet_change" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."service_given" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and unit = (current_setting('hub.agency')::text[])[1] and welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE'], region));
--> statement-breakpoint
CREATE POLICY "service_given_written" ON "welfare"."service_given" AS PERMISSIVE FOR INSERT TO "hub_welfare" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and unit = (current_setting('hub.agency')::text[])[1] and welfare.on_duty(array['VERIFIER', 'HEAD_OF_OFFICE'], region));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."service_given" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "welfare"."need" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."need_group" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."packet" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."packet_change" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."service_given" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- Who may do what about a need is the rule's: SECURITY DEFINER, so that it sees the member whatever the asker sees. Loads of the owner pass.
CREATE FUNCTION "welfare"."need_unit"(unit text, region text, deed text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM welfare.require_duty(array['VERIFIER', 'HEAD_OF_OFFICE'], region, deed);
  IF unit IS DISTINCT FROM (current_setting('hub.agency', true)::text[])[1] THEN
    RAISE EXCEPTION '% is for the office that handles it', deed USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."need_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE today date := (welfare.moment() AT TIME ZONE 'Asia/Jakarta')::date;
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  -- a need goes along with a member who moves: whose and where are columns that write_plan alone can change
  IF TG_OP = 'UPDATE' AND (OLD.member_id, OLD.region) IS DISTINCT FROM (NEW.member_id, NEW.region) AND OLD.until IS NOT DISTINCT FROM NEW.until THEN
    NEW.version := OLD.version + 1;
    RETURN NEW;
  END IF;
  PERFORM welfare.need_unit(NEW.unit, NEW.region, 'handling a need');
  IF NEW.since > today OR NEW.until > today THEN RAISE EXCEPTION 'a need is not registered ahead of its day' USING ERRCODE = 'HB003'; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.registered_by IS DISTINCT FROM welfare.officer() THEN RAISE EXCEPTION 'a need is registered in one''s own name' USING ERRCODE = 'HB002'; END IF;
    IF NEW.until IS NOT NULL THEN RAISE EXCEPTION 'a need is registered before it ends' USING ERRCODE = 'HB001'; END IF;
    IF NOT EXISTS (
      SELECT FROM welfare.member m WHERE m.id = NEW.member_id AND m.region = NEW.region AND m.state IN ('ACTIVE', 'DORMANT')
      UNION ALL SELECT FROM welfare.family f WHERE f.id = NEW.family_id AND f.region = NEW.region
      UNION ALL SELECT FROM welfare.need_group g WHERE g.id = NEW.group_id AND g.region = NEW.region AND g.unit = NEW.unit AND g.subject_kind = NEW.subject_kind
    ) THEN RAISE EXCEPTION 'there is no such subject in this region' USING ERRCODE = 'HB003'; END IF;
    NEW.version := 1;
  ELSE
    IF OLD.until IS NOT NULL THEN RAISE EXCEPTION 'this need has ended' USING ERRCODE = 'HB001'; END IF;
    IF (OLD.id, OLD.kind, OLD.subject_kind, OLD.member_id, OLD.family_id, OLD.group_id, OLD.region, OLD.unit, OLD.since, OLD.registered_by) IS DISTINCT FROM
      (NEW.id, NEW.kind, NEW.subject_kind, NEW.member_id, NEW.family_id, NEW.group_id, NEW.region, NEW.unit, NEW.since, NEW.registered_by) OR NEW.until IS NULL
    THEN RAISE EXCEPTION 'a need is ended, never changed' USING ERRCODE = 'HB001'; END IF;
    NEW.version := OLD.version + 1;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "need_rules" BEFORE INSERT OR UPDATE ON "welfare"."need" FOR EACH ROW EXECUTE FUNCTION "welfare"."need_rules"();
--> statement-breakpoint
-- What a need put on record goes with the last need of the kind; what an import or a survey brought stays.
ALTER TABLE "welfare"."ppks_status" ADD COLUMN "is_of_need" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
-- What is on record of a person follows what offices handle. The history says neither kind nor person: others on duty may read it.
CREATE FUNCTION "welfare"."need_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM welfare.note_transition('NEED', NEW.id, NULL, NEW.region, CASE WHEN NEW.until IS NULL THEN 'REGISTER' ELSE 'END' END,
    CASE WHEN NEW.until IS NULL THEN NULL ELSE 'OPEN' END, CASE WHEN NEW.until IS NULL THEN 'OPEN' ELSE 'ENDED' END, NULL);
  IF NEW.until IS NULL THEN
    INSERT INTO welfare.ppks_status (member_id, household_id, kind, since, region, household_decile, is_of_need)
    SELECT m.id, m.household_id, NEW.kind, NEW.since, m.region, m.household_decile, true FROM welfare.member m WHERE m.id = NEW.member_id
    ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM welfare.ppks_status p WHERE p.member_id = NEW.member_id AND p.kind = NEW.kind AND p.is_of_need AND NOT EXISTS (
      SELECT FROM welfare.need n WHERE n.member_id = NEW.member_id AND n.kind = NEW.kind AND n.until IS NULL);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "need_noted" AFTER INSERT OR UPDATE OF "until" ON "welfare"."need" FOR EACH ROW EXECUTE FUNCTION "welfare"."need_noted"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."service_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE known welfare.need;
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  PERFORM welfare.need_unit(NEW.unit, NEW.region, 'recording a service');
  SELECT * INTO known FROM welfare.need n WHERE n.id = NEW.need_id FOR UPDATE;
  IF known.id IS NULL OR (known.unit, known.region) IS DISTINCT FROM (NEW.unit, NEW.region) THEN RAISE EXCEPTION 'there is no such need' USING ERRCODE = 'HB003'; END IF;
  IF known.until IS NOT NULL THEN RAISE EXCEPTION 'this need has ended' USING ERRCODE = 'HB001'; END IF;
  IF NEW.officer IS DISTINCT FROM welfare.officer() THEN RAISE EXCEPTION 'a service is recorded in one''s own name' USING ERRCODE = 'HB002'; END IF;
  IF NEW.given_on < known.since OR NEW.given_on > (welfare.moment() AT TIME ZONE 'Asia/Jakarta')::date THEN
    RAISE EXCEPTION 'a service is given while there is the need, and recorded afterwards' USING ERRCODE = 'HB003'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "service_rules" BEFORE INSERT ON "welfare"."service_given" FOR EACH ROW EXECUTE FUNCTION "welfare"."service_rules"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."need_group_rules"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF session_user <> 'hub_welfare_owner' THEN PERFORM welfare.need_unit(NEW.unit, NEW.region, 'registering a group'); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "need_group_rules" BEFORE INSERT ON "welfare"."need_group" FOR EACH ROW EXECUTE FUNCTION "welfare"."need_group_rules"();
--> statement-breakpoint
CREATE INDEX "ppks_status_region" ON "welfare"."ppks_status" ("region", "kind");
--> statement-breakpoint
GRANT SELECT, INSERT ON "welfare"."need", "welfare"."need_group", "welfare"."service_given" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("until", "end_reason") ON "welfare"."need" TO "hub_welfare";
--> statement-breakpoint
INSERT INTO "welfare"."psks_kind" ("code", "name", "subject", "is_workforce", "legal_basis") VALUES
  ('PROFESSIONAL_SOCIAL_WORKER', 'Pekerja sosial profesional', 'PERSON', true, 'Permensos 8/2012'),
  ('PSM', 'Pekerja sosial masyarakat', 'PERSON', true, 'Permensos 8/2012'),
  ('TAGANA', 'Taruna siaga bencana', 'PERSON', true, 'Permensos 8/2012'),
  ('LKS', 'Lembaga kesejahteraan sosial', 'INSTITUTION', false, 'Permensos 8/2012'),
  ('KARANG_TARUNA', 'Karang taruna', 'INSTITUTION', false, 'Permensos 8/2012'),
  ('LK3', 'Lembaga konsultasi kesejahteraan keluarga', 'INSTITUTION', false, 'Permensos 8/2012'),
  ('PIONEER_FAMILY', 'Keluarga pioner', 'PERSON', false, 'Permensos 8/2012'),
  ('WKSBM', 'Wahana kesejahteraan sosial berbasis masyarakat', 'INSTITUTION', false, 'Permensos 8/2012'),
  ('WOMAN_WELFARE_LEADER', 'Wanita pemimpin kesejahteraan sosial', 'PERSON', false, 'Permensos 8/2012'),
  ('SOCIAL_EXTENSION_WORKER', 'Penyuluh sosial', 'PERSON', true, 'Permensos 8/2012'),
  ('TKSK', 'Tenaga kesejahteraan sosial kecamatan', 'PERSON', true, 'Permensos 8/2012; Permensos 28/2018'),
  ('BUSINESS', 'Dunia usaha', 'BOTH', false, 'Permensos 8/2012');
--> statement-breakpoint
ALTER TABLE "welfare"."psks_role" ADD COLUMN "areas" text[] collate "C" DEFAULT '{}' NOT NULL, ADD CONSTRAINT "psks_role_kind" FOREIGN KEY ("kind") REFERENCES "welfare"."psks_kind"("code");
--> statement-breakpoint
ALTER TABLE "welfare"."psks_institution" ADD COLUMN "areas" text[] collate "C" DEFAULT '{}' NOT NULL, ADD CONSTRAINT "psks_institution_kind" FOREIGN KEY ("kind") REFERENCES "welfare"."psks_kind"("code");
--> statement-breakpoint
CREATE INDEX "psks_role_region" ON "welfare"."psks_role" ("region", "person_id", "kind");
--> statement-breakpoint
CREATE FUNCTION "welfare"."psks_kind_rules"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  PERFORM welfare.require_duty(array['HEAD_OF_OFFICE', 'MINISTRY'], coalesce(NEW.region, ''), 'adding a kind of PSKS');
  IF NEW.added_by IS DISTINCT FROM welfare.officer() THEN RAISE EXCEPTION 'a kind is added in one''s own name' USING ERRCODE = 'HB002'; END IF;
  IF NEW.is_workforce THEN RAISE EXCEPTION 'who is welfare workforce is the law''s to say' USING ERRCODE = 'HB003'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "psks_kind_rules" BEFORE INSERT ON "welfare"."psks_kind" FOR EACH ROW EXECUTE FUNCTION "welfare"."psks_kind_rules"();
--> statement-breakpoint
-- TG_ARGV[0]: what the rows of the table are, PERSON or INSTITUTION.
CREATE FUNCTION "welfare"."psks_rules"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  PERFORM welfare.require_duty(array['VERIFIER', 'HEAD_OF_OFFICE', 'MINISTRY'], NEW.region, 'registering PSKS');
  IF NOT EXISTS (SELECT FROM welfare.psks_kind k WHERE k.code = NEW.kind AND k.subject IN (TG_ARGV[0], 'BOTH')
    AND (k.region IS NULL OR starts_with(NEW.region, k.region)))
  THEN RAISE EXCEPTION 'there is no such kind of PSKS for it here' USING ERRCODE = 'HB003'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "psks_rules" BEFORE INSERT ON "welfare"."psks_role" FOR EACH ROW EXECUTE FUNCTION "welfare"."psks_rules"('PERSON');
--> statement-breakpoint
CREATE TRIGGER "psks_rules" BEFORE INSERT ON "welfare"."psks_institution" FOR EACH ROW EXECUTE FUNCTION "welfare"."psks_rules"('INSTITUTION');
--> statement-breakpoint
CREATE POLICY "psks_role_written" ON "welfare"."psks_role" FOR INSERT TO "hub_welfare" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and welfare.officer() is not null);
--> statement-breakpoint
GRANT SELECT, INSERT ON "welfare"."psks_kind" TO "hub_welfare";
--> statement-breakpoint
GRANT INSERT ON "welfare"."psks_role", "welfare"."psks_institution" TO "hub_welfare";
--> statement-breakpoint
GRANT SELECT ON "welfare"."psks_kind" TO "hub_welfare_jobs";
--> statement-breakpoint
-- A packet is issued to whoever keeps the village's registry, and comes back once, from the same officer, in time.
CREATE FUNCTION "welfare"."packet_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM welfare.require_duty(array['VILLAGE_OPERATOR'], NEW.region, 'a packet of the village');
  IF NEW.officer IS DISTINCT FROM welfare.officer() THEN RAISE EXCEPTION 'a packet is the officer''s it was issued to' USING ERRCODE = 'HB002'; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.issued_at <> welfare.moment() OR NEW.expires_at > NEW.issued_at + interval '7 days' OR NEW.returned_at IS NOT NULL
    THEN RAISE EXCEPTION 'a packet holds for seven days at most' USING ERRCODE = 'HB003'; END IF;
  ELSE
    IF OLD.returned_at IS NOT NULL THEN RAISE EXCEPTION 'this packet has come back already' USING ERRCODE = 'HB001'; END IF;
    IF OLD.expires_at <= welfare.moment() THEN RAISE EXCEPTION 'this packet has expired' USING ERRCODE = 'HB001'; END IF;
  END IF;
  PERFORM welfare.note_transition('PACKET', NEW.id, NULL, NEW.region, CASE TG_OP WHEN 'INSERT' THEN 'ISSUE' ELSE 'RETURN' END,
    CASE TG_OP WHEN 'INSERT' THEN NULL ELSE 'ISSUED' END, CASE TG_OP WHEN 'INSERT' THEN 'ISSUED' ELSE 'RETURNED' END, NULL);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "packet_rules" BEFORE INSERT OR UPDATE ON "welfare"."packet" FOR EACH ROW EXECUTE FUNCTION "welfare"."packet_rules"();
--> statement-breakpoint
-- A device knows a village as of the packet's issue: what it brought is accepted while the member lives there and nobody has written the value since.
CREATE FUNCTION "welfare"."packet_change_holds"(c "welfare"."packet_change") RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE home uuid;
BEGIN
  SELECT m.household_id INTO home FROM welfare.member m WHERE m.id = c.member_id;
  PERFORM FROM welfare.household h WHERE h.id = home FOR UPDATE;
  PERFORM FROM welfare.member m WHERE m.id = c.member_id AND m.household_id = home AND m.region = c.region AND m.state IN ('ACTIVE', 'DORMANT') FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'the member is no longer one of the village' USING ERRCODE = 'HB001'; END IF;
  IF EXISTS (SELECT FROM welfare.registry_change r JOIN welfare.packet p ON p.id = c.packet_id AND r.known_at >= p.issued_at
    WHERE r.valid_to IS NULL AND CASE c.field
      WHEN 'CLAIMED_NAME' THEN r.subject_id = c.member_id AND 'claimed_name' = ANY (r.fields)
      WHEN 'ADDRESS' THEN r.subject_id = home AND 'address' = ANY (r.fields) OR r.subject_id = c.member_id AND 'household_id' = ANY (r.fields) END)
  THEN RAISE EXCEPTION 'the registry has newer than the packet held: reject the change, or issue anew' USING ERRCODE = 'HB001'; END IF;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."packet_change_holds" FROM PUBLIC;
--> statement-breakpoint
CREATE FUNCTION "welfare"."packet_change_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'PENDING' OR NOT EXISTS (SELECT FROM welfare.packet p WHERE p.id = NEW.packet_id AND p.region = NEW.region AND p.officer = welfare.officer())
      OR NEW.submitted_by IS DISTINCT FROM welfare.officer()
    THEN RAISE EXCEPTION 'a change comes back with its packet' USING ERRCODE = 'HB002'; END IF;
    IF NOT EXISTS (SELECT FROM welfare.member m WHERE m.id = NEW.member_id AND m.region = NEW.region AND m.person_id IS NOT DISTINCT FROM NEW.person_id)
    THEN RAISE EXCEPTION 'there is no such member in the village' USING ERRCODE = 'HB003'; END IF;
    NEW.version := 1;
    RETURN NEW;
  END IF;
  PERFORM welfare.require_duty(array['VERIFIER'], NEW.region, 'deciding a change of a packet');
  IF OLD.state <> 'PENDING' OR NEW.state = 'PENDING' THEN RAISE EXCEPTION 'this change is decided' USING ERRCODE = 'HB001'; END IF;
  IF OLD.submitted_by = welfare.officer() THEN RAISE EXCEPTION 'nobody decides about a change of their own' USING ERRCODE = 'HB002'; END IF;
  IF NEW.decided_by IS DISTINCT FROM welfare.officer() THEN RAISE EXCEPTION 'a change is decided in one''s own name' USING ERRCODE = 'HB002'; END IF;
  IF NEW.state = 'ACCEPTED' THEN PERFORM welfare.packet_change_holds(NEW); END IF;
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "packet_change_rules" BEFORE INSERT OR UPDATE ON "welfare"."packet_change" FOR EACH ROW EXECUTE FUNCTION "welfare"."packet_change_rules"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."packet_change_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM welfare.note_transition('PACKET_CHANGE', NEW.id, NEW.person_id, NEW.region, CASE TG_OP WHEN 'INSERT' THEN 'SUBMIT' ELSE 'DECIDE' END,
    CASE TG_OP WHEN 'INSERT' THEN NULL ELSE 'PENDING' END, NEW.state, CASE TG_OP WHEN 'INSERT' THEN NEW.reason ELSE NEW.decision_reason END);
  IF NEW.state <> 'ACCEPTED' THEN RETURN NULL; END IF;
  -- another name is matched anew, as when it is imported
  IF NEW.field = 'CLAIMED_NAME' THEN
    UPDATE welfare.member m SET claimed_name = NEW.value, match_status = 'NOT_YET_MATCHED', person_id = NULL
    WHERE m.id = NEW.member_id AND m.claimed_name <> NEW.value;
  ELSIF NEW.field = 'ADDRESS' THEN
    UPDATE welfare.household h SET address = NEW.value FROM welfare.member m WHERE m.id = NEW.member_id AND h.id = m.household_id;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "packet_change_noted" AFTER INSERT OR UPDATE ON "welfare"."packet_change" FOR EACH ROW EXECUTE FUNCTION "welfare"."packet_change_noted"();
--> statement-breakpoint
GRANT SELECT, INSERT ON "welfare"."packet", "welfare"."packet_change" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("return_hash", "returned_at") ON "welfare"."packet" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("state", "decided_by", "decided_at", "decision_reason") ON "welfare"."packet_change" TO "hub_welfare";
