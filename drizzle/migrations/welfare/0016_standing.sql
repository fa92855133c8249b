-- Whether persons stand in the registry, and how far: what an office needs to say where an aid stops, and nothing of the household. It asks past the duties
-- of the registry's officers, so it answers claims alone; the agreement's regions and deciles and the data subject's own rows bind it as any row. Of several
-- entries of a person the best one speaks.
CREATE FUNCTION "welfare"."standing_of"(persons uuid[]) RETURNS TABLE ("person_id" uuid, "is_active" boolean, "is_matched" boolean, "is_ranked" boolean, "determined_for" date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT ON (m.person_id) m.person_id, m.state = 'ACTIVE', m.match_status = 'MATCHED', m.household_decile IS NOT NULL,
    (SELECT max(n.month) FROM welfare.determined d JOIN welfare.determination n ON n.basis = d.basis AND n.state = 'DETERMINED' AND n.month >= d.from_month
      WHERE d.member_id = m.id AND d.to_month IS NULL)
  FROM welfare.member m
  WHERE m.person_id = ANY (persons) AND m.state <> 'MERGED' AND (welfare.citizen() IS NULL OR m.person_id = welfare.citizen())
    AND ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]))
    AND coalesce(m.household_decile, 100) <= current_setting('hub.decile_max')::int
  ORDER BY m.person_id, m.state = 'ACTIVE' DESC, m.match_status = 'MATCHED' DESC, m.household_decile IS NOT NULL DESC, m.id
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."standing_of" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."standing_of" TO "hub_welfare";
