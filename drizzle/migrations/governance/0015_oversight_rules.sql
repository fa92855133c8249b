-- Sanctions, canaries and breach cases are written once, by those whose office it is; what the watch remembers; what the record tells of a breach
-- and of a year in public. Refusals are worded as in 0006.
ALTER TABLE "governance"."breach_case" ADD COLUMN "disclosed" text[] DEFAULT '{}' NOT NULL,
  ADD COLUMN "searched_to" timestamp with time zone, ADD COLUMN "searched_at" timestamp with time zone, ALTER COLUMN "entries" SET DEFAULT 0,
  ALTER COLUMN "number" SET DEFAULT '', ALTER COLUMN "due_at" SET DEFAULT 'infinity';
--> statement-breakpoint
ALTER TABLE "governance"."watch_alert" ADD COLUMN "next_attempt_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL;
--> statement-breakpoint
ALTER TABLE "governance"."breach_case" ADD CONSTRAINT "breach_clock" CHECK (due_at = detected_at + interval '72 hours');
--> statement-breakpoint
CREATE TABLE "governance"."watch_hour" (
	"client" text collate "C" NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"tried" integer NOT NULL,
	"missed" integer NOT NULL,
	"sequential" integer NOT NULL,
	"subjects" bigint NOT NULL,
	CONSTRAINT "watch_hour_client_hour_pk" PRIMARY KEY("client","hour")
);
--> statement-breakpoint
CREATE TABLE "governance"."watch_denied" (
	"client" text collate "C" NOT NULL,
	"coordinate" text collate "C" NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	CONSTRAINT "watch_denied_client_coordinate_pk" PRIMARY KEY("client","coordinate")
);
--> statement-breakpoint
ALTER TABLE "governance"."watch_hour" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."watch_denied" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_log_writes" ON "governance"."watch_hour" AS PERMISSIVE FOR ALL TO "hub_log" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_log_writes" ON "governance"."watch_denied" AS PERMISSIVE FOR ALL TO "hub_log" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."watch_hour" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."watch_denied" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "governance"."watch_hour" TO "hub_log";
--> statement-breakpoint
GRANT SELECT, INSERT ON "governance"."watch_denied" TO "hub_log";
--> statement-breakpoint
-- Whether an active steward, of whatever agency, has a key in use that stands for the role.
CREATE FUNCTION "governance"."holds_role"(person text, role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM governance.steward s JOIN governance.steward_key k ON k.steward_id = s.id
    WHERE s.id = person AND s.status = 'ACTIVE' AND k.retired_at IS NULL AND role = ANY (k.roles))
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."holds_role"(text, text) FROM PUBLIC;
--> statement-breakpoint
CREATE FUNCTION "governance"."sanction_imposed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM governance.require_role(NEW.imposed_by, 'HUB', '{OPERATOR}', 'a sanction');
  IF NEW.lifted_at IS NOT NULL THEN
    RAISE EXCEPTION 'a sanction is lifted after it was imposed' USING ERRCODE = 'HB001';
  ELSIF NEW.client_id IS NOT NULL AND NOT EXISTS (SELECT FROM governance.client c WHERE c.id = NEW.client_id AND c.agency_code = NEW.agency_code) THEN
    RAISE EXCEPTION 'client: not one of %', NEW.agency_code USING ERRCODE = 'HB003';
  ELSIF NEW.agency_code = 'HUB' AND NEW.client_id IS NULL THEN
    RAISE EXCEPTION 'the hub itself cannot be shut out: nobody could let it in again' USING ERRCODE = 'HB003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "sanction_imposed" BEFORE INSERT ON "governance"."sanction" FOR EACH ROW EXECUTE FUNCTION "governance"."sanction_imposed"();
--> statement-breakpoint
CREATE FUNCTION "governance"."sanction_lifted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM governance.require_role(NEW.lifted_by, 'HUB', '{OPERATOR}', 'lifting a sanction');
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "sanction_lifted" BEFORE UPDATE ON "governance"."sanction" FOR EACH ROW
  WHEN (OLD.lifted_by IS NULL AND NEW.lifted_by IS NOT NULL) EXECUTE FUNCTION "governance"."sanction_lifted"();
--> statement-breakpoint
CREATE TRIGGER "sanction_once" BEFORE UPDATE ON "governance"."sanction" FOR EACH ROW EXECUTE FUNCTION "governance"."set_once"('lifted_by', 'lifted_at', 'lift_reason');
--> statement-breakpoint
CREATE TRIGGER "sanction_stays" BEFORE DELETE ON "governance"."sanction" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('a sanction is lifted, never removed');
--> statement-breakpoint
CREATE FUNCTION "governance"."canary_planted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM governance.require_role(NEW.planted_by, 'HUB', '{OPERATOR}', 'a canary');
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "canary_planted" BEFORE INSERT ON "governance"."canary" FOR EACH ROW EXECUTE FUNCTION "governance"."canary_planted"();
--> statement-breakpoint
CREATE FUNCTION "governance"."canary_retired"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM governance.require_role(coalesce(governance.officer(), NEW.planted_by), 'HUB', '{OPERATOR}', 'retiring a canary');
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "canary_retired" BEFORE UPDATE ON "governance"."canary" FOR EACH ROW EXECUTE FUNCTION "governance"."canary_retired"();
--> statement-breakpoint
CREATE TRIGGER "canary_once" BEFORE UPDATE ON "governance"."canary" FOR EACH ROW EXECUTE FUNCTION "governance"."set_once"('retired_at');
--> statement-breakpoint
CREATE TRIGGER "canary_stays" BEFORE DELETE ON "governance"."canary" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('a canary is retired, never removed');
--> statement-breakpoint
-- Opened by a data protection officer. The number is the year's next; the clock runs 3 × 24 hours from detection, weekends included (art. 46). The
-- search knows milliseconds.
CREATE FUNCTION "governance"."breach_opened"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  year text := to_char(clock_timestamp() AT TIME ZONE 'Asia/Jakarta', 'YYYY');
BEGIN
  PERFORM governance.require_steward(NEW.opened_by, 'a breach case');
  IF NOT governance.holds_role(NEW.opened_by, 'DPO') THEN
    RAISE EXCEPTION 'a breach case is opened by a data protection officer' USING ERRCODE = 'HB002';
  ELSIF NEW.state <> 'OPEN' OR NEW.subjects_notified_at IS NOT NULL OR NEW.authority_notified_at IS NOT NULL OR NEW.closed_at IS NOT NULL OR NEW.searched_at IS NOT NULL THEN
    RAISE EXCEPTION 'a breach case begins open, with nobody found and nobody told' USING ERRCODE = 'HB001';
  ELSIF NEW.detected_at > clock_timestamp() + interval '5 minutes' THEN
    RAISE EXCEPTION 'detectedAt: lies in the future' USING ERRCODE = 'HB003';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('governance.breach_case.number'));
  NEW.number := format('KPD-%s-%s', year,
    lpad(((SELECT count(*) FROM governance.breach_case b WHERE starts_with(b.number, 'KPD-' || year)) + 1)::text, 4, '0'));
  NEW.due_at := NEW.detected_at + interval '72 hours';
  NEW.window_from := date_trunc('milliseconds', NEW.window_from);
  NEW.window_to := date_trunc('milliseconds', NEW.window_to);
  NEW.searched_to := NEW.window_from;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "breach_opened" BEFORE INSERT ON "governance"."breach_case" FOR EACH ROW EXECUTE FUNCTION "governance"."breach_opened"();
--> statement-breakpoint
-- The log's process writes what it finds until the search is over; then officers tell and close.
CREATE FUNCTION "governance"."breach_moves"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unset text[] := ARRAY(SELECT c FROM unnest(ARRAY['subjects_notified_at', 'authority_notified_at', 'closed_by', 'closed_at', 'searched_at']) c WHERE to_jsonb(OLD) -> c = 'null');
  found text[] := CASE WHEN OLD.searched_at IS NULL THEN ARRAY['entries', 'disclosed', 'searched_to'] ELSE '{}' END;
  touched text := governance.changed_columns(to_jsonb(OLD), to_jsonb(NEW), unset || found || '{state,handling}');
  nobody boolean := NOT EXISTS (SELECT FROM governance.breach_subject s WHERE s.breach_id = NEW.id AND s.type <> 'lookup');
BEGIN
  IF OLD.state = 'CLOSED' THEN
    RAISE EXCEPTION '% is closed', OLD.number USING ERRCODE = 'HB001';
  ELSIF touched IS NOT NULL THEN
    RAISE EXCEPTION '% of % can no longer change', touched, OLD.number USING ERRCODE = 'HB001';
  ELSIF governance.officer() IS NOT NULL AND NOT governance.holds_role(governance.officer(), 'DPO') THEN
    RAISE EXCEPTION 'a breach case is handled by data protection officers' USING ERRCODE = 'HB002';
  ELSIF OLD.searched_at IS NULL AND coalesce(NEW.subjects_notified_at, NEW.authority_notified_at, NEW.closed_at) IS NOT NULL THEN
    RAISE EXCEPTION 'the record is still being searched for %', OLD.number USING ERRCODE = 'HB001';
  ELSIF NEW.closed_at IS NOT NULL AND (NEW.authority_notified_at IS NULL OR NEW.subjects_notified_at IS NULL AND NOT nobody) THEN
    RAISE EXCEPTION '% is not told to % yet', OLD.number, CASE WHEN NEW.authority_notified_at IS NULL THEN 'the authority' ELSE 'its subjects' END USING ERRCODE = 'HB001';
  END IF;
  IF NEW.closed_at IS NOT NULL THEN PERFORM governance.require_steward(NEW.closed_by, 'closing a breach case'); END IF;
  NEW.state := CASE WHEN NEW.closed_at IS NOT NULL THEN 'CLOSED'
    WHEN NEW.authority_notified_at IS NOT NULL AND (NEW.subjects_notified_at IS NOT NULL OR nobody) THEN 'NOTIFIED' ELSE 'OPEN' END;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "breach_moves" BEFORE UPDATE ON "governance"."breach_case" FOR EACH ROW EXECUTE FUNCTION "governance"."breach_moves"();
--> statement-breakpoint
CREATE TRIGGER "breach_case_stays" BEFORE DELETE ON "governance"."breach_case" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('a breach case stays on file');
--> statement-breakpoint
CREATE TRIGGER "breach_subject_stays" BEFORE UPDATE OR DELETE ON "governance"."breach_subject" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('whom a breach affected stays on file');
--> statement-breakpoint
CREATE TRIGGER "watch_alert_once" BEFORE UPDATE ON "governance"."watch_alert" FOR EACH ROW
  WHEN ((OLD.at, OLD.kind, OLD.agency_code, OLD.client, OLD.agreement, OLD.detail, OLD.once) IS DISTINCT FROM (NEW.at, NEW.kind, NEW.agency_code, NEW.client, NEW.agreement, NEW.detail, NEW.once))
  EXECUTE FUNCTION "governance"."refuse"('an alert once raised never changes');
--> statement-breakpoint
DO $$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY ARRAY['sanction', 'canary', 'breach_case', 'breach_subject', 'watch_alert']
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON governance.%I FOR EACH STATEMENT EXECUTE FUNCTION governance.refuse(%L)',
      named || '_never_emptied', named, 'the rows of ' || named || ' are on file and stay');
  END LOOP;
END $$;
--> statement-breakpoint
CREATE POLICY "hub_log_writes" ON "governance"."breach_case" AS PERMISSIVE FOR UPDATE TO "hub_log" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_log_writes" ON "governance"."breach_subject" AS PERMISSIVE FOR ALL TO "hub_log" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT UPDATE ("entries", "disclosed", "searched_to", "searched_at") ON "governance"."breach_case" TO "hub_log";
--> statement-breakpoint
GRANT SELECT, INSERT ON "governance"."breach_subject" TO "hub_log";
--> statement-breakpoint
-- Whom it affected only the log finds: governance has no key to the record.
REVOKE INSERT ON "governance"."breach_subject" FROM "hub_governance";
--> statement-breakpoint
DROP POLICY "hub_governance_writes" ON "governance"."breach_subject";
--> statement-breakpoint
-- Agency whose officer opened a case, and the types of rows the case may name: of those the agency alone controls something of; null: of all, for the
-- hub's.
CREATE FUNCTION "governance"."breach_sight"(breach uuid) RETURNS TABLE (agency text, types text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.agency_code, CASE WHEN s.agency_code <> 'HUB' THEN ARRAY(
    SELECT DISTINCT split_part(c.coordinate, '.', 1) FROM governance.coordinate c
    WHERE c.supergraph_hash = (SELECT g.hash FROM governance.supergraph g ORDER BY g.published_at DESC LIMIT 1)
      AND c.kind = 'output' AND c.class <> 'PUBLIC' AND c.owners = ARRAY[s.agency_code::text]) END
  FROM governance.breach_case b JOIN governance.steward s ON s.id = b.opened_by WHERE b.id = breach
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."breach_sight"(uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."breach_sight"(uuid) TO "hub_log";
--> statement-breakpoint
-- Whether accesses of a kind are sealed now. Not in sql: disclosure_of (0016) is there when it is asked.
CREATE FUNCTION "governance"."is_sealed"(purpose text, agency text, case_number text, broken_glass boolean) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN coalesce((SELECT d.class = 'SEALED'
    FROM governance.disclosure_of(purpose, agency, case_number, broken_glass, clock_timestamp(), clock_timestamp()) d), true);
END $$;
--> statement-breakpoint
-- What answers on record disclosed within [since, before) that a case is about: how many there were, which coordinates, and the tags of their subjects,
-- each once, by the year (WIB) whose key made them and the type of the row; `lookup`: whom the case may not name, and who was looked up. Sealed answers
-- are found for the hub's cases alone. For the log, which reads the record.
CREATE FUNCTION "governance"."breach_found"(breach uuid, since timestamptz, before timestamptz)
RETURNS TABLE (entries integer, disclosed text[], year integer, type text, tags bytea) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH wanted AS MATERIALIZED (
    SELECT b.client_id, b.coordinates, s.agency, s.types FROM governance.breach_case b, governance.breach_sight(b.id) s WHERE b.id = breach
  ), matching AS MATERIALIZED (
    SELECT e.id, e.subjects, extract(year FROM r.at AT TIME ZONE 'Asia/Jakarta')::integer AS made,
      coalesce(r.purpose, '') AS purpose, coalesce(r.agency, '') AS agency, coalesce(r."case", '') AS "case", coalesce(r."brokenGlass", false) AS glass,
      coalesce(r."subjectTypes", json_build_object('lookup', length(e.subjects) / 16)) AS types, c.touched
    FROM wanted w, governance.entry e, json_to_record(e.body::json) AS r(status text, at timestamptz, shown json, masked json, "subjectTypes" json,
        purpose text, agency text, "case" text, "brokenGlass" boolean),
      LATERAL (SELECT array_agg(v.value) AS touched FROM (
        SELECT value FROM json_array_elements_text(r.shown) UNION SELECT value FROM json_array_elements_text(r.masked)) AS v
        WHERE cardinality(w.coordinates) = 0 OR v.value = ANY (w.coordinates)) AS c
    WHERE e.at >= since AND e.at < before AND (w.client_id IS NULL OR e.client = w.client_id) AND r.status = 'ANSWERED' AND c.touched IS NOT NULL
  ), ground AS (
    SELECT DISTINCT m.purpose, m.agency, m."case", m.glass FROM matching m
  ), told AS MATERIALIZED (
    SELECT m.* FROM matching m, wanted w WHERE w.agency = 'HUB' OR (m.purpose, m.agency, m."case", m.glass) IN (
      SELECT g.purpose, g.agency, g."case", g.glass FROM ground g WHERE NOT governance.is_sealed(g.purpose, g.agency, nullif(g."case", ''), g.glass))
  ), spans AS (
    SELECT t.subjects, t.made, CASE WHEN w.types IS NULL OR s.key = ANY (w.types) THEN s.key ELSE 'lookup' END AS key, s.value::integer AS n,
      sum(s.value::integer) OVER (PARTITION BY t.id ORDER BY s.place)::integer - s.value::integer AS from_
    FROM wanted w, told t, ROWS FROM (json_each_text(t.types)) WITH ORDINALITY AS s(key, value, place)
  ), each AS (
    SELECT DISTINCT s.made, s.key, substring(s.subjects FROM 16 * (s.from_ + i) + 1 FOR 16) AS tag FROM spans s, generate_series(0, s.n - 1) AS i
  ), by_type AS (
    SELECT made, key, string_agg(tag, ''::bytea) AS all_of FROM each GROUP BY made, key
  )
  SELECT whole.n, whole.touched, b.made, b.key, b.all_of
  FROM (SELECT count(*)::integer AS n,
      coalesce((SELECT array_agg(DISTINCT u.one ORDER BY u.one) FROM told AS all_told, unnest(all_told.touched) AS u(one)), '{}') AS touched FROM told) AS whole
    LEFT JOIN by_type b ON true
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."is_sealed"(text, text, text, boolean), "governance"."breach_found"(uuid, timestamptz, timestamptz) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."is_sealed"(text, text, text, boolean), "governance"."breach_found"(uuid, timestamptz, timestamptz) TO "hub_log";
--> statement-breakpoint
-- Agreements that have used four fifths of a day's quota. The log reads no policy: this it may know.
CREATE FUNCTION "governance"."quotas_nearing"(day date) RETURNS TABLE (agreement text, agency text, used integer, quota integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.agreement_number, a.consumer_agency, c.used, max(v.quota)
  FROM governance.quota_counter c JOIN governance.agreement a ON a.number = c.agreement_number
    JOIN governance.agreement_version v ON v.agreement_number = c.agreement_number AND v.state IN ('active', 'suspended')
      AND clock_timestamp() >= v.valid_from AND clock_timestamp() < v.valid_to
  WHERE c.day = quotas_nearing.day GROUP BY c.agreement_number, a.consumer_agency, c.used HAVING c.used * 5::bigint >= max(v.quota) * 4::bigint
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."quotas_nearing"(date) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."quotas_nearing"(date) TO "hub_log";
--> statement-breakpoint
-- How the hub was used from one day to another (WIB), for everybody: requests, never persons; of sealed questions only how many. An agreement is told
-- of when a version of it was in force, or it was used.
CREATE FUNCTION "governance"."accountability_of"(from_day date, to_day date) RETURNS json
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH span AS (
    SELECT from_day::timestamp AT TIME ZONE 'Asia/Jakarta' AS since, (to_day + 1)::timestamp AT TIME ZONE 'Asia/Jakarta' AS before
  ), days AS MATERIALIZED (
    SELECT u.agreement, u.status, u.disclosure = 'SEALED' AS is_sealed, u.status NOT IN ('ANSWERED', 'UNRECORDED') AS is_refused, sum(u.requests) AS requests
    FROM governance.usage_day u WHERE u.day BETWEEN from_day AND to_day GROUP BY 1, 2, 3
  ), fields AS MATERIALIZED (
    SELECT u.agreement, u.coordinate, coalesce(sum(u.requests) FILTER (WHERE u.outcome = 'SHOWN'), 0) AS shown,
      coalesce(sum(u.requests) FILTER (WHERE u.outcome = 'MASKED'), 0) AS masked, coalesce(sum(u.requests) FILTER (WHERE u.outcome = 'DENIED'), 0) AS denied
    FROM governance.usage_field u WHERE u.day BETWEEN from_day AND to_day GROUP BY 1, 2
  ), versions AS (
    SELECT v.agreement_number, greatest(v.valid_from, min(e.at) FILTER (WHERE e.kind = 'active')) AS since,
      least(v.valid_to, max(e.at) FILTER (WHERE e.kind = v.state AND v.state IN ('revoked', 'superseded'))) AS before
    FROM governance.agreement_version v
      JOIN governance.policy_event e ON e.agreement_number = v.agreement_number AND e.version = v.version
    GROUP BY v.agreement_number, v.version HAVING bool_or(e.kind = 'active')
  ), told AS MATERIALIZED (
    SELECT a.number, a.title, a.consumer_agency, a.purpose_code FROM governance.agreement a
    WHERE EXISTS (SELECT FROM versions v, span s WHERE v.agreement_number = a.number AND v.since < s.before AND v.before > s.since)
      OR EXISTS (SELECT FROM days d WHERE d.agreement = a.number AND NOT d.is_sealed)
  ), late AS (
    SELECT q.kind FROM governance.subject_request_event e JOIN governance.subject_request q ON q.id = e.request_id, span s
    WHERE e.state = 'BREACHED' AND e.at >= s.since AND e.at < s.before
  ), breaches AS (
    SELECT b.authority_notified_at <= b.due_at AND (b.subjects_notified_at <= b.due_at
      OR NOT EXISTS (SELECT FROM governance.breach_subject x WHERE x.breach_id = b.id AND x.type <> 'lookup')) AS in_time
    FROM governance.breach_case b, span s WHERE NOT b.is_drill AND b.detected_at >= s.since AND b.detected_at < s.before
  )
  SELECT json_build_object(
    'from', from_day, 'to', to_day,
    'requests', (SELECT coalesce(sum(requests), 0) FROM days WHERE NOT is_sealed),
    'refused', (SELECT coalesce(sum(requests), 0) FROM days WHERE NOT is_sealed AND is_refused),
    'sealed', (SELECT coalesce(sum(requests), 0) FROM days WHERE is_sealed),
    'refusals', coalesce((SELECT json_agg(r ORDER BY r.code) FROM (
      SELECT status AS code, sum(requests) AS requests FROM days WHERE is_refused AND NOT is_sealed GROUP BY status) AS r), '[]'),
    'partners', coalesce((SELECT json_agg(DISTINCT t.consumer_agency) FROM told t), '[]'),
    'agreements', coalesce((SELECT json_agg(json_build_object('number', t.number, 'title', t.title, 'consumerAgency', t.consumer_agency, 'purposeCode', t.purpose_code,
        'requests', (SELECT coalesce(sum(d.requests), 0) FROM days d WHERE d.agreement = t.number AND NOT d.is_sealed),
        'refused', (SELECT coalesce(sum(d.requests), 0) FROM days d WHERE d.agreement = t.number AND NOT d.is_sealed AND d.is_refused),
        'fields', coalesce((SELECT json_agg(json_build_object('coordinate', f.coordinate, 'shown', f.shown, 'masked', f.masked, 'denied', f.denied)
          ORDER BY f.coordinate) FROM fields f WHERE f.agreement = t.number), '[]')) ORDER BY t.number) FROM told t), '[]'),
    'subjectRequests', (SELECT count(*) FROM governance.subject_request q, span s WHERE q.received_at >= s.since AND q.received_at < s.before),
    'clockBreaches', (SELECT count(*) FROM late), 'lapsedObjections', (SELECT count(*) FROM late WHERE kind = 'OBJECTION'),
    'breaches', (SELECT count(*) FROM breaches), 'breachesToldInTime', (SELECT count(*) FROM breaches WHERE in_time))
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."accountability_of"(date, date) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."accountability_of"(date, date) TO "hub_governance";

--> statement-breakpoint
-- The text of an entry as JSON; of one that somebody made unreadable nothing. (PostgreSQL 15 cannot ask a text whether it is JSON.)
CREATE FUNCTION "governance"."body_of"(body text) RETURNS json LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE WHEN json_typeof(body::json) = 'object' THEN body::json ELSE '{}'::json END;
EXCEPTION WHEN invalid_text_representation THEN
  RETURN '{}'::json;
END $$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."body_of"(text) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."body_of"(text) TO "hub_log";

--> statement-breakpoint
-- A server that compiles its plans (jit, on by default) spends seconds on this one at every call.
ALTER FUNCTION "governance"."breach_found"(uuid, timestamptz, timestamptz) SET jit = off;
