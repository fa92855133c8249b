-- Envelopes that have acted. A process remembers by itself which it has seen; the other replicas of the slice know by this table, which an act writes in
-- its own transaction: a second act of one envelope offends the key. Nobody reads it. An envelope lives ten seconds; after an hour its row may go.
CREATE TABLE "welfare"."used_envelope" (
	"id" text PRIMARY KEY NOT NULL,
	"used_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "welfare"."used_envelope" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."used_envelope" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_welfare_uses" ON "welfare"."used_envelope" AS PERMISSIVE FOR INSERT TO "hub_welfare" WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_forgets" ON "welfare"."used_envelope" AS PERMISSIVE FOR DELETE TO "hub_welfare" USING (used_at < clock_timestamp() - interval '1 hour');
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."used_envelope" AS PERMISSIVE FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT INSERT ("id"), DELETE ON "welfare"."used_envelope" TO "hub_welfare";
