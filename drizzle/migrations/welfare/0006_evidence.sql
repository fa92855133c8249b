-- Evidence: what is known of it. Its bytes lie in the object store, under their SHA-256.
CREATE TABLE "welfare"."evidence" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"kind" text NOT NULL,
	"media_type" text collate "C" NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"about" uuid,
	"person_id" uuid,
	"announced_by" text collate "C" NOT NULL,
	"announced_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'ANNOUNCED' NOT NULL,
	"refusal" text,
	"closed_at" timestamp with time zone,
	CONSTRAINT "evidence_kind" CHECK (kind in ('NUMBER', 'TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'DOCUMENT')),
	CONSTRAINT "evidence_state" CHECK (state in ('ANNOUNCED', 'STORED', 'REFUSED')),
	CONSTRAINT "evidence_sha256" CHECK (sha256 ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "evidence_bytes" CHECK (bytes between 1 and 20971520),
	CONSTRAINT "evidence_region" CHECK (region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10})$'),
	CONSTRAINT "evidence_closed" CHECK ((closed_at is null) = (state = 'ANNOUNCED') and (refusal is not null) = (state = 'REFUSED'))
);
--> statement-breakpoint
ALTER TABLE "welfare"."evidence" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE INDEX "evidence_about" ON "welfare"."evidence" ("about");
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."evidence" FOR SELECT TO "hub_welfare" USING ((welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_announces" ON "welfare"."evidence" FOR INSERT TO "hub_welfare" WITH CHECK ((welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_closes" ON "welfare"."evidence" FOR UPDATE TO "hub_welfare" USING ((welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen())) WITH CHECK ((welfare.officer() is not null or welfare.citizen() is not null) and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[])) and (welfare.citizen() is null or person_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."evidence" FOR ALL TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "welfare"."evidence" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- An officer announces where a duty is held; a person in a village, in their own name, and not without end.
CREATE FUNCTION "welfare"."evidence_announced"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  IF welfare.officer() IS NOT NULL THEN
    PERFORM welfare.require_duty(array['NEIGHBOURHOOD', 'VILLAGE_OPERATOR', 'VILLAGE_HEAD', 'ENUMERATOR', 'VERIFIER', 'HEAD_OF_OFFICE', 'REGENT', 'MINISTRY', 'MINISTER', 'RANKING'],
      NEW.region, 'announcing evidence');
  ELSIF welfare.citizen() IS NULL THEN
    RAISE EXCEPTION 'evidence is announced by an officer or a person' USING ERRCODE = 'HB002';
  ELSIF length(NEW.region) <> 10 THEN
    RAISE EXCEPTION 'region: evidence of a person is of one village' USING ERRCODE = 'HB003';
  ELSIF (SELECT count(*) FROM welfare.evidence e WHERE e.person_id = welfare.citizen() AND e.announced_at > welfare.moment() - interval '24 hours') >= 50 THEN
    RAISE EXCEPTION 'at most 50 pieces of evidence are announced by one person in 24 hours' USING ERRCODE = 'HB001';
  END IF;
  NEW.version := 1;
  NEW.person_id := welfare.citizen();
  NEW.announced_by := welfare.actor();
  NEW.announced_at := welfare.moment();
  NEW.state := 'ANNOUNCED';
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "evidence_announced" BEFORE INSERT ON "welfare"."evidence" FOR EACH ROW EXECUTE FUNCTION "welfare"."evidence_announced"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."evidence_closed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.state <> 'ANNOUNCED' THEN
    RAISE EXCEPTION 'evidence that is % stays as it is', OLD.state USING ERRCODE = 'HB001';
  ELSIF session_user <> 'hub_welfare_owner' AND (OLD.announced_by, OLD.person_id) IS DISTINCT FROM (welfare.actor(), welfare.citizen()) THEN
    RAISE EXCEPTION 'evidence is brought by whoever announced it' USING ERRCODE = 'HB002';
  END IF;
  NEW.version := OLD.version + 1;
  NEW.closed_at := welfare.moment();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "evidence_closed" BEFORE UPDATE ON "welfare"."evidence" FOR EACH ROW EXECUTE FUNCTION "welfare"."evidence_closed"();
--> statement-breakpoint
CREATE FUNCTION "welfare"."evidence_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM welfare.note_transition('EVIDENCE', NEW.id, NEW.person_id, NEW.region, CASE NEW.state WHEN 'ANNOUNCED' THEN 'ANNOUNCE' WHEN 'STORED' THEN 'STORE' ELSE 'REFUSE' END,
    CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, NEW.state, NEW.refusal);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "evidence_noted" AFTER INSERT OR UPDATE ON "welfare"."evidence" FOR EACH ROW EXECUTE FUNCTION "welfare"."evidence_noted"();
--> statement-breakpoint
CREATE TRIGGER "evidence_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."evidence" EXECUTE FUNCTION "welfare"."refuse"('what is known of evidence stays');
--> statement-breakpoint
GRANT SELECT, INSERT ON "welfare"."evidence" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("state", "refusal") ON "welfare"."evidence" TO "hub_welfare";
