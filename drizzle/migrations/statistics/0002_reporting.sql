-- The door for BI tools: a view a cube over its released cells, and nothing else. Rows are for logins that an agreement in force opens.
CREATE SCHEMA "reporting";
--> statement-breakpoint
-- Drops a cube's view; whoever reads it loses the session: a login that holds it would else keep it, and whoever waits for it, for as long as it likes.
CREATE FUNCTION "statistics"."hide_cube"(of_code text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  shown text := format('reporting.%I', lower(of_code));
BEGIN
  LOCK TABLE statistics.reader IN EXCLUSIVE MODE; -- else a renewal grants on the view that goes
  PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_locks l USING (pid)
    WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.relation = to_regclass(shown)
      AND a.usename::text IN (SELECT d.login FROM statistics.reader d) AND pg_has_role(a.usename, 'USAGE');
  EXECUTE format('DROP VIEW IF EXISTS %s', shown);
END $$;
--> statement-breakpoint
-- The view of one cube, made from its row: as the cube changes, so does it. A login that may read the cube reads the new one, too.
CREATE FUNCTION "statistics"."show_cube"(of_cube "statistics"."cube") RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  shown text := format('reporting.%I', lower(of_cube.code));
  split record;
  columns text := '';
  reader text;
BEGIN
  FOR split IN SELECT dimension ->> 'name' AS name, at FROM jsonb_array_elements(of_cube.dimensions) WITH ORDINALITY AS d (dimension, at) LOOP
    columns := columns || format('c.key[%s] AS %I, ', split.at, split.name);
  END LOOP;
  -- The term is looked at with each row (it stands in a CASE with the row's own column): who reads slowly reads no longer than others. Each measure looks at it
  -- too: a column that depends on the clock is compared with nothing before the row has passed, so EXPLAIN ANALYZE counts no rows by a hidden measure.
  EXECUTE format($view$
    CREATE VIEW %s WITH (security_barrier) AS
    SELECT c.region AS region_code, c.parent AS parent_code,
      CASE length(c.region) WHEN 1 THEN 'COUNTRY' WHEN 2 THEN 'PROVINCE' WHEN 4 THEN 'REGENCY' WHEN 6 THEN 'DISTRICT' ELSE 'VILLAGE' END AS level,
      make_date(left(c.period, 4)::int, right(c.period, 2)::int, 1) AS period,
      %s CASE WHEN d.open_until > clock_timestamp() THEN c.persons END AS persons, CASE WHEN d.open_until > clock_timestamp() THEN c.units END AS units,
      CASE WHEN d.open_until > clock_timestamp() THEN c.total END AS total_rupiah, CASE WHEN d.open_until > clock_timestamp() THEN c.units IS NULL END AS suppressed, r.as_of, r.number::int AS release
    FROM statistics.reader d
      JOIN statistics.release r ON r.cube = %L AND r.is_in_force
      JOIN statistics.cell c ON c.cube = r.cube AND c.period = r.period
    WHERE d.login = session_user AND CASE WHEN c.cube IS NULL THEN false ELSE d.open_until > clock_timestamp() END
      AND (c.is_public OR c.cube = ANY (d.cubes) AND statistics.lies_in(c.region, d.regions))$view$,
    shown, columns, of_cube.code);
  FOR split IN SELECT * FROM statistics.column_texts(of_cube) LOOP
    EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', shown, split.name, split.text);
  END LOOP;
  EXECUTE format('COMMENT ON VIEW %s IS %L', shown, format('Kubus %s — released figures of %s, by %s; per satuan %s, one unit is a %s. Disamarkan dan dibulatkan sebelum dirilis — suppressed and rounded before release.',
    of_cube.code, of_cube.slice, of_cube.owner, of_cube.unit, of_cube.unit));
  FOR reader IN SELECT d.login FROM statistics.reader d JOIN pg_roles ON rolname = d.login WHERE of_cube.is_public OR of_cube.code = ANY (d.cubes) LOOP
    EXECUTE format('GRANT SELECT ON %s TO %I', shown, reader);
  END LOOP;
END $$;
--> statement-breakpoint
-- Half-open ranges in byte order, as many bounds as two a range; a missing bound is no range.
CREATE FUNCTION "statistics"."lies_in"(region text, ranges text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(region COLLATE "C" >= ranges[1] AND region COLLATE "C" < ranges[2], false)
    OR coalesce(region COLLATE "C" >= ranges[3] AND region COLLATE "C" < ranges[4], false)
    OR coalesce(region COLLATE "C" >= ranges[5] AND region COLLATE "C" < ranges[6], false)
    OR coalesce(region COLLATE "C" >= ranges[7] AND region COLLATE "C" < ranges[8], false)
$$;
--> statement-breakpoint
-- What BI tools show beside a column.
CREATE FUNCTION "statistics"."column_texts"(of_cube "statistics"."cube") RETURNS TABLE (name text, text text) LANGUAGE sql STABLE AS $$
  VALUES ('region_code', 'Kode wilayah — Kemendagri region code, digits only; 0 is the whole country'),
    ('parent_code', 'Kode wilayah induk — region above; null for the country'),
    ('level', 'Tingkat — COUNTRY, PROVINCE, REGENCY, DISTRICT or VILLAGE: take one, or figures add up twice'),
    ('period', 'Bulan — first day of the month the figures are of'),
    ('persons', 'Orang — contributing persons, rounded to base 5; null where withheld, and where households or families are counted'),
    ('units', 'Satuan — units counted, rounded to base 5; null where withheld'),
    ('total_rupiah', 'Jumlah rupiah — whole rupiah; null where withheld, and in cubes without'),
    ('suppressed', 'Disamarkan — withheld so that nobody can be learned from it: not zero'),
    ('as_of', 'Per tanggal — instant the figures are of'),
    ('release', 'Rilis — number of the release of this month')
  UNION ALL
  SELECT d ->> 'name', format('Dimensi — %s%s', (SELECT string_agg(code, ', ' ORDER BY at) FROM jsonb_array_elements_text(d -> 'codes') WITH ORDINALITY AS c (code, at)),
    CASE WHEN (d ->> 'hasTotal')::boolean THEN '; * jumlah, the total: take it or the codes, not both' ELSE '; tanpa jumlah, no total: take one' END)
  FROM jsonb_array_elements(of_cube.dimensions) AS d
$$;
--> statement-breakpoint
CREATE FUNCTION "statistics"."show_cubes"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM statistics.hide_cube(OLD.code); END IF;
  IF TG_OP <> 'DELETE' THEN PERFORM statistics.show_cube(NEW); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "cube_shown" AFTER INSERT OR DELETE ON "statistics"."cube" FOR EACH ROW EXECUTE FUNCTION "statistics"."show_cubes"();
--> statement-breakpoint
-- what says the same again leaves the view alone, and whoever reads it
CREATE TRIGGER "cube_shown_anew" AFTER UPDATE ON "statistics"."cube" FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION "statistics"."show_cubes"();
--> statement-breakpoint
DO $$ DECLARE known "statistics"."cube"; BEGIN
  FOR known IN SELECT * FROM statistics.cube LOOP PERFORM statistics.show_cube(known); END LOOP;
END $$;
--> statement-breakpoint
-- What others published beside our own newest figures, where the login may see ours.
CREATE VIEW "reporting"."reconciliation" WITH (security_barrier) AS
SELECT f.code, f.cube, f.region AS region_code, array_to_string(f.key, '|') AS key, f.measure, f.value AS published, f.as_of AS published_as_of, f.source,
  o.ours, make_date(left(o.period, 4)::int, right(o.period, 2)::int, 1) AS period, o.ours - f.value AS difference,
  CASE WHEN f.value <> 0 THEN (o.ours * 1000 / f.value)::int END AS per_mille
FROM statistics.reader d CROSS JOIN statistics.published_figure f
  LEFT JOIN LATERAL (
    SELECT c.period, CASE WHEN d.open_until > clock_timestamp() THEN CASE f.measure WHEN 'PERSONS' THEN c.persons WHEN 'UNITS' THEN c.units ELSE c.total END::bigint END AS ours
    FROM statistics.cell c JOIN statistics.release r ON r.cube = c.cube AND r.period = c.period AND r.is_in_force
    WHERE c.cube = f.cube AND c.region = f.region AND c.key = f.key
      AND (c.is_public OR c.cube = ANY (d.cubes) AND statistics.lies_in(c.region, d.regions))
    ORDER BY c.period DESC LIMIT 1) o ON true
WHERE d.login = session_user AND CASE WHEN f.code IS NULL THEN false ELSE d.open_until > clock_timestamp() END;
--> statement-breakpoint
DO $$ DECLARE said record; BEGIN
  COMMENT ON VIEW reporting.reconciliation IS 'Rekonsiliasi — what others published of the same things beside our own newest figures';
  FOR said IN SELECT * FROM (VALUES ('code', 'Kode — of the published figure'), ('cube', 'Kubus — where ours stands'), ('region_code', 'Kode wilayah — 0 is the whole country'),
    ('key', 'Kunci — codes of our cell, in the order of the cube''s dimensions'), ('measure', 'Ukuran — PERSONS, UNITS or TOTAL'), ('published', 'Angka terbit — as published'),
    ('published_as_of', 'Per — day or period of the published figure'), ('source', 'Sumber — who published it, where'),
    ('ours', 'Angka hub — ours; null: none is released, or it is withheld'), ('period', 'Bulan — first day of the month ours is of'),
    ('difference', 'Selisih — ours less theirs'), ('per_mille', 'Per seribu — ours in thousandths of theirs')) AS texts (name, text)
  LOOP EXECUTE format('COMMENT ON COLUMN reporting.reconciliation.%I IS %L', said.name, said.text); END LOOP;
END $$;
--> statement-breakpoint
-- A login's row comes with its grants and goes with them: nobody reads a view because a grant was left behind. A partner's view is granted while the
-- terms hold its cube, so that no plan over it can be asked for otherwise.
CREATE FUNCTION "statistics"."let_reader_in"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = OLD.login) THEN
      EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA reporting FROM %I', OLD.login);
      EXECUTE format('REVOKE ALL ON SCHEMA reporting FROM %I', OLD.login);
    END IF;
  ELSIF TG_OP = 'INSERT' OR EXISTS (SELECT FROM pg_roles WHERE rolname = NEW.login) THEN
    EXECUTE format('GRANT USAGE ON SCHEMA reporting TO %I', NEW.login);
    EXECUTE format('GRANT SELECT ON reporting.reconciliation TO %I', NEW.login);
    FOR known IN SELECT c.code, c.is_public OR c.code = ANY (NEW.cubes) AS is_open FROM statistics.cube c LOOP
      EXECUTE format(CASE WHEN known.is_open THEN 'GRANT SELECT ON reporting.%I TO %I' ELSE 'REVOKE SELECT ON reporting.%I FROM %I' END, lower(known.code), NEW.login);
    END LOOP;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "reader_let_in" AFTER INSERT OR DELETE ON "statistics"."reader" FOR EACH ROW EXECUTE FUNCTION "statistics"."let_reader_in"();
--> statement-breakpoint
-- what opens the same cubes again changes no grants
CREATE TRIGGER "reader_let_in_anew" AFTER UPDATE ON "statistics"."reader" FOR EACH ROW WHEN (OLD.cubes IS DISTINCT FROM NEW.cubes) EXECUTE FUNCTION "statistics"."let_reader_in"();
--> statement-breakpoint
-- Whoever renews says what is open by which agreement; who they are is said once, by whoever opened the login.
CREATE FUNCTION "statistics"."reader_rules"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.login, OLD.agency, OLD.agreement) IS DISTINCT FROM (NEW.login, NEW.agency, NEW.agreement) THEN
    RAISE EXCEPTION 'a login keeps its agency and agreement: close it and open another' USING ERRCODE = 'HB001';
  ELSIF NEW.open_until > clock_timestamp() + interval '65 seconds' THEN
    RAISE EXCEPTION 'a login is open for a minute at most, and renewed' USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "reader_rules" BEFORE INSERT OR UPDATE ON "statistics"."reader" FOR EACH ROW EXECUTE FUNCTION "statistics"."reader_rules"();
--> statement-breakpoint
REVOKE ALL ON FUNCTION "statistics"."hide_cube", "statistics"."show_cube", "statistics"."column_texts", "statistics"."show_cubes", "statistics"."let_reader_in", "statistics"."reader_rules" FROM PUBLIC;
