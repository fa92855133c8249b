CREATE SCHEMA "programs";
--> statement-breakpoint
CREATE TYPE "programs"."beneficiary_unit" AS ENUM('FAMILY', 'PERSON');--> statement-breakpoint
CREATE TYPE "programs"."enrolment_component" AS ENUM('PREGNANCY', 'EARLY_CHILDHOOD', 'PRIMARY', 'JUNIOR', 'SENIOR', 'ELDERLY', 'SEVERE_DISABILITY', 'CLUSTER_1', 'CLUSTER_2', 'CLUSTER_3');--> statement-breakpoint
CREATE TYPE "programs"."enrolment_state" AS ENUM('CANDIDATE', 'WAITING', 'ACTIVE', 'SUSPENDED', 'GRADUATED', 'EXITED');--> statement-breakpoint
CREATE TYPE "programs"."payment_channel" AS ENUM('BRI', 'BNI', 'MANDIRI', 'BSI', 'POS', 'BPJS_KESEHATAN');--> statement-breakpoint
CREATE TYPE "programs"."payment_state" AS ENUM('ACCOUNT_CHECK', 'ACCOUNT_CHECK_FAILED', 'ORDER_PENDING', 'ORDER_ISSUED', 'FUNDS_RELEASED', 'CREDITED', 'TRANSACTED', 'NOT_TRANSACTED', 'RETURNED');--> statement-breakpoint
CREATE TABLE "programs"."enrolment" (
	"id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"program" text collate "C" NOT NULL,
	"state" "programs"."enrolment_state" NOT NULL,
	"component" "programs"."enrolment_component",
	"region" text collate "C" NOT NULL,
	"started_on" date NOT NULL,
	"ended_on" date,
	CONSTRAINT "enrolment_id_person_id_pk" PRIMARY KEY("id","person_id"),
	CONSTRAINT "enrolment_days" CHECK (ended_on >= started_on)
);
--> statement-breakpoint
ALTER TABLE "programs"."enrolment" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "programs"."payment_period" (
	"id" uuid NOT NULL,
	"enrolment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"program" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"amount" bigint NOT NULL,
	"state" "programs"."payment_state" NOT NULL,
	"credited_on" date,
	"channel" "programs"."payment_channel" NOT NULL,
	CONSTRAINT "payment_period_id_person_id_pk" PRIMARY KEY("id","person_id"),
	CONSTRAINT "payment_period_amount" CHECK (amount >= 0)
);
--> statement-breakpoint
ALTER TABLE "programs"."payment_period" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "programs"."program" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"unit" "programs"."beneficiary_unit" NOT NULL,
	"decile_limit" smallint,
	"legal_basis" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date
);
--> statement-breakpoint
CREATE TABLE "programs"."synthetic_seed" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"seed" text NOT NULL,
	"households" integer NOT NULL,
	"persons" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "programs"."enrolment" ADD CONSTRAINT "enrolment_program_program_code_fk" FOREIGN KEY ("program") REFERENCES "programs"."program"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "programs"."payment_period" ADD CONSTRAINT "payment_period_enrolment_id_person_id_enrolment_id_person_id_fk" FOREIGN KEY ("enrolment_id","person_id") REFERENCES "programs"."enrolment"("id","person_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "enrolment_person" ON "programs"."enrolment" USING btree ("person_id","started_on" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "enrolment_region" ON "programs"."enrolment" USING btree ("region");--> statement-breakpoint
CREATE INDEX "payment_period_enrolment" ON "programs"."payment_period" USING btree ("enrolment_id","starts_on" DESC NULLS LAST);--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."enrolment" AS PERMISSIVE FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]));--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."enrolment" AS PERMISSIVE FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_programs_reads" ON "programs"."payment_period" AS PERMISSIVE FOR SELECT TO "hub_programs" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (current_setting('hub.programs')::text[] && array['*', program]));--> statement-breakpoint
CREATE POLICY "hub_programs_owner_all" ON "programs"."payment_period" AS PERMISSIVE FOR ALL TO "hub_programs_owner" USING (true) WITH CHECK (true);