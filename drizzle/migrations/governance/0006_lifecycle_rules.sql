-- What must not be, the database refuses, whoever asks: the owner of the tables too. Refusals are sentences for stewards, under SQLSTATEs of our
-- own: HB001 the life cycle forbids it, HB002 this steward may not, HB003 what was sent is wrong. They name agencies, never persons. The rules
-- read as the owner (SECURITY DEFINER): they weigh all rows, not those the asker may see.

-- The steward who asks; null: nobody does (migrations, seeds, the clock), and persons are judged by the row alone.
CREATE FUNCTION "governance"."officer"() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (nullif(current_setting('hub.officer', true), '')::text[])[1]
$$;
--> statement-breakpoint
CREATE FUNCTION "governance"."newest_supergraph"() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT s.hash FROM governance.supergraph s ORDER BY s.published_at DESC LIMIT 1
$$;
--> statement-breakpoint
CREATE FUNCTION "governance"."content_hash"(number text, version integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(governance.content_of(content_hash.number, content_hash.version), 'UTF8')), 'hex')
$$;
--> statement-breakpoint
-- Columns in which two states of a row differ, beyond those that are free to; null: none.
CREATE FUNCTION "governance"."changed_columns"(was jsonb, will jsonb, free text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(n.key, ', ' ORDER BY n.key) FROM jsonb_each(will - free) n WHERE n.value IS DISTINCT FROM was -> n.key
$$;
--> statement-breakpoint
-- A deed of a steward is done by an active one, in their own name.
CREATE FUNCTION "governance"."require_steward"(person text, deed text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF person IS NULL THEN
    RAISE EXCEPTION '% needs a steward who does it', deed USING ERRCODE = 'HB003';
  ELSIF person <> governance.officer() THEN
    RAISE EXCEPTION '% is done in one''s own name, and another is named', deed USING ERRCODE = 'HB002';
  ELSIF NOT EXISTS (SELECT FROM governance.steward s WHERE s.id = person AND s.status = 'ACTIVE') THEN
    RAISE EXCEPTION '% needs an active steward', deed USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
-- Who runs the hub draws up agreements for every agency, all others for their own.
CREATE FUNCTION "governance"."require_agency"(person text, agency text, deed text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM governance.steward s WHERE s.id = person AND s.agency_code = agency)
    AND NOT EXISTS (SELECT FROM governance.steward s JOIN governance.steward_key k ON k.steward_id = s.id
      WHERE s.id = person AND s.agency_code = 'HUB' AND k.retired_at IS NULL AND 'OPERATOR' = ANY (k.roles))
  THEN
    RAISE EXCEPTION '% for % takes a steward of % or an operator', deed, agency, agency USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
-- For what no condition softens: the sentence is the trigger's argument.
CREATE FUNCTION "governance"."refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HB001';
END $$;
--> statement-breakpoint
-- The trigger's arguments name columns that are set once, from null; nothing else of the row ever changes.
CREATE FUNCTION "governance"."set_once"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unset text[] := ARRAY(SELECT c FROM unnest(TG_ARGV) c WHERE to_jsonb(OLD) -> c = 'null');
  touched text := governance.changed_columns(to_jsonb(OLD), to_jsonb(NEW), unset);
BEGIN
  IF touched IS NOT NULL THEN
    RAISE EXCEPTION '% of % can no longer change', touched, TG_TABLE_NAME USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION "governance"."agreement_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asker text := governance.officer();
BEGIN
  IF asker IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.consumer_agency <> OLD.consumer_agency) THEN
    PERFORM governance.require_steward(asker, 'an agreement');
    PERFORM governance.require_agency(asker, NEW.consumer_agency, 'an agreement');
  END IF;
  IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
  IF (NEW.number, NEW.consumer_agency, NEW.purpose_code) IS DISTINCT FROM (OLD.number, OLD.consumer_agency, OLD.purpose_code)
    AND EXISTS (SELECT FROM governance.agreement_version v WHERE v.agreement_number = OLD.number AND v.state <> 'draft')
  THEN
    RAISE EXCEPTION 'agreement % has been submitted: its number, consumer and purpose can no longer change', OLD.number USING ERRCODE = 'HB001';
  ELSIF coalesce(NEW.report_due < OLD.report_due, NEW.report_due IS NULL AND OLD.report_due IS NOT NULL) THEN
    RAISE EXCEPTION 'the next report of % was due %: that day only moves forward', OLD.number, governance.instant_text(OLD.report_due) USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "agreement_rules" BEFORE INSERT OR UPDATE ON "governance"."agreement" FOR EACH ROW EXECUTE FUNCTION "governance"."agreement_rules"();
--> statement-breakpoint
CREATE FUNCTION "governance"."version_drafted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  consumer text := (SELECT a.consumer_agency FROM governance.agreement a WHERE a.number = NEW.agreement_number);
BEGIN
  IF NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'version % of % begins as a draft, not as %', NEW.version, NEW.agreement_number, NEW.state USING ERRCODE = 'HB001';
  ELSIF NEW.content_sha256 IS NOT NULL OR NEW.suspension_reason IS NOT NULL OR NEW.resume_asked_by IS NOT NULL THEN
    RAISE EXCEPTION 'a draft has no content hash, no suspension and no resumption yet' USING ERRCODE = 'HB003';
  END IF;
  PERFORM governance.require_steward(NEW.author, 'a draft');
  IF consumer IS NOT NULL THEN PERFORM governance.require_agency(NEW.author, consumer, 'a draft'); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "agreement_version_drafted" BEFORE INSERT ON "governance"."agreement_version" FOR EACH ROW EXECUTE FUNCTION "governance"."version_drafted"();
--> statement-breakpoint
CREATE TRIGGER "agreement_version_keeps" BEFORE UPDATE ON "governance"."agreement_version" FOR EACH ROW
  WHEN ((OLD.agreement_number, OLD.version, OLD.created_at, OLD.content_sha256) IS DISTINCT FROM (NEW.agreement_number, NEW.version, NEW.created_at, NEW.content_sha256))
  EXECUTE FUNCTION "governance"."refuse"('number, version and day of a version never change, and its content hash is the database''s alone');
--> statement-breakpoint
-- A draft may be taken over, never handed to somebody: else who wrote it could approve it.
CREATE TRIGGER "agreement_version_author" BEFORE UPDATE ON "governance"."agreement_version" FOR EACH ROW
  WHEN (OLD.state = 'draft' AND NEW.state = 'draft' AND OLD.author IS DISTINCT FROM NEW.author) EXECUTE FUNCTION "governance"."version_drafted"();
--> statement-breakpoint
-- Hash of what is submitted. Refuses what would be consent to nothing.
CREATE FUNCTION "governance"."submitted_hash"(v "governance"."agreement_version") RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  -- its consumer and purpose, with the purpose's flags, are content too
  PERFORM 1 FROM governance.agreement a JOIN governance.purpose p ON p.code = a.purpose_code WHERE a.number = v.agreement_number FOR SHARE;
  IF v.author IS NULL THEN
    RAISE EXCEPTION 'version % of % has no author', v.version, v.agreement_number USING ERRCODE = 'HB003';
  ELSIF NOT EXISTS (SELECT FROM governance.grant_row g WHERE g.agreement_number = v.agreement_number AND g.version = v.version) THEN
    RAISE EXCEPTION 'version % of % grants nothing: it has no grant', v.version, v.agreement_number USING ERRCODE = 'HB003';
  ELSIF NOT EXISTS (SELECT FROM governance.resolved_coordinate r WHERE r.agreement_number = v.agreement_number AND r.version = v.version) THEN
    RAISE EXCEPTION 'version % of % opens nothing: its grants reach no field of the schema', v.version, v.agreement_number USING ERRCODE = 'HB003';
  END IF;
  RETURN governance.content_hash(v.agreement_number, v.version);
END $$;
--> statement-breakpoint
-- What a version pins, with its owners in the newest schema (null: unknown there) and whether they are asked. An input states no class: the
-- fields it stands for are pinned beside it and ask theirs.
CREATE FUNCTION "governance"."pinned"(number text, version integer) RETURNS TABLE (coordinate text, owners text[], governed boolean) LANGUAGE sql STABLE AS $$
  SELECT r.coordinate, c.owners, coalesce(c.class <> 'PUBLIC', c.kind = 'output')
  FROM governance.resolved_coordinate r
  LEFT JOIN governance.coordinate c ON c.supergraph_hash = governance.newest_supergraph() AND c.coordinate = r.coordinate
  WHERE r.agreement_number = pinned.number AND r.version = pinned.version
$$;
--> statement-breakpoint
-- Coordinates nobody could consent to; null: none.
CREATE FUNCTION "governance"."ownerless"(v "governance"."agreement_version") RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(p.coordinate, ', ' ORDER BY p.coordinate) FROM governance.pinned(v.agreement_number, v.version) p
  WHERE p.owners IS NULL OR p.governed AND cardinality(p.owners) = 0
$$;
--> statement-breakpoint
-- Whose consent to the content in review is lacking, as 'AGENCY as owner' or 'AGENCY as data protection officer'; null: nobody's.
CREATE FUNCTION "governance"."consent_lacking"(v "governance"."agreement_version") RETURNS text LANGUAGE sql STABLE AS $$
  WITH asked(agency, capacity) AS (
    SELECT unnest(p.owners), 'OWNER' FROM governance.pinned(v.agreement_number, v.version) p WHERE p.governed
    UNION SELECT a.consumer_agency, 'DPO' FROM governance.agreement a WHERE a.number = v.agreement_number)
  SELECT string_agg(asked.agency || CASE asked.capacity WHEN 'DPO' THEN ' as data protection officer' ELSE ' as owner' END, ', '
    ORDER BY asked.capacity DESC, asked.agency)
  FROM asked WHERE NOT EXISTS (
    SELECT FROM governance.approval p
    WHERE p.agreement_number = v.agreement_number AND p.version = v.version AND p.content_sha256 = v.content_sha256
      AND p.decision = 'APPROVED' AND p.owner_agency = asked.agency AND p.capacity = asked.capacity AND p.steward_id <> v.author)
$$;
--> statement-breakpoint
CREATE FUNCTION "governance"."rejected_by"(v "governance"."agreement_version") RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(DISTINCT p.owner_agency, ', ') FROM governance.approval p
  WHERE p.agreement_number = v.agreement_number AND p.version = v.version AND p.content_sha256 = v.content_sha256 AND p.decision = 'REJECTED'
$$;
--> statement-breakpoint
CREATE FUNCTION "governance"."require_consent"(v "governance"."agreement_version") RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  it text := format('version %s of %s', v.version, v.agreement_number);
  ownerless text := governance.ownerless(v);
  rejecting text := governance.rejected_by(v);
  lacking text := governance.consent_lacking(v);
BEGIN
  IF ownerless IS NOT NULL THEN
    RAISE EXCEPTION '% names what nobody in the newest schema can consent to: %', it, ownerless USING ERRCODE = 'HB003';
  ELSIF v.content_sha256 IS DISTINCT FROM governance.content_hash(v.agreement_number, v.version) THEN
    RAISE EXCEPTION '% is no longer what was submitted: it goes back to draft', it USING ERRCODE = 'HB001';
  ELSIF rejecting IS NOT NULL THEN
    RAISE EXCEPTION '% was rejected by %', it, rejecting USING ERRCODE = 'HB001';
  ELSIF lacking IS NOT NULL THEN
    RAISE EXCEPTION '% lacks the approval of %', it, lacking USING ERRCODE = 'HB001';
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "governance"."require_table"(v "governance"."agreement_version") RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF v.valid_to <= clock_timestamp() THEN
    RAISE EXCEPTION 'version % of % was valid to %: renew it as a new version', v.version, v.agreement_number, governance.instant_text(v.valid_to) USING ERRCODE = 'HB001';
  ELSIF NOT EXISTS (SELECT FROM governance.decision_table d
    WHERE d.agreement_number = v.agreement_number AND d.version = v.version AND d.supergraph_hash = governance.newest_supergraph())
  THEN
    RAISE EXCEPTION 'version % of % has no decision table for the newest schema', v.version, v.agreement_number USING ERRCODE = 'HB001';
  END IF;
END $$;
--> statement-breakpoint
-- One steward stops, two start: who asked to resume had done so before.
CREATE FUNCTION "governance"."require_two"(v "governance"."agreement_version") RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF v.resume_asked_by IS NULL THEN
    RAISE EXCEPTION 'version % of % is resumed by two stewards: the first has not asked for it yet', v.version, v.agreement_number USING ERRCODE = 'HB001';
  ELSIF v.resume_asked_by = governance.officer() THEN
    RAISE EXCEPTION 'version % of % is resumed by two stewards: who has asked for it cannot do it too', v.version, v.agreement_number USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
-- A stop outlasts the version it fell on: what was consented to before it does not come into force after it, unless who resumes has lifted it.
CREATE FUNCTION "governance"."require_no_stop"(v "governance"."agreement_version") RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  consented timestamptz := (SELECT min(p.at) FROM governance.approval p WHERE p.agreement_number = v.agreement_number AND p.version = v.version
    AND p.content_sha256 = v.content_sha256 AND p.decision = 'APPROVED');
  stopped integer := (SELECT e.version FROM governance.policy_event e
    WHERE e.agreement_number = v.agreement_number AND e.version <> v.version AND e.kind = 'suspended' AND e.at > coalesce(consented, '-infinity')
      AND NOT EXISTS (SELECT FROM governance.policy_event r
        WHERE r.agreement_number = e.agreement_number AND r.version = e.version AND r.kind = 'active' AND r.id > e.id)
    ORDER BY e.id DESC LIMIT 1);
BEGIN
  IF stopped IS NOT NULL THEN
    RAISE EXCEPTION 'version % of % was approved before version % was stopped: resume that one, or have a new version approved', v.version, v.agreement_number, stopped
      USING ERRCODE = 'HB001';
  END IF;
END $$;
--> statement-breakpoint
-- What an owner or a data protection officer stopped is resumed or ended by one of theirs.
CREATE FUNCTION "governance"."require_stopper"(v "governance"."agreement_version") RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF governance.officer() IS NULL THEN RETURN; END IF;
  IF v.suspension_reason = 'OWNER_STOP' AND NOT EXISTS (
    SELECT FROM governance.pinned(v.agreement_number, v.version) p JOIN governance.steward s ON s.agency_code = ANY (p.owners)
    WHERE p.governed AND s.id = governance.officer())
  THEN
    RAISE EXCEPTION 'version % of % was stopped by an owner: only a controller of its data lets it go on or ends it', v.version, v.agreement_number USING ERRCODE = 'HB002';
  ELSIF v.suspension_reason = 'DPO_STOP' AND NOT EXISTS (
    SELECT FROM governance.steward_key k WHERE k.steward_id = governance.officer() AND k.retired_at IS NULL AND 'DPO' = ANY (k.roles))
  THEN
    RAISE EXCEPTION 'version % of % was stopped by a data protection officer: only one lets it go on or ends it', v.version, v.agreement_number USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "governance"."require_transition"(v "governance"."agreement_version", goal text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF v.state || '>' || goal NOT IN ('draft>in_review', 'in_review>draft', 'in_review>approved', 'approved>active', 'approved>revoked',
    'active>suspended', 'active>revoked', 'active>superseded', 'suspended>active', 'suspended>revoked')
  THEN
    RAISE EXCEPTION 'version % of % is % and cannot become %', v.version, v.agreement_number, v.state, goal USING ERRCODE = 'HB001';
  END IF;
  IF governance.officer() IS NOT NULL THEN PERFORM governance.require_steward(governance.officer(), 'a change of state'); END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "governance"."version_changes"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  touched text := governance.changed_columns(to_jsonb(OLD), to_jsonb(NEW), ARRAY['state', 'suspension_reason', 'resume_asked_by']);
BEGIN
  IF touched IS NOT NULL AND NOT (OLD.state = 'draft' AND NEW.state = 'draft') THEN
    RAISE EXCEPTION 'what was submitted of version % of % stays: % can no longer change, draft a new version', OLD.version, OLD.agreement_number, touched USING ERRCODE = 'HB001';
  END IF;
  IF NEW.state <> OLD.state THEN
    PERFORM governance.require_transition(OLD, NEW.state);
    IF OLD.state = 'suspended' THEN PERFORM governance.require_stopper(OLD); END IF;
    NEW.resume_asked_by := NULL;
    IF NEW.state <> 'suspended' THEN NEW.suspension_reason := CASE WHEN NEW.state <> 'active' THEN OLD.suspension_reason END; END IF;
    CASE NEW.state
      WHEN 'in_review' THEN NEW.content_sha256 := governance.submitted_hash(OLD);
      WHEN 'draft' THEN NEW.content_sha256 := NULL;
      WHEN 'approved' THEN PERFORM governance.require_consent(OLD);
      WHEN 'active' THEN
        IF OLD.state = 'approved' THEN
          PERFORM governance.require_no_stop(OLD), governance.require_table(OLD);
        ELSE
          PERFORM governance.require_two(OLD);
        END IF;
      WHEN 'suspended' THEN
        IF NEW.suspension_reason IS NULL THEN
          RAISE EXCEPTION 'a suspension of version % of % needs its reason', OLD.version, OLD.agreement_number USING ERRCODE = 'HB003';
        END IF;
      ELSE NULL; -- revoked, superseded: nothing more is asked
    END CASE;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "agreement_version_moves" BEFORE UPDATE ON "governance"."agreement_version" FOR EACH ROW EXECUTE FUNCTION "governance"."version_changes"();
--> statement-breakpoint
CREATE TRIGGER "agreement_version_reason" BEFORE UPDATE ON "governance"."agreement_version" FOR EACH ROW
  WHEN (NEW.suspension_reason IS DISTINCT FROM OLD.suspension_reason AND NEW.state = OLD.state)
  EXECUTE FUNCTION "governance"."refuse"('a reason of suspension comes and goes with the suspension');
--> statement-breakpoint
CREATE FUNCTION "governance"."resumption_asked"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.state <> 'suspended' THEN
    RAISE EXCEPTION 'version % of % is %: only what is suspended is resumed', OLD.version, OLD.agreement_number, OLD.state USING ERRCODE = 'HB001';
  END IF;
  IF NEW.resume_asked_by IS NOT NULL THEN PERFORM governance.require_steward(NEW.resume_asked_by, 'a resumption'); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "agreement_version_resumption" BEFORE UPDATE ON "governance"."agreement_version" FOR EACH ROW
  WHEN (NEW.resume_asked_by IS DISTINCT FROM OLD.resume_asked_by AND NEW.state = OLD.state) EXECUTE FUNCTION "governance"."resumption_asked"();
--> statement-breakpoint
CREATE TRIGGER "agreement_version_stays" BEFORE DELETE ON "governance"."agreement_version" FOR EACH ROW WHEN (OLD.state <> 'draft')
  EXECUTE FUNCTION "governance"."refuse"('what was submitted stays on file: only a draft is deleted');
--> statement-breakpoint
CREATE FUNCTION "governance"."version_event"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kind text := CASE TG_OP WHEN 'INSERT' THEN 'drafted' ELSE NEW.state END;
  detail text := CASE kind WHEN 'suspended' THEN NEW.suspension_reason WHEN 'draft' THEN coalesce('rejected by ' || governance.rejected_by(OLD), 'withdrawn') ELSE '' END;
BEGIN
  INSERT INTO governance.policy_event (actor, kind, agreement_number, version, detail)
    VALUES (coalesce(governance.officer(), session_user), kind, NEW.agreement_number, NEW.version, detail);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "agreement_version_told" AFTER INSERT ON "governance"."agreement_version" FOR EACH ROW EXECUTE FUNCTION "governance"."version_event"();
--> statement-breakpoint
CREATE TRIGGER "agreement_version_move_told" AFTER UPDATE ON "governance"."agreement_version" FOR EACH ROW
  WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION "governance"."version_event"();
--> statement-breakpoint
-- Waits for a submission under way, and makes one wait: nothing slips in behind the hash.
CREATE FUNCTION "governance"."require_draft"(number text, version integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  found_state text;
BEGIN
  SELECT v.state INTO found_state FROM governance.agreement_version v
    WHERE v.agreement_number = require_draft.number AND v.version = require_draft.version FOR SHARE;
  IF found_state IS DISTINCT FROM 'draft' THEN
    RAISE EXCEPTION 'version % of % is %: grants and coordinates change only in a draft', version, number, coalesce(found_state, 'unknown') USING ERRCODE = 'HB001';
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "governance"."only_in_draft"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM governance.require_draft(OLD.agreement_number, OLD.version); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  PERFORM governance.require_draft(NEW.agreement_number, NEW.version);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "grant_row_only_in_draft" BEFORE INSERT OR UPDATE OR DELETE ON "governance"."grant_row" FOR EACH ROW EXECUTE FUNCTION "governance"."only_in_draft"();
--> statement-breakpoint
CREATE TRIGGER "resolved_coordinate_only_in_draft" BEFORE INSERT OR UPDATE OR DELETE ON "governance"."resolved_coordinate" FOR EACH ROW EXECUTE FUNCTION "governance"."only_in_draft"();
--> statement-breakpoint
-- An owner speaks for data it controls, a data protection officer for the consumer; else any agency could veto any other's agreement.
CREATE FUNCTION "governance"."require_capacity"(p "governance"."approval") RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p.capacity = 'DPO' AND NOT EXISTS (SELECT FROM governance.agreement a WHERE a.number = p.agreement_number AND a.consumer_agency = p.owner_agency) THEN
    RAISE EXCEPTION '% is not the consumer of %: its data protection officer accepts nothing here', p.owner_agency, p.agreement_number USING ERRCODE = 'HB002';
  ELSIF p.capacity = 'OWNER' AND NOT EXISTS (
    SELECT FROM governance.pinned(p.agreement_number, p.version) pin WHERE p.owner_agency = ANY (pin.owners))
  THEN
    RAISE EXCEPTION '% owns nothing of what version % of % opens', p.owner_agency, p.version, p.agreement_number USING ERRCODE = 'HB002';
  ELSIF NOT EXISTS (SELECT FROM governance.steward s WHERE s.id = p.steward_id AND s.agency_code = p.owner_agency) THEN
    RAISE EXCEPTION 'only a steward of % signs for it', p.owner_agency USING ERRCODE = 'HB002';
  ELSIF NOT EXISTS (
    SELECT FROM governance.steward_key k
    WHERE k.key_id = p.key_id AND k.steward_id = p.steward_id AND k.agency_code = p.owner_agency AND k.retired_at IS NULL
      AND CASE p.capacity WHEN 'DPO' THEN 'DPO' ELSE 'STEWARD' END = ANY (k.roles))
  THEN
    RAISE EXCEPTION 'the key is none in use of this steward''s that signs for % as %', p.owner_agency,
      CASE p.capacity WHEN 'DPO' THEN 'data protection officer' ELSE 'steward' END USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "governance"."approval_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v governance.agreement_version;
BEGIN
  SELECT * INTO v FROM governance.agreement_version a WHERE a.agreement_number = NEW.agreement_number AND a.version = NEW.version FOR SHARE;
  IF v.state IS DISTINCT FROM 'in_review' THEN
    RAISE EXCEPTION 'version % of % is %: only what is in review is decided on', NEW.version, NEW.agreement_number, coalesce(v.state, 'unknown') USING ERRCODE = 'HB001';
  ELSIF NEW.content_sha256 IS DISTINCT FROM v.content_sha256 THEN
    RAISE EXCEPTION 'the content that was signed is not the one in review of version % of %', v.version, v.agreement_number USING ERRCODE = 'HB003';
  ELSIF NEW.steward_id = v.author THEN
    RAISE EXCEPTION 'who wrote version % of % does not decide on it: another steward does', v.version, v.agreement_number USING ERRCODE = 'HB002';
  END IF;
  PERFORM governance.require_steward(NEW.steward_id, 'an approval');
  PERFORM governance.require_capacity(NEW);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "approval_rules" BEFORE INSERT ON "governance"."approval" FOR EACH ROW EXECUTE FUNCTION "governance"."approval_rules"();
--> statement-breakpoint
CREATE TRIGGER "approval_append_only" BEFORE UPDATE OR DELETE ON "governance"."approval" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse"('a decision once signed stays');
--> statement-breakpoint
CREATE TRIGGER "steward_key_once" BEFORE UPDATE ON "governance"."steward_key" FOR EACH ROW EXECUTE FUNCTION "governance"."set_once"('retired_at');
--> statement-breakpoint
CREATE TRIGGER "steward_key_stays" BEFORE DELETE ON "governance"."steward_key" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('a key is retired, never removed: what it signed must still verify');
--> statement-breakpoint
CREATE TRIGGER "steward_stays" BEFORE UPDATE ON "governance"."steward" FOR EACH ROW WHEN ((OLD.id, OLD.agency_code) IS DISTINCT FROM (NEW.id, NEW.agency_code))
  EXECUTE FUNCTION "governance"."refuse"('a steward stays with their agency: who moves is enrolled anew');
--> statement-breakpoint
-- To publish an older schema again is to go back to it: only that moves its instant, and only forward.
CREATE TRIGGER "supergraph_stays" BEFORE UPDATE ON "governance"."supergraph" FOR EACH ROW
  WHEN ((OLD.hash, OLD.sdl, OLD.controllers) IS DISTINCT FROM (NEW.hash, NEW.sdl, NEW.controllers) OR NEW.published_at < OLD.published_at)
  EXECUTE FUNCTION "governance"."refuse"('a published schema never changes: publish the new one');
--> statement-breakpoint
CREATE TRIGGER "supergraph_append_only" BEFORE DELETE ON "governance"."supergraph" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse"('a published schema stays on file');
--> statement-breakpoint
CREATE TRIGGER "coordinate_append_only" BEFORE UPDATE OR DELETE ON "governance"."coordinate" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('the catalogue of a published schema never changes: publish the new one');
--> statement-breakpoint
CREATE TRIGGER "policy_event_append_only" BEFORE UPDATE OR DELETE ON "governance"."policy_event" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('what happened to policy stays on file');
--> statement-breakpoint
CREATE TRIGGER "semester_report_append_only" BEFORE UPDATE OR DELETE ON "governance"."semester_report" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('a submitted report never changes: submit another');
--> statement-breakpoint
CREATE TRIGGER "trusted_document_once" BEFORE UPDATE ON "governance"."trusted_document" FOR EACH ROW EXECUTE FUNCTION "governance"."set_once"('retired_at');
--> statement-breakpoint
-- Of two that register at once, one after the other.
CREATE FUNCTION "governance"."documents_bounded"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  crowded text;
BEGIN
  PERFORM FROM governance.agreement a WHERE a.number IN (SELECT d.agreement_number FROM added d) ORDER BY a.number FOR NO KEY UPDATE;
  SELECT d.agreement_number INTO crowded FROM governance.trusted_document d
    WHERE d.agreement_number IN (SELECT n.agreement_number FROM added n) AND d.retired_at IS NULL
    GROUP BY d.agreement_number HAVING count(*) > 1000 LIMIT 1;
  IF crowded IS NOT NULL THEN
    RAISE EXCEPTION 'documents: % trusts at most 1000 at a time: retire some first', crowded USING ERRCODE = 'HB003';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "trusted_document_bounded" AFTER INSERT ON "governance"."trusted_document" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "governance"."documents_bounded"();
--> statement-breakpoint
CREATE TRIGGER "trusted_document_stays" BEFORE DELETE ON "governance"."trusted_document" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('a trusted document is retired, never removed');
--> statement-breakpoint
-- Minutes an armed version in force may be opened for; refuses any other. No suspension overtakes it.
CREATE FUNCTION "governance"."require_armed"(number text, version integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  minutes integer;
BEGIN
  SELECT v.armed_minutes INTO minutes FROM governance.agreement_version v
    WHERE v.agreement_number = require_armed.number AND v.version = require_armed.version AND v.state = 'active' FOR SHARE;
  IF minutes IS NULL THEN
    RAISE EXCEPTION 'version % of % is not both armed and active: there is no glass to break', version, number USING ERRCODE = 'HB001';
  END IF;
  RETURN minutes;
END $$;
--> statement-breakpoint
CREATE FUNCTION "governance"."glass_asked"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM governance.require_steward(NEW.requested_by, 'breaking the glass');
  PERFORM governance.require_armed(NEW.agreement_number, NEW.version);
  IF NEW.confirmed_by IS NOT NULL OR NEW.reviewed_by IS NOT NULL THEN
    RAISE EXCEPTION 'breaking the glass takes two: the second confirms after the first has asked' USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "glass_break_asked" BEFORE INSERT ON "governance"."glass_break" FOR EACH ROW EXECUTE FUNCTION "governance"."glass_asked"();
--> statement-breakpoint
CREATE FUNCTION "governance"."glass_confirmed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  minutes integer := governance.require_armed(NEW.agreement_number, NEW.version);
BEGIN
  PERFORM governance.require_steward(NEW.confirmed_by, 'confirming');
  IF NEW.closes_at > NEW.opened_at + make_interval(mins => minutes) THEN
    RAISE EXCEPTION 'version % of % is opened for % minutes at most', NEW.version, NEW.agreement_number, minutes USING ERRCODE = 'HB003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "glass_break_confirmed" BEFORE UPDATE ON "governance"."glass_break" FOR EACH ROW
  WHEN (OLD.confirmed_by IS NULL AND NEW.confirmed_by IS NOT NULL) EXECUTE FUNCTION "governance"."glass_confirmed"();
--> statement-breakpoint
CREATE TRIGGER "glass_break_once" BEFORE UPDATE ON "governance"."glass_break" FOR EACH ROW
  EXECUTE FUNCTION "governance"."set_once"('confirmed_by', 'opened_at', 'closes_at', 'reviewed_by', 'reviewed_at', 'finding');
--> statement-breakpoint
CREATE FUNCTION "governance"."glass_reviewed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.confirmed_by IS NULL THEN
    RAISE EXCEPTION 'glass that nobody broke is not reviewed' USING ERRCODE = 'HB001';
  END IF;
  PERFORM governance.require_steward(NEW.reviewed_by, 'a review');
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "glass_break_reviewed" BEFORE UPDATE ON "governance"."glass_break" FOR EACH ROW
  WHEN (OLD.reviewed_by IS NULL AND NEW.reviewed_by IS NOT NULL) EXECUTE FUNCTION "governance"."glass_reviewed"();
--> statement-breakpoint
CREATE TRIGGER "glass_break_stays" BEFORE DELETE ON "governance"."glass_break" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('a broken glass stays on file');
--> statement-breakpoint
-- To empty a table is to delete every row of it.
DO $$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY ARRAY['agreement', 'agreement_version', 'grant_row', 'resolved_coordinate', 'approval', 'steward', 'steward_key', 'supergraph',
    'coordinate', 'policy_event', 'semester_report', 'glass_break', 'trusted_document']
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON governance.%I FOR EACH STATEMENT EXECUTE FUNCTION governance.refuse(%L)',
      named || '_never_emptied', named, 'the rows of ' || named || ' are on file and stay');
  END LOOP;
END $$;
--> statement-breakpoint
-- Nobody writes an event in another's name, and the steps of a version only the rules tell: a stop is lifted by no event that somebody made up.
CREATE FUNCTION "governance"."event_by"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user = 'hub_governance' AND NEW.kind IN ('drafted', 'draft', 'in_review', 'approved', 'active', 'suspended', 'revoked', 'superseded') THEN
    RAISE EXCEPTION 'steps of a version are told by the rules alone' USING ERRCODE = 'HB001';
  END IF;
  NEW.actor := coalesce(governance.officer(), NEW.actor);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "policy_event_by" BEFORE INSERT ON "governance"."policy_event" FOR EACH ROW EXECUTE FUNCTION "governance"."event_by"();
--> statement-breakpoint
-- Stewards are enrolled by operators of the hub alone; the key's endorsement (schema/policy/endorsement.ts) is what counts in the end.
CREATE FUNCTION "governance"."is_operator"() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM governance.steward s JOIN governance.steward_key k ON k.steward_id = s.id
    WHERE s.id = governance.officer() AND s.agency_code = 'HUB' AND s.status = 'ACTIVE' AND k.retired_at IS NULL AND 'OPERATOR' = ANY (k.roles))
$$;
--> statement-breakpoint
GRANT INSERT ON "governance"."steward", "governance"."steward_key" TO "hub_governance";
--> statement-breakpoint
GRANT UPDATE ("retired_at") ON "governance"."steward_key" TO "hub_governance";
--> statement-breakpoint
CREATE POLICY "hub_governance_enrols" ON "governance"."steward" FOR INSERT TO "hub_governance" WITH CHECK (governance.is_operator());
--> statement-breakpoint
CREATE POLICY "hub_governance_enrols" ON "governance"."steward_key" FOR INSERT TO "hub_governance" WITH CHECK (governance.is_operator());
--> statement-breakpoint
CREATE POLICY "hub_governance_retires" ON "governance"."steward_key" FOR UPDATE TO "hub_governance" USING (governance.is_operator()) WITH CHECK (governance.is_operator());
--> statement-breakpoint
-- A duty is put off by what is owed for it, never for good.
CREATE FUNCTION "governance"."report_within_a_year"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.report_due IS DISTINCT FROM OLD.report_due AND NEW.report_due > clock_timestamp() + interval '1 year' THEN
    RAISE EXCEPTION 'the next semester report of % is due within a year', NEW.number USING ERRCODE = 'HB003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "agreement_report_within_a_year" BEFORE UPDATE OF report_due ON "governance"."agreement" FOR EACH ROW EXECUTE FUNCTION "governance"."report_within_a_year"();
--> statement-breakpoint
-- What a purpose asks for is content of every version under it.
CREATE FUNCTION "governance"."purpose_keeps"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM governance.agreement a JOIN governance.agreement_version v ON v.agreement_number = a.number
    WHERE a.purpose_code = OLD.code AND v.state <> 'draft')
  THEN
    RAISE EXCEPTION 'agreements under purpose % have been submitted: whether it needs a case or an officer can no longer change', OLD.code USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "purpose_keeps" BEFORE UPDATE ON "governance"."purpose" FOR EACH ROW
  WHEN ((OLD.needs_case, OLD.needs_officer) IS DISTINCT FROM (NEW.needs_case, NEW.needs_officer)) EXECUTE FUNCTION "governance"."purpose_keeps"();
