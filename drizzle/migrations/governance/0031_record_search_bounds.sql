-- Numbers of entries from `floor` to before `ceiling` and between two instants, newest first and `most` at most: those in which one of `tags` stands
-- (null: all), of a receipt, of agreements. However many agreements there are, each is read only as far as its entries are among the newest of all.
CREATE OR REPLACE FUNCTION "governance"."record_ids"(tags bytea[], receipt text, numbers text[], since timestamptz, until timestamptz, floor bigint, ceiling bigint, most integer)
RETURNS bigint[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  lowest bigint := floor;
  number text;
  ids bigint[] := '{}';
BEGIN
  IF tags IS NOT NULL THEN
    RETURN ARRAY(SELECT DISTINCT e.id FROM governance.entry_subject s JOIN governance.tree_entry t ON t.index = s.index JOIN governance.entry e ON e.id = t.entry_id
      WHERE s.tag = ANY (tags) AND e.id >= floor AND e.id < ceiling AND e.at >= since AND e.at < until ORDER BY e.id DESC LIMIT most);
  ELSIF receipt IS NOT NULL OR numbers IS NULL THEN
    RETURN ARRAY(SELECT e.id FROM governance.entry e WHERE (receipt IS NULL OR e.request_id = receipt) AND e.id >= floor AND e.id < ceiling
      AND e.at >= since AND e.at < until ORDER BY e.id DESC LIMIT most);
  END IF;
  -- one statement each, so that it is planned for this agreement: by how many entries there are under it; the latest used first
  FOR number IN SELECT n FROM unnest(numbers) AS n
    ORDER BY (SELECT max(e.id) FROM governance.entry e WHERE e.agreement = n AND e.id < ceiling) DESC NULLS LAST
  LOOP
    ids := ARRAY(SELECT f.id FROM (SELECT unnest(ids) AS id UNION ALL (SELECT e.id FROM governance.entry e WHERE e.agreement = number AND e.id >= lowest
      AND e.id < ceiling AND e.at >= since AND e.at < until ORDER BY e.id DESC LIMIT most)) AS f ORDER BY f.id DESC LIMIT most);
    IF cardinality(ids) = most THEN lowest := ids[most] + 1; END IF;
  END LOOP;
  RETURN ids;
END $$;
--> statement-breakpoint
-- Of these entries, in their order, those that are neither sealed nor delayed.
CREATE OR REPLACE FUNCTION "governance"."disclosed_among"(ids bigint[], now timestamptz) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH read AS MATERIALIZED (
    SELECT e.id, e.at, coalesce(b.purpose, '') AS purpose, coalesce(b.agency, '') AS agency, coalesce(b."case", '') AS "case", coalesce(b."brokenGlass", false) AS glass
    FROM governance.entry e, LATERAL json_to_record(governance.body_of(e.body)) AS b(agency text, purpose text, "case" text, "brokenGlass" boolean)
    WHERE e.id = ANY (ids)
  ), kind AS MATERIALIZED (
    SELECT k.*, t.days, t.not_before
    FROM (SELECT DISTINCT r.purpose, r.agency, r."case", r.glass FROM read r) k,
      LATERAL governance.disclosure_terms(k.purpose, k.agency, nullif(k."case", ''), k.glass, now) t
  )
  SELECT coalesce(array_agg(r.id ORDER BY r.id DESC), '{}')
  FROM read r JOIN kind k ON k.purpose = r.purpose AND k.agency = r.agency AND k."case" = r."case" AND k.glass = r.glass
  WHERE greatest(r.at + make_interval(days => k.days), k.not_before) <= now
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."record_ids"(bytea[], text, text[], timestamptz, timestamptz, bigint, bigint, integer),
  "governance"."disclosed_among"(bigint[], timestamptz) FROM PUBLIC;
--> statement-breakpoint
-- Entries of the record a steward may see, newest first and before a number: those in which one of `tags` stands (null: all), of a receipt, of
-- agreements, and as `wanted` says (agency, purpose, status, coordinate); all that is given must hold. Announcements come by their status or receipt
-- only. What is sealed, or not disclosed yet, is for data protection officers of the hub. `is_whole`: who asked, the case and the text are theirs to see
-- too. The last row holds no body, but where a next page begins, with `more` where one is worth asking for: it is told of entries that were shown
-- alone, so that what is hidden looks like what is not there. At most 5,000 entries are read, of a person or a receipt 10,000; hidden ones do not count, up
-- to four times as many: else whoever picks a window with one entry less than that would learn of a single hidden one. Where that many showed nothing the
-- page ends at a round number and the end of a day.
CREATE OR REPLACE FUNCTION "governance"."record_search"(tags bytea[], receipt text, numbers text[], wanted json, since timestamptz, until timestamptz, now timestamptz, before bigint, lines integer)
RETURNS TABLE (id bigint, at timestamptz, body text, leaf bytea, index bigint, disclosure text, is_whole boolean, more boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planned once, not for every entry
AS $$
DECLARE
  most CONSTANT integer := CASE WHEN tags IS NULL AND receipt IS NULL THEN 5000 ELSE 10000 END;
  earliest CONSTANT timestamptz := coalesce(since, '-infinity');
  latest CONSTANT timestamptz := coalesce(until, 'infinity');
  floor CONSTANT bigint := CASE WHEN since IS NOT NULL THEN governance.entry_from(since - interval '1 hour') ELSE 0 END;
  ceiling bigint := least(before, CASE WHEN until IS NOT NULL THEN governance.entry_from(until + interval '1 hour') ELSE 9223372036854775807 END);
  sight record;
  owned text[];
  batch bigint[];
  ids bigint[];
  batches integer := 0;
  read integer := 0;
  goes_on boolean;
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
  <<reading>>
  LOOP
    batch := governance.record_ids(tags, receipt, numbers, earliest, latest, floor, ceiling, most);
    -- of the first batch each is looked at by itself: a page is soon full
    ids := CASE WHEN batches = 0 THEN batch ELSE (governance.disclosed_among(batch, now))[:most - read] END;
    FOREACH candidate IN ARRAY ids LOOP
      SELECT e.at, e.body, e.leaf, e.agreement, b.* INTO one
      FROM governance.entry e, LATERAL json_to_record(governance.body_of(e.body)) AS b(agency text, purpose text, "case" text, status text, shown json, masked json,
          denied json, asked json, "brokenGlass" boolean),
        LATERAL (SELECT ARRAY(SELECT json_array_elements_text(coalesce(b.shown, '[]')) UNION ALL SELECT json_array_elements_text(coalesce(b.masked, '[]'))) AS seen) AS d
      WHERE e.id = candidate
        AND CASE WHEN wanted ->> 'status' IS NULL THEN b.status <> 'INTENDED' OR receipt IS NOT NULL ELSE b.status = wanted ->> 'status' END
        AND (receipt IS NULL OR e.request_id = receipt)
        AND (numbers IS NULL OR e.agreement = ANY (numbers))
        AND (wanted ->> 'agency' IS NULL OR b.agency = wanted ->> 'agency')
        AND (wanted ->> 'coordinate' IS NULL OR wanted ->> 'coordinate' = ANY (d.seen)
          OR wanted ->> 'coordinate' IN (SELECT json_array_elements_text(coalesce(b.denied, '[]')) UNION ALL SELECT json_array_elements_text(coalesce(b.asked, '[]'))))
        AND (sight.sees_all OR b.agency = sight.agency OR d.seen && owned);
      CONTINUE WHEN NOT FOUND;
      SELECT t.* INTO term FROM governance.disclosure_terms(one.purpose, one.agency, one."case", coalesce(one."brokenGlass", false), now) t;
      CONTINUE WHEN NOT sight.sees_sealed AND greatest(one.at + make_interval(days => term.days), term.not_before) > now;
      IF told = lines THEN
        goes_on := true;
        EXIT reading;
      END IF;
      id := candidate; at := one.at; body := one.body; leaf := one.leaf; disclosure := term.class;
      is_whole := sight.sees_all OR coalesce(one.agency = sight.agency, false);
      index := (SELECT t.index FROM governance.tree_entry t WHERE t.entry_id = candidate);
      told := told + 1;
      RETURN NEXT;
    END LOOP;
    goes_on := cardinality(batch) = most;
    IF batches > 0 THEN
      read := read + cardinality(ids);
    ELSIF goes_on AND NOT sight.sees_sealed THEN
      read := cardinality(governance.disclosed_among(batch, now));
    ELSE
      EXIT;
    END IF;
    batches := batches + 1;
    IF read = most THEN
      goes_on := true;
      EXIT;
    END IF;
    EXIT WHEN NOT goes_on OR batches = 5;
    ceiling := batch[most];
  END LOOP;
  more := goes_on;
  IF more AND told = 0 THEN
    id := (CASE WHEN read = most THEN ids[cardinality(ids)] ELSE batch[most] END + 999) / 1000 * 1000; -- some are read twice, none is left out
    at := (SELECT least(date_trunc('day', e.at, 'Asia/Jakarta') + interval '1 day', now) FROM governance.entry e WHERE e.id >= record_search.id ORDER BY e.id LIMIT 1);
  ELSIF NOT more THEN
    at := NULL;
  END IF;
  body := NULL; leaf := NULL; index := NULL; disclosure := NULL; is_whole := NULL;
  RETURN NEXT;
END $$;
