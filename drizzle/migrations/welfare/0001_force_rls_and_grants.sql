-- Forced: the owner obeys the policies too. Bookkeeping (synthetic_seed, synthetic_truth, import_run) stays with the owner.
ALTER TABLE "welfare"."household" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."family" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."member" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."ranking" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."ppks_status" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."psks_role" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."synthetic_truth" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
GRANT USAGE ON SCHEMA "welfare" TO "hub_welfare";
--> statement-breakpoint
GRANT SELECT ON "welfare"."registry_version", "welfare"."psks_institution", "welfare"."decile_count", "welfare"."household", "welfare"."family", "welfare"."member", "welfare"."ranking", "welfare"."ppks_status", "welfare"."psks_role" TO "hub_welfare";
