CREATE TABLE "governance"."checkpoint" (
	"size" bigint PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"root" "bytea" NOT NULL,
	"note" text NOT NULL,
	CONSTRAINT "checkpoint_root" CHECK (length(root) = 32 and size > 0)
);
--> statement-breakpoint
CREATE TABLE "governance"."cosignature" (
	"size" bigint NOT NULL,
	"witness" text NOT NULL,
	"line" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "cosignature_size_witness_pk" PRIMARY KEY("size","witness")
);
--> statement-breakpoint
CREATE TABLE "governance"."entry_subject" (
	"tag" "bytea" NOT NULL,
	"index" bigint NOT NULL,
	CONSTRAINT "entry_subject_tag_index_pk" PRIMARY KEY("tag","index")
);
--> statement-breakpoint
CREATE TABLE "governance"."record_cursor" (
	"reader" text PRIMARY KEY NOT NULL,
	"next" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "governance"."tile" (
	"level" smallint NOT NULL,
	"n" bigint NOT NULL,
	"hashes" "bytea" NOT NULL,
	CONSTRAINT "tile_level_n_pk" PRIMARY KEY("level","n"),
	CONSTRAINT "tile_hashes" CHECK (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0)
);
--> statement-breakpoint
CREATE TABLE "governance"."tree_entry" (
	"index" bigint PRIMARY KEY NOT NULL,
	"entry_id" bigint NOT NULL,
	CONSTRAINT "tree_entry_once" UNIQUE("entry_id")
);
--> statement-breakpoint
CREATE TABLE "governance"."usage_day" (
	"day" date NOT NULL,
	"client" text collate "C" NOT NULL,
	"agreement" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"disclosure" text NOT NULL,
	"requests" integer NOT NULL,
	"subjects" bigint NOT NULL,
	CONSTRAINT "usage_day_day_client_agreement_status_disclosure_pk" PRIMARY KEY("day","client","agreement","status","disclosure")
);
--> statement-breakpoint
CREATE TABLE "governance"."usage_field" (
	"day" date NOT NULL,
	"agreement" text collate "C" NOT NULL,
	"coordinate" text collate "C" NOT NULL,
	"outcome" text NOT NULL,
	"requests" integer NOT NULL,
	CONSTRAINT "usage_field_day_agreement_coordinate_outcome_pk" PRIMARY KEY("day","agreement","coordinate","outcome")
);
--> statement-breakpoint
CREATE TABLE "governance"."representation" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"representative_id" uuid NOT NULL,
	"basis" text NOT NULL,
	"evidence" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone NOT NULL,
	"registered_by" text collate "C" NOT NULL,
	"registered_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text collate "C",
	CONSTRAINT "representation_two" CHECK (person_id <> representative_id and valid_from < valid_to),
	CONSTRAINT "basis_word" CHECK (basis in ('PARENT', 'GUARDIAN', 'CARER', 'HEIR', 'PROXY'))
);
--> statement-breakpoint
ALTER TABLE "governance"."representation" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."restriction" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"imposed_at" timestamp with time zone NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by" text
);
--> statement-breakpoint
ALTER TABLE "governance"."restriction" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."subject_request" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text collate "C" NOT NULL,
	"person_id" uuid NOT NULL,
	"filed_by" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'RECEIVED' NOT NULL,
	"statement" text NOT NULL,
	"coordinate" text collate "C",
	"correction" text,
	"controller" text collate "C" NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"handler" text collate "C",
	"closed_at" timestamp with time zone,
	"closed_by" text collate "C",
	"outcome" text,
	"refusal_reason" text,
	"citation" text,
	CONSTRAINT "subject_request_number" UNIQUE("number"),
	CONSTRAINT "subject_request_correction" CHECK ((kind = 'CORRECTION') = (correction is not null)),
	CONSTRAINT "subject_request_refusal" CHECK ((state = 'REFUSED') = (refusal_reason is not null) and (state = 'REFUSED') = (citation is not null)),
	CONSTRAINT "subject_request_closed" CHECK ((closed_at is not null) = (state in ('FULFILLED', 'REFUSED', 'CANCELLED'))),
	CONSTRAINT "kind_word" CHECK (kind in ('ACCESS', 'CORRECTION', 'RESTRICTION', 'DELETION', 'OBJECTION', 'WITHDRAWAL')),
	CONSTRAINT "state_word" CHECK (state in ('RECEIVED', 'IN_REVIEW', 'FULFILLED', 'REFUSED', 'CANCELLED')),
	CONSTRAINT "refusal_reason_word" CHECK (refusal_reason in ('NATIONAL_DEFENCE', 'LAW_ENFORCEMENT', 'STATE_ADMINISTRATION', 'FINANCIAL_SUPERVISION', 'STATISTICS_AND_RESEARCH', 'HARM_TO_OTHERS', 'DISCLOSES_OTHERS', 'LEGAL_RETENTION', 'IDENTITY_UNPROVEN', 'UNFOUNDED'))
);
--> statement-breakpoint
ALTER TABLE "governance"."subject_request" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."subject_request_event" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "governance"."subject_request_event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"request_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"actor" text NOT NULL,
	"state" text NOT NULL,
	"note" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "governance"."subject_request_event" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."breach_case" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text collate "C" NOT NULL,
	"title" text NOT NULL,
	"is_drill" boolean NOT NULL,
	"state" text DEFAULT 'OPEN' NOT NULL,
	"window_from" timestamp with time zone NOT NULL,
	"window_to" timestamp with time zone NOT NULL,
	"client_id" text collate "C",
	"coordinates" text[] NOT NULL,
	"detected_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"description" text NOT NULL,
	"handling" text NOT NULL,
	"opened_by" text collate "C" NOT NULL,
	"entries" integer NOT NULL,
	"subjects_notified_at" timestamp with time zone,
	"authority_notified_at" timestamp with time zone,
	"closed_by" text collate "C",
	"closed_at" timestamp with time zone,
	CONSTRAINT "breach_case_number" UNIQUE("number"),
	CONSTRAINT "state_word" CHECK (state in ('OPEN', 'NOTIFIED', 'CLOSED')),
	CONSTRAINT "breach_window" CHECK (window_from < window_to)
);
--> statement-breakpoint
ALTER TABLE "governance"."breach_case" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."breach_subject" (
	"breach_id" uuid NOT NULL,
	"type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	CONSTRAINT "breach_subject_breach_id_type_subject_id_pk" PRIMARY KEY("breach_id","type","subject_id")
);
--> statement-breakpoint
ALTER TABLE "governance"."breach_subject" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."canary" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"planted_by" text collate "C" NOT NULL,
	"planted_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "governance"."canary" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."sanction" (
	"id" uuid PRIMARY KEY NOT NULL,
	"agency_code" text collate "C" NOT NULL,
	"client_id" text collate "C",
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"decision" text NOT NULL,
	"imposed_by" text collate "C" NOT NULL,
	"imposed_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone,
	"lifted_by" text collate "C",
	"lifted_at" timestamp with time zone,
	"lift_reason" text,
	CONSTRAINT "kind_word" CHECK (kind in ('WARNING', 'SUSPENSION', 'REVOCATION')),
	CONSTRAINT "sanction_until" CHECK (until is null or (kind = 'SUSPENSION' and until > imposed_at)),
	CONSTRAINT "sanction_lifted" CHECK ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null))
);
--> statement-breakpoint
ALTER TABLE "governance"."sanction" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "governance"."watch_alert" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "governance"."watch_alert_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"kind" text NOT NULL,
	"agency_code" text collate "C",
	"client" text collate "C",
	"agreement" text collate "C",
	"detail" jsonb NOT NULL,
	"once" text NOT NULL,
	"delivered_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "watch_alert_once" UNIQUE("once"),
	CONSTRAINT "kind_word" CHECK (kind in ('LOOKUP_MISSES', 'SEQUENTIAL_NIKS', 'DENIED_PROBING', 'OFF_HOURS_BULK', 'QUOTA_NEARING', 'CANARY_TOUCHED', 'SAME_SUBJECT', 'CHECKPOINT_STALE', 'REQUEST_ESCALATED', 'REQUEST_BREACHED', 'BREACH_DUE'))
);
--> statement-breakpoint
ALTER TABLE "governance"."watch_alert" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "governance"."cosignature" ADD CONSTRAINT "cosignature_size_checkpoint_size_fk" FOREIGN KEY ("size") REFERENCES "governance"."checkpoint"("size") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."representation" ADD CONSTRAINT "representation_registered_by_steward_id_fk" FOREIGN KEY ("registered_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."representation" ADD CONSTRAINT "representation_ended_by_steward_id_fk" FOREIGN KEY ("ended_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."restriction" ADD CONSTRAINT "restriction_request_id_subject_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "governance"."subject_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."subject_request" ADD CONSTRAINT "subject_request_controller_agency_code_fk" FOREIGN KEY ("controller") REFERENCES "governance"."agency"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."subject_request" ADD CONSTRAINT "subject_request_handler_steward_id_fk" FOREIGN KEY ("handler") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."subject_request" ADD CONSTRAINT "subject_request_closed_by_steward_id_fk" FOREIGN KEY ("closed_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."subject_request_event" ADD CONSTRAINT "subject_request_event_request_id_subject_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "governance"."subject_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."breach_case" ADD CONSTRAINT "breach_case_opened_by_steward_id_fk" FOREIGN KEY ("opened_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."breach_case" ADD CONSTRAINT "breach_case_closed_by_steward_id_fk" FOREIGN KEY ("closed_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."breach_subject" ADD CONSTRAINT "breach_subject_breach_id_breach_case_id_fk" FOREIGN KEY ("breach_id") REFERENCES "governance"."breach_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."canary" ADD CONSTRAINT "canary_planted_by_steward_id_fk" FOREIGN KEY ("planted_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."sanction" ADD CONSTRAINT "sanction_agency_code_agency_code_fk" FOREIGN KEY ("agency_code") REFERENCES "governance"."agency"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."sanction" ADD CONSTRAINT "sanction_client_id_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "governance"."client"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."sanction" ADD CONSTRAINT "sanction_imposed_by_steward_id_fk" FOREIGN KEY ("imposed_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "governance"."sanction" ADD CONSTRAINT "sanction_lifted_by_steward_id_fk" FOREIGN KEY ("lifted_by") REFERENCES "governance"."steward"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "representation_of" ON "governance"."representation" USING btree ("representative_id");--> statement-breakpoint
CREATE INDEX "representation_for" ON "governance"."representation" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "restriction_in_force" ON "governance"."restriction" USING btree ("person_id") WHERE lifted_at is null;--> statement-breakpoint
CREATE INDEX "subject_request_person" ON "governance"."subject_request" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "subject_request_due" ON "governance"."subject_request" USING btree ("due_at") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "subject_request_event_of" ON "governance"."subject_request_event" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "sanction_agency" ON "governance"."sanction" USING btree ("agency_code");--> statement-breakpoint
CREATE INDEX "watch_alert_undelivered" ON "governance"."watch_alert" USING btree ("id") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "entry_order" ON "governance"."entry" USING btree ("xid","id");--> statement-breakpoint
CREATE POLICY "hub_record_inserts" ON "governance"."entry" AS PERMISSIVE FOR INSERT TO "hub_record" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_log_reads" ON "governance"."entry" AS PERMISSIVE FOR SELECT TO "hub_log" USING (true);--> statement-breakpoint
CREATE POLICY "hub_record_reads" ON "governance"."issued_pseudonym" AS PERMISSIVE FOR SELECT TO "hub_record" USING (true);--> statement-breakpoint
CREATE POLICY "hub_log_reads" ON "governance"."quota_counter" AS PERMISSIVE FOR SELECT TO "hub_log" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."representation" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or ((current_setting('hub.citizen')::text[])[1])::uuid in (person_id, representative_id));--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."representation" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."representation" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."restriction" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or restriction.person_id = ((current_setting('hub.citizen')::text[])[1])::uuid or exists (select from governance.representation r
   where r.person_id = restriction.person_id and r.representative_id = ((current_setting('hub.citizen')::text[])[1])::uuid and r.ended_at is null and clock_timestamp() >= r.valid_from and clock_timestamp() < r.valid_to));--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."restriction" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."restriction" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or restriction.person_id = ((current_setting('hub.citizen')::text[])[1])::uuid or exists (select from governance.representation r
   where r.person_id = restriction.person_id and r.representative_id = ((current_setting('hub.citizen')::text[])[1])::uuid and r.ended_at is null and clock_timestamp() >= r.valid_from and clock_timestamp() < r.valid_to)) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null or restriction.person_id = ((current_setting('hub.citizen')::text[])[1])::uuid or exists (select from governance.representation r
   where r.person_id = restriction.person_id and r.representative_id = ((current_setting('hub.citizen')::text[])[1])::uuid and r.ended_at is null and clock_timestamp() >= r.valid_from and clock_timestamp() < r.valid_to));--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."restriction" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."subject_request" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or subject_request.person_id = ((current_setting('hub.citizen')::text[])[1])::uuid or exists (select from governance.representation r
   where r.person_id = subject_request.person_id and r.representative_id = ((current_setting('hub.citizen')::text[])[1])::uuid and r.ended_at is null and clock_timestamp() >= r.valid_from and clock_timestamp() < r.valid_to));--> statement-breakpoint
CREATE POLICY "hub_log_reads" ON "governance"."subject_request" AS PERMISSIVE FOR SELECT TO "hub_log" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."subject_request" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or subject_request.person_id = ((current_setting('hub.citizen')::text[])[1])::uuid or exists (select from governance.representation r
   where r.person_id = subject_request.person_id and r.representative_id = ((current_setting('hub.citizen')::text[])[1])::uuid and r.ended_at is null and clock_timestamp() >= r.valid_from and clock_timestamp() < r.valid_to)) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null or subject_request.person_id = ((current_setting('hub.citizen')::text[])[1])::uuid or exists (select from governance.representation r
   where r.person_id = subject_request.person_id and r.representative_id = ((current_setting('hub.citizen')::text[])[1])::uuid and r.ended_at is null and clock_timestamp() >= r.valid_from and clock_timestamp() < r.valid_to));--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."subject_request" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."subject_request_event" AS PERMISSIVE FOR SELECT TO "hub_governance" USING (exists (select from governance.subject_request q where q.id = request_id));--> statement-breakpoint
CREATE POLICY "hub_log_writes" ON "governance"."subject_request_event" AS PERMISSIVE FOR ALL TO "hub_log" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_inserts" ON "governance"."subject_request_event" AS PERMISSIVE FOR INSERT TO "hub_governance" WITH CHECK (exists (select from governance.subject_request q where q.id = request_id));--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."subject_request_event" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."breach_case" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_log_reads" ON "governance"."breach_case" AS PERMISSIVE FOR SELECT TO "hub_log" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."breach_case" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."breach_case" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."breach_subject" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."breach_subject" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."breach_subject" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."canary" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_log_reads" ON "governance"."canary" AS PERMISSIVE FOR SELECT TO "hub_log" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."canary" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."canary" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."sanction" AS PERMISSIVE FOR SELECT TO "hub_governance" USING (true);--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."sanction" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."sanction" AS PERMISSIVE FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."sanction" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."watch_alert" AS PERMISSIVE FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);--> statement-breakpoint
CREATE POLICY "hub_log_writes" ON "governance"."watch_alert" AS PERMISSIVE FOR ALL TO "hub_log" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."watch_alert" AS PERMISSIVE FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);