CREATE SCHEMA "governance";
--> statement-breakpoint
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
	"state" text DEFAULT 'draft' NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone NOT NULL,
	"row_scope" jsonb NOT NULL,
	"quota" integer,
	"on_denied" text DEFAULT 'null' NOT NULL,
	CONSTRAINT "agreement_version_agreement_number_version_pk" PRIMARY KEY("agreement_number","version"),
	CONSTRAINT "agreement_version_bounds" CHECK (valid_from < valid_to),
	CONSTRAINT "state_word" CHECK (state in ('draft', 'in_review', 'approved', 'active', 'suspended', 'revoked', 'expired', 'superseded')),
	CONSTRAINT "on_denied_word" CHECK (on_denied in ('null', 'reject'))
);
--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."class_ceiling" (
	"class" text NOT NULL,
	"topic" text,
	"ceiling" text NOT NULL,
	CONSTRAINT "class_ceiling_key" UNIQUE NULLS NOT DISTINCT("class","topic"),
	CONSTRAINT "class_word" CHECK (class in ('PUBLIC', 'GENERAL', 'SPECIFIC', 'ADMINDUK_84', 'DERIVED')),
	CONSTRAINT "topic_word" CHECK (topic in ('HEALTH', 'BIOMETRIC', 'GENETIC', 'CRIME', 'CHILD', 'FINANCE')),
	CONSTRAINT "ceiling_word" CHECK (ceiling in ('allow', 'mask', 'band', 'claim', 'pseudonym', 'aggregate', 'deny'))
);
--> statement-breakpoint
CREATE TABLE "governance"."client" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"agency_code" text collate "C" NOT NULL,
	"status" text DEFAULT 'ACTIVE' NOT NULL,
	"note" text,
	CONSTRAINT "status_word" CHECK (status in ('ACTIVE', 'SUSPENDED'))
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
	"topic" text,
	"use" text NOT NULL,
	"effect" text NOT NULL,
	"mask_fn" text,
	"params" jsonb,
	"clause" text NOT NULL,
	"widen_reason" text,
	CONSTRAINT "grant_row_target" UNIQUE NULLS NOT DISTINCT("agreement_number","version","selector_kind","selector","topic","use"),
	CONSTRAINT "selector_kind_word" CHECK (selector_kind in ('coordinate', 'class')),
	CONSTRAINT "topic_word" CHECK (topic in ('HEALTH', 'BIOMETRIC', 'GENETIC', 'CRIME', 'CHILD', 'FINANCE')),
	CONSTRAINT "use_word" CHECK (use in ('OUTPUT', 'LOOKUP', 'FILTER', 'SORT', 'GROUP', 'AGGREGATE')),
	CONSTRAINT "effect_word" CHECK (effect in ('allow', 'mask', 'band', 'claim', 'pseudonym', 'aggregate', 'deny')),
	CONSTRAINT "grant_row_mask" CHECK ((effect = 'mask') = (mask_fn is not null))
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
	"legal_basis" text NOT NULL,
	"citation" text NOT NULL,
	"needs_case" boolean DEFAULT false NOT NULL,
	"disclosure" text DEFAULT 'IMMEDIATE' NOT NULL,
	CONSTRAINT "legal_basis_word" CHECK (legal_basis in ('CONSENT', 'CONTRACT', 'LEGAL_OBLIGATION', 'VITAL_INTEREST', 'PUBLIC_TASK', 'LEGITIMATE_INTEREST')),
	CONSTRAINT "disclosure_word" CHECK (disclosure in ('IMMEDIATE', 'DELAYED', 'SEALED'))
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