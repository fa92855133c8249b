-- A receipt names one entry: without this the whole record would be read for it. A hash is all that equality needs.
CREATE INDEX "entry_receipt" ON "governance"."entry" USING hash ("request_id");
--> statement-breakpoint
-- What is on record under a receipt: coordinates, marks and counts, never a value. The record itself is shut to governance's subgraph; nothing
-- comes back for another agency's agreement, unless a steward asks.
CREATE FUNCTION "governance"."entry_of"(receipt text) RETURNS TABLE (agreement text, at timestamptz, body text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.agreement, e.at, e.body FROM governance.entry e JOIN governance.agreement a ON a.number = e.agreement
  WHERE e.request_id = entry_of.receipt
    AND ((current_setting('hub.officer')::text[])[1] IS NOT NULL OR a.consumer_agency = (current_setting('hub.agency')::text[])[1])
  ORDER BY e.id DESC LIMIT 1
$$;
--> statement-breakpoint
-- Recorded questions under an agreement since an instant, counted by client, document and what became of their coordinates. `shown` to `used` are
-- JSON lists as the record has them. A body has its keys in one order, and a quote inside a text of it is escaped: so the part from `operation` to
-- `used` is one piece of text. Pieces are counted first and read as JSON once each: four times faster than reading every body.
CREATE FUNCTION "governance"."shapes_of"(agreement text, since timestamptz)
RETURNS TABLE (client text, mark text, name text, requests bigint, shown text, masked text, denied text, used text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH told AS MATERIALIZED (
    SELECT e.client, split_part(split_part(e.body, ',"variables":', 1), '"operation":', 2) AS piece, count(*) AS requests
    FROM governance.entry e JOIN governance.agreement a ON a.number = e.agreement, LATERAL (SELECT split_part(e.body, ',"variables":', 2) AS rest) AS p
    WHERE e.agreement = shapes_of.agreement AND e.at >= since AND strpos(p.rest, '"status":"ANSWERED"') > 0 AND strpos(p.rest, ',"part":') = 0
      AND ((current_setting('hub.officer')::text[])[1] IS NOT NULL OR a.consumer_agency = (current_setting('hub.agency')::text[])[1])
    GROUP BY e.client, piece
  )
  SELECT t.client, r.operation ->> 'mark', r.operation ->> 'name', t.requests, r.shown, r.masked, r.denied, r.used
  FROM told t, LATERAL json_to_record(('{"operation":' || t.piece || '}')::json) AS r(operation json, shown text, masked text, denied text, used text)
  ORDER BY 1, 2
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."entry_of"(text), "governance"."shapes_of"(text, timestamptz) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."entry_of"(text), "governance"."shapes_of"(text, timestamptz) TO "hub_governance";
