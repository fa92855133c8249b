CREATE TYPE "population"."out_of_service" AS ENUM('DUPLICATE', 'INACTIVE');--> statement-breakpoint
CREATE TABLE "population"."verification_attempt" (
	"agreement" text collate "C" NOT NULL,
	"day" date NOT NULL,
	"subject" text collate "C" NOT NULL,
	"attempts" integer NOT NULL,
	CONSTRAINT "verification_attempt_agreement_day_subject_pk" PRIMARY KEY("agreement","day","subject")
);
--> statement-breakpoint
ALTER TABLE "population"."verification_attempt" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "population"."verification_count" (
	"agreement" text collate "C" NOT NULL,
	"day" date NOT NULL,
	"counted" text collate "C" NOT NULL,
	"used" integer NOT NULL,
	CONSTRAINT "verification_count_agreement_day_counted_pk" PRIMARY KEY("agreement","day","counted")
);
--> statement-breakpoint
ALTER TABLE "population"."verification_count" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "population"."person" ADD COLUMN "out_of_service" "population"."out_of_service";--> statement-breakpoint
CREATE POLICY "hub_population_counts" ON "population"."verification_attempt" AS PERMISSIVE FOR ALL TO "hub_population" USING (agreement = (current_setting('hub.agreement')::text[])[1]) WITH CHECK (agreement = (current_setting('hub.agreement')::text[])[1]);--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."verification_attempt" AS PERMISSIVE FOR ALL TO "hub_population_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_population_counts" ON "population"."verification_count" AS PERMISSIVE FOR ALL TO "hub_population" USING (agreement = (current_setting('hub.agreement')::text[])[1]) WITH CHECK (agreement = (current_setting('hub.agreement')::text[])[1]);--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."verification_count" AS PERMISSIVE FOR ALL TO "hub_population_owner" USING (true) WITH CHECK (true);