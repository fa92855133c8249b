-- Keys by which spreadsheets and BI tools poll released figures: in a client's name under one agreement, and of nothing else.
CREATE TABLE "governance"."feed_key" (
	"id" uuid PRIMARY KEY NOT NULL,
	"agreement_number" text collate "C" NOT NULL,
	"client_id" text collate "C" NOT NULL,
	"cubes" text[] NOT NULL,
	"label" text NOT NULL,
	"secret_sha256" "bytea" NOT NULL,
	"made_by" text collate "C" NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"closed_by" text collate "C",
	"closed_at" timestamp with time zone,
	CONSTRAINT "feed_key_cubes" CHECK (cardinality(cubes) between 1 and 50),
	CONSTRAINT "feed_key_secret" CHECK (length(secret_sha256) = 32),
	CONSTRAINT "feed_key_term" CHECK (expires_at > made_at and expires_at <= made_at + interval '366 days'),
	CONSTRAINT "feed_key_closed" CHECK ((closed_by is null) = (closed_at is null))
);
--> statement-breakpoint
ALTER TABLE "governance"."feed_key" ADD CONSTRAINT "feed_key_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number");
--> statement-breakpoint
ALTER TABLE "governance"."feed_key" ADD CONSTRAINT "feed_key_client_id_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "governance"."client"("id");
--> statement-breakpoint
ALTER TABLE "governance"."feed_key" ADD CONSTRAINT "feed_key_made_by_steward_id_fk" FOREIGN KEY ("made_by") REFERENCES "governance"."steward"("id");
--> statement-breakpoint
ALTER TABLE "governance"."feed_key" ADD CONSTRAINT "feed_key_closed_by_steward_id_fk" FOREIGN KEY ("closed_by") REFERENCES "governance"."steward"("id");
--> statement-breakpoint
CREATE INDEX "feed_key_agreement" ON "governance"."feed_key" USING btree ("agreement_number");
--> statement-breakpoint
ALTER TABLE "governance"."feed_key" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_governance_reads" ON "governance"."feed_key" FOR SELECT TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null);
--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."feed_key" FOR SELECT TO "hub_gateway" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."feed_key" FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_writes" ON "governance"."feed_key" FOR ALL TO "hub_governance" USING ((current_setting('hub.officer')::text[])[1] is not null) WITH CHECK ((current_setting('hub.officer')::text[])[1] is not null);
--> statement-breakpoint
-- The hash is the gateway's alone to compare; nobody who answers questions reads it.
GRANT SELECT ("id", "agreement_number", "client_id", "cubes", "label", "made_by", "made_at", "expires_at", "closed_by", "closed_at") ON "governance"."feed_key" TO "hub_governance";
--> statement-breakpoint
GRANT INSERT ON "governance"."feed_key" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("closed_by", "closed_at") ON "governance"."feed_key" TO "hub_governance";
--> statement-breakpoint
GRANT SELECT ON "governance"."feed_key" TO "hub_gateway";
--> statement-breakpoint
CREATE FUNCTION "governance"."feed_key_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  consumer text := (SELECT a.consumer_agency FROM governance.agreement a WHERE a.number = NEW.agreement_number);
BEGIN
  IF TG_OP = 'UPDATE' AND (governance.changed_columns(to_jsonb(OLD), to_jsonb(NEW), ARRAY['closed_by', 'closed_at']) IS NOT NULL OR OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL) THEN
    RAISE EXCEPTION 'a key of figures is closed, once, and changes in nothing else' USING ERRCODE = 'HB001';
  ELSIF TG_OP = 'UPDATE' THEN
    NEW.closed_at := clock_timestamp();
    PERFORM governance.require_role(NEW.closed_by, consumer, ARRAY['STEWARD', 'DPO'], 'closing a key of figures');
    RETURN NEW;
  END IF;
  PERFORM governance.require_role(NEW.made_by, consumer, ARRAY['STEWARD'], 'a key of figures');
  IF NEW.closed_at IS NOT NULL OR NEW.made_at > clock_timestamp() + interval '1 minute' THEN
    RAISE EXCEPTION 'a key of figures begins open, and now' USING ERRCODE = 'HB001';
  ELSIF NOT EXISTS (SELECT FROM governance.client c WHERE c.id = NEW.client_id AND c.agency_code = consumer) THEN
    RAISE EXCEPTION 'client: not one of %', consumer USING ERRCODE = 'HB003';
  ELSIF EXISTS (SELECT FROM governance.agreement a JOIN governance.purpose p ON p.code = a.purpose_code WHERE a.number = NEW.agreement_number AND (p.needs_officer OR p.needs_case)) THEN
    RAISE EXCEPTION 'agreement: only persons ask under %, or by case', NEW.agreement_number USING ERRCODE = 'HB003';
  ELSIF (SELECT count(*) FROM governance.feed_key o WHERE o.agreement_number = NEW.agreement_number AND o.closed_at IS NULL AND o.expires_at > clock_timestamp()) >= 50 THEN
    RAISE EXCEPTION 'at most 50 keys an agreement: close one first' USING ERRCODE = 'HB003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "feed_key_rules" BEFORE INSERT OR UPDATE ON "governance"."feed_key" FOR EACH ROW EXECUTE FUNCTION "governance"."feed_key_rules"();
--> statement-breakpoint
-- Stewards of both sides read among the events of policy that there is a key, whose it is and that it is gone.
CREATE FUNCTION "governance"."feed_key_event"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO governance.policy_event (actor, kind, agreement_number, detail)
  VALUES (coalesce(governance.officer(), session_user::text), CASE WHEN NEW.closed_at IS NULL THEN 'FEED_KEY_OPENED' ELSE 'FEED_KEY_CLOSED' END, NEW.agreement_number,
    format('%s: %s (%s)', NEW.id, NEW.label, array_to_string(NEW.cubes, ', ')));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "feed_key_event" AFTER INSERT OR UPDATE ON "governance"."feed_key" FOR EACH ROW EXECUTE FUNCTION "governance"."feed_key_event"();
--> statement-breakpoint
CREATE TRIGGER "feed_key_stays" BEFORE DELETE OR TRUNCATE ON "governance"."feed_key" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse"('a key of figures is closed, never removed');
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."feed_key_rules", "governance"."feed_key_event" FROM PUBLIC;
