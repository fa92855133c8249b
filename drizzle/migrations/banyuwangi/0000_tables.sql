CREATE SCHEMA "banyuwangi";
--> statement-breakpoint
-- The officer of programs who acts; null: none does.
CREATE FUNCTION "banyuwangi"."officer"() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (nullif(current_setting('hub.officer', true), '')::text[])[1] WHERE (nullif(current_setting('hub.purpose', true), '')::text[])[1] = 'PROGRAM_MANAGEMENT'
$$;
--> statement-breakpoint
-- The person who asks about themselves or whom they represent; null: none does.
CREATE FUNCTION "banyuwangi"."citizen"() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT ((nullif(current_setting('hub.citizen', true), '')::text[])[1])::uuid $$;
--> statement-breakpoint
CREATE TABLE "banyuwangi"."meal_aid" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"started_on" date NOT NULL,
	"ended_on" date,
	"decision" text NOT NULL,
	"reason" text,
	"started_by" text collate "C" NOT NULL,
	"ended_by" text collate "C",
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "meal_aid_days" CHECK (ended_on >= started_on),
	CONSTRAINT "meal_aid_end" CHECK (num_nonnulls(ended_on, reason, ended_by) in (0, 3))
);
--> statement-breakpoint
ALTER TABLE "banyuwangi"."meal_aid" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "banyuwangi"."meal_month" (
	"aid_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"month" date NOT NULL,
	"meals" integer NOT NULL,
	"value" bigint NOT NULL,
	"reason" text NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"confirmed_by" text collate "C",
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "meal_month_person_id_month_pk" PRIMARY KEY("person_id","month"),
	CONSTRAINT "meal_month_first" CHECK (extract(day from month) = 1),
	CONSTRAINT "meal_month_meals" CHECK (meals between 0 and 62),
	CONSTRAINT "meal_month_four_eyes" CHECK (recorded_by <> confirmed_by)
);
--> statement-breakpoint
ALTER TABLE "banyuwangi"."meal_month" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "banyuwangi"."meal_price" (
	"valid_from" date PRIMARY KEY NOT NULL,
	"price" bigint NOT NULL,
	"legal_basis" text NOT NULL,
	CONSTRAINT "meal_price_price" CHECK (price > 0)
);
--> statement-breakpoint
CREATE TABLE "banyuwangi"."meal_step" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	"aid_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text collate "C" NOT NULL,
	"act" text NOT NULL,
	"month" date,
	"meals" integer,
	"reason" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "banyuwangi"."meal_step" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "banyuwangi"."officer_duty" (
	"officer_id" text collate "C" NOT NULL,
	"agency" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone,
	CONSTRAINT "officer_duty_officer_id_agency_region_valid_from_pk" PRIMARY KEY("officer_id","agency","region","valid_from"),
	CONSTRAINT "officer_duty_region" CHECK (region ~ '^3510([0-9]{2}|[0-9]{6})?$'),
	CONSTRAINT "officer_duty_period" CHECK (valid_to > valid_from)
);
--> statement-breakpoint
ALTER TABLE "banyuwangi"."officer_duty" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "banyuwangi"."synthetic_seed" (
	"batch" integer PRIMARY KEY NOT NULL,
	"seed" text NOT NULL,
	"households" integer NOT NULL,
	"persons" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "banyuwangi"."meal_month" ADD CONSTRAINT "meal_month_aid_id_meal_aid_id_fk" FOREIGN KEY ("aid_id") REFERENCES "banyuwangi"."meal_aid"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "banyuwangi"."meal_step" ADD CONSTRAINT "meal_step_aid_id_meal_aid_id_fk" FOREIGN KEY ("aid_id") REFERENCES "banyuwangi"."meal_aid"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "meal_aid_person" ON "banyuwangi"."meal_aid" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "meal_aid_region" ON "banyuwangi"."meal_aid" USING btree ("region","id");--> statement-breakpoint
CREATE INDEX "meal_month_aid" ON "banyuwangi"."meal_month" USING btree ("aid_id","month");--> statement-breakpoint
CREATE INDEX "meal_step_aid" ON "banyuwangi"."meal_step" USING btree ("aid_id","id");--> statement-breakpoint
-- Where the officer of programs who asks runs the program now, as prefixes of regions; everywhere (an empty one) where none does. In policies as a subquery:
-- once a statement, not once a row.
CREATE FUNCTION "banyuwangi"."seen_regions"() RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN banyuwangi.officer() IS NULL THEN array[''] ELSE (SELECT coalesce(array_agg(d.region), '{}') FROM banyuwangi.officer_duty d
    WHERE d.officer_id = banyuwangi.officer() AND d.agency = (nullif(current_setting('hub.agency', true), '')::text[])[1]
    AND d.valid_from <= clock_timestamp() AND (d.valid_to IS NULL OR clock_timestamp() < d.valid_to)) END
$$;
--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_reads" ON "banyuwangi"."meal_aid" AS PERMISSIVE FOR SELECT TO "hub_banyuwangi" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and current_setting('hub.programs')::text[] && array['*', 'RANTANG_KASIH'] and region ^@ any ((select banyuwangi.seen_regions())::text[]) and (banyuwangi.citizen() is null or person_id = banyuwangi.citizen()));--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_starts" ON "banyuwangi"."meal_aid" AS PERMISSIVE FOR INSERT TO "hub_banyuwangi" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and banyuwangi.officer() is not null);--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_ends" ON "banyuwangi"."meal_aid" AS PERMISSIVE FOR UPDATE TO "hub_banyuwangi" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and current_setting('hub.programs')::text[] && array['*', 'RANTANG_KASIH'] and region ^@ any ((select banyuwangi.seen_regions())::text[]) and (banyuwangi.citizen() is null or person_id = banyuwangi.citizen())) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and banyuwangi.officer() is not null);--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_owner_all" ON "banyuwangi"."meal_aid" AS PERMISSIVE FOR ALL TO "hub_banyuwangi_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_reads" ON "banyuwangi"."meal_month" AS PERMISSIVE FOR SELECT TO "hub_banyuwangi" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and current_setting('hub.programs')::text[] && array['*', 'RANTANG_KASIH'] and region ^@ any ((select banyuwangi.seen_regions())::text[]) and (banyuwangi.citizen() is null or person_id = banyuwangi.citizen()));--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_records" ON "banyuwangi"."meal_month" AS PERMISSIVE FOR INSERT TO "hub_banyuwangi" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and banyuwangi.officer() is not null);--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_changes" ON "banyuwangi"."meal_month" AS PERMISSIVE FOR UPDATE TO "hub_banyuwangi" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and current_setting('hub.programs')::text[] && array['*', 'RANTANG_KASIH'] and region ^@ any ((select banyuwangi.seen_regions())::text[]) and (banyuwangi.citizen() is null or person_id = banyuwangi.citizen())) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and banyuwangi.officer() is not null);--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_owner_all" ON "banyuwangi"."meal_month" AS PERMISSIVE FOR ALL TO "hub_banyuwangi_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_reads" ON "banyuwangi"."meal_step" AS PERMISSIVE FOR SELECT TO "hub_banyuwangi" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and current_setting('hub.programs')::text[] && array['*', 'RANTANG_KASIH'] and region ^@ any ((select banyuwangi.seen_regions())::text[]) and (banyuwangi.citizen() is null or person_id = banyuwangi.citizen()));--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_owner_all" ON "banyuwangi"."meal_step" AS PERMISSIVE FOR ALL TO "hub_banyuwangi_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_reads" ON "banyuwangi"."officer_duty" AS PERMISSIVE FOR SELECT TO "hub_banyuwangi" USING (true);--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_owner_all" ON "banyuwangi"."officer_duty" AS PERMISSIVE FOR ALL TO "hub_banyuwangi_owner" USING (true) WITH CHECK (true);