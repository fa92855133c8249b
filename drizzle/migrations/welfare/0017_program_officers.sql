-- Officers of the aid programs have no duty in the registry: of its households and members they read what their agreement opens in its regions, and of its
-- workflows nothing.
CREATE OR REPLACE FUNCTION "welfare"."seen_regions"() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN welfare.officer() IS NULL OR (nullif(current_setting('hub.purpose', true), '')::text[])[1] IN ('ACCESS_GOVERNANCE', 'PROGRAM_MANAGEMENT')
    THEN array[''] ELSE welfare.duty_regions() END
$$;
--> statement-breakpoint
-- Of the households of one's own asks the slice alone: its policies do.
REVOKE ALL ON FUNCTION "welfare"."own_households" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."own_households" TO "hub_welfare";
