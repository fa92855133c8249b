-- Roll-ups: exact counts of the cubes, kept by what changes and counted anew from time to time; and what of them was released.
CREATE TABLE "welfare"."cube" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"is_dated" boolean NOT NULL,
	"source" text collate "C" NOT NULL,
	CONSTRAINT "cube_source" CHECK (source ~ '^count_[a-z_]+$')
);
--> statement-breakpoint
CREATE TABLE "welfare"."rollup_cell" (
	"cube" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"key" text[] NOT NULL,
	"persons" integer NOT NULL,
	"units" integer NOT NULL,
	"cell_key" bigint NOT NULL,
	"total" bigint NOT NULL,
	"largest" bigint NOT NULL,
	"second" bigint NOT NULL,
	CONSTRAINT "rollup_cell_cube_period_region_key_pk" PRIMARY KEY("cube","period","region","key"),
	CONSTRAINT "rollup_cell_month" CHECK (period ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$'),
	CONSTRAINT "rollup_cell_counts" CHECK (persons >= 0 and units > 0 and cell_key >= 0 and total >= largest + second and second >= 0)
);
--> statement-breakpoint
CREATE TABLE "welfare"."rollup_period" (
	"cube" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	"rebuilt_at" timestamp with time zone NOT NULL,
	"differences" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "rollup_period_cube_period_pk" PRIMARY KEY("cube","period"),
	CONSTRAINT "rollup_period_month" CHECK (period ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$')
);
--> statement-breakpoint
CREATE TABLE "welfare"."rollup_release" (
	"cube" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"number" smallint NOT NULL,
	"as_of" timestamp with time zone NOT NULL,
	"is_final" boolean NOT NULL,
	"sha256" text collate "C" NOT NULL,
	CONSTRAINT "rollup_release_cube_period_number_pk" PRIMARY KEY("cube","period","number"),
	CONSTRAINT "rollup_release_budget" CHECK (number between 1 and 6)
);
--> statement-breakpoint
CREATE TABLE "welfare"."rollup_touched" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "welfare"."rollup_touched_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"cube" text collate "C" NOT NULL,
	"period" text collate "C",
	"region" text collate "C" NOT NULL,
	CONSTRAINT "rollup_touched_month" CHECK (period ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$')
);
--> statement-breakpoint
CREATE INDEX "rollup_release_latest" ON "welfare"."rollup_release" USING btree ("cube","period","as_of");
--> statement-breakpoint
GRANT SELECT ON "welfare"."cube", "welfare"."rollup_cell", "welfare"."rollup_touched", "welfare"."rollup_period", "welfare"."rollup_release" TO "hub_welfare_jobs";
--> statement-breakpoint
GRANT INSERT ON "welfare"."rollup_release" TO "hub_welfare_jobs";
--> statement-breakpoint
-- The month of an instant, by the calendar of western Indonesia.
CREATE FUNCTION "welfare"."month_at"(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT to_char(at AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM') $$;
--> statement-breakpoint
-- What one person adds to the key of a cell: the same people are rounded the same, by whatever way, in whatever month they are asked for, and other people
-- otherwise (cell keys: Fraser and Wooton 2005). 32 bits, so that a sum of all persons of the country stays a bigint.
CREATE FUNCTION "welfare"."record_key"(person uuid) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT uuid_hash_extended(person, 7) & 4294967295 $$;
--> statement-breakpoint
-- Counts the rows of cubes in a region anew, of an open month alone and all in one statement: so cubes that count the same rows see them at one instant.
-- Answers how many cells that changed; `fold` alone is not told, because the rows have. Whoever calls it holds the lock of the roll-ups. A full join is never
-- a nested loop, whatever the planner takes the counts for.
CREATE FUNCTION "welfare"."fold"(of_cubes text[], of_period text, of_region text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' AS $$
DECLARE
  counting text := (SELECT string_agg(format('SELECT %L AS cube, n.* FROM welfare.%I($2, $1) n', c.code, c.source), ' UNION ALL ' ORDER BY c.code) FROM welfare.cube c WHERE c.code = ANY (of_cubes));
  one text;
  changed integer;
BEGIN
  FOREACH one IN ARRAY of_cubes LOOP
    IF NOT EXISTS (SELECT FROM welfare.cube c WHERE c.code = one) THEN RAISE EXCEPTION 'no cube % is registered', one; END IF;
    IF NOT EXISTS (SELECT FROM welfare.rollup_period p WHERE p.cube = one AND p.period = of_period AND p.closed_at IS NULL) THEN RAISE EXCEPTION 'month % of cube % is not open', of_period, one; END IF;
  END LOOP;
  EXECUTE format($q$
    WITH differing AS MATERIALIZED (
      SELECT s.ctid AS stood, n.* FROM (%s) n
      FULL JOIN (SELECT c.ctid, c.* FROM welfare.rollup_cell c WHERE c.cube = ANY ($3) AND c.period = $1 AND c.region >= $2 AND c.region < $2 || ':') s
        ON s.cube = n.cube AND s.region = n.region AND s.key = n.key
      WHERE (n.persons, n.units, n.cell_key, n.total, n.largest, n.second) IS DISTINCT FROM (s.persons, s.units, s.cell_key, s.total, s.largest, s.second)),
    gone AS (DELETE FROM welfare.rollup_cell c WHERE c.ctid = ANY (array(SELECT d.stood FROM differing d WHERE d.region IS NULL)) RETURNING 1),
    told AS (
      INSERT INTO welfare.rollup_cell (cube, period, region, key, persons, units, cell_key, total, largest, second)
      SELECT d.cube, $1, d.region, d.key, d.persons, d.units, d.cell_key, d.total, d.largest, d.second FROM differing d WHERE d.region IS NOT NULL
      ON CONFLICT (cube, period, region, key) DO UPDATE SET persons = EXCLUDED.persons, units = EXCLUDED.units, cell_key = EXCLUDED.cell_key,
        total = EXCLUDED.total, largest = EXCLUDED.largest, second = EXCLUDED.second
      RETURNING 1)
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM told) $q$, counting) INTO changed USING of_period, of_region, of_cubes;
  RETURN changed;
END $$;
--> statement-breakpoint
-- One connection at a time writes roll-ups: two that count one region would write its cells twice. Until the transaction ends.
CREATE FUNCTION "welfare"."hold_rollups"() RETURNS void LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(7311) $$;
--> statement-breakpoint
-- Takes the lines of cubes and a month, and answers where they point; those without a month are of the one that is open. Lines go before rows are read, so
-- that rows that change meanwhile have told so in a line of their own.
CREATE FUNCTION "welfare"."take_lines"(of_cubes text[], of_period text) RETURNS text[] LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH taken AS (DELETE FROM welfare.rollup_touched t WHERE t.cube = ANY (of_cubes) AND coalesce(t.period, of_period) = of_period RETURNING t.region)
  SELECT array_agg(DISTINCT t.region) FROM taken t
$$;
--> statement-breakpoint
-- Works off the lines of a cube and month: below a wider region it counts once, and where there are more than `most` the whole month, which is sooner done.
-- Answers how often it counted.
CREATE FUNCTION "welfare"."fold_lines"(of_cube text, of_period text, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  regions text[] := welfare.take_lines(array[of_cube], of_period);
  one text;
  wider text;
  done integer := 0;
BEGIN
  IF cardinality(regions) > most THEN regions := array['']; END IF;
  FOR one IN SELECT r FROM unnest(regions) r ORDER BY r COLLATE "C" LOOP
    CONTINUE WHEN starts_with(one, wider);
    PERFORM welfare.fold(array[of_cube], of_period, one);
    wider := one;
    done := done + 1;
  END LOOP;
  RETURN done;
END $$;
--> statement-breakpoint
-- Counts a whole month anew, and says in how many cells that differs from what the events had left there: 0, or somebody changed rows and did not tell. Null:
-- rows changed meanwhile, so nothing can be said. A month whose rows bear it is opened by that, of a cube that is a state only its first.
CREATE FUNCTION "welfare"."rebuild_rollup"(of_cube text, of_period text, at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  is_new boolean;
  found_differing integer;
BEGIN
  PERFORM welfare.hold_rollups();
  INSERT INTO welfare.rollup_period (cube, period, opened_at, rebuilt_at)
  SELECT c.code, of_period, at, at FROM welfare.cube c WHERE c.code = of_cube AND (c.is_dated OR of_period = welfare.month_at(at) AND NOT EXISTS (SELECT FROM welfare.rollup_period p WHERE p.cube = of_cube)) ON CONFLICT DO NOTHING;
  is_new := FOUND;
  IF is_new THEN PERFORM welfare.take_lines(array[of_cube], of_period);
  ELSE PERFORM welfare.fold_lines(of_cube, of_period, 500);
  END IF;
  found_differing := welfare.fold(array[of_cube], of_period, '');
  IF is_new THEN RETURN 0; END IF;
  IF EXISTS (SELECT FROM welfare.rollup_touched t WHERE t.cube = of_cube AND coalesce(t.period, of_period) = of_period) THEN found_differing := NULL; END IF;
  UPDATE welfare.rollup_period p SET rebuilt_at = greatest(p.rebuilt_at, at), differences = p.differences + coalesce(found_differing, 0) WHERE p.cube = of_cube AND p.period = of_period;
  RETURN found_differing;
END $$;
--> statement-breakpoint
-- Opens the month of an instant for the cubes that are a state, and closes those before, in one transaction: a month closes with all its cubes counted a last
-- time, at one instant, and stays so. A clock that is behind opens nothing. Answers how many were opened.
CREATE FUNCTION "welfare"."open_month"(at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  month text := welfare.month_at(at);
  opening text[];
  old record;
BEGIN
  PERFORM welfare.hold_rollups();
  opening := array(SELECT c.code FROM welfare.cube c WHERE NOT c.is_dated AND NOT EXISTS (SELECT FROM welfare.rollup_period p WHERE p.cube = c.code AND p.period >= month));
  IF opening = '{}' THEN RETURN 0; END IF;
  FOR old IN SELECT p.period, array_agg(p.cube) AS cubes FROM welfare.rollup_period p WHERE p.cube = ANY (opening) AND p.closed_at IS NULL GROUP BY p.period LOOP
    UPDATE welfare.rollup_period p SET rebuilt_at = greatest(p.rebuilt_at, at) WHERE p.cube = ANY (old.cubes) AND p.period = old.period;
    PERFORM welfare.take_lines(old.cubes, old.period);
    PERFORM welfare.fold(old.cubes, old.period, '');
    UPDATE welfare.rollup_period p SET closed_at = at WHERE p.cube = ANY (old.cubes) AND p.period = old.period;
  END LOOP;
  INSERT INTO welfare.rollup_period (cube, period, opened_at, rebuilt_at) SELECT c, month, at, at FROM unnest(opening) c;
  PERFORM welfare.take_lines(opening, month);
  PERFORM welfare.fold(opening, month, '');
  RETURN cardinality(opening);
END $$;
--> statement-breakpoint
-- Works off what changed in one month of one cube, the one that has waited longest; answers how much was done, 0 when nothing is left. A cube that is a state
-- changes in its open month alone, whatever the caller's clock says; one whose rows bear months in those.
CREATE FUNCTION "welfare"."fold_touched"(at timestamptz, most integer DEFAULT 500) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  done integer := welfare.open_month(at);
  one welfare.rollup_touched;
BEGIN
  SELECT t.* INTO one FROM welfare.rollup_touched t JOIN welfare.cube c ON c.code = t.cube ORDER BY t.seq LIMIT 1;
  IF NOT FOUND THEN RETURN done; END IF;
  IF one.period IS NOT NULL THEN
    INSERT INTO welfare.rollup_period (cube, period, opened_at, rebuilt_at) VALUES (one.cube, one.period, at, at) ON CONFLICT DO NOTHING;
  END IF;
  RETURN done + welfare.fold_lines(one.cube, coalesce(one.period, (SELECT max(p.period) FROM welfare.rollup_period p WHERE p.cube = one.cube AND p.closed_at IS NULL)), most);
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."fold", "welfare"."hold_rollups", "welfare"."take_lines", "welfare"."fold_lines", "welfare"."rebuild_rollup", "welfare"."open_month", "welfare"."fold_touched" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."rebuild_rollup", "welfare"."open_month", "welfare"."fold_touched" TO "hub_welfare_jobs";
