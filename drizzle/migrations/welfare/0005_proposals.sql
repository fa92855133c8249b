-- Proposals [usulan] and field verification: the whole of domain 2.1, 2.2 and 8.3. The rules stand here; the slice asks first for better words.
CREATE TABLE "welfare"."calendar_window" (
	"era" text collate "C" NOT NULL,
	"step" text collate "C" NOT NULL,
	"from_day" smallint NOT NULL,
	"to_day" smallint NOT NULL,
	"source" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"set_by" text collate "C",
	CONSTRAINT "calendar_window_era_step_valid_from_pk" PRIMARY KEY("era","step","valid_from"),
	CONSTRAINT "calendar_window_days" CHECK (1 <= from_day and from_day <= to_day and to_day <= 31)
);
--> statement-breakpoint
CREATE TABLE "welfare"."deliberation" (
	"id" uuid PRIMARY KEY NOT NULL,
	"region" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"minutes_number" text collate "C" NOT NULL,
	"held_on" date NOT NULL,
	"attendees" jsonb NOT NULL,
	"quorum" smallint NOT NULL,
	"document_sha256" text collate "C" NOT NULL,
	"list_sha256" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "deliberation_minutes" UNIQUE("region","minutes_number"),
	CONSTRAINT "deliberation_village" CHECK (region ~ '^[0-9]{10}$'),
	CONSTRAINT "deliberation_quorum" CHECK (quorum >= 1 and jsonb_array_length(attendees) >= quorum),
	CONSTRAINT "deliberation_documents" CHECK (document_sha256 ~ '^[0-9a-f]{64}$' and list_sha256 ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "welfare"."deliberation" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."deliberation_decision" (
	"deliberation_id" uuid NOT NULL,
	"proposal_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"decision" text NOT NULL,
	"reason" text,
	CONSTRAINT "deliberation_decision_deliberation_id_proposal_id_pk" PRIMARY KEY("deliberation_id","proposal_id"),
	CONSTRAINT "deliberation_decision_reason" CHECK (decision = 'ACCEPTED' or reason is not null)
);
--> statement-breakpoint
ALTER TABLE "welfare"."deliberation_decision" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."field_presence" (
	"visit_id" uuid NOT NULL,
	"candidate_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"proposer_citizen" uuid,
	"presence" text NOT NULL,
	"code" text collate "C" NOT NULL,
	CONSTRAINT "field_presence_visit_id_candidate_id_pk" PRIMARY KEY("visit_id","candidate_id"),
	CONSTRAINT "field_presence_word" CHECK (presence in ('CONFIRMED', 'NOT_CONFIRMED', 'DUPLICATE', 'DECEASED', 'WITHOUT_DOCUMENT')),
	CONSTRAINT "field_presence_code" CHECK (code in ('MK', 'MKa', 'MKb', 'Q1a', 'Q1b', 'Q2', 'Q2a', 'Q2b'))
);
--> statement-breakpoint
ALTER TABLE "welfare"."field_presence" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."field_verification" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"proposal_id" uuid NOT NULL,
	"region" text collate "C" NOT NULL,
	"proposer_citizen" uuid,
	"code" text collate "C" NOT NULL,
	"act" text collate "C" NOT NULL,
	"reason" text,
	"visited_on" date NOT NULL,
	"enumerator" text collate "C" NOT NULL,
	"approved_by" text collate "C",
	"result" text NOT NULL,
	"method" text NOT NULL,
	"latitude" numeric(8, 6) NOT NULL,
	"longitude" numeric(9, 6) NOT NULL,
	"photo_sha256" text[] NOT NULL,
	CONSTRAINT "field_verification_code" CHECK (code in ('P3a', 'M1', 'M2', 'C1', 'C1a', 'C2', 'C2a')),
	CONSTRAINT "field_verification_result" CHECK (result in ('COMPLETED', 'HOUSEHOLD_NOT_FOUND', 'MOVED_OR_NO_BUILDING', 'PART_OF_ANOTHER_HOUSEHOLD', 'REFUSED', 'DUPLICATE')),
	CONSTRAINT "field_verification_place" CHECK (latitude between -90 and 90 and longitude between -180 and 180)
);
--> statement-breakpoint
ALTER TABLE "welfare"."field_verification" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."proposal" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text collate "C" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"act" text collate "C" NOT NULL,
	"reason" text,
	"region" text collate "C" NOT NULL,
	"channel" text NOT NULL,
	"aid" text[] NOT NULL,
	"basis" "welfare"."registry_basis" NOT NULL,
	"era" text collate "C",
	"address" text NOT NULL,
	"proposer_officer" text collate "C",
	"proposer_citizen" uuid,
	"verified_by" text collate "C",
	"approved_by" text collate "C",
	"endorsed_by" text collate "C",
	"deliberation_id" uuid,
	"statement_id" uuid,
	"letter_number" text collate "C",
	"letter_sha256" text collate "C",
	"household_id" uuid,
	"determination_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"submitted_at" timestamp with time zone,
	"moved_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "proposal_village" CHECK (region ~ '^[0-9]{10}$'),
	CONSTRAINT "proposal_state_word" CHECK (state in ('DRAFT', 'SUBMITTED', 'IN_DELIBERATION', 'REJECTED_BY_DELIBERATION', 'IN_VERIFICATION', 'MATCHED', 'NOT_MATCHED', 'IN_REPAIR', 'FINALISED', 'ENDORSED', 'SENT_TO_CENTRE', 'DETERMINED', 'REJECTED_BY_CENTRE', 'EXPIRED', 'WITHDRAWN')),
	CONSTRAINT "proposal_channel" CHECK (channel in ('FORMAL', 'PARTICIPATORY', 'PERLINSOS_SELF', 'PERLINSOS_AGENT')),
	CONSTRAINT "proposal_aid" CHECK (cardinality(aid) > 0 and aid <@ '{PKH,BPNT,PBI_JK,PIP,KIP_KULIAH,OTHER}'),
	CONSTRAINT "proposal_proposer" CHECK (num_nonnulls(proposer_officer, proposer_citizen) = 1),
	CONSTRAINT "proposal_self" CHECK ((channel = 'PERLINSOS_SELF') = (proposer_citizen is not null)),
	CONSTRAINT "proposal_letter" CHECK (letter_sha256 ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "welfare"."proposal" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."proposal_candidate" (
	"id" uuid PRIMARY KEY NOT NULL,
	"proposal_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"region" text collate "C" NOT NULL,
	"proposer_citizen" uuid,
	"relation" "welfare"."family_relation" NOT NULL,
	"claimed_name" text NOT NULL,
	"claimed_nik" text,
	"claimed_birth_date" date,
	"claimed_sex" text,
	"claimed_birth_place" text,
	"claimed_card_number" text,
	"match_status" "welfare"."match_status" DEFAULT 'NOT_YET_MATCHED' NOT NULL,
	"match_reasons" text[],
	"person_id" uuid,
	"validated_at" timestamp with time zone,
	"member_id" uuid,
	CONSTRAINT "proposal_candidate_position" UNIQUE("proposal_id","position"),
	CONSTRAINT "proposal_candidate_person_matched" CHECK ((person_id is not null) = (match_status = 'MATCHED')),
	CONSTRAINT "proposal_candidate_few" CHECK (position between 1 and 30),
	CONSTRAINT "proposal_candidate_sex" CHECK (claimed_sex in ('MALE', 'FEMALE'))
);
--> statement-breakpoint
ALTER TABLE "welfare"."proposal_candidate" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "welfare"."proposal_step" (
	"from_state" text collate "C" NOT NULL,
	"act" text collate "C" NOT NULL,
	"to_state" text collate "C" NOT NULL,
	"roles" text[] NOT NULL,
	"calendar_step" text collate "C",
	CONSTRAINT "proposal_step_from_state_act_pk" PRIMARY KEY("from_state","act")
);
--> statement-breakpoint
CREATE TABLE "welfare"."responsibility_statement" (
	"id" uuid PRIMARY KEY NOT NULL,
	"region" text collate "C" NOT NULL,
	"statement_number" text collate "C" NOT NULL,
	"signed_on" date NOT NULL,
	"signed_by" text collate "C" NOT NULL,
	"document_sha256" text collate "C" NOT NULL,
	CONSTRAINT "responsibility_statement_number" UNIQUE("region","statement_number"),
	CONSTRAINT "responsibility_statement_village" CHECK (region ~ '^[0-9]{10}$'),
	CONSTRAINT "responsibility_statement_document" CHECK (document_sha256 ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "welfare"."responsibility_statement" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."member" ADD COLUMN "validated_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "welfare"."deliberation_decision" ADD CONSTRAINT "deliberation_decision_deliberation_id_deliberation_id_fk" FOREIGN KEY ("deliberation_id") REFERENCES "welfare"."deliberation"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."deliberation_decision" ADD CONSTRAINT "deliberation_decision_proposal_id_proposal_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "welfare"."proposal"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."field_presence" ADD CONSTRAINT "field_presence_visit_id_field_verification_id_fk" FOREIGN KEY ("visit_id") REFERENCES "welfare"."field_verification"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."field_presence" ADD CONSTRAINT "field_presence_candidate_id_proposal_candidate_id_fk" FOREIGN KEY ("candidate_id") REFERENCES "welfare"."proposal_candidate"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."field_verification" ADD CONSTRAINT "field_verification_proposal_id_proposal_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "welfare"."proposal"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."proposal" ADD CONSTRAINT "proposal_deliberation_id_deliberation_id_fk" FOREIGN KEY ("deliberation_id") REFERENCES "welfare"."deliberation"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."proposal" ADD CONSTRAINT "proposal_statement_id_responsibility_statement_id_fk" FOREIGN KEY ("statement_id") REFERENCES "welfare"."responsibility_statement"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."proposal" ADD CONSTRAINT "proposal_household_id_household_id_fk" FOREIGN KEY ("household_id") REFERENCES "welfare"."household"("id");
--> statement-breakpoint
ALTER TABLE "welfare"."proposal_candidate" ADD CONSTRAINT "proposal_candidate_proposal_id_proposal_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "welfare"."proposal"("id");
--> statement-breakpoint
CREATE INDEX "field_verification_proposal" ON "welfare"."field_verification" ("proposal_id","visited_on","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "proposal_number" ON "welfare"."proposal" ("number");
--> statement-breakpoint
CREATE INDEX "proposal_region" ON "welfare"."proposal" ("region","number");
--> statement-breakpoint
CREATE INDEX "proposal_state" ON "welfare"."proposal" ("state","number");
--> statement-breakpoint
CREATE INDEX "proposal_expiry" ON "welfare"."proposal" ("expires_at") WHERE expires_at is not null;
--> statement-breakpoint
CREATE INDEX "proposal_citizen" ON "welfare"."proposal" ("proposer_citizen") WHERE proposer_citizen is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX "proposal_one_own" ON "welfare"."proposal" ("proposer_citizen") WHERE state not in ('REJECTED_BY_DELIBERATION', 'DETERMINED', 'REJECTED_BY_CENTRE', 'EXPIRED', 'WITHDRAWN') and proposer_citizen is not null;
--> statement-breakpoint
CREATE INDEX "proposal_candidate_waiting" ON "welfare"."proposal_candidate" ("proposal_id") WHERE match_status = 'NOT_YET_MATCHED';
--> statement-breakpoint
CREATE INDEX "proposal_candidate_person" ON "welfare"."proposal_candidate" ("person_id") WHERE person_id is not null;
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."deliberation" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or null::uuid = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_writes" ON "welfare"."deliberation" FOR INSERT TO "hub_welfare" WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."deliberation" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."deliberation_decision" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or null::uuid = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_writes" ON "welfare"."deliberation_decision" FOR INSERT TO "hub_welfare" WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."deliberation_decision" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."field_presence" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_writes" ON "welfare"."field_presence" FOR INSERT TO "hub_welfare" WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_moves" ON "welfare"."field_presence" FOR UPDATE TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen())) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."field_presence" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."field_verification" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_writes" ON "welfare"."field_verification" FOR INSERT TO "hub_welfare" WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_moves" ON "welfare"."field_verification" FOR UPDATE TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen())) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."field_verification" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."proposal" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_writes" ON "welfare"."proposal" FOR INSERT TO "hub_welfare" WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_moves" ON "welfare"."proposal" FOR UPDATE TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen())) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."proposal" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."proposal" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."proposal_candidate" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_writes" ON "welfare"."proposal_candidate" FOR INSERT TO "hub_welfare" WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_moves" ON "welfare"."proposal_candidate" FOR UPDATE TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen())) WITH CHECK (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or proposer_citizen = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."proposal_candidate" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."responsibility_statement" FOR SELECT TO "hub_welfare" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or null::uuid = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_writes" ON "welfare"."responsibility_statement" FOR INSERT TO "hub_welfare" WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."responsibility_statement" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- The steps of a proposal: an act in a state, whose it is, what comes of it (proposals/machine.ts; a test holds both equal).
INSERT INTO "welfare"."proposal_step" ("from_state", "act", "to_state", "roles", "calendar_step") VALUES
('DRAFT', 'EDIT', 'DRAFT', '{PROPOSER}', null),
('DRAFT', 'SUBMIT', 'SUBMITTED', '{PROPOSER}', 'ENTRY'),
('SUBMITTED', 'SCHEDULE', 'IN_DELIBERATION', '{VILLAGE_OPERATOR}', null),
('IN_DELIBERATION', 'ACCEPT', 'IN_VERIFICATION', '{VILLAGE_OPERATOR,VILLAGE_HEAD}', 'DELIBERATION'),
('IN_DELIBERATION', 'REJECT', 'REJECTED_BY_DELIBERATION', '{VILLAGE_OPERATOR,VILLAGE_HEAD}', 'DELIBERATION'),
('IN_DELIBERATION', 'ATTEST', 'IN_VERIFICATION', '{VILLAGE_HEAD}', 'DELIBERATION'),
('IN_VERIFICATION', 'MATCH', 'MATCHED', '{EXCHANGE,VERIFIER}', null),
('IN_VERIFICATION', 'MISMATCH', 'NOT_MATCHED', '{EXCHANGE,VERIFIER}', null),
('IN_VERIFICATION', 'RETURN', 'IN_REPAIR', '{VERIFIER}', null),
('NOT_MATCHED', 'RETURN', 'IN_REPAIR', '{VERIFIER}', null),
('IN_REPAIR', 'REPAIR', 'IN_REPAIR', '{PROPOSER,VILLAGE_OPERATOR}', null),
('IN_REPAIR', 'RESUBMIT', 'IN_VERIFICATION', '{PROPOSER,VILLAGE_OPERATOR}', null),
('MATCHED', 'FINALISE', 'FINALISED', '{VERIFIER}', null),
('FINALISED', 'APPROVE', 'FINALISED', '{HEAD_OF_OFFICE}', null),
('FINALISED', 'ENDORSE', 'ENDORSED', '{REGENT}', 'CUT_OFF'),
('ENDORSED', 'SEND', 'SENT_TO_CENTRE', '{VERIFIER,HEAD_OF_OFFICE}', 'PULL'),
('SENT_TO_CENTRE', 'DETERMINE', 'DETERMINED', '{JOB}', null),
('SENT_TO_CENTRE', 'REJECT_AT_CENTRE', 'REJECTED_BY_CENTRE', '{MINISTRY,JOB}', null),
('DRAFT', 'WITHDRAW', 'WITHDRAWN', '{PROPOSER}', null),
('DRAFT', 'EXPIRE', 'EXPIRED', '{JOB}', null),
('SUBMITTED', 'WITHDRAW', 'WITHDRAWN', '{PROPOSER}', null),
('SUBMITTED', 'EXPIRE', 'EXPIRED', '{JOB}', null),
('IN_DELIBERATION', 'WITHDRAW', 'WITHDRAWN', '{PROPOSER}', null),
('IN_DELIBERATION', 'EXPIRE', 'EXPIRED', '{JOB}', null),
('IN_VERIFICATION', 'WITHDRAW', 'WITHDRAWN', '{PROPOSER}', null),
('IN_VERIFICATION', 'EXPIRE', 'EXPIRED', '{JOB}', null),
('MATCHED', 'WITHDRAW', 'WITHDRAWN', '{PROPOSER}', null),
('MATCHED', 'EXPIRE', 'EXPIRED', '{JOB}', null),
('NOT_MATCHED', 'WITHDRAW', 'WITHDRAWN', '{PROPOSER}', null),
('NOT_MATCHED', 'EXPIRE', 'EXPIRED', '{JOB}', null),
('IN_REPAIR', 'WITHDRAW', 'WITHDRAWN', '{PROPOSER}', null),
('IN_REPAIR', 'EXPIRE', 'EXPIRED', '{JOB}', null),
('FINALISED', 'WITHDRAW', 'WITHDRAWN', '{PROPOSER}', null),
('FINALISED', 'EXPIRE', 'EXPIRED', '{JOB}', null);
--> statement-breakpoint
INSERT INTO "welfare"."calendar_window" ("era", "step", "from_day", "to_day", "source", "valid_from", "valid_to") VALUES
('2022', 'ENTRY_PBI_DTKS', 1, 11, 'Kepmensos 150/HUK/2022: usulan PBI-JK dari DTKS', '2022-09-01', '2025-02-05'),
('2022', 'ENTRY', 15, 31, 'Kepmensos 150/HUK/2022: usulan bansos dan PBI-JK non-DTKS', '2022-09-01', '2025-02-05'),
('2025', 'ENTRY', 1, 11, 'Kalender pemutakhiran DTSEN 2025', '2025-02-05', null),
('2025', 'DELIBERATION', 1, 14, 'Kalender pemutakhiran DTSEN 2025', '2025-02-05', null),
('2025', 'CUT_OFF', 1, 17, 'Kalender pemutakhiran DTSEN 2025', '2025-02-05', null),
('2025', 'PULL', 18, 31, 'Kalender pemutakhiran DTSEN 2025', '2025-02-05', null);
--> statement-breakpoint
-- Calendars are the ministry's: a window holds from a day on, and the one before it is over by then. What was in force stays to be read.
CREATE FUNCTION "welfare"."calendar_window_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF session_user <> 'hub_welfare' THEN RETURN NEW; END IF;
  PERFORM welfare.require_duty(array['MINISTRY'], '', 'setting the calendar');
  IF NEW.valid_from < (welfare.moment() AT TIME ZONE 'Asia/Jakarta')::date THEN
    RAISE EXCEPTION 'validFrom: a calendar is set from today on' USING ERRCODE = 'HB003';
  END IF;
  NEW.set_by := welfare.officer();
  NEW.valid_to := NULL;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "calendar_window_rules" BEFORE INSERT ON "welfare"."calendar_window" FOR EACH ROW EXECUTE FUNCTION "welfare"."calendar_window_rules"();
--> statement-breakpoint
GRANT INSERT ON "welfare"."calendar_window" TO "hub_welfare";
--> statement-breakpoint
CREATE SEQUENCE "welfare"."proposal_serial";
--> statement-breakpoint
CREATE FUNCTION "welfare"."wib_day"(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT (at AT TIME ZONE 'Asia/Jakarta')::date $$;
--> statement-breakpoint
-- Whether the exchange service between controllers asks.
CREATE FUNCTION "welfare"."from_exchange"() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT welfare.officer() IS NULL AND welfare.citizen() IS NULL AND coalesce((nullif(current_setting('hub.agency', true), '')::text[])[1] = 'SIKS_NG', false)
$$;
--> statement-breakpoint
-- The window of a step on a day; none: the step may be done on any.
CREATE FUNCTION "welfare"."window_on"(step text, day date) RETURNS "welfare"."calendar_window" LANGUAGE sql STABLE AS $$
  SELECT w FROM welfare.calendar_window w WHERE w.step = $1 AND w.valid_from <= $2 AND (w.valid_to IS NULL OR $2 < w.valid_to) ORDER BY w.valid_from DESC LIMIT 1
$$;
--> statement-breakpoint
-- When a proposal entered at an instant expires: with the day (WIB) of the cut-off that follows the window it waits for, a draft of the village its entry,
-- whatever is submitted its deliberation. Null: what is in this state does not, or its calendar has none.
CREATE FUNCTION "welfare"."proposal_expiry"(state text, channel text, since timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
  day date := welfare.wib_day(since);
  cut welfare.calendar_window := welfare.window_on('CUT_OFF', day);
  awaited welfare.calendar_window := welfare.window_on(CASE WHEN $1 <> 'DRAFT' THEN 'DELIBERATION' WHEN $2 = 'FORMAL' THEN 'ENTRY' END, day);
  month date := date_trunc('month', day);
BEGIN
  IF NOT EXISTS (SELECT FROM welfare.proposal_step s WHERE s.from_state = $1 AND s.act = 'EXPIRE') THEN RETURN NULL; END IF;
  IF extract(day FROM day) > least(cut.to_day, awaited.to_day) THEN month := month + interval '1 month'; END IF;
  RETURN (month + cut.to_day)::timestamp AT TIME ZONE 'Asia/Jakarta';
END $$;
--> statement-breakpoint
-- The step an act is in a proposal's state, if whoever acts may do it today; refused otherwise.
CREATE FUNCTION "welfare"."require_step"(p "welfare"."proposal", act text) RETURNS "welfare"."proposal_step" LANGUAGE plpgsql STABLE AS $$
DECLARE
  step welfare.proposal_step;
  open welfare.calendar_window;
  today date := welfare.wib_day(welfare.moment());
BEGIN
  SELECT s.* INTO step FROM welfare.proposal_step s WHERE s.from_state = p.state AND s.act = $2;
  IF NOT FOUND THEN RAISE EXCEPTION 'a proposal that is % takes no %', p.state, $2 USING ERRCODE = 'HB001'; END IF;
  IF NOT coalesce('JOB' = ANY (step.roles) AND session_user IN ('hub_welfare_jobs', 'hub_welfare_owner'), false)
    AND NOT ('EXCHANGE' = ANY (step.roles) AND welfare.from_exchange())
    AND NOT ('PROPOSER' = ANY (step.roles) AND coalesce(p.proposer_officer = welfare.officer() OR p.proposer_citizen = welfare.citizen(), false))
    AND NOT welfare.on_duty(step.roles, p.region)
  THEN RAISE EXCEPTION '% takes a % on duty over region %', $2, array_to_string(step.roles, ' or '), p.region USING ERRCODE = 'HB002'; END IF;
  -- the calendar of entry is the village's (SIKS-NG); the public proposes at any time
  IF step.calendar_step IS NULL OR step.calendar_step = 'ENTRY' AND p.channel <> 'FORMAL' THEN RETURN step; END IF;
  IF step.calendar_step = 'ENTRY' AND p.aid = '{PBI_JK}' AND p.basis = 'DTKS' THEN open := welfare.window_on('ENTRY_PBI_DTKS', today); END IF;
  open := coalesce(open, welfare.window_on(step.calendar_step, today));
  IF extract(day FROM today) NOT BETWEEN open.from_day AND open.to_day THEN
    RAISE EXCEPTION '% is done from day % to day % of a month (window % of calendar %)', $2, open.from_day, open.to_day, open.step, open.era USING ERRCODE = 'HB001';
  END IF;
  RETURN step;
END $$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."proposal_enters"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.number := coalesce(NEW.number, 'USL-' || to_char(welfare.moment() AT TIME ZONE 'Asia/Jakarta', 'YYYY') || '-' || lpad(nextval('welfare.proposal_serial')::text, 8, '0'));
  IF session_user = 'hub_welfare_owner' THEN
    NEW.expires_at := welfare.proposal_expiry(NEW.state, NEW.channel, coalesce(NEW.submitted_at, NEW.created_at));
    RETURN NEW;
  END IF;
  IF welfare.citizen() IS NULL THEN
    PERFORM welfare.require_duty(array['NEIGHBOURHOOD', 'VILLAGE_OPERATOR'], NEW.region, 'proposing a household');
  END IF;
  NEW.proposer_officer := welfare.officer();
  NEW.proposer_citizen := welfare.citizen();
  IF (NEW.channel = 'PERLINSOS_SELF') <> (NEW.proposer_citizen IS NOT NULL) THEN
    RAISE EXCEPTION 'channel: persons propose themselves by PERLINSOS_SELF, officers by any other' USING ERRCODE = 'HB003';
  END IF;
  NEW.version := 1;
  NEW.state := 'DRAFT';
  NEW.act := 'DRAFT';
  NEW.created_at := welfare.moment();
  NEW.moved_at := NEW.created_at;
  NEW.expires_at := welfare.proposal_expiry(NEW.state, NEW.channel, NEW.created_at);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "proposal_enters" BEFORE INSERT ON "welfare"."proposal" FOR EACH ROW EXECUTE FUNCTION "welfare"."proposal_enters"();
--> statement-breakpoint
-- What a step needs besides a duty: papers, other hands, an outcome in the field.
CREATE FUNCTION "welfare"."proposal_needs"(p "welfare"."proposal") RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- whatever is changed later, too: two heads of a card cannot both be number 01 of a family
  IF p.act IN ('SUBMIT', 'REPAIR', 'RESUBMIT', 'FINALISE') AND (NOT EXISTS (SELECT FROM welfare.proposal_candidate c WHERE c.proposal_id = p.id)
    OR EXISTS (SELECT FROM welfare.proposal_candidate c WHERE c.proposal_id = p.id GROUP BY coalesce(c.claimed_card_number, '') HAVING count(*) FILTER (WHERE c.relation = 'HEAD') <> 1))
  THEN RAISE EXCEPTION 'candidates: each family card needs exactly one HEAD' USING ERRCODE = 'HB003';
  ELSIF p.act IN ('ACCEPT', 'REJECT') AND NOT EXISTS (SELECT FROM welfare.deliberation_decision d JOIN welfare.deliberation b ON b.id = d.deliberation_id
    WHERE d.deliberation_id = p.deliberation_id AND d.proposal_id = p.id AND b.region = p.region AND d.decision = p.act || 'ED')
  THEN RAISE EXCEPTION 'a decision needs the minutes of the village''s deliberation that says so' USING ERRCODE = 'HB001';
  ELSIF p.act = 'ATTEST' AND NOT EXISTS (SELECT FROM welfare.responsibility_statement s WHERE s.id = p.statement_id AND s.region = p.region)
  THEN RAISE EXCEPTION 'going on without minutes needs the village head''s statement of responsibility' USING ERRCODE = 'HB001';
  ELSIF p.act = 'MATCH' AND NOT welfare.proposal_is_matched(p)
  THEN RAISE EXCEPTION 'a proposal is matched when all its candidates are' USING ERRCODE = 'HB001';
  ELSIF p.act = 'FINALISE' AND EXISTS (SELECT FROM welfare.proposal_candidate c JOIN welfare.member m ON m.person_id = c.person_id
    WHERE c.proposal_id = p.id AND m.state IN ('ACTIVE', 'DORMANT'))
  THEN RAISE EXCEPTION 'a candidate is in the registry already' USING ERRCODE = 'HB001';
  ELSIF p.act = 'FINALISE' AND (SELECT v.code <> 'C2' OR v.result <> 'COMPLETED' FROM welfare.field_verification v
    WHERE v.proposal_id = p.id ORDER BY v.visited_on DESC, v.id DESC LIMIT 1)
  THEN RAISE EXCEPTION 'the last field visit has not passed' USING ERRCODE = 'HB001';
  ELSIF p.act = 'APPROVE' AND p.approved_by IS NOT NULL
  THEN RAISE EXCEPTION 'the head of office has approved it already' USING ERRCODE = 'HB001';
  ELSIF p.act = 'ENDORSE' AND (p.approved_by IS NULL OR p.letter_number IS NULL OR p.letter_sha256 IS NULL)
  THEN RAISE EXCEPTION 'endorsement needs the approval of the head of office and a letter' USING ERRCODE = 'HB001';
  ELSIF p.act IN ('RETURN', 'WITHDRAW', 'REJECT_AT_CENTRE') AND p.reason IS NULL
  THEN RAISE EXCEPTION 'reason: this step needs one' USING ERRCODE = 'HB003';
  END IF;
END $$;
--> statement-breakpoint
-- Whether all candidates match, the proposer among them where a person proposed the own household.
CREATE FUNCTION "welfare"."proposal_is_matched"(p "welfare"."proposal") RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(bool_and(c.match_status = 'MATCHED') AND (p.proposer_citizen IS NULL OR bool_or(c.person_id = p.proposer_citizen)), false)
  FROM welfare.proposal_candidate c WHERE c.proposal_id = p.id
$$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."proposal_moves"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  step welfare.proposal_step;
  me text := welfare.officer();
BEGIN
  IF session_user = 'hub_welfare_owner' AND NEW.act = OLD.act THEN RETURN NEW; END IF;
  step := welfare.require_step(OLD, NEW.act);
  IF NEW.address <> OLD.address AND NEW.act NOT IN ('EDIT', 'REPAIR')
    OR NEW.deliberation_id IS DISTINCT FROM OLD.deliberation_id AND NEW.act NOT IN ('ACCEPT', 'REJECT')
    OR NEW.statement_id IS DISTINCT FROM OLD.statement_id AND NEW.act <> 'ATTEST'
    OR (NEW.letter_number, NEW.letter_sha256) IS DISTINCT FROM (OLD.letter_number, OLD.letter_sha256) AND NEW.act <> 'ENDORSE'
  THEN RAISE EXCEPTION '% changes nothing else of a proposal', NEW.act USING ERRCODE = 'HB001'; END IF;
  -- proposer, verifier and endorsers are different persons (Kepmensos 150/HUK/2022; maker-checker)
  -- and whoever entered, decided in the village, repaired or visited is a maker, too
  IF NEW.act IN ('FINALISE', 'APPROVE', 'ENDORSE') AND (me IN (SELECT unnest(array[OLD.proposer_officer, OLD.verified_by, OLD.approved_by]))
    OR EXISTS (SELECT FROM welfare.transition t WHERE t.subject_kind = 'PROPOSAL' AND t.subject_id = OLD.id AND t.actor = me AND t.act NOT IN ('MATCH', 'MISMATCH', 'RETURN'))
    OR EXISTS (SELECT FROM welfare.field_verification v JOIN welfare.transition t ON t.subject_kind = 'FIELD_VERIFICATION' AND t.subject_id = v.id
      WHERE v.proposal_id = OLD.id AND t.act = 'SAVE' AND t.actor = me))
  THEN
    RAISE EXCEPTION 'who entered, decided, repaired, visited, verified or approved a proposal leaves % to another', NEW.act USING ERRCODE = 'HB002';
  END IF;
  PERFORM welfare.proposal_needs(NEW);
  NEW.state := step.to_state;
  NEW.version := OLD.version + 1;
  NEW.moved_at := welfare.moment();
  CASE NEW.act
    WHEN 'SUBMIT' THEN
      NEW.submitted_at := NEW.moved_at;
      SELECT w.era INTO NEW.era FROM welfare.calendar_window w WHERE w.valid_from <= welfare.wib_day(NEW.moved_at) ORDER BY w.valid_from DESC LIMIT 1;
    WHEN 'FINALISE' THEN NEW.verified_by := me;
    WHEN 'APPROVE' THEN NEW.approved_by := me;
    WHEN 'ENDORSE' THEN NEW.endorsed_by := me;
    ELSE NULL;
  END CASE;
  NEW.expires_at := welfare.proposal_expiry(NEW.state, NEW.channel, coalesce(NEW.submitted_at, NEW.created_at));
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "proposal_moves" BEFORE UPDATE ON "welfare"."proposal" FOR EACH ROW EXECUTE FUNCTION "welfare"."proposal_moves"();
--> statement-breakpoint
-- The history; and after a repair every candidate is asked about anew.
CREATE FUNCTION "welfare"."proposal_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM welfare.note_transition('PROPOSAL', NEW.id, NEW.proposer_citizen, NEW.region, NEW.act, NULL, NEW.state, NEW.reason);
  ELSIF NEW.version > OLD.version THEN
    PERFORM welfare.note_transition('PROPOSAL', NEW.id, NEW.proposer_citizen, NEW.region, NEW.act, OLD.state, NEW.state, NEW.reason);
    IF NEW.act = 'RESUBMIT' THEN
      UPDATE welfare.proposal_candidate c SET match_status = 'NOT_YET_MATCHED', person_id = NULL, match_reasons = NULL, validated_at = NULL WHERE c.proposal_id = NEW.id;
    END IF;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "proposal_moved" AFTER INSERT OR UPDATE ON "welfare"."proposal" FOR EACH ROW EXECUTE FUNCTION "welfare"."proposal_moved"();
--> statement-breakpoint
-- Claims are made in a draft and changed in a draft or in repair, by whom the proposal's own step allows; a changed claim waits for matching again.
CREATE FUNCTION "welfare"."proposal_candidate_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE p welfare.proposal;
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.proposal_id, OLD.position, OLD.region, OLD.relation, OLD.claimed_name, OLD.claimed_nik, OLD.claimed_birth_date, OLD.claimed_sex, OLD.claimed_birth_place, OLD.claimed_card_number)
    IS NOT DISTINCT FROM (NEW.proposal_id, NEW.position, NEW.region, NEW.relation, NEW.claimed_name, NEW.claimed_nik, NEW.claimed_birth_date, NEW.claimed_sex, NEW.claimed_birth_place, NEW.claimed_card_number)
  THEN RETURN NEW; END IF;
  SELECT q.* INTO p FROM welfare.proposal q WHERE q.id = NEW.proposal_id FOR UPDATE;
  IF session_user <> 'hub_welfare_owner' THEN
    PERFORM welfare.require_step(p, CASE WHEN TG_OP = 'UPDATE' AND p.state = 'IN_REPAIR' THEN 'REPAIR' ELSE 'EDIT' END);
  END IF;
  NEW.region := p.region;
  NEW.proposer_citizen := p.proposer_citizen;
  IF TG_OP = 'UPDATE' THEN
    NEW.match_status := 'NOT_YET_MATCHED';
    NEW.person_id := NULL;
    NEW.match_reasons := NULL;
    NEW.validated_at := NULL;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "proposal_candidate_rules" BEFORE INSERT OR UPDATE ON "welfare"."proposal_candidate" FOR EACH ROW EXECUTE FUNCTION "welfare"."proposal_candidate_rules"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."deliberation_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  PERFORM welfare.require_duty(array['VILLAGE_OPERATOR', 'VILLAGE_HEAD'], NEW.region, 'recording minutes');
  IF NEW.held_on > welfare.wib_day(welfare.moment()) THEN RAISE EXCEPTION 'heldOn: it has not been held yet' USING ERRCODE = 'HB003'; END IF;
  NEW.recorded_by := welfare.officer();
  NEW.recorded_at := welfare.moment();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "deliberation_rules" BEFORE INSERT ON "welfare"."deliberation" FOR EACH ROW EXECUTE FUNCTION "welfare"."deliberation_rules"();
--> statement-breakpoint
-- A decision is written with its minutes, by whoever records them: later nobody adds one.
CREATE FUNCTION "welfare"."deliberation_decision_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT b.region INTO NEW.region FROM welfare.deliberation b JOIN welfare.proposal p ON p.region = b.region
  WHERE b.id = NEW.deliberation_id AND p.id = NEW.proposal_id
    AND (session_user = 'hub_welfare_owner' OR b.recorded_by = welfare.officer() AND b.recorded_at = welfare.moment());
  IF NOT FOUND THEN RAISE EXCEPTION 'minutes decide on proposals of their own village, when they are recorded' USING ERRCODE = 'HB001'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "deliberation_decision_rules" BEFORE INSERT ON "welfare"."deliberation_decision" FOR EACH ROW EXECUTE FUNCTION "welfare"."deliberation_decision_rules"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."responsibility_statement_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  PERFORM welfare.require_duty(array['VILLAGE_HEAD'], NEW.region, 'a statement of responsibility');
  IF NEW.signed_on > welfare.wib_day(welfare.moment()) THEN RAISE EXCEPTION 'signedOn: it has not been signed yet' USING ERRCODE = 'HB003'; END IF;
  NEW.signed_by := welfare.officer();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "responsibility_statement_rules" BEFORE INSERT ON "welfare"."responsibility_statement" FOR EACH ROW EXECUTE FUNCTION "welfare"."responsibility_statement_rules"();
--> statement-breakpoint
-- Holds what answers are about until the transaction ends, so that what was read of a claim stays what is answered.
CREATE FUNCTION "welfare"."hold_claims"(about uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT welfare.from_exchange() AND (welfare.officer() IS NULL OR EXISTS (SELECT FROM welfare.proposal_candidate c WHERE c.id = ANY (about) AND NOT welfare.on_duty(array['VERIFIER'], c.region))
    OR EXISTS (SELECT FROM welfare.member m WHERE m.id = ANY (about) AND NOT welfare.on_duty(array['VERIFIER'], m.region)))
  THEN RAISE EXCEPTION 'answers of the population register are recorded by the exchange or a VERIFIER on duty' USING ERRCODE = 'HB002'; END IF;
  PERFORM FROM welfare.proposal p WHERE p.id IN (SELECT c.proposal_id FROM welfare.proposal_candidate c WHERE c.id = ANY (about)) ORDER BY p.id FOR UPDATE;
  PERFORM FROM welfare.member m WHERE m.id = ANY (about) ORDER BY m.id FOR UPDATE;
END $$;
--> statement-breakpoint
-- Candidates that wait for an answer, of the oldest proposals first, for the exchange or a verifier on duty. The owner's, because the planner cannot
-- foresee how many rows a policy leaves and would sort them all: with 50,000 waiting 1,800 ms against 64 (2026-11-22, a busy machine).
CREATE FUNCTION "welfare"."candidates_waiting"(n integer) RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.id FROM (SELECT p.id, p.number FROM welfare.proposal p
    WHERE p.state = 'IN_VERIFICATION' AND (welfare.from_exchange() OR welfare.on_duty(array['VERIFIER'], p.region))
      AND EXISTS (SELECT FROM welfare.proposal_candidate c WHERE c.proposal_id = p.id AND c.match_status = 'NOT_YET_MATCHED')
    ORDER BY p.number LIMIT n) p
  JOIN welfare.proposal_candidate c ON c.proposal_id = p.id AND c.match_status = 'NOT_YET_MATCHED' ORDER BY p.number, c.position LIMIT n
$$;
--> statement-breakpoint
-- Writes what population answered (its signature, age and claim were examined by the slice), and moves each proposal whose last candidate is answered.
-- answers: [{about, status, person, reasons, at}]. An answer replaces an older one only: none is played again after a later one.
CREATE FUNCTION "welfare"."record_validation"(answers jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE about uuid[] := array(SELECT (a ->> 'about')::uuid FROM jsonb_array_elements(answers) a);
BEGIN
  PERFORM welfare.hold_claims(about), set_config('hub.actor', 'EXCHANGE', true);
  UPDATE welfare.proposal_candidate c
  SET match_status = a.status::welfare.match_status, person_id = a.person, validated_at = a.at, match_reasons = array(SELECT jsonb_array_elements_text(a.reasons))
  FROM jsonb_to_recordset(answers) a(about uuid, status text, person uuid, reasons jsonb, at timestamptz), welfare.proposal p
  WHERE c.id = a.about AND p.id = c.proposal_id AND p.state = 'IN_VERIFICATION' AND (c.validated_at IS NULL OR c.validated_at < a.at);
  UPDATE welfare.member m SET match_status = a.status::welfare.match_status, person_id = a.person, validated_at = a.at
  FROM jsonb_to_recordset(answers) a(about uuid, status text, person uuid, at timestamptz)
  WHERE m.id = a.about AND m.state IN ('ACTIVE', 'DORMANT') AND (m.validated_at IS NULL OR m.validated_at < a.at);
  UPDATE welfare.proposal p SET act = CASE WHEN welfare.proposal_is_matched(p) THEN 'MATCH' ELSE 'MISMATCH' END, reason = NULL
  WHERE p.state = 'IN_VERIFICATION' AND p.id IN (SELECT c.proposal_id FROM welfare.proposal_candidate c WHERE c.id = ANY (about))
    AND NOT EXISTS (SELECT FROM welfare.proposal_candidate c WHERE c.proposal_id = p.id AND c.match_status = 'NOT_YET_MATCHED');
END $$;
--> statement-breakpoint
-- Open proposals past their cut-off. A worker's task (registry_expire_proposals) calls it; at most 5,000 at once; how many expired.
CREATE FUNCTION "welfare"."expire_proposals"(at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE expired integer;
BEGIN
  PERFORM set_config('hub.now', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), true), set_config('hub.actor', 'registry_expire_proposals', true);
  UPDATE welfare.proposal p SET act = 'EXPIRE', reason = 'past the cut-off of calendar ' || (welfare.window_on('CUT_OFF', welfare.wib_day(coalesce(p.submitted_at, p.created_at)))).era
  WHERE p.id IN (SELECT q.id FROM welfare.proposal q WHERE q.expires_at <= at ORDER BY q.expires_at LIMIT 5000 FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS expired = ROW_COUNT;
  RETURN expired;
END $$;
--> statement-breakpoint
-- Whether population said that somebody died, and has not taken it back. In plpgsql, because the events have their table later.
CREATE FUNCTION "welfare"."has_died"(person uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN coalesce((SELECT e.kind = 'DEATH' FROM welfare.population_event e WHERE (e.kind = 'DEATH' AND e.says->'persons' @> jsonb_build_array(jsonb_build_object('id', person, 'role', 'DECEASED')))
    OR (e.kind = 'CORRECTION' AND e.says->'persons' @> jsonb_build_array(jsonb_build_object('id', person, 'role', 'REVIVED'))) ORDER BY e.position DESC LIMIT 1), false);
END $$;
--> statement-breakpoint
-- Two-digit number in the family: 01 head, 02 spouse, then children by birth date, then others as entered.
CREATE FUNCTION "welfare"."first_suffixes"(proposals uuid[]) RETURNS TABLE (candidate uuid, family_number integer, suffix text) LANGUAGE sql STABLE AS $$
  WITH found AS (
    SELECT c.*, dense_rank() OVER (PARTITION BY c.proposal_id ORDER BY coalesce(c.claimed_card_number, '')) AS family,
      row_number() OVER (PARTITION BY c.proposal_id, coalesce(c.claimed_card_number, ''), c.relation ORDER BY c.position) AS nth
    FROM welfare.proposal_candidate c WHERE c.proposal_id = ANY (proposals)
      -- who was found dead or a duplicate in the field, or has died since, becomes no member
      AND NOT EXISTS (SELECT FROM welfare.field_presence f JOIN welfare.field_verification v ON v.id = f.visit_id
        WHERE f.candidate_id = c.id AND f.code = 'Q2a' AND v.code = 'C2')
      AND NOT welfare.has_died(c.person_id)
  ), placed AS (
    SELECT f.*, CASE WHEN relation = 'HEAD' THEN 1 WHEN relation = 'SPOUSE' AND nth = 1 THEN 2 END AS place FROM found f
  )
  SELECT id, family::integer, lpad(coalesce(place, 2 + row_number() OVER (PARTITION BY proposal_id, family, place IS NULL
    ORDER BY relation <> 'CHILD', CASE WHEN relation = 'CHILD' THEN claimed_birth_date END NULLS LAST, position))::text, 2, '0')
  FROM placed
$$;
--> statement-breakpoint
-- Writes proposals into the registry: households, families, members. All of these, or an error.
CREATE FUNCTION "welfare"."register_proposals"(sent uuid[], determination uuid) RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE made integer;
BEGIN
  INSERT INTO welfare.household (id, region, address)
  SELECT md5('household ' || p.id)::uuid, p.region, p.address FROM welfare.proposal p WHERE p.id = ANY (sent);
  INSERT INTO welfare.family (id, household_id, registry_number, number_in_household, claimed_card_number, region)
  SELECT DISTINCT md5('family ' || p.id || s.family_number)::uuid, md5('household ' || p.id)::uuid, p.number || '-' || s.family_number, s.family_number, c.claimed_card_number, p.region
  FROM welfare.first_suffixes(sent) s JOIN welfare.proposal_candidate c ON c.id = s.candidate JOIN welfare.proposal p ON p.id = c.proposal_id;
  INSERT INTO welfare.member (id, household_id, family_id, suffix, relation, match_status, person_id, claimed_name, claimed_nik, state, region)
  SELECT md5('member ' || c.id)::uuid, md5('household ' || p.id)::uuid, md5('family ' || p.id || s.family_number)::uuid, s.suffix, c.relation, c.match_status, c.person_id, c.claimed_name, c.claimed_nik, 'ACTIVE', p.region
  FROM welfare.first_suffixes(sent) s JOIN welfare.proposal_candidate c ON c.id = s.candidate JOIN welfare.proposal p ON p.id = c.proposal_id;
  UPDATE welfare.proposal_candidate c SET member_id = m.id FROM welfare.member m WHERE c.proposal_id = ANY (sent) AND m.id = md5('member ' || c.id)::uuid;
  UPDATE welfare.proposal p SET act = 'DETERMINE', reason = NULL, household_id = md5('household ' || p.id)::uuid, determination_id = determination WHERE p.id = ANY (sent);
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END $$;
--> statement-breakpoint
-- What a determination makes of the proposals due (proposals_due): households, families and members of the registry, each person once; a proposal with
-- somebody who is in it already, or in an earlier proposal, or whose head has died, is rejected, and so is one that cannot be written: no village stops
-- the country. How many were determined. For the registry's workers.
CREATE FUNCTION "welfare"."determine_proposals"(determination uuid) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sent uuid[];
  one uuid;
  made integer;
  fault text;
  code text;
BEGIN
  PERFORM FROM welfare.proposal p WHERE p.state = 'SENT_TO_CENTRE' ORDER BY p.number FOR UPDATE;
  sent := array(SELECT u.proposal FROM welfare.proposals_due(determination, '') u);
  UPDATE welfare.proposal p SET act = 'REJECT_AT_CENTRE', reason = u.refused
  FROM welfare.proposals_due(determination, '') u WHERE p.id = u.proposal AND u.refused IS NOT NULL;
  sent := array(SELECT p.id FROM welfare.proposal p WHERE p.id = ANY (sent) AND p.state = 'SENT_TO_CENTRE' ORDER BY p.number);
  BEGIN
    RETURN welfare.register_proposals(sent, determination);
  EXCEPTION WHEN integrity_constraint_violation OR data_exception OR SQLSTATE 'HB001' OR SQLSTATE 'HB002' OR SQLSTATE 'HB003' THEN
    made := 0; -- one of them cannot be written: one by one, to find which
  END;
  FOREACH one IN ARRAY sent LOOP
    BEGIN
      made := made + welfare.register_proposals(array[one], determination);
    EXCEPTION WHEN integrity_constraint_violation OR data_exception OR SQLSTATE 'HB001' OR SQLSTATE 'HB002' OR SQLSTATE 'HB003' THEN
      GET STACKED DIAGNOSTICS fault = CONSTRAINT_NAME, code = RETURNED_SQLSTATE;
      UPDATE welfare.proposal p SET act = 'REJECT_AT_CENTRE', reason = 'cannot be entered in the registry: ' || coalesce(nullif(fault, ''), code) WHERE p.id = one;
    END;
  END LOOP;
  RETURN made;
END $$;
--> statement-breakpoint
-- Roll-up of the codes of a household's candidates (proposals/rollUp.ts; a test holds both equal).
CREATE FUNCTION "welfare"."roll_up"(codes text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN codes && '{MK,MKa,MKb}' THEN 'M2' WHEN 'Q1a' = ANY (codes) THEN 'C1'
    WHEN 'Q1b' = ANY (codes) THEN CASE WHEN codes && '{Q2,Q2b}' THEN 'C1' ELSE 'C1a' END
    WHEN codes && '{Q2,Q2b}' THEN 'C2' ELSE 'C2a' END
$$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."field_verification_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p welfare.proposal;
  codes text[];
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  SELECT q.* INTO p FROM welfare.proposal q WHERE q.id = NEW.proposal_id;
  IF NEW.act = 'SAVE' THEN
    PERFORM welfare.require_duty(array['ENUMERATOR', 'VILLAGE_OPERATOR'], p.region, 'a field visit');
    IF p.state NOT IN ('IN_VERIFICATION', 'MATCHED', 'NOT_MATCHED', 'IN_REPAIR') THEN RAISE EXCEPTION 'a proposal that is % is not visited', p.state USING ERRCODE = 'HB001'; END IF;
    IF TG_OP = 'UPDATE' AND OLD.code <> 'P3a' THEN RAISE EXCEPTION 'only a returned visit is recorded anew' USING ERRCODE = 'HB001'; END IF;
    IF NEW.visited_on > welfare.wib_day(welfare.moment()) THEN RAISE EXCEPTION 'visitedOn: it is still to come' USING ERRCODE = 'HB003'; END IF;
    NEW.enumerator := welfare.officer();
    NEW.approved_by := NULL;
    NEW.code := 'M1';
  ELSE
    IF TG_OP = 'INSERT' THEN RAISE EXCEPTION 'a visit begins with its record' USING ERRCODE = 'HB001'; END IF;
    PERFORM welfare.require_duty(array['VERIFIER'], p.region, NEW.act || ' of a field visit');
    IF welfare.officer() = OLD.enumerator THEN RAISE EXCEPTION 'who visited leaves the verification to another' USING ERRCODE = 'HB002'; END IF;
    IF (OLD.code, NEW.act) NOT IN (('M1', 'APPROVE'), ('M2', 'APPROVE'), ('M1', 'RETURN'), ('M2', 'RETURN'), ('C1', 'SETTLE'), ('C1a', 'SETTLE')) THEN
      RAISE EXCEPTION 'a visit with code % takes no %', OLD.code, NEW.act USING ERRCODE = 'HB001';
    END IF;
    codes := array(SELECT f.code FROM welfare.field_presence f WHERE f.visit_id = NEW.id);
    NEW.code := CASE WHEN NEW.act = 'RETURN' THEN 'P3a' ELSE welfare.roll_up(codes) END;
    IF NEW.act <> 'RETURN' THEN NEW.approved_by := welfare.officer(); END IF;
  END IF;
  NEW.region := p.region;
  NEW.proposer_citizen := p.proposer_citizen;
  NEW.version := CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE OLD.version + 1 END;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "field_verification_rules" BEFORE INSERT OR UPDATE ON "welfare"."field_verification" FOR EACH ROW EXECUTE FUNCTION "welfare"."field_verification_rules"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."field_verification_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM welfare.note_transition('FIELD_VERIFICATION', NEW.id, NEW.proposer_citizen, NEW.region, NEW.act, CASE WHEN TG_OP = 'UPDATE' THEN OLD.code END, NEW.code, NEW.reason);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "field_verification_moved" AFTER INSERT OR UPDATE ON "welfare"."field_verification" FOR EACH ROW EXECUTE FUNCTION "welfare"."field_verification_moved"();
--> statement-breakpoint
-- A code follows from presence and matching: set when seen, judged by a verifier (Q2 needs a matched candidate; 3 and 4 are always Q2a).
CREATE FUNCTION "welfare"."field_presence_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v welfare.field_verification;
  c welfare.proposal_candidate;
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  SELECT w.* INTO v FROM welfare.field_verification w WHERE w.id = NEW.visit_id FOR UPDATE;
  SELECT d.* INTO c FROM welfare.proposal_candidate d WHERE d.id = NEW.candidate_id AND d.proposal_id = v.proposal_id;
  IF NOT FOUND THEN RAISE EXCEPTION 'presences: each is of a candidate of the proposal visited' USING ERRCODE = 'HB003'; END IF;
  IF NEW.code IN ('MK', 'MKa', 'MKb') THEN
    IF v.code <> 'M1' OR v.enumerator IS DISTINCT FROM welfare.officer() THEN RAISE EXCEPTION 'presences are recorded with the visit, by who visited' USING ERRCODE = 'HB001'; END IF;
  ELSE
    PERFORM welfare.require_duty(array['VERIFIER'], v.region, 'judging a presence');
    IF TG_OP = 'INSERT' OR NEW.presence <> OLD.presence OR welfare.officer() = v.enumerator THEN RAISE EXCEPTION 'a presence is judged as it was seen, by another' USING ERRCODE = 'HB002'; END IF;
    IF (NEW.presence IN ('DUPLICATE', 'DECEASED') AND NEW.code <> 'Q2a')
      OR (NEW.code = 'Q2' AND c.match_status <> 'MATCHED')
      OR (OLD.code, NEW.code) NOT IN (('MK', 'Q2'), ('MK', 'Q1a'), ('MK', 'Q2a'), ('MKa', 'Q2'), ('MKa', 'Q1a'), ('MKa', 'Q2a'), ('MKb', 'Q1b'), ('MKb', 'Q2a'), ('Q1a', 'Q2'), ('Q1a', 'Q2a'), ('Q1b', 'Q2b'), ('Q1b', 'Q2a'))
    THEN RAISE EXCEPTION 'a candidate seen as % and % does not become %', NEW.presence, OLD.code, NEW.code USING ERRCODE = 'HB001'; END IF;
  END IF;
  NEW.region := v.region;
  NEW.proposer_citizen := v.proposer_citizen;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "field_presence_rules" BEFORE INSERT OR UPDATE ON "welfare"."field_presence" FOR EACH ROW EXECUTE FUNCTION "welfare"."field_presence_rules"();
--> statement-breakpoint
ALTER TABLE "welfare"."deliberation" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."deliberation_decision" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."field_presence" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."field_verification" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."proposal" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."proposal_candidate" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."responsibility_statement" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."candidates_waiting", "welfare"."has_died", "welfare"."first_suffixes", "welfare"."register_proposals", "welfare"."hold_claims", "welfare"."record_validation", "welfare"."expire_proposals", "welfare"."determine_proposals" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."candidates_waiting", "welfare"."hold_claims", "welfare"."record_validation" TO "hub_welfare";
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."expire_proposals", "welfare"."determine_proposals" TO "hub_welfare_jobs";
--> statement-breakpoint
GRANT SELECT ON "welfare"."proposal_step", "welfare"."calendar_window", "welfare"."proposal", "welfare"."proposal_candidate", "welfare"."deliberation", "welfare"."deliberation_decision", "welfare"."responsibility_statement", "welfare"."field_verification", "welfare"."field_presence" TO "hub_welfare";
--> statement-breakpoint
GRANT SELECT ON "welfare"."proposal", "welfare"."proposal_step", "welfare"."calendar_window" TO "hub_welfare_jobs";
--> statement-breakpoint
GRANT INSERT ("id", "region", "channel", "aid", "basis", "address") ON "welfare"."proposal" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("act", "reason", "address", "deliberation_id", "statement_id", "letter_number", "letter_sha256") ON "welfare"."proposal" TO "hub_welfare";
--> statement-breakpoint
GRANT INSERT ("id", "proposal_id", "position", "relation", "claimed_name", "claimed_nik", "claimed_birth_date", "claimed_sex", "claimed_birth_place", "claimed_card_number"), UPDATE ("relation", "claimed_name", "claimed_nik", "claimed_birth_date", "claimed_sex", "claimed_birth_place", "claimed_card_number") ON "welfare"."proposal_candidate" TO "hub_welfare";
--> statement-breakpoint
GRANT INSERT ("id", "region", "kind", "minutes_number", "held_on", "attendees", "quorum", "document_sha256", "list_sha256") ON "welfare"."deliberation" TO "hub_welfare";
--> statement-breakpoint
GRANT INSERT ("deliberation_id", "proposal_id", "decision", "reason") ON "welfare"."deliberation_decision" TO "hub_welfare";
--> statement-breakpoint
GRANT INSERT ("id", "region", "statement_number", "signed_on", "document_sha256") ON "welfare"."responsibility_statement" TO "hub_welfare";
--> statement-breakpoint
GRANT INSERT ("id", "proposal_id", "act", "visited_on", "result", "method", "latitude", "longitude", "photo_sha256"), UPDATE ("act", "reason", "visited_on", "result", "method", "latitude", "longitude", "photo_sha256") ON "welfare"."field_verification" TO "hub_welfare";
--> statement-breakpoint
GRANT INSERT ("visit_id", "candidate_id", "presence", "code"), UPDATE ("presence", "code") ON "welfare"."field_presence" TO "hub_welfare";
