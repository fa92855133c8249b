ALTER TABLE "population"."review_case" ADD COLUMN "bits" double precision[] DEFAULT '{}' NOT NULL;
--> statement-breakpoint
GRANT SELECT ("bits") ON "population"."review_case" TO "hub_population";
