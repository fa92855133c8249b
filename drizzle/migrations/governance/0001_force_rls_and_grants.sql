-- Forced: the owner obeys the policies too.
ALTER TABLE "governance"."client" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."agreement" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."grant_row" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."policy_event" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "governance"."entry" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
GRANT USAGE ON SCHEMA "governance" TO "hub_governance", "hub_gateway";
--> statement-breakpoint
GRANT SELECT ON "governance"."agency", "governance"."client", "governance"."purpose", "governance"."class_ceiling", "governance"."agreement", "governance"."agreement_version", "governance"."grant_row" TO "hub_governance", "hub_gateway";
--> statement-breakpoint
GRANT SELECT ON "governance"."epoch", "governance"."policy_event" TO "hub_gateway";
--> statement-breakpoint
GRANT INSERT ON "governance"."entry" TO "hub_gateway";
--> statement-breakpoint
-- Two versions of one agreement in force at one instant would leave it open which of them judges.
ALTER TABLE "governance"."agreement_version" ADD CONSTRAINT "agreement_version_one_in_force"
  EXCLUDE USING gist ("agreement_number" WITH =, tstzrange("valid_from", "valid_to") WITH &&) WHERE ("state" IN ('active', 'suspended'));
--> statement-breakpoint
INSERT INTO "governance"."epoch" ("n", "changed_by") VALUES (1, '0');
--> statement-breakpoint
-- One step and one notice a transaction, however many statements touched policy: the same xid does not step twice.
CREATE FUNCTION "governance"."policy_changed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE step bigint;
BEGIN
  UPDATE governance.epoch SET n = n + 1, changed_by = pg_current_xact_id()::text
    WHERE changed_by <> pg_current_xact_id()::text RETURNING n INTO step;
  IF step IS NOT NULL THEN PERFORM pg_notify('policy', step::text); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "agency_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."agency" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE TRIGGER "client_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."client" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE TRIGGER "purpose_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."purpose" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE TRIGGER "class_ceiling_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."class_ceiling" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE TRIGGER "agreement_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."agreement" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE TRIGGER "agreement_version_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."agreement_version" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
CREATE TRIGGER "grant_row_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "governance"."grant_row" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
--> statement-breakpoint
-- The past of the record is nobody's to change, its owner's neither.
CREATE FUNCTION "governance"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the access record is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER "entry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "governance"."entry" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse_change"();
