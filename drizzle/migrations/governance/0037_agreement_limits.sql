-- Limits of one question that an agreement holds for itself (schema/policy/questionLimits.ts). How high they may be the hub knows, which takes the least of both.
CREATE FUNCTION "governance"."are_question_limits"(limits jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT jsonb_typeof(limits) = 'object' AND limits <> '{}'::jsonb AND NOT EXISTS (
    SELECT FROM jsonb_each(CASE WHEN jsonb_typeof(limits) = 'object' THEN limits ELSE '{}'::jsonb END) l
    WHERE l.key <> ALL (ARRAY['bodyBytes', 'tokens', 'depth', 'aliases', 'rootFields', 'cost', 'subjects'])
      OR l.value::text !~ '^[1-9][0-9]{0,8}$')
$$;
--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "limits" jsonb;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD CONSTRAINT "agreement_version_question_limits" CHECK (governance.are_question_limits(limits));
--> statement-breakpoint
-- As it was, and the limits of a version that has any behind all the rest: what was signed before reads as it did, to the byte.
CREATE OR REPLACE FUNCTION "governance"."content_of"(number text, version integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN c.limits IS NULL THEN c.said ELSE left(c.said, -1) || ', "limits" : ' || c.limits::text || '}' END
  FROM (SELECT v.limits, json_build_object(
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
      FROM governance.resolved_coordinate r WHERE r.agreement_number = v.agreement_number AND r.version = v.version), '[]'::json))::text AS said
    FROM governance.agreement a JOIN governance.agreement_version v ON v.agreement_number = a.number
      JOIN governance.purpose p ON p.code = a.purpose_code
    WHERE a.number = content_of.number AND v.version = content_of.version) c
$$;
