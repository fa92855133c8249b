-- Analysts ask what the services of their agency may ask, and govern nothing: a role that no rule about stewards names.
ALTER TABLE "governance"."steward_key" DROP CONSTRAINT "steward_key_roles";
--> statement-breakpoint
ALTER TABLE "governance"."steward_key" ADD CONSTRAINT "steward_key_roles" CHECK (roles <@ array['STEWARD', 'DPO', 'AUDITOR', 'OPERATOR', 'OFFICER', 'PROGRAM_OFFICER', 'ANALYST']);
--> statement-breakpoint
-- Whoever acts is told their own name and roles, also where they act as a service would and see no steward: then by the agency and the role of analyst,
-- for no officer acts. Nobody else is told.
CREATE FUNCTION "governance"."acting"(person text) RETURNS TABLE (id text, agency_code text, name text, roles text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.id, s.agency_code, s.name, array(
    SELECT DISTINCT role FROM governance.steward_key k, unnest(k.roles) role WHERE k.steward_id = s.id AND k.retired_at IS NULL ORDER BY role)
  FROM governance.steward s
  WHERE s.id = acting.person AND s.status = 'ACTIVE' AND s.agency_code = (nullif(current_setting('hub.agency', true), '')::text[])[1]
    AND coalesce(governance.officer() = s.id, EXISTS (SELECT FROM governance.steward_key k
      WHERE k.steward_id = s.id AND k.retired_at IS NULL AND 'ANALYST' = ANY (k.roles)))
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."acting"(text) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."acting"(text) TO "hub_governance";
