-- Forced: the owner obeys the policies too.
ALTER TABLE "governance"."steward" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."steward_key" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."resolved_coordinate" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."pending_coordinate" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."approval" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."decision_table" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."quota_use" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."quota_counter" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."issued_pseudonym" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."semester_report" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."access_request" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."glass_break" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."trusted_document" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
GRANT SELECT ON "governance"."steward", "governance"."steward_key", "governance"."supergraph", "governance"."coordinate", "governance"."resolved_coordinate", "governance"."pending_coordinate", "governance"."approval", "governance"."decision_table", "governance"."quota_counter", "governance"."issued_pseudonym", "governance"."semester_report", "governance"."access_request", "governance"."glass_break", "governance"."trusted_document", "governance"."policy_event", "governance"."epoch" TO "hub_governance";
--> statement-breakpoint
GRANT INSERT ON "governance"."agreement", "governance"."agreement_version", "governance"."grant_row", "governance"."resolved_coordinate", "governance"."approval", "governance"."decision_table", "governance"."semester_report", "governance"."access_request", "governance"."glass_break", "governance"."trusted_document", "governance"."policy_event" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ON "governance"."agreement", "governance"."agreement_version", "governance"."access_request", "governance"."glass_break" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("retired_at") ON "governance"."trusted_document" TO "hub_governance";
--> statement-breakpoint
GRANT DELETE ON "governance"."grant_row", "governance"."resolved_coordinate" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("body", "sha256", "key_id", "signature", "compiled_at") ON "governance"."decision_table" TO "hub_governance";
--> statement-breakpoint
GRANT SELECT ON "governance"."steward", "governance"."supergraph", "governance"."decision_table", "governance"."glass_break", "governance"."trusted_document", "governance"."issued_pseudonym" TO "hub_gateway";
--> statement-breakpoint
CREATE TRIGGER "steward_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."steward" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE TRIGGER "decision_table_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."decision_table" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE TRIGGER "glass_break_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."glass_break" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE TRIGGER "trusted_document_changed" AFTER UPDATE ON "governance"."trusted_document" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE FUNCTION "governance"."instant_text"(t timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
--> statement-breakpoint
-- All that a version says, as one JSON text: what stewards sign, tables are compiled from and files carry (schema/policy/content.ts).
CREATE FUNCTION "governance"."content_of"(number text, version integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT json_build_object(
    'v', 1, 'agreement', a.number, 'version', v.version, 'consumer', a.consumer_agency, 'purpose', a.purpose_code,
    'needsCase', p.needs_case, 'needsOfficer', p.needs_officer,
    'validFrom', governance.instant_text(v.valid_from), 'validTo', governance.instant_text(v.valid_to),
    'rowScope', v.row_scope, 'quota', v.quota,
    'verification', json_build_object('floor', v.similarity_floor, 'attemptsOnSubject', v.attempts_on_subject, 'attemptsOfClient', v.attempts_of_client),
    'onDenied', v.on_denied, 'addresses', to_json(v.ip_allow), 'documents', v.documents,
    'armed', CASE WHEN v.armed_minutes IS NOT NULL THEN json_build_object('minutes', v.armed_minutes, 'persons', v.armed_persons) END,
    'author', v.author,
    'grants', coalesce((SELECT json_agg(json_build_object('kind', g.selector_kind, 'selector', g.selector, 'topic', g.topic, 'use', g.use, 'effect', g.effect,
        'maskFn', g.mask_fn, 'params', g.params, 'clause', g.clause, 'widenReason', g.widen_reason, 'home', to_json(g.home), 'elsewhere', g.elsewhere,
        'condition', g.condition) ORDER BY g.position, g.id)
      FROM governance.grant_row g WHERE g.agreement_number = v.agreement_number AND g.version = v.version), '[]'::json),
    'coordinates', coalesce((SELECT json_agg(r.coordinate ORDER BY r.coordinate)
      FROM governance.resolved_coordinate r WHERE r.agreement_number = v.agreement_number AND r.version = v.version), '[]'::json))::text
  FROM governance.agreement a JOIN governance.agreement_version v ON v.agreement_number = a.number
    JOIN governance.purpose p ON p.code = a.purpose_code
  WHERE a.number = content_of.number AND v.version = content_of.version
$$;
--> statement-breakpoint
-- When the clock suspends an agreement: three months after a report was due (Permendagri 102/2019 art. 45), 72 hours after a broken glass closed that nobody has reviewed.
CREATE FUNCTION "governance"."suspends_at"(number text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT least(a.report_due + interval '3 months',
    (SELECT min(g.closes_at) + interval '72 hours' FROM governance.glass_break g WHERE g.agreement_number = a.number AND g.reviewed_at IS NULL))
  FROM governance.agreement a WHERE a.number = suspends_at.number
$$;
