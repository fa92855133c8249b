-- Messages of the DCI standard that came, as marks: a message that came to one gateway comes to none again. A gateway takes them, and forgets them when their
-- time has run out; none sooner, so that nobody makes room for a message of before.
CREATE TABLE "governance"."dci_message" (
	"mark" "bytea" PRIMARY KEY NOT NULL,
	"seen_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "dci_message_mark" CHECK (octet_length(mark) = 32)
);
--> statement-breakpoint
ALTER TABLE "governance"."dci_message" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."dci_message" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE INDEX "dci_message_seen" ON "governance"."dci_message" USING btree ("seen_at");
--> statement-breakpoint
CREATE POLICY "hub_gateway_takes" ON "governance"."dci_message" AS PERMISSIVE FOR INSERT TO "hub_gateway" WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."dci_message" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_gateway_forgets" ON "governance"."dci_message" AS PERMISSIVE FOR DELETE TO "hub_gateway" USING (seen_at < clock_timestamp() - interval '30 minutes');
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."dci_message" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT, INSERT ("mark"), DELETE ON "governance"."dci_message" TO "hub_gateway";
