-- Envelopes that have acted. A process remembers by itself which it has seen; the other replicas of the slice know by this table, which an act writes in
-- its own transaction: a second act of one envelope offends the key. Nobody reads it. An envelope lives ten seconds; after an hour its row may go.
CREATE TABLE "population"."used_envelope" (
	"id" text PRIMARY KEY NOT NULL,
	"used_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "population"."used_envelope" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "population"."used_envelope" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_population_uses" ON "population"."used_envelope" AS PERMISSIVE FOR INSERT TO "hub_population" WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_forgets" ON "population"."used_envelope" AS PERMISSIVE FOR DELETE TO "hub_population" USING (used_at < clock_timestamp() - interval '1 hour');
--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."used_envelope" AS PERMISSIVE FOR ALL TO "hub_population_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT INSERT ("id"), DELETE ON "population"."used_envelope" TO "hub_population";
