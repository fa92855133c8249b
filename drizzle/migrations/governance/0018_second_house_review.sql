-- A table compiled under other ceilings is none: the agreement is closed until governance compiles it anew (`npx hub policy publish`). Tables of
-- versions that are over stay as they were: they open nothing.
CREATE FUNCTION "governance"."ceiling_changed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM governance.decision_table d USING governance.agreement_version v
    WHERE v.agreement_number = d.agreement_number AND v.version = d.version AND v.state IN ('approved', 'active', 'suspended');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "class_ceiling_closes" AFTER INSERT OR DELETE ON "governance"."class_ceiling" FOR EACH ROW EXECUTE FUNCTION "governance"."ceiling_changed"();
--> statement-breakpoint
CREATE TRIGGER "class_ceiling_change_closes" AFTER UPDATE ON "governance"."class_ceiling" FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION "governance"."ceiling_changed"();
--> statement-breakpoint
CREATE TRIGGER "class_ceiling_emptied" AFTER TRUNCATE ON "governance"."class_ceiling" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."ceiling_changed"();
--> statement-breakpoint
-- Keeps ceilings as they are until the transaction ends, and waits for a change under way: no table made under the old ones slips in behind it.
CREATE FUNCTION "governance"."hold_ceilings"() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE governance.class_ceiling IN SHARE MODE;
END $$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."hold_ceilings"() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."hold_ceilings"() TO "hub_governance";
--> statement-breakpoint
-- One steward stops, two start, each in their own name: a session that names no steward lifts nothing, the owner's neither.
CREATE FUNCTION "governance"."require_officer"(deed text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF governance.officer() IS NULL THEN
    RAISE EXCEPTION '% takes a steward who asks in their own name', deed USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "governance"."require_two"(v "governance"."agreement_version") RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM governance.require_officer('a resumption');
  IF v.resume_asked_by IS NULL THEN
    RAISE EXCEPTION 'version % of % is resumed by two stewards: the first has not asked for it yet', v.version, v.agreement_number USING ERRCODE = 'HB001';
  ELSIF v.resume_asked_by = governance.officer() THEN
    RAISE EXCEPTION 'version % of % is resumed by two stewards: who has asked for it cannot do it too', v.version, v.agreement_number USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "governance"."resumption_asked"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.state <> 'suspended' THEN
    RAISE EXCEPTION 'version % of % is %: only what is suspended is resumed', OLD.version, OLD.agreement_number, OLD.state USING ERRCODE = 'HB001';
  END IF;
  IF NEW.resume_asked_by IS NOT NULL THEN
    PERFORM governance.require_officer('a resumption'), governance.require_steward(NEW.resume_asked_by, 'a resumption');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- Agencies whose consent as owners a version takes. Who must approve is said here and in `approvals_lacking`; the compiler, which believes nothing
-- that is stored, reckons it anew (drizzle/policy/compile.ts).
CREATE FUNCTION "governance"."owners_asked"(number text, version integer) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT DISTINCT unnest(p.owners) FROM governance.pinned(owners_asked.number, owners_asked.version) p WHERE p.governed
$$;
--> statement-breakpoint
-- Who has not approved the content in review, owners first.
CREATE FUNCTION "governance"."approvals_lacking"(v "governance"."agreement_version") RETURNS TABLE (agency text, capacity text) LANGUAGE sql STABLE AS $$
  WITH asked(agency, capacity) AS (
    SELECT o, 'OWNER' FROM governance.owners_asked(v.agreement_number, v.version) o
    UNION SELECT a.consumer_agency, 'DPO' FROM governance.agreement a WHERE a.number = v.agreement_number)
  SELECT asked.agency, asked.capacity FROM asked WHERE v.state = 'in_review' AND NOT EXISTS (
    SELECT FROM governance.approval p
    WHERE p.agreement_number = v.agreement_number AND p.version = v.version AND p.content_sha256 = v.content_sha256
      AND p.decision = 'APPROVED' AND p.owner_agency = asked.agency AND p.capacity = asked.capacity AND p.steward_id <> v.author)
  ORDER BY asked.capacity DESC, asked.agency
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "governance"."consent_lacking"(v "governance"."agreement_version") RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(l.agency || CASE l.capacity WHEN 'DPO' THEN ' as data protection officer' ELSE ' as owner' END, ', '
    ORDER BY l.capacity DESC, l.agency COLLATE "C")
  FROM governance.approvals_lacking(v) l
$$;

--> statement-breakpoint
-- Who holds no key in use acts for nobody: the gateway asks it too.
GRANT SELECT ON "governance"."steward_key" TO "hub_gateway";
--> statement-breakpoint
CREATE POLICY "hub_gateway_reads" ON "governance"."steward_key" AS PERMISSIVE FOR SELECT TO "hub_gateway" USING (true);
--> statement-breakpoint
CREATE TRIGGER "steward_key_changed" AFTER INSERT OR UPDATE ON "governance"."steward_key" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."policy_changed"();
