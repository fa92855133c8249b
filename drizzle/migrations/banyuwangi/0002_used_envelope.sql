-- Envelopes that have acted. A process remembers by itself which it has seen; the other replicas of the slice know by this table, which an act writes in
-- its own transaction: a second act of one envelope offends the key. Nobody reads it. An envelope lives ten seconds; after an hour its row may go.
CREATE TABLE "banyuwangi"."used_envelope" (
	"id" text PRIMARY KEY NOT NULL,
	"used_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "banyuwangi"."used_envelope" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "banyuwangi"."used_envelope" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_uses" ON "banyuwangi"."used_envelope" AS PERMISSIVE FOR INSERT TO "hub_banyuwangi" WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_forgets" ON "banyuwangi"."used_envelope" AS PERMISSIVE FOR DELETE TO "hub_banyuwangi" USING (used_at < clock_timestamp() - interval '1 hour');
--> statement-breakpoint
CREATE POLICY "hub_banyuwangi_owner_all" ON "banyuwangi"."used_envelope" AS PERMISSIVE FOR ALL TO "hub_banyuwangi_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT INSERT ("id"), DELETE ON "banyuwangi"."used_envelope" TO "hub_banyuwangi";
