-- School aid [PIP] and aid for college [KIP Kuliah]: nominations, deadlines, decrees, grounds, semesters. And `enrol`, by which aid of persons comes to its enrolment.
CREATE TABLE "programs"."college_aid" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"person_id" uuid NOT NULL,
	"unit_id" uuid,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"university" text collate "C" NOT NULL,
	"study" text NOT NULL,
	"accreditation" text NOT NULL,
	"is_medicine" boolean NOT NULL,
	"cluster" smallint NOT NULL,
	"tuition" bigint NOT NULL,
	"tuition_covered" bigint NOT NULL,
	"living" bigint NOT NULL,
	"since" text collate "C" NOT NULL,
	"semesters" smallint NOT NULL,
	"ground" text NOT NULL,
	"evidence" text NOT NULL,
	"family_income" bigint,
	"heads" smallint,
	"decile" smallint,
	"state" text DEFAULT 'NOMINATED' NOT NULL,
	"nominated_by" text collate "C" NOT NULL,
	"verified_by" text collate "C",
	"decree" text,
	"granted_by" text collate "C",
	"enrolment_id" uuid,
	"reason" text,
	CONSTRAINT "college_aid_words" CHECK (state in ('NOMINATED', 'VERIFIED', 'REJECTED', 'GRANTED', 'STOPPED', 'COMPLETED') and accreditation in ('A', 'B', 'C')),
	CONSTRAINT "college_aid_program" CHECK (program = 'KIP_KULIAH'),
	CONSTRAINT "college_aid_numbers" CHECK (university ~ '^[0-9]{6}$' and since ~ '^20[0-9]{2}-[12]$' and cluster between 1 and 5 and semesters between 1 and 10),
	CONSTRAINT "college_aid_money" CHECK (tuition >= 0 and tuition_covered between 0 and tuition and living > 0),
	CONSTRAINT "college_aid_verified" CHECK ((verified_by is null) = (state = 'NOMINATED') and verified_by <> nominated_by),
	CONSTRAINT "college_aid_granted" CHECK (num_nonnulls(decree, granted_by, enrolment_id) = case when state in ('GRANTED', 'STOPPED', 'COMPLETED') then 3 else 0 end and granted_by <> nominated_by)
);
--> statement-breakpoint
ALTER TABLE "programs"."college_aid" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."college_ground" (
	"ground" text PRIMARY KEY NOT NULL,
	"on_paper" boolean NOT NULL,
	"programs" text[] collate "C" DEFAULT '{}' NOT NULL,
	"decile_limit" smallint,
	"income_limit" bigint,
	"income_a_head_limit" bigint,
	"source" text NOT NULL,
	CONSTRAINT "college_ground_words" CHECK (ground in ('PIP_HOLDER', 'FAMILY_IN_PROGRAM', 'REGISTERED', 'P3KE_DECILE', 'ORPHANAGE', 'LOW_INCOME'))
);
--> statement-breakpoint
CREATE TABLE "programs"."college_semester" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"aid_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"semester" smallint NOT NULL,
	"credits" smallint NOT NULL,
	"grade_average" smallint NOT NULL,
	"document" text NOT NULL,
	"state" text DEFAULT 'REPORTED' NOT NULL,
	"reported_by" text collate "C" NOT NULL,
	"decided_by" text collate "C",
	"reason" text,
	CONSTRAINT "college_semester_state" CHECK (state in ('REPORTED', 'CONTINUED', 'STOPPED')),
	CONSTRAINT "college_semester_numbers" CHECK (semester between 1 and 10 and credits between 0 and 60 and grade_average between 0 and 400),
	CONSTRAINT "college_semester_decided" CHECK (num_nonnulls(decided_by, reason) = case when state = 'REPORTED' then 0 else 2 end and decided_by <> reported_by)
);
--> statement-breakpoint
ALTER TABLE "programs"."college_semester" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."school_aid" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"person_id" uuid NOT NULL,
	"unit_id" uuid,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"nomination_id" uuid NOT NULL,
	"year" smallint NOT NULL,
	"level" text NOT NULL,
	"grade" smallint NOT NULL,
	"npsn" text collate "C" NOT NULL,
	"nisn" text collate "C" NOT NULL,
	"amount" bigint NOT NULL,
	"state" text DEFAULT 'NOMINATED' NOT NULL,
	"nominated_by" text collate "C" NOT NULL,
	"activated_on" date,
	"grant_decree" text,
	"granted_by" text collate "C",
	"enrolment_id" uuid,
	CONSTRAINT "school_aid_state" CHECK (state in ('NOMINATED', 'ACCOUNT_ACTIVATED', 'GRANTED', 'PAID', 'CANCELLED')),
	CONSTRAINT "school_aid_program" CHECK (program = 'KIP'),
	CONSTRAINT "school_aid_numbers" CHECK (nisn ~ '^[0-9]{10}$' and npsn ~ '^[0-9P][0-9]{7}$'),
	CONSTRAINT "school_aid_amount" CHECK (amount > 0),
	CONSTRAINT "school_aid_activated" CHECK ((activated_on is not null) = (state in ('ACCOUNT_ACTIVATED', 'GRANTED', 'PAID'))),
	CONSTRAINT "school_aid_granted" CHECK (num_nonnulls(grant_decree, granted_by, enrolment_id) = case when state in ('GRANTED', 'PAID') then 3 else 0 end and granted_by <> nominated_by)
);
--> statement-breakpoint
ALTER TABLE "programs"."school_aid" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."school_grade_rule" (
	"level" text NOT NULL,
	"grade" smallint NOT NULL,
	"months" smallint NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"source" text NOT NULL,
	CONSTRAINT "school_grade_rule_level_grade_valid_from_pk" PRIMARY KEY("level","grade","valid_from"),
	CONSTRAINT "school_grade_rule_months" CHECK (months between 1 and 12)
);
--> statement-breakpoint
CREATE TABLE "programs"."school_nomination" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"number" text NOT NULL,
	"year" smallint NOT NULL,
	"activate_by" date NOT NULL,
	"extension_reason" text,
	"made_by" text collate "C" NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	CONSTRAINT "school_nomination_number_unique" UNIQUE("number"),
	CONSTRAINT "school_nomination_year" CHECK (year between 2014 and 2100),
	CONSTRAINT "school_nomination_deadline" CHECK (extract(year from activate_by) in (year, year + 1))
);
--> statement-breakpoint
CREATE TABLE "programs"."tuition_cap" (
	"accreditation" text NOT NULL,
	"is_medicine" boolean NOT NULL,
	"cap" bigint NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"source" text NOT NULL,
	CONSTRAINT "tuition_cap_accreditation_is_medicine_valid_from_pk" PRIMARY KEY("accreditation","is_medicine","valid_from"),
	CONSTRAINT "tuition_cap_positive" CHECK (cap > 0)
);
--> statement-breakpoint
ALTER TABLE "programs"."college_semester" ADD CONSTRAINT "college_semester_aid_id_college_aid_id_fk" FOREIGN KEY ("aid_id") REFERENCES "programs"."college_aid"("id");
--> statement-breakpoint
ALTER TABLE "programs"."school_aid" ADD CONSTRAINT "school_aid_nomination_id_school_nomination_id_fk" FOREIGN KEY ("nomination_id") REFERENCES "programs"."school_nomination"("id");
--> statement-breakpoint
CREATE UNIQUE INDEX "college_aid_open" ON "programs"."college_aid" ("person_id") WHERE state in ('NOMINATED', 'VERIFIED', 'GRANTED');
--> statement-breakpoint
CREATE INDEX "college_aid_list" ON "programs"."college_aid" ("region","id");
--> statement-breakpoint
CREATE INDEX "college_aid_enrolment" ON "programs"."college_aid" ("enrolment_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "college_semester_once" ON "programs"."college_semester" ("aid_id","semester");
--> statement-breakpoint
CREATE UNIQUE INDEX "school_aid_once" ON "programs"."school_aid" ("person_id","year") WHERE state <> 'CANCELLED';
--> statement-breakpoint
CREATE UNIQUE INDEX "school_aid_nisn" ON "programs"."school_aid" ("nisn","year") WHERE state <> 'CANCELLED';
--> statement-breakpoint
CREATE INDEX "school_aid_nomination" ON "programs"."school_aid" ("nomination_id") WHERE state = 'NOMINATED';
--> statement-breakpoint
CREATE INDEX "school_aid_list" ON "programs"."school_aid" ("year","region","id");
--> statement-breakpoint
CREATE INDEX "school_aid_enrolment" ON "programs"."school_aid" ("enrolment_id");
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."college_aid" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_files" ON "programs"."college_aid" FOR INSERT TO "hub_programs" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_moves" ON "programs"."college_aid" FOR UPDATE TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."college_aid" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."college_aid" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."college_semester" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_files" ON "programs"."college_semester" FOR INSERT TO "hub_programs" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_moves" ON "programs"."college_semester" FOR UPDATE TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."college_semester" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."college_semester" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."school_aid" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_files" ON "programs"."school_aid" FOR INSERT TO "hub_programs" WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_moves" ON "programs"."school_aid" FOR UPDATE TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and (select programs.bank()) is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."school_aid" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."school_aid" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "programs"."school_aid" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "programs"."college_aid" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "programs"."college_semester" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- Half a year for who comes in or leaves within it: as reported, the regulation itself was not read (u).
INSERT INTO "programs"."school_grade_rule" ("level", "grade", "months", "valid_from", "source")
SELECT level, grade, CASE WHEN grade IN (lowest, highest) THEN 6 ELSE 12 END, '2014-11-03', 'Puslapdik, besaran PIP: separuh bagi kelas awal dan kelas akhir (u)'
FROM (VALUES ('PRIMARY', 1, 6), ('JUNIOR', 7, 9), ('SENIOR', 10, 12)) AS span (level, lowest, highest), generate_series(lowest, highest) AS grade;
--> statement-breakpoint
INSERT INTO "programs"."tuition_cap" ("accreditation", "is_medicine", "cap", "valid_from", "source") VALUES
  ('A', true, 12000000, '2021-01-01', 'Persesjen Kemendikbudristek 10/2022, KIP Kuliah: biaya pendidikan per semester'),
  ('A', false, 8000000, '2021-01-01', 'Persesjen Kemendikbudristek 10/2022, KIP Kuliah: biaya pendidikan per semester'),
  ('B', true, 4000000, '2021-01-01', 'Persesjen Kemendikbudristek 10/2022, KIP Kuliah: biaya pendidikan per semester'),
  ('B', false, 4000000, '2021-01-01', 'Persesjen Kemendikbudristek 10/2022, KIP Kuliah: biaya pendidikan per semester'),
  ('C', true, 2400000, '2021-01-01', 'Persesjen Kemendikbudristek 10/2022, KIP Kuliah: biaya pendidikan per semester'),
  ('C', false, 2400000, '2021-01-01', 'Persesjen Kemendikbudristek 10/2022, KIP Kuliah: biaya pendidikan per semester');
--> statement-breakpoint
INSERT INTO "programs"."college_ground" ("ground", "on_paper", "programs", "decile_limit", "income_limit", "income_a_head_limit", "source") VALUES
  ('PIP_HOLDER', false, array['KIP'], NULL, NULL, NULL, 'KIP Kuliah: pemegang atau pemilik KIP pendidikan menengah'),
  ('FAMILY_IN_PROGRAM', false, array['PKH', 'BPNT', 'PBI_JK'], NULL, NULL, NULL, 'KIP Kuliah: keluarga penerima PKH, Kartu Sembako atau PBI-JK'),
  ('REGISTERED', false, '{}', NULL, NULL, NULL, 'KIP Kuliah: keluarga dalam DTKS/DTSEN'),
  ('P3KE_DECILE', true, '{}', 3, NULL, NULL, 'KIP Kuliah: desil P3KE paling tinggi 3'),
  ('ORPHANAGE', true, '{}', NULL, NULL, NULL, 'KIP Kuliah: penghuni panti sosial atau panti asuhan'),
  ('LOW_INCOME', true, '{}', NULL, 4000000, 750000, 'KIP Kuliah: penghasilan kotor orang tua paling banyak Rp 4.000.000, atau Rp 750.000 per kepala');
--> statement-breakpoint
-- The first instant (WIB) after a day.
CREATE FUNCTION "programs"."day_ends"(day date) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT (day + 1)::timestamp AT TIME ZONE 'Asia/Jakarta' $$;
--> statement-breakpoint
-- What a pupil of a class gets in a year, whole rupiah; null: no such class, or no rate on that day.
CREATE FUNCTION "programs"."school_amount"(of_level text, of_grade integer, day date) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT programs.award('KIP', array[of_level], r.months::int, day) FROM programs.school_grade_rule r
  WHERE r.level = of_level AND r.grade = of_grade AND day BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity')
$$;
--> statement-breakpoint
-- What the one eligibility engine says of persons for a program of persons: their entry in the data in force, and every reason against. Who is not there is
-- absent: not known, which is no "no". Of two entries of one person the better counts. `attested`: reasons that other evidence answers. Answers a slice's asker
-- where they are on duty.
CREATE FUNCTION "programs"."judged"(of_program text, persons uuid[], attested text[])
RETURNS TABLE (person_id uuid, unit_id uuid, region text, reasons text[]) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT ON (j.person_id) j.person_id, j.unit_id, j.region, array(SELECT x FROM unnest(j.reasons) AS x WHERE x <> ALL (attested))
  FROM programs.judge(of_program, programs.today(), programs.delivery_in_force(), programs.moment(), NULL, '', coalesce((SELECT array_agg(m.member_id)
    FROM programs.candidate_member m WHERE m.delivery = programs.delivery_in_force() AND m.person_id = ANY (persons)), '{}')) j
  WHERE session_user <> 'hub_programs' OR programs.on_duty(NULL, j.region, of_program)
  ORDER BY j.person_id, j.is_eligible DESC, j.unit_id
$$;
--> statement-breakpoint
-- Enrols a person as ACTIVE, or makes the enrolment that waits active; one that is active is taken, with the level of now. `decree_number` is the reason, too. Only rules may call it;
-- the enrolment's own rules hold besides.
CREATE FUNCTION "programs"."enrol"(who uuid, unit uuid, of_program text, place text, component_code text, decree_number text)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  running programs.enrolment%ROWTYPE;
  code programs.enrolment.component%TYPE := component_code;
  fresh uuid := gen_random_uuid();
BEGIN
  PERFORM programs.lock_seats(of_program), set_config('hub.reason', decree_number, true);
  SELECT e.* INTO running FROM programs.enrolment e WHERE e.person_id = who AND e.program = of_program AND e.state NOT IN ('GRADUATED', 'EXITED') FOR UPDATE;
  IF running.state = 'SUSPENDED' THEN
    RAISE EXCEPTION 'the enrolment of this person is suspended: it is resumed or ended first' USING ERRCODE = 'HB001';
  ELSIF running.state = 'ACTIVE' THEN
    UPDATE programs.enrolment e SET component = code WHERE e.id = running.id AND e.person_id = who AND e.component IS DISTINCT FROM code;
    RETURN running.id;
  ELSIF running.id IS NOT NULL THEN
    UPDATE programs.enrolment e SET state = 'ACTIVE', decree = decree_number, component = code WHERE e.id = running.id AND e.person_id = who;
    RETURN running.id;
  END IF;
  INSERT INTO programs.enrolment (id, person_id, unit_id, program, state, component, region, started_on, decree)
  VALUES (fresh, who, unit, of_program, 'ACTIVE', code, place, programs.today(), decree_number);
  RETURN fresh;
END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."school_nomination_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF session_user = 'hub_programs_owner' THEN RETURN NEW; END IF;
  PERFORM programs.require_duty(array['EDUCATION'], '', 'KIP', 'a decree of nomination');
  IF TG_OP = 'INSERT' THEN
    NEW.version := 1;
    NEW.extension_reason := NULL;
    NEW.made_by := programs.officer();
    NEW.made_at := programs.moment();
    IF NEW.activate_by < programs.today() THEN RAISE EXCEPTION 'activateBy: must not be past' USING ERRCODE = 'HB003'; END IF;
    RETURN NEW;
  END IF;
  NEW.version := OLD.version + 1;
  IF programs.moment() >= programs.day_ends(OLD.activate_by) THEN
    RAISE EXCEPTION 'the deadline has passed: the pupils are nominated anew' USING ERRCODE = 'HB001';
  ELSIF NEW.activate_by <= OLD.activate_by OR btrim(coalesce(NEW.extension_reason, '')) = '' THEN
    RAISE EXCEPTION 'activateBy: an extension ends later than what it extends, and says why' USING ERRCODE = 'HB003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "school_nomination_rules" BEFORE INSERT OR UPDATE ON "programs"."school_nomination" FOR EACH ROW EXECUTE FUNCTION "programs"."school_nomination_rules"();
--> statement-breakpoint
CREATE FUNCTION "programs"."school_nomination_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM programs.note_transition('SCHOOL_NOMINATION', NEW.id, NULL, 'KIP', '', CASE TG_OP WHEN 'INSERT' THEN 'DECREE' ELSE 'EXTEND' END,
    CASE TG_OP WHEN 'UPDATE' THEN OLD.activate_by::text END, NEW.activate_by::text, coalesce(NEW.extension_reason, NEW.number));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "school_nomination_moved" AFTER INSERT OR UPDATE ON "programs"."school_nomination" FOR EACH ROW EXECUTE FUNCTION "programs"."school_nomination_moved"();
--> statement-breakpoint
CREATE FUNCTION "programs"."school_aid_nominated"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  list programs.school_nomination%ROWTYPE;
  entry record;
BEGIN
  IF session_user = 'hub_programs_owner' THEN RETURN NEW; END IF;
  SELECT n.* INTO list FROM programs.school_nomination n WHERE n.id = NEW.nomination_id FOR SHARE;
  IF list.id IS NULL OR programs.moment() >= programs.day_ends(list.activate_by) THEN
    RAISE EXCEPTION 'there is no decree of nomination whose deadline is still to come' USING ERRCODE = 'HB001';
  END IF;
  SELECT m.member_id, m.region INTO entry FROM programs.candidate_member m WHERE m.delivery = programs.delivery_in_force() AND m.person_id = NEW.person_id
    ORDER BY 'DUPLICATE_BENEFIT' = ANY (m.barred), m.decile, m.rank, m.member_id LIMIT 1;
  NEW.unit_id := entry.member_id;
  NEW.region := coalesce(entry.region, NEW.region);
  PERFORM programs.require_duty(array['EDUCATION'], NEW.region, 'KIP', 'nominating a pupil');
  NEW.program := 'KIP';
  NEW.version := 1;
  NEW.year := list.year;
  NEW.state := 'NOMINATED';
  NEW.nominated_by := programs.officer();
  NEW.activated_on := NULL;
  NEW.grant_decree := NULL;
  NEW.granted_by := NULL;
  NEW.enrolment_id := NULL;
  NEW.amount := programs.school_amount(NEW.level, NEW.grade, least(programs.today(), make_date(list.year, 12, 31)));
  IF NEW.amount IS NULL THEN RAISE EXCEPTION 'grade: no class of this level' USING ERRCODE = 'HB003'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "school_aid_nominated" BEFORE INSERT ON "programs"."school_aid" FOR EACH ROW EXECUTE FUNCTION "programs"."school_aid_nominated"();
--> statement-breakpoint
-- Once a list, when it is nominated and when it is granted: the eligibility engine refuses nobody of it. The school attests the class, and the program has no ceiling.
CREATE FUNCTION "programs"."school_aid_judged"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  pupils uuid[] := (SELECT array_agg(l.person_id) FROM listed l WHERE l.state IN ('NOMINATED', 'GRANTED'));
BEGIN
  IF EXISTS (SELECT FROM programs.judged('KIP', pupils, array['NO_COMPONENT', 'INCOMPLETE_DATA']) j WHERE pupils IS NOT NULL AND j.reasons <> '{}') THEN
    RAISE EXCEPTION 'person: a pupil of the list is not eligible' USING ERRCODE = 'HB003';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "school_aid_judged" AFTER INSERT ON "programs"."school_aid" REFERENCING NEW TABLE AS listed FOR EACH STATEMENT
  WHEN (session_user <> 'hub_programs_owner') EXECUTE FUNCTION "programs"."school_aid_judged"();
--> statement-breakpoint
CREATE TRIGGER "school_aid_judged_again" AFTER UPDATE ON "programs"."school_aid" REFERENCING NEW TABLE AS listed FOR EACH STATEMENT
  WHEN (session_user = 'hub_programs') EXECUTE FUNCTION "programs"."school_aid_judged"();
--> statement-breakpoint
-- NOMINATED → ACCOUNT_ACTIVATED (before the deadline's last instant) | CANCELLED (after it, by the clock); ACCOUNT_ACTIVATED → GRANTED (by another officer than
-- who nominated) → PAID (by the payment chain).
CREATE FUNCTION "programs"."school_aid_moves"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  step text := OLD.state || '>' || NEW.state;
  list programs.school_nomination%ROWTYPE;
BEGIN
  NEW.version := OLD.version + 1;
  SELECT n.* INTO list FROM programs.school_nomination n WHERE n.id = OLD.nomination_id FOR SHARE;
  IF step = 'NOMINATED>ACCOUNT_ACTIVATED' THEN
    PERFORM programs.require_duty(array['EDUCATION'], OLD.region, 'KIP', 'recording an activation');
    IF programs.moment() >= programs.day_ends(list.activate_by) THEN
      RAISE EXCEPTION 'the deadline of activation has passed' USING ERRCODE = 'HB001';
    ELSIF NEW.activated_on IS NULL OR NEW.activated_on NOT BETWEEN (list.made_at AT TIME ZONE 'Asia/Jakarta')::date AND programs.today() THEN
      RAISE EXCEPTION 'activatedOn: must lie between the nomination and today' USING ERRCODE = 'HB003';
    END IF;
  ELSIF step = 'NOMINATED>CANCELLED' THEN
    IF session_user = 'hub_programs' OR programs.moment() < programs.day_ends(list.activate_by) THEN
      RAISE EXCEPTION 'a nomination ends by the clock alone' USING ERRCODE = 'HB002';
    END IF;
  ELSIF step = 'ACCOUNT_ACTIVATED>GRANTED' THEN
    PERFORM programs.require_duty(array['EDUCATION'], OLD.region, 'KIP', 'a decree of grant');
    IF programs.officer() = OLD.nominated_by THEN
      RAISE EXCEPTION 'another officer than who nominated a pupil grants the aid' USING ERRCODE = 'HB002';
    END IF;
    NEW.granted_by := programs.officer();
    NEW.enrolment_id := programs.enrol(OLD.person_id, OLD.unit_id, 'KIP', OLD.region, OLD.level, NEW.grant_decree);
  ELSIF step <> 'GRANTED>PAID' OR (session_user <> 'hub_programs_owner' AND pg_trigger_depth() < 2) THEN
    RAISE EXCEPTION 'a school aid that is % cannot become % like this', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "school_aid_moves" BEFORE UPDATE ON "programs"."school_aid" FOR EACH ROW EXECUTE FUNCTION "programs"."school_aid_moves"();
--> statement-breakpoint
CREATE FUNCTION "programs"."school_aid_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM programs.note_transition('SCHOOL_AID', NEW.id, NEW.person_id, 'KIP', NEW.region,
    CASE NEW.state WHEN 'NOMINATED' THEN 'NOMINATE' WHEN 'ACCOUNT_ACTIVATED' THEN 'ACTIVATE' WHEN 'GRANTED' THEN 'GRANT' WHEN 'PAID' THEN 'PAY' ELSE 'CANCEL' END,
    CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state, CASE NEW.state WHEN 'NOMINATED' THEN (SELECT n.number FROM programs.school_nomination n WHERE n.id = NEW.nomination_id)
      WHEN 'ACCOUNT_ACTIVATED' THEN 'SIMPEL_ACTIVATED' WHEN 'GRANTED' THEN NEW.grant_decree WHEN 'PAID' THEN 'CREDITED' ELSE 'NOT_ACTIVATED_IN_TIME' END);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "school_aid_moved" AFTER INSERT OR UPDATE ON "programs"."school_aid" FOR EACH ROW EXECUTE FUNCTION "programs"."school_aid_moved"();
--> statement-breakpoint
-- Whose payment of the year was credited has been paid. Once a statement, whatever the number of payments.
CREATE FUNCTION "programs"."school_aid_paid"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE programs.school_aid a SET state = 'PAID' FROM changed p
  WHERE a.enrolment_id = p.enrolment_id AND a.state = 'GRANTED' AND p.program = 'KIP' AND p.state::text IN ('CREDITED', 'TRANSACTED') AND extract(year FROM p.starts_on) = a.year;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "school_aid_paid" AFTER UPDATE ON "programs"."payment_period" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "programs"."school_aid_paid"();
--> statement-breakpoint
-- Of whom the aid is kept here the year's payment is what was granted, and a semester's is made when the one before was decided well; nothing without. Enrolments
-- that were taken over without an aid are paid by the catalogue; who was enrolled here, and not by a grant, is paid nothing.
CREATE FUNCTION "programs"."school_payment"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  pupil programs.school_aid%ROWTYPE;
  student programs.college_aid%ROWTYPE;
  nth integer;
BEGIN
  SELECT a.* INTO pupil FROM programs.school_aid a WHERE a.enrolment_id = NEW.enrolment_id ORDER BY a.state = 'GRANTED' AND a.year = extract(year FROM NEW.starts_on) DESC, a.id LIMIT 1;
  IF FOUND THEN
    NEW.amount := pupil.amount;
    RETURN CASE WHEN pupil.state = 'GRANTED' AND pupil.year = extract(year FROM NEW.starts_on) AND NOT EXISTS (SELECT FROM programs.payment_period p
      WHERE p.enrolment_id = pupil.enrolment_id AND extract(year FROM p.starts_on) = pupil.year AND p.state::text NOT IN ('EXCLUDED', 'RETURNED')) THEN NEW END;
  END IF;
  SELECT a.* INTO student FROM programs.college_aid a WHERE a.enrolment_id = NEW.enrolment_id;
  IF NOT FOUND THEN
    RETURN CASE WHEN NOT EXISTS (SELECT FROM programs.transition t WHERE t.subject_kind = 'ENROLMENT' AND t.subject_id = NEW.enrolment_id AND t.act IN ('ENROL', 'PROMOTE')) THEN NEW END;
  END IF;
  SELECT 1 + count(*) INTO nth FROM programs.payment_period p WHERE p.enrolment_id = NEW.enrolment_id AND p.state::text NOT IN ('EXCLUDED', 'RETURNED');
  -- a semester is six months, so what counts the payments counts the semesters
  RETURN CASE WHEN student.state = 'GRANTED' AND nth <= student.semesters AND NEW.ends_on + 1 = NEW.starts_on + interval '6 months'
    AND (nth = 1 OR EXISTS (SELECT FROM programs.college_semester s WHERE s.aid_id = student.id AND s.semester = nth - 1 AND s.state = 'CONTINUED')) THEN NEW END;
END $$;
--> statement-breakpoint
CREATE TRIGGER "school_payment" BEFORE INSERT ON "programs"."payment_period" FOR EACH ROW
  WHEN (NEW.program IN ('KIP', 'KIP_KULIAH') AND session_user <> 'hub_programs_owner') EXECUTE FUNCTION "programs"."school_payment"();
--> statement-breakpoint
-- Nominations whose accounts nobody activated in time end; answers how many.
CREATE FUNCTION "programs"."cancel_school_aids"(at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  cancelled integer;
BEGIN
  PERFORM set_config('hub.now', at::text, true), set_config('hub.actor', 'SYSTEM', true);
  UPDATE programs.school_aid SET state = 'CANCELLED' WHERE id IN (
    SELECT a.id FROM programs.school_aid a JOIN programs.school_nomination n ON n.id = a.nomination_id
    WHERE a.state = 'NOMINATED' AND programs.day_ends(n.activate_by) <= at ORDER BY a.id LIMIT 10000 FOR UPDATE OF a SKIP LOCKED);
  GET DIAGNOSTICS cancelled = ROW_COUNT;
  RETURN cancelled;
END $$;
--> statement-breakpoint
-- Grounds that the programs know of by themselves, and what shows each: program and first day. Answers a slice's asker where they are on duty.
CREATE FUNCTION "programs"."college_grounds"(who uuid) RETURNS TABLE (ground text, evidence text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH home AS (SELECT m.family_id, m.region FROM programs.candidate_member m WHERE m.delivery = programs.delivery_in_force() AND m.person_id = who),
    kin AS (SELECT m.person_id, m.family_id FROM programs.candidate_member m JOIN home h USING (family_id) WHERE m.delivery = programs.delivery_in_force())
  SELECT g.ground, shown.evidence FROM programs.college_ground g, LATERAL (
    SELECT e.program || ', ' || e.started_on AS evidence FROM programs.enrolment e WHERE g.ground = 'PIP_HOLDER' AND e.person_id = who AND e.program = ANY (g.programs)
      AND e.state NOT IN ('CANDIDATE', 'WAITING')
    UNION ALL SELECT e.program || ', ' || e.started_on FROM programs.enrolment e WHERE g.ground = 'FAMILY_IN_PROGRAM' AND e.program = ANY (g.programs)
      AND e.state IN ('ACTIVE', 'SUSPENDED') AND (e.person_id = who OR e.person_id IN (SELECT k.person_id FROM kin k))
    UNION ALL SELECT d.basis || ' ' || d.version FROM programs.target_delivery d WHERE g.ground = 'REGISTERED' AND d.number = programs.delivery_in_force() AND EXISTS (SELECT FROM home)
    ORDER BY 1 LIMIT 1) shown
  WHERE session_user <> 'hub_programs' OR programs.on_duty(array['EDUCATION'], coalesce((SELECT max(h.region) FROM home h), ''), 'KIP_KULIAH')
$$;
--> statement-breakpoint
CREATE FUNCTION "programs"."college_aid_nominated"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rule programs.college_ground%ROWTYPE;
  entry record;
BEGIN
  IF session_user = 'hub_programs_owner' THEN RETURN NEW; END IF;
  -- the ground, and not the rank, says who is in need
  SELECT j.* INTO entry FROM programs.judged('KIP_KULIAH', array[NEW.person_id], array['DECILE_ABOVE_LIMIT', 'INCOMPLETE_DATA', 'NO_COMPONENT', 'NOT_REGISTERED']) j;
  IF cardinality(entry.reasons) > 0 THEN RAISE EXCEPTION 'person: this student is not eligible' USING ERRCODE = 'HB003'; END IF;
  NEW.unit_id := entry.unit_id;
  NEW.region := coalesce(entry.region, NEW.region);
  PERFORM programs.require_duty(array['EDUCATION'], NEW.region, 'KIP_KULIAH', 'nominating a student');
  SELECT g.* INTO rule FROM programs.college_ground g WHERE g.ground = NEW.ground;
  IF rule.on_paper IS FALSE THEN
    SELECT k.evidence INTO NEW.evidence FROM programs.college_grounds(NEW.person_id) k WHERE k.ground = NEW.ground;
    IF NOT FOUND THEN RAISE EXCEPTION 'ground: the programs know nothing that shows it' USING ERRCODE = 'HB003'; END IF;
  ELSIF btrim(NEW.evidence) = '' THEN
    RAISE EXCEPTION 'document: this ground is shown on paper' USING ERRCODE = 'HB003';
  ELSIF NEW.decile > rule.decile_limit OR (rule.decile_limit IS NOT NULL AND NEW.decile IS NULL) THEN
    RAISE EXCEPTION 'decile: this ground ends at decile %', rule.decile_limit USING ERRCODE = 'HB003';
  ELSIF rule.income_limit IS NOT NULL AND NOT coalesce(NEW.family_income <= rule.income_limit OR NEW.family_income <= rule.income_a_head_limit * NEW.heads, false) THEN
    RAISE EXCEPTION 'familyIncome: at most % a month, or % a head', rule.income_limit, rule.income_a_head_limit USING ERRCODE = 'HB003';
  END IF;
  SELECT least(NEW.tuition, c.cap) INTO NEW.tuition_covered FROM programs.tuition_cap c WHERE c.accreditation = NEW.accreditation AND c.is_medicine = NEW.is_medicine
    AND programs.today() BETWEEN c.valid_from AND coalesce(c.valid_to, 'infinity');
  NEW.living := programs.award('KIP_KULIAH', array['CLUSTER_' || NEW.cluster], 6, programs.today());
  NEW.program := 'KIP_KULIAH';
  NEW.version := 1;
  NEW.state := 'NOMINATED';
  NEW.nominated_by := programs.officer();
  NEW.verified_by := NULL;
  NEW.granted_by := NULL;
  NEW.decree := NULL;
  NEW.enrolment_id := NULL;
  NEW.reason := NULL;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "college_aid_nominated" BEFORE INSERT ON "programs"."college_aid" FOR EACH ROW EXECUTE FUNCTION "programs"."college_aid_nominated"();
--> statement-breakpoint
-- NOMINATED → VERIFIED | REJECTED; VERIFIED → GRANTED → STOPPED | COMPLETED (by the decision on a semester). Who nominated a student neither verifies nor grants.
CREATE FUNCTION "programs"."college_aid_moves"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  step text := OLD.state || '>' || NEW.state;
BEGIN
  NEW.version := OLD.version + 1;
  IF step IN ('GRANTED>STOPPED', 'GRANTED>COMPLETED') AND (session_user = 'hub_programs_owner' OR pg_trigger_depth() > 1) THEN RETURN NEW; END IF;
  PERFORM programs.require_duty(array['EDUCATION'], OLD.region, 'KIP_KULIAH', 'deciding on a student');
  IF programs.officer() = OLD.nominated_by THEN
    RAISE EXCEPTION 'another officer than who nominated a student decides' USING ERRCODE = 'HB002';
  ELSIF step IN ('NOMINATED>VERIFIED', 'NOMINATED>REJECTED') THEN
    NEW.verified_by := programs.officer();
    IF btrim(coalesce(NEW.reason, '')) = '' THEN RAISE EXCEPTION 'reason: a decision says why' USING ERRCODE = 'HB003'; END IF;
  ELSIF step = 'VERIFIED>GRANTED' THEN
    NEW.granted_by := programs.officer();
    NEW.enrolment_id := programs.enrol(OLD.person_id, OLD.unit_id, 'KIP_KULIAH', OLD.region, 'CLUSTER_' || OLD.cluster, NEW.decree);
  ELSE
    RAISE EXCEPTION 'a college aid that is % cannot become % like this', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "college_aid_moves" BEFORE UPDATE ON "programs"."college_aid" FOR EACH ROW EXECUTE FUNCTION "programs"."college_aid_moves"();
--> statement-breakpoint
-- The ground and the words of a decision are in the aid: its history is read by more officers, and has codes and decrees alone.
CREATE FUNCTION "programs"."college_aid_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM programs.note_transition('COLLEGE_AID', NEW.id, NEW.person_id, 'KIP_KULIAH', NEW.region,
    CASE NEW.state WHEN 'NOMINATED' THEN 'NOMINATE' WHEN 'VERIFIED' THEN 'VERIFY' WHEN 'REJECTED' THEN 'REJECT' WHEN 'GRANTED' THEN 'GRANT' WHEN 'COMPLETED' THEN 'COMPLETE' ELSE 'STOP' END,
    CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state,
    CASE NEW.state WHEN 'NOMINATED' THEN 'NOMINATION' WHEN 'GRANTED' THEN NEW.decree WHEN 'VERIFIED' THEN 'VERIFICATION' WHEN 'REJECTED' THEN 'VERIFICATION' ELSE 'SEMESTER' END);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "college_aid_moved" AFTER INSERT OR UPDATE ON "programs"."college_aid" FOR EACH ROW EXECUTE FUNCTION "programs"."college_aid_moved"();
--> statement-breakpoint
-- One report a semester, one behind the other, about an aid that runs; REPORTED → CONTINUED | STOPPED by another officer.
CREATE FUNCTION "programs"."college_semester_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  aid programs.college_aid%ROWTYPE;
BEGIN
  IF session_user = 'hub_programs_owner' THEN RETURN NEW; END IF;
  SELECT a.* INTO aid FROM programs.college_aid a WHERE a.id = NEW.aid_id FOR UPDATE;
  PERFORM programs.require_duty(array['EDUCATION'], coalesce(aid.region, ''), 'KIP_KULIAH', 'a report of achievement');
  IF TG_OP = 'INSERT' THEN
    IF aid.state IS DISTINCT FROM 'GRANTED' THEN
      RAISE EXCEPTION 'achievement is reported of an aid that runs' USING ERRCODE = 'HB001';
    ELSIF NEW.semester > aid.semesters OR NEW.semester <> 1 + (SELECT count(*) FROM programs.college_semester s WHERE s.aid_id = aid.id AND s.state = 'CONTINUED') THEN
      RAISE EXCEPTION 'semester: the next one is reported, once the one before is decided, and not more than are aided' USING ERRCODE = 'HB001';
    END IF;
    NEW.version := 1;
    NEW.person_id := aid.person_id;
    NEW.program := aid.program;
    NEW.region := aid.region;
    NEW.state := 'REPORTED';
    NEW.reported_by := programs.officer();
    NEW.decided_by := NULL;
    NEW.reason := NULL;
    RETURN NEW;
  END IF;
  NEW.version := OLD.version + 1;
  IF OLD.state <> 'REPORTED' OR NEW.state = 'REPORTED' THEN
    RAISE EXCEPTION 'this semester is decided' USING ERRCODE = 'HB001';
  ELSIF programs.officer() = OLD.reported_by THEN
    RAISE EXCEPTION 'another officer than who reported decides on the semester' USING ERRCODE = 'HB002';
  END IF;
  NEW.decided_by := programs.officer();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "college_semester_rules" BEFORE INSERT OR UPDATE ON "programs"."college_semester" FOR EACH ROW EXECUTE FUNCTION "programs"."college_semester_rules"();
--> statement-breakpoint
-- What stops, or was the last semester aided, ends the aid and its enrolment: two officers have seen it.
CREATE FUNCTION "programs"."college_semester_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ends boolean;
BEGIN
  PERFORM programs.note_transition('COLLEGE_SEMESTER', NEW.id, NEW.person_id, 'KIP_KULIAH', NEW.region,
    CASE NEW.state WHEN 'REPORTED' THEN 'REPORT' WHEN 'CONTINUED' THEN 'CONTINUE' ELSE 'STOP' END, CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state, 'SEMESTER ' || NEW.semester);
  SELECT NEW.state = 'STOPPED' OR (NEW.state = 'CONTINUED' AND NEW.semester = a.semesters) INTO ends FROM programs.college_aid a WHERE a.id = NEW.aid_id;
  IF ends THEN
    PERFORM set_config('hub.reason', CASE NEW.state WHEN 'STOPPED' THEN 'COMMITMENT_BREACH' ELSE 'STUDY_ENDED' END, true);
    UPDATE programs.college_aid a SET state = CASE NEW.state WHEN 'STOPPED' THEN 'STOPPED' ELSE 'COMPLETED' END, reason = NEW.reason WHERE a.id = NEW.aid_id AND a.state = 'GRANTED';
    UPDATE programs.enrolment e SET state = CASE NEW.state WHEN 'STOPPED' THEN 'EXITED' ELSE 'GRADUATED' END::programs.enrolment_state,
      ending = CASE NEW.state WHEN 'STOPPED' THEN 'COMMITMENT_BREACH' ELSE 'STUDY_ENDED' END
    FROM programs.college_aid a WHERE a.id = NEW.aid_id AND e.id = a.enrolment_id AND e.person_id = a.person_id AND e.state IN ('ACTIVE', 'SUSPENDED');
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "college_semester_moved" AFTER INSERT OR UPDATE ON "programs"."college_semester" FOR EACH ROW EXECUTE FUNCTION "programs"."college_semester_moved"();
--> statement-breakpoint
CREATE TRIGGER "school_nomination_stays" BEFORE DELETE OR TRUNCATE ON "programs"."school_nomination" EXECUTE FUNCTION "programs"."refuse"('decrees are on file and stay');
--> statement-breakpoint
CREATE TRIGGER "school_aid_stays" BEFORE DELETE OR TRUNCATE ON "programs"."school_aid" EXECUTE FUNCTION "programs"."refuse"('aid is on file and stays');
--> statement-breakpoint
CREATE TRIGGER "college_aid_stays" BEFORE DELETE OR TRUNCATE ON "programs"."college_aid" EXECUTE FUNCTION "programs"."refuse"('aid is on file and stays');
--> statement-breakpoint
CREATE TRIGGER "college_semester_stays" BEFORE DELETE OR TRUNCATE ON "programs"."college_semester" EXECUTE FUNCTION "programs"."refuse"('reports are on file and stay');
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."judged", "programs"."enrol", "programs"."cancel_school_aids", "programs"."college_grounds", "programs"."school_nomination_rules", "programs"."school_nomination_moved",
  "programs"."school_aid_nominated", "programs"."school_aid_judged", "programs"."school_aid_moves", "programs"."school_aid_moved", "programs"."school_aid_paid", "programs"."school_payment", "programs"."college_aid_nominated", "programs"."college_aid_moves",
  "programs"."college_aid_moved", "programs"."college_semester_rules", "programs"."college_semester_moved" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."judged", "programs"."college_grounds" TO "hub_programs";
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."cancel_school_aids" TO "hub_programs_jobs";
--> statement-breakpoint
GRANT SELECT ON "programs"."school_grade_rule", "programs"."school_nomination", "programs"."school_aid", "programs"."tuition_cap", "programs"."college_ground", "programs"."college_aid",
  "programs"."college_semester" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
GRANT INSERT ON "programs"."school_nomination", "programs"."school_aid", "programs"."college_aid", "programs"."college_semester" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("activate_by", "extension_reason") ON "programs"."school_nomination" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("state", "activated_on", "grant_decree") ON "programs"."school_aid" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("state", "decree", "reason") ON "programs"."college_aid" TO "hub_programs";
--> statement-breakpoint
GRANT UPDATE ("state", "reason") ON "programs"."college_semester" TO "hub_programs";
