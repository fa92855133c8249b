-- Answers about to leave: counts whom of each its agreement has not been told about that day, and keeps the pseudonyms it shows. Returns the
-- lines that would go over their quota; nothing of those is kept. Exact across gateways: a counter is locked until the record is durable.
-- Counters, then pseudonyms, each in one order, so that two gateways never wait for each other in a ring. Its plans are kept while quota_use
-- grows from nothing every day: only one lookup a tag stays right.
CREATE FUNCTION "governance"."disclose"(lines json) RETURNS SETOF integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
  line record;
  counted integer;
  fresh bytea[];
  refused integer[] := '{}';
BEGIN
  FOR line IN
    SELECT l.at, l.agreement, l.day, l.quota, decode(l.tags, 'hex') AS tags
    FROM json_to_recordset(lines) AS l(at integer, agreement text, day date, quota integer, tags text)
    WHERE l.tags IS NOT NULL ORDER BY l.agreement COLLATE "C", l.day, l.at
  LOOP
    INSERT INTO governance.quota_counter (agreement_number, day) VALUES (line.agreement, line.day) ON CONFLICT DO NOTHING;
    SELECT c.used INTO counted FROM governance.quota_counter c
      WHERE c.agreement_number = line.agreement AND c.day = line.day FOR UPDATE;
    SELECT coalesce(array_agg(t.tag), '{}') INTO fresh
      FROM (SELECT DISTINCT substring(line.tags FROM 16 * i + 1 FOR 16) AS tag FROM generate_series(0, length(line.tags) / 16 - 1) AS i) AS t
      WHERE NOT EXISTS (SELECT FROM governance.quota_use u
        WHERE u.agreement_number = line.agreement AND u.day = line.day AND u.tag = t.tag);
    CONTINUE WHEN cardinality(fresh) = 0;
    IF counted + cardinality(fresh) > line.quota THEN
      refused := refused || line.at;
    ELSE
      INSERT INTO governance.quota_use (agreement_number, day, tag) SELECT line.agreement, line.day, unnest(fresh);
      UPDATE governance.quota_counter c SET used = c.used + cardinality(fresh)
        WHERE c.agreement_number = line.agreement AND c.day = line.day;
    END IF;
  END LOOP;
  INSERT INTO governance.issued_pseudonym (agency_code, purpose_code, pseudonym, subject)
    SELECT DISTINCT ON (1, 2, 3) l.agency COLLATE "C", l.purpose COLLATE "C", decode(p ->> 0, 'hex'), p ->> 1
    FROM json_to_recordset(lines) AS l(at integer, agency text, purpose text, pseudonyms json), json_array_elements(l.pseudonyms) AS p
    WHERE l.at <> ALL (refused) ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT unnest(refused);
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."disclose"(json) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."disclose"(json) TO "hub_gateway";
