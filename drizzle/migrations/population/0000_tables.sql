CREATE SCHEMA "population";
--> statement-breakpoint
CREATE TYPE "population"."disability" AS ENUM('NONE', 'PHYSICAL', 'INTELLECTUAL', 'MENTAL', 'SENSORY', 'MULTIPLE');--> statement-breakpoint
CREATE TYPE "population"."region_level" AS ENUM('PROVINCE', 'REGENCY', 'DISTRICT', 'VILLAGE');--> statement-breakpoint
CREATE TYPE "population"."sex" AS ENUM('MALE', 'FEMALE');--> statement-breakpoint
CREATE TABLE "population"."family_card" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigint NOT NULL,
	"region" text collate "C" NOT NULL,
	"issued_on" date NOT NULL,
	CONSTRAINT "family_card_number_unique" UNIQUE("number"),
	CONSTRAINT "family_card_number" CHECK (number between 1000000000000000 and 9999999999999999)
);
--> statement-breakpoint
ALTER TABLE "population"."family_card" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "population"."family_card_member" (
	"person_id" uuid NOT NULL,
	"family_card_id" uuid NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"position" smallint NOT NULL,
	"region" text collate "C" NOT NULL,
	CONSTRAINT "family_card_member_person_id_family_card_id_valid_from_pk" PRIMARY KEY("person_id","family_card_id","valid_from")
);
--> statement-breakpoint
ALTER TABLE "population"."family_card_member" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "population"."person" (
	"id" uuid PRIMARY KEY NOT NULL,
	"nik" bigint NOT NULL,
	"full_name" text collate "C" NOT NULL,
	"sex" "population"."sex" NOT NULL,
	"birth_date" date NOT NULL,
	"birth_place" text NOT NULL,
	"mother_name" text NOT NULL,
	"address" text NOT NULL,
	"region" text collate "C" NOT NULL,
	"is_alive" boolean DEFAULT true NOT NULL,
	"disability" "population"."disability" DEFAULT 'NONE' NOT NULL,
	"family_card_id" uuid,
	CONSTRAINT "person_nik_unique" UNIQUE("nik"),
	CONSTRAINT "person_nik" CHECK (nik between 1000000000000000 and 9999999999999999)
);
--> statement-breakpoint
ALTER TABLE "population"."person" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "population"."region" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"level" "population"."region_level" NOT NULL,
	"parent_code" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "population"."synthetic_seed" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"seed" text NOT NULL,
	"households" integer NOT NULL,
	"persons" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "population"."family_card" ADD CONSTRAINT "family_card_region_region_code_fk" FOREIGN KEY ("region") REFERENCES "population"."region"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "population"."family_card_member" ADD CONSTRAINT "family_card_member_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "population"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "population"."family_card_member" ADD CONSTRAINT "family_card_member_family_card_id_family_card_id_fk" FOREIGN KEY ("family_card_id") REFERENCES "population"."family_card"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "population"."person" ADD CONSTRAINT "person_region_region_code_fk" FOREIGN KEY ("region") REFERENCES "population"."region"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "population"."person" ADD CONSTRAINT "person_family_card_id_family_card_id_fk" FOREIGN KEY ("family_card_id") REFERENCES "population"."family_card"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "population"."region" ADD CONSTRAINT "region_parent_code_region_code_fk" FOREIGN KEY ("parent_code") REFERENCES "population"."region"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "family_card_region" ON "population"."family_card" USING btree ("region");--> statement-breakpoint
CREATE UNIQUE INDEX "family_card_member_today" ON "population"."family_card_member" USING btree ("person_id") WHERE valid_to is null;--> statement-breakpoint
CREATE INDEX "family_card_member_card" ON "population"."family_card_member" USING btree ("family_card_id","position");--> statement-breakpoint
CREATE INDEX "person_region" ON "population"."person" USING btree ("region");--> statement-breakpoint
CREATE INDEX "person_family_card" ON "population"."person" USING btree ("family_card_id");--> statement-breakpoint
CREATE INDEX "person_full_name" ON "population"."person" USING btree ("full_name","id");--> statement-breakpoint
CREATE INDEX "person_birth_date" ON "population"."person" USING btree ("birth_date","id");--> statement-breakpoint
CREATE INDEX "region_parent" ON "population"."region" USING btree ("parent_code","code");--> statement-breakpoint
CREATE POLICY "hub_population_reads" ON "population"."family_card" AS PERMISSIVE FOR SELECT TO "hub_population" USING ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."family_card" AS PERMISSIVE FOR ALL TO "hub_population_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_population_reads" ON "population"."family_card_member" AS PERMISSIVE FOR SELECT TO "hub_population" USING ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."family_card_member" AS PERMISSIVE FOR ALL TO "hub_population_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_population_reads" ON "population"."person" AS PERMISSIVE FOR SELECT TO "hub_population" USING ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."person" AS PERMISSIVE FOR ALL TO "hub_population_owner" USING (true) WITH CHECK (true);