DROP POLICY "hub_gateway_inserts" ON "governance"."entry" CASCADE;--> statement-breakpoint
DROP POLICY "hub_gateway_reads" ON "governance"."issued_pseudonym" CASCADE;--> statement-breakpoint
-- The record is written as a role that can do nothing else, and read as one that cannot write it.
REVOKE INSERT ON "governance"."entry" FROM "hub_gateway";
--> statement-breakpoint
REVOKE SELECT ON "governance"."issued_pseudonym" FROM "hub_gateway";
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."disclose"(json) FROM "hub_gateway";
--> statement-breakpoint
GRANT USAGE ON SCHEMA "governance" TO "hub_record", "hub_log";
--> statement-breakpoint
GRANT INSERT ("leaf", "body", "request_id", "client", "agreement", "subjects") ON "governance"."entry" TO "hub_record";
--> statement-breakpoint
GRANT SELECT ON "governance"."issued_pseudonym", "governance"."epoch" TO "hub_record";
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."disclose"(json) TO "hub_record";
--> statement-breakpoint
GRANT SELECT ON "governance"."entry", "governance"."quota_counter", "governance"."canary", "governance"."subject_request", "governance"."breach_case" TO "hub_log";
--> statement-breakpoint
GRANT SELECT, INSERT ON "governance"."tree_entry", "governance"."checkpoint", "governance"."cosignature", "governance"."entry_subject", "governance"."subject_request_event" TO "hub_log";
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON "governance"."tile", "governance"."record_cursor", "governance"."usage_day", "governance"."usage_field", "governance"."watch_alert" TO "hub_log";
--> statement-breakpoint
GRANT SELECT ON "governance"."checkpoint", "governance"."cosignature", "governance"."restriction", "governance"."sanction" TO "hub_gateway";
--> statement-breakpoint
GRANT SELECT ON "governance"."tree_entry", "governance"."tile", "governance"."checkpoint", "governance"."cosignature", "governance"."usage_day", "governance"."usage_field", "governance"."representation", "governance"."subject_request", "governance"."subject_request_event", "governance"."restriction", "governance"."sanction", "governance"."breach_case", "governance"."breach_subject", "governance"."watch_alert", "governance"."canary" TO "hub_governance";
--> statement-breakpoint
GRANT INSERT ON "governance"."representation", "governance"."subject_request", "governance"."subject_request_event", "governance"."restriction", "governance"."sanction", "governance"."breach_case", "governance"."breach_subject", "governance"."canary" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("ended_at", "ended_by") ON "governance"."representation" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("state", "handler", "closed_at", "closed_by", "outcome", "refusal_reason", "citation") ON "governance"."subject_request" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("lifted_at", "lifted_by") ON "governance"."restriction" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("lifted_at", "lifted_by", "lift_reason") ON "governance"."sanction" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("state", "handling", "subjects_notified_at", "authority_notified_at", "closed_by", "closed_at") ON "governance"."breach_case" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("retired_at") ON "governance"."canary" TO "hub_governance";
--> statement-breakpoint
ALTER TABLE "governance"."representation" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."subject_request" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."subject_request_event" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."restriction" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."sanction" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."breach_case" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."breach_subject" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."watch_alert" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."canary" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- A restriction or sanction is policy: it bites as a revoked agreement does.
CREATE TRIGGER "restriction_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."restriction" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE TRIGGER "sanction_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."sanction" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
