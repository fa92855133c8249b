-- Envelopes that have acted. A process remembers by itself which it has seen; the other replicas of the slice know by this table, which an act writes in
-- its own transaction: a second act of one envelope offends the key. Nobody reads it. An envelope lives ten seconds; after an hour its row may go.
CREATE TABLE "programs"."used_envelope" (
	"id" text PRIMARY KEY NOT NULL,
	"used_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "programs"."used_envelope" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "programs"."used_envelope" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_uses" ON "programs"."used_envelope" AS PERMISSIVE FOR INSERT TO "hub_programs" WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_forgets" ON "programs"."used_envelope" AS PERMISSIVE FOR DELETE TO "hub_programs" USING (used_at < clock_timestamp() - interval '1 hour');
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."used_envelope" AS PERMISSIVE FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT INSERT ("id"), DELETE ON "programs"."used_envelope" TO "hub_programs";
