-- Data sasaran: who stands in the registry, as welfare delivered it; what bars whom; and the one rule that judges.
CREATE TABLE "programs"."target_delivery" (
	"number" integer PRIMARY KEY NOT NULL,
	"basis" text NOT NULL,
	"version" text collate "C" NOT NULL,
	"determined_on" date NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"families" integer NOT NULL,
	"members" integer NOT NULL,
	"sha256" text collate "C" NOT NULL,
	"attestation" text,
	"made_at" timestamp with time zone,
	"state" text NOT NULL,
	CONSTRAINT "target_delivery_words" CHECK (basis in ('DTKS', 'DTSEN') and state in ('LOADING', 'IN_FORCE', 'SUPERSEDED')),
	CONSTRAINT "target_delivery_counts" CHECK (number > 0 and families >= 0 and members >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "target_delivery_in_force" ON "programs"."target_delivery" ("state") WHERE state = 'IN_FORCE';
--> statement-breakpoint
CREATE TABLE "programs"."candidate_family" (
	"delivery" integer NOT NULL,
	"family_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"person_id" uuid,
	"decile" smallint,
	"rank" bigint,
	"first_on" date,
	"components" text[] NOT NULL,
	"barred" text[] NOT NULL,
	"stale_since" date,
	CONSTRAINT "candidate_family_delivery_family_id_pk" PRIMARY KEY("delivery","family_id"),
	CONSTRAINT "candidate_family_rank" CHECK (decile between 1 and 10 and rank > 0)
);
--> statement-breakpoint
CREATE TABLE "programs"."candidate_member" (
	"delivery" integer NOT NULL,
	"member_id" uuid NOT NULL,
	"family_id" uuid NOT NULL,
	"suffix" text collate "C" NOT NULL,
	"person_id" uuid,
	"match_status" text NOT NULL,
	"state" text NOT NULL,
	"region" text collate "C" NOT NULL,
	"components" text[] NOT NULL,
	"barred" text[] NOT NULL,
	"decile" smallint,
	"rank" bigint,
	"first_on" date,
	CONSTRAINT "candidate_member_delivery_member_id_pk" PRIMARY KEY("delivery","member_id"),
	CONSTRAINT "candidate_member_matched" CHECK ((person_id is not null) = (match_status = 'MATCHED')),
	CONSTRAINT "candidate_member_rank" CHECK (decile between 1 and 10 and rank > 0)
);
--> statement-breakpoint
CREATE TABLE "programs"."eligibility_rule" (
	"program" text collate "C" NOT NULL,
	"reason" text collate "C" NOT NULL,
	"applies" text NOT NULL,
	"unless" text[] collate "C",
	"decile_limit" smallint,
	"source" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	CONSTRAINT "eligibility_rule_program_reason_valid_from_pk" PRIMARY KEY("program","reason","valid_from"),
	CONSTRAINT "eligibility_rule_words" CHECK (applies in ('RECIPIENT', 'FAMILY') and (num_nonnulls(unless, decile_limit) = 0 or reason = 'DECILE_ABOVE_LIMIT')),
	CONSTRAINT "eligibility_rule_period" CHECK (valid_to >= valid_from)
);
--> statement-breakpoint
CREATE TABLE "programs"."exclusion" (
	"id" uuid PRIMARY KEY NOT NULL,
	"program" text collate "C",
	"person_id" uuid,
	"family_id" uuid,
	"region" text collate "C" NOT NULL,
	"reason" text collate "C" NOT NULL,
	"source" text collate "C" NOT NULL,
	"evidence" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"known_from" timestamp with time zone NOT NULL,
	"known_to" timestamp with time zone,
	CONSTRAINT "exclusion_about" CHECK (num_nonnulls(person_id, family_id) = 1),
	CONSTRAINT "exclusion_period" CHECK (valid_to >= valid_from),
	CONSTRAINT "exclusion_known" CHECK (known_to >= known_from),
	CONSTRAINT "exclusion_reason" CHECK (reason in ('CIVIL_SERVANT_OR_FORCES', 'PENSIONER', 'VILLAGE_OFFICIAL', 'INCOME_ABOVE_MINIMUM_WAGE', 'COMPANY_OWNER', 'CERTIFIED_TEACHER', 'SOCIAL_WORKFORCE', 'REJECTED_BY_REGION', 'REJECTED_BY_GIS', 'DECEASED', 'WITHDRAWN', 'OBJECTION_UPHELD'))
);
--> statement-breakpoint
CREATE TABLE "programs"."exclusion_claim" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"exclusion_id" uuid,
	"program" text collate "C",
	"person_id" uuid,
	"family_id" uuid,
	"region" text collate "C" NOT NULL,
	"reason" text collate "C" NOT NULL,
	"source" text collate "C" NOT NULL,
	"evidence" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"words" text NOT NULL,
	"state" text DEFAULT 'PROPOSED' NOT NULL,
	"made_by" text collate "C" NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"decided_by" text collate "C",
	"decided_at" timestamp with time zone,
	"decision_reason" text,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "exclusion_claim_words" CHECK (kind in ('EXCLUDE', 'LIFT') and state in ('PROPOSED', 'APPROVED', 'REJECTED', 'WITHDRAWN') and words ~ '\S' and evidence ~ '\S'),
	CONSTRAINT "exclusion_claim_about" CHECK (num_nonnulls(person_id, family_id) = 1 and (kind = 'LIFT') = (exclusion_id is not null)),
	CONSTRAINT "exclusion_claim_period" CHECK (valid_to >= valid_from),
	CONSTRAINT "exclusion_claim_four_eyes" CHECK (state not in ('APPROVED', 'REJECTED') or decided_by <> made_by),
	CONSTRAINT "exclusion_claim_decided" CHECK ((state = 'PROPOSED') = (decided_by is null) and (decided_by is null) = (decided_at is null) and (decided_by is null) = (decision_reason is null))
);
--> statement-breakpoint
CREATE TABLE "programs"."registry_event" (
	"id" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"says" jsonb NOT NULL,
	"attestation" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "registry_event_kind" CHECK (kind in ('FAMILY_CHANGED', 'MEMBER_DIED', 'MEMBER_REVIVED', 'NOT_ELIGIBLE', 'ELIGIBLE_AGAIN'))
);
--> statement-breakpoint
CREATE INDEX "candidate_family_region" ON "programs"."candidate_family" ("delivery","region");
--> statement-breakpoint
CREATE INDEX "candidate_family_person" ON "programs"."candidate_family" ("person_id","delivery");
--> statement-breakpoint
CREATE INDEX "candidate_member_region" ON "programs"."candidate_member" ("delivery","region");
--> statement-breakpoint
CREATE INDEX "candidate_member_person" ON "programs"."candidate_member" ("person_id","delivery");
--> statement-breakpoint
CREATE INDEX "candidate_member_family" ON "programs"."candidate_member" ("family_id","delivery");
--> statement-breakpoint
CREATE INDEX "exclusion_person" ON "programs"."exclusion" ("person_id");
--> statement-breakpoint
CREATE INDEX "exclusion_family" ON "programs"."exclusion" ("family_id");
--> statement-breakpoint
CREATE INDEX "exclusion_claim_desk" ON "programs"."exclusion_claim" ("region","made_at","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "exclusion_claim_lift" ON "programs"."exclusion_claim" ("exclusion_id") WHERE state = 'PROPOSED';
--> statement-breakpoint
-- Delivery the programs go by; null: none yet.
CREATE FUNCTION "programs"."delivery_in_force"() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT d.number FROM programs.target_delivery d WHERE d.state = 'IN_FORCE'
$$;
--> statement-breakpoint
-- Families in which the person who asks stands in any delivery.
CREATE FUNCTION "programs"."own_families"() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT m.family_id), '{}') FROM programs.candidate_member m WHERE m.person_id = programs.citizen()
$$;
--> statement-breakpoint
-- What each list of components in a delivery is worth: far fewer than units, so each is reckoned once. Arguments as of judge. A function of its own, so that the
-- planner takes them for the few they are.
CREATE FUNCTION "programs"."kinds"(program text, day date, delivery int, region_prefix text, units uuid[])
RETURNS TABLE (components text[], counts_nothing boolean, yearly bigint) LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 500 AS $$
#variable_conflict use_column
DECLARE source text := (SELECT CASE p.unit WHEN 'FAMILY' THEN 'candidate_family' ELSE 'candidate_member' END FROM programs.program p WHERE p.code = $1);
BEGIN
  IF source IS NULL THEN RETURN; END IF;
  RETURN QUERY EXECUTE format('SELECT k.components, programs.counted($1, k.components, $2) = ''{}'', programs.award($1, k.components, 12, $2) FROM (
    SELECT DISTINCT c.components FROM programs.%I c WHERE c.delivery = $3 AND ($4 = '''' OR c.region ^@ $4) AND ($5 IS NULL OR c.%I = ANY ($5))) k',
    source, replace(source, 'candidate_', '') || '_id') USING program, day, delivery, region_prefix, units;
END $$;
--> statement-breakpoint
/*
 * Who is entitled to a program on a day by one delivery, and why not: the one rule behind explanation, selection, simulation and trace. A row for each unit
 * of the delivery (family_id or member_id, as the program enrols), and one NOT_REGISTERED for each of `units` it does not know. No row: the program has no
 * term that day. `known`: exclusions as they were known at that instant. `ceiling` null: the term's; `region_prefix` '' and `units` null: all.
 * `components`: what the unit brings, in suffix order; which of them count says programs.counted. `yearly`: what twelve months of them are worth.
 * Reasons are all that apply and that a row of eligibility_rule makes bar. Reads as whoever asks.
 */
CREATE FUNCTION "programs"."judge"(program text, day date, delivery int, known timestamptz, ceiling smallint, region_prefix text, units uuid[])
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
  ), hit AS NOT MATERIALIZED (
    SELECT e.person_id, e.family_id, e.reason FROM programs.exclusion e
    WHERE (e.program IS NULL OR e.program = $1) AND e.valid_from <= $2 AND (e.valid_to IS NULL OR $2 <= e.valid_to) AND e.known_from <= $4 AND (e.known_to IS NULL OR $4 < e.known_to)
    UNION ALL
    SELECT e.person_id, NULL::uuid, 'DUPLICATE_BENEFIT' FROM programs.enrolment e
    WHERE (SELECT exclusive FROM said) IS NOT NULL AND e.program = ANY ((SELECT exclusive FROM said)::text[])
      AND e.state NOT IN ('CANDIDATE', 'WAITING') AND e.started_on <= $2 AND (e.ended_on IS NULL OR $2 <= e.ended_on)
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
  ), home AS (
    SELECT $7 || coalesce(array_agg(m.family_id), '{}') AS families FROM programs.candidate_member m WHERE m.delivery = $3 AND m.member_id = ANY ($7)
  ), waived AS (
    SELECT DISTINCT m.family_id FROM programs.enrolment e JOIN programs.candidate_member m ON m.delivery = $3 AND m.person_id = e.person_id
      AND ($7 IS NULL OR m.family_id = ANY ((SELECT families FROM home)::uuid[]))
    WHERE (SELECT unless FROM said) IS NOT NULL AND e.program = ANY ((SELECT unless FROM said)::text[])
      AND e.state NOT IN ('CANDIDATE', 'WAITING') AND e.started_on <= $2 AND (e.ended_on IS NULL OR $2 <= e.ended_on)
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
  SELECT j.unit_id, j.person_id, j.region::text, j.decile, j.rank, j.first_on, r.reasons = '{}', r.reasons, j.components, j.yearly
  FROM judged j CROSS JOIN LATERAL (
    SELECT CASE WHEN j.found = '{}' THEN '{}'::text[] ELSE array(SELECT DISTINCT x COLLATE "C" AS code FROM unnest(j.found) AS x WHERE x = ANY ((SELECT codes FROM said)::text[]) ORDER BY code) END AS reasons
  ) r
  UNION ALL
  SELECT x, NULL, NULL, NULL, NULL, NULL, false, array['NOT_REGISTERED'], '{}', NULL FROM asked, unnest($7) AS x
  WHERE NOT EXISTS (SELECT FROM programs.candidate_family f WHERE f.delivery = $3 AND f.family_id = x AND asked.unit = 'FAMILY')
    AND NOT EXISTS (SELECT FROM programs.candidate_member m WHERE m.delivery = $3 AND m.member_id = x AND asked.unit = 'PERSON')
$$;
--> statement-breakpoint
-- Judges units by everything there is to know of them, of those alone that stand where the program is the asker's to know; for a person their own entry and
-- family alone. What an agreement does not open is not taken for absent. Few units at a time.
CREATE FUNCTION "programs"."judge_seen"(program text, day date, known timestamptz, units uuid[])
RETURNS TABLE (unit_id uuid, person_id uuid, region text, decile smallint, rank bigint, first_on date, is_eligible boolean, reasons text[], components text[], yearly bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE in_force constant int := programs.delivery_in_force();
BEGIN
  IF units IS NULL THEN RETURN; END IF;
  IF cardinality(units) > 2000 THEN RAISE EXCEPTION 'at most 2000 are judged at once' USING ERRCODE = 'HB003'; END IF;
  IF programs.citizen() IS NULL THEN
    units := array(SELECT f.family_id FROM programs.candidate_family f WHERE f.delivery = in_force AND f.family_id = ANY (units) AND programs.is_open(program, f.region)
      UNION ALL SELECT m.member_id FROM programs.candidate_member m WHERE m.delivery = in_force AND m.member_id = ANY (units) AND programs.is_open(program, m.region));
  ELSE
    units := array(SELECT u FROM unnest(units) u WHERE u = ANY (programs.own_families())
      UNION ALL SELECT m.member_id FROM programs.candidate_member m WHERE m.delivery = in_force AND m.member_id = ANY (units) AND m.person_id = programs.citizen());
  END IF;
  RETURN QUERY EXECUTE 'SELECT * FROM programs.judge($1, $2, $3, $4, NULL, '''', $5) j WHERE j.region IS NOT NULL' USING program, day, in_force, known, units;
END $$;
--> statement-breakpoint
ALTER TABLE "programs"."candidate_family" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."candidate_family" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select programs.seen_regions())::text[]) and (programs.citizen() is null or family_id = any ((select programs.own_families())::uuid[])));
--> statement-breakpoint
ALTER TABLE "programs"."candidate_member" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."candidate_member" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select programs.seen_regions())::text[]) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
ALTER TABLE "programs"."exclusion" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."exclusion" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select programs.seen_regions())::text[]) and (program is null or current_setting('hub.programs')::text[] && array['*', program] and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[]))) and (programs.citizen() is null or person_id = programs.citizen() or family_id = any ((select programs.own_families())::uuid[])));
--> statement-breakpoint
ALTER TABLE "programs"."exclusion_claim" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."exclusion_claim" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and region ^@ any ((select programs.seen_regions())::text[]) and (program is null or current_setting('hub.programs')::text[] && array['*', program] and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[]))) and programs.citizen() is null);
--> statement-breakpoint
ALTER TABLE "programs"."registry_event" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_knows" ON "programs"."registry_event" FOR SELECT TO "hub_programs" USING ((current_setting('hub.agency')::text[])[1] = 'SIKS_NG');
--> statement-breakpoint
CREATE POLICY "hub_programs_receives" ON "programs"."registry_event" FOR INSERT TO "hub_programs" WITH CHECK ((current_setting('hub.agency')::text[])[1] = 'SIKS_NG');
--> statement-breakpoint
CREATE POLICY "hub_programs_claims" ON "programs"."exclusion_claim" FOR INSERT TO "hub_programs" WITH CHECK (programs.officer() is not null and state = 'PROPOSED');
--> statement-breakpoint
CREATE POLICY "hub_programs_decides" ON "programs"."exclusion_claim" FOR UPDATE TO "hub_programs" USING (programs.officer() is not null and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]))) WITH CHECK (programs.officer() is not null);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."candidate_family" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."candidate_member" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."exclusion" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."exclusion_claim" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."registry_event" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."candidate_family" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."candidate_member" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."exclusion" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
GRANT SELECT ON "programs"."target_delivery", "programs"."eligibility_rule", "programs"."candidate_family", "programs"."candidate_member", "programs"."exclusion" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision_reason, version) ON "programs"."exclusion_claim" TO "hub_programs";
--> statement-breakpoint
GRANT SELECT, INSERT ON "programs"."registry_event" TO "hub_programs";
--> statement-breakpoint
-- Which reason bars which program, and whose: of the recipient (or the unit itself), or of anybody in the family. `unless`: who runs in one of these need not be
-- under the ceiling, which of a program whose terms set none is `decile_limit` (KIP Kuliah: P3KE decile 3). Whom an occupation bars is told differently by different sources (u): corrections are rows.
INSERT INTO "programs"."eligibility_rule" ("program", "reason", "applies", "unless", "decile_limit", "source", "valid_from") VALUES
	('PKH', 'NOT_REGISTERED', 'RECIPIENT', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'NOT_MATCHED', 'RECIPIENT', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'INCOMPLETE_DATA', 'RECIPIENT', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'DECEASED', 'RECIPIENT', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'DUPLICATE_BENEFIT', 'FAMILY', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'WITHDRAWN', 'RECIPIENT', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'OBJECTION_UPHELD', 'RECIPIENT', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'REJECTED_BY_REGION', 'RECIPIENT', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'CIVIL_SERVANT_OR_FORCES', 'FAMILY', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'PENSIONER', 'FAMILY', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'VILLAGE_OFFICIAL', 'FAMILY', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'INCOME_ABOVE_MINIMUM_WAGE', 'FAMILY', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'COMPANY_OWNER', 'FAMILY', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'CERTIFIED_TEACHER', 'FAMILY', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'SOCIAL_WORKFORCE', 'FAMILY', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'REJECTED_BY_GIS', 'FAMILY', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'DECILE_ABOVE_LIMIT', 'RECIPIENT', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('PKH', 'NO_COMPONENT', 'RECIPIENT', NULL, NULL, 'Permensos 1/2018; Kepmensos 79/HUK/2025', '2007-07-01'),
	('BPNT', 'NOT_REGISTERED', 'RECIPIENT', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'NOT_MATCHED', 'RECIPIENT', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'INCOMPLETE_DATA', 'RECIPIENT', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'DECEASED', 'RECIPIENT', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'DUPLICATE_BENEFIT', 'FAMILY', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'WITHDRAWN', 'RECIPIENT', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'OBJECTION_UPHELD', 'RECIPIENT', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'REJECTED_BY_REGION', 'RECIPIENT', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'CIVIL_SERVANT_OR_FORCES', 'FAMILY', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'PENSIONER', 'FAMILY', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'VILLAGE_OFFICIAL', 'FAMILY', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'INCOME_ABOVE_MINIMUM_WAGE', 'FAMILY', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'COMPANY_OWNER', 'FAMILY', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'CERTIFIED_TEACHER', 'FAMILY', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'SOCIAL_WORKFORCE', 'FAMILY', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'REJECTED_BY_GIS', 'FAMILY', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('BPNT', 'DECILE_ABOVE_LIMIT', 'RECIPIENT', NULL, NULL, 'Perpres 63/2017; Kepmensos 79/HUK/2025', '2017-01-01'),
	('PBI_JK', 'NOT_REGISTERED', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'NOT_MATCHED', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'INCOMPLETE_DATA', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'DECEASED', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'DUPLICATE_BENEFIT', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'WITHDRAWN', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'OBJECTION_UPHELD', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'REJECTED_BY_REGION', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'CIVIL_SERVANT_OR_FORCES', 'FAMILY', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'PENSIONER', 'FAMILY', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'VILLAGE_OFFICIAL', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'INCOME_ABOVE_MINIMUM_WAGE', 'FAMILY', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'COMPANY_OWNER', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'CERTIFIED_TEACHER', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'SOCIAL_WORKFORCE', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'REJECTED_BY_GIS', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('PBI_JK', 'DECILE_ABOVE_LIMIT', 'RECIPIENT', NULL, NULL, 'PP 101/2012; Kepmensos 3/HUK/2026', '2014-01-01'),
	('KIP', 'NOT_REGISTERED', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2014-11-03'),
	('KIP', 'NOT_MATCHED', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2014-11-03'),
	('KIP', 'INCOMPLETE_DATA', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2014-11-03'),
	('KIP', 'DECEASED', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2014-11-03'),
	('KIP', 'DUPLICATE_BENEFIT', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2014-11-03'),
	('KIP', 'WITHDRAWN', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2014-11-03'),
	('KIP', 'OBJECTION_UPHELD', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2014-11-03'),
	('KIP', 'REJECTED_BY_REGION', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2014-11-03'),
	('KIP', 'NO_COMPONENT', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2014-11-03'),
	('KIP_KULIAH', 'NOT_REGISTERED', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2020-01-01'),
	('KIP_KULIAH', 'NOT_MATCHED', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2020-01-01'),
	('KIP_KULIAH', 'INCOMPLETE_DATA', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2020-01-01'),
	('KIP_KULIAH', 'DECEASED', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2020-01-01'),
	('KIP_KULIAH', 'DUPLICATE_BENEFIT', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2020-01-01'),
	('KIP_KULIAH', 'WITHDRAWN', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2020-01-01'),
	('KIP_KULIAH', 'OBJECTION_UPHELD', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2020-01-01'),
	('KIP_KULIAH', 'REJECTED_BY_REGION', 'RECIPIENT', NULL, NULL, 'Permendikbud 10/2020', '2020-01-01'),
	('KIP_KULIAH', 'DECILE_ABOVE_LIMIT', 'RECIPIENT', '{KIP,PKH,BPNT,PBI_JK}', 3, 'Permendikbud 10/2020', '2020-01-01'),
	('BST', 'NOT_REGISTERED', 'RECIPIENT', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'NOT_MATCHED', 'RECIPIENT', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'INCOMPLETE_DATA', 'RECIPIENT', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'DECEASED', 'RECIPIENT', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'DUPLICATE_BENEFIT', 'FAMILY', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'WITHDRAWN', 'RECIPIENT', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'OBJECTION_UPHELD', 'RECIPIENT', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'REJECTED_BY_REGION', 'RECIPIENT', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'CIVIL_SERVANT_OR_FORCES', 'FAMILY', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'PENSIONER', 'FAMILY', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'VILLAGE_OFFICIAL', 'FAMILY', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'INCOME_ABOVE_MINIMUM_WAGE', 'FAMILY', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'COMPANY_OWNER', 'FAMILY', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'CERTIFIED_TEACHER', 'FAMILY', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'SOCIAL_WORKFORCE', 'FAMILY', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01'),
	('BST', 'REJECTED_BY_GIS', 'FAMILY', NULL, NULL, 'Kepmensos 54/HUK/2020', '2020-04-01');
--> statement-breakpoint
-- Closes a version of exclusions and, where they held until a day, writes the version that says so. What was known stays.
CREATE FUNCTION "programs"."end_exclusion"(which uuid, last_day date) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH ended AS (UPDATE programs.exclusion e SET known_to = programs.moment() WHERE e.id = which AND e.known_to IS NULL AND (e.valid_to IS NULL OR e.valid_to > last_day) RETURNING e.*)
  INSERT INTO programs.exclusion SELECT gen_random_uuid(), e.program, e.person_id, e.family_id, e.region, e.reason, e.source, e.evidence, e.valid_from, last_day, programs.moment(), NULL
  FROM ended e WHERE e.valid_from <= last_day
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."end_exclusion", "programs"."own_families", "programs"."judge_seen" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."own_families", "programs"."judge_seen" TO "hub_programs";
--> statement-breakpoint
-- What others claim of a person: entered by one officer, decided by another, and only then an exclusion. A region rejects within itself; anything else is the
-- stewards'. What is in force is lifted the same way.
CREATE FUNCTION "programs"."exclusion_claim_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  roles text[] := CASE WHEN NEW.reason = 'REJECTED_BY_REGION' THEN array['DISTRICT'] ELSE array['PROGRAM_STEWARD'] END;
  about programs.exclusion;
BEGIN
  IF session_user = 'hub_programs_owner' THEN RETURN NEW; END IF;
  PERFORM programs.require_duty(roles, NEW.region, coalesce(NEW.program, '*'), 'an exclusion');
  IF TG_OP = 'INSERT' THEN
    NEW.made_by := programs.officer(); NEW.made_at := programs.moment(); NEW.version := 1;
    IF NEW.reason IN ('DECEASED', 'WITHDRAWN', 'OBJECTION_UPHELD') THEN RAISE EXCEPTION 'deaths, withdrawals and objections come from the registry' USING ERRCODE = 'HB002'; END IF;
    IF NEW.kind = 'LIFT' THEN
      SELECT * INTO about FROM programs.exclusion e WHERE e.id = NEW.exclusion_id AND e.known_to IS NULL;
      IF about.id IS NULL OR (about.program, about.person_id, about.family_id, about.region, about.reason) IS DISTINCT FROM (NEW.program, NEW.person_id, NEW.family_id, NEW.region, NEW.reason)
      THEN RAISE EXCEPTION 'there is no such exclusion in force' USING ERRCODE = 'HB001'; END IF;
    ELSIF NOT EXISTS (SELECT FROM programs.candidate_member m WHERE (m.person_id = NEW.person_id OR m.family_id = NEW.family_id) AND m.delivery = programs.delivery_in_force() AND m.region = NEW.region)
    THEN RAISE EXCEPTION 'nobody of this id stands in the registry there' USING ERRCODE = 'HB003'; END IF;
    RETURN NEW;
  END IF;
  IF OLD.state <> 'PROPOSED' THEN RAISE EXCEPTION 'the claim is decided' USING ERRCODE = 'HB001'; END IF;
  IF NEW.version <> OLD.version + 1 THEN RAISE EXCEPTION 'the claim was changed meanwhile' USING ERRCODE = 'HB001'; END IF;
  IF coalesce(NEW.decision_reason, '') !~ '\S' THEN RAISE EXCEPTION 'a decision gives its reason' USING ERRCODE = 'HB003'; END IF;
  NEW.decided_by := programs.officer(); NEW.decided_at := programs.moment();
  IF NEW.state IN ('APPROVED', 'REJECTED') AND NEW.decided_by = OLD.made_by THEN RAISE EXCEPTION 'another officer decides than the one who entered it' USING ERRCODE = 'HB002'; END IF;
  IF NEW.state = 'WITHDRAWN' AND NEW.decided_by <> OLD.made_by THEN RAISE EXCEPTION 'only who entered it takes it back' USING ERRCODE = 'HB002'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."follow_claim"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM programs.note_transition('EXCLUSION_CLAIM', NEW.id, NEW.person_id, coalesce(NEW.program, '*'), NEW.region, CASE TG_OP WHEN 'INSERT' THEN NEW.kind ELSE NEW.state END,
    CASE TG_OP WHEN 'INSERT' THEN NULL ELSE 'PROPOSED' END, NEW.state, coalesce(NEW.decision_reason, NEW.words));
  IF NEW.state = 'APPROVED' AND NEW.kind = 'EXCLUDE' THEN
    INSERT INTO programs.exclusion (id, program, person_id, family_id, region, reason, source, evidence, valid_from, valid_to, known_from)
    VALUES (NEW.id, NEW.program, NEW.person_id, NEW.family_id, NEW.region, NEW.reason, NEW.source, NEW.evidence, NEW.valid_from, NEW.valid_to, programs.moment());
  ELSIF NEW.state = 'APPROVED' THEN
    PERFORM programs.end_exclusion(NEW.exclusion_id, NEW.valid_from - 1);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "exclusion_claim_rules" BEFORE INSERT OR UPDATE ON "programs"."exclusion_claim" FOR EACH ROW EXECUTE FUNCTION "programs"."exclusion_claim_rules"();
--> statement-breakpoint
CREATE TRIGGER "exclusion_claim_follow" AFTER INSERT OR UPDATE ON "programs"."exclusion_claim" FOR EACH ROW EXECUTE FUNCTION "programs"."follow_claim"();
--> statement-breakpoint
-- What is known of an exclusion stays: it is closed, never changed.
CREATE FUNCTION "programs"."exclusion_stays"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.known_to IS NULL AND NEW.known_to IS NOT NULL THEN
    OLD.known_to := NEW.known_to;
    IF OLD IS NOT DISTINCT FROM NEW THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'what was known of an exclusion stays' USING ERRCODE = 'HB001';
END $$;
--> statement-breakpoint
CREATE TRIGGER "exclusion_stays" BEFORE UPDATE OR DELETE ON "programs"."exclusion" FOR EACH ROW EXECUTE FUNCTION "programs"."exclusion_stays"();
--> statement-breakpoint
-- Registry events come in welfare's order, one behind the other: none is kept back while later ones come in, and none played again.
CREATE FUNCTION "programs"."registry_event_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN RAISE EXCEPTION 'what another controller said stays' USING ERRCODE = 'HB001'; END IF;
  IF NEW.id <> coalesce((SELECT max(e.id) FROM programs.registry_event e), 0) + 1 THEN RAISE EXCEPTION 'events come in one behind the other' USING ERRCODE = 'HB001'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- Excludes a person the registry says so of, once for each reason, program and source; who is no candidate is nobody's.
CREATE FUNCTION "programs"."exclude"(persons uuid[], program text, reason text, source text, evidence text, since date) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO programs.exclusion (id, program, person_id, region, reason, source, evidence, valid_from, known_from)
  SELECT gen_random_uuid(), $2, m.person_id, min(m.region), $3, $4, $5, $6, programs.moment() FROM programs.candidate_member m
  WHERE m.person_id = ANY ($1) AND m.delivery = programs.delivery_in_force()
    AND NOT EXISTS (SELECT FROM programs.exclusion e WHERE e.person_id = m.person_id AND e.program IS NOT DISTINCT FROM $2 AND e.reason = $3 AND e.source = $4 AND e.known_to IS NULL AND e.valid_to IS NULL)
  GROUP BY m.person_id
$$;
--> statement-breakpoint
-- Ends what a source said of persons: it held until the day before.
CREATE FUNCTION "programs"."readmit"(persons uuid[], program text, reasons text[], source text, since date) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT programs.end_exclusion(e.id, $5 - 1) FROM programs.exclusion e
  WHERE e.person_id = ANY ($1) AND e.program IS NOT DISTINCT FROM $2 AND e.reason = ANY ($3) AND e.source = $4 AND e.known_to IS NULL
$$;
--> statement-breakpoint
CREATE FUNCTION "programs"."follow_registry"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  people uuid[] := array(SELECT x::uuid FROM jsonb_array_elements_text(NEW.says -> 'persons') AS x);
  homes uuid[] := array(SELECT x::uuid FROM jsonb_array_elements_text(NEW.says -> 'families') AS x);
  since date := (NEW.says ->> 'on')::date;
  why text := NEW.says ->> 'reason';
  program text := NEW.says ->> 'program';
BEGIN
  IF NEW.kind = 'MEMBER_DIED' THEN PERFORM programs.exclude(people, NULL, 'DECEASED', 'REGISTRY', 'registry event ' || NEW.id, since);
  ELSIF NEW.kind = 'MEMBER_REVIVED' THEN PERFORM programs.readmit(people, NULL, array['DECEASED'], 'REGISTRY', since);
  ELSIF NEW.kind = 'NOT_ELIGIBLE' THEN PERFORM programs.exclude(people, program, CASE WHEN why = 'OBJECTION_UPHELD' THEN why ELSE 'WITHDRAWN' END, 'REGISTRY', 'registry event ' || NEW.id, since);
  ELSIF NEW.kind = 'ELIGIBLE_AGAIN' THEN PERFORM programs.readmit(people, program, CASE WHEN why IS NULL THEN array['WITHDRAWN', 'OBJECTION_UPHELD'] ELSE array[why] END, 'REGISTRY', since);
  END IF;
  UPDATE programs.candidate_family f SET stale_since = coalesce(f.stale_since, since) WHERE f.delivery = programs.delivery_in_force() AND f.family_id = ANY (homes);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."exclude_dead"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.is_alive THEN PERFORM programs.readmit(array[NEW.person_id], NULL, array['DECEASED'], 'DUKCAPIL', NEW.died_on);
  ELSE PERFORM programs.exclude(array[NEW.person_id], NULL, 'DECEASED', 'DUKCAPIL', 'civil event ' || NEW.position, NEW.died_on); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "registry_event_rules" BEFORE INSERT OR UPDATE OR DELETE ON "programs"."registry_event" FOR EACH ROW EXECUTE FUNCTION "programs"."registry_event_rules"();
--> statement-breakpoint
CREATE TRIGGER "registry_event_follow" AFTER INSERT ON "programs"."registry_event" FOR EACH ROW EXECUTE FUNCTION "programs"."follow_registry"();
--> statement-breakpoint
CREATE TRIGGER "population_event_exclude_dead" AFTER INSERT ON "programs"."population_event" FOR EACH ROW WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION "programs"."exclude_dead"();
--> statement-breakpoint
-- Brings a delivery to its end: a person whom two members stand for is served by the one in greater need alone; counts are what is there.
CREATE FUNCTION "programs"."settle_delivery"(which integer) RETURNS void LANGUAGE sql AS $$
  UPDATE programs.candidate_member m SET barred = m.barred || array['DUPLICATE_BENEFIT'] FROM (
    SELECT member_id, row_number() OVER (PARTITION BY person_id ORDER BY state <> 'ACTIVE', decile, rank, first_on, member_id) AS place
    FROM programs.candidate_member WHERE delivery = which AND person_id IS NOT NULL
  ) d WHERE m.delivery = which AND m.member_id = d.member_id AND d.place > 1 AND NOT 'DUPLICATE_BENEFIT' = ANY (m.barred);
  UPDATE programs.candidate_family f SET barred = f.barred || array['DUPLICATE_BENEFIT'] FROM programs.candidate_member m
  WHERE f.delivery = which AND m.delivery = which AND m.family_id = f.family_id AND m.person_id = f.person_id AND 'DUPLICATE_BENEFIT' = ANY (m.barred) AND NOT 'DUPLICATE_BENEFIT' = ANY (f.barred);
  UPDATE programs.target_delivery d SET families = (SELECT count(*) FROM programs.candidate_family f WHERE f.delivery = which),
    members = (SELECT count(*) FROM programs.candidate_member m WHERE m.delivery = which) WHERE d.number = which
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."exclude", "programs"."readmit", "programs"."follow_registry", "programs"."exclude_dead", "programs"."follow_claim", "programs"."exclusion_claim_rules", "programs"."registry_event_rules", "programs"."settle_delivery" FROM PUBLIC;
--> statement-breakpoint
CREATE INDEX "population_event_person" ON "programs"."population_event" ("person_id", "position") WHERE person_id is not null;
--> statement-breakpoint
-- Whoever is dead by the last that population said of them, and where it said so.
CREATE FUNCTION "programs"."the_dead"() RETURNS TABLE (person_id uuid, died_on date, "position" bigint) LANGUAGE sql STABLE AS $$
  SELECT v.person_id, v.died_on, v.position FROM programs.population_event v
  WHERE v.person_id IS NOT NULL AND NOT v.is_alive AND NOT EXISTS (SELECT FROM programs.population_event l WHERE l.person_id = v.person_id AND l.position > v.position)
$$;
--> statement-breakpoint
-- Of the delivery just put in force: who died while they stood in none is barred, decisions on eligibility that no event has told bar from their day on, and families that events changed since it was made
-- are marked. Reads what takeTargets has staged (arriving_decision).
CREATE FUNCTION "programs"."follow_delivery"(made_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO programs.exclusion (id, program, person_id, region, reason, source, evidence, valid_from, known_from)
  SELECT d.id, d.program, d.person_id, d.region, d.reason, 'REGISTRY', 'decision ' || d.id, d.since, programs.moment() FROM arriving_decision d
  WHERE NOT EXISTS (SELECT FROM programs.exclusion e WHERE e.id = d.id OR e.person_id = d.person_id AND e.program IS NOT DISTINCT FROM d.program AND e.reason = d.reason
    AND e.source = 'REGISTRY' AND e.valid_from = d.since);
  INSERT INTO programs.exclusion (id, person_id, region, reason, source, evidence, valid_from, known_from)
  SELECT gen_random_uuid(), d.person_id, min(m.region), 'DECEASED', 'DUKCAPIL', 'civil event ' || d.position, d.died_on, programs.moment()
  FROM programs.the_dead() d JOIN programs.candidate_member m ON m.person_id = d.person_id AND m.delivery = programs.delivery_in_force()
  WHERE NOT EXISTS (SELECT FROM programs.exclusion e WHERE e.person_id = d.person_id AND e.program IS NULL AND e.reason = 'DECEASED' AND e.source = 'DUKCAPIL' AND e.known_to IS NULL AND e.valid_to IS NULL)
  GROUP BY d.person_id, d.died_on, d.position;
  UPDATE programs.candidate_family f SET stale_since = (e.says ->> 'on')::date FROM programs.registry_event e, jsonb_array_elements_text(e.says -> 'families') x
  WHERE e.received_at > made_at AND f.delivery = programs.delivery_in_force() AND f.family_id = x::uuid AND f.stale_since IS NULL;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."follow_delivery" FROM PUBLIC;
