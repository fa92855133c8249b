-- Cubes of the registry: what counts them, and what tells that their rows changed.
CREATE INDEX "member_counted" ON "welfare"."member" ("region") WHERE state = 'ACTIVE';
--> statement-breakpoint
INSERT INTO "welfare"."cube" ("code", "is_dated", "source") VALUES
  ('REGISTRY_HOUSEHOLDS', false, 'count_registry_households'),
  ('REGISTRY_MEMBERS', false, 'count_registry_members'),
  ('MATCH_QUALITY', false, 'count_match_quality'),
  ('PROPOSAL_FUNNEL', false, 'count_proposals');
--> statement-breakpoint
-- Members who are counted: the active ones, with the decile that every member repeats of the household. Who is not matched is no person yet: the entry stands
-- for one.
CREATE FUNCTION "welfare"."counted_members"(of_region text)
RETURNS TABLE ("region" text, "decile" text, "household_id" uuid, "who" uuid, "match_status" text, "claimed_nik" text) LANGUAGE sql STABLE AS $$
  SELECT m.region, coalesce(m.household_decile::text, 'NONE'), m.household_id, coalesce(m.person_id, m.id), m.match_status::text, m.claimed_nik
  FROM welfare.member m WHERE m.state = 'ACTIVE' AND m.region >= of_region AND m.region < of_region || ':'
$$;
--> statement-breakpoint
-- Households somebody active lives in, by decile; persons: those who do.
CREATE FUNCTION "welfare"."count_registry_households"(of_region text, of_period text)
RETURNS TABLE ("region" text, "key" text[], "persons" integer, "units" integer, "cell_key" bigint, "total" bigint, "largest" bigint, "second" bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT p.region, array[p.decile], p.persons::integer, h.units::integer, p.cell_key::bigint, 0::bigint, 0::bigint, 0::bigint
  FROM (SELECT d.region, d.decile, count(*) AS persons, sum(welfare.record_key(d.who)) AS cell_key
    FROM (SELECT DISTINCT left(m.region, 10) AS region, m.decile, m.who FROM welfare.counted_members(of_region) m) d GROUP BY d.region, d.decile) p
  JOIN (SELECT d.region, d.decile, count(*) AS units
    FROM (SELECT DISTINCT left(m.region, 10) AS region, m.decile, m.household_id FROM welfare.counted_members(of_region) m) d GROUP BY d.region, d.decile) h
    ON h.region = p.region AND h.decile = p.decile;
END $$;
--> statement-breakpoint
-- Active members by decile, and by sex and age as the claimed NIK says them (schema/nik.ts; a test holds both equal). A birth is believed that is not after
-- the month and not more than 110 years before its end; the age is that of the first of the month, and who was born since is 0. OFFSET 0 keeps what is
-- computed once from being computed wherever it is named.
CREATE FUNCTION "welfare"."count_registry_members"(of_region text, of_period text)
RETURNS TABLE ("region" text, "key" text[], "persons" integer, "units" integer, "cell_key" bigint, "total" bigint, "largest" bigint, "second" bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  starts date := of_period || '-01';
  first_day integer := to_char(starts, 'YYYYMMDD');
  last_day integer := to_char(starts + interval '1 month' - interval '1 day', 'YYYYMMDD');
  longest integer[] := array[31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  bands text[] := array['0-5', '6-12', '13-17', '18-24', '25-44', '45-59', '60-69', '70+'];
BEGIN
  RETURN QUERY
  WITH said AS (
    SELECT m.region, m.decile, m.who, CASE WHEN m.claimed_nik COLLATE "C" ~ '^[0-9]{16}$' THEN substr(m.claimed_nik, 7, 6)::integer END AS said
    FROM welfare.counted_members(of_region) m OFFSET 0
  ), digits AS (
    SELECT s.region, s.decile, s.who, s.said / 10000 AS day, s.said / 100 % 100 AS month, s.said % 100 AS year FROM said s OFFSET 0
  ), dated AS (
    -- year, month and day as one number, of the later century; a leap year is one in both, but for 1900, which is too long ago
    SELECT d.*, CASE WHEN d.day % 40 BETWEEN 1 AND longest[d.month] AND d.day <= 71 AND (d.month <> 2 OR d.day % 40 < 29 OR d.year % 4 = 0)
      THEN 20000000 + d.year * 10000 + d.month * 100 + d.day % 40 END AS born FROM digits d OFFSET 0
  ), believed AS (
    SELECT d.*, CASE WHEN d.born <= last_day THEN d.born WHEN d.born - 1000000 >= last_day - 1100000 THEN d.born - 1000000 END AS birth FROM dated d OFFSET 0
  ), people AS (
    SELECT left(b.region, 4) AS region, b.decile, CASE WHEN b.birth IS NULL THEN 'UNKNOWN' WHEN b.day > 40 THEN 'FEMALE' ELSE 'MALE' END AS sex,
      coalesce(bands[width_bucket(CASE WHEN b.birth > first_day THEN 0 ELSE (first_day - b.birth) / 10000 END, array[0, 6, 13, 18, 25, 45, 60, 70])], 'UNKNOWN') AS age, b.who, count(*) AS entries
    FROM believed b GROUP BY 1, 2, 3, 4, 5)
  SELECT p.region, array[p.decile, p.sex, p.age], count(*)::integer, sum(p.entries)::integer, sum(welfare.record_key(p.who))::bigint, 0::bigint, 0::bigint, 0::bigint
  FROM people p GROUP BY p.region, p.decile, p.sex, p.age;
END $$;
--> statement-breakpoint
-- Active members by what population said of their claims.
CREATE FUNCTION "welfare"."count_match_quality"(of_region text, of_period text)
RETURNS TABLE ("region" text, "key" text[], "persons" integer, "units" integer, "cell_key" bigint, "total" bigint, "largest" bigint, "second" bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT p.region, array[p.match_status], count(*)::integer, sum(p.entries)::integer, sum(welfare.record_key(p.who))::bigint, 0::bigint, 0::bigint, 0::bigint
  FROM (SELECT left(m.region, 6) AS region, m.match_status, m.who, count(*) AS entries FROM welfare.counted_members(of_region) m GROUP BY 1, 2, 3) p
  GROUP BY p.region, p.match_status;
END $$;
--> statement-breakpoint
-- Day to which waiting is counted: that of the last rebuild, within the month. No row changes when a day passes, so a rebuild on a new day touches the cube.
CREATE FUNCTION "welfare"."waited_until"(of_period text) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT least(coalesce((SELECT welfare.wib_day(p.rebuilt_at) FROM welfare.rollup_period p WHERE p.cube = 'PROPOSAL_FUNNEL' AND p.period = of_period), (of_period || '-01')::date),
    ((of_period || '-01')::date + interval '1 month' - interval '1 day')::date)
$$;
--> statement-breakpoint
-- Proposals that were handed in, by stage and whole days in it; persons: their candidates. An act that keeps the stage (proposal_step) does not begin it anew.
CREATE FUNCTION "welfare"."count_proposals"(of_region text, of_period text)
RETURNS TABLE ("region" text, "key" text[], "persons" integer, "units" integer, "cell_key" bigint, "total" bigint, "largest" bigint, "second" bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  today date := welfare.waited_until(of_period);
  bands text[] := array['0-7', '8-14', '15-30', '31-90', '91+'];
BEGIN
  RETURN QUERY
  WITH staged AS MATERIALIZED (
    SELECT p.id, left(p.region, 6) AS region, p.state, bands[width_bucket(greatest(today - welfare.wib_day(coalesce(
      CASE WHEN EXISTS (SELECT FROM welfare.proposal_step s WHERE s.from_state = p.state AND s.act = p.act AND s.to_state = p.state)
        THEN (SELECT max(t.at) FROM welfare.transition t WHERE t.subject_kind = 'PROPOSAL' AND t.subject_id = p.id AND t.to_state = p.state AND t.from_state IS DISTINCT FROM p.state) END,
      p.moved_at)), 0), array[0, 8, 15, 31, 91])] AS waited
    FROM welfare.proposal p WHERE p.state <> 'DRAFT' AND p.region >= of_region AND p.region < of_region || ':'
  ), people AS (
    SELECT d.region, d.state, d.waited, count(*) AS persons, sum(welfare.record_key(d.who)) AS cell_key
    FROM (SELECT DISTINCT s.region, s.state, s.waited, coalesce(c.person_id, c.id) AS who FROM staged s JOIN welfare.proposal_candidate c ON c.proposal_id = s.id) d
    GROUP BY d.region, d.state, d.waited)
  SELECT s.region, array[s.state, s.waited], coalesce(min(p.persons), 0)::integer, count(*)::integer, coalesce(min(p.cell_key), 0)::bigint, 0::bigint, 0::bigint, 0::bigint
  FROM staged s LEFT JOIN people p ON p.region = s.region AND p.state = s.state AND p.waited = s.waited GROUP BY s.region, s.state, s.waited;
END $$;
--> statement-breakpoint
-- Whoever writes members tells which districts they were and are in, if what is counted of them changed. They are never deleted.
CREATE FUNCTION "welfare"."touch_members"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE touched text[];
BEGIN
  IF TG_OP = 'INSERT' THEN touched := array(SELECT DISTINCT left(n.region, 6) FROM made n WHERE n.state = 'ACTIVE');
  ELSE touched := array(SELECT DISTINCT left(d.region, 6)
    FROM (SELECT * FROM was o WHERE o.state = 'ACTIVE') o FULL JOIN (SELECT * FROM made n WHERE n.state = 'ACTIVE') n ON n.id = o.id AND n.household_id = o.household_id
      CROSS JOIN LATERAL (VALUES (o.region), (n.region)) d (region)
    WHERE d.region IS NOT NULL AND (o.region, o.household_decile, o.match_status, o.person_id, o.claimed_nik) IS DISTINCT FROM (n.region, n.household_decile, n.match_status, n.person_id, n.claimed_nik));
  END IF;
  INSERT INTO welfare.rollup_touched (cube, region)
  SELECT c.code, t.region FROM unnest(touched) t (region), unnest(array['MATCH_QUALITY', 'REGISTRY_HOUSEHOLDS']) c (code)
  UNION ALL SELECT DISTINCT 'REGISTRY_MEMBERS', left(t.region, 4) FROM unnest(touched) t (region);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "member_entered_touches" AFTER INSERT ON "welfare"."member" REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION "welfare"."touch_members"();
--> statement-breakpoint
CREATE TRIGGER "member_changed_touches" AFTER UPDATE ON "welfare"."member" REFERENCING OLD TABLE AS was NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION "welfare"."touch_members"();
--> statement-breakpoint
-- The same for proposals and their candidates, of which every change is counted.
CREATE FUNCTION "welfare"."touch_proposals"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN INSERT INTO welfare.rollup_touched (cube, region) SELECT DISTINCT 'PROPOSAL_FUNNEL', left(n.region, 6) FROM made n; END IF;
  IF TG_OP <> 'INSERT' THEN INSERT INTO welfare.rollup_touched (cube, region) SELECT DISTINCT 'PROPOSAL_FUNNEL', left(o.region, 6) FROM was o; END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "proposal_entered_touches" AFTER INSERT ON "welfare"."proposal" REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION "welfare"."touch_proposals"();
--> statement-breakpoint
CREATE TRIGGER "proposal_changed_touches" AFTER UPDATE ON "welfare"."proposal" REFERENCING OLD TABLE AS was NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION "welfare"."touch_proposals"();
--> statement-breakpoint
CREATE TRIGGER "proposal_gone_touches" AFTER DELETE ON "welfare"."proposal" REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION "welfare"."touch_proposals"();
--> statement-breakpoint
CREATE TRIGGER "proposal_candidate_entered_touches" AFTER INSERT ON "welfare"."proposal_candidate" REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION "welfare"."touch_proposals"();
--> statement-breakpoint
CREATE TRIGGER "proposal_candidate_changed_touches" AFTER UPDATE ON "welfare"."proposal_candidate" REFERENCING OLD TABLE AS was NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION "welfare"."touch_proposals"();
--> statement-breakpoint
CREATE TRIGGER "proposal_candidate_gone_touches" AFTER DELETE ON "welfare"."proposal_candidate" REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION "welfare"."touch_proposals"();
--> statement-breakpoint
-- A table that is emptied at once has no rows to tell of. Members cannot be.
CREATE FUNCTION "welfare"."touch_emptied"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO welfare.rollup_touched (cube, region) VALUES ('PROPOSAL_FUNNEL', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "proposal_emptied_touches" AFTER TRUNCATE ON "welfare"."proposal" FOR EACH STATEMENT EXECUTE FUNCTION "welfare"."touch_emptied"();
--> statement-breakpoint
CREATE TRIGGER "proposal_candidate_emptied_touches" AFTER TRUNCATE ON "welfare"."proposal_candidate" FOR EACH STATEMENT EXECUTE FUNCTION "welfare"."touch_emptied"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."touch_waiting"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO welfare.rollup_touched (cube, region) VALUES (NEW.cube, '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "waiting_touches" AFTER UPDATE OF "rebuilt_at" ON "welfare"."rollup_period" FOR EACH ROW
  WHEN (NEW.cube = 'PROPOSAL_FUNNEL' AND welfare.wib_day(OLD.rebuilt_at) <> welfare.wib_day(NEW.rebuilt_at)) EXECUTE FUNCTION "welfare"."touch_waiting"();
--> statement-breakpoint
-- Once a day: waiting is a day longer. Answers how much was done.
CREATE FUNCTION "welfare"."wait_a_day"(at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM welfare.hold_rollups();
  IF NOT EXISTS (SELECT FROM welfare.rollup_period p WHERE p.cube = 'PROPOSAL_FUNNEL' AND p.period = welfare.month_at(at) AND p.closed_at IS NULL AND welfare.wib_day(p.rebuilt_at) < welfare.wib_day(at))
  THEN RETURN 0; END IF;
  PERFORM welfare.rebuild_rollup('PROPOSAL_FUNNEL', welfare.month_at(at), at);
  RETURN 1;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."counted_members", "welfare"."count_registry_households", "welfare"."count_registry_members", "welfare"."count_match_quality", "welfare"."waited_until", "welfare"."count_proposals",
  "welfare"."touch_members", "welfare"."touch_proposals", "welfare"."touch_emptied", "welfare"."touch_waiting", "welfare"."wait_a_day" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."wait_a_day" TO "hub_welfare_jobs";
