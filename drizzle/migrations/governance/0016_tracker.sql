-- How long an access of a DELAYED purpose is kept from the persons concerned.
ALTER TABLE "governance"."purpose" ADD COLUMN "disclosure_days" integer DEFAULT 90 NOT NULL
  CONSTRAINT "purpose_disclosure_days" CHECK (disclosure_days between 1 and 3650);
--> statement-breakpoint
CREATE TABLE "governance"."case_seal" (
	"id" uuid PRIMARY KEY NOT NULL,
	"agency_code" text collate "C" NOT NULL REFERENCES "governance"."agency"("code"),
	"case_hash" bytea NOT NULL,
	"disclosure" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"decision" text NOT NULL,
	"sealed_by" text collate "C" NOT NULL REFERENCES "governance"."steward"("id"),
	"sealed_at" timestamp with time zone NOT NULL,
	"confirmed_by" text collate "C" REFERENCES "governance"."steward"("id"),
	"confirmed_at" timestamp with time zone,
	"lifted_by" text collate "C" REFERENCES "governance"."steward"("id"),
	"lifted_at" timestamp with time zone,
	"lift_reason" text,
	CONSTRAINT "case_seal_hash" CHECK (length(case_hash) = 32),
	CONSTRAINT "disclosure_word" CHECK (disclosure in ('DELAYED', 'SEALED')),
	CONSTRAINT "case_seal_until" CHECK (until > sealed_at and until <= sealed_at + interval '2 years'),
	CONSTRAINT "case_seal_confirmed" CHECK ((confirmed_at is null) = (confirmed_by is null) and confirmed_by <> sealed_by),
	CONSTRAINT "case_seal_lifted" CHECK ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "case_seal_one" ON "governance"."case_seal" ("agency_code", "case_hash") WHERE lifted_at is null;
--> statement-breakpoint
ALTER TABLE "governance"."case_seal" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."case_seal" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."case_seal" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);
--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."case_seal" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."case_seal" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ("confirmed_at", "confirmed_by", "lifted_at", "lifted_by", "lift_reason") ON "governance"."case_seal" TO "hub_governance";
--> statement-breakpoint
-- Whoever seals a case hides questions from persons, so no agency does it alone: a seal bites when a data protection officer of the hub has confirmed it.
CREATE FUNCTION "governance"."case_sealed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM governance.require_role(NEW.sealed_by, NEW.agency_code, '{DPO}', 'sealing a case');
    IF NEW.confirmed_by IS NOT NULL OR NEW.lifted_by IS NOT NULL THEN
      RAISE EXCEPTION 'a seal begins unconfirmed and in place' USING ERRCODE = 'HB001';
    END IF;
  ELSIF NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by THEN
    PERFORM governance.require_role(NEW.confirmed_by, 'HUB', '{DPO}', 'confirming a seal');
    IF NEW.lifted_by IS NOT NULL THEN
      RAISE EXCEPTION 'a seal that was lifted is not confirmed' USING ERRCODE = 'HB001';
    END IF;
  ELSE
    PERFORM governance.require_role(NEW.lifted_by, NEW.agency_code, '{DPO}', 'lifting a seal');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "case_seal_by_dpo" BEFORE INSERT OR UPDATE ON "governance"."case_seal" FOR EACH ROW EXECUTE FUNCTION "governance"."case_sealed"();
--> statement-breakpoint
CREATE TRIGGER "case_seal_set_once" BEFORE UPDATE ON "governance"."case_seal" FOR EACH ROW EXECUTE FUNCTION "governance"."set_once"('confirmed_at', 'confirmed_by', 'lifted_at', 'lifted_by', 'lift_reason');
--> statement-breakpoint
-- Stewards of all agencies read that there is a seal, whose, and its steps; never of which case.
CREATE FUNCTION "governance"."case_seal_told"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO governance.policy_event (actor, kind, detail) VALUES (coalesce(governance.officer(), session_user),
    CASE WHEN TG_OP = 'INSERT' THEN 'case_sealed' WHEN NEW.lifted_by IS NULL THEN 'case_seal_confirmed' ELSE 'case_unsealed' END,
    format('%s %s %s', NEW.agency_code, NEW.disclosure, NEW.id));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "case_seal_told" AFTER INSERT OR UPDATE ON "governance"."case_seal" FOR EACH ROW EXECUTE FUNCTION "governance"."case_seal_told"();
--> statement-breakpoint
CREATE TRIGGER "case_seal_kept" BEFORE DELETE OR TRUNCATE ON "governance"."case_seal" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse"('a seal is lifted, never removed');
--> statement-breakpoint
-- How accesses of a kind are disclosed to the persons concerned: the strictest of their purpose, a seal on their case and broken glass. They are shown
-- `days` after they were made, and not before an instant (null: whenever; infinity: never). A seal that is not confirmed, has ended or was lifted
-- is as if there had been none, and so is one on a case number sent for a purpose that needs no case.
CREATE FUNCTION "governance"."disclosure_terms"(purpose text, agency text, case_number text, broken_glass boolean, now timestamptz)
RETURNS TABLE (class text, days integer, not_before timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (array['IMMEDIATE', 'DELAYED', 'SEALED'])[max(r.strictness)], max(r.days), max(r.not_before)
  FROM (
    SELECT 1 AS strictness, 0 AS days, null::timestamptz AS not_before
    UNION ALL
    SELECT 2, p.disclosure_days, null FROM governance.purpose p WHERE p.code = purpose AND (p.disclosure = 'DELAYED' OR broken_glass)
    UNION ALL
    SELECT 3, 0, 'infinity' FROM governance.purpose p WHERE p.code = purpose AND p.disclosure = 'SEALED'
    UNION ALL
    SELECT CASE WHEN s.disclosure = 'SEALED' THEN 3 ELSE 2 END, 0, s.until
    FROM governance.case_seal s JOIN governance.purpose p ON p.code = purpose AND p.needs_case
    WHERE case_number IS NOT NULL AND s.agency_code = agency AND s.case_hash = sha256(convert_to(case_number, 'UTF8'))
      AND s.confirmed_at IS NOT NULL AND s.lifted_at IS NULL AND s.until > now
  ) AS r
$$;
--> statement-breakpoint
-- The same of one access, with the instant from which on it is shown. Whoever counts accesses by class asks this.
CREATE FUNCTION "governance"."disclosure_of"(purpose text, agency text, case_number text, broken_glass boolean, asked_at timestamptz, now timestamptz)
RETURNS TABLE (class text, shown_from timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.class, greatest(asked_at + make_interval(days => t.days), t.not_before)
  FROM governance.disclosure_terms(purpose, agency, case_number, broken_glass, now) t
$$;
--> statement-breakpoint
-- Accesses in whose entries one of the tags stands, a line each, newest first, but for those of more than 100 persons: these make one line a day
-- (western Indonesia), agreement and outcome. A line is numbered by its newest entry; `before` is the number of the last line already told.
-- `kinds` says of each tag what it is of; `told` lists, of each entry of a line, what was shown and masked, the types of its subjects and the kinds
-- that were found, as JSON. An INTENDED entry is told when a minute later no outcome with one of the tags names it: an outcome repeats the tags of
-- whom it looked up, a refusal has none. Left out is what only touched the household when somebody in it asked for their own data. The caller
-- vouches for the tags; without a data subject or a steward who asks nothing comes back. `of_agency`: only accesses of that agency.
CREATE FUNCTION "governance"."accesses_of"(tags bytea[], kinds text[], of_agency text, since timestamptz, until timestamptz, now timestamptz, before bigint, skip integer, lines integer)
RETURNS TABLE (line bigint, total bigint, requests bigint, at timestamptz, mass boolean, disclosure text, receipt text, leaf text, client text, agency text, agreement text, title text, purpose text, status text, told text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH hit AS (
    SELECT s.index, array_agg(DISTINCT t.kind) AS kinds
    FROM unnest(tags, kinds) AS t(tag, kind) JOIN governance.entry_subject s ON s.tag = t.tag
    WHERE governance.officer() IS NOT NULL OR (current_setting('hub.citizen')::text[])[1] IS NOT NULL
    GROUP BY s.index
  ), found AS MATERIALIZED (
    SELECT h.index, h.kinds, e.at, e.client, e.request_id, e.leaf, b.*,
      coalesce((b."subjectTypes" ->> 'Person')::integer + coalesce((b."subjectTypes" ->> 'lookup')::integer, 0),
        (b."subjectTypes" ->> 'lookup')::integer, length(e.subjects) / 16) > 100 AS mass
    FROM hit h JOIN governance.tree_entry t ON t.index = h.index JOIN governance.entry e ON e.id = t.entry_id,
    LATERAL json_to_record(e.body::json) AS b(agency text, agreement text, purpose text, "case" text, shown json, masked json,
      "subjectTypes" json, status text, "brokenGlass" boolean, intent text)
    WHERE e.at >= since AND (of_agency IS NULL OR b.agency = of_agency)
      AND NOT (b.purpose IS NOT DISTINCT FROM 'DATA_SUBJECT_RIGHTS' AND h.kinds = '{Household}')
  ), told AS (
    SELECT f.* FROM found f
    WHERE f.at < until AND (f.status <> 'INTENDED'
      OR f.at < now - interval '1 minute' AND NOT EXISTS (SELECT FROM found o WHERE o.intent = f.request_id))
  ), kind AS (
    SELECT k.*, t.class, t.days, t.not_before
    FROM (SELECT DISTINCT coalesce(f.purpose, '') AS purpose, coalesce(f.agency, '') AS agency, coalesce(f."case", '') AS "case",
      coalesce(f."brokenGlass", false) AS glass FROM told f) k,
    LATERAL governance.disclosure_terms(k.purpose, k.agency, nullif(k."case", ''), k.glass, now) t
  ), entry AS MATERIALIZED (
    SELECT f.*, k.class, greatest(f.at + make_interval(days => k.days), k.not_before) AS shown_from
    FROM told f JOIN kind k ON k.purpose = coalesce(f.purpose, '') AND k.agency = coalesce(f.agency, '') AND k."case" = coalesce(f."case", '')
      AND k.glass = coalesce(f."brokenGlass", false)
  ), line AS (
    SELECT max(e.index) AS line, count(*) AS requests, array_agg(e.index) AS entries
    FROM entry e WHERE e.shown_from <= now
    GROUP BY CASE WHEN NOT e.mass THEN e.index END, CASE WHEN e.mass THEN (e.at AT TIME ZONE 'Asia/Jakarta')::date END,
      e.agreement, e.status, e.class, e.mass
  ), page AS (
    SELECT l.*, count(*) OVER () AS total FROM line l
  ), shown AS (
    SELECT * FROM page p WHERE before IS NULL OR p.line < before ORDER BY p.line DESC OFFSET skip LIMIT lines
  )
  SELECT p.line, p.total, p.requests, e.at, e.mass, e.class, e.request_id, encode(e.leaf, 'hex'), e.client, e.agency, e.agreement, a.title, e.purpose, e.status,
    ARRAY(SELECT DISTINCT json_build_object('shown', o.shown, 'masked', o.masked, 'types', o."subjectTypes", 'kinds', o.kinds)::text
      FROM entry o WHERE o.index = ANY (p.entries))
  FROM shown p JOIN entry e ON e.index = p.line LEFT JOIN governance.agreement a ON a.number = e.agreement
  ORDER BY p.line DESC
$$;
--> statement-breakpoint
-- Where the entry of a receipt stands, and whether its text still has its hash. The text itself comes back to the agency whose agreement it was
-- asked under and to stewards; never to a data subject.
CREATE FUNCTION "governance"."receipt_of"(receipt text) RETURNS TABLE (body text, leaf bytea, hash bytea, index bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN (current_setting('hub.citizen')::text[])[1] IS NULL AND (governance.officer() IS NOT NULL
      OR a.consumer_agency = (current_setting('hub.agency')::text[])[1]) THEN e.body END,
    e.leaf, sha256('\x00'::bytea || convert_to(e.body, 'UTF8')), t.index
  FROM governance.entry e LEFT JOIN governance.agreement a ON a.number = e.agreement LEFT JOIN governance.tree_entry t ON t.entry_id = e.id
  WHERE e.request_id = receipt_of.receipt
  ORDER BY e.id DESC LIMIT 1
$$;
--> statement-breakpoint
-- Instant of the oldest entry.
CREATE FUNCTION "governance"."record_since"() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.at FROM governance.entry e ORDER BY e.id LIMIT 1
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."disclosure_terms"(text, text, text, boolean, timestamptz), "governance"."disclosure_of"(text, text, text, boolean, timestamptz, timestamptz),
  "governance"."accesses_of"(bytea[], text[], text, timestamptz, timestamptz, timestamptz, bigint, integer, integer),
  "governance"."receipt_of"(text), "governance"."record_since"() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."accesses_of"(bytea[], text[], text, timestamptz, timestamptz, timestamptz, bigint, integer, integer),
  "governance"."receipt_of"(text), "governance"."record_since"() TO "hub_governance";
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."disclosure_of"(text, text, text, boolean, timestamptz, timestamptz) TO "hub_log";
