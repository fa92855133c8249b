-- Cubes of the aid programs: who is served (BENEFICIARIES), who is entitled beside (COVERAGE), who waits for a seat (WAITING_LIST), which aids meet in one family
-- (OVERLAP), and the seats that decrees gave (QUOTA). Entitlement is judged by what the registry delivered to the programs, which they hold to select by: nothing is asked of it.
INSERT INTO "programs"."cube" ("code", "is_dated", "source") VALUES
  ('BENEFICIARIES', false, 'count_beneficiaries'), ('COVERAGE', false, 'count_coverage'), ('WAITING_LIST', false, 'count_waiting_list'), ('OVERLAP', false, 'count_overlap'),
  ('QUOTA', false, 'count_quota');
--> statement-breakpoint
-- The programs that cubes tell apart, in their order; aid of one region is counted by none.
CREATE FUNCTION "programs"."national"() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array['PKH', 'BPNT', 'PBI_JK', 'KIP', 'KIP_KULIAH', 'BST']
$$;
--> statement-breakpoint
-- Inlined, so that the region narrows the index. Nobody runs twice in a program (enrolment_running): a row is a person.
CREATE FUNCTION "programs"."count_waiting_list"(of_region text, of_period text)
RETURNS TABLE (region text, key text[], persons integer, units integer, cell_key bigint, total bigint, largest bigint, second bigint) LANGUAGE sql STABLE AS $$
  SELECT left(e.region, 6), array[e.program], count(*)::int, count(*)::int, sum(programs.record_key(e.person_id))::bigint, 0::bigint, 0::bigint, 0::bigint
  FROM programs.enrolment e
  WHERE e.region >= of_region AND e.region < of_region || ':' AND e.ended_on IS NULL AND e.state = 'WAITING' AND e.program = ANY (programs.national())
  GROUP BY left(e.region, 6), e.program
$$;
--> statement-breakpoint
-- The rule of 0007, which says what it said. Asked about some units it reads by whom these may be barred, where it read all enrolments of the programs that exclude
-- the one asked about, twice: for the five families of a district beside 300,000 enrolments 208 ms, now 12. And whether anything bars is told without putting the
-- reasons in order: 27 to 44 % less CPU for all units of a program (synthetic registry of 20,000 households).
CREATE OR REPLACE FUNCTION "programs"."judge"(program text, day date, delivery int, known timestamptz, ceiling smallint, region_prefix text, units uuid[])
RETURNS TABLE (unit_id uuid, person_id uuid, region text, decile smallint, rank bigint, first_on date, is_eligible boolean, reasons text[], components text[], yearly bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000 AS $$
  WITH rule AS (
    SELECT r.reason, r.applies, r.unless, r.decile_limit FROM programs.eligibility_rule r WHERE r.program = $1 AND r.valid_from <= $2 AND (r.valid_to IS NULL OR $2 <= r.valid_to)
  ), asked AS (
    SELECT p.unit::text AS unit, coalesce($5, t.decile_limit, (SELECT r.decile_limit FROM rule r WHERE r.reason = 'DECILE_ABOVE_LIMIT')) AS ceiling FROM programs.program p, programs.term($1, $2) t WHERE p.code = $1 AND t.program = p.code
  ), said AS (
    SELECT coalesce((SELECT array_agg(reason) FROM rule), '{}') AS codes,
      coalesce((SELECT array_agg(reason) FROM rule WHERE applies = 'FAMILY'), '{}') AS of_families,
      (SELECT unless FROM rule WHERE unless IS NOT NULL) AS unless,
      (SELECT array_agg(o.code) FROM programs.program o, rule r WHERE r.reason = 'DUPLICATE_BENEFIT' AND o.code <> $1
        AND 'EXCLUSIVE' IN (programs.combination($1, o.code, $2, 'PERSON'), CASE r.applies WHEN 'FAMILY' THEN programs.combination($1, o.code, $2, 'FAMILY') END)) AS exclusive
  ), home AS (
    SELECT $7 || coalesce(array_agg(m.family_id), '{}') AS families FROM programs.candidate_member m WHERE m.delivery = $3 AND m.member_id = ANY ($7)
  ), near AS ( -- everybody by whom the units asked about may be barred
    SELECT array(SELECT m.person_id FROM programs.candidate_member m WHERE m.delivery = $3 AND m.family_id = ANY (h.families) AND m.person_id IS NOT NULL
      UNION SELECT f.person_id FROM programs.candidate_family f WHERE f.delivery = $3 AND f.family_id = ANY (h.families) AND f.person_id IS NOT NULL) AS persons FROM home h
  ), hit AS NOT MATERIALIZED (
    SELECT e.person_id, e.family_id, e.reason FROM programs.exclusion e
    WHERE (e.program IS NULL OR e.program = $1) AND e.valid_from <= $2 AND (e.valid_to IS NULL OR $2 <= e.valid_to) AND e.known_from <= $4 AND (e.known_to IS NULL OR $4 < e.known_to)
      AND ($7 IS NULL OR e.person_id = ANY ((SELECT persons FROM near)::uuid[]) OR e.family_id = ANY ((SELECT families FROM home)::uuid[]))
    UNION ALL
    SELECT e.person_id, NULL::uuid, 'DUPLICATE_BENEFIT' FROM programs.enrolment e
    WHERE (SELECT exclusive FROM said) IS NOT NULL AND e.program = ANY ((SELECT exclusive FROM said)::text[])
      AND e.state NOT IN ('CANDIDATE', 'WAITING') AND e.started_on <= $2 AND (e.ended_on IS NULL OR $2 <= e.ended_on) AND ($7 IS NULL OR e.person_id = ANY ((SELECT persons FROM near)::uuid[]))
  ), family_hit AS (
    SELECT b.family_id, array_agg(DISTINCT b.reason) AS reasons FROM (
      SELECT f.family_id, h.reason FROM hit h JOIN programs.candidate_family f ON f.delivery = $3 AND f.person_id = h.person_id AND ($7 IS NULL OR f.family_id = ANY ($7))
      UNION ALL
      SELECT m.family_id, h.reason FROM hit h JOIN programs.candidate_member m ON m.delivery = $3 AND m.person_id = h.person_id AND ($7 IS NULL OR m.family_id = ANY ($7))
      WHERE h.reason = ANY ((SELECT of_families FROM said)::text[])
      UNION ALL
      SELECT h.family_id, h.reason FROM hit h WHERE h.family_id IS NOT NULL AND ($7 IS NULL OR h.family_id = ANY ($7))
    ) b WHERE (SELECT unit FROM asked) = 'FAMILY' GROUP BY b.family_id
  ), member_hit AS (
    SELECT b.member_id, array_agg(DISTINCT b.reason) AS reasons FROM (
      SELECT m.member_id, h.reason FROM hit h JOIN programs.candidate_member m ON m.delivery = $3 AND m.person_id = h.person_id AND ($7 IS NULL OR m.member_id = ANY ($7))
      UNION ALL
      SELECT m.member_id, h.reason FROM hit h JOIN programs.candidate_member o ON o.delivery = $3 AND o.person_id = h.person_id
        JOIN programs.candidate_member m ON m.delivery = $3 AND m.family_id = o.family_id AND ($7 IS NULL OR m.member_id = ANY ($7))
      WHERE h.reason = ANY ((SELECT of_families FROM said)::text[])
      UNION ALL
      SELECT m.member_id, h.reason FROM hit h JOIN programs.candidate_member m ON m.delivery = $3 AND m.family_id = h.family_id AND ($7 IS NULL OR m.member_id = ANY ($7))
      UNION ALL
      SELECT m.member_id, x.reason FROM programs.candidate_family f CROSS JOIN LATERAL unnest(f.barred) AS x(reason)
        JOIN programs.candidate_member m ON m.delivery = $3 AND m.family_id = f.family_id AND ($7 IS NULL OR m.member_id = ANY ($7))
      WHERE f.delivery = $3 AND f.barred <> '{}' AND x.reason = ANY ((SELECT of_families FROM said)::text[])
    ) b WHERE (SELECT unit FROM asked) = 'PERSON' GROUP BY b.member_id
  ), waived AS (
    SELECT DISTINCT m.family_id FROM programs.enrolment e JOIN programs.candidate_member m ON m.delivery = $3 AND m.person_id = e.person_id
      AND ($7 IS NULL OR m.family_id = ANY ((SELECT families FROM home)::uuid[]))
    WHERE (SELECT unless FROM said) IS NOT NULL AND e.program = ANY ((SELECT unless FROM said)::text[])
      AND e.state NOT IN ('CANDIDATE', 'WAITING') AND e.started_on <= $2 AND (e.ended_on IS NULL OR $2 <= e.ended_on) AND ($7 IS NULL OR e.person_id = ANY ((SELECT persons FROM near)::uuid[]))
  ), unit AS (
    SELECT f.family_id AS unit_id, f.person_id, f.region, f.decile, f.rank, f.first_on, f.components, f.barred || coalesce(h.reasons, '{}') AS barred, w.family_id AS waived,
      f.person_id IS NULL AND NOT 'DECEASED' = ANY (f.barred) AS is_unmatched, false AS is_dead, false AS is_asleep, k.counts_nothing, k.yearly
    FROM programs.candidate_family f JOIN programs.kinds($1, $2, $3, $6, $7) k USING (components) LEFT JOIN family_hit h USING (family_id) LEFT JOIN waived w USING (family_id)
    WHERE f.delivery = $3 AND (SELECT unit FROM asked) = 'FAMILY' AND ($6 = '' OR f.region ^@ $6) AND ($7 IS NULL OR f.family_id = ANY ($7))
    UNION ALL
    SELECT m.member_id, m.person_id, m.region, m.decile, m.rank, m.first_on, m.components, m.barred || coalesce(h.reasons, '{}'), w.family_id,
      m.match_status NOT IN ('MATCHED', 'DECEASED'), m.match_status = 'DECEASED' OR m.state = 'DECEASED', m.state IN ('DORMANT', 'MERGED'), k.counts_nothing, k.yearly
    FROM programs.candidate_member m JOIN programs.kinds($1, $2, $3, $6, $7) k USING (components) LEFT JOIN member_hit h USING (member_id) LEFT JOIN waived w USING (family_id)
    WHERE m.delivery = $3 AND (SELECT unit FROM asked) = 'PERSON' AND ($6 = '' OR m.region ^@ $6) AND ($7 IS NULL OR m.member_id = ANY ($7))
  ), judged AS (
    SELECT u.*, array_remove(array[
      CASE WHEN u.is_asleep THEN 'NOT_REGISTERED' END,
      CASE WHEN u.is_unmatched THEN 'NOT_MATCHED' END,
      CASE WHEN u.decile > (SELECT ceiling FROM asked) AND u.waived IS NULL THEN 'DECILE_ABOVE_LIMIT' END,
      CASE WHEN u.counts_nothing THEN 'NO_COMPONENT' END,
      CASE WHEN u.is_dead THEN 'DECEASED' END,
      CASE WHEN u.decile IS NULL OR u.rank IS NULL OR u.first_on IS NULL THEN 'INCOMPLETE_DATA' END
    ] || u.barred, NULL) AS found
    FROM unit u OFFSET 0 -- or it would be reckoned once for each use
  )
  SELECT j.unit_id, j.person_id, j.region::text, j.decile, j.rank, j.first_on, NOT j.found && (SELECT codes FROM said)::text[], r.reasons, j.components, j.yearly
  FROM judged j CROSS JOIN LATERAL (
    SELECT CASE WHEN j.found = '{}' THEN '{}'::text[] ELSE array(SELECT DISTINCT x COLLATE "C" AS code FROM unnest(j.found) AS x WHERE x = ANY ((SELECT codes FROM said)::text[]) ORDER BY code) END AS reasons
  ) r
  UNION ALL
  SELECT x, NULL, NULL, NULL, NULL, NULL, false, array['NOT_REGISTERED'], '{}', NULL FROM asked, unnest($7) AS x
  WHERE NOT EXISTS (SELECT FROM programs.candidate_family f WHERE f.delivery = $3 AND f.family_id = x AND asked.unit = 'FAMILY')
    AND NOT EXISTS (SELECT FROM programs.candidate_member m WHERE m.delivery = $3 AND m.member_id = x AND asked.unit = 'PERSON')
$$;
--> statement-breakpoint
/*
 * A row of a unit of a program (family or member, as it enrols) that its aid reaches, and, without a unit, of an enrolment that reaches none of the delivery in
 * force, which stands where it was made. Served: by an enrolment that holds a seat, of the unit itself or of a person it is or has; whoever waits is not. Of two
 * members who stand for one person the one that settle_delivery did not bar is served. Members stand where their family does.
 */
CREATE FUNCTION "programs"."served"(of_program text, of_region text)
RETURNS TABLE (unit_id uuid, person uuid, region text, decile smallint) LANGUAGE plpgsql STABLE AS $$
DECLARE
  delivery constant integer := programs.delivery_in_force();
  kind constant text := (SELECT CASE p.unit WHEN 'FAMILY' THEN 'family' ELSE 'member' END FROM programs.program p WHERE p.code = of_program);
BEGIN
  IF delivery IS NULL OR kind IS NULL THEN RETURN; END IF;
  RETURN QUERY EXECUTE format($q$
    WITH running AS NOT MATERIALIZED (
      SELECT e.person_id, e.unit_id, e.region FROM programs.enrolment e WHERE e.program = %1$L AND e.ended_on IS NULL AND programs.holds_seat(e.state)
    ), standing AS NOT MATERIALIZED (
      SELECT m.%2$s_id AS unit_id, m.person_id, m.region FROM programs.candidate_member m
      WHERE m.delivery = %3$L AND m.person_id IS NOT NULL AND m.state <> 'MERGED' AND NOT 'DUPLICATE_BENEFIT' = ANY (m.barred)
    ), reached AS (
      SELECT s.unit_id FROM standing s JOIN running r ON r.person_id = s.person_id WHERE s.region >= %4$L AND s.region < %4$L || ':'
      UNION
      SELECT r.unit_id FROM programs.candidate_%2$s u JOIN running r ON r.unit_id = u.%2$s_id WHERE u.delivery = %3$L AND u.region >= %4$L AND u.region < %4$L || ':'
    )
    SELECT u.%2$s_id, coalesce(u.person_id, u.%2$s_id), u.region, u.decile FROM programs.candidate_%2$s u JOIN reached r ON r.unit_id = u.%2$s_id WHERE u.delivery = %3$L
    UNION ALL
    SELECT NULL, r.person_id, r.region, NULL FROM running r WHERE r.region >= %4$L AND r.region < %4$L || ':'
      AND NOT EXISTS (SELECT FROM standing s WHERE s.person_id = r.person_id)
      AND NOT EXISTS (SELECT FROM programs.candidate_%2$s u WHERE u.delivery = %3$L AND u.%2$s_id = r.unit_id) $q$,
    of_program, kind, delivery, of_region);
END $$;
--> statement-breakpoint
-- What is released of it is read off COVERAGE, so that neither gives away what the other withholds.
CREATE FUNCTION "programs"."count_beneficiaries"(of_region text, of_period text)
RETURNS TABLE (region text, key text[], persons integer, units integer, cell_key bigint, total bigint, largest bigint, second bigint) LANGUAGE sql STABLE AS $$
  SELECT p.region, array[p.program], count(*)::int, sum(p.units)::int, sum(programs.record_key(p.person))::bigint, 0::bigint, 0::bigint, 0::bigint
  FROM (SELECT left(s.region, 6) AS region, n.program, s.person, count(*) AS units
    FROM unnest(programs.national()) AS n (program) CROSS JOIN LATERAL programs.served(n.program, of_region) s GROUP BY 1, 2, 3) p
  GROUP BY p.region, p.program
$$;
--> statement-breakpoint
/*
 * Those served, and those entitled beside them. Judged on the last day of the month by what is known now: by rows alone, whatever day it is counted. Who is served
 * and no unit of the delivery is not entitled.
 */
CREATE FUNCTION "programs"."standings"(of_program text, of_region text, of_period text)
RETURNS TABLE (region text, decile smallint, standing text, person uuid) LANGUAGE plpgsql STABLE AS $$
DECLARE
  delivery constant integer := programs.delivery_in_force();
  day constant date := programs.period_begins(of_period) + interval '1 month' - interval '1 day';
  kind constant text := (SELECT CASE p.unit WHEN 'FAMILY' THEN 'family' ELSE 'member' END FROM programs.program p WHERE p.code = of_program);
  units uuid[];
BEGIN
  IF delivery IS NULL OR kind IS NULL THEN RETURN; END IF;
  -- a district or regency is judged by its units, which costs by them; anything wider at once, which costs by the exclusions and enrolments of the whole country
  IF length(of_region) >= 4 THEN
    EXECUTE format('SELECT coalesce(array_agg(u.%1$s_id), ''{}'') FROM programs.candidate_%1$s u WHERE u.delivery = $1 AND u.region >= $2 AND u.region < $2 || '':''', kind)
      INTO units USING delivery, of_region;
  END IF;
  -- without a term nobody is entitled, and the rule, which is long, is not even planned
  RETURN QUERY EXECUTE format($q$
    WITH entitled AS (
      SELECT j.unit_id, coalesce(j.person_id, j.unit_id) AS person, j.region, j.decile FROM programs.judge(%1$L, %2$L, %3$L, 'infinity', NULL, %4$L, $1) j WHERE j.is_eligible AND %6$L
    )
    SELECT coalesce(e.region, s.region), coalesce(e.decile, s.decile),
      CASE WHEN e.unit_id IS NULL THEN 'NOT_ENTITLED_SERVED' WHEN s.unit_id IS NULL THEN 'ENTITLED_UNSERVED' ELSE 'ENTITLED_SERVED' END, coalesce(e.person, s.person)
    FROM entitled e FULL JOIN programs.served(%1$L, %5$L) s ON s.unit_id = e.unit_id $q$,
    of_program, day, delivery, CASE WHEN units IS NULL THEN of_region ELSE '' END, of_region, (programs.term(of_program, day)).program IS NOT NULL) USING units;
END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."count_coverage"(of_region text, of_period text)
RETURNS TABLE (region text, key text[], persons integer, units integer, cell_key bigint, total bigint, largest bigint, second bigint) LANGUAGE sql STABLE AS $$
  SELECT p.region, array[p.program, coalesce(p.decile::text, 'NONE'), p.standing], count(*)::int, sum(p.units)::int, sum(programs.record_key(p.person))::bigint, 0::bigint, 0::bigint, 0::bigint
  FROM (SELECT left(s.region, 6) AS region, n.program, s.decile, s.standing, s.person, count(*) AS units
    FROM unnest(programs.national()) AS n (program) CROSS JOIN LATERAL programs.standings(n.program, of_region, of_period) s GROUP BY 1, 2, 3, 4, 5) p
  GROUP BY p.region, p.program, p.decile, p.standing
$$;
--> statement-breakpoint
-- A family of the delivery in force once, by all programs that reach it or anybody in it: aid that is none of the four is OTHER where it is all they get. Who draws
-- stands for the family, so that ten persons are ten families.
CREATE FUNCTION "programs"."count_overlap"(of_region text, of_period text)
RETURNS TABLE (region text, key text[], persons integer, units integer, cell_key bigint, total bigint, largest bigint, second bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY EXECUTE format($q$
    WITH running AS NOT MATERIALIZED (
      SELECT e.person_id, e.unit_id, e.program FROM programs.enrolment e WHERE e.ended_on IS NULL AND programs.holds_seat(e.state)
    ), home AS NOT MATERIALIZED (
      SELECT f.family_id, f.person_id, f.region FROM programs.candidate_family f WHERE f.delivery = %1$L AND f.region >= %2$L AND f.region < %2$L || ':'
    ), standing AS NOT MATERIALIZED (
      SELECT m.family_id, m.member_id, m.person_id FROM programs.candidate_member m WHERE m.delivery = %1$L AND m.region >= %2$L AND m.region < %2$L || ':' AND m.state <> 'MERGED'
    ), reached AS (
      SELECT s.family_id, r.program FROM standing s JOIN running r ON r.person_id = s.person_id
      UNION ALL SELECT s.family_id, r.program FROM standing s JOIN running r ON r.unit_id = s.member_id
      UNION ALL SELECT h.family_id, r.program FROM home h JOIN running r ON r.unit_id = h.family_id
    ), combined AS (
      SELECT r.family_id, coalesce(nullif(concat_ws('+', max(r.program) FILTER (WHERE r.program = 'PKH'), max(r.program) FILTER (WHERE r.program = 'BPNT'),
        max(r.program) FILTER (WHERE r.program = 'PBI_JK'), max(r.program) FILTER (WHERE r.program = 'KIP')), ''), 'OTHER') AS combination
      FROM reached r GROUP BY r.family_id
    ), person AS (
      SELECT left(h.region, 6) AS region, c.combination, coalesce(h.person_id, h.family_id) AS person, count(*) AS units FROM home h JOIN combined c USING (family_id) GROUP BY 1, 2, 3
    )
    SELECT p.region, array[p.combination], count(*)::int, sum(p.units)::int, sum(programs.record_key(p.person))::bigint, 0::bigint, 0::bigint, 0::bigint
    FROM person p GROUP BY p.region, p.combination $q$, programs.delivery_in_force(), of_region);
END $$;
--> statement-breakpoint
-- Seats of the decrees in force whose period the month lies in, each at its own level: a province's are no sum of its regencies', and the country's bear `0`.
CREATE FUNCTION "programs"."count_quota"(of_region text, of_period text)
RETURNS TABLE (region text, key text[], persons integer, units integer, cell_key bigint, total bigint, largest bigint, second bigint) LANGUAGE sql STABLE AS $$
  SELECT q.place, array[q.program], 0, sum(q.seats)::int, 0::bigint, 0::bigint, 0::bigint, 0::bigint
  FROM (SELECT coalesce(nullif(i.region, ''), '0') AS place, i.program, i.seats FROM programs.quota i
    WHERE i.state = 'IN_FORCE' AND i.seats > 0 AND programs.allots(i.period, of_period) AND i.program = ANY (programs.national())) q
  WHERE q.place >= of_region AND q.place < of_region || ':' GROUP BY q.place, q.program
$$;
--> statement-breakpoint
-- Tells that a cube changed in some regions; of more than `most`, that it changed, because all at once are then counted sooner.
CREATE FUNCTION "programs"."touch_cube"(of_cube text, regions text[], most integer) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  WITH place AS (SELECT DISTINCT left(r, 6) AS region FROM unnest(regions) AS r WHERE r IS NOT NULL)
  INSERT INTO programs.rollup_touched (cube, region) SELECT DISTINCT of_cube, CASE WHEN (SELECT count(*) FROM place) > most THEN '' ELSE p.region END FROM place p
$$;
--> statement-breakpoint
-- Where persons and units stand in the delivery in force. `source`: a query of (person_id, unit_id) about rows of the statement that is told of. Planned each
-- time: it may be of one row, or of a million.
CREATE FUNCTION "programs"."standing_of"(source text) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('WITH told AS MATERIALIZED (SELECT DISTINCT t.person_id, t.unit_id FROM (%1$s) t)
    SELECT m.region FROM told t JOIN programs.candidate_member m ON m.delivery = %2$L AND m.person_id = t.person_id
    UNION SELECT f.region FROM told t JOIN programs.candidate_family f ON f.delivery = %2$L AND f.person_id = t.person_id
    UNION SELECT m.region FROM told t JOIN programs.candidate_member m ON m.delivery = %2$L AND m.member_id = t.unit_id
    UNION SELECT f.region FROM told t JOIN programs.candidate_family f ON f.delivery = %2$L AND f.family_id = t.unit_id', source, programs.delivery_in_force())
$$;
--> statement-breakpoint
-- Rows of a statement that are otherwise than before in some columns, as they were and as they are.
CREATE FUNCTION "programs"."changed_rows"(operation text, columns text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE operation WHEN 'INSERT' THEN format('SELECT %s FROM now_so', columns) WHEN 'DELETE' THEN format('SELECT %s FROM before', columns)
    ELSE format('(SELECT %1$s FROM before EXCEPT SELECT %1$s FROM now_so) UNION ALL (SELECT %1$s FROM now_so EXCEPT SELECT %1$s FROM before)', columns) END
$$;
--> statement-breakpoint
CREATE FUNCTION "programs"."touch_enrolments"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  source constant text := programs.changed_rows(TG_OP, 'person_id, unit_id, program, state, region, started_on, ended_on');
  own text[];
  standing text[];
BEGIN
  EXECUTE format('SELECT array_agg(DISTINCT left(c.region, 6)) FROM (%s) c', source) INTO own;
  IF own IS NULL THEN RETURN NULL; END IF;
  PERFORM programs.touch_cube('WAITING_LIST', own, 1000);
  IF programs.delivery_in_force() IS NULL THEN RETURN NULL; END IF;
  EXECUTE format('SELECT array_agg(DISTINCT left(s.region, 6)) FROM (%s) s', programs.standing_of(source)) INTO standing;
  PERFORM programs.touch_cube('BENEFICIARIES', own || standing, 300), programs.touch_cube('COVERAGE', own || standing, 100), programs.touch_cube('OVERLAP', standing, 300);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "enrolment_begins_touches" AFTER INSERT ON "programs"."enrolment" REFERENCING NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_enrolments"();
--> statement-breakpoint
CREATE TRIGGER "enrolment_changes_touches" AFTER UPDATE ON "programs"."enrolment" REFERENCING OLD TABLE AS before NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_enrolments"();
--> statement-breakpoint
CREATE TRIGGER "enrolment_goes_touches" AFTER DELETE ON "programs"."enrolment" REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_enrolments"();
--> statement-breakpoint
-- Whom an exclusion is about stays (exclusion_stays): the rows as they are name them all.
CREATE FUNCTION "programs"."touch_exclusions"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE standing text[];
BEGIN
  EXECUTE format('SELECT array_agg(DISTINCT left(s.region, 6)) FROM (%s) s', programs.standing_of('SELECT person_id, family_id AS unit_id FROM now_so')) INTO standing;
  PERFORM programs.touch_cube('COVERAGE', standing, 100);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "exclusion_begins_touches" AFTER INSERT ON "programs"."exclusion" REFERENCING NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_exclusions"();
--> statement-breakpoint
CREATE TRIGGER "exclusion_ends_touches" AFTER UPDATE ON "programs"."exclusion" REFERENCING NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_exclusions"();
--> statement-breakpoint
-- A delivery in force stands as it came, but for its marks of age, which judge nobody: what changes it changes all.
CREATE FUNCTION "programs"."touch_candidates"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE is_changed boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM (%s) c WHERE c.delivery = programs.delivery_in_force())', programs.changed_rows(TG_OP, 'delivery, family_id, region, person_id, decile, rank,
    first_on, components, barred' || CASE TG_TABLE_NAME WHEN 'candidate_member' THEN ', member_id, match_status, state' ELSE '' END)) INTO is_changed;
  IF is_changed THEN PERFORM programs.touch_cube(c, array[''], 1) FROM unnest(array['BENEFICIARIES', 'COVERAGE', 'OVERLAP']) AS c; END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "candidate_family_comes_touches" AFTER INSERT ON "programs"."candidate_family" REFERENCING NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_candidates"();
--> statement-breakpoint
CREATE TRIGGER "candidate_family_changes_touches" AFTER UPDATE ON "programs"."candidate_family" REFERENCING OLD TABLE AS before NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_candidates"();
--> statement-breakpoint
CREATE TRIGGER "candidate_family_goes_touches" AFTER DELETE ON "programs"."candidate_family" REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_candidates"();
--> statement-breakpoint
CREATE TRIGGER "candidate_member_comes_touches" AFTER INSERT ON "programs"."candidate_member" REFERENCING NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_candidates"();
--> statement-breakpoint
CREATE TRIGGER "candidate_member_changes_touches" AFTER UPDATE ON "programs"."candidate_member" REFERENCING OLD TABLE AS before NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_candidates"();
--> statement-breakpoint
CREATE TRIGGER "candidate_member_goes_touches" AFTER DELETE ON "programs"."candidate_member" REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_candidates"();
--> statement-breakpoint
-- What holds for everybody: another delivery, another rule or term of a program.
CREATE FUNCTION "programs"."touch_all"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM programs.touch_cube(c, array[''], 1) FROM unnest(TG_ARGV) AS c;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "target_delivery_touches" AFTER INSERT OR UPDATE OF "state" OR DELETE ON "programs"."target_delivery" FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_all"('BENEFICIARIES', 'COVERAGE', 'OVERLAP');
--> statement-breakpoint
CREATE TRIGGER "eligibility_rule_touches" AFTER INSERT OR UPDATE OR DELETE ON "programs"."eligibility_rule" FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_all"('COVERAGE');
--> statement-breakpoint
CREATE TRIGGER "program_touches" AFTER INSERT OR UPDATE OR DELETE ON "programs"."program" FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_all"('BENEFICIARIES', 'COVERAGE');
--> statement-breakpoint
CREATE TRIGGER "program_term_touches" AFTER INSERT OR UPDATE OR DELETE ON "programs"."program_term" FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_all"('COVERAGE');
--> statement-breakpoint
CREATE TRIGGER "component_rate_touches" AFTER INSERT OR UPDATE OR DELETE ON "programs"."component_rate" FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_all"('COVERAGE');
--> statement-breakpoint
CREATE TRIGGER "combination_rule_touches" AFTER INSERT OR UPDATE OR DELETE ON "programs"."combination_rule" FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_all"('COVERAGE');
--> statement-breakpoint
CREATE FUNCTION "programs"."touch_quotas"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE places text[];
BEGIN
  EXECUTE format('SELECT array_agg(DISTINCT coalesce(nullif(c.region, ''''), ''0'')) FROM (%s) c', programs.changed_rows(TG_OP, 'program, period, region, seats, state')) INTO places;
  PERFORM programs.touch_cube('QUOTA', places, 100);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "quota_begins_touches" AFTER INSERT ON "programs"."quota" REFERENCING NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_quotas"();
--> statement-breakpoint
CREATE TRIGGER "quota_changes_touches" AFTER UPDATE ON "programs"."quota" REFERENCING OLD TABLE AS before NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_quotas"();
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."count_waiting_list", "programs"."served", "programs"."count_beneficiaries", "programs"."standings", "programs"."count_coverage", "programs"."count_overlap", "programs"."count_quota", "programs"."touch_cube",
  "programs"."standing_of", "programs"."touch_enrolments", "programs"."touch_exclusions", "programs"."touch_candidates", "programs"."touch_all", "programs"."touch_quotas" FROM PUBLIC;
