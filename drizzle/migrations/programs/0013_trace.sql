-- Where an aid stops, in words; and whom a program serves wrongly, found a regency at a time.
CREATE TABLE "programs"."trace_step" (
	"step" text NOT NULL,
	"reason" text collate "C" NOT NULL,
	"office" text NOT NULL,
	"text_id" text NOT NULL,
	"text_en" text NOT NULL,
	"remedy_id" text,
	"remedy_en" text,
	"bring_id" text,
	"bring_en" text,
	"usual_days" smallint,
	"source" text NOT NULL,
	CONSTRAINT "trace_step_step_reason_pk" PRIMARY KEY("step","reason"),
	CONSTRAINT "trace_step_step" CHECK (step in ('REGISTRY', 'MATCH', 'RANK', 'EXCLUSION', 'COMPONENT', 'QUOTA', 'DECREE', 'ACCOUNT', 'TREASURY', 'ORDER', 'RELEASE', 'CREDIT', 'TRANSACTION')),
	CONSTRAINT "trace_step_days" CHECK (usual_days >= 0)
);
--> statement-breakpoint
INSERT INTO "programs"."trace_step" ("step", "reason", "office", "text_id", "text_en", "remedy_id", "remedy_en", "bring_id", "bring_en", "usual_days", "source") VALUES
  ('REGISTRY', '', 'Kantor desa atau Dinas Sosial', 'Keluarga belum ada dalam data sasaran', 'the family is not in the data the program decides on', 'Minta diusulkan lewat kantor desa atau Dinas Sosial', 'Ask the village office or the social office to be proposed', 'KTP dan Kartu Keluarga', 'identity card and family card', 90, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('REGISTRY', 'WITHDRAWN', 'Kantor desa atau Dinas Sosial', 'Keluarga menyatakan mundur dari basis data', 'the family has withdrawn from the registry', 'Cabut pengunduran diri di kantor desa atau Dinas Sosial', 'Revoke the withdrawal at the village office or the social office', 'KTP dan Kartu Keluarga', 'identity card and family card', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('MATCH', '', 'Dinas Kependudukan dan Pencatatan Sipil', 'Data tidak padan dengan data kependudukan', 'the data do not agree with the population register', 'Perbaiki data kependudukan di Dukcapil, lalu laporkan ke kantor desa', 'Have the record mended at the civil registry, then tell the village office', 'KTP dan Kartu Keluarga', 'identity card and family card', 14, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('MATCH', 'DECEASED', 'Dinas Kependudukan dan Pencatatan Sipil', 'Penerima tercatat meninggal', 'the recipient is recorded as dead', 'Bila keliru, minta pembetulan di Dukcapil; bila benar, ajukan pengganti dalam keluarga', 'If this is wrong, ask the civil registry to correct it; if right, ask for another member of the family', 'KTP, Kartu Keluarga; bila ada, akta kematian', 'identity card, family card and, where there is one, the death certificate', 14, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('RANK', '', 'Badan Pusat Statistik', 'Peringkat kesejahteraan tidak masuk batas program', 'the welfare rank does not lie within the program''s limit', 'Bila keadaan keluarga berbeda, ajukan keberatan atau pemutakhiran', 'If the family lives otherwise, object or ask for an update', 'KTP dan Kartu Keluarga', 'identity card and family card', 90, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('RANK', 'INCOMPLETE_DATA', 'Badan Pusat Statistik', 'Keluarga belum diperingkat', 'the family has no rank yet', 'Tunggu pemutakhiran peringkat, atau minta kunjungan lewat Dinas Sosial', 'Wait for the next ranking, or ask the social office for a visit', 'KTP dan Kartu Keluarga', 'identity card and family card', 90, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', '', 'Kementerian Sosial', 'Ada pengecualian atas penerima atau keluarga', 'something rules out the recipient or the family', 'Tanyakan alasannya di Dinas Sosial; bila keliru, ajukan keberatan', 'Ask the social office why; if it is wrong, object', 'KTP, Kartu Keluarga dan bukti keadaan sebenarnya', 'identity card, family card and proof of how things are', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'CIVIL_SERVANT_OR_FORCES', 'Kementerian Sosial', 'Ada anggota yang tercatat sebagai ASN, TNI atau Polri', 'a member is on record as a civil servant, soldier or police officer', 'Bila keliru, ajukan keberatan di Dinas Sosial', 'If this is wrong, object at the social office', 'KTP, Kartu Keluarga dan surat keterangan pekerjaan', 'identity card, family card and a statement of occupation', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'PENSIONER', 'Kementerian Sosial', 'Ada anggota yang tercatat sebagai pensiunan', 'a member is on record as a pensioner', 'Bila keliru, ajukan keberatan di Dinas Sosial', 'If this is wrong, object at the social office', 'KTP, Kartu Keluarga dan surat keterangan pekerjaan', 'identity card, family card and a statement of occupation', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'VILLAGE_OFFICIAL', 'Kementerian Sosial', 'Ada anggota yang tercatat sebagai aparat desa', 'a member is on record as a village official', 'Bila keliru, ajukan keberatan di Dinas Sosial', 'If this is wrong, object at the social office', 'KTP, Kartu Keluarga dan surat keterangan pekerjaan', 'identity card, family card and a statement of occupation', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'INCOME_ABOVE_MINIMUM_WAGE', 'Kementerian Sosial', 'Ada anggota dengan upah di atas upah minimum', 'a member earns more than the minimum wage', 'Bila keliru, ajukan keberatan di Dinas Sosial', 'If this is wrong, object at the social office', 'KTP, Kartu Keluarga dan surat keterangan pekerjaan', 'identity card, family card and a statement of occupation', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'COMPANY_OWNER', 'Kementerian Sosial', 'Ada anggota yang tercatat sebagai pemilik perusahaan', 'a member is on record as the owner of a company', 'Bila keliru, ajukan keberatan di Dinas Sosial', 'If this is wrong, object at the social office', 'KTP, Kartu Keluarga dan surat keterangan pekerjaan', 'identity card, family card and a statement of occupation', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'CERTIFIED_TEACHER', 'Kementerian Sosial', 'Ada anggota yang tercatat sebagai guru bersertifikat', 'a member is on record as a certified teacher', 'Bila keliru, ajukan keberatan di Dinas Sosial', 'If this is wrong, object at the social office', 'KTP, Kartu Keluarga dan surat keterangan pekerjaan', 'identity card, family card and a statement of occupation', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'SOCIAL_WORKFORCE', 'Kementerian Sosial', 'Ada anggota yang tercatat sebagai SDM kesejahteraan sosial', 'a member is on record as staff of the social programs', 'Bila keliru, ajukan keberatan di Dinas Sosial', 'If this is wrong, object at the social office', 'KTP, Kartu Keluarga dan surat keterangan pekerjaan', 'identity card, family card and a statement of occupation', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'REJECTED_BY_REGION', 'Dinas Sosial', 'Dinilai tidak layak oleh daerah', 'found not eligible by the region', 'Tanyakan di Dinas Sosial; bila keliru, ajukan keberatan', 'Ask the social office; if it is wrong, object', 'KTP dan Kartu Keluarga', 'identity card and family card', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'REJECTED_BY_GIS', 'Kementerian Sosial', 'Dinilai tidak layak dari citra rumah', 'found not eligible by the picture of the house', 'Ajukan keberatan dengan foto rumah', 'Object, with a photo of the house', 'KTP, Kartu Keluarga, foto rumah', 'identity card, family card, a photo of the house', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'DUPLICATE_BENEFIT', 'Kementerian Sosial', 'Sudah menerima bantuan lain yang tidak boleh bersamaan', 'another aid that may not go together with this one is drawn', NULL, NULL, NULL, NULL, NULL, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'OBJECTION_UPHELD', 'Dinas Sosial', 'Keberatan atas kelayakan dikabulkan', 'an objection to the eligibility was upheld', 'Banding dapat diajukan di Dinas Sosial', 'An appeal can be made at the social office', 'KTP dan Kartu Keluarga', 'identity card and family card', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'SUSPENDED', 'Kementerian Sosial', 'Kepesertaan ditangguhkan', 'the enrolment is suspended', 'Hubungi pendamping program', 'See the companion of the program', 'KTP dan Kartu Keluarga', 'identity card and family card', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'EXITED', 'Kementerian Sosial', 'Kepesertaan sudah berakhir', 'the enrolment has ended', 'Tanyakan alasannya di Dinas Sosial', 'Ask the social office why', 'KTP dan Kartu Keluarga', 'identity card and family card', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('EXCLUSION', 'GRADUATED', 'Kementerian Sosial', 'Keluarga sudah lulus (graduasi) dari program', 'the family has graduated from the program', NULL, NULL, NULL, NULL, NULL, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('COMPONENT', '', 'Kementerian Sosial', 'Tidak ada anggota keluarga yang menjadi sasaran program', 'no member of the family is one the program is for', 'Bila ada anggota yang hamil, bersekolah, lanjut usia atau disabilitas berat, minta pemutakhiran data', 'If somebody is pregnant, at school, elderly or severely disabled, ask for an update', 'KTP, Kartu Keluarga dan surat keterangan', 'identity card, family card and a statement', 90, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('QUOTA', '', 'Kementerian Sosial', 'Layak, tetapi kuota belum tersedia', 'entitled, but there is no seat yet', 'Tidak perlu berbuat apa-apa: urutan ditentukan peringkat', 'Nothing need be done: the order is by need', NULL, NULL, NULL, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('DECREE', '', 'Kementerian Sosial', 'Belum masuk dalam penetapan penyaluran periode ini', 'not yet on the list of payments of this period', 'Tunggu penetapan', 'Wait for the list', NULL, NULL, 14, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('DECREE', 'BEGAN_LATER', 'Kementerian Sosial', 'Kepesertaan baru dimulai setelah periode ini', 'the enrolment began only after this period', 'Tanyakan periode sejak kepesertaan dimulai', 'Ask about a period since the enrolment began', NULL, NULL, NULL, 'Tanggal mulai kepesertaan'),
  ('ACCOUNT', '', 'Bank atau pos penyalur', 'Rekening sedang diperiksa atau dibuka', 'the account is being checked or opened', 'Tunggu, dan datang bila dipanggil bank', 'Wait, and come when the bank calls', 'KTP dan Kartu Keluarga', 'identity card and family card', 21, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('ACCOUNT', 'ACTIVATION_DUE', 'Bank atau pos penyalur', 'Rekening SimPel belum diaktifkan', 'the pupil''s account is not activated yet', 'Aktifkan rekening di bank penyalur sebelum batas waktu', 'Activate the account at the paying bank before the deadline', 'Surat keterangan kepala sekolah, Kartu Keluarga, KTP orang tua', 'the head teacher''s statement, family card and a parent''s identity card', 7, 'Persesjen Kemendikbudristek on PIP (u)'),
  ('ACCOUNT', 'DEADLINE_MISSED', 'Bank atau pos penyalur', 'Rekening SimPel tidak diaktifkan sampai batas waktu', 'the pupil''s account was not activated in time', 'Minta sekolah mengusulkan lagi', 'Ask the school to nominate the pupil again', 'Kartu Keluarga', 'family card', 180, 'Persesjen Kemendikbudristek on PIP (u)'),
  ('ORDER', 'GRANT_DUE', 'Kementerian Pendidikan', 'SK pemberian belum terbit', 'the decree that grants the aid is not issued yet', 'Tunggu SK pemberian', 'Wait for the decree', NULL, NULL, 30, 'Persesjen Kemendikbudristek on PIP (u)'),
  ('TREASURY', '', 'Kantor Pelayanan Perbendaharaan Negara', 'Data sedang diperiksa di perbendaharaan', 'the treasury is checking the data', 'Bila KTP dan KK berbeda, perbaiki di Dukcapil', 'If identity card and family card differ, have them mended at the civil registry', 'KTP dan Kartu Keluarga', 'identity card and family card', 7, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('ORDER', '', 'Kementerian Sosial', 'Perintah membayar (SPM) sedang diproses', 'the payment order is being made', 'Tunggu', 'Wait', NULL, NULL, 7, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('RELEASE', '', 'Kantor Pelayanan Perbendaharaan Negara', 'Dana belum dicairkan (SP2D)', 'the funds are not released yet', 'Tunggu', 'Wait', NULL, NULL, 2, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('CREDIT', '', 'Bank atau pos penyalur', 'Dana belum masuk ke rekening', 'the account is not credited yet', 'Tunggu', 'Wait', NULL, NULL, 7, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('TRANSACTION', '', 'Penerima', 'Dana sudah masuk, tetapi belum diambil', 'the money is in the account and not yet drawn', 'Ambil di agen, ATM atau kantor pos', 'Draw it at an agent, a cash machine or the post office', 'KTP dan kartu bantuan', 'identity card and the aid card', 0, 'Perkiraan pengelola program, diganti dengan waktu terukur'),
  ('TRANSACTION', 'RETURNED', 'Bank atau pos penyalur', 'Dana dikembalikan ke kas negara karena tidak diambil', 'the money went back to the treasury since it was not drawn', 'Tanyakan di Dinas Sosial apakah dapat disalurkan lagi', 'Ask the social office whether it can be paid again', 'KTP dan kartu bantuan', 'identity card and the aid card', 30, 'Perkiraan pengelola program, diganti dengan waktu terukur');
--> statement-breakpoint
-- As trace_step, with what the payments' own codes say: the first sentence tells why, the others what to do.
CREATE VIEW "programs"."trace_words" WITH (security_invoker = true) AS
  SELECT s.step, s.reason, s.office, s.text_id, s.text_en, s.remedy_id, s.remedy_en, s.bring_id, s.bring_en, s.usual_days, s.source FROM programs.trace_step s
  UNION ALL
  SELECT DISTINCT ON (t.step, f.code) t.step, f.code, o.office, split_part(f.remedy_id, '. ', 1), split_part(f.remedy_en, '. ', 1),
    nullif(substr(f.remedy_id, length(split_part(f.remedy_id, '. ', 1)) + 3), ''), nullif(substr(f.remedy_en, length(split_part(f.remedy_en, '. ', 1)) + 3), ''),
    f.bring_id, f.bring_en, f.usual_days, f.source
  FROM programs.payment_failure f
  JOIN (VALUES ('ACCOUNT_CHECK_FAILED', 'ACCOUNT'), ('TREASURY_CHECK_FAILED', 'TREASURY'), ('STANDING_INSTRUCTION', 'CREDIT'), ('NOT_TRANSACTED', 'TRANSACTION'),
    ('RETURNED', 'TRANSACTION'), ('EXCLUDED', 'EXCLUSION')) t (state, step) ON t.state = ANY (f.states)
  JOIN (VALUES ('RECIPIENT', 'Penerima'), ('DISTRICT', 'Dinas Sosial'), ('MINISTRY', 'Kementerian Sosial'), ('BANK', 'Bank atau pos penyalur'),
    ('TREASURY', 'Kantor Pelayanan Perbendaharaan Negara'), ('POPULATION', 'Dinas Kependudukan dan Pencatatan Sipil')) o (code, office) ON o.code = f.office
  WHERE NOT EXISTS (SELECT FROM programs.trace_step s WHERE s.step = t.step AND s.reason = f.code);
--> statement-breakpoint
GRANT SELECT ON "programs"."trace_step", "programs"."trace_words" TO "hub_programs";
--> statement-breakpoint
/*
 * What the programs know of the aid of persons in a program for a period: one row a person, none for who is unknown or not the asker's to know. A family is
 * judged whole, so this reads past the rows of a data subject; it names nobody but the person asked about. Of several enrolments the one that was paid in the
 * period speaks, else one that ran then, else the newest. A bank is told of what it pays out itself, the treasury of what has come to its check or an order, and
 * neither of anybody else: not even whether there is something.
 */
CREATE FUNCTION "programs"."trace_facts"(of_program text, of_period text, begins date, ends date, persons uuid[], known timestamptz)
RETURNS TABLE ("person" uuid, "drawn_by_another" boolean, "is_judged" boolean, "is_eligible" boolean, "reasons" text[], "enrolment_state" text, "started_on" date, "ended_on" date, "is_flagged" boolean,
  "place" bigint, "school_state" text, "payment_state" text, "failure" text, "held_for" text, "credited_on" date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  today constant date := (known AT TIME ZONE 'Asia/Jakarta')::date;
  of_family constant boolean := (SELECT p.unit = 'FAMILY' FROM programs.program p WHERE p.code = of_program);
  judged_on constant date := least(greatest(today, begins), ends);
  standing uuid[];
BEGIN
  IF of_family IS NULL THEN RETURN; END IF;
  IF programs.citizen() IS NOT NULL THEN persons := array(SELECT x FROM unnest(persons) x WHERE x = programs.citizen()); END IF;
  standing := array(SELECT CASE WHEN of_family THEN m.family_id ELSE m.member_id END FROM programs.candidate_member m
    WHERE m.delivery = programs.delivery_in_force() AND m.person_id = ANY (persons) AND m.state <> 'MERGED');
  RETURN QUERY
  WITH asked AS (
    SELECT DISTINCT ON (x.id) x.id, m.family_id, m.region, CASE WHEN of_family THEN m.family_id ELSE m.member_id END AS unit
    FROM unnest(persons) AS x(id) LEFT JOIN programs.candidate_member m ON m.delivery = programs.delivery_in_force() AND m.person_id = x.id AND m.state <> 'MERGED'
    ORDER BY x.id, m.state = 'ACTIVE' DESC, m.member_id
  ), drawing AS (
    SELECT a.id, a.id AS drawer FROM asked a
    UNION
    SELECT a.id, m.person_id FROM asked a JOIN programs.candidate_member m ON of_family AND m.delivery = programs.delivery_in_force() AND m.family_id = a.family_id AND m.person_id IS NOT NULL
  ), chosen AS (
    SELECT DISTINCT ON (d.id) d.id, e.id AS enrolment, e.person_id AS drawer, e.region, e.state::text, e.started_on, e.ended_on, e.flag IS NOT NULL AS is_flagged,
      p.state::text AS payment_state, p.failure::text, p.held_for::text, p.credited_on, p.channel::text,
      p.batch_id IS NOT NULL OR coalesce(p.state NOT IN ('CANDIDATE', 'ACCOUNT_CHECK', 'ACCOUNT_CHECK_FAILED', 'ACCOUNT_OPENING', 'EXCLUDED'), false) AS is_at_treasury
    FROM drawing d JOIN programs.enrolment e ON e.person_id = d.drawer AND e.program = of_program
    LEFT JOIN programs.payment_period p ON p.enrolment_id = e.id AND p.person_id = e.person_id AND p.period = of_period AND p.failure IS DISTINCT FROM 'PERIOD_DISCARDED'
    ORDER BY d.id, p.id IS NOT NULL DESC, p.credited_on IS NOT NULL DESC, e.state IN ('ACTIVE', 'SUSPENDED', 'WAITING') AND e.started_on <= ends DESC,
      coalesce(e.ended_on >= begins, false) AND e.started_on <= ends DESC, e.started_on DESC, e.id
  ), verdict AS (
    SELECT * FROM programs.judge(of_program, judged_on, programs.delivery_in_force(), known, NULL, '', standing)
  ), waiting AS (
    SELECT * FROM programs.waiting_places(array(SELECT c.enrolment FROM chosen c WHERE c.state = 'WAITING'))
  )
  SELECT a.id, coalesce(c.drawer, v.person_id) IS DISTINCT FROM a.id AND coalesce(c.drawer, v.person_id) IS NOT NULL,
    programs.delivery_in_force() IS NOT NULL AND (programs.term(of_program, judged_on)).program IS NOT NULL, v.is_eligible, v.reasons, c.state, c.started_on, c.ended_on, c.is_flagged,
    w."position",
    (SELECT s.state FROM programs.school_aid s WHERE s.program = of_program AND s.person_id = a.id AND s.year = extract(year FROM begins) ORDER BY s.state = 'CANCELLED', s.id LIMIT 1),
    c.payment_state, c.failure, c.held_for, c.credited_on
  FROM asked a LEFT JOIN chosen c ON c.id = a.id LEFT JOIN verdict v ON v.unit_id = a.unit LEFT JOIN waiting w ON w.enrolment_id = c.enrolment
  WHERE (programs.citizen() IS NOT NULL OR programs.is_open(of_program, coalesce(c.region, a.region, '0')))
    AND (programs.bank() IS NULL OR c.channel = programs.bank())
    AND (c.is_at_treasury OR NOT EXISTS (SELECT FROM programs.officer_duty t WHERE t.officer_id = programs.officer() AND t.agency = programs.agency() AND t.role = 'TREASURY'));
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."trace_facts" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."trace_facts" TO "hub_programs";
--> statement-breakpoint
CREATE TABLE "programs"."error_candidate" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"program" text collate "C" NOT NULL,
	"subject_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"enrolment_id" uuid,
	"other_enrolment_id" uuid,
	"region" text collate "C" NOT NULL,
	"reasons" text[] collate "C" NOT NULL,
	"found_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'OPEN' NOT NULL,
	"decided_by" text collate "C",
	"decided_at" timestamp with time zone,
	"reason" text,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "error_candidate_words" CHECK (kind in ('INCLUSION', 'EXCLUSION', 'OVERLAP') and state in ('OPEN', 'CONFIRMED', 'DISMISSED', 'RESOLVED')),
	CONSTRAINT "error_candidate_about" CHECK ((kind = 'EXCLUSION') = (enrolment_id is null) and (kind = 'OVERLAP') = (other_enrolment_id is not null)),
	CONSTRAINT "error_candidate_decided" CHECK (state not in ('CONFIRMED', 'DISMISSED') or decided_by is not null and decided_at is not null and length(btrim(reason)) >= 3)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "error_candidate_once" ON "programs"."error_candidate" ("program", "kind", "subject_id");
--> statement-breakpoint
CREATE INDEX "error_candidate_desk" ON "programs"."error_candidate" ("region", "id");
--> statement-breakpoint
CREATE INDEX "error_candidate_person" ON "programs"."error_candidate" ("person_id");
--> statement-breakpoint
-- A decision takes an officer of the region, once, with a reason; what the search finds is the owner's rule's to write.
CREATE FUNCTION "programs"."error_candidate_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF session_user <> 'hub_programs' THEN RETURN NEW; END IF;
  PERFORM programs.require_duty(array['DISTRICT'], OLD.region, OLD.program, 'deciding an error candidate');
  IF to_jsonb(NEW) - array['state', 'reason', 'version'] <> to_jsonb(OLD) - array['state', 'reason', 'version'] THEN
    RAISE EXCEPTION 'of an error candidate only the decision changes' USING ERRCODE = 'HB003';
  ELSIF OLD.state <> 'OPEN' OR NEW.state NOT IN ('CONFIRMED', 'DISMISSED') THEN
    RAISE EXCEPTION 'this error candidate is %, not open', lower(OLD.state) USING ERRCODE = 'HB001';
  ELSIF length(trim(coalesce(NEW.reason, ''))) < 3 THEN
    RAISE EXCEPTION 'a decision says why' USING ERRCODE = 'HB003';
  END IF;
  NEW.version := OLD.version + 1; NEW.decided_by := programs.actor(); NEW.decided_at := programs.moment();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "error_candidate_rules" BEFORE UPDATE ON "programs"."error_candidate" FOR EACH ROW EXECUTE FUNCTION "programs"."error_candidate_rules"();
--> statement-breakpoint
-- The history of a decision, or of all that a search found, in one statement. Why it was found tells need, and stays with the candidate.
CREATE FUNCTION "programs"."error_candidate_follows"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  INSERT INTO programs.transition (subject_kind, subject_id, person_id, program, region, at, actor, act, from_state, to_state, reason)
    SELECT 'ERROR_CANDIDATE', n.id, n.person_id, n.program, n.region, stamp.at, stamp.actor,
      CASE n.state WHEN 'OPEN' THEN 'FIND' WHEN 'CONFIRMED' THEN 'CONFIRM' WHEN 'DISMISSED' THEN 'DISMISS' ELSE 'RESOLVE' END, o.state, n.state,
      CASE WHEN n.state IN ('CONFIRMED', 'DISMISSED') THEN n.reason ELSE n.kind END
    FROM becomes n LEFT JOIN was o USING (id) CROSS JOIN (SELECT programs.moment() AS at, programs.actor() AS actor) stamp
    WHERE (o.state, o.reasons) IS DISTINCT FROM (n.state, n.reasons);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "programs"."error_candidate_found"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO programs.transition (subject_kind, subject_id, person_id, program, region, at, actor, act, to_state, reason)
    SELECT 'ERROR_CANDIDATE', n.id, n.person_id, n.program, n.region, stamp.at, stamp.actor, 'FIND', n.state, n.kind
    FROM becomes n CROSS JOIN (SELECT programs.moment() AS at, programs.actor() AS actor) stamp;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "error_candidate_found" AFTER INSERT ON "programs"."error_candidate" REFERENCING NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION "programs"."error_candidate_found"();
--> statement-breakpoint
CREATE TRIGGER "error_candidate_follows" AFTER UPDATE ON "programs"."error_candidate" REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION "programs"."error_candidate_follows"();
--> statement-breakpoint
CREATE TRIGGER "error_candidate_stays" BEFORE DELETE OR TRUNCATE ON "programs"."error_candidate" EXECUTE FUNCTION "programs"."refuse"('an error candidate is decided or resolved, never deleted');
--> statement-breakpoint
/*
 * Finds anew in a region (a regency) who is served and not entitled (INCLUSION), entitled and neither served nor waiting (EXCLUSION; of aid to
 * persons, where nobody waits, only who needs it more than somebody served), and whose aids may not go together (OVERLAP). What was found before keeps its decision as long as the reasons are the same; with others it is open again; what is no longer so is
 * RESOLVED. Answers how many rows changed. Set-based: one judgement a program.
 */
CREATE FUNCTION "programs"."find_errors"(prefix text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  today constant date := (programs.moment() AT TIME ZONE 'Asia/Jakarta')::date;
  of_delivery constant integer := programs.delivery_in_force();
  changed integer := 0; n integer; one record;
BEGIN
  IF prefix !~ '^[0-9]{4}$' THEN RAISE EXCEPTION 'errors are found a regency at a time' USING ERRCODE = 'HB003'; END IF;
  IF of_delivery IS NULL THEN RETURN 0; END IF;
  PERFORM set_config('hub.actor', 'aid_find_errors', true);
  CREATE TEMPORARY TABLE IF NOT EXISTS found_error (kind text, program text, subject_id uuid, person_id uuid, enrolment_id uuid, other_enrolment_id uuid, region text, reasons text[]) ON COMMIT DROP;
  TRUNCATE pg_temp.found_error;
  FOR one IN SELECT p.code, p.unit = 'FAMILY' AS of_family FROM programs.program p WHERE (programs.term(p.code, today)).program IS NOT NULL ORDER BY 1 LOOP
    INSERT INTO pg_temp.found_error
    WITH verdict AS MATERIALIZED (
      SELECT j.unit_id, j.person_id, j.region, j.decile, j.rank, j.first_on, j.is_eligible, j.reasons FROM programs.judge(one.code, today, of_delivery, programs.moment(), NULL, prefix, NULL) j
    ), running AS MATERIALIZED (
      SELECT e.id, e.person_id, e.region, e.state, (SELECT CASE WHEN one.of_family THEN m.family_id ELSE m.member_id END FROM programs.candidate_member m
        WHERE m.delivery = of_delivery AND m.person_id = e.person_id AND m.state <> 'MERGED' ORDER BY m.state = 'ACTIVE' DESC, m.member_id LIMIT 1) AS unit_id
      FROM programs.enrolment e WHERE e.program = one.code AND starts_with(e.region, prefix) AND e.state IN ('CANDIDATE', 'WAITING', 'ACTIVE', 'SUSPENDED')
    )
    SELECT 'INCLUSION', one.code, r.id, r.person_id, r.id, NULL::uuid, r.region, CASE WHEN v.unit_id IS NULL THEN array['NOT_REGISTERED'] ELSE v.reasons END
    FROM running r LEFT JOIN verdict v ON v.unit_id = r.unit_id WHERE r.state = 'ACTIVE' AND v.is_eligible IS NOT TRUE AND (v.unit_id IS NOT NULL OR r.unit_id IS NULL)
    UNION ALL
    SELECT 'EXCLUSION', one.code, v.unit_id, v.person_id, NULL, NULL, v.region, array['UNSERVED']
    FROM verdict v WHERE v.is_eligible AND v.person_id IS NOT NULL AND NOT EXISTS (SELECT FROM running r WHERE r.unit_id = v.unit_id)
      AND (one.of_family OR (v.decile, v.rank, v.first_on, v.unit_id) < (SELECT w.decile, w.rank, w.first_on, w.unit_id FROM verdict w JOIN running r ON r.unit_id = w.unit_id
        WHERE r.state = 'ACTIVE' AND w.rank IS NOT NULL ORDER BY 1 DESC, 2 DESC, 3 DESC, 4 DESC LIMIT 1));
  END LOOP;
  INSERT INTO pg_temp.found_error
  SELECT DISTINCT ON (o.program, o.enrolment_id) 'OVERLAP', o.program, o.enrolment_id, o.person_id, o.enrolment_id, o.other_enrolment_id, o.region, array[o.finding, o.other_program]
  FROM programs.overlap(prefix) o WHERE o.to_day IS NULL OR o.to_day >= today ORDER BY o.program, o.enrolment_id, o.other_enrolment_id;
  ANALYZE pg_temp.found_error;
  INSERT INTO programs.error_candidate AS c (kind, program, subject_id, person_id, enrolment_id, other_enrolment_id, region, reasons, found_at)
  SELECT f.kind, f.program, f.subject_id, f.person_id, f.enrolment_id, f.other_enrolment_id, f.region, f.reasons, programs.moment() FROM pg_temp.found_error f
  ON CONFLICT (program, kind, subject_id) DO UPDATE SET reasons = excluded.reasons, region = excluded.region, state = 'OPEN', found_at = excluded.found_at,
    decided_by = NULL, decided_at = NULL, reason = NULL, version = c.version + 1
    WHERE c.reasons <> excluded.reasons OR c.state = 'RESOLVED';
  GET DIAGNOSTICS changed = ROW_COUNT;
  UPDATE programs.error_candidate c SET state = 'RESOLVED', version = c.version + 1 WHERE starts_with(c.region, prefix) AND c.state = 'OPEN'
    AND NOT EXISTS (SELECT FROM pg_temp.found_error f WHERE f.program = c.program AND f.kind = c.kind AND f.subject_id = c.subject_id);
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN changed + n;
END $$;
--> statement-breakpoint
-- When all regencies were searched by a delivery last.
CREATE TABLE "programs"."error_search" (
	"delivery" integer PRIMARY KEY NOT NULL,
	"searched_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
-- Hands over the search of every regency with each new delivery, and then weekly; answers how many. Regencies are found by their index, not by reading all families.
CREATE FUNCTION "programs"."search_errors"(at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE in_force constant integer := programs.delivery_in_force(); handed integer;
BEGIN
  INSERT INTO programs.error_search AS s (delivery, searched_at) SELECT in_force, at WHERE in_force IS NOT NULL
    ON CONFLICT (delivery) DO UPDATE SET searched_at = excluded.searched_at WHERE s.searched_at < at - interval '7 days';
  IF NOT FOUND THEN RETURN 0; END IF;
  WITH RECURSIVE regency (code) AS (
    (SELECT left(f.region, 4) FROM programs.candidate_family f WHERE f.delivery = in_force ORDER BY f.region LIMIT 1)
    UNION ALL
    SELECT (SELECT left(f.region, 4) FROM programs.candidate_family f WHERE f.delivery = in_force AND f.region >= r.code || ':' ORDER BY f.region LIMIT 1)
    FROM regency r WHERE r.code IS NOT NULL
  ), handing AS MATERIALIZED (SELECT programs.enqueue('aid_find_errors', r.code) FROM regency r WHERE r.code IS NOT NULL)
  SELECT count(*) INTO handed FROM handing;
  RETURN handed;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."find_errors", "programs"."search_errors", "programs"."error_candidate_rules", "programs"."error_candidate_found",
  "programs"."error_candidate_follows" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."find_errors", "programs"."search_errors" TO "hub_programs_jobs";
--> statement-breakpoint
ALTER TABLE "programs"."error_candidate" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."error_candidate" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_programs_decides" ON "programs"."error_candidate" FOR UPDATE TO "hub_programs" USING (programs.officer() is not null) WITH CHECK (programs.officer() is not null);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."error_candidate" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."error_candidate" TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT ON "programs"."error_candidate" TO "hub_programs", "hub_programs_jobs";
--> statement-breakpoint
GRANT UPDATE ("state", "reason", "version") ON "programs"."error_candidate" TO "hub_programs";
--> statement-breakpoint
-- Who is served and not entitled, as an officer has confirmed, is to be looked at like all the others on that list.
ALTER FUNCTION "programs"."enrolments_to_review"(date) RENAME TO "enrolments_noted";
--> statement-breakpoint
CREATE FUNCTION "programs"."enrolments_to_review"(day date) RETURNS TABLE (id uuid, person_id uuid, region text, reason text, since date) LANGUAGE sql STABLE AS $$
  SELECT n.id, n.person_id, n.region, n.reason, n.since FROM programs.enrolments_noted($1) n
  UNION ALL
  SELECT e.id, e.person_id, e.region, 'INCLUSION_ERROR', (c.decided_at AT TIME ZONE 'Asia/Jakarta')::date FROM programs.error_candidate c
  JOIN programs.enrolment e ON e.id = c.enrolment_id AND e.person_id = c.person_id AND e.state NOT IN ('GRADUATED', 'EXITED') WHERE c.kind = 'INCLUSION' AND c.state = 'CONFIRMED'
$$;
