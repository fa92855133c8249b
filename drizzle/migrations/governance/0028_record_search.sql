-- The record is searched by agreement and backwards in time.
CREATE INDEX "entry_agreement" ON "governance"."entry" ("agreement", "id");
--> statement-breakpoint
-- Number of an entry near an instant: entries are numbered as they are written, and their instants run behind or ahead of that by what a transaction
-- takes and by how far the clocks of gateways differ. Who wants all from an instant on asks for an hour before it. Some thirty steps, whatever the size
-- of the record.
CREATE FUNCTION "governance"."entry_from"(instant timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  low bigint := 1;
  high bigint := coalesce((SELECT max(e.id) FROM governance.entry e), 0) + 1;
  middle record;
BEGIN
  WHILE low < high LOOP
    SELECT e.id, e.at INTO middle FROM governance.entry e WHERE e.id >= (low + high) / 2 ORDER BY e.id LIMIT 1;
    IF middle.at < instant THEN low := middle.id + 1; ELSE high := (low + high) / 2; END IF;
  END LOOP;
  RETURN low;
END $$;
--> statement-breakpoint
-- How the steward who asks may look at the record: all of it (auditors, data protection officers of the hub), also what is sealed and delayed (the
-- latter), by persons (auditors and data protection officers). No row for who is none of these, nor a steward.
CREATE FUNCTION "governance"."record_sight"() RETURNS TABLE (agency text, sees_all boolean, sees_sealed boolean, sees_persons boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH asker AS (
    SELECT s.agency_code::text AS agency, array_agg(r.role) AS roles
    FROM governance.steward s JOIN governance.steward_key k ON k.steward_id = s.id AND k.retired_at IS NULL, unnest(k.roles) AS r(role)
    WHERE s.id = governance.officer() AND s.status = 'ACTIVE' AND s.agency_code = (current_setting('hub.agency')::text[])[1]
    GROUP BY s.agency_code
  )
  SELECT a.agency, 'AUDITOR' = ANY (a.roles) OR 'DPO' = ANY (a.roles) AND a.agency = 'HUB', 'DPO' = ANY (a.roles) AND a.agency = 'HUB',
    a.roles && ARRAY['AUDITOR', 'DPO']
  FROM asker a WHERE a.roles && ARRAY['AUDITOR', 'DPO', 'STEWARD']
$$;
--> statement-breakpoint
-- Coordinates an agency controls, but for public ones, by the newest schema.
CREATE FUNCTION "governance"."controlled_by"(agency text) RETURNS SETOF text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.coordinate::text FROM governance.coordinate c
  WHERE c.supergraph_hash = (SELECT g.hash FROM governance.supergraph g ORDER BY g.published_at DESC LIMIT 1)
    AND c.kind = 'output' AND c.class <> 'PUBLIC' AND agency = ANY (c.owners)
$$;
--> statement-breakpoint
-- Entries of the record a steward may see, newest first and before a number: those in which one of `tags` stands (null: all), of a receipt, of
-- agreements, and as `wanted` says (agency, purpose, status, coordinate). Announcements come by their status or receipt only. What is sealed, or not
-- disclosed yet, is for data protection officers of the hub. `is_whole`: who asked, the case and the text are theirs to see too. The last row holds no
-- body, but where a next page begins, with `more` where one is worth asking for: it is told of entries that were shown alone, so that what is hidden
-- looks like what is not there. At most 5,000 entries are read, of a person or a receipt 10,000; where that many showed nothing the page ends at a
-- round number and the end of a day.
CREATE FUNCTION "governance"."record_search"(tags bytea[], receipt text, numbers text[], wanted json, since timestamptz, until timestamptz, now timestamptz, before bigint, lines integer)
RETURNS TABLE (id bigint, at timestamptz, body text, leaf bytea, index bigint, disclosure text, is_whole boolean, more boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  most CONSTANT integer := CASE WHEN tags IS NULL AND receipt IS NULL THEN 5000 ELSE 10000 END;
  earliest CONSTANT timestamptz := coalesce(since, '-infinity');
  latest CONSTANT timestamptz := coalesce(until, 'infinity');
  floor CONSTANT bigint := CASE WHEN since IS NOT NULL THEN governance.entry_from(since - interval '1 hour') ELSE 0 END;
  ceiling CONSTANT bigint := least(before, CASE WHEN until IS NOT NULL THEN governance.entry_from(until + interval '1 hour') ELSE 9223372036854775807 END);
  sight record;
  owned text[];
  number text;
  ids bigint[];
  candidate bigint;
  told integer := 0;
  one record;
  term record;
BEGIN
  SELECT s.* INTO sight FROM governance.record_sight() s WHERE tags IS NULL OR s.sees_persons;
  IF NOT FOUND THEN RETURN; END IF;
  IF wanted ->> 'purpose' IS NOT NULL THEN
    numbers := ARRAY(SELECT g.number::text FROM governance.agreement g WHERE g.purpose_code = wanted ->> 'purpose' AND (numbers IS NULL OR g.number = ANY (numbers)));
  END IF;
  IF NOT sight.sees_all THEN
    owned := ARRAY(SELECT governance.controlled_by(sight.agency));
    numbers := ARRAY(SELECT g.number::text FROM governance.agreement g WHERE (numbers IS NULL OR g.number = ANY (numbers)) AND (g.consumer_agency = sight.agency
      OR g.number IN (SELECT r.agreement_number FROM unnest(owned) o JOIN governance.resolved_coordinate r ON r.coordinate = o)));
  END IF;
  IF tags IS NOT NULL THEN
    ids := ARRAY(SELECT DISTINCT e.id FROM governance.entry_subject s JOIN governance.tree_entry t ON t.index = s.index JOIN governance.entry e ON e.id = t.entry_id
      WHERE s.tag = ANY (tags) AND e.id >= floor AND e.id < ceiling AND e.at >= earliest AND e.at < latest ORDER BY e.id DESC LIMIT most);
  ELSIF receipt IS NULL AND numbers IS NOT NULL THEN
    -- one statement each, so that it is planned for this agreement: by how many entries there are under it
    FOREACH number IN ARRAY numbers LOOP
      ids := ids || ARRAY(SELECT e.id FROM governance.entry e WHERE e.agreement = number AND e.id >= floor AND e.id < ceiling AND e.at >= earliest AND e.at < latest
        ORDER BY e.id DESC LIMIT most);
    END LOOP;
    ids := ARRAY(SELECT f.id FROM unnest(ids) AS f(id) ORDER BY f.id DESC LIMIT most);
  ELSE
    ids := ARRAY(SELECT e.id FROM governance.entry e WHERE (receipt IS NULL OR e.request_id = receipt) AND e.id >= floor AND e.id < ceiling
      AND e.at >= earliest AND e.at < latest ORDER BY e.id DESC LIMIT most);
  END IF;
  more := cardinality(ids) = most;
  PERFORM set_config('plan_cache_mode', 'force_generic_plan', true); -- until the end of this function: what follows is planned once, not for every entry
  FOREACH candidate IN ARRAY ids LOOP
    SELECT e.at, e.body, e.leaf, e.agreement, b.* INTO one
    FROM governance.entry e, LATERAL json_to_record(governance.body_of(e.body)) AS b(agency text, purpose text, "case" text, status text, shown json, masked json,
        denied json, asked json, "brokenGlass" boolean),
      LATERAL (SELECT ARRAY(SELECT json_array_elements_text(coalesce(b.shown, '[]')) UNION ALL SELECT json_array_elements_text(coalesce(b.masked, '[]'))) AS seen) AS d
    WHERE e.id = candidate
      AND CASE WHEN wanted ->> 'status' IS NULL THEN b.status <> 'INTENDED' OR receipt IS NOT NULL ELSE b.status = wanted ->> 'status' END
      AND (numbers IS NULL OR e.agreement = ANY (numbers))
      AND (wanted ->> 'agency' IS NULL OR b.agency = wanted ->> 'agency')
      AND (wanted ->> 'coordinate' IS NULL OR wanted ->> 'coordinate' = ANY (d.seen)
        OR wanted ->> 'coordinate' IN (SELECT json_array_elements_text(coalesce(b.denied, '[]')) UNION ALL SELECT json_array_elements_text(coalesce(b.asked, '[]'))))
      AND (sight.sees_all OR b.agency = sight.agency OR d.seen && owned);
    CONTINUE WHEN NOT FOUND;
    SELECT t.* INTO term FROM governance.disclosure_terms(one.purpose, one.agency, one."case", coalesce(one."brokenGlass", false), now) t;
    CONTINUE WHEN NOT sight.sees_sealed AND greatest(one.at + make_interval(days => term.days), term.not_before) > now;
    IF told = lines THEN
      more := true;
      EXIT;
    END IF;
    id := candidate; at := one.at; body := one.body; leaf := one.leaf; disclosure := term.class;
    is_whole := sight.sees_all OR coalesce(one.agency = sight.agency, false);
    index := (SELECT t.index FROM governance.tree_entry t WHERE t.entry_id = candidate);
    told := told + 1;
    RETURN NEXT;
  END LOOP;
  IF more AND told = 0 THEN
    id := (ids[most] + 999) / 1000 * 1000; -- some are read twice, none is left out
    at := (SELECT least(date_trunc('day', e.at, 'Asia/Jakarta') + interval '1 day', now) FROM governance.entry e WHERE e.id >= record_search.id ORDER BY e.id LIMIT 1);
  ELSIF NOT more THEN
    at := NULL;
  END IF;
  body := NULL; leaf := NULL; index := NULL; disclosure := NULL; is_whole := NULL;
  RETURN NEXT;
END $$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."entry_from"(timestamptz), "governance"."record_sight"(), "governance"."controlled_by"(text),
  "governance"."record_search"(bytea[], text, text[], json, timestamptz, timestamptz, timestamptz, bigint, integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."record_search"(bytea[], text, text[], json, timestamptz, timestamptz, timestamptz, bigint, integer) TO "hub_governance";
