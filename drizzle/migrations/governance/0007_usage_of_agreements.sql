-- A report speaks of a span of days: without this it would read the whole record. Entries come in order of time, so ranges of blocks are enough, and
-- cost an insert next to nothing (a tree over agreement and time took 10 to 25 % of the record's rate).
CREATE INDEX "entry_at" ON "governance"."entry" USING brin ("at");
--> statement-breakpoint
-- What the record says of an agreement's use from one day to another (WIB), in counts and coordinates, never a value. The record itself is
-- shut to governance's subgraph; null for another agency's agreement, unless a steward asks. A mutation's announcement is not its outcome; a
-- part of a streamed answer is no request of its own, but tells as the whole does. Each body is read once and counted by what it says: 100,000
-- entries take some three seconds.
CREATE FUNCTION "governance"."usage_of"(agreement text, from_day date, to_day date) RETURNS json
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH mine AS (
    SELECT a.number FROM governance.agreement a WHERE a.number = usage_of.agreement
      AND ((current_setting('hub.officer')::text[])[1] IS NOT NULL OR a.consumer_agency = (current_setting('hub.agency')::text[])[1])
  ), told AS MATERIALIZED (
    SELECT to_char(e.at AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM') AS month, e.subjects, r.*
    FROM governance.entry e JOIN mine ON e.agreement = mine.number,
      json_to_record(e.body::json) AS r(status text, part text, shown text, masked text, denied text)
    WHERE e.at >= from_day::timestamp AT TIME ZONE 'Asia/Jakarta' AND e.at < (to_day + 1)::timestamp AT TIME ZONE 'Asia/Jakarta'
      AND r.status <> 'INTENDED'
  ), shapes AS MATERIALIZED (
    SELECT month, status, part IS NULL AS is_request, status <> 'ANSWERED' AS is_refused, shown, masked, denied, count(*)::bigint AS n
    FROM told GROUP BY month, status, part IS NULL, shown, masked, denied
  ), tags AS MATERIALIZED (
    SELECT DISTINCT t.month, substring(t.subjects FROM at FOR 16) AS tag
    FROM told t, generate_series(1, length(t.subjects), 16) AS at WHERE t.status = 'ANSWERED'
  ), touched AS (
    SELECT kind, coordinate, sum(n) AS requests FROM shapes, LATERAL (
      SELECT 'read' AS kind, value AS coordinate FROM json_array_elements_text(shown::json)
      UNION SELECT 'read', value FROM json_array_elements_text(masked::json)
      UNION SELECT 'denied', value FROM json_array_elements_text(denied::json)) AS c
    GROUP BY kind, coordinate
  )
  SELECT json_build_object(
    'requests', (SELECT coalesce(sum(n), 0) FROM shapes WHERE is_request),
    'refused', (SELECT coalesce(sum(n), 0) FROM shapes WHERE is_request AND is_refused),
    'persons', (SELECT count(DISTINCT tag) FROM tags),
    'coordinates', coalesce((SELECT json_agg(json_build_object('coordinate', coordinate, 'requests', requests) ORDER BY coordinate)
      FROM touched WHERE kind = 'read'), '[]'),
    'denials', coalesce((SELECT json_agg(json_build_object('coordinate', coordinate, 'requests', requests) ORDER BY coordinate)
      FROM touched WHERE kind = 'denied'), '[]'),
    'refusals', coalesce((SELECT json_agg(r ORDER BY code) FROM (
      SELECT status AS code, sum(n) AS requests FROM shapes WHERE is_request AND is_refused GROUP BY status) AS r), '[]'),
    'months', coalesce((SELECT json_agg(m ORDER BY month) FROM (
      SELECT month, coalesce(sum(n) FILTER (WHERE is_request), 0) AS requests, coalesce(sum(n) FILTER (WHERE is_request AND is_refused), 0) AS refused,
        coalesce(sum(n) FILTER (WHERE json_array_length(denied::json) > 0), 0) AS denied,
        (SELECT count(*) FROM tags t WHERE t.month = s.month) AS persons
      FROM shapes s GROUP BY month) AS m), '[]'))
  FROM mine
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."usage_of"(text, date, date) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."usage_of"(text, date, date) TO "hub_governance";
