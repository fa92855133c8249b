-- The payment chain: periods that are opened and decreed, orders and their release, what banks and treasury report, and how it is reconciled. Nobody but the
-- functions here writes any of it: each asks for the duty first, and the rule behind every change of a payment holds what is legal, who may, and the history.
ALTER TABLE "programs"."payment_period" ALTER COLUMN "state" TYPE text USING state::text, ADD COLUMN "version" integer DEFAULT 1 NOT NULL,
  ADD COLUMN "failure" text collate "C", ADD COLUMN "run_id" uuid, ADD COLUMN "batch_id" uuid;
--> statement-breakpoint
DROP TYPE "programs"."payment_state";
--> statement-breakpoint
UPDATE "programs"."payment_period" SET failure = 'ACCOUNT_NOT_FOUND' WHERE state = 'ACCOUNT_CHECK_FAILED';
--> statement-breakpoint
ALTER TABLE "programs"."payment_period" ADD CONSTRAINT "payment_period_state" CHECK (state in ('CANDIDATE', 'ACCOUNT_CHECK', 'ACCOUNT_CHECK_FAILED', 'ACCOUNT_OPENING', 'TREASURY_CHECK', 'TREASURY_CHECK_FAILED', 'ORDER_PENDING', 'ORDER_ISSUED', 'FUNDS_RELEASED', 'STANDING_INSTRUCTION', 'CREDITED', 'TRANSACTED', 'NOT_TRANSACTED', 'RETURNED', 'EXCLUDED')),
  ADD CONSTRAINT "payment_period_failure" CHECK (failure is not null or state not in ('ACCOUNT_CHECK_FAILED', 'TREASURY_CHECK_FAILED', 'EXCLUDED'));
--> statement-breakpoint
-- Nobody is paid twice for a day of a program, whatever the periods are called and however often they entered it. Whoever was excluded from a period stays out of
-- it; a period that was discarded never was one.
ALTER TABLE "programs"."payment_period" ADD CONSTRAINT "payment_period_once" EXCLUDE USING gist ("person_id" WITH =, "program" WITH =, daterange("starts_on", "ends_on", '[]') WITH &&)
  WHERE (failure IS DISTINCT FROM 'PERIOD_DISCARDED');
--> statement-breakpoint
ALTER TABLE "programs"."payment_period" DROP CONSTRAINT "payment_period_held", ADD CONSTRAINT "payment_period_held" CHECK (held_for in ('DECEASED', 'NOT_ACTIVE'));
--> statement-breakpoint
CREATE INDEX "payment_period_run" ON "programs"."payment_period" ("run_id", "state") WHERE run_id is not null;
--> statement-breakpoint
CREATE INDEX "payment_period_batch" ON "programs"."payment_period" ("batch_id", "state") WHERE batch_id is not null;
--> statement-breakpoint
CREATE INDEX "payment_period_desk" ON "programs"."payment_period" ("program", "state", "id");
--> statement-breakpoint
CREATE INDEX "payment_period_region" ON "programs"."payment_period" ("region", "id");
--> statement-breakpoint
-- As in 0003; what it holds says the rule below.
CREATE OR REPLACE FUNCTION "programs"."follow_death"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE programs.enrolment e SET flag = CASE WHEN NEW.is_alive THEN NULL ELSE 'DECEASED' END, flagged_since = CASE WHEN NEW.is_alive THEN NULL ELSE NEW.died_on END
    WHERE e.person_id = NEW.person_id AND (NEW.is_alive OR e.ended_on IS NULL OR e.ended_on > NEW.died_on);
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Whoever is suspended, out, or dead before a period begins is paid nothing that is not in the account yet; back in, or alive after all, it goes on.
CREATE FUNCTION "programs"."hold_payments"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- a difference of sets, never a nested loop over the million a selection moves; who comes from the waiting list has no payment yet
  UPDATE programs.payment_period p SET held_for = CASE WHEN c.flagged_since < p.starts_on THEN c.flag WHEN c.state <> 'ACTIVE' THEN 'NOT_ACTIVE' END
    FROM (SELECT n.id, n.person_id, n.state::text, n.flag, n.flagged_since FROM becomes n
      EXCEPT SELECT o.id, o.person_id, CASE WHEN o.state IN ('CANDIDATE', 'WAITING') THEN 'ACTIVE' ELSE o.state::text END, o.flag, o.flagged_since FROM was o) c
    WHERE p.enrolment_id = c.id AND p.person_id = c.person_id AND p.state NOT IN ('CREDITED', 'TRANSACTED', 'NOT_TRANSACTED', 'RETURNED', 'EXCLUDED');
  RETURN NULL;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."hold_payments" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "enrolment_holds" AFTER UPDATE ON "programs"."enrolment" REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION "programs"."hold_payments"();
--> statement-breakpoint
CREATE TABLE "programs"."account_secret" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"digest" bytea NOT NULL,
	"proposed" bytea,
	"proposed_by" text collate "C",
	"asked_on" date,
	"asked" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "account_secret_proposed" CHECK ((proposed is null) = (proposed_by is null))
);
--> statement-breakpoint
ALTER TABLE "programs"."account_secret" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."channel_rule" (
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"channel" "programs"."payment_channel" NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "channel_rule_program_region_pk" PRIMARY KEY("program","region")
);
--> statement-breakpoint
CREATE TABLE "programs"."payment_account" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"person_id" uuid NOT NULL,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"channel" "programs"."payment_channel" NOT NULL,
	"is_holder" boolean NOT NULL,
	"is_confirmed" boolean DEFAULT true NOT NULL,
	"card" text NOT NULL,
	"registered_at" timestamp with time zone NOT NULL,
	CONSTRAINT "payment_account_once" UNIQUE("person_id","program","channel"),
	CONSTRAINT "payment_account_card" CHECK (card in ('NONE', 'OPENED', 'DISTRIBUTED'))
);
--> statement-breakpoint
ALTER TABLE "programs"."payment_account" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."payment_batch" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"run_id" uuid NOT NULL,
	"program" text collate "C" NOT NULL,
	"channel" "programs"."payment_channel" NOT NULL,
	"number" text collate "C" NOT NULL,
	"state" text NOT NULL,
	"payments" integer NOT NULL,
	"total" bigint NOT NULL,
	"sha256" text,
	"is_carried" boolean DEFAULT false NOT NULL,
	"drafted_by" text collate "C" NOT NULL,
	"drafted_at" timestamp with time zone NOT NULL,
	"issued_by" text collate "C",
	"issued_at" timestamp with time zone,
	"release_number" text collate "C",
	"released_by" text collate "C",
	"released_at" timestamp with time zone,
	"instructed_by" text collate "C",
	CONSTRAINT "payment_batch_number_unique" UNIQUE("number"),
	CONSTRAINT "payment_batch_release_number_unique" UNIQUE("release_number"),
	CONSTRAINT "payment_batch_state" CHECK (state in ('FILLING', 'PENDING', 'ISSUED', 'RELEASED', 'INSTRUCTED')),
	CONSTRAINT "payment_batch_issued" CHECK ((state in ('FILLING', 'PENDING')) = (issued_by is null) and (issued_by is null) = (issued_at is null)),
	CONSTRAINT "payment_batch_released" CHECK ((state in ('FILLING', 'PENDING', 'ISSUED')) = (released_by is null) and num_nonnulls(released_by, released_at, release_number) in (0, 3)),
	CONSTRAINT "payment_batch_three_officers" CHECK (issued_by <> drafted_by and released_by <> drafted_by and released_by <> issued_by),
	CONSTRAINT "payment_batch_sum" CHECK (payments >= 0 and total >= 0 and (state = 'FILLING' or sha256 is not null))
);
--> statement-breakpoint
ALTER TABLE "programs"."payment_batch" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."payment_difference" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"file_id" uuid NOT NULL,
	"line" integer,
	"kind" text NOT NULL,
	"payment_id" uuid,
	"batch_id" uuid,
	"person_id" uuid,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"channel" "programs"."payment_channel",
	"amount_told" bigint,
	"amount_known" bigint,
	"settled_at" timestamp with time zone,
	"settled_by" text collate "C",
	"settled_because" text,
	CONSTRAINT "payment_difference_kind" CHECK (kind in ('UNKNOWN_PAYMENT', 'UNKNOWN_ORDER', 'WRONG_CHANNEL', 'TWICE', 'AMOUNT_DIFFERS', 'NO_OWN_ACCOUNT', 'WRONG_DAY', 'NOT_DUE', 'MISSING')),
	CONSTRAINT "payment_difference_settled" CHECK (num_nonnulls(settled_at, settled_by, settled_because) in (0, 3))
);
--> statement-breakpoint
ALTER TABLE "programs"."payment_difference" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."payment_failure" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"states" text[] NOT NULL,
	"office" text NOT NULL,
	"remedy_id" text NOT NULL,
	"remedy_en" text NOT NULL,
	"bring_id" text,
	"bring_en" text,
	"usual_days" smallint NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "payment_failure_office" CHECK (office in ('RECIPIENT', 'DISTRICT', 'MINISTRY', 'BANK', 'TREASURY', 'POPULATION'))
);
--> statement-breakpoint
CREATE TABLE "programs"."payment_file" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"program" text collate "C" NOT NULL,
	"channel" "programs"."payment_channel",
	"name" text NOT NULL,
	"sha256" text NOT NULL,
	"reference" text collate "C" DEFAULT '' NOT NULL,
	"officer" text collate "C" NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"lines" integer,
	"taken" integer,
	"differing" integer,
	"total" bigint,
	CONSTRAINT "payment_file_once" UNIQUE("kind","program","reference","sha256"),
	CONSTRAINT "payment_file_kind" CHECK (kind in ('BANK_ACCOUNT', 'TREASURY_CHECK', 'TREASURY_RELEASE', 'BANK_CREDIT', 'BANK_RETURN')),
	CONSTRAINT "payment_file_sums" CHECK (lines = taken + differing)
);
--> statement-breakpoint
ALTER TABLE "programs"."payment_file" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."payment_line" (
	"file_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"payment_id" uuid,
	"amount" bigint,
	"state" text,
	"took_place_on" date,
	"failure" text collate "C",
	"order_number" text collate "C",
	"release_number" text collate "C",
	"payments" integer,
	"differs" text,
	CONSTRAINT "payment_line_file_id_line_pk" PRIMARY KEY("file_id","line"),
	CONSTRAINT "payment_line_differs" CHECK (differs in ('UNKNOWN_PAYMENT', 'UNKNOWN_ORDER', 'WRONG_CHANNEL', 'TWICE', 'AMOUNT_DIFFERS', 'NO_OWN_ACCOUNT', 'WRONG_DAY', 'NOT_DUE', 'MISSING'))
);
--> statement-breakpoint
ALTER TABLE "programs"."payment_line" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."payment_rule" (
	"program" text collate "C" NOT NULL,
	"valid_from" date NOT NULL,
	"least_months" smallint NOT NULL,
	"most_months" smallint NOT NULL,
	"by_month" boolean NOT NULL,
	"idle_days" smallint NOT NULL,
	"account_attempts" smallint NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "payment_rule_program_valid_from_pk" PRIMARY KEY("program","valid_from")
);
--> statement-breakpoint
CREATE TABLE "programs"."payment_run" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"program" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"state" text NOT NULL,
	"drafted_by" text collate "C" NOT NULL,
	"drafted_at" timestamp with time zone NOT NULL,
	"done_to" uuid NOT NULL,
	"payments" integer DEFAULT 0 NOT NULL,
	"total" bigint DEFAULT '0' NOT NULL,
	"without_award" integer DEFAULT 0 NOT NULL,
	"over_ceiling" integer DEFAULT 0 NOT NULL,
	"sha256" text,
	"decree" text,
	"signed_by" text collate "C",
	"signed_at" timestamp with time zone,
	CONSTRAINT "payment_run_state" CHECK (state in ('OPENING', 'READY', 'SIGNED', 'UNDER_WAY', 'DISCARDED')),
	CONSTRAINT "payment_run_days" CHECK (ends_on > starts_on),
	CONSTRAINT "payment_run_signed" CHECK ((state in ('SIGNED', 'UNDER_WAY')) = (signed_by is not null) and num_nonnulls(signed_by, signed_at, decree) in (0, 3)),
	CONSTRAINT "payment_run_two_officers" CHECK (signed_by <> drafted_by)
);
--> statement-breakpoint
ALTER TABLE "programs"."payment_run" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "programs"."payment_step" (
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"roles" text[] NOT NULL,
	"file_kind" text,
	"by_hand" boolean NOT NULL,
	"needs_failure" boolean NOT NULL,
	CONSTRAINT "payment_step_from_state_to_state_pk" PRIMARY KEY("from_state","to_state")
);
--> statement-breakpoint
ALTER TABLE "programs"."account_secret" ADD CONSTRAINT "account_secret_account_id_payment_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "programs"."payment_account"("id");
--> statement-breakpoint
ALTER TABLE "programs"."payment_batch" ADD CONSTRAINT "payment_batch_run_id_payment_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "programs"."payment_run"("id");
--> statement-breakpoint
ALTER TABLE "programs"."payment_difference" ADD CONSTRAINT "payment_difference_file_id_payment_file_id_fk" FOREIGN KEY ("file_id") REFERENCES "programs"."payment_file"("id");
--> statement-breakpoint
ALTER TABLE "programs"."payment_line" ADD CONSTRAINT "payment_line_file_id_payment_file_id_fk" FOREIGN KEY ("file_id") REFERENCES "programs"."payment_file"("id");
--> statement-breakpoint
CREATE UNIQUE INDEX "payment_run_once" ON "programs"."payment_run" ("program","period") WHERE state <> 'DISCARDED';
--> statement-breakpoint
CREATE UNIQUE INDEX "payment_batch_draft" ON "programs"."payment_batch" ("run_id","channel") WHERE state in ('FILLING', 'PENDING');
--> statement-breakpoint
CREATE INDEX "payment_batch_run" ON "programs"."payment_batch" ("run_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "payment_difference_missing" ON "programs"."payment_difference" ("payment_id") WHERE kind = 'MISSING' and settled_at is null;
--> statement-breakpoint
CREATE INDEX "payment_difference_open" ON "programs"."payment_difference" ("channel","id") WHERE settled_at is null;
--> statement-breakpoint
CREATE INDEX "payment_difference_file" ON "programs"."payment_difference" ("file_id");
--> statement-breakpoint
CREATE INDEX "payment_difference_batch" ON "programs"."payment_difference" ("batch_id") WHERE batch_id is not null;
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."account_secret" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."payment_account" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and ((select programs.bank()) is null or channel::text = (select programs.bank())));
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."payment_account" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."payment_batch" FOR SELECT TO "hub_programs" USING ((current_setting('hub.programs')::text[] && array['*', program]) and programs.citizen() is null and ((select programs.bank()) is null or channel::text = (select programs.bank())));
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."payment_batch" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."payment_batch" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."payment_difference" FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]) and (('*|' || region) ^@ any ((select programs.seen_scopes())::text[]) or (program || '|' || region) ^@ any ((select programs.seen_scopes())::text[])) and (programs.citizen() is null or person_id = programs.citizen()) and ((select programs.bank()) is null or channel::text = (select programs.bank())));
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."payment_difference" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."payment_file" FOR SELECT TO "hub_programs" USING ((current_setting('hub.programs')::text[] && array['*', program]) and programs.citizen() is null and ((select programs.bank()) is null or channel::text = (select programs.bank())));
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."payment_file" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."payment_line" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."payment_run" FOR SELECT TO "hub_programs" USING ((current_setting('hub.programs')::text[] && array['*', program]) and programs.citizen() is null);
--> statement-breakpoint
CREATE POLICY "hub_programs_jobs_reads" ON "programs"."payment_run" FOR SELECT TO "hub_programs_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."payment_run" FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
INSERT INTO "programs"."payment_failure" ("code", "states", "office", "remedy_id", "remedy_en", "bring_id", "bring_en", "usual_days", "source") VALUES
  ('ACCOUNT_NOT_FOUND', '{ACCOUNT_CHECK_FAILED}', 'BANK', 'Rekening tidak ditemukan. Datang ke bank penyalur untuk membuka atau menghubungkan kembali rekening.', 'No account was found. Go to the paying bank to open one or to link it again.', 'KTP dan Kartu Keluarga', 'ID card and family card', 14, 'SIKS-NG menu cek rekening; domain (u)'),
  ('ACCOUNT_NAME_DIFFERS', '{ACCOUNT_CHECK_FAILED}', 'DISTRICT', 'Nama pemilik rekening tidak sama dengan data kependudukan. Perbaiki data di Dukcapil atau bank, lalu minta cek ulang.', 'The account holder''s name is not that of the population register. Have it corrected there or at the bank, then ask for a new check.', 'KTP, Kartu Keluarga dan buku tabungan', 'ID card, family card and bank book', 14, 'SIKS-NG menu cek rekening; domain (u)'),
  ('ACCOUNT_CLOSED', '{ACCOUNT_CHECK_FAILED}', 'BANK', 'Rekening sudah ditutup atau diblokir. Minta bank membuka kembali atau membuat rekening baru.', 'The account is closed or blocked. Ask the bank to reopen it or to open a new one.', 'KTP dan Kartu Keluarga Sejahtera (KKS)', 'ID card and welfare card (KKS)', 14, 'SIKS-NG menu cek rekening; domain (u)'),
  ('IDENTITY_DIFFERS', '{TREASURY_CHECK_FAILED}', 'DISTRICT', 'NIK atau nomor KK tidak sama pada pemeriksaan OMSPAN. Perbaiki data di desa atau Dinas Sosial.', 'NIK or family card differ in the treasury''s check (OMSPAN). Have the data corrected at the village or the social office.', 'KTP dan Kartu Keluarga terbaru', 'ID card and the newest family card', 21, 'SIKS-NG gagal cek rekening/OMSPAN; domain §4.7'),
  ('TREASURY_ACCOUNT_INVALID', '{TREASURY_CHECK_FAILED}', 'BANK', 'Nomor rekening ditolak OMSPAN. Bank memperbaiki rekening lalu pemeriksaan diulang.', 'The treasury''s check refused the account. The bank repairs it and the check is repeated.', 'Buku tabungan', 'bank book', 14, 'SIKS-NG gagal OMSPAN; domain §4.7'),
  ('BANK_DIFFERS_FROM_REGISTER', '{STANDING_INSTRUCTION}', 'BANK', 'Data nasabah di bank berbeda dengan Dukcapil. Lakukan pengkinian data di bank.', 'The bank''s customer data differ from the population register. Have them renewed at the bank.', 'KTP dan Kartu Keluarga', 'ID card and family card', 14, 'SIKS-NG status SI; domain §4.7'),
  ('NOT_COLLECTED', '{NOT_TRANSACTED,RETURNED}', 'RECIPIENT', 'Bantuan belum diambil sampai batas waktu. Ambil bantuan periode berikutnya tepat waktu.', 'The aid was not collected in time. Collect the next one in time.', 'KTP dan Kartu Keluarga Sejahtera (KKS)', 'ID card and welfare card (KKS)', 30, 'Permensos 1/2018; Permensos 20/2019 (u)'),
  ('CARD_NOT_DISTRIBUTED', '{NOT_TRANSACTED,RETURNED}', 'BANK', 'Kartu KKS belum diterima. Hubungi bank penyalur atau pendamping.', 'The welfare card (KKS) has not been handed over. Ask the paying bank or the companion.', 'KTP dan Kartu Keluarga', 'ID card and family card', 30, 'Permensos 20/2019 (u)'),
  ('RECIPIENT_DECEASED', '{EXCLUDED,NOT_TRANSACTED,RETURNED}', 'DISTRICT', 'Penerima tercatat meninggal. Ahli waris melapor ke desa untuk penggantian pengurus.', 'The recipient is recorded dead. Heirs report to the village, so that another member draws the aid.', 'Akta kematian dan Kartu Keluarga terbaru', 'death certificate and the newest family card', 30, 'Permensos 1/2018 (u)'),
  ('NOT_ELIGIBLE', '{EXCLUDED}', 'DISTRICT', 'Penerima dinyatakan tidak layak untuk periode ini. Alasan ada pada keputusan kelayakan; keberatan dapat diajukan.', 'The recipient was found not eligible for this period. The decision says why; one may object.', NULL, NULL, 30, 'Permensos 3/2025 (u)'),
  ('WITHDRAWN', '{EXCLUDED}', 'RECIPIENT', 'Penerima mengundurkan diri.', 'The recipient has withdrawn.', NULL, NULL, 0, 'Permensos 1/2018 (u)'),
  ('DUPLICATE_BENEFIT', '{EXCLUDED}', 'MINISTRY', 'Bantuan yang sama diterima dua kali atau tidak boleh digabung. Hanya satu yang dibayar.', 'The same aid is drawn twice, or may not be combined. One alone is paid.', NULL, NULL, 14, 'domain §4.6'),
  ('PERIOD_DISCARDED', '{EXCLUDED}', 'MINISTRY', 'Periode ini dibatalkan sebelum ditetapkan. Periode yang benar disusun tersendiri.', 'The period was discarded before its decree. The right one is opened on its own.', NULL, NULL, 14, 'ours (d)');
--> statement-breakpoint
-- A failed check is taken again after repair, all of them once the account has another number or holder; who has an account skips its opening; EXCLUDED can strike until
-- the money is in the account.
INSERT INTO "programs"."payment_step" ("from_state", "to_state", "roles", "file_kind", "by_hand", "needs_failure") VALUES
  ('CANDIDATE', 'ACCOUNT_CHECK', '{PROGRAM_HEAD}', NULL, false, false),
  ('ACCOUNT_CHECK', 'ACCOUNT_CHECK_FAILED', '{BANK,HEALTH}', 'BANK_ACCOUNT', true, true),
  ('ACCOUNT_CHECK', 'ACCOUNT_OPENING', '{BANK,HEALTH}', 'BANK_ACCOUNT', true, false),
  ('ACCOUNT_CHECK', 'TREASURY_CHECK', '{BANK,HEALTH}', 'BANK_ACCOUNT', true, false),
  ('ACCOUNT_OPENING', 'TREASURY_CHECK', '{BANK,HEALTH}', 'BANK_ACCOUNT', true, false),
  ('ACCOUNT_CHECK_FAILED', 'ACCOUNT_CHECK', '{PROGRAM_STEWARD,DISTRICT}', NULL, true, false),
  ('TREASURY_CHECK', 'TREASURY_CHECK_FAILED', '{TREASURY}', 'TREASURY_CHECK', true, true),
  ('TREASURY_CHECK', 'ORDER_PENDING', '{TREASURY}', 'TREASURY_CHECK', true, false),
  ('TREASURY_CHECK_FAILED', 'TREASURY_CHECK', '{PROGRAM_STEWARD,DISTRICT}', NULL, true, false),
  ('TREASURY_CHECK', 'ACCOUNT_CHECK', '{BANK,HEALTH}', NULL, false, false),
  ('TREASURY_CHECK_FAILED', 'ACCOUNT_CHECK', '{BANK,HEALTH}', NULL, false, false),
  ('ORDER_PENDING', 'ACCOUNT_CHECK', '{BANK,HEALTH}', NULL, false, false),
  ('ORDER_PENDING', 'ORDER_ISSUED', '{PROGRAM_HEAD}', NULL, false, false),
  ('ORDER_ISSUED', 'FUNDS_RELEASED', '{TREASURY}', NULL, false, false),
  ('FUNDS_RELEASED', 'STANDING_INSTRUCTION', '{BANK,HEALTH}', NULL, false, false),
  ('STANDING_INSTRUCTION', 'STANDING_INSTRUCTION', '{BANK,HEALTH}', 'BANK_CREDIT', true, true),
  ('STANDING_INSTRUCTION', 'CREDITED', '{BANK,HEALTH}', 'BANK_CREDIT', false, false),
  ('CREDITED', 'TRANSACTED', '{BANK,HEALTH}', 'BANK_CREDIT', false, false),
  ('CREDITED', 'NOT_TRANSACTED', '{BANK,HEALTH}', 'BANK_CREDIT', false, true),
  ('NOT_TRANSACTED', 'RETURNED', '{BANK,HEALTH}', 'BANK_RETURN', false, true),
  ('CANDIDATE', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, true, true),
  ('ACCOUNT_CHECK', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, true, true),
  ('ACCOUNT_CHECK_FAILED', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, true, true),
  ('ACCOUNT_OPENING', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, true, true),
  ('TREASURY_CHECK', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, true, true),
  ('TREASURY_CHECK_FAILED', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, true, true),
  ('ORDER_PENDING', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, true, true),
  ('ORDER_ISSUED', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, true, true),
  ('FUNDS_RELEASED', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, true, true),
  ('STANDING_INSTRUCTION', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, true, true),
  ('EXCLUDED', 'EXCLUDED', '{PROGRAM_STEWARD}', NULL, false, true); -- with its period, which is discarded
--> statement-breakpoint
INSERT INTO "programs"."payment_rule" ("program", "valid_from", "least_months", "most_months", "by_month", "idle_days", "account_attempts", "source") VALUES
  ('*', '2017-01-01', 1, 3, true, 30, 5, 'idle: Permensos 20/2019, 30 days (u); months: domain §4.1–4.2; attempts: ours (d)'),
  ('KIP', '2017-01-01', 1, 12, false, 90, 5, 'a school year at once: domain §4.4'),
  ('KIP_KULIAH', '2017-01-01', 6, 6, false, 90, 5, 'a semester at once: domain §4.4');
--> statement-breakpoint
INSERT INTO "programs"."channel_rule" ("program", "region", "channel", "source") VALUES
  ('*', '', 'BRI', 'one of the four state banks (u)'), ('*', '11', 'BSI', 'Qanun Aceh 11/2018'), ('PBI_JK', '', 'BPJS_KESEHATAN', 'PP 101/2012'), ('PBI_JK', '11', 'BPJS_KESEHATAN', 'PP 101/2012');
--> statement-breakpoint
GRANT SELECT ON "programs"."payment_failure", "programs"."payment_rule", "programs"."payment_run", "programs"."payment_batch", "programs"."payment_file", "programs"."payment_difference", "programs"."payment_account" TO "hub_programs";
--> statement-breakpoint
GRANT SELECT ON "programs"."payment_run", "programs"."payment_batch" TO "hub_programs_jobs";
--> statement-breakpoint
-- Figures of the chain for a program on a day; what is said of the program goes before what is said of all.
CREATE FUNCTION "programs"."payment_rule_of"(program text, day date) RETURNS "programs"."payment_rule" LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r FROM programs.payment_rule r WHERE r.program IN ('*', $1) AND r.valid_from <= $2 ORDER BY r.program = '*', r.valid_from DESC LIMIT 1
$$;
--> statement-breakpoint
-- Months from a first to a last day; null: no whole months.
CREATE FUNCTION "programs"."whole_months"(starts_on date, ends_on date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN extract(day FROM $1) = 1 AND extract(day FROM $2 + 1) = 1 AND $2 > $1
    THEN (extract(year FROM age($2 + 1, $1)) * 12 + extract(month FROM age($2 + 1, $1)))::int END
$$;
--> statement-breakpoint
-- Why the change that follows is made, for the history of what it changes.
CREATE FUNCTION "programs"."because"(reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF length(trim(coalesce(reason, ''))) < 3 OR length(reason) > 500 THEN RAISE EXCEPTION 'reason must have 3 to 500 characters' USING ERRCODE = 'HB003'; END IF;
  PERFORM set_config('hub.reason', trim(reason), true);
END $$;
--> statement-breakpoint
-- Whether a payment is the asker's to know: by agreement, by duties and, of who pays out, by the channel.
CREATE FUNCTION "programs"."handles"(program text, region text, channel text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT programs.is_open($1, $2) AND coalesce(programs.agency() = $3 OR programs.agency() <> ALL (enum_range(null::programs.payment_channel)::text[]), false)
$$;
--> statement-breakpoint
-- From here on a bank tells what happened to money it has: holding a payment undoes none of it.
CREATE FUNCTION "programs"."is_with_bank"(state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT $1 IN ('STANDING_INSTRUCTION', 'CREDITED', 'NOT_TRANSACTED') $$;
--> statement-breakpoint
-- Whether a channel pays into accounts: the post pays in hand, and BPJS Kesehatan is paid itself.
CREATE FUNCTION "programs"."pays_into_account"(channel programs.payment_channel) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT $1 NOT IN ('POS', 'BPJS_KESEHATAN') $$;
--> statement-breakpoint
-- Behind every change of payments, for all that one statement changed: legal steps only, nothing that is held, by whom the step belongs to, and its history.
-- Who owns the tables (seeds, repairs) is held by nothing but the history.
CREATE FUNCTION "programs"."payment_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE step record; law programs.payment_step; told text := nullif(current_setting('hub.reason', true), ''); who text := programs.actor(); stamp timestamptz := programs.moment();
BEGIN
  -- no nested loops: the plan is kept from the session's first change, which may have been of one payment, and this one of 50,000
  IF NOT EXISTS (SELECT FROM was o JOIN becomes n USING (id, person_id) WHERE (o.state, o.failure) IS DISTINCT FROM (n.state, n.failure)) THEN RETURN NULL; END IF;
  -- whose they are first: a refusal tells nothing of payments of others. Who is not the slice has no agreement to ask for
  IF session_user = 'hub_programs' AND EXISTS (SELECT FROM (SELECT DISTINCT n.program, n.region, n.channel::text AS channel FROM becomes n) r WHERE NOT programs.handles(r.program, r.region, r.channel)) THEN
    RAISE EXCEPTION 'this payment is not yours to move' USING ERRCODE = 'HB002'; END IF;
  FOR step IN SELECT o.state AS before, n.state AS after, n.failure, o.held_for, n.program, n.channel::text AS channel FROM was o JOIN becomes n USING (id, person_id)
    WHERE (o.state, o.failure) IS DISTINCT FROM (n.state, n.failure) GROUP BY 1, 2, 3, 4, 5, 6
  LOOP
    CONTINUE WHEN session_user = 'hub_programs_owner';
    SELECT * INTO law FROM programs.payment_step s WHERE s.from_state = step.before AND s.to_state = step.after;
    IF law.to_state IS NULL THEN RAISE EXCEPTION 'a payment does not go from % to %', step.before, step.after USING ERRCODE = 'HB001'; END IF;
    IF step.held_for IS NOT NULL AND step.after <> 'EXCLUDED' AND NOT (step.after = 'ACCOUNT_CHECK' AND step.before <> 'CANDIDATE') AND NOT programs.is_with_bank(step.before) THEN RAISE EXCEPTION 'a payment is held because of %: it goes no further', step.held_for USING ERRCODE = 'HB001'; END IF;
    IF law.needs_failure <> (step.failure IS NOT NULL) OR step.failure IS NOT NULL AND NOT EXISTS (SELECT FROM programs.payment_failure f WHERE f.code = step.failure AND step.after = ANY (f.states)) THEN
      RAISE EXCEPTION 'failure: % takes %', step.after, CASE WHEN law.needs_failure THEN 'a code that explains it' ELSE 'none' END USING ERRCODE = 'HB003'; END IF;
    IF told IS NULL THEN RAISE EXCEPTION 'a payment moves for a reason' USING ERRCODE = 'HB003'; END IF;
    CONTINUE WHEN session_user <> 'hub_programs';
    IF 'BANK' = ANY (law.roles) AND programs.agency() IS DISTINCT FROM step.channel THEN RAISE EXCEPTION 'only who pays it out reports this of a payment' USING ERRCODE = 'HB002'; END IF;
    IF NOT programs.on_duty(law.roles, '', step.program) THEN
      PERFORM programs.require_duty(law.roles, r.region, step.program, 'this step of a payment') FROM (SELECT DISTINCT n.region FROM becomes n WHERE n.program = step.program) r;
    END IF;
  END LOOP;
  INSERT INTO programs.transition (subject_kind, subject_id, person_id, program, region, at, actor, act, from_state, to_state, reason)
    SELECT 'PAYMENT', n.id, n.person_id, n.program, n.region, stamp, who, 'MOVE', o.state, n.state, concat_ws(': ', n.failure, told)
    FROM was o JOIN becomes n USING (id, person_id) WHERE (o.state, o.failure) IS DISTINCT FROM (n.state, n.failure);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "payment_period_moves" AFTER UPDATE ON "programs"."payment_period" REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION "programs"."payment_moved"();
--> statement-breakpoint
-- No payment passes the check of its account, or the treasury's, unless the recipient's own account is registered with the channel, and its number confirmed.
CREATE FUNCTION "programs"."payment_has_account"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  IF session_user = 'hub_programs' AND EXISTS (SELECT FROM was o JOIN becomes n USING (id)
      LEFT JOIN programs.payment_account a ON a.person_id = n.person_id AND a.program = n.program AND a.channel = n.channel
      WHERE n.state IN ('TREASURY_CHECK', 'ORDER_PENDING') AND n.state <> o.state AND programs.pays_into_account(n.channel) AND (a.is_holder AND a.is_confirmed) IS NOT TRUE) THEN
    RAISE EXCEPTION 'the recipient has no account of their own, with a confirmed number, registered with the channel' USING ERRCODE = 'HB001'; END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "payment_period_owns_account" AFTER UPDATE ON "programs"."payment_period" REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION "programs"."payment_has_account"();
--> statement-breakpoint
CREATE TRIGGER "payment_period_stays" BEFORE DELETE ON "programs"."payment_period" FOR EACH ROW WHEN (session_user <> 'hub_programs_owner') EXECUTE FUNCTION "programs"."refuse"('a payment is excluded, never deleted');
--> statement-breakpoint
-- What is signed over: SHA-256 over the villages' lines (`id amount channel`, by id), hashed village by village in order of code. Of a run or of an order.
CREATE FUNCTION "programs"."payments_hash"(run uuid, batch uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(coalesce(string_agg(v.hash, '' ORDER BY v.region), ''), 'UTF8')), 'hex') FROM (
    SELECT p.region, encode(sha256(convert_to(string_agg(p.id || ' ' || p.amount || ' ' || p.channel, E'\n' ORDER BY p.id), 'UTF8')), 'hex') AS hash
    FROM programs.payment_period p WHERE (p.run_id = $1 OR p.batch_id = $2) AND p.state <> 'EXCLUDED' GROUP BY p.region) v
$$;
--> statement-breakpoint
-- Drafts a period: PROGRAM_STEWARD. The worker opens it.
CREATE FUNCTION "programs"."draft_payment_run"(id uuid, program text, period text, starts_on date, ends_on date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE months int := programs.whole_months(starts_on, ends_on); law programs.payment_rule := programs.payment_rule_of($2, starts_on);
BEGIN
  PERFORM programs.require_duty(array['PROGRAM_STEWARD'], '', $2, 'opening a payment period');
  IF NOT EXISTS (SELECT FROM programs.program g WHERE g.code = $2 AND g.valid_from <= $4 AND (g.valid_to IS NULL OR g.valid_to >= greatest($5, programs.today()))) THEN
    RAISE EXCEPTION 'the program does not run on all these days, or is closed' USING ERRCODE = 'HB003'; END IF;
  IF months IS NULL OR months NOT BETWEEN law.least_months AND law.most_months THEN
    RAISE EXCEPTION 'startsOn, endsOn: must be %', CASE WHEN law.least_months = law.most_months THEN law.most_months || ' whole months' ELSE law.least_months || ' to ' || law.most_months || ' whole months' END USING ERRCODE = 'HB003'; END IF;
  IF starts_on > programs.today() + make_interval(months => law.most_months) THEN RAISE EXCEPTION 'startsOn: at most % months ahead', law.most_months USING ERRCODE = 'HB003'; END IF;
  IF length(period) NOT BETWEEN 4 AND 20 THEN RAISE EXCEPTION 'period must have 4 to 20 characters' USING ERRCODE = 'HB003'; END IF;
  INSERT INTO programs.payment_run (id, program, period, starts_on, ends_on, state, drafted_by, drafted_at, done_to)
    VALUES ($1, $2, $3, $4, $5, 'OPENING', programs.officer(), programs.moment(), '00000000-0000-0000-0000-000000000000');
  PERFORM programs.note_transition('PAYMENT_RUN', $1, null, $2, '0', 'DRAFT', null, 'OPENING', $3);
  PERFORM programs.enqueue('aid_open_period', $1::text);
END $$;
--> statement-breakpoint
-- Writes the payments of the next enrolments, at most `most`; answers how many enrolments it looked at, 0 at the end, when the list is ready to be signed.
-- What a component is worth says the catalogue, who counts the target data (in whose absence the enrolment's own component), from the month the enrolment began
-- in, where the rule pays by the month. Neither a person nor a family is paid twice for a day or more in a year than its dearest period allows, through whichever
-- enrolment or member: periods of a program are opened one after another, and an enrolment does not change meanwhile.
CREATE FUNCTION "programs"."open_payments"(run uuid, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r programs.payment_run; is_family boolean; by_month boolean; in_force int; chunk record; stamp timestamptz;
BEGIN
  SELECT * INTO r FROM programs.payment_run p WHERE p.id = run FOR UPDATE;
  IF r.state IS DISTINCT FROM 'OPENING' THEN RETURN 0; END IF;
  PERFORM set_config('hub.actor', r.drafted_by, true);
  SELECT g.unit = 'FAMILY' INTO is_family FROM programs.program g WHERE g.code = r.program FOR NO KEY UPDATE;
  by_month := (programs.payment_rule_of(r.program, r.starts_on)).by_month;
  in_force := programs.delivery_in_force();
  stamp := programs.moment();
  WITH next AS MATERIALIZED (
    SELECT e.id, e.person_id, e.region, e.unit_id, e.component::text AS component, e.flag, e.flagged_since,
      CASE WHEN by_month THEN greatest(r.starts_on, date_trunc('month', e.started_on)::date) ELSE r.starts_on END AS first_day FROM programs.enrolment e
    WHERE e.program = r.program AND e.state = 'ACTIVE' AND e.started_on <= r.ends_on AND e.id > r.done_to ORDER BY e.id LIMIT most FOR SHARE OF e
  ), counted AS MATERIALIZED (
    SELECT n.*, programs.whole_months(n.first_day, r.ends_on) AS months, CASE WHEN is_family THEN coalesce(f.components, array_remove(array[n.component], null)) WHEN n.component IS NULL THEN m.components ELSE array[n.component] END AS components
    FROM next n LEFT JOIN programs.candidate_family f ON is_family AND f.delivery = in_force AND f.family_id = n.unit_id
      LEFT JOIN programs.candidate_member m ON NOT is_family AND n.component IS NULL AND m.delivery = in_force AND m.member_id = n.unit_id
  ), award AS MATERIALIZED (
    SELECT d.components, d.months, programs.award(r.program, d.components, d.months, r.starts_on) AS amount, programs.award(r.program, d.components, 12, r.starts_on) AS ceiling
    FROM (SELECT DISTINCT coalesce(c.components, '{}') AS components, c.months FROM counted c) d
  ), due AS MATERIALIZED (
    SELECT c.*, a.amount, coalesce(y.is_paid, false) AS is_paid, a.amount + coalesce(y.drawn, 0) > greatest(a.ceiling, y.allowed) AS is_over,
      coalesce(y.channel, (SELECT k.channel FROM programs.channel_rule k WHERE k.program IN ('*', r.program) AND starts_with(c.region, k.region) ORDER BY k.program = '*', length(k.region) DESC LIMIT 1)) AS channel
    FROM counted c JOIN award a ON a.components = coalesce(c.components, '{}') AND a.months = c.months CROSS JOIN LATERAL (
      SELECT sum(p.amount) FILTER (WHERE p.is_drawn AND p.is_of_year) AS drawn, max(p.amount * 12 / programs.whole_months(p.starts_on, p.ends_on)) FILTER (WHERE p.run_id IS NOT NULL AND p.is_of_year) AS allowed,
        bool_or(p.state <> 'EXCLUDED' AND daterange(p.starts_on, p.ends_on, '[]') && daterange(c.first_day, r.ends_on, '[]')) AS is_paid,
        (array_agg(p.channel ORDER BY p.starts_on DESC) FILTER (WHERE p.enrolment_id = c.id))[1] AS channel
      FROM (SELECT q.*, q.state NOT IN ('EXCLUDED', 'RETURNED') AS is_drawn, date_trunc('year', q.starts_on) = date_trunc('year', r.starts_on) AS is_of_year FROM programs.payment_period q
        WHERE q.enrolment_id IN (SELECT k.id FROM programs.enrolment k WHERE k.person_id = c.person_id AND k.program = r.program
          UNION SELECT k.id FROM programs.enrolment k WHERE k.unit_id = c.unit_id AND k.program = r.program)) p) y
  ), made AS (
    INSERT INTO programs.payment_period (id, enrolment_id, person_id, program, region, period, starts_on, ends_on, amount, state, channel, held_for, run_id)
    SELECT md5(r.id || '/' || d.id)::uuid, d.id, d.person_id, r.program, d.region, r.period, d.first_day, r.ends_on, d.amount, 'CANDIDATE', d.channel,
      CASE WHEN d.flagged_since < d.first_day THEN d.flag END, r.id FROM due d WHERE d.amount > 0 AND NOT d.is_over AND NOT d.is_paid
    ON CONFLICT DO NOTHING RETURNING id, person_id, program, region, amount
  ), noted AS (
    INSERT INTO programs.transition (subject_kind, subject_id, person_id, program, region, at, actor, act, from_state, to_state, reason)
    SELECT 'PAYMENT', m.id, m.person_id, m.program, m.region, stamp, r.drafted_by, 'OPEN', null, 'CANDIDATE', r.period FROM made m
  )
  SELECT (SELECT count(*) FROM next) AS seen, (SELECT n.id FROM next n ORDER BY n.id DESC LIMIT 1) AS last, count(*) FILTER (WHERE coalesce(d.amount, 0) = 0) AS without_award,
    count(*) FILTER (WHERE d.amount > 0 AND d.is_over AND NOT d.is_paid) AS over_ceiling, (SELECT count(*) FROM made) AS made, (SELECT coalesce(sum(m.amount), 0) FROM made m) AS total INTO chunk FROM due d;
  IF chunk.seen = 0 THEN
    ANALYZE programs.payment_period; -- what follows is planned by it: before, all these rows are unknown
    UPDATE programs.payment_run p SET state = 'READY', version = p.version + 1, sha256 = programs.payments_hash(r.id, null) WHERE p.id = r.id;
    PERFORM programs.note_transition('PAYMENT_RUN', r.id, null, r.program, '0', 'OPEN', 'OPENING', 'READY', r.period);
  ELSE
    UPDATE programs.payment_run p SET done_to = chunk.last, payments = p.payments + chunk.made, total = p.total + chunk.total,
      without_award = p.without_award + chunk.without_award, over_ceiling = p.over_ceiling + chunk.over_ceiling WHERE p.id = r.id;
  END IF;
  RETURN chunk.seen;
END $$;
--> statement-breakpoint
-- Signs the decree over a list of this sum: PROGRAM_HEAD, another than who drafted it. The worker begins the account checks.
CREATE FUNCTION "programs"."sign_payment_run"(id uuid, version integer, decree text, total bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r programs.payment_run;
BEGIN
  SELECT * INTO r FROM programs.payment_run p WHERE p.id = $1 FOR UPDATE;
  PERFORM programs.require_duty(array['PROGRAM_HEAD'], '', coalesce(r.program, '*'), 'signing the decree');
  IF r.id IS NULL OR r.version <> $2 OR r.state <> 'READY' THEN RAISE EXCEPTION 'the payment period was changed meanwhile, or is not ready: read it again' USING ERRCODE = 'HB001'; END IF;
  IF r.total <> $4 THEN RAISE EXCEPTION 'total: the list sums up to another amount' USING ERRCODE = 'HB001'; END IF;
  IF r.drafted_by = programs.officer() THEN RAISE EXCEPTION 'who drafted a payment period does not sign its decree' USING ERRCODE = 'HB002'; END IF;
  IF length(trim($3)) NOT BETWEEN 3 AND 100 THEN RAISE EXCEPTION 'decree must have 3 to 100 characters' USING ERRCODE = 'HB003'; END IF;
  UPDATE programs.payment_run p SET state = 'SIGNED', version = p.version + 1, decree = trim($3), signed_by = programs.officer(), signed_at = programs.moment(),
    done_to = '00000000-0000-0000-0000-000000000000' WHERE p.id = $1;
  PERFORM programs.note_transition('PAYMENT_RUN', $1, null, r.program, '0', 'SIGN', 'READY', 'SIGNED', trim($3));
  PERFORM programs.enqueue('aid_open_period', $1::text);
END $$;
--> statement-breakpoint
-- Who is excluded before the decree leaves its sum: the worker hashes the list anew, and who read it before reads it again.
CREATE FUNCTION "programs"."payment_excluded"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE left_out record;
BEGIN
  IF NOT EXISTS (SELECT FROM becomes n WHERE n.state = 'EXCLUDED' AND n.run_id IS NOT NULL) THEN RETURN NULL; END IF;
  FOR left_out IN SELECT r.id, r.state, r.program, count(*) AS payments, sum(n.amount) AS total FROM becomes n JOIN was o USING (id, person_id) JOIN programs.payment_run r ON r.id = n.run_id
    WHERE o.state = 'CANDIDATE' AND n.state = 'EXCLUDED' AND r.state IN ('OPENING', 'READY') GROUP BY r.id
  LOOP
    UPDATE programs.payment_run p SET payments = p.payments - left_out.payments, total = p.total - left_out.total, state = 'OPENING', sha256 = null, version = p.version + 1
      WHERE p.id = left_out.id AND p.state IN ('OPENING', 'READY');
    IF left_out.state = 'READY' THEN
      PERFORM programs.note_transition('PAYMENT_RUN', left_out.id, null, left_out.program, '0', 'EXCLUDE', 'READY', 'OPENING', left_out.payments || ' EXCLUDED'), programs.enqueue('aid_open_period', left_out.id::text);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "payment_period_excluded" AFTER UPDATE ON "programs"."payment_period" REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION "programs"."payment_excluded"();
--> statement-breakpoint
-- Takes back a period before its decree: PROGRAM_STEWARD or PROGRAM_HEAD, with a reason. Its name and days are free again; the worker excludes what was listed.
CREATE FUNCTION "programs"."discard_payment_run"(id uuid, version integer, reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r programs.payment_run;
BEGIN
  SELECT * INTO r FROM programs.payment_run p WHERE p.id = $1 FOR UPDATE;
  PERFORM programs.require_duty(array['PROGRAM_STEWARD', 'PROGRAM_HEAD'], '', coalesce(r.program, '*'), 'discarding a payment period'), programs.because($3);
  IF r.id IS NULL OR r.version <> $2 OR r.state NOT IN ('OPENING', 'READY') THEN RAISE EXCEPTION 'the payment period was changed meanwhile, or is decreed: read it again' USING ERRCODE = 'HB001'; END IF;
  UPDATE programs.payment_run p SET state = 'DISCARDED', version = p.version + 1 WHERE p.id = $1;
  PERFORM programs.note_transition('PAYMENT_RUN', $1, null, r.program, '0', 'DISCARD', r.state, 'DISCARDED', trim($3));
  PERFORM programs.enqueue('aid_open_period', $1::text);
END $$;
--> statement-breakpoint
-- Excludes the next payments of a discarded period, in the name of who discarded it; answers how many, 0 when all are.
CREATE FUNCTION "programs"."discard_payments"(run uuid, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE upto uuid; done int;
BEGIN
  PERFORM set_config('hub.actor', t.actor, true), programs.because(t.reason) FROM programs.payment_run p JOIN programs.transition t ON t.subject_kind = 'PAYMENT_RUN' AND t.subject_id = p.id AND t.act = 'DISCARD'
    WHERE p.id = run AND p.state = 'DISCARDED';
  IF NOT FOUND THEN RETURN 0; END IF;
  SELECT c.id INTO upto FROM (SELECT p.id FROM programs.payment_period p WHERE p.run_id = run AND p.state = 'CANDIDATE' ORDER BY p.id LIMIT most) c ORDER BY c.id DESC LIMIT 1;
  UPDATE programs.payment_period p SET state = 'EXCLUDED', failure = 'PERIOD_DISCARDED', version = p.version + 1 WHERE p.run_id = run AND p.state = 'CANDIDATE' AND p.id <= upto;
  GET DIAGNOSTICS done = ROW_COUNT;
  IF done = 0 THEN -- who was excluded by hand stands where all do
    UPDATE programs.payment_period p SET failure = 'PERIOD_DISCARDED', version = p.version + 1 WHERE p.run_id = run AND p.state = 'EXCLUDED' AND p.failure <> 'PERIOD_DISCARDED';
  END IF;
  RETURN done;
END $$;
--> statement-breakpoint
-- Takes the next candidates of a signed list to their account check, in the name of who signed; answers how many, 0 when all are.
CREATE FUNCTION "programs"."start_payments"(run uuid, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE r programs.payment_run; upto uuid; done int;
BEGIN
  SELECT * INTO r FROM programs.payment_run p WHERE p.id = run FOR UPDATE;
  IF r.state IS DISTINCT FROM 'SIGNED' THEN RETURN 0; END IF;
  PERFORM set_config('hub.actor', r.signed_by, true), programs.because(r.decree);
  SELECT c.id INTO upto FROM (SELECT p.id FROM programs.payment_period p WHERE p.run_id = run AND p.state = 'CANDIDATE' AND p.held_for IS NULL AND p.id > r.done_to ORDER BY p.id LIMIT most) c ORDER BY c.id DESC LIMIT 1;
  UPDATE programs.payment_period p SET state = 'ACCOUNT_CHECK', version = p.version + 1
    WHERE p.run_id = run AND p.state = 'CANDIDATE' AND p.held_for IS NULL AND p.id > r.done_to AND p.id <= upto;
  GET DIAGNOSTICS done = ROW_COUNT;
  IF done = 0 THEN
    UPDATE programs.payment_run p SET state = 'UNDER_WAY', version = p.version + 1 WHERE p.id = run;
    PERFORM programs.note_transition('PAYMENT_RUN', run, null, r.program, '0', 'START', 'SIGNED', 'UNDER_WAY', r.decree);
  ELSE UPDATE programs.payment_run p SET done_to = upto WHERE p.id = run;
  END IF;
  RETURN done;
END $$;
--> statement-breakpoint
-- Drafts the payment order of a period's checked payments through one channel: PROGRAM_STEWARD. The worker fills it; drafted again, while it is not issued, it takes
-- in who was checked meanwhile and leaves out who was held.
CREATE FUNCTION "programs"."draft_payment_order"(id uuid, run uuid, channel text, number text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r programs.payment_run; b programs.payment_batch;
BEGIN
  SELECT * INTO r FROM programs.payment_run p WHERE p.id = run FOR UPDATE;
  PERFORM programs.require_duty(array['PROGRAM_STEWARD'], '', coalesce(r.program, '*'), 'drafting a payment order');
  IF r.id IS NULL THEN RAISE EXCEPTION 'run: there is no such payment period' USING ERRCODE = 'HB003'; END IF;
  IF length(trim($4)) NOT BETWEEN 3 AND 100 THEN RAISE EXCEPTION 'number must have 3 to 100 characters' USING ERRCODE = 'HB003'; END IF;
  SELECT * INTO b FROM programs.payment_batch o WHERE o.run_id = run AND o.channel::text = $3 AND o.state IN ('FILLING', 'PENDING') FOR UPDATE;
  IF NOT EXISTS (SELECT FROM programs.payment_period p WHERE p.run_id = run AND p.state = 'ORDER_PENDING' AND p.channel::text = $3 AND p.held_for IS NULL) THEN
    RAISE EXCEPTION 'no payment of the period waits for an order through %', $3 USING ERRCODE = 'HB001'; END IF;
  IF b.id IS NULL THEN
    INSERT INTO programs.payment_batch (id, run_id, program, channel, number, state, payments, total, drafted_by, drafted_at)
      VALUES ($1, run, r.program, $3::programs.payment_channel, trim($4), 'FILLING', 0, 0, programs.officer(), programs.moment());
  ELSE
    UPDATE programs.payment_batch o SET state = 'FILLING', is_carried = false, version = o.version + 1, number = trim($4), drafted_by = programs.officer(), drafted_at = programs.moment() WHERE o.id = b.id;
  END IF;
  PERFORM programs.note_transition('PAYMENT_ORDER', coalesce(b.id, $1), null, r.program, '0', 'DRAFT', b.state, 'FILLING', trim($4));
  PERFORM programs.enqueue('aid_carry_order', coalesce(b.id, $1)::text);
  RETURN coalesce(b.id, $1);
END $$;
--> statement-breakpoint
-- The next step of an order: ISSUE by PROGRAM_HEAD, RELEASE by TREASURY (number and sum of the release), INSTRUCT by the channel. The worker takes its payments along.
CREATE FUNCTION "programs"."move_payment_order"(id uuid, version integer, act text, release text, sum bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE b programs.payment_batch; step record;
BEGIN
  SELECT * INTO b FROM programs.payment_batch o WHERE o.id = $1 FOR UPDATE;
  SELECT * INTO step FROM (VALUES ('ISSUE', array['PROGRAM_HEAD'], 'PENDING', 'ISSUED'), ('RELEASE', array['TREASURY'], 'ISSUED', 'RELEASED'), ('INSTRUCT', array['BANK', 'HEALTH'], 'RELEASED', 'INSTRUCTED'))
    s (act, roles, before, after) WHERE s.act = $3;
  PERFORM programs.require_duty(step.roles, '', coalesce(b.program, '*'), 'this step of a payment order');
  IF b.id IS NULL OR b.version <> $2 OR b.state <> step.before OR NOT b.is_carried THEN
    RAISE EXCEPTION 'the payment order was changed meanwhile, is not %, or its payments are still following: read it again', step.before USING ERRCODE = 'HB001'; END IF;
  IF NOT programs.is_open(b.program, '0') THEN RAISE EXCEPTION 'the agreement does not reach the order' USING ERRCODE = 'HB002'; END IF;
  IF $3 = 'INSTRUCT' AND programs.agency() IS DISTINCT FROM b.channel::text THEN RAISE EXCEPTION 'payments through % are reported by it alone', b.channel USING ERRCODE = 'HB002'; END IF;
  IF programs.officer() IN (b.drafted_by, b.issued_by) THEN RAISE EXCEPTION 'an order is drafted, issued and released by three officers' USING ERRCODE = 'HB002'; END IF;
  IF $3 = 'RELEASE' AND b.total IS DISTINCT FROM $5 THEN RAISE EXCEPTION 'total: the order sums up to another amount' USING ERRCODE = 'HB001'; END IF;
  IF $3 = 'RELEASE' AND length(trim(coalesce($4, ''))) NOT BETWEEN 3 AND 100 THEN RAISE EXCEPTION 'number must have 3 to 100 characters' USING ERRCODE = 'HB003'; END IF;
  IF $3 = 'ISSUE' AND (b.payments = 0 OR EXISTS (SELECT FROM programs.payment_period p WHERE p.batch_id = $1 AND (p.held_for IS NOT NULL OR p.state <> 'ORDER_PENDING'))) THEN
    RAISE EXCEPTION 'payments of the order were held or excluded meanwhile: draft it again' USING ERRCODE = 'HB001'; END IF;
  UPDATE programs.payment_batch o SET state = step.after, is_carried = false, version = o.version + 1, issued_by = CASE $3 WHEN 'ISSUE' THEN programs.officer() ELSE o.issued_by END,
    issued_at = CASE $3 WHEN 'ISSUE' THEN programs.moment() ELSE o.issued_at END, release_number = CASE $3 WHEN 'RELEASE' THEN trim($4) ELSE o.release_number END,
    released_by = CASE $3 WHEN 'RELEASE' THEN programs.officer() ELSE o.released_by END, released_at = CASE $3 WHEN 'RELEASE' THEN programs.moment() ELSE o.released_at END,
    instructed_by = CASE $3 WHEN 'INSTRUCT' THEN programs.officer() END WHERE o.id = $1;
  PERFORM programs.note_transition('PAYMENT_ORDER', $1, null, b.program, '0', $3, step.before, step.after, coalesce(trim($4), b.release_number, b.number));
  PERFORM programs.enqueue('aid_carry_order', $1::text);
END $$;
--> statement-breakpoint
-- Fills an order, or takes its next payments along to its state, in the name of who decided it; answers how many, 0 when all are. Who was held stays behind.
CREATE FUNCTION "programs"."carry_payment_order"(id uuid, most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE b programs.payment_batch; step record; upto uuid; done int := 0; sums record;
BEGIN
  SELECT * INTO b FROM programs.payment_batch o WHERE o.id = $1 FOR UPDATE;
  IF b.id IS NULL OR b.is_carried THEN RETURN 0; END IF;
  SELECT * INTO step FROM (VALUES ('FILLING', 'ORDER_PENDING', null, b.drafted_by), ('ISSUED', 'ORDER_PENDING', 'ORDER_ISSUED', b.issued_by), ('RELEASED', 'ORDER_ISSUED', 'FUNDS_RELEASED', b.released_by),
    ('INSTRUCTED', 'FUNDS_RELEASED', 'STANDING_INSTRUCTION', b.instructed_by)) s (state, was, becomes, actor) WHERE s.state = b.state;
  PERFORM set_config('hub.actor', step.actor, true), programs.because(coalesce(b.release_number, b.number));
  IF step.becomes IS NULL THEN
    IF EXISTS (SELECT FROM programs.payment_period p WHERE p.batch_id = $1 AND (p.held_for IS NOT NULL OR p.state <> step.was)) THEN
      UPDATE programs.payment_period p SET batch_id = null WHERE p.batch_id = $1 AND (p.held_for IS NOT NULL OR p.state <> step.was);
    END IF;
    SELECT c.id INTO upto FROM (SELECT p.id FROM programs.payment_period p WHERE p.run_id = b.run_id AND p.state = step.was AND p.channel = b.channel AND p.held_for IS NULL AND p.batch_id IS NULL
      ORDER BY p.id LIMIT most) c ORDER BY c.id DESC LIMIT 1;
    IF upto IS NOT NULL THEN
      UPDATE programs.payment_period p SET batch_id = $1 WHERE p.run_id = b.run_id AND p.state = step.was AND p.channel = b.channel AND p.held_for IS NULL AND p.batch_id IS NULL AND p.id <= upto;
      GET DIAGNOSTICS done = ROW_COUNT;
    END IF;
  ELSE
    SELECT c.id INTO upto FROM (SELECT p.id FROM programs.payment_period p WHERE p.batch_id = $1 AND p.state = step.was AND p.held_for IS NULL ORDER BY p.id LIMIT most) c ORDER BY c.id DESC LIMIT 1;
    IF upto IS NOT NULL THEN
      UPDATE programs.payment_period p SET state = step.becomes, version = p.version + 1 WHERE p.batch_id = $1 AND p.state = step.was AND p.held_for IS NULL AND p.id <= upto;
      GET DIAGNOSTICS done = ROW_COUNT;
    END IF;
  END IF;
  IF done > 0 THEN RETURN done; END IF;
  IF step.becomes IS NULL THEN
    SELECT count(*) AS payments, coalesce(sum(p.amount), 0) AS total INTO sums FROM programs.payment_period p WHERE p.batch_id = $1;
    UPDATE programs.payment_batch o SET state = 'PENDING', payments = sums.payments, total = sums.total, sha256 = programs.payments_hash(null, $1) WHERE o.id = $1;
    PERFORM programs.note_transition('PAYMENT_ORDER', $1, null, b.program, '0', 'FILL', 'FILLING', 'PENDING', b.number);
  END IF;
  UPDATE programs.payment_batch o SET is_carried = true, version = o.version + 1 WHERE o.id = $1;
  RETURN 0;
END $$;
--> statement-breakpoint
-- A step of one payment by hand: a failed check and its repair, an exclusion; and the step of a list that was taken while the payment was held. Whose payment it is
-- comes first, and of others' even whether it exists is not told; whose step it is says the rule of payments.
CREATE FUNCTION "programs"."move_payment"(id uuid, version integer, state text, failure text, reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE one programs.payment_period; law programs.payment_step; is_late boolean;
BEGIN
  SELECT * INTO one FROM programs.payment_period x WHERE x.id = $1 FOR UPDATE;
  IF one.id IS NULL OR NOT programs.handles(one.program, one.region, one.channel::text) OR NOT programs.on_duty(null, one.region, one.program) THEN RAISE EXCEPTION 'this payment is not yours to move' USING ERRCODE = 'HB002'; END IF;
  IF one.version <> $2 THEN RAISE EXCEPTION 'the payment was changed meanwhile by another: read it again' USING ERRCODE = 'HB001'; END IF;
  SELECT * INTO law FROM programs.payment_step s WHERE s.from_state = one.state AND s.to_state = $3;
  is_late := EXISTS (SELECT FROM programs.payment_run r WHERE r.id = one.run_id AND r.state = 'UNDER_WAY' AND one.state = 'CANDIDATE' AND $3 = 'ACCOUNT_CHECK')
      OR EXISTS (SELECT FROM programs.payment_batch b WHERE b.id = one.batch_id AND b.is_carried AND (b.issued_by IS NOT NULL AND one.state = 'ORDER_PENDING' AND $3 = 'ORDER_ISSUED'
        OR b.state IN ('RELEASED', 'INSTRUCTED') AND one.state = 'ORDER_ISSUED' AND $3 = 'FUNDS_RELEASED'
        OR b.state = 'INSTRUCTED' AND one.state = 'FUNDS_RELEASED' AND $3 = 'STANDING_INSTRUCTION'));
  IF law.to_state IS NULL THEN RAISE EXCEPTION 'a payment does not go from % to %', one.state, $3 USING ERRCODE = 'HB001'; END IF;
  IF NOT law.by_hand AND NOT is_late THEN RAISE EXCEPTION 'a payment gets to % with its list or file, not by hand', $3 USING ERRCODE = 'HB001'; END IF;
  PERFORM programs.require_duty(law.roles, one.region, one.program, 'this step of a payment'), programs.because($5);
  -- here, since the row itself takes no failed state without a code
  IF law.needs_failure AND $4 IS NULL THEN RAISE EXCEPTION 'failure: % takes a code that explains it', $3 USING ERRCODE = 'HB003'; END IF;
  UPDATE programs.payment_period p SET state = $3, failure = $4, version = p.version + 1 WHERE p.id = $1;
END $$;
--> statement-breakpoint
-- Whose file a kind is.
CREATE FUNCTION "programs"."file_roles"(kind text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN $1 LIKE 'TREASURY%' THEN array['TREASURY'] ELSE array['BANK', 'HEALTH'] END
$$;
--> statement-breakpoint
-- Begins a file of a bank or the treasury about one program; the same content a second time is a CONFLICT, unless its sender says by another reference that it is
-- another report (an account repaired and found closed again).
CREATE FUNCTION "programs"."receive_payment_file"(id uuid, kind text, program text, name text, sha256 text, reference text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE roles text[] := programs.file_roles($2);
BEGIN
  PERFORM programs.require_duty(roles, '', $3, 'a file of payments');
  IF NOT current_setting('hub.programs')::text[] && array['*', $3] THEN RAISE EXCEPTION 'the agreement does not reach the program' USING ERRCODE = 'HB002'; END IF;
  IF 'BANK' = ANY (roles) AND programs.agency() <> ALL (enum_range(null::programs.payment_channel)::text[]) THEN RAISE EXCEPTION 'only who pays out sends this file' USING ERRCODE = 'HB002'; END IF;
  IF EXISTS (SELECT FROM programs.payment_file f WHERE f.kind = $2 AND f.program = $3 AND f.sha256 = $5 AND f.reference = coalesce(trim($6), '')) THEN
    RAISE EXCEPTION 'this file came in before; a new report of the same takes a reference of its own' USING ERRCODE = 'HB001'; END IF;
  IF length(trim($6)) > 100 THEN RAISE EXCEPTION 'reference must have at most 100 characters' USING ERRCODE = 'HB003'; END IF;
  INSERT INTO programs.payment_file (id, kind, program, channel, name, sha256, reference, officer, received_at)
    VALUES ($1, $2, $3, CASE WHEN 'BANK' = ANY (roles) THEN programs.agency()::programs.payment_channel END, left($4, 200), $5, coalesce(trim($6), ''), programs.officer(), programs.moment());
END $$;
--> statement-breakpoint
-- Adds lines to a file that its officer has begun and that is not reconciled: [{line, payment, amount, state, on, failure} | {line, order, release, amount, payments}].
CREATE FUNCTION "programs"."add_payment_lines"(file uuid, lines jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM programs.payment_file f WHERE f.id = file AND f.officer = programs.officer() AND f.lines IS NULL FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'only who began a file adds to it, until it is reconciled' USING ERRCODE = 'HB001'; END IF;
  INSERT INTO programs.payment_line (file_id, line, payment_id, amount, state, took_place_on, failure, order_number, release_number, payments)
    SELECT file, l.line, l.payment, l.amount, l.state, l."on", l.failure, l."order", l.release, l.payments
    FROM jsonb_to_recordset($2) AS l (line int, payment uuid, amount bigint, state text, "on" date, failure text, "order" text, release text, payments int);
END $$;
--> statement-breakpoint
-- Judges each line of a file about payments: null, it reconciles; else how it differs. A payment that stands in the file twice moves by neither line.
CREATE FUNCTION "programs"."judge_payment_lines"(file uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE programs.payment_line l SET differs = j.differs FROM (
    SELECT t.line, CASE
        WHEN p.id IS NULL OR p.program <> f.program OR NOT programs.is_open(p.program, p.region) THEN 'UNKNOWN_PAYMENT'
        WHEN p.channel <> f.channel THEN 'WRONG_CHANNEL'
        WHEN count(*) OVER (PARTITION BY t.payment_id) > 1 THEN 'TWICE'
        WHEN t.amount IS DISTINCT FROM p.amount AND (t.amount IS NOT NULL OR f.kind IN ('BANK_CREDIT', 'BANK_RETURN')) THEN 'AMOUNT_DIFFERS'
        WHEN s.file_kind = f.kind AND s.to_state IN ('TREASURY_CHECK', 'ORDER_PENDING') AND programs.pays_into_account(p.channel) AND (a.is_holder AND a.is_confirmed) IS NOT TRUE THEN 'NO_OWN_ACCOUNT'
        WHEN t.took_place_on > programs.today() OR t.state = 'CREDITED' AND t.took_place_on < (b.released_at AT TIME ZONE 'Asia/Jakarta')::date THEN 'WRONG_DAY'
        WHEN s.to_state IS NOT NULL AND s.file_kind = f.kind AND (p.held_for IS NULL OR programs.is_with_bank(p.state)) AND s.needs_failure = (t.failure IS NOT NULL)
          AND (t.failure IS NULL OR t.state = ANY (c.states)) AND (p.state, p.failure) IS DISTINCT FROM (t.state, t.failure) THEN null
        WHEN p.state = t.state OR t.state = 'CREDITED' AND p.credited_on IS NOT NULL THEN 'TWICE'
        ELSE 'NOT_DUE' END AS differs
    FROM programs.payment_line t JOIN programs.payment_file f ON f.id = t.file_id LEFT JOIN programs.payment_period p ON p.id = t.payment_id
      LEFT JOIN programs.payment_step s ON s.from_state = p.state AND s.to_state = t.state LEFT JOIN programs.payment_failure c ON c.code = t.failure
      LEFT JOIN programs.payment_batch b ON b.id = p.batch_id LEFT JOIN programs.payment_account a ON a.person_id = p.person_id AND a.program = p.program AND a.channel = p.channel
    WHERE t.file_id = $1) j
  WHERE l.file_id = $1 AND l.line = j.line
$$;
--> statement-breakpoint
-- As above for releases: a line an order. The whole order is released, or nothing of it.
CREATE FUNCTION "programs"."judge_release_lines"(file uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE programs.payment_line l SET differs = j.differs FROM (
    SELECT t.line, CASE
        WHEN b.id IS NULL OR b.program <> f.program THEN 'UNKNOWN_ORDER'
        WHEN count(*) OVER (PARTITION BY t.order_number) > 1 OR b.released_by IS NOT NULL
          OR EXISTS (SELECT FROM programs.payment_batch o WHERE o.release_number = t.release_number) OR count(*) OVER (PARTITION BY t.release_number) > 1 THEN 'TWICE'
        WHEN (t.amount, t.payments) IS DISTINCT FROM (b.total, b.payments) THEN 'AMOUNT_DIFFERS'
        WHEN b.state <> 'ISSUED' OR NOT b.is_carried THEN 'NOT_DUE' END AS differs
    FROM programs.payment_line t JOIN programs.payment_file f ON f.id = t.file_id LEFT JOIN programs.payment_batch b ON b.number = t.order_number
    WHERE t.file_id = $1) j
  WHERE l.file_id = $1 AND l.line = j.line
$$;
--> statement-breakpoint
-- Reconciles a file, once: what agrees to the rupiah moves its payments, all else stands in the queue. `is_closing`: the last about its orders, so payments of theirs
-- still instructed are missing. Whose file it is and whose steps these are hold the rules.
CREATE FUNCTION "programs"."reconcile_payment_file"(file uuid, is_closing boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE f programs.payment_file; released record;
BEGIN
  SELECT * INTO f FROM programs.payment_file x WHERE x.id = file AND x.officer = programs.officer() AND x.lines IS NULL FOR UPDATE;
  IF f.id IS NULL THEN RAISE EXCEPTION 'only who began a file reconciles it, once' USING ERRCODE = 'HB001'; END IF;
  PERFORM programs.require_duty(programs.file_roles(f.kind), '', f.program, 'a file of payments');
  -- of lines that came just now no statistics tell, and 50,000 of them are no nested loop
  IF (SELECT count(*) FROM programs.payment_line l WHERE l.file_id = file) > 5000 THEN PERFORM set_config('enable_nestloop', 'off', true); END IF;
  IF f.kind = 'TREASURY_RELEASE' THEN
    PERFORM programs.judge_release_lines(file);
    FOR released IN SELECT b.id, b.version, l.release_number, l.amount FROM programs.payment_line l JOIN programs.payment_batch b ON b.number = l.order_number
      WHERE l.file_id = file AND l.differs IS NULL ORDER BY b.id
    LOOP PERFORM programs.move_payment_order(released.id, released.version, 'RELEASE', released.release_number, released.amount); END LOOP;
  ELSE
    PERFORM FROM programs.payment_period p WHERE p.id IN (SELECT l.payment_id FROM programs.payment_line l WHERE l.file_id = file) ORDER BY p.id FOR UPDATE;
    PERFORM programs.judge_payment_lines(file), programs.because('FILE ' || f.sha256);
    UPDATE programs.payment_period p SET state = l.state, failure = l.failure, version = p.version + 1,
      credited_on = CASE l.state WHEN 'CREDITED' THEN coalesce(l.took_place_on, programs.today()) ELSE p.credited_on END
      FROM programs.payment_line l WHERE l.file_id = file AND l.differs IS NULL AND p.id = l.payment_id;
  END IF;
  INSERT INTO programs.payment_difference (id, file_id, line, kind, payment_id, batch_id, person_id, program, region, channel, amount_told, amount_known)
    SELECT gen_random_uuid(), file, l.line, l.differs, p.id, coalesce(p.batch_id, b.id), p.person_id, f.program, coalesce(p.region, '0'), f.channel, l.amount,
      CASE WHEN p.channel = f.channel OR f.channel IS NULL THEN coalesce(p.amount, b.total) END
    FROM programs.payment_line l LEFT JOIN programs.payment_period p ON p.id = l.payment_id AND p.program = f.program AND programs.is_open(p.program, p.region) LEFT JOIN programs.payment_batch b ON b.number = l.order_number AND b.program = f.program
    WHERE l.file_id = file AND l.differs IS NOT NULL;
  IF is_closing AND f.kind = 'BANK_CREDIT' THEN
    INSERT INTO programs.payment_difference (id, file_id, kind, payment_id, batch_id, person_id, program, region, channel, amount_known)
      SELECT gen_random_uuid(), file, 'MISSING', p.id, p.batch_id, p.person_id, p.program, p.region, p.channel, p.amount FROM programs.payment_period p
      WHERE p.state = 'STANDING_INSTRUCTION' AND p.channel = f.channel AND p.batch_id IN (SELECT q.batch_id FROM programs.payment_line l JOIN programs.payment_period q ON q.id = l.payment_id
        WHERE l.file_id = file AND q.channel = f.channel AND q.program = f.program)
        AND NOT EXISTS (SELECT FROM programs.payment_line l WHERE l.file_id = file AND l.payment_id = p.id)
      ON CONFLICT DO NOTHING;
  END IF;
  UPDATE programs.payment_difference d SET settled_at = programs.moment(), settled_by = programs.officer(), settled_because = 'FILE ' || f.sha256, version = d.version + 1
    FROM programs.payment_line l JOIN programs.payment_period p ON p.id = l.payment_id
    WHERE l.file_id = file AND l.differs IS NULL AND d.payment_id = l.payment_id AND d.kind = 'MISSING' AND d.settled_at IS NULL AND p.credited_on IS NOT NULL;
  UPDATE programs.payment_file x SET lines = s.lines, taken = s.taken, differing = s.lines - s.taken, total = s.total
    FROM (SELECT count(*) AS lines, count(*) FILTER (WHERE l.differs IS NULL) AS taken, coalesce(sum(l.amount) FILTER (WHERE l.differs IS NULL), 0) AS total
      FROM programs.payment_line l WHERE l.file_id = file) s WHERE x.id = file;
  PERFORM programs.note_transition('PAYMENT_FILE', file, null, f.program, '0', f.kind, null, 'RECONCILED', f.sha256);
END $$;
--> statement-breakpoint
-- Settles a difference of the queue, with what came of it: who answers for the program, or of a bank an officer other than who sent the file.
CREATE FUNCTION "programs"."settle_payment_difference"(id uuid, version integer, reason text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE d programs.payment_difference;
BEGIN
  SELECT * INTO d FROM programs.payment_difference x WHERE x.id = $1 AND x.version = $2 AND x.settled_at IS NULL FOR UPDATE;
  IF d.id IS NULL THEN RAISE EXCEPTION 'the difference was settled meanwhile: read it again' USING ERRCODE = 'HB001'; END IF;
  PERFORM programs.require_duty(array['PROGRAM_STEWARD'], '', d.program, 'settling a difference'), programs.because($3);
  UPDATE programs.payment_difference x SET settled_at = programs.moment(), settled_by = programs.officer(), settled_because = trim($3), version = x.version + 1 WHERE x.id = $1;
  PERFORM programs.note_transition('PAYMENT_DIFFERENCE', d.id, d.person_id, d.program, d.region, 'SETTLE', d.kind, 'SETTLED', trim($3));
END $$;
--> statement-breakpoint
-- An order to the rupiah: what was ordered is what is still pending, what arrived, what came back, and what was excluded on the way, which the treasury sets off.
CREATE FUNCTION "programs"."payment_balance"(orders uuid[]) RETURNS TABLE ("batchId" uuid, ordered text, released text, pending text, credited text, returned text, excluded text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT b.id, b.total::text, CASE WHEN b.released_by IS NULL THEN '0' ELSE b.total::text END,
    coalesce(sum(p.amount) FILTER (WHERE p.state IN ('ORDER_PENDING', 'ORDER_ISSUED', 'FUNDS_RELEASED', 'STANDING_INSTRUCTION')), 0)::text,
    coalesce(sum(p.amount) FILTER (WHERE p.state IN ('CREDITED', 'TRANSACTED', 'NOT_TRANSACTED')), 0)::text,
    coalesce(sum(p.amount) FILTER (WHERE p.state = 'RETURNED'), 0)::text, coalesce(sum(p.amount) FILTER (WHERE p.state = 'EXCLUDED'), 0)::text
  FROM programs.payment_batch b JOIN programs.payment_period p ON p.batch_id = b.id
  WHERE b.id = ANY ($1) AND programs.citizen() IS NULL AND current_setting('hub.programs')::text[] && array['*', b.program] AND (programs.bank() IS NULL OR b.channel::text = programs.bank())
  GROUP BY b.id
$$;
--> statement-breakpoint
-- Money credited and not taken out [saldo mengendap] for as many days as the rule says, by channel and regency, of what the asker may see; the largest first.
CREATE FUNCTION "programs"."idle_balances"(program text, day date) RETURNS TABLE (channel text, region text, payments integer, total text) LANGUAGE sql STABLE AS $$
  SELECT p.channel::text, left(p.region, 4), count(*)::int, sum(p.amount)::text FROM programs.payment_period p
  WHERE p.program = $1 AND p.state IN ('CREDITED', 'NOT_TRANSACTED') AND p.credited_on <= $2 - (SELECT r.idle_days FROM programs.payment_rule_of($1, $2) r)
  GROUP BY p.channel, left(p.region, 4) ORDER BY sum(p.amount) DESC, 1, 2
$$;
--> statement-breakpoint
-- Registers the account an enrolment is paid into, or what its card has come to: the channel's officer. The digest is the slice's, keyed, and is bound to the account
-- here; no number comes here. Another number waits until a second officer of the channel registers the same, or anyone the old one: meanwhile nothing of the account
-- passes a check, and what had passed one comes before it again. What is ordered into the account goes first.
CREATE FUNCTION "programs"."register_account"(id uuid, enrolment uuid, digest bytea, is_holder boolean, card text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE e programs.enrolment; a programs.payment_account; s programs.account_secret; bound bytea; act text := 'REGISTER';
BEGIN
  SELECT * INTO e FROM programs.enrolment x WHERE x.id = $2;
  PERFORM programs.require_duty(array['BANK', 'HEALTH'], coalesce(e.region, ''), coalesce(e.program, '*'), 'registering an account');
  IF e.id IS NULL OR NOT programs.is_open(e.program, e.region) OR NOT programs.pays(e.id) THEN RAISE EXCEPTION 'enrolment: none that is paid through you' USING ERRCODE = 'HB003'; END IF;
  SELECT * INTO a FROM programs.payment_account x WHERE x.person_id = e.person_id AND x.program = e.program AND x.channel::text = programs.agency() FOR UPDATE;
  SELECT * INTO s FROM programs.account_secret x WHERE x.account_id = a.id FOR UPDATE;
  IF a.card = 'DISTRIBUTED' AND $5 = 'NONE' THEN RAISE EXCEPTION 'card: it was handed over already' USING ERRCODE = 'HB001'; END IF;
  bound := sha256($3 || uuid_send(coalesce(a.id, $1)));
  IF a.id IS NULL THEN
    INSERT INTO programs.payment_account (id, person_id, program, region, channel, is_holder, card, registered_at)
      VALUES ($1, e.person_id, e.program, e.region, programs.agency()::programs.payment_channel, $4, $5, programs.moment());
    INSERT INTO programs.account_secret (account_id, digest) VALUES ($1, bound);
  ELSE
    act := CASE WHEN bound = s.digest AND s.proposed IS NULL THEN 'REGISTER' WHEN bound = s.digest THEN 'NUMBER_KEPT' WHEN bound = s.proposed THEN 'NUMBER_CONFIRMED' ELSE 'NUMBER_CHANGED' END;
    IF act = 'NUMBER_CONFIRMED' AND s.proposed_by = programs.actor() THEN RAISE EXCEPTION 'another number is confirmed by another officer' USING ERRCODE = 'HB002'; END IF;
    UPDATE programs.account_secret x SET digest = CASE act WHEN 'NUMBER_CONFIRMED' THEN bound ELSE x.digest END, proposed = CASE act WHEN 'NUMBER_CHANGED' THEN bound END,
      proposed_by = CASE act WHEN 'NUMBER_CHANGED' THEN programs.actor() END WHERE x.account_id = a.id;
    UPDATE programs.payment_account x SET is_holder = $4, is_confirmed = act <> 'NUMBER_CHANGED', card = $5, version = x.version + 1, registered_at = programs.moment() WHERE x.id = a.id;
    IF act = 'NUMBER_CHANGED' OR a.is_holder AND NOT $4 THEN PERFORM programs.check_payments_again(a, act); END IF;
  END IF;
  PERFORM programs.note_transition('PAYMENT_ACCOUNT', coalesce(a.id, $1), e.person_id, e.program, e.region, act, a.card, $5, CASE WHEN $4 THEN 'HOLDER_MATCHES' ELSE 'HOLDER_DIFFERS' END);
  RETURN coalesce(a.id, $1);
END $$;
--> statement-breakpoint
-- Takes the payments into an account back to its check. The orders first, so that none is issued meanwhile.
CREATE FUNCTION "programs"."check_payments_again"(a programs.payment_account, why text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM programs.payment_batch b WHERE b.id IN (SELECT p.batch_id FROM programs.payment_period p WHERE p.person_id = a.person_id AND p.program = a.program AND p.channel = a.channel)
    ORDER BY b.id FOR SHARE;
  IF EXISTS (SELECT FROM programs.payment_period p JOIN programs.payment_batch b ON b.id = p.batch_id WHERE p.person_id = a.person_id AND p.program = a.program AND p.channel = a.channel
      AND b.issued_by IS NOT NULL AND p.state NOT IN ('CREDITED', 'TRANSACTED', 'NOT_TRANSACTED', 'RETURNED', 'EXCLUDED')) THEN
    RAISE EXCEPTION 'money is ordered into the account: it is credited, or excluded, before the account changes' USING ERRCODE = 'HB001'; END IF;
  PERFORM programs.because(why);
  UPDATE programs.payment_period p SET state = 'ACCOUNT_CHECK', failure = NULL, version = p.version + 1
    WHERE p.person_id = a.person_id AND p.program = a.program AND p.channel = a.channel AND p.state IN ('TREASURY_CHECK', 'TREASURY_CHECK_FAILED', 'ORDER_PENDING');
END $$;
--> statement-breakpoint
-- Whether the channel that asks pays an enrolment, or would: a payment goes through it.
CREATE FUNCTION "programs"."pays"(enrolment uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM programs.payment_period p WHERE p.enrolment_id = $1 AND p.channel::text = programs.agency())
$$;
--> statement-breakpoint
-- Whether a digest is the registered account's: MATCH, NO_MATCH, or null where the channel has registered none. So many questions a day; the right ones count, too.
CREATE FUNCTION "programs"."check_account"(enrolment uuid, digest bytea) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a programs.payment_account; s programs.account_secret; most int;
BEGIN
  SELECT x.* INTO a FROM programs.payment_account x JOIN programs.enrolment e ON e.person_id = x.person_id AND e.program = x.program
    WHERE e.id = $1 AND x.channel::text = programs.agency() AND programs.is_open(x.program, x.region);
  PERFORM programs.require_duty(array['BANK', 'HEALTH'], coalesce(a.region, ''), coalesce(a.program, '*'), 'checking an account');
  digest := sha256(digest || uuid_send(a.id));
  IF a.id IS NULL THEN RETURN null; END IF;
  most := (programs.payment_rule_of(a.program, programs.today())).account_attempts;
  SELECT * INTO s FROM programs.account_secret x WHERE x.account_id = a.id FOR UPDATE;
  IF s.asked_on = programs.today() AND s.asked >= most THEN RAISE EXCEPTION 'this account was asked for % times today', most USING ERRCODE = 'HB001'; END IF;
  UPDATE programs.account_secret x SET asked_on = programs.today(), asked = CASE WHEN x.asked_on = programs.today() THEN x.asked + 1 ELSE 1 END WHERE x.account_id = a.id;
  PERFORM programs.note_transition('PAYMENT_ACCOUNT', a.id, a.person_id, a.program, a.region, 'CHECK', null, CASE WHEN s.digest = digest THEN 'MATCH' ELSE 'NO_MATCH' END, null);
  RETURN CASE WHEN s.digest = digest THEN 'MATCH' ELSE 'NO_MATCH' END;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."payment_moved", "programs"."draft_payment_run", "programs"."open_payments", "programs"."sign_payment_run", "programs"."payment_excluded", "programs"."discard_payment_run", "programs"."discard_payments", "programs"."start_payments", "programs"."draft_payment_order",
  "programs"."move_payment_order", "programs"."carry_payment_order", "programs"."move_payment", "programs"."receive_payment_file", "programs"."add_payment_lines", "programs"."judge_payment_lines", "programs"."judge_release_lines",
  "programs"."reconcile_payment_file", "programs"."settle_payment_difference", "programs"."payment_balance", "programs"."register_account", "programs"."check_payments_again", "programs"."payment_has_account", "programs"."pays", "programs"."check_account" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."draft_payment_run", "programs"."sign_payment_run", "programs"."discard_payment_run", "programs"."draft_payment_order", "programs"."move_payment_order", "programs"."move_payment",
  "programs"."receive_payment_file", "programs"."add_payment_lines", "programs"."reconcile_payment_file", "programs"."settle_payment_difference", "programs"."payment_balance",
  "programs"."register_account", "programs"."check_account" TO "hub_programs";
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "programs"."open_payments", "programs"."discard_payments", "programs"."start_payments", "programs"."carry_payment_order" TO "hub_programs_jobs";
