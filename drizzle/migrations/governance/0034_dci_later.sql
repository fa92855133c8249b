-- The DCI standard's messages that are answered later, and which events a partner is told by it. Where answers go is a channel that stewards of both sides
-- have agreed on: a webhook in another dress.
CREATE TABLE "governance"."dci_subscription" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"registry" text NOT NULL,
	"event_type" text NOT NULL,
	"record_type" text NOT NULL,
	"programs" text[] NOT NULL,
	"kinds" text[] NOT NULL,
	"codes" text[] NOT NULL,
	"made_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "registry_word" CHECK (registry in ('sr', 'ibr')),
	CONSTRAINT "dci_subscription_words" CHECK (length(event_type) <= 99 and length(record_type) <= 99)
);
--> statement-breakpoint
ALTER TABLE "governance"."dci_subscription" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "governance"."dci_transaction" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" text collate "C" NOT NULL,
	"agreement_number" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"case_number" text,
	"channel_id" uuid,
	"registry" text NOT NULL,
	"action" text NOT NULL,
	"transaction_id" text collate "C" NOT NULL,
	"sealed" bytea,
	"state" text NOT NULL,
	"code" text,
	"outcome" json,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"lease" uuid,
	"leased_until" timestamp with time zone,
	"asked_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "action_word" CHECK (action in ('search', 'subscribe', 'unsubscribe', 'txn-status')),
	CONSTRAINT "state_word" CHECK (state in ('waiting', 'queued', 'running', 'delivered', 'expired', 'failed')),
	CONSTRAINT "registry_word" CHECK (registry in ('sr', 'ibr')),
	CONSTRAINT "dci_transaction_number" CHECK (length(transaction_id) between 1 and 99),
	CONSTRAINT "dci_transaction_sealed" CHECK ((state in ('waiting', 'queued', 'running')) = (sealed is not null)),
	CONSTRAINT "dci_transaction_leased" CHECK ((state = 'running') = (lease is not null) and (lease is null) = (leased_until is null)),
	CONSTRAINT "dci_transaction_ended" CHECK ((state in ('delivered', 'expired', 'failed')) = (ended_at is not null)),
	CONSTRAINT "dci_transaction_sent" CHECK (channel_id is not null or state not in ('queued', 'running')),
	CONSTRAINT "dci_transaction_term" CHECK (expires_at <= asked_at + interval '25 hours')
);
--> statement-breakpoint
ALTER TABLE "governance"."dci_transaction" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."event_subscription" ADD COLUMN "format" text DEFAULT 'WEBHOOK' NOT NULL;
--> statement-breakpoint
ALTER TABLE "governance"."dci_subscription" ADD CONSTRAINT "dci_subscription_channel_id_event_subscription_id_fk" FOREIGN KEY ("channel_id") REFERENCES "governance"."event_subscription"("id");
--> statement-breakpoint
ALTER TABLE "governance"."dci_transaction" ADD CONSTRAINT "dci_transaction_client_id_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "governance"."client"("id");
--> statement-breakpoint
ALTER TABLE "governance"."dci_transaction" ADD CONSTRAINT "dci_transaction_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number");
--> statement-breakpoint
ALTER TABLE "governance"."dci_transaction" ADD CONSTRAINT "dci_transaction_channel_id_event_subscription_id_fk" FOREIGN KEY ("channel_id") REFERENCES "governance"."event_subscription"("id");
--> statement-breakpoint
CREATE UNIQUE INDEX "dci_subscription_once" ON "governance"."dci_subscription" USING btree ("channel_id","registry","event_type","record_type","programs","kinds","codes") WHERE ended_at is null;
--> statement-breakpoint
CREATE INDEX "dci_transaction_due" ON "governance"."dci_transaction" USING btree ("next_at") WHERE state in ('queued', 'running');
--> statement-breakpoint
CREATE INDEX "dci_transaction_asker" ON "governance"."dci_transaction" USING btree ("client_id","transaction_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "dci_transaction_search" ON "governance"."dci_transaction" USING btree ("client_id","transaction_id") WHERE action = 'search';
--> statement-breakpoint
ALTER TABLE "governance"."event_subscription" ADD CONSTRAINT "format_word" CHECK (format in ('WEBHOOK', 'DCI'));
--> statement-breakpoint
CREATE POLICY "hub_gateway_writes" ON "governance"."dci_subscription" FOR ALL TO "hub_gateway" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."dci_subscription" FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_gateway_writes" ON "governance"."dci_transaction" FOR ALL TO "hub_gateway" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."dci_transaction" FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "governance"."dci_subscription" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."dci_transaction" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON "governance"."dci_subscription", "governance"."dci_transaction" TO "hub_gateway";
--> statement-breakpoint
GRANT UPDATE ("ended_at") ON "governance"."dci_subscription" TO "hub_gateway";
--> statement-breakpoint
GRANT UPDATE ("state", "code", "sealed", "outcome", "attempts", "next_at", "lease", "leased_until", "ended_at") ON "governance"."dci_transaction" TO "hub_gateway";
--> statement-breakpoint
-- A message goes one way; what has ended never comes back. After 30 days it is forgotten, by nobody sooner.
CREATE FUNCTION "governance"."dci_transaction_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('waiting', 'queued') OR NEW.attempts <> 0 THEN RAISE EXCEPTION 'a message begins as waiting or queued' USING ERRCODE = 'HB001'; END IF;
    IF NEW.channel_id IS NOT NULL AND NOT EXISTS (SELECT FROM governance.event_subscription s WHERE s.id = NEW.channel_id AND s.format = 'DCI'
        AND s.client_id = NEW.client_id AND s.agreement_number = NEW.agreement_number) THEN
      RAISE EXCEPTION 'an answer goes to a channel of who asked' USING ERRCODE = 'HB001';
    END IF;
    -- one after the other, so that however many come at once, no more are open
    PERFORM pg_advisory_xact_lock(hashtextextended('dci_transaction ' || NEW.client_id, 0));
    IF (SELECT count(*) FROM governance.dci_transaction t WHERE t.client_id = NEW.client_id AND t.state IN ('waiting', 'queued', 'running')) >= 100 THEN
      RAISE EXCEPTION 'at most 100 messages of a client are open' USING ERRCODE = 'HB003';
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF OLD.ended_at IS NULL OR OLD.ended_at > clock_timestamp() - interval '30 days' THEN
      RAISE EXCEPTION 'a message is kept for 30 days' USING ERRCODE = 'HB001';
    END IF;
    RETURN OLD;
  ELSIF OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'a message that has ended stays what it is' USING ERRCODE = 'HB001';
  ELSIF NEW.sealed IS NOT NULL AND NEW.sealed <> OLD.sealed THEN
    RAISE EXCEPTION 'what was asked stays what it is' USING ERRCODE = 'HB001';
  ELSIF OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ('waiting>delivered', 'waiting>expired', 'waiting>failed',
    'queued>running', 'queued>expired', 'queued>failed', 'running>queued', 'running>delivered', 'running>expired', 'running>failed') THEN
    RAISE EXCEPTION 'a message that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."dci_transaction_rules" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "dci_transaction_rules" BEFORE INSERT OR UPDATE OR DELETE ON "governance"."dci_transaction" FOR EACH ROW EXECUTE FUNCTION "governance"."dci_transaction_rules"();
--> statement-breakpoint
-- A subscription narrows a channel that is in force, and ends once.
CREATE FUNCTION "governance"."dci_subscription_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.ended_at IS NOT NULL OR NOT EXISTS (SELECT FROM governance.event_subscription s
        WHERE s.id = NEW.channel_id AND s.format = 'DCI' AND s.state IN ('ACTIVE', 'PAUSED')) THEN
      RAISE EXCEPTION 'a subscription narrows a channel of the standard that was approved' USING ERRCODE = 'HB001';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('dci_subscription ' || NEW.channel_id, 0));
    IF (SELECT count(*) FROM governance.dci_subscription s WHERE s.channel_id = NEW.channel_id AND s.ended_at IS NULL) >= 20 THEN
      RAISE EXCEPTION 'at most 20 subscriptions of a channel are open' USING ERRCODE = 'HB003';
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF OLD.ended_at IS NULL OR OLD.ended_at > clock_timestamp() - interval '30 days' THEN
      RAISE EXCEPTION 'a subscription is kept for 30 days after its end' USING ERRCODE = 'HB001';
    END IF;
    RETURN OLD;
  ELSIF OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'a subscription ends once' USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."dci_subscription_rules" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "dci_subscription_rules" BEFORE INSERT OR UPDATE OR DELETE ON "governance"."dci_subscription" FOR EACH ROW EXECUTE FUNCTION "governance"."dci_subscription_rules"();
