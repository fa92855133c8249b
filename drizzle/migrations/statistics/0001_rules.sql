-- Forced: the owner obeys the policies too. Cubes, releases and published figures are public.
ALTER TABLE "statistics"."cell" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "statistics"."reader" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
GRANT USAGE ON SCHEMA "statistics" TO "hub_statistics", "hub_statistics_jobs";
--> statement-breakpoint
GRANT SELECT ON "statistics"."cube", "statistics"."release", "statistics"."cell", "statistics"."published_figure" TO "hub_statistics";
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "statistics"."cube", "statistics"."release", "statistics"."cell", "statistics"."published_figure", "statistics"."reader" TO "hub_statistics_jobs";
