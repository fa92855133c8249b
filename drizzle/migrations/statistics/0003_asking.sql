CREATE TABLE "statistics"."figured_region" (
	"cube" text collate "C" NOT NULL,
	"digits" smallint NOT NULL,
	"region" text collate "C" NOT NULL,
	"is_public" boolean NOT NULL,
	CONSTRAINT "figured_region_cube_digits_region_pk" PRIMARY KEY("cube","digits","region")
);
--> statement-breakpoint
ALTER TABLE "statistics"."figured_region" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "statistics"."figured_region" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_statistics_reads" ON "statistics"."figured_region" AS PERMISSIVE FOR SELECT TO "hub_statistics" USING (current_setting('hub.regions')::text[] is not null and (is_public or ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]))));
--> statement-breakpoint
CREATE POLICY "hub_statistics_jobs_all" ON "statistics"."figured_region" AS PERMISSIVE FOR ALL TO "hub_statistics_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_statistics_owner_all" ON "statistics"."figured_region" AS PERMISSIVE FOR ALL TO "hub_statistics_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT ON "statistics"."figured_region" TO "hub_statistics";
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON "statistics"."figured_region" TO "hub_statistics_jobs";
--> statement-breakpoint
CREATE FUNCTION "statistics"."keep_figured_regions"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO statistics.figured_region (cube, digits, region, is_public) SELECT DISTINCT cube, length(region), region, is_public FROM made ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "figured_region" AFTER INSERT ON "statistics"."cell" REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION "statistics"."keep_figured_regions"();
--> statement-breakpoint
ALTER TABLE "statistics"."cell" ADD CONSTRAINT "cell_key" CHECK (cardinality(key) between 1 and 3);
--> statement-breakpoint
ALTER TABLE "statistics"."cell" ADD COLUMN "key_text" text collate "C" GENERATED ALWAYS AS (key[1] || coalesce('|' || key[2], '') || coalesce('|' || key[3], '')) STORED NOT NULL;
--> statement-breakpoint
ALTER TABLE "statistics"."cell" ADD COLUMN "digits" smallint GENERATED ALWAYS AS (length(region)) STORED NOT NULL;
--> statement-breakpoint
ALTER TABLE "statistics"."cell" DROP CONSTRAINT "cell_cube_region_key_period_pk";
--> statement-breakpoint
ALTER TABLE "statistics"."cell" ADD CONSTRAINT "cell_cube_period_digits_key_text_region_pk" PRIMARY KEY("cube","period","digits","key_text","region");
