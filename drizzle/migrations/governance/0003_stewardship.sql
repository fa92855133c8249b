CREATE TABLE "governance"."coordinate" (
	"supergraph_hash" text collate "C" NOT NULL,
	"coordinate" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"owners" text[] NOT NULL,
	"class" text,
	"topic" text,
	"guards" jsonb NOT NULL,
	CONSTRAINT "coordinate_supergraph_hash_coordinate_pk" PRIMARY KEY("supergraph_hash","coordinate")
);
--> statement-breakpoint
CREATE TABLE "governance"."steward" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"agency_code" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"status" text DEFAULT 'ACTIVE' NOT NULL,
	CONSTRAINT "status_word" CHECK (status in ('ACTIVE', 'SUSPENDED'))
);
--> statement-breakpoint
ALTER TABLE "governance"."steward" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."steward_key" (
	"key_id" text collate "C" PRIMARY KEY NOT NULL,
	"steward_id" text collate "C" NOT NULL,
	"agency_code" text collate "C" NOT NULL,
	"roles" text[] NOT NULL,
	"kind" text NOT NULL,
	"public_key" text NOT NULL,
	"endorsement" text NOT NULL,
	"added_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"retired_at" timestamp with time zone,
	CONSTRAINT "kind_word" CHECK (kind in ('ED25519', 'WEBAUTHN')),
	CONSTRAINT "steward_key_roles" CHECK (roles <@ array['STEWARD', 'DPO', 'AUDITOR', 'OPERATOR'])
);
--> statement-breakpoint
ALTER TABLE "governance"."steward_key" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."supergraph" (
	"hash" text collate "C" PRIMARY KEY NOT NULL,
	"sdl" text NOT NULL,
	"controllers" jsonb NOT NULL,
	"published_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "governance"."approval" (
	"agreement_number" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"owner_agency" text collate "C" NOT NULL,
	"steward_id" text collate "C" NOT NULL,
	"capacity" text NOT NULL,
	"decision" text NOT NULL,
	"content_sha256" text NOT NULL,
	"key_id" text collate "C" NOT NULL,
	"signature" text NOT NULL,
	"reason" text,
	"opened" text[] DEFAULT '{}' NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "approval_agreement_number_version_owner_agency_capacity_content_sha256_pk" PRIMARY KEY("agreement_number","version","owner_agency","capacity","content_sha256"),
	CONSTRAINT "capacity_word" CHECK (capacity in ('OWNER', 'DPO')),
	CONSTRAINT "decision_word" CHECK (decision in ('APPROVED', 'REJECTED'))
);
--> statement-breakpoint
ALTER TABLE "governance"."approval" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."decision_table" (
	"agreement_number" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"supergraph_hash" text collate "C" NOT NULL,
	"body" text NOT NULL,
	"sha256" text NOT NULL,
	"key_id" text NOT NULL,
	"signature" text NOT NULL,
	"compiled_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "decision_table_agreement_number_version_supergraph_hash_pk" PRIMARY KEY("agreement_number","version","supergraph_hash")
);
--> statement-breakpoint
ALTER TABLE "governance"."decision_table" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."pending_coordinate" (
	"agreement_number" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"coordinate" text collate "C" NOT NULL,
	"since" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "pending_coordinate_agreement_number_version_coordinate_pk" PRIMARY KEY("agreement_number","version","coordinate")
);
--> statement-breakpoint
ALTER TABLE "governance"."pending_coordinate" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."resolved_coordinate" (
	"agreement_number" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"coordinate" text collate "C" NOT NULL,
	CONSTRAINT "resolved_coordinate_agreement_number_version_coordinate_pk" PRIMARY KEY("agreement_number","version","coordinate")
);
--> statement-breakpoint
ALTER TABLE "governance"."resolved_coordinate" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."access_request" (
	"id" uuid PRIMARY KEY NOT NULL,
	"agency_code" text collate "C" NOT NULL,
	"purpose_code" text collate "C" NOT NULL,
	"requester" text NOT NULL,
	"coordinates" text[] NOT NULL,
	"regions" text[] NOT NULL,
	"days" integer NOT NULL,
	"justification" text NOT NULL,
	"agreement_number" text collate "C",
	"version" integer,
	"declined_by" text collate "C",
	"decline_reason" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "access_request_days" CHECK (days between 1 and 3660),
	CONSTRAINT "access_request_coordinates" CHECK (cardinality(coordinates) between 1 and 500),
	CONSTRAINT "access_request_one_answer" CHECK (agreement_number is null or declined_by is null)
);
--> statement-breakpoint
ALTER TABLE "governance"."access_request" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."glass_break" (
	"id" uuid PRIMARY KEY NOT NULL,
	"agreement_number" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"case_number" text NOT NULL,
	"reason" text NOT NULL,
	"requested_by" text collate "C" NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"confirmed_by" text collate "C",
	"opened_at" timestamp with time zone,
	"closes_at" timestamp with time zone,
	"reviewed_by" text collate "C",
	"reviewed_at" timestamp with time zone,
	"finding" text,
	CONSTRAINT "glass_break_two" CHECK (confirmed_by <> requested_by),
	CONSTRAINT "glass_break_open" CHECK ((confirmed_by is null) = (opened_at is null) and (opened_at is null) = (closes_at is null) and opened_at < closes_at),
	CONSTRAINT "glass_break_review" CHECK ((reviewed_by is null) = (reviewed_at is null) and (reviewed_by is null) = (finding is null)),
	CONSTRAINT "glass_break_reviewer" CHECK (reviewed_by not in (requested_by, confirmed_by)),
	CONSTRAINT "finding_word" CHECK (finding in ('JUSTIFIED', 'VIOLATION'))
);
--> statement-breakpoint
ALTER TABLE "governance"."glass_break" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."issued_pseudonym" (
	"agency_code" text collate "C" NOT NULL,
	"purpose_code" text collate "C" NOT NULL,
	"pseudonym" "bytea" NOT NULL,
	"subject" text NOT NULL,
	"issued_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "issued_pseudonym_agency_code_purpose_code_pseudonym_pk" PRIMARY KEY("agency_code","purpose_code","pseudonym")
);
--> statement-breakpoint
ALTER TABLE "governance"."issued_pseudonym" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."quota_counter" (
	"agreement_number" text collate "C" NOT NULL,
	"day" date NOT NULL,
	"used" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "quota_counter_agreement_number_day_pk" PRIMARY KEY("agreement_number","day"),
	CONSTRAINT "quota_counter_used" CHECK (used >= 0)
);
--> statement-breakpoint
ALTER TABLE "governance"."quota_counter" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."quota_use" (
	"agreement_number" text collate "C" NOT NULL,
	"day" date NOT NULL,
	"tag" "bytea" NOT NULL,
	CONSTRAINT "quota_use_agreement_number_day_tag_pk" PRIMARY KEY("agreement_number","day","tag")
);
--> statement-breakpoint
ALTER TABLE "governance"."quota_use" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."semester_report" (
	"id" uuid PRIMARY KEY NOT NULL,
	"agreement_number" text collate "C" NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"body" text NOT NULL,
	"note" text,
	"submitted_by" text collate "C" NOT NULL,
	"submitted_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "semester_report_days" CHECK (from_day <= to_day)
);
--> statement-breakpoint
ALTER TABLE "governance"."semester_report" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."trusted_document" (
	"agreement_number" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"document" text NOT NULL,
	"name" text,
	"registered_by" text NOT NULL,
	"registered_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"retired_at" timestamp with time zone,
	CONSTRAINT "trusted_document_agreement_number_id_pk" PRIMARY KEY("agreement_number","id"),
	CONSTRAINT "trusted_document_id" CHECK (id = encode(sha256(convert_to(document, 'UTF8')), 'hex'))
);
--> statement-breakpoint
ALTER TABLE "governance"."trusted_document" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "governance"."class_ceiling" DROP CONSTRAINT "class_word";--> statement-breakpoint
ALTER TABLE "governance"."agreement" ADD COLUMN "document_sha256" text;--> statement-breakpoint
ALTER TABLE "governance"."agreement" ADD COLUMN "dpia_id" text;--> statement-breakpoint
ALTER TABLE "governance"."agreement" ADD COLUMN "report_due" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "ip_allow" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "documents" text DEFAULT 'open' NOT NULL;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "armed_minutes" integer;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "armed_persons" integer;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "author" text collate "C";--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "content_sha256" text;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "suspension_reason" text;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "resume_asked_by" text collate "C";--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL;--> statement-breakpoint
ALTER TABLE "governance"."class_ceiling" ADD COLUMN "prohibited_purposes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "governance"."grant_row" ADD COLUMN "home" text[];--> statement-breakpoint
ALTER TABLE "governance"."grant_row" ADD COLUMN "elsewhere" text;--> statement-breakpoint
ALTER TABLE "governance"."grant_row" ADD COLUMN "condition" text;--> statement-breakpoint
ALTER TABLE "governance"."purpose" ADD COLUMN "parent_code" text collate "C";--> statement-breakpoint
ALTER TABLE "governance"."purpose" ADD COLUMN "dpv_iri" text;--> statement-breakpoint
ALTER TABLE "governance"."purpose" ADD COLUMN "retention_days" integer;--> statement-breakpoint
ALTER TABLE "governance"."purpose" ADD COLUMN "needs_officer" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "governance"."coordinate" ADD CONSTRAINT "coordinate_supergraph_hash_supergraph_hash_fk" FOREIGN KEY ("supergraph_hash") REFERENCES "governance"."supergraph"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."steward" ADD CONSTRAINT "steward_agency_code_agency_code_fk" FOREIGN KEY ("agency_code") REFERENCES "governance"."agency"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."steward_key" ADD CONSTRAINT "steward_key_steward_id_steward_id_fk" FOREIGN KEY ("steward_id") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."approval" ADD CONSTRAINT "approval_owner_agency_agency_code_fk" FOREIGN KEY ("owner_agency") REFERENCES "governance"."agency"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."approval" ADD CONSTRAINT "approval_steward_id_steward_id_fk" FOREIGN KEY ("steward_id") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."approval" ADD CONSTRAINT "approval_agreement_number_version_agreement_version_agreement_number_version_fk" FOREIGN KEY ("agreement_number","version") REFERENCES "governance"."agreement_version"("agreement_number","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."decision_table" ADD CONSTRAINT "decision_table_supergraph_hash_supergraph_hash_fk" FOREIGN KEY ("supergraph_hash") REFERENCES "governance"."supergraph"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."decision_table" ADD CONSTRAINT "decision_table_agreement_number_version_agreement_version_agreement_number_version_fk" FOREIGN KEY ("agreement_number","version") REFERENCES "governance"."agreement_version"("agreement_number","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."pending_coordinate" ADD CONSTRAINT "pending_coordinate_agreement_number_version_agreement_version_agreement_number_version_fk" FOREIGN KEY ("agreement_number","version") REFERENCES "governance"."agreement_version"("agreement_number","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."resolved_coordinate" ADD CONSTRAINT "resolved_coordinate_agreement_number_version_agreement_version_agreement_number_version_fk" FOREIGN KEY ("agreement_number","version") REFERENCES "governance"."agreement_version"("agreement_number","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."access_request" ADD CONSTRAINT "access_request_agency_code_agency_code_fk" FOREIGN KEY ("agency_code") REFERENCES "governance"."agency"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."access_request" ADD CONSTRAINT "access_request_purpose_code_purpose_code_fk" FOREIGN KEY ("purpose_code") REFERENCES "governance"."purpose"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."access_request" ADD CONSTRAINT "access_request_declined_by_steward_id_fk" FOREIGN KEY ("declined_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."glass_break" ADD CONSTRAINT "glass_break_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."glass_break" ADD CONSTRAINT "glass_break_requested_by_steward_id_fk" FOREIGN KEY ("requested_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."glass_break" ADD CONSTRAINT "glass_break_confirmed_by_steward_id_fk" FOREIGN KEY ("confirmed_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."glass_break" ADD CONSTRAINT "glass_break_reviewed_by_steward_id_fk" FOREIGN KEY ("reviewed_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."quota_counter" ADD CONSTRAINT "quota_counter_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."quota_use" ADD CONSTRAINT "quota_use_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."semester_report" ADD CONSTRAINT "semester_report_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."semester_report" ADD CONSTRAINT "semester_report_submitted_by_steward_id_fk" FOREIGN KEY ("submitted_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."trusted_document" ADD CONSTRAINT "trusted_document_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "glass_break_agreement" ON "governance"."glass_break" USING btree ("agreement_number");--> statement-breakpoint
CREATE INDEX "semester_report_agreement" ON "governance"."semester_report" USING btree ("agreement_number","to_day");--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD CONSTRAINT "agreement_version_author_steward_id_fk" FOREIGN KEY ("author") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD CONSTRAINT "agreement_version_resume_asked_by_steward_id_fk" FOREIGN KEY ("resume_asked_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD CONSTRAINT "agreement_version_armed" CHECK ((armed_minutes is null) = (armed_persons is null) and armed_minutes between 1 and 60 and armed_persons between 1 and 100000);--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD CONSTRAINT "documents_word" CHECK (documents in ('open', 'report', 'trusted'));--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD CONSTRAINT "suspension_reason_word" CHECK (suspension_reason in ('REPORT_OVERDUE', 'REVIEW_OVERDUE', 'OWNER_STOP', 'DPO_STOP', 'INCIDENT'));--> statement-breakpoint
ALTER TABLE "governance"."class_ceiling" ADD CONSTRAINT "class_word" CHECK (class in ('PUBLIC', 'GENERAL', 'SPECIFIC', 'ADMINDUK_84', 'DERIVED', 'ADMINISTRATION'));--> statement-breakpoint
ALTER TABLE "governance"."grant_row" ADD CONSTRAINT "grant_row_home" CHECK ((home is null) = (elsewhere is null) and cardinality(home) between 1 and 4);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."agreement" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."agreement_version" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."grant_row" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."policy_event" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_inserts" ON "governance"."policy_event" AS PERMISSIVE FOR INSERT TO "hub_governance" WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."steward" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."steward" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."steward" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."steward_key" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."steward_key" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."approval" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."approval" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."approval" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_inserts" ON "governance"."approval" AS PERMISSIVE FOR INSERT TO "hub_governance" WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."decision_table" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."decision_table" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."decision_table" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."decision_table" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."pending_coordinate" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."pending_coordinate" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."pending_coordinate" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."resolved_coordinate" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."resolved_coordinate" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."resolved_coordinate" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."resolved_coordinate" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."access_request" AS PERMISSIVE FOR SELECT TO "hub_governance" USING (agency_code = (current_setting('hub.agency')::text[])[1] or (current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."access_request" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."access_request" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."access_request" AS PERMISSIVE FOR ALL TO "hub_governance" USING (agency_code = (current_setting('hub.agency')::text[])[1] or (current_setting('hub.officer')::text[])[1] is not null) WITH CHECK (agency_code = (current_setting('hub.agency')::text[])[1] or (current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."glass_break" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."glass_break" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."glass_break" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."glass_break" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."issued_pseudonym" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."issued_pseudonym" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."issued_pseudonym" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."quota_counter" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."quota_counter" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."quota_use" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."semester_report" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."semester_report" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."semester_report" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."semester_report" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."trusted_document" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."trusted_document" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."trusted_document" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."trusted_document" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1])) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
ALTER POLICY "hub_governance_reads" ON "governance"."agreement" TO hub_governance USING (consumer_agency = (current_setting('hub.agency')::text[])[1] or (current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
ALTER POLICY "hub_governance_reads" ON "governance"."agreement_version" TO hub_governance USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));--> statement-breakpoint
ALTER POLICY "hub_governance_reads" ON "governance"."client" TO hub_governance USING (agency_code = (current_setting('hub.agency')::text[])[1] or (current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
ALTER POLICY "hub_governance_reads" ON "governance"."grant_row" TO hub_governance USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));