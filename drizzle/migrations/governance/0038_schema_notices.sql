-- What agreements are told before the schema changes: sent by an operator of the hub, once, and acknowledged by who answers for the agreement.
CREATE TABLE "governance"."schema_notice" (
	"id" uuid PRIMARY KEY NOT NULL,
	"agreement_number" text collate "C" NOT NULL,
	"digest" "bytea" NOT NULL,
	"severity" text NOT NULL,
	"effective_on" date NOT NULL,
	"changes" jsonb NOT NULL,
	"sent_by" text collate "C" NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"acknowledged_by" text collate "C",
	"acknowledged_at" timestamp with time zone,
	CONSTRAINT "schema_notice_once" UNIQUE("agreement_number","digest"),
	CONSTRAINT "severity_word" CHECK (severity in ('BREAKING', 'DANGEROUS', 'SAFE')),
	CONSTRAINT "schema_notice_digest" CHECK (length(digest) = 32),
	CONSTRAINT "schema_notice_changes" CHECK (jsonb_array_length(changes) between 1 and 500),
	CONSTRAINT "schema_notice_acknowledged" CHECK ((acknowledged_by is null) = (acknowledged_at is null))
);
--> statement-breakpoint
ALTER TABLE "governance"."schema_notice" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."schema_notice" ADD CONSTRAINT "schema_notice_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number");
--> statement-breakpoint
ALTER TABLE "governance"."schema_notice" ADD CONSTRAINT "schema_notice_sent_by_steward_id_fk" FOREIGN KEY ("sent_by") REFERENCES "governance"."steward"("id");
--> statement-breakpoint
ALTER TABLE "governance"."schema_notice" ADD CONSTRAINT "schema_notice_acknowledged_by_steward_id_fk" FOREIGN KEY ("acknowledged_by") REFERENCES "governance"."steward"("id");
--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."schema_notice" FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."schema_notice" FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."schema_notice" FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);
--> statement-breakpoint
GRANT SELECT, INSERT ON "governance"."schema_notice" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("acknowledged_by", "acknowledged_at") ON "governance"."schema_notice" TO "hub_governance";
--> statement-breakpoint
CREATE FUNCTION "governance"."schema_notice_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  consumer text := (SELECT a.consumer_agency FROM governance.agreement a WHERE a.number = NEW.agreement_number);
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM governance.require_role(NEW.sent_by, 'HUB', ARRAY['OPERATOR'], 'a notice of the schema');
    IF NEW.acknowledged_at IS NOT NULL OR NEW.sent_at > clock_timestamp() + interval '1 minute' THEN
      RAISE EXCEPTION 'a notice begins unread, and now' USING ERRCODE = 'HB001';
    END IF;
    RETURN NEW;
  ELSIF governance.changed_columns(to_jsonb(OLD), to_jsonb(NEW), ARRAY['acknowledged_by', 'acknowledged_at']) IS NOT NULL OR OLD.acknowledged_at IS NOT NULL OR NEW.acknowledged_at IS NULL THEN
    RAISE EXCEPTION 'a notice is acknowledged, once, and changes in nothing else' USING ERRCODE = 'HB001';
  END IF;
  NEW.acknowledged_at := clock_timestamp();
  PERFORM governance.require_role(NEW.acknowledged_by, consumer, ARRAY['STEWARD', 'DPO'], 'acknowledging a notice of the schema');
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "schema_notice_rules" BEFORE INSERT OR UPDATE ON "governance"."schema_notice" FOR EACH ROW EXECUTE FUNCTION "governance"."schema_notice_rules"();
--> statement-breakpoint
-- That an agreement was warned, and by whom it was heard, stands among the events of policy.
CREATE FUNCTION "governance"."schema_notice_event"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO governance.policy_event (actor, kind, agreement_number, detail)
  VALUES (coalesce(governance.officer(), session_user::text), CASE WHEN NEW.acknowledged_at IS NULL THEN 'SCHEMA_NOTICE_SENT' ELSE 'SCHEMA_NOTICE_ACKNOWLEDGED' END, NEW.agreement_number,
    format('%s: %s, %s changes, from %s', NEW.id, NEW.severity, jsonb_array_length(NEW.changes), NEW.effective_on));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "schema_notice_event" AFTER INSERT OR UPDATE ON "governance"."schema_notice" FOR EACH ROW EXECUTE FUNCTION "governance"."schema_notice_event"();
--> statement-breakpoint
CREATE TRIGGER "schema_notice_stays" BEFORE DELETE OR TRUNCATE ON "governance"."schema_notice" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse"('a notice of the schema is acknowledged, never removed');
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."schema_notice_rules", "governance"."schema_notice_event" FROM PUBLIC;
