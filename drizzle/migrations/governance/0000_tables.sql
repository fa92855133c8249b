CREATE SCHEMA "governance";
--> statement-breakpoint
CREATE TYPE "governance"."agreement_state" AS ENUM('DRAFT', 'IN_REVIEW', 'APPROVED', 'ACTIVE', 'SUSPENDED', 'REVOKED', 'EXPIRED', 'SUPERSEDED');--> statement-breakpoint
CREATE TYPE "governance"."client_status" AS ENUM('ACTIVE', 'SUSPENDED');--> statement-breakpoint
CREATE TYPE "governance"."data_class" AS ENUM('PUBLIC', 'GENERAL', 'SPECIFIC', 'ADMINDUK_84', 'DERIVED');--> statement-breakpoint
CREATE TYPE "governance"."data_topic" AS ENUM('HEALTH', 'BIOMETRIC', 'GENETIC', 'CRIME', 'CHILD', 'FINANCE');--> statement-breakpoint
CREATE TYPE "governance"."data_use" AS ENUM('OUTPUT', 'LOOKUP', 'FILTER', 'SORT', 'GROUP', 'AGGREGATE');--> statement-breakpoint
CREATE TYPE "governance"."disclosure" AS ENUM('IMMEDIATE', 'DELAYED', 'SEALED');--> statement-breakpoint
CREATE TYPE "governance"."grant_effect" AS ENUM('ALLOW', 'MASK', 'BAND', 'CLAIM', 'PSEUDONYM', 'AGGREGATE', 'DENY');--> statement-breakpoint
CREATE TYPE "governance"."legal_basis" AS ENUM('CONSENT', 'CONTRACT', 'LEGAL_OBLIGATION', 'VITAL_INTEREST', 'PUBLIC_TASK', 'LEGITIMATE_INTEREST');--> statement-breakpoint
CREATE TYPE "governance"."on_denied" AS ENUM('NULL', 'REJECT');--> statement-breakpoint
CREATE TABLE "governance"."agency" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"dpo_contact" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "governance"."agreement" (
	"number" text collate "C" PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"consumer_agency" text collate "C" NOT NULL,
	"purpose_code" text collate "C" NOT NULL,
	"ip_allow" text[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "governance"."agreement" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."agreement_version" (
	"agreement_number" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"state" "governance"."agreement_state" DEFAULT 'DRAFT' NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone NOT NULL,
	"row_scope" jsonb NOT NULL,
	"quota" integer,
	"on_denied" "governance"."on_denied" DEFAULT 'NULL' NOT NULL,
	CONSTRAINT "agreement_version_agreement_number_version_pk" PRIMARY KEY("agreement_number","version"),
	CONSTRAINT "agreement_version_bounds" CHECK (valid_from < valid_to)
);
--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."class_ceiling" (
	"class" "governance"."data_class" NOT NULL,
	"topic" "governance"."data_topic",
	"ceiling" "governance"."grant_effect" NOT NULL,
	CONSTRAINT "class_ceiling_key" UNIQUE NULLS NOT DISTINCT("class","topic")
);
--> statement-breakpoint
CREATE TABLE "governance"."client" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"agency_code" text collate "C" NOT NULL,
	"status" "governance"."client_status" DEFAULT 'ACTIVE' NOT NULL,
	"note" text
);
--> statement-breakpoint
ALTER TABLE "governance"."client" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."entry" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "governance"."entry_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"leaf" "bytea" NOT NULL,
	"body" text NOT NULL,
	"request_id" text,
	"client" text,
	"agreement" text,
	"subjects" "bytea"
);
--> statement-breakpoint
ALTER TABLE "governance"."entry" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."epoch" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"n" bigint NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "epoch_one" CHECK (one)
);
--> statement-breakpoint
CREATE TABLE "governance"."grant_row" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "governance"."grant_row_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"agreement_number" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"position" smallint NOT NULL,
	"selector_kind" text NOT NULL,
	"selector" text collate "C" NOT NULL,
	"topic" "governance"."data_topic",
	"use" "governance"."data_use" NOT NULL,
	"effect" "governance"."grant_effect" NOT NULL,
	"mask_fn" text,
	"params" jsonb,
	"clause" text NOT NULL,
	"widen_reason" text,
	CONSTRAINT "grant_row_target" UNIQUE NULLS NOT DISTINCT("agreement_number","version","selector_kind","selector","topic","use"),
	CONSTRAINT "grant_row_kind" CHECK (selector_kind in ('coordinate', 'class')),
	CONSTRAINT "grant_row_mask" CHECK ((effect = 'MASK') = (mask_fn is not null))
);
--> statement-breakpoint
ALTER TABLE "governance"."grant_row" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."policy_event" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "governance"."policy_event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"actor" text NOT NULL,
	"kind" text NOT NULL,
	"agreement_number" text collate "C",
	"version" integer,
	"detail" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "governance"."policy_event" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."purpose" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"legal_basis" "governance"."legal_basis" NOT NULL,
	"citation" text NOT NULL,
	"needs_case" boolean DEFAULT false NOT NULL,
	"disclosure" "governance"."disclosure" DEFAULT 'IMMEDIATE' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "governance"."agreement" ADD CONSTRAINT "agreement_consumer_agency_agency_code_fk" FOREIGN KEY ("consumer_agency") REFERENCES "governance"."agency"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."agreement" ADD CONSTRAINT "agreement_purpose_code_purpose_code_fk" FOREIGN KEY ("purpose_code") REFERENCES "governance"."purpose"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD CONSTRAINT "agreement_version_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."client" ADD CONSTRAINT "client_agency_code_agency_code_fk" FOREIGN KEY ("agency_code") REFERENCES "governance"."agency"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."grant_row" ADD CONSTRAINT "grant_row_agreement_number_version_agreement_version_agreement_number_version_fk" FOREIGN KEY ("agreement_number","version") REFERENCES "governance"."agreement_version"("agreement_number","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agreement_consumer" ON "governance"."agreement" USING btree ("consumer_agency");--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."agreement" AS PERMISSIVE FOR SELECT TO "hub_governance" USING (consumer_agency = (current_setting('hub.agency')::text[])[1]);--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."agreement" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."agreement" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."agreement_version" AS PERMISSIVE FOR SELECT TO "hub_governance" USING (agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."agreement_version" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."agreement_version" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."client" AS PERMISSIVE FOR SELECT TO "hub_governance" USING (agency_code = (current_setting('hub.agency')::text[])[1]);--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."client" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."client" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_gateway_inserts" ON "governance"."entry" AS PERMISSIVE FOR INSERT TO "hub_gateway" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_reads" ON "governance"."entry" AS PERMISSIVE FOR SELECT TO "hub_governance_owner" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."grant_row" AS PERMISSIVE FOR SELECT TO "hub_governance" USING (agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."grant_row" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."grant_row" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."policy_event" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."policy_event" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);