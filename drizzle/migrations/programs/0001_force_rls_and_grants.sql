-- Forced: the owner obeys the policies too. Bookkeeping (synthetic_seed) stays with the owner.
ALTER TABLE "programs"."enrolment" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "programs"."payment_period" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
GRANT USAGE ON SCHEMA "programs" TO "hub_programs";
--> statement-breakpoint
GRANT SELECT ON "programs"."program", "programs"."enrolment", "programs"."payment_period" TO "hub_programs";
