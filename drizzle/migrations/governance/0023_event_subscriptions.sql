-- Webhooks of the events of the aid programs: asked for by who receives, approved by who controls the data, delivered by gateways.
CREATE TABLE "governance"."event_subscription" (
	"id" uuid PRIMARY KEY NOT NULL,
	"agreement_number" text collate "C" NOT NULL,
	"client_id" text collate "C" NOT NULL,
	"url" text NOT NULL,
	"programs" text[] NOT NULL,
	"kinds" text[] NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"made_by" text collate "C" NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"approved_by" text collate "C",
	"paused_by" text collate "C",
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "state_word" CHECK (state in ('PROPOSED', 'ACTIVE', 'PAUSED', 'REVOKED')),
	CONSTRAINT "event_subscription_url" CHECK (length(url) <= 500 and url ~ '^(https://|http://127\.0\.0\.1(:|/|$))[^\s#@?]+$'),
	CONSTRAINT "event_subscription_four_eyes" CHECK (approved_by <> made_by),
	CONSTRAINT "event_subscription_approved" CHECK (state in ('PROPOSED', 'REVOKED') or approved_by is not null)
);
--> statement-breakpoint
CREATE TABLE "governance"."event_progress" (
	"subscription_id" uuid PRIMARY KEY NOT NULL,
	"position" bigint,
	"pending_until" bigint,
	"attempts" integer DEFAULT 0 NOT NULL,
	"failing_since" timestamp with time zone,
	"given_up" integer DEFAULT 0 NOT NULL,
	"code" text,
	"delivered_at" timestamp with time zone,
	"next_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"leased_by" uuid,
	"lease" uuid,
	"leased_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "governance"."dead_event" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"subscription_id" uuid NOT NULL,
	"after" bigint NOT NULL,
	"until" bigint NOT NULL,
	"code" text NOT NULL,
	"attempts" integer NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"state" text DEFAULT 'DEAD' NOT NULL,
	"redelivered_by" text collate "C",
	CONSTRAINT "state_word" CHECK (state in ('DEAD', 'QUEUED', 'DELIVERED')),
	CONSTRAINT "dead_event_places" CHECK (after < until)
);
--> statement-breakpoint
ALTER TABLE "governance"."dead_event" ADD CONSTRAINT "dead_event_subscription_id_event_subscription_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "governance"."event_subscription"("id");
--> statement-breakpoint
ALTER TABLE "governance"."dead_event" ADD CONSTRAINT "dead_event_redelivered_by_steward_id_fk" FOREIGN KEY ("redelivered_by") REFERENCES "governance"."steward"("id");
--> statement-breakpoint
ALTER TABLE "governance"."event_progress" ADD CONSTRAINT "event_progress_subscription_id_event_subscription_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "governance"."event_subscription"("id");
--> statement-breakpoint
ALTER TABLE "governance"."event_subscription" ADD CONSTRAINT "event_subscription_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number");
--> statement-breakpoint
ALTER TABLE "governance"."event_subscription" ADD CONSTRAINT "event_subscription_client_id_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "governance"."client"("id");
--> statement-breakpoint
ALTER TABLE "governance"."event_subscription" ADD CONSTRAINT "event_subscription_made_by_steward_id_fk" FOREIGN KEY ("made_by") REFERENCES "governance"."steward"("id");
--> statement-breakpoint
ALTER TABLE "governance"."event_subscription" ADD CONSTRAINT "event_subscription_approved_by_steward_id_fk" FOREIGN KEY ("approved_by") REFERENCES "governance"."steward"("id");
--> statement-breakpoint
ALTER TABLE "governance"."event_subscription" ADD CONSTRAINT "event_subscription_paused_by_steward_id_fk" FOREIGN KEY ("paused_by") REFERENCES "governance"."steward"("id");
--> statement-breakpoint
CREATE INDEX "dead_event_subscription" ON "governance"."dead_event" USING btree ("subscription_id","at");
--> statement-breakpoint
CREATE INDEX "event_subscription_agreement" ON "governance"."event_subscription" USING btree ("agreement_number");
--> statement-breakpoint
ALTER TABLE "governance"."event_subscription" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."event_progress" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."dead_event" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."dead_event" FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);
--> statement-breakpoint
CREATE POLICY "hub_governance_queues" ON "governance"."dead_event" FOR UPDATE TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);
--> statement-breakpoint
CREATE POLICY "hub_gateway_writes" ON "governance"."dead_event" FOR ALL TO "hub_gateway" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."dead_event" FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."event_progress" FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);
--> statement-breakpoint
CREATE POLICY "hub_gateway_writes" ON "governance"."event_progress" FOR ALL TO "hub_gateway" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."event_progress" FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."event_subscription" FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null or agreement_number in (select number from governance.agreement where consumer_agency = (current_setting('hub.agency')::text[])[1]));
--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."event_subscription" FOR SELECT TO "hub_gateway" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."event_subscription" FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."event_subscription" FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);
--> statement-breakpoint
GRANT SELECT ON "governance"."event_subscription", "governance"."event_progress", "governance"."dead_event" TO "hub_governance", "hub_gateway";
--> statement-breakpoint
GRANT INSERT ON "governance"."event_subscription" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("state", "reason", "approved_by") ON "governance"."event_subscription" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("state", "redelivered_by") ON "governance"."dead_event" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("position", "pending_until", "attempts", "failing_since", "given_up", "code", "delivered_at", "next_at", "leased_by", "lease", "leased_until") ON "governance"."event_progress" TO "hub_gateway";
--> statement-breakpoint
GRANT INSERT ON "governance"."dead_event" TO "hub_gateway";
--> statement-breakpoint
GRANT UPDATE ("state", "code", "attempts") ON "governance"."dead_event" TO "hub_gateway";
--> statement-breakpoint
-- Whether the steward who acts is one of who controls the events, by the newest catalogue.
CREATE FUNCTION "governance"."controls_events"(person text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM governance.coordinate c JOIN governance.steward s ON s.agency_code = ANY (c.owners)
    JOIN governance.steward_key k ON k.steward_id = s.id AND k.retired_at IS NULL AND 'STEWARD' = ANY (k.roles)
    WHERE c.supergraph_hash = governance.newest_supergraph() AND c.coordinate = 'Query.aidEvents' AND s.id = person AND s.status = 'ACTIVE')
$$;
--> statement-breakpoint
-- Who may do what with a subscription, and what follows what. A gateway may only pause one that fails.
CREATE FUNCTION "governance"."event_subscription_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asker text := governance.officer();
  consumer text := (SELECT a.consumer_agency FROM governance.agreement a WHERE a.number = NEW.agreement_number);
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF session_user <> 'hub_governance' THEN RETURN NEW; END IF;
    PERFORM governance.require_role(NEW.made_by, consumer, ARRAY['STEWARD'], 'a subscription to events');
    IF NEW.state <> 'PROPOSED' OR NEW.approved_by IS NOT NULL OR NEW.paused_by IS NOT NULL OR NEW.version <> 1 THEN
      RAISE EXCEPTION 'a subscription begins as proposed' USING ERRCODE = 'HB001';
    ELSIF NOT EXISTS (SELECT FROM governance.client c WHERE c.id = NEW.client_id AND c.agency_code = consumer) THEN
      RAISE EXCEPTION 'client: not one of %', consumer USING ERRCODE = 'HB003';
    ELSIF (SELECT count(*) FROM governance.event_subscription o WHERE o.agreement_number = NEW.agreement_number AND o.state <> 'REVOKED') >= 10 THEN
      RAISE EXCEPTION 'at most 10 subscriptions an agreement: revoke one first' USING ERRCODE = 'HB003';
    END IF;
    RETURN NEW;
  END IF;
  IF governance.changed_columns(to_jsonb(OLD), to_jsonb(NEW), ARRAY['state', 'reason', 'approved_by', 'paused_by', 'version']) IS NOT NULL THEN
    RAISE EXCEPTION 'where a subscription leads never changes: make another' USING ERRCODE = 'HB001';
  END IF;
  NEW.version := OLD.version + 1;
  NEW.paused_by := CASE WHEN NEW.state = 'PAUSED' THEN asker END; -- null: a gateway did
  CASE OLD.state || '>' || NEW.state
    WHEN 'PROPOSED>ACTIVE' THEN
      PERFORM governance.require_steward(NEW.approved_by, 'approving a subscription');
      IF NOT governance.controls_events(NEW.approved_by) THEN
        RAISE EXCEPTION 'approving a subscription takes a STEWARD of who controls the events' USING ERRCODE = 'HB002';
      ELSIF NEW.approved_by = OLD.made_by THEN
        RAISE EXCEPTION 'a subscription is approved by another than who made it' USING ERRCODE = 'HB002';
      END IF;
      INSERT INTO governance.event_progress (subscription_id) VALUES (NEW.id);
      RETURN NEW;
    WHEN 'ACTIVE>PAUSED' THEN
      IF session_user = 'hub_gateway' THEN RETURN NEW; END IF;
    WHEN 'PAUSED>ACTIVE' THEN
      IF EXISTS (SELECT FROM governance.steward s WHERE s.id = OLD.paused_by AND s.agency_code <> consumer) THEN
        PERFORM governance.require_steward(asker, 'resuming a subscription');
        IF NOT governance.controls_events(asker) THEN
          RAISE EXCEPTION 'what who controls the events has paused, a STEWARD of theirs resumes' USING ERRCODE = 'HB002';
        END IF;
      ELSE PERFORM governance.require_role(asker, consumer, ARRAY['STEWARD'], 'resuming a subscription');
      END IF;
      UPDATE governance.event_progress SET attempts = 0, given_up = 0, failing_since = NULL, next_at = clock_timestamp() WHERE subscription_id = NEW.id;
    WHEN 'PROPOSED>REVOKED', 'ACTIVE>REVOKED', 'PAUSED>REVOKED' THEN NULL;
    ELSE RAISE EXCEPTION 'a subscription that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END CASE;
  IF NEW.approved_by IS DISTINCT FROM OLD.approved_by THEN RAISE EXCEPTION 'a subscription is approved once' USING ERRCODE = 'HB001'; END IF;
  PERFORM governance.require_steward(asker, 'a subscription');
  IF NOT governance.controls_events(asker) THEN PERFORM governance.require_role(asker, consumer, ARRAY['STEWARD'], 'a subscription'); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "event_subscription_rules" BEFORE INSERT OR UPDATE ON "governance"."event_subscription" FOR EACH ROW EXECUTE FUNCTION "governance"."event_subscription_rules"();
--> statement-breakpoint
-- What happens to a subscription stands among the events of policy: stewards of both sides read it there.
CREATE FUNCTION "governance"."event_subscription_event"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO governance.policy_event (actor, kind, agreement_number, detail)
  VALUES (coalesce(governance.officer(), session_user::text), 'EVENTS_' || NEW.state, NEW.agreement_number, NEW.id || coalesce(': ' || NEW.reason, ''));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "event_subscription_event" AFTER INSERT OR UPDATE ON "governance"."event_subscription" FOR EACH ROW EXECUTE FUNCTION "governance"."event_subscription_event"();
--> statement-breakpoint
CREATE TRIGGER "event_subscription_stays" BEFORE DELETE OR TRUNCATE ON "governance"."event_subscription" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse"('a subscription is revoked, never removed');
--> statement-breakpoint
-- A gateway that gives up stops, until a steward of the receiver resumes: nothing is lost meanwhile, the place stays.
CREATE FUNCTION "governance"."pause_events"(subscription uuid, why text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE governance.event_subscription SET state = 'PAUSED', reason = why WHERE id = subscription AND state = 'ACTIVE'
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."pause_events", "governance"."event_subscription_rules", "governance"."event_subscription_event" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."pause_events" TO "hub_gateway";
--> statement-breakpoint
-- A steward of the receiver queues what is dead; delivered it stays so.
CREATE FUNCTION "governance"."dead_event_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF governance.changed_columns(to_jsonb(OLD), to_jsonb(NEW), ARRAY['state', 'redelivered_by', 'code', 'attempts']) IS NOT NULL OR OLD.state = 'DELIVERED' THEN
    RAISE EXCEPTION 'what was given up stays what it is' USING ERRCODE = 'HB001';
  ELSIF session_user = 'hub_governance' THEN
    IF OLD.state <> 'DEAD' OR NEW.state <> 'QUEUED' THEN RAISE EXCEPTION 'what is dead is sent again' USING ERRCODE = 'HB001'; END IF;
    PERFORM governance.require_role(NEW.redelivered_by, (SELECT a.consumer_agency::text FROM governance.event_subscription s
      JOIN governance.agreement a ON a.number = s.agreement_number WHERE s.id = OLD.subscription_id), ARRAY['STEWARD'], 'sending events again');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."dead_event_rules" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "dead_event_rules" BEFORE UPDATE ON "governance"."dead_event" FOR EACH ROW EXECUTE FUNCTION "governance"."dead_event_rules"();
--> statement-breakpoint
CREATE TRIGGER "dead_event_stays" BEFORE DELETE OR TRUNCATE ON "governance"."dead_event" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse"('what was given up stays on file');
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."is_operator" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."is_operator" TO "hub_governance";
