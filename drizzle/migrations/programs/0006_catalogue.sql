-- Catalogue of the programs: what holds of a program, what a component is worth, which programs go together, each with its days, its law and where we have it
-- from. Changes are drafted by one steward and decided by another.
CREATE TABLE "programs"."catalogue_change" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"program" text collate "C" NOT NULL,
	"other_program" text collate "C",
	"unit" "programs"."beneficiary_unit",
	"verdict" text,
	"component" text collate "C",
	"effective_on" date NOT NULL,
	"decile_limit" smallint,
	"months_a_payment" smallint,
	"monthly" bigint,
	"most_counted" smallint,
	"reentry_months" smallint,
	"planned" bigint,
	"yearly" bigint,
	"rank" smallint,
	"at_most" smallint,
	"target" text,
	"legal_basis" text NOT NULL,
	"source" text NOT NULL,
	"reason" text NOT NULL,
	"state" text DEFAULT 'DRAFT' NOT NULL,
	"made_by" text collate "C" NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"decided_by" text collate "C",
	"decided_at" timestamp with time zone,
	"decision" text,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "catalogue_change_kind" CHECK (kind in ('TERM', 'COMPONENT', 'COMPONENT_END', 'COMBINATION', 'PROGRAM_END')),
	CONSTRAINT "catalogue_change_state" CHECK (state in ('DRAFT', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
	CONSTRAINT "catalogue_change_term" CHECK ((kind = 'TERM') = (months_a_payment is not null) and (kind = 'TERM' or num_nonnulls(decile_limit, monthly, most_counted, reentry_months, planned) = 0)),
	CONSTRAINT "catalogue_change_component" CHECK ((kind in ('COMPONENT', 'COMPONENT_END')) = (component is not null) and num_nonnulls(yearly, rank, target) = case kind when 'COMPONENT' then 3 else 0 end
      and (kind = 'COMPONENT' or at_most is null)),
	CONSTRAINT "catalogue_change_combination" CHECK (num_nonnulls(other_program, unit, verdict) = case kind when 'COMBINATION' then 3 else 0 end and program <= other_program),
	CONSTRAINT "catalogue_change_values" CHECK ((decile_limit between 1 and 10) is not false and (months_a_payment in (1, 2, 3, 4, 6, 12)) is not false
      and (monthly > 0 and most_counted > 0 and reentry_months >= 0 and planned > 0 and yearly > 0 and rank > 0 and at_most > 0) is not false),
	CONSTRAINT "catalogue_change_words" CHECK (length(trim(legal_basis)) > 2 and length(trim(source)) > 2 and length(trim(reason)) > 2),
	CONSTRAINT "catalogue_change_decided" CHECK ((state = 'DRAFT') = (decided_by is null) and (state = 'DRAFT') = (decided_at is null) and (state = 'DRAFT') = (decision is null)),
	CONSTRAINT "catalogue_change_four_eyes" CHECK (state not in ('APPROVED', 'REJECTED') or decided_by <> made_by)
);
--> statement-breakpoint
ALTER TABLE "programs"."catalogue_change" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."combination_rule" (
	"id" uuid PRIMARY KEY NOT NULL,
	"program" text collate "C" NOT NULL,
	"other_program" text collate "C" NOT NULL,
	"unit" "programs"."beneficiary_unit" NOT NULL,
	"verdict" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"legal_basis" text NOT NULL,
	"source" text NOT NULL,
	"change_id" uuid,
	CONSTRAINT "combination_rule_period" CHECK (valid_to >= valid_from - 1),
	CONSTRAINT "combination_rule_order" CHECK (program <= other_program),
	CONSTRAINT "combination_rule_verdict" CHECK (verdict in ('LEGAL', 'EXCLUSIVE', 'REVIEW'))
);
--> statement-breakpoint
CREATE TABLE "programs"."component_rate" (
	"id" uuid PRIMARY KEY NOT NULL,
	"program" text collate "C" NOT NULL,
	"component" text collate "C" NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"yearly" bigint NOT NULL,
	"rank" smallint NOT NULL,
	"at_most" smallint,
	"target" text NOT NULL,
	"legal_basis" text NOT NULL,
	"source" text NOT NULL,
	"change_id" uuid,
	CONSTRAINT "component_rate_period" CHECK (valid_to >= valid_from - 1),
	CONSTRAINT "component_rate_component" CHECK (component ~ '^[A-Z][A-Z0-9_]{1,39}$'),
	CONSTRAINT "component_rate_positive" CHECK (yearly > 0 and rank > 0 and at_most > 0)
);
--> statement-breakpoint
CREATE TABLE "programs"."program_term" (
	"id" uuid PRIMARY KEY NOT NULL,
	"program" text collate "C" NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"decile_limit" smallint,
	"months_a_payment" smallint NOT NULL,
	"monthly" bigint,
	"most_counted" smallint,
	"reentry_months" smallint,
	"planned" bigint,
	"legal_basis" text NOT NULL,
	"source" text NOT NULL,
	"change_id" uuid,
	CONSTRAINT "program_term_period" CHECK (valid_to >= valid_from - 1),
	CONSTRAINT "program_term_decile" CHECK (decile_limit between 1 and 10),
	CONSTRAINT "program_term_months" CHECK (months_a_payment in (1, 2, 3, 4, 6, 12)),
	CONSTRAINT "program_term_positive" CHECK (monthly > 0 and most_counted > 0 and reentry_months >= 0 and planned > 0)
);
--> statement-breakpoint
ALTER TABLE "programs"."component_rate" ADD CONSTRAINT "component_rate_program_program_code_fk" FOREIGN KEY ("program") REFERENCES "programs"."program"("code");
--> statement-breakpoint
ALTER TABLE "programs"."program_term" ADD CONSTRAINT "program_term_program_program_code_fk" FOREIGN KEY ("program") REFERENCES "programs"."program"("code");
--> statement-breakpoint
CREATE INDEX "catalogue_change_made" ON "programs"."catalogue_change" ("made_at","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "catalogue_change_open" ON "programs"."catalogue_change" ("kind","program",coalesce(other_program, ''),coalesce(component, ''),coalesce(unit, 'PERSON')) WHERE state = 'DRAFT';
--> statement-breakpoint
CREATE INDEX "combination_rule_since" ON "programs"."combination_rule" ("program","other_program","unit","valid_from");
--> statement-breakpoint
CREATE INDEX "component_rate_since" ON "programs"."component_rate" ("program","component","valid_from");
--> statement-breakpoint
CREATE INDEX "program_term_since" ON "programs"."program_term" ("program","valid_from");
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."catalogue_change" FOR SELECT TO "hub_programs" USING (state = 'APPROVED' or programs.on_duty(array['PROGRAM_STEWARD', 'PROGRAM_HEAD'], '', program));
--> statement-breakpoint
CREATE POLICY "hub_programs_drafts" ON "programs"."catalogue_change" FOR INSERT TO "hub_programs" WITH CHECK (programs.officer() is not null);
--> statement-breakpoint
CREATE POLICY "hub_programs_decides" ON "programs"."catalogue_change" FOR UPDATE TO "hub_programs" USING (programs.officer() is not null) WITH CHECK (programs.officer() is not null);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."catalogue_change" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Components the catalogue knows besides; only the clusters are ever answered of a person (programs/data.ts).
ALTER TYPE "programs"."enrolment_component" ADD VALUE 'RIGHTS_VIOLATION_VICTIM';
--> statement-breakpoint
ALTER TYPE "programs"."enrolment_component" ADD VALUE 'CLUSTER_4';
--> statement-breakpoint
ALTER TYPE "programs"."enrolment_component" ADD VALUE 'CLUSTER_5';
--> statement-breakpoint
ALTER TABLE "programs"."program_term" ADD CONSTRAINT "program_term_one_a_day" EXCLUDE USING gist ("program" WITH =, daterange("valid_from", "valid_to" + 1) WITH &&);
--> statement-breakpoint
ALTER TABLE "programs"."component_rate" ADD CONSTRAINT "component_rate_one_a_day" EXCLUDE USING gist ("program" WITH =, "component" WITH =, daterange("valid_from", "valid_to" + 1) WITH &&);
--> statement-breakpoint
ALTER TABLE "programs"."combination_rule" ADD CONSTRAINT "combination_rule_one_a_day" EXCLUDE USING gist ("program" WITH =, "other_program" WITH =, "unit" WITH =, daterange("valid_from", "valid_to" + 1) WITH &&);
--> statement-breakpoint
-- The term of a program on a day; all columns null: none is known. Of many rows join the table itself.
CREATE FUNCTION "programs"."term"(program text, day date) RETURNS programs.program_term LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT t FROM programs.program_term t WHERE t.program = $1 AND t.valid_from <= $2 AND (t.valid_to IS NULL OR $2 <= t.valid_to)
$$;
--> statement-breakpoint
-- Part of a yearly amount for some months, rounded down as the decrees' tables are.
CREATE FUNCTION "programs"."portion"(yearly bigint, months int) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT $1 * $2 / 12 $$;
--> statement-breakpoint
-- Of components, given in order of suffix, those that count on a day, dearest first: ties by the decree's order, then suffix; of each kind and of all no
-- more than the catalogue lets. The same rule as schema/aid/components.ts: a test holds them together.
CREATE FUNCTION "programs"."counted"(program text, components text[], day date) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce((array_agg(b.component ORDER BY b.yearly DESC, b.rank, b.at))[:coalesce((SELECT t.most_counted FROM programs.program_term t
      WHERE t.program = $1 AND t.valid_from <= $3 AND (t.valid_to IS NULL OR $3 <= t.valid_to)), 32767)], '{}')
  FROM (SELECT c.component, c.at, r.yearly, r.rank, r.at_most, row_number() OVER (PARTITION BY c.component ORDER BY c.at) AS nth
    FROM unnest($2) WITH ORDINALITY c (component, at)
    JOIN programs.component_rate r ON r.program = $1 AND r.component = c.component AND r.valid_from <= $3 AND (r.valid_to IS NULL OR $3 <= r.valid_to)) b
  WHERE b.at_most IS NULL OR b.nth <= b.at_most
$$;
--> statement-breakpoint
-- What somebody gets for some months by the catalogue of a day, whole rupiah: counted components each rounded down by itself, or months of a flat amount.
-- Null: no term is known of that day. Of many rows ask once for each different list of components.
CREATE FUNCTION "programs"."award"(program text, components text[], months int, day date) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN t.monthly IS NOT NULL THEN t.monthly * $3 ELSE (SELECT coalesce(sum(programs.portion(r.yearly, $3)), 0)::bigint
    FROM unnest(programs.counted($1, $2, $4)) c (component)
    JOIN programs.component_rate r ON r.program = $1 AND r.component = c.component AND r.valid_from <= $4 AND (r.valid_to IS NULL OR $4 <= r.valid_to)) END
  FROM programs.program_term t WHERE t.program = $1 AND t.valid_from <= $4 AND (t.valid_to IS NULL OR $4 <= t.valid_to)
$$;
--> statement-breakpoint
-- Whether two programs go together on a day: of one person, or of two persons of one family. Either order. A pair without a rule is for review.
CREATE FUNCTION "programs"."combination"(a text, b text, day date, unit text DEFAULT 'PERSON') RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce((SELECT r.verdict FROM programs.combination_rule r WHERE r.program = least($1 COLLATE "C", $2 COLLATE "C")
    AND r.other_program = greatest($1 COLLATE "C", $2 COLLATE "C") AND r.unit::text = $4 AND r.valid_from <= $3 AND (r.valid_to IS NULL OR $3 <= r.valid_to)), 'REVIEW')
$$;
--> statement-breakpoint
-- Of a row of the catalogue only the last day ever changes: amounts of past years stay reproducible.
CREATE FUNCTION "programs"."catalogue_row_rules"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR to_jsonb(OLD) - 'valid_to' <> to_jsonb(NEW) - 'valid_to' THEN
    RAISE EXCEPTION 'rows of the catalogue stay as they are: they end and others follow' USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "program_term_stays" BEFORE UPDATE OR DELETE ON "programs"."program_term" FOR EACH ROW EXECUTE FUNCTION "programs"."catalogue_row_rules"();
--> statement-breakpoint
CREATE TRIGGER "component_rate_stays" BEFORE UPDATE OR DELETE ON "programs"."component_rate" FOR EACH ROW EXECUTE FUNCTION "programs"."catalogue_row_rules"();
--> statement-breakpoint
CREATE TRIGGER "combination_rule_stays" BEFORE UPDATE OR DELETE ON "programs"."combination_rule" FOR EACH ROW EXECUTE FUNCTION "programs"."catalogue_row_rules"();
--> statement-breakpoint
-- Why a change cannot take effect; null: it can. What paid something is never altered backwards.
CREATE FUNCTION "programs"."catalogue_fault"(change programs.catalogue_change) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF change.kind = 'COMBINATION' THEN
    RETURN CASE WHEN change.effective_on < programs.today() THEN 'effectiveOn: a rule about combinations holds from today or later' END;
  ELSIF NOT EXISTS (SELECT FROM programs.program p WHERE p.code = change.program) THEN
    RETURN 'program: there is no such program';
  ELSIF EXISTS (SELECT FROM programs.program p WHERE p.code = change.program AND p.valid_to < programs.today()) THEN
    RETURN 'program: it is closed, and history only';
  ELSIF EXISTS (SELECT FROM programs.payment_period p WHERE p.program = change.program AND p.ends_on >= change.effective_on AND p.state::text <> 'EXCLUDED') THEN
    RETURN 'effectiveOn: the program has payments of that time already; the change must take effect after them';
  ELSIF change.kind = 'COMPONENT_END' AND NOT EXISTS (SELECT FROM programs.component_rate r WHERE r.program = change.program AND r.component = change.component
    AND r.valid_from < change.effective_on AND (r.valid_to IS NULL OR change.effective_on <= r.valid_to)) THEN
    RETURN 'component: it is not paid at that time, or begins only then';
  ELSIF change.kind = 'PROGRAM_END' AND (programs.term(change.program, change.effective_on)).program IS NULL THEN
    RETURN 'program: no term of it holds at that time';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Who may draft and decide. The owner's own work (seeds, imports) passes the duty and is bound by all the rest.
CREATE FUNCTION "programs"."catalogue_change_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE roles text[] := CASE WHEN TG_OP = 'INSERT' THEN array['PROGRAM_STEWARD'] ELSE array['PROGRAM_STEWARD', 'PROGRAM_HEAD'] END; fault text;
BEGIN
  IF session_user <> 'hub_programs_owner' THEN
    PERFORM programs.require_duty(roles, '', c, 'changing the catalogue') FROM unnest(array[NEW.program, NEW.other_program]) c WHERE c IS NOT NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.state := 'DRAFT'; NEW.version := 1; NEW.made_by := programs.actor(); NEW.made_at := programs.moment();
    NEW.decided_by := NULL; NEW.decided_at := NULL; NEW.decision := NULL;
  ELSE
    IF OLD.state <> 'DRAFT' THEN RAISE EXCEPTION 'this change of the catalogue is decided' USING ERRCODE = 'HB001'; END IF;
    IF NEW.state = 'DRAFT' OR length(trim(coalesce(NEW.decision, ''))) < 3 THEN RAISE EXCEPTION 'a decision says what and why' USING ERRCODE = 'HB003'; END IF;
    NEW.version := OLD.version + 1; NEW.decided_by := programs.actor(); NEW.decided_at := programs.moment();
    IF NEW.state IN ('APPROVED', 'REJECTED') AND NEW.decided_by = NEW.made_by THEN
      RAISE EXCEPTION 'who drafted a change of the catalogue does not decide it' USING ERRCODE = 'HB002';
    ELSIF NEW.state = 'WITHDRAWN' AND NEW.decided_by <> NEW.made_by THEN
      RAISE EXCEPTION 'a draft is withdrawn by who made it' USING ERRCODE = 'HB002';
    END IF;
  END IF;
  IF NEW.state IN ('DRAFT', 'APPROVED') THEN
    fault := programs.catalogue_fault(NEW);
    IF fault IS NOT NULL THEN RAISE EXCEPTION '%', fault USING ERRCODE = 'HB003'; END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "catalogue_change_rules" BEFORE INSERT OR UPDATE ON "programs"."catalogue_change" FOR EACH ROW EXECUTE FUNCTION "programs"."catalogue_change_rules"();
--> statement-breakpoint
-- What an approved change does, in the same transaction: rows that ran end the day before, rows that were still to begin never do, the new one follows.
CREATE FUNCTION "programs"."apply_catalogue_change"(change programs.catalogue_change) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE eve date := change.effective_on - 1;
BEGIN
  IF change.kind IN ('TERM', 'PROGRAM_END') THEN
    UPDATE programs.program_term t SET valid_to = greatest(eve, t.valid_from - 1) WHERE t.program = change.program AND (t.valid_to IS NULL OR t.valid_to > eve)
      AND t.valid_to IS DISTINCT FROM t.valid_from - 1;
  ELSIF change.kind IN ('COMPONENT', 'COMPONENT_END') THEN
    UPDATE programs.component_rate r SET valid_to = greatest(eve, r.valid_from - 1) WHERE r.program = change.program AND r.component = change.component
      AND (r.valid_to IS NULL OR r.valid_to > eve) AND r.valid_to IS DISTINCT FROM r.valid_from - 1;
  ELSE
    UPDATE programs.combination_rule r SET valid_to = greatest(eve, r.valid_from - 1) WHERE r.program = change.program AND r.other_program = change.other_program
      AND r.unit = change.unit AND (r.valid_to IS NULL OR r.valid_to > eve) AND r.valid_to IS DISTINCT FROM r.valid_from - 1;
  END IF;
  IF change.kind = 'TERM' THEN
    UPDATE programs.program p SET valid_to = NULL WHERE p.code = change.program AND p.valid_to IS NOT NULL; -- an end that was still to come
    INSERT INTO programs.program_term (id, program, valid_from, decile_limit, months_a_payment, monthly, most_counted, reentry_months, planned, legal_basis, source, change_id)
    VALUES (gen_random_uuid(), change.program, change.effective_on, change.decile_limit, change.months_a_payment, change.monthly, change.most_counted,
      change.reentry_months, change.planned, change.legal_basis, change.source, change.id);
  ELSIF change.kind = 'COMPONENT' THEN
    INSERT INTO programs.component_rate (id, program, component, valid_from, yearly, rank, at_most, target, legal_basis, source, change_id)
    VALUES (gen_random_uuid(), change.program, change.component, change.effective_on, change.yearly, change.rank, change.at_most, change.target,
      change.legal_basis, change.source, change.id);
  ELSIF change.kind = 'COMBINATION' THEN
    INSERT INTO programs.combination_rule (id, program, other_program, unit, verdict, valid_from, legal_basis, source, change_id)
    VALUES (gen_random_uuid(), change.program, change.other_program, change.unit, change.verdict, change.effective_on, change.legal_basis, change.source, change.id);
  ELSIF change.kind = 'PROGRAM_END' THEN
    UPDATE programs.program p SET valid_to = eve WHERE p.code = change.program;
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."catalogue_change_follows"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM programs.note_transition('CATALOGUE_CHANGE', NEW.id, NULL, NEW.program, '0', 'DRAFT', NULL, NEW.state, NEW.reason);
  ELSE
    IF NEW.state = 'APPROVED' THEN PERFORM programs.apply_catalogue_change(NEW); END IF;
    PERFORM programs.note_transition('CATALOGUE_CHANGE', NEW.id, NULL, NEW.program, '0',
      CASE NEW.state WHEN 'APPROVED' THEN 'APPROVE' WHEN 'REJECTED' THEN 'REJECT' ELSE 'WITHDRAW' END, OLD.state, NEW.state, NEW.decision);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "catalogue_change_follows" AFTER INSERT OR UPDATE ON "programs"."catalogue_change" FOR EACH ROW EXECUTE FUNCTION "programs"."catalogue_change_follows"();
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."catalogue_row_rules", "programs"."catalogue_fault", "programs"."catalogue_change_rules", "programs"."apply_catalogue_change", "programs"."catalogue_change_follows" FROM PUBLIC;
--> statement-breakpoint
GRANT SELECT ON "programs"."program_term", "programs"."component_rate", "programs"."combination_rule" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
GRANT SELECT, INSERT ON "programs"."catalogue_change" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("state", "decision") ON "programs"."catalogue_change" TO "hub_programs";
--> statement-breakpoint
-- Whether the asker sees a row of the aid programs: as the policies of their tables have it, for a rule of the owner that looks past them. Workers see all.
CREATE FUNCTION "programs"."is_seen"(region text, program text, person_id uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT session_user <> 'hub_programs' OR EXISTS (SELECT FROM generate_series(1, 7, 2) i WHERE $1 COLLATE "C" >= (current_setting('hub.regions')::text[])[i]
      AND $1 COLLATE "C" < (current_setting('hub.regions')::text[])[i + 1])
    AND current_setting('hub.programs')::text[] && array['*', $2] AND (('*|' || $1) ^@ ANY (programs.seen_scopes()) OR ($2 || '|' || $1) ^@ ANY (programs.seen_scopes()))
    AND (programs.citizen() IS NULL OR $3 = programs.citizen())
$$;
--> statement-breakpoint
-- Two enrolments of one person, or of two persons of one family (as the list in force has it) of which one is the family's own aid, that ran on the same
-- days and may not, or that no rule lets: a row a pair, by the gravest rule, the smaller program code first. Days: the first and last both ran under that rule
-- (null: both still run). One of the two lies in the region; of a family the family's own aid. Pairs of which the asker may not see both are not told. After: ids of the
-- pair before, in order of which it goes on; most: how many at most. It looks past the policies, whose checks of a million rows cost more than the search,
-- and checks what it found. Not inlined: the list of members comes later.
CREATE FUNCTION "programs"."overlap"(region_prefix text, of_program text DEFAULT NULL, of_finding text DEFAULT NULL, after uuid[] DEFAULT NULL, most int DEFAULT NULL)
RETURNS TABLE (enrolment_id uuid, other_enrolment_id uuid, finding text, unit text, program text, other_program text, person_id uuid, other_person_id uuid,
  family_id uuid, region text, from_day date, to_day date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE delivery_now int := programs.delivery_in_force();
BEGIN
  RETURN QUERY
  WITH suspect AS MATERIALIZED ( -- pairs that not one rule lets for good: most aid goes together, and is not even looked at
    SELECT p.code AS program, o.code AS partner, u.unit, p.unit AS own_unit
    FROM programs.program p CROSS JOIN programs.program o CROSS JOIN unnest(enum_range(NULL::programs.beneficiary_unit)) u (unit)
    WHERE (of_program IS NULL OR of_program IN (p.code, o.code)) AND NOT EXISTS (SELECT FROM programs.combination_rule r WHERE r.program = least(p.code, o.code)
      AND r.other_program = greatest(p.code, o.code) AND r.unit = u.unit AND r.verdict = 'LEGAL' AND r.valid_to IS NULL AND r.valid_from <= greatest(p.valid_from, o.valid_from))
  ), here AS (
    SELECT e.id, e.person_id, e.program, e.region, e.started_on, e.ended_on FROM programs.enrolment e
    WHERE e.region >= region_prefix AND e.region < region_prefix || ':' AND e.state IN ('ACTIVE', 'SUSPENDED', 'GRADUATED', 'EXITED')
  ), pair AS (
    SELECT x.id AS x_id, x.program AS x_program, x.person_id AS x_person, x.region AS x_region, x.started_on AS x_start, x.ended_on AS x_end, NULL::uuid AS family,
      'PERSON'::programs.beneficiary_unit AS unit, y.id AS y_id, y.program AS y_program, y.person_id AS y_person, y.region AS y_region, y.started_on AS y_start,
      y.ended_on AS y_end, y.state AS y_state
    FROM here x JOIN programs.enrolment y ON y.person_id = x.person_id AND y.id <> x.id
    WHERE (x.program, y.program, 'PERSON'::programs.beneficiary_unit) IN (SELECT s.program, s.partner, s.unit FROM suspect s)
    UNION ALL
    SELECT x.id, x.program, x.person_id, x.region, x.started_on, x.ended_on, m.family_id, 'FAMILY', y.id, y.program, y.person_id, y.region, y.started_on, y.ended_on, y.state
    FROM here x JOIN programs.candidate_member m ON m.person_id = x.person_id AND m.delivery = delivery_now
    JOIN programs.candidate_member n ON n.family_id = m.family_id AND n.delivery = delivery_now AND n.person_id <> m.person_id
    JOIN programs.enrolment y ON y.person_id = n.person_id AND y.id <> x.id
    WHERE (x.program, y.program, 'FAMILY'::programs.beneficiary_unit) IN (SELECT s.program, s.partner, s.unit FROM suspect s WHERE s.own_unit = 'FAMILY')
  ), met AS ( -- each pair once, whichever of the two it was found by
    SELECT DISTINCT ON (least(p.x_id, p.y_id), greatest(p.x_id, p.y_id), p.unit) p.*, (p.x_program, p.x_id) < (p.y_program, p.y_id) AS is_first,
      daterange(p.x_start, p.x_end + 1) * daterange(p.y_start, p.y_end + 1) AS days
    FROM pair p WHERE p.y_state IN ('ACTIVE', 'SUSPENDED', 'GRADUATED', 'EXITED') AND daterange(p.x_start, p.x_end + 1) && daterange(p.y_start, p.y_end + 1)
    ORDER BY least(p.x_id, p.y_id), greatest(p.x_id, p.y_id), p.unit, (p.x_program, p.x_id) < (p.y_program, p.y_id) DESC
  )
  SELECT DISTINCT ON (f.a_id, f.b_id) f.a_id, f.b_id, f.verdict, f.unit::text, f.a_program, f.b_program, f.a_person, f.b_person, f.family, f.x_region, lower(f.days), upper(f.days) - 1
  FROM (SELECT CASE WHEN m.is_first THEN m.x_id ELSE m.y_id END AS a_id, CASE WHEN m.is_first THEN m.y_id ELSE m.x_id END AS b_id, coalesce(r.verdict, 'REVIEW') AS verdict, m.unit,
      least(m.x_program, m.y_program) AS a_program, greatest(m.x_program, m.y_program) AS b_program, CASE WHEN m.is_first THEN m.x_person ELSE m.y_person END AS a_person,
      CASE WHEN m.is_first THEN m.y_person ELSE m.x_person END AS b_person, m.family, m.x_region, m.days * coalesce(daterange(r.valid_from, r.valid_to + 1), m.days) AS days
    FROM met m LEFT JOIN programs.combination_rule r ON r.program = least(m.x_program, m.y_program) AND r.other_program = greatest(m.x_program, m.y_program)
      AND r.unit = m.unit AND daterange(r.valid_from, r.valid_to + 1) && m.days
    WHERE programs.is_seen(m.x_region, m.x_program, m.x_person) AND programs.is_seen(m.y_region, m.y_program, m.y_person)) f
  WHERE f.verdict <> 'LEGAL' AND (of_finding IS NULL OR f.verdict = of_finding) AND (after IS NULL OR (f.a_id, f.b_id) > (after[1], after[2]))
  ORDER BY f.a_id, f.b_id, f.verdict = 'EXCLUSIVE' DESC, lower(f.days) LIMIT most;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."overlap" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."overlap" TO "hub_programs";
