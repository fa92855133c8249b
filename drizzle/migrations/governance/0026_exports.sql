-- Files of rows: who asked for which, how far a gateway is, and the key the file is sealed with, which is gone when the job has ended.
CREATE TABLE "governance"."export_job" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" text collate "C" NOT NULL,
	"officer_id" text collate "C",
	"agreement_number" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"case_number" text,
	"note" text,
	"address" text NOT NULL,
	"wanted" json NOT NULL,
	"asked_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"code" text,
	"rows" bigint DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"attempt" uuid,
	"key" bytea,
	"leased_until" timestamp with time zone,
	"manifest" json,
	"expires_at" timestamp with time zone,
	CONSTRAINT "state_word" CHECK (state in ('queued', 'running', 'ready', 'expired', 'failed')),
	CONSTRAINT "export_job_key" CHECK ((state in ('running', 'ready')) = (key is not null) and (key is null) = (attempt is null) and octet_length(key) = 32),
	CONSTRAINT "export_job_leased" CHECK ((state = 'running') = (leased_until is not null)),
	CONSTRAINT "export_job_failed" CHECK ((state = 'failed') = (code is not null)),
	CONSTRAINT "export_job_made" CHECK ((state in ('ready', 'expired')) = (manifest is not null) and (manifest is null) = (expires_at is null))
);
--> statement-breakpoint
ALTER TABLE "governance"."export_job" ADD CONSTRAINT "export_job_client_id_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "governance"."client"("id");
--> statement-breakpoint
ALTER TABLE "governance"."export_job" ADD CONSTRAINT "export_job_officer_id_steward_id_fk" FOREIGN KEY ("officer_id") REFERENCES "governance"."steward"("id");
--> statement-breakpoint
ALTER TABLE "governance"."export_job" ADD CONSTRAINT "export_job_agreement_number_agreement_number_fk" FOREIGN KEY ("agreement_number") REFERENCES "governance"."agreement"("number");
--> statement-breakpoint
CREATE INDEX "export_job_asker" ON "governance"."export_job" USING btree ("client_id","asked_at");
--> statement-breakpoint
CREATE INDEX "export_job_open" ON "governance"."export_job" USING btree ("state") WHERE state in ('queued', 'running', 'ready');
--> statement-breakpoint
ALTER TABLE "governance"."export_job" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_gateway_writes" ON "governance"."export_job" FOR ALL TO "hub_gateway" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_governance_owner_all" ON "governance"."export_job" FOR ALL TO "hub_governance_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON "governance"."export_job" TO "hub_gateway";
--> statement-breakpoint
GRANT UPDATE ("state", "code", "rows", "attempts", "attempt", "key", "leased_until", "manifest", "expires_at") ON "governance"."export_job" TO "hub_gateway";
--> statement-breakpoint
-- A job goes one way; what has ended never comes back, and a file that is there stays the one that was made. After 400 days it is forgotten, by nobody sooner:
-- who got what is on record for as long as the record is.
CREATE FUNCTION "governance"."export_job_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_client bigint;
  of_asker bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'queued' THEN RAISE EXCEPTION 'an export begins as queued' USING ERRCODE = 'HB001'; END IF;
    -- one after the other, so that however many come at once, no more are open; officers of many agencies come through one client
    PERFORM pg_advisory_xact_lock(hashtextextended('export_job ' || NEW.client_id, 0));
    SELECT count(*), count(*) FILTER (WHERE j.officer_id IS NOT DISTINCT FROM NEW.officer_id) INTO of_client, of_asker
      FROM governance.export_job j WHERE j.client_id = NEW.client_id AND j.state IN ('queued', 'running', 'ready');
    IF of_asker >= 5 THEN RAISE EXCEPTION 'at most 5 exports of an asker are open: delete one first' USING ERRCODE = 'HB003'; END IF;
    IF of_client >= 50 THEN RAISE EXCEPTION 'at most 50 exports of a client are open' USING ERRCODE = 'HB003'; END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF OLD.state IN ('queued', 'running', 'ready') OR OLD.asked_at > clock_timestamp() - interval '400 days' THEN
      RAISE EXCEPTION 'an export is kept for 400 days' USING ERRCODE = 'HB001';
    END IF;
    RETURN OLD;
  ELSIF OLD.state = NEW.state AND OLD.state IN ('ready', 'expired', 'failed') THEN
    RAISE EXCEPTION 'an export that has ended stays what it is' USING ERRCODE = 'HB001';
  ELSIF OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN
    ('queued>running', 'queued>failed', 'running>queued', 'running>ready', 'running>failed', 'ready>expired') THEN
    RAISE EXCEPTION 'an export that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."export_job_rules" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "export_job_rules" BEFORE INSERT OR UPDATE OR DELETE ON "governance"."export_job" FOR EACH ROW EXECUTE FUNCTION "governance"."export_job_rules"();
