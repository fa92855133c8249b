-- Envelopes that have acted. A process remembers by itself which it has seen; the other replicas of the slice know by this table, which an act writes in
-- its own transaction: a second act of one envelope offends the key. Nobody reads it. An envelope lives ten seconds; after an hour its row may go.
CREATE TABLE "governance"."used_envelope" (
	"id" text PRIMARY KEY NOT NULL,
	"used_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "governance"."used_envelope" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."used_envelope" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_governance_uses" ON "governance"."used_envelope" AS PERMISSIVE FOR INSERT TO "hub_governance" WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_forgets" ON "governance"."used_envelope" AS PERMISSIVE FOR DELETE TO "hub_governance" USING (used_at < clock_timestamp() - interval '1 hour');
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."used_envelope" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT INSERT ("id"), DELETE ON "governance"."used_envelope" TO "hub_governance";
