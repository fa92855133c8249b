ALTER TABLE "governance"."entry_subject" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "hub_log_writes" ON "governance"."entry_subject" AS PERMISSIVE FOR ALL TO "hub_log" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."entry_subject" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
ALTER TABLE "governance"."entry_subject" FORCE ROW LEVEL SECURITY;
