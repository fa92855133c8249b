-- Integrity of the registry [Kepmensos 150/HUK/2022]: rules as rows, who breaks them, scorecards per village. Data that breaks a rule is stored, flagged
-- and counted, never refused. What changed marks its village; the registry's workers score marked villages again.
CREATE TABLE "welfare"."integrity_breach" (
	"member_id" uuid NOT NULL,
	"rule" text NOT NULL,
	"region" text collate "C" NOT NULL,
	"person_id" uuid,
	"found_at" timestamp with time zone NOT NULL,
	CONSTRAINT "integrity_breach_member_id_rule_pk" PRIMARY KEY("member_id","rule")
);
--> statement-breakpoint
ALTER TABLE "welfare"."integrity_breach" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."integrity_rule" (
	"code" text PRIMARY KEY NOT NULL,
	"position" smallint NOT NULL,
	"description" text NOT NULL,
	"legal_basis" text NOT NULL,
	"severity" text NOT NULL,
	"months" smallint
);
--> statement-breakpoint
CREATE TABLE "welfare"."village_breaches" (
	"region" text collate "C" NOT NULL,
	"rule" text NOT NULL,
	"members" integer NOT NULL,
	CONSTRAINT "village_breaches_region_rule_pk" PRIMARY KEY("region","rule")
);
--> statement-breakpoint
ALTER TABLE "welfare"."village_breaches" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."village_dirty" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "welfare"."village_dirty_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"region" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "welfare"."village_match" (
	"region" text collate "C" NOT NULL,
	"from_month" date NOT NULL,
	"to_month" date,
	"members" integer NOT NULL,
	"matched" integer NOT NULL,
	CONSTRAINT "village_match_region_from_month_pk" PRIMARY KEY("region","from_month"),
	CONSTRAINT "village_match_months" CHECK (to_month > from_month)
);
--> statement-breakpoint
ALTER TABLE "welfare"."village_match" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."village_score" (
	"region" text collate "C" PRIMARY KEY NOT NULL,
	"households" integer NOT NULL,
	"members" integer NOT NULL,
	"matched" integer NOT NULL,
	"scored_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "welfare"."village_score" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."integrity_breach" ADD CONSTRAINT "integrity_breach_rule_integrity_rule_code_fk" FOREIGN KEY ("rule") REFERENCES "welfare"."integrity_rule"("code");
--> statement-breakpoint
CREATE INDEX "integrity_breach_queue" ON "welfare"."integrity_breach" ("rule","region","member_id");
--> statement-breakpoint
CREATE INDEX "integrity_breach_region" ON "welfare"."integrity_breach" ("region");
--> statement-breakpoint
CREATE INDEX "village_score_age" ON "welfare"."village_score" ("scored_at");
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."integrity_breach" FOR SELECT TO "hub_welfare" USING ((((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or null::uuid = welfare.citizen())));
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_all" ON "welfare"."integrity_breach" FOR ALL TO "hub_welfare_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."integrity_breach" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."village_breaches" FOR SELECT TO "hub_welfare" USING ((((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or null::uuid = welfare.citizen())));
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_all" ON "welfare"."village_breaches" FOR ALL TO "hub_welfare_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."village_breaches" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."village_match" FOR SELECT TO "hub_welfare" USING ((((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or null::uuid = welfare.citizen())));
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_all" ON "welfare"."village_match" FOR ALL TO "hub_welfare_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."village_match" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."village_score" FOR SELECT TO "hub_welfare" USING ((((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or null::uuid = welfare.citizen())));
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_all" ON "welfare"."village_score" FOR ALL TO "hub_welfare_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."village_score" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "welfare"."integrity_breach" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."village_score" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."village_breaches" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."village_match" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
INSERT INTO "welfare"."integrity_rule" ("code", "position", "description", "legal_basis", "severity", "months") VALUES
  ('SINGLE_IDENTITY', 1, 'Satu orang satu rekaman: another living entry is the same person, or the match found a duplicate', 'Kepmensos 150/HUK/2022; UU 24/2013', 'ERROR', null),
  ('NO_OVERLAP', 2, 'Tidak ada anggota di dua keluarga pada satu waktu: the same person lives in another family, too', 'Kepmensos 150/HUK/2022', 'ERROR', null),
  ('NIK_MATCHED', 3, 'NIK, nama dan alamat padan dengan Dukcapil: an active entry is not matched', 'Kepmensos 150/HUK/2022', 'ERROR', null),
  ('COMPLETE', 4, 'Atribut wajib terisi: name, 16-digit NIK and address', 'Kepmensos 150/HUK/2022', 'WARNING', null),
  ('STALE', 5, 'Survei tidak kedaluwarsa: the household was never surveyed, or too long ago; homeless people and remote communities excepted', 'Permensos 3/2021', 'WARNING', 24),
  ('FAMILY_HAS_HEAD', 6, 'Keluarga adalah kumpulan orang dengan satu kepala: a family without a living head, or with two', 'Kepmensos 150/HUK/2022', 'WARNING', null),
  ('SUFFIX_VALID', 7, 'Nomor urut sesuai peran: 01 belongs to the head, 02 to the spouse', 'Kepmensos 150/HUK/2022', 'WARNING', null);
--> statement-breakpoint
CREATE TRIGGER "integrity_rule_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."integrity_rule" EXECUTE FUNCTION "welfare"."refuse"('rules are changed by a migration');
--> statement-breakpoint
-- The member's village, the one before a move, and those of other entries of the same person.
CREATE FUNCTION "welfare"."member_marks"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  persons uuid[] := array[NEW.person_id, CASE TG_OP WHEN 'UPDATE' THEN OLD.person_id END];
BEGIN
  INSERT INTO welfare.village_dirty (region) SELECT NEW.region
    UNION SELECT OLD.region WHERE TG_OP = 'UPDATE'
    UNION SELECT m.region FROM welfare.member m WHERE m.person_id = ANY (persons);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "member_marks_new" AFTER INSERT ON "welfare"."member" FOR EACH ROW WHEN (session_user <> 'hub_welfare_owner') EXECUTE FUNCTION "welfare"."member_marks"();
--> statement-breakpoint
CREATE TRIGGER "member_marks" AFTER UPDATE ON "welfare"."member" FOR EACH ROW
  WHEN ((OLD.household_id, OLD.family_id, OLD.suffix, OLD.relation, OLD.match_status, OLD.person_id, OLD.claimed_name, OLD.claimed_nik, OLD.state, OLD.region)
    IS DISTINCT FROM (NEW.household_id, NEW.family_id, NEW.suffix, NEW.relation, NEW.match_status, NEW.person_id, NEW.claimed_name, NEW.claimed_nik, NEW.state, NEW.region))
  EXECUTE FUNCTION "welfare"."member_marks"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."household_marks"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO welfare.village_dirty (region) VALUES (NEW.region);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "household_marks" AFTER UPDATE ON "welfare"."household" FOR EACH ROW
  WHEN ((OLD.address, OLD.surveyed_on) IS DISTINCT FROM (NEW.address, NEW.surveyed_on)) EXECUTE FUNCTION "welfare"."household_marks"();
--> statement-breakpoint
-- A load of the owner inserts millions of rows: it marks every village once, at its end.
CREATE FUNCTION "welfare"."load_marks"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO welfare.village_dirty (region) SELECT DISTINCT h.region FROM welfare.household h;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "import_marks" AFTER INSERT ON "welfare"."import_run" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "welfare"."load_marks"();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "seed_marks" AFTER INSERT ON "welfare"."synthetic_seed" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "welfare"."load_marks"();
--> statement-breakpoint
INSERT INTO "welfare"."village_dirty" ("region") SELECT DISTINCT region FROM "welfare"."household";
--> statement-breakpoint
GRANT SELECT ON "welfare"."integrity_rule", "welfare"."integrity_breach", "welfare"."village_score", "welfare"."village_breaches", "welfare"."village_match" TO "hub_welfare", "hub_welfare_jobs";
--> statement-breakpoint
GRANT INSERT, UPDATE, DELETE ON "welfare"."integrity_breach", "welfare"."village_score", "welfare"."village_breaches", "welfare"."village_match" TO "hub_welfare_jobs";
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON "welfare"."village_dirty" TO "hub_welfare_jobs";
