-- The cube of residents: persons of the register by district of residence, sex and age. Who died is left out, and who is out of service: registered twice, or not
-- heard of for ten years.
INSERT INTO "population"."cube" ("code", "is_dated", "source") VALUES ('RESIDENTS', false, 'count_residents');
--> statement-breakpoint
-- Age is that of the first day of the month; who was born since is 0.
CREATE FUNCTION "population"."count_residents"(of_region text, of_period text)
RETURNS TABLE (region text, key text[], persons integer, units integer, cell_key bigint, total bigint, largest bigint, second bigint) LANGUAGE sql STABLE AS $$
  SELECT left(p.region, 6), ARRAY[p.sex::text, b.bands[1 + width_bucket(p.birth_date, b.births)]], count(*)::int, count(*)::int, sum(population.record_key(p.id))::bigint, 0::bigint, 0::bigint, 0::bigint
  FROM population.person p CROSS JOIN (
    SELECT array_agg(((of_period || '-01')::date - make_interval(years => a.youngest))::date + 1 ORDER BY a.youngest DESC) AS births, array_agg(a.band ORDER BY a.youngest DESC) || '{0-5}' AS bands
    FROM (VALUES (6, '6-12'), (13, '13-17'), (18, '18-24'), (25, '25-44'), (45, '45-59'), (60, '60-69'), (70, '70+')) a (youngest, band)) b
  WHERE p.region >= of_region AND p.region < of_region || ':' AND p.is_alive AND p.out_of_service IS NULL
  GROUP BY 1, 2
$$;
--> statement-breakpoint
-- Tells in which districts one statement changed who lives there, whoever made it.
CREATE FUNCTION "population"."touch_residents"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    WITH changed AS MATERIALIZED (
      SELECT left(o.region, 6) AS was_in, left(n.region, 6) AS is_in FROM before o FULL JOIN now_so n ON n.id = o.id
      WHERE (o.region, o.sex, o.birth_date, o.is_alive, o.out_of_service) IS DISTINCT FROM (n.region, n.sex, n.birth_date, n.is_alive, n.out_of_service))
    INSERT INTO population.rollup_touched (cube, region)
    SELECT 'RESIDENTS', p.region FROM (SELECT c.was_in AS region FROM changed c UNION SELECT c.is_in FROM changed c) p WHERE p.region IS NOT NULL;
  ELSE
    INSERT INTO population.rollup_touched (cube, region) SELECT DISTINCT 'RESIDENTS', left(t.region, 6) FROM changed t;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "population"."count_residents", "population"."touch_residents" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "person_begins_touches" AFTER INSERT ON "population"."person" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "population"."touch_residents"();
--> statement-breakpoint
CREATE TRIGGER "person_changes_touches" AFTER UPDATE ON "population"."person" REFERENCING OLD TABLE AS before NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "population"."touch_residents"();
--> statement-breakpoint
CREATE TRIGGER "person_goes_touches" AFTER DELETE ON "population"."person" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "population"."touch_residents"();
