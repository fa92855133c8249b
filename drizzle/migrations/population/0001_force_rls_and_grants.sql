-- Forced: the owner obeys the policies too. Bookkeeping (synthetic_seed) stays with the owner.
ALTER TABLE "population"."family_card" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "population"."person" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "population"."family_card_member" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
GRANT USAGE ON SCHEMA "population" TO "hub_population";
--> statement-breakpoint
GRANT SELECT ON "population"."region", "population"."family_card", "population"."person", "population"."family_card_member" TO "hub_population";
