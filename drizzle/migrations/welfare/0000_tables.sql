CREATE SCHEMA "welfare";
--> statement-breakpoint
CREATE TYPE "welfare"."family_relation" AS ENUM('HEAD', 'SPOUSE', 'CHILD', 'CHILD_IN_LAW', 'GRANDCHILD', 'PARENT_OR_IN_LAW', 'DOMESTIC_WORKER', 'OTHER');--> statement-breakpoint
CREATE TYPE "welfare"."match_status" AS ENUM('MATCHED', 'MISMATCHED', 'NOT_FOUND', 'DUPLICATE', 'DECEASED', 'INACTIVE', 'ANOMALY', 'NOT_YET_MATCHED');--> statement-breakpoint
CREATE TYPE "welfare"."member_state" AS ENUM('ACTIVE', 'DORMANT', 'DECEASED', 'MERGED');--> statement-breakpoint
CREATE TYPE "welfare"."ppks_kind" AS ENUM('NEGLECTED_TODDLER', 'NEGLECTED_CHILD', 'CHILD_IN_CONFLICT_WITH_LAW', 'STREET_CHILD', 'CHILD_WITH_DISABILITY', 'CHILD_VICTIM_OF_VIOLENCE', 'CHILD_NEEDING_PROTECTION', 'NEGLECTED_ELDER', 'PERSON_WITH_DISABILITY', 'SEX_WORKER', 'HOMELESS', 'BEGGAR', 'SCAVENGER', 'MINORITY_GROUP', 'FORMER_PRISONER', 'PERSON_WITH_HIV', 'DRUG_VICTIM', 'TRAFFICKING_VICTIM', 'VIOLENCE_VICTIM', 'TROUBLED_MIGRANT_WORKER', 'NATURAL_DISASTER_VICTIM', 'SOCIAL_DISASTER_VICTIM', 'VULNERABLE_WOMAN', 'POOR', 'TROUBLED_FAMILY', 'REMOTE_COMMUNITY');--> statement-breakpoint
CREATE TYPE "welfare"."psks_kind" AS ENUM('PROFESSIONAL_SOCIAL_WORKER', 'PSM', 'TAGANA', 'LKS', 'KARANG_TARUNA', 'LK3', 'PIONEER_FAMILY', 'WKSBM', 'WOMAN_WELFARE_LEADER', 'SOCIAL_EXTENSION_WORKER', 'TKSK', 'BUSINESS');--> statement-breakpoint
CREATE TYPE "welfare"."registry_basis" AS ENUM('DTKS', 'DTSEN');--> statement-breakpoint
CREATE TABLE "welfare"."decile_count" (
	"version_id" text collate "C" NOT NULL,
	"decile" smallint,
	"households" integer NOT NULL,
	CONSTRAINT "decile_count_cell" UNIQUE NULLS NOT DISTINCT("version_id","decile")
);
--> statement-breakpoint
CREATE TABLE "welfare"."family" (
	"id" uuid NOT NULL,
	"household_id" uuid NOT NULL,
	"registry_number" text collate "C" NOT NULL,
	"number_in_household" smallint NOT NULL,
	"family_card_id" uuid,
	"claimed_card_number" text collate "C",
	"region" text collate "C" NOT NULL,
	"household_decile" smallint,
	CONSTRAINT "family_id_household_id_pk" PRIMARY KEY("id","household_id")
);
--> statement-breakpoint
ALTER TABLE "welfare"."family" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "welfare"."household" (
	"id" uuid PRIMARY KEY NOT NULL,
	"region" text collate "C" NOT NULL,
	"address" text NOT NULL,
	"monthly_income" bigint,
	"floor_area" integer,
	"surveyed_on" date,
	"decile" smallint,
	CONSTRAINT "household_decile_range" CHECK (decile between 1 and 10),
	CONSTRAINT "household_income_range" CHECK (monthly_income >= 0)
);
--> statement-breakpoint
ALTER TABLE "welfare"."household" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "welfare"."import_run" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "welfare"."import_run_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"finished_at" timestamp with time zone DEFAULT now() NOT NULL,
	"file_name" text NOT NULL,
	"total" integer NOT NULL,
	"loaded" integer NOT NULL,
	"unchanged" integer NOT NULL,
	"rejected" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "welfare"."member" (
	"id" uuid NOT NULL,
	"household_id" uuid NOT NULL,
	"family_id" uuid NOT NULL,
	"suffix" text collate "C" NOT NULL,
	"relation" "welfare"."family_relation" NOT NULL,
	"match_status" "welfare"."match_status" NOT NULL,
	"person_id" uuid,
	"claimed_name" text NOT NULL,
	"claimed_nik" text,
	"state" "welfare"."member_state" NOT NULL,
	"idsemesta" text collate "C",
	"source_hash" text collate "C",
	"region" text collate "C" NOT NULL,
	"household_decile" smallint,
	CONSTRAINT "member_id_household_id_pk" PRIMARY KEY("id","household_id"),
	CONSTRAINT "member_suffix" UNIQUE("household_id","family_id","suffix"),
	CONSTRAINT "member_suffix_form" CHECK (suffix ~ '^[0-9]{2}$' and suffix <> '00'),
	CONSTRAINT "member_person_matched" CHECK ((person_id is not null) = (match_status = 'MATCHED'))
);
--> statement-breakpoint
ALTER TABLE "welfare"."member" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "welfare"."ppks_status" (
	"member_id" uuid NOT NULL,
	"household_id" uuid NOT NULL,
	"kind" "welfare"."ppks_kind" NOT NULL,
	"since" date NOT NULL,
	"region" text collate "C" NOT NULL,
	"household_decile" smallint,
	CONSTRAINT "ppks_status_member_id_kind_household_id_pk" PRIMARY KEY("member_id","kind","household_id")
);
--> statement-breakpoint
ALTER TABLE "welfare"."ppks_status" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "welfare"."psks_institution" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" "welfare"."psks_kind" NOT NULL,
	"region" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "welfare"."psks_role" (
	"person_id" uuid NOT NULL,
	"kind" "welfare"."psks_kind" NOT NULL,
	"since" date NOT NULL,
	"region" text collate "C" NOT NULL,
	CONSTRAINT "psks_role_person_id_kind_pk" PRIMARY KEY("person_id","kind")
);
--> statement-breakpoint
ALTER TABLE "welfare"."psks_role" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "welfare"."ranking" (
	"household_id" uuid NOT NULL,
	"version_id" text collate "C" NOT NULL,
	"percentile" smallint NOT NULL,
	"decile" smallint,
	"region" text collate "C" NOT NULL,
	"household_decile" smallint,
	CONSTRAINT "ranking_household_id_version_id_pk" PRIMARY KEY("household_id","version_id"),
	CONSTRAINT "ranking_decile" CHECK (decile between 1 and 10)
);
--> statement-breakpoint
ALTER TABLE "welfare"."ranking" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "welfare"."registry_version" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"basis" "welfare"."registry_basis" NOT NULL,
	"published_on" date NOT NULL,
	"legal_basis" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "welfare"."synthetic_seed" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"seed" text NOT NULL,
	"households" integer NOT NULL,
	"persons" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "welfare"."synthetic_truth" (
	"member_id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL
);
--> statement-breakpoint
ALTER TABLE "welfare"."synthetic_truth" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "welfare"."decile_count" ADD CONSTRAINT "decile_count_version_id_registry_version_id_fk" FOREIGN KEY ("version_id") REFERENCES "welfare"."registry_version"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "welfare"."family" ADD CONSTRAINT "family_household_id_household_id_fk" FOREIGN KEY ("household_id") REFERENCES "welfare"."household"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "welfare"."member" ADD CONSTRAINT "member_family_id_household_id_family_id_household_id_fk" FOREIGN KEY ("family_id","household_id") REFERENCES "welfare"."family"("id","household_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "welfare"."ppks_status" ADD CONSTRAINT "ppks_status_member_id_household_id_member_id_household_id_fk" FOREIGN KEY ("member_id","household_id") REFERENCES "welfare"."member"("id","household_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "welfare"."ranking" ADD CONSTRAINT "ranking_household_id_household_id_fk" FOREIGN KEY ("household_id") REFERENCES "welfare"."household"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "welfare"."ranking" ADD CONSTRAINT "ranking_version_id_registry_version_id_fk" FOREIGN KEY ("version_id") REFERENCES "welfare"."registry_version"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "family_household" ON "welfare"."family" USING btree ("household_id","number_in_household");--> statement-breakpoint
CREATE UNIQUE INDEX "family_registry_number" ON "welfare"."family" USING btree ("registry_number");--> statement-breakpoint
CREATE INDEX "family_claimed_card" ON "welfare"."family" USING btree ("claimed_card_number");--> statement-breakpoint
CREATE INDEX "household_region" ON "welfare"."household" USING btree ("region");--> statement-breakpoint
CREATE INDEX "household_decile" ON "welfare"."household" USING btree ("decile","id");--> statement-breakpoint
CREATE INDEX "household_income" ON "welfare"."household" USING btree ("monthly_income","id");--> statement-breakpoint
CREATE INDEX "member_family" ON "welfare"."member" USING btree ("family_id");--> statement-breakpoint
CREATE INDEX "member_person" ON "welfare"."member" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "member_unmatched" ON "welfare"."member" USING btree ("match_status","household_id") WHERE match_status <> 'MATCHED';--> statement-breakpoint
CREATE UNIQUE INDEX "member_idsemesta" ON "welfare"."member" USING btree ("idsemesta");--> statement-breakpoint
CREATE INDEX "psks_institution_region" ON "welfare"."psks_institution" USING btree ("region","id");--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."family" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and coalesce(household_decile, 100) <= current_setting('hub.decile_max')::int);--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."family" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."household" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and coalesce(decile, 100) <= current_setting('hub.decile_max')::int);--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."household" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."member" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and coalesce(household_decile, 100) <= current_setting('hub.decile_max')::int);--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."member" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."ppks_status" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and coalesce(household_decile, 100) <= current_setting('hub.decile_max')::int);--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."ppks_status" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."psks_role" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."psks_role" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."ranking" AS PERMISSIVE FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and coalesce(household_decile, 100) <= current_setting('hub.decile_max')::int);--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."ranking" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."synthetic_truth" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);