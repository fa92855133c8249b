-- Requests of data subjects: what must not be, the database refuses, with the codes of migration 0006. Sentences name agencies and numbers of requests,
-- never a person, and nothing of what a subject wrote.

-- WITHDRAWAL names the purpose whose consent is withdrawn, and restricts for that alone; null: for every purpose.
ALTER TABLE "governance"."subject_request" ADD COLUMN "purpose_code" text collate "C" REFERENCES "governance"."purpose"("code");
--> statement-breakpoint
ALTER TABLE "governance"."subject_request" ADD COLUMN "ranking_review" text;
--> statement-breakpoint
ALTER TABLE "governance"."restriction" ADD COLUMN "purpose_code" text collate "C" REFERENCES "governance"."purpose"("code");
--> statement-breakpoint
ALTER TABLE "governance"."subject_request"
  ADD CONSTRAINT "ranking_review_word" CHECK (ranking_review in ('UPHELD', 'CHANGED')),
  ADD CONSTRAINT "subject_request_purpose" CHECK ((kind = 'WITHDRAWAL') = (purpose_code is not null)),
  ADD CONSTRAINT "subject_request_review" CHECK ((kind = 'OBJECTION' and state = 'FULFILLED') = (ranking_review is not null)),
  ADD CONSTRAINT "subject_request_told" CHECK ((state in ('FULFILLED', 'REFUSED')) = (outcome is not null) and (outcome is null) = (closed_by is null)),
  -- 3 × 24 hours are hours: no weekend and no holiday stops them
  ADD CONSTRAINT "subject_request_clock" CHECK (due_at = received_at + interval '72 hours');
--> statement-breakpoint
ALTER TABLE "governance"."representation" ADD CONSTRAINT "representation_ended" CHECK ((ended_at is null) = (ended_by is null));
--> statement-breakpoint
-- Whoever represents a person reads all about them: two officers of two agencies say so.
ALTER TABLE "governance"."representation"
  ADD COLUMN "confirmed_by" text collate "C" REFERENCES "governance"."steward"("id"),
  ADD COLUMN "confirmed_at" timestamp with time zone,
  ADD CONSTRAINT "representation_confirmed" CHECK ((confirmed_at is null) = (confirmed_by is null));
--> statement-breakpoint
-- What is not confirmed is there for stewards alone: every rule that asks who represents whom asks through this one.
ALTER POLICY "hub_governance_reads" ON "governance"."representation"
  USING ((current_setting('hub.officer')::text[])[1] is not null or (confirmed_at is not null and ((current_setting('hub.citizen')::text[])[1])::uuid in (person_id, representative_id)));
--> statement-breakpoint
GRANT UPDATE ("confirmed_at", "confirmed_by") ON "governance"."representation" TO "hub_governance";
--> statement-breakpoint
ALTER TABLE "governance"."restriction" ADD CONSTRAINT "restriction_lifted" CHECK ((lifted_at is null) = (lifted_by is null));
--> statement-breakpoint
-- One in force for a person and purpose; `changed` is the transaction that wrote a row last: gateways read only what changed since they looked.
ALTER TABLE "governance"."restriction" ADD COLUMN "changed" xid8 NOT NULL DEFAULT pg_current_xact_id();
--> statement-breakpoint
DROP INDEX "governance"."restriction_in_force";
--> statement-breakpoint
CREATE UNIQUE INDEX "restriction_in_force" ON "governance"."restriction" ("person_id", coalesce(purpose_code, '')) WHERE lifted_at is null;
--> statement-breakpoint
CREATE INDEX "restriction_of" ON "governance"."restriction" ("person_id");
--> statement-breakpoint
CREATE INDEX "restriction_changes" ON "governance"."restriction" ("changed");
--> statement-breakpoint
CREATE UNIQUE INDEX "subject_request_event_once" ON "governance"."subject_request_event" ("request_id", "state");
--> statement-breakpoint
CREATE INDEX "subject_request_desk" ON "governance"."subject_request" ("controller", "state", "due_at");
--> statement-breakpoint
CREATE INDEX "subject_request_late" ON "governance"."subject_request" ("controller", "due_at") WHERE closed_at > due_at;
--> statement-breakpoint
CREATE SEQUENCE "governance"."subject_request_serial";
--> statement-breakpoint
CREATE FUNCTION "governance"."next_request_number"(at timestamptz) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('HSD-%s-%s', to_char(at AT TIME ZONE 'Asia/Jakarta', 'YYYY'), lpad(n::text, greatest(6, length(n::text)), '0'))
  FROM nextval('governance.subject_request_serial') n
$$;
--> statement-breakpoint
-- The data subject who asks; null: none does.
CREATE FUNCTION "governance"."citizen"() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT ((nullif(current_setting('hub.citizen', true), '')::text[])[1])::uuid
$$;
--> statement-breakpoint
CREATE FUNCTION "governance"."speaks_for"(citizen uuid, person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT citizen = person OR EXISTS (SELECT FROM governance.representation r WHERE r.person_id = person AND r.representative_id = citizen
    AND r.confirmed_at IS NOT NULL AND r.ended_at IS NULL AND clock_timestamp() >= r.valid_from AND clock_timestamp() < r.valid_to)
$$;
--> statement-breakpoint
CREATE FUNCTION "governance"."require_role"(person text, agency text, allowed text[], deed text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM governance.require_steward(person, deed);
  IF NOT EXISTS (SELECT FROM governance.steward s JOIN governance.steward_key k ON k.steward_id = s.id
    WHERE s.id = person AND s.agency_code = agency AND k.retired_at IS NULL AND k.roles && allowed)
  THEN
    RAISE EXCEPTION '% takes a % of %', deed, array_to_string(allowed, ' or '), agency USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
-- What one person may ask of the agencies, and of every gateway: each restriction is news to all of them.
CREATE FUNCTION "governance"."require_measure"(q "governance"."subject_request") RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  standing text := (SELECT s.number FROM governance.restriction r JOIN governance.subject_request s ON s.id = r.request_id
    WHERE q.kind IN ('RESTRICTION', 'WITHDRAWAL') AND r.person_id = q.person_id AND r.purpose_code IS NOT DISTINCT FROM q.purpose_code AND r.lifted_at IS NULL);
BEGIN
  IF standing IS NOT NULL THEN
    RAISE EXCEPTION '% restricts that already, and is in force', standing USING ERRCODE = 'HB001';
  ELSIF (SELECT count(*) FROM governance.subject_request o WHERE o.person_id = q.person_id AND o.closed_at IS NULL) >= 20 THEN
    RAISE EXCEPTION 'at most 20 requests about one person are open at a time: await an answer, or take one back' USING ERRCODE = 'HB003';
  ELSIF (SELECT count(*) FROM governance.subject_request o WHERE o.person_id = q.person_id
    AND (o.received_at AT TIME ZONE 'Asia/Jakarta')::date = (q.received_at AT TIME ZONE 'Asia/Jakarta')::date) >= 10
  THEN
    RAISE EXCEPTION 'at most 10 requests about one person are filed a day: file the next one tomorrow' USING ERRCODE = 'HB003';
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "governance"."subject_request_filed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF governance.officer() IS NOT NULL THEN
    RAISE EXCEPTION 'a request is filed by the data subject, or by who represents them' USING ERRCODE = 'HB002';
  ELSIF NEW.filed_by <> governance.citizen() OR NOT governance.speaks_for(NEW.filed_by, NEW.person_id) THEN
    RAISE EXCEPTION 'a request is filed in one''s own name, for oneself or for whom one represents' USING ERRCODE = 'HB002';
  ELSIF NEW.state <> 'RECEIVED' OR NEW.handler IS NOT NULL THEN
    RAISE EXCEPTION 'a request begins as received, with nobody' USING ERRCODE = 'HB001';
  END IF;
  IF governance.citizen() IS NOT NULL THEN PERFORM governance.require_measure(NEW); END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "subject_request_filed" BEFORE INSERT ON "governance"."subject_request" FOR EACH ROW EXECUTE FUNCTION "governance"."subject_request_filed"();
--> statement-breakpoint
CREATE FUNCTION "governance"."require_answerable"(q "governance"."subject_request", closer text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM governance.require_role(closer, q.controller, ARRAY['DPO'], 'answering ' || q.number);
  IF q.kind = 'OBJECTION' AND closer = q.handler THEN
    RAISE EXCEPTION '% objects to an automated ranking: another person than who took it in reviews it', q.number USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
-- Consent alone can be withdrawn (UU 27/2022 art. 9): any other basis is told to the subject, and what happens under it goes on.
CREATE FUNCTION "governance"."require_consent_basis"(q "governance"."subject_request") RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  basis text := (SELECT p.legal_basis FROM governance.purpose p WHERE p.code = q.purpose_code);
BEGIN
  IF basis <> 'CONSENT' THEN
    RAISE EXCEPTION '% rests on %, not on consent: refuse % as UNFOUNDED, with that basis', q.purpose_code, basis, q.number USING ERRCODE = 'HB001';
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "governance"."subject_request_moves"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  touched text := governance.changed_columns(to_jsonb(OLD), to_jsonb(NEW),
    ARRAY['state', 'handler', 'closed_at', 'closed_by', 'outcome', 'refusal_reason', 'citation', 'ranking_review']);
BEGIN
  IF touched IS NOT NULL THEN
    RAISE EXCEPTION '% of % can no longer change', touched, OLD.number USING ERRCODE = 'HB001';
  ELSIF OLD.state || '>' || NEW.state NOT IN ('RECEIVED>IN_REVIEW', 'RECEIVED>CANCELLED', 'IN_REVIEW>FULFILLED', 'IN_REVIEW>REFUSED', 'IN_REVIEW>CANCELLED') THEN
    RAISE EXCEPTION '% is % and cannot become %', OLD.number, OLD.state, NEW.state USING ERRCODE = 'HB001';
  ELSIF NEW.state = 'CANCELLED' AND (governance.officer() IS NOT NULL OR NOT governance.speaks_for(governance.citizen(), OLD.person_id)) THEN
    RAISE EXCEPTION '% is cancelled by the data subject, or by who represents them', OLD.number USING ERRCODE = 'HB002';
  ELSIF NEW.state <> 'CANCELLED' AND governance.citizen() IS NOT NULL THEN
    RAISE EXCEPTION '% is answered by stewards of %', OLD.number, OLD.controller USING ERRCODE = 'HB002';
  END IF;
  CASE NEW.state
    WHEN 'IN_REVIEW' THEN
      PERFORM governance.require_role(NEW.handler, OLD.controller, ARRAY['STEWARD', 'DPO'], 'taking in ' || OLD.number);
      RETURN NEW;
    WHEN 'CANCELLED' THEN NULL; -- the wish is theirs: nothing more is asked
    ELSE PERFORM governance.require_answerable(OLD, NEW.closed_by);
  END CASE;
  IF NEW.state = 'FULFILLED' AND OLD.kind = 'WITHDRAWAL' THEN PERFORM governance.require_consent_basis(OLD); END IF;
  NEW.handler := CASE WHEN OLD.kind = 'OBJECTION' THEN coalesce(NEW.closed_by, OLD.handler) ELSE OLD.handler END;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "subject_request_moves" BEFORE UPDATE ON "governance"."subject_request" FOR EACH ROW EXECUTE FUNCTION "governance"."subject_request_moves"();
--> statement-breakpoint
-- A mark of the clock, once: an event, and an alert for who must act. BREACHED stands at the instant it happened, not when it was noticed.
CREATE FUNCTION "governance"."mark_request"(q "governance"."subject_request", mark text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO governance.subject_request_event (request_id, at, actor, state) VALUES (q.id, at, 'CLOCK', mark) ON CONFLICT DO NOTHING;
  INSERT INTO governance.watch_alert (kind, agency_code, detail, once)
    VALUES ('REQUEST_' || mark, q.controller, jsonb_build_object('number', q.number, 'kind', q.kind, 'dueAt', governance.instant_text(q.due_at)),
      format('REQUEST_%s:%s', mark, q.number))
    ON CONFLICT DO NOTHING;
END $$;
--> statement-breakpoint
-- What follows a step is done with it, in one transaction: its event, a restriction imposed or lifted, a breach told.
CREATE FUNCTION "governance"."subject_request_moved"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  citizen uuid := CASE TG_OP WHEN 'INSERT' THEN NEW.filed_by ELSE governance.citizen() END;
  actor text := coalesce(governance.officer(), CASE WHEN citizen = NEW.person_id THEN 'SUBJECT' WHEN citizen IS NOT NULL THEN 'REPRESENTATIVE' END, session_user);
  at timestamptz := coalesce(NEW.closed_at, CASE TG_OP WHEN 'INSERT' THEN NEW.received_at END, clock_timestamp());
BEGIN
  INSERT INTO governance.subject_request_event (request_id, at, actor, state, note)
    VALUES (NEW.id, at, actor, NEW.state, coalesce(NEW.refusal_reason, NEW.ranking_review, ''));
  IF TG_OP = 'INSERT' AND (NEW.kind = 'RESTRICTION'
    OR EXISTS (SELECT FROM governance.purpose p WHERE p.code = NEW.purpose_code AND p.legal_basis = 'CONSENT'))
  THEN
    -- UU 27/2022 art. 41: at once; whether it was right is looked at afterwards
    INSERT INTO governance.restriction (id, person_id, request_id, imposed_at, purpose_code)
      VALUES (gen_random_uuid(), NEW.person_id, NEW.id, NEW.received_at, NEW.purpose_code)
      ON CONFLICT DO NOTHING;
  ELSIF NEW.state IN ('REFUSED', 'CANCELLED') AND NEW.kind IN ('RESTRICTION', 'WITHDRAWAL') THEN
    UPDATE governance.restriction SET lifted_at = NEW.closed_at, lifted_by = actor WHERE request_id = NEW.id AND lifted_at IS NULL;
  END IF;
  IF NEW.closed_at > NEW.due_at THEN PERFORM governance.mark_request(NEW, 'BREACHED', NEW.due_at); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "subject_request_moved" AFTER INSERT OR UPDATE ON "governance"."subject_request" FOR EACH ROW EXECUTE FUNCTION "governance"."subject_request_moved"();
--> statement-breakpoint
-- Tells escalations (24 hours before a request is due) and breaches that no step told, each once; for the log's process, every tick. Answers how many.
CREATE FUNCTION "governance"."mark_request_clocks"(at timestamptz DEFAULT clock_timestamp()) RETURNS integer LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH late AS (
    SELECT q, CASE WHEN q.due_at < at THEN 'BREACHED' ELSE 'ESCALATED' END AS mark FROM governance.subject_request q
    WHERE q.closed_at IS NULL AND q.due_at <= at + interval '24 hours'
  ), untold AS (
    SELECT l.q, l.mark FROM late l
    WHERE NOT EXISTS (SELECT FROM governance.subject_request_event e WHERE e.request_id = (l.q).id AND e.state = l.mark)
  ), told AS MATERIALIZED (
    SELECT governance.mark_request(u.q, u.mark, CASE u.mark WHEN 'BREACHED' THEN (u.q).due_at ELSE mark_request_clocks.at END) FROM untold u
  )
  SELECT count(*)::integer FROM told
$$;
--> statement-breakpoint
CREATE FUNCTION "governance"."restriction_lifted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF governance.officer() IS NOT NULL AND NOT EXISTS (SELECT FROM governance.subject_request q WHERE q.id = OLD.request_id AND q.state = 'REFUSED') THEN
    RAISE EXCEPTION 'a restriction ends when its request is refused, or when the data subject lifts it' USING ERRCODE = 'HB002';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "restriction_lifted" BEFORE UPDATE ON "governance"."restriction" FOR EACH ROW EXECUTE FUNCTION "governance"."restriction_lifted"();
--> statement-breakpoint
CREATE TRIGGER "restriction_once" BEFORE UPDATE ON "governance"."restriction" FOR EACH ROW EXECUTE FUNCTION "governance"."set_once"('lifted_at', 'lifted_by');
--> statement-breakpoint
CREATE FUNCTION "governance"."restriction_touched"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.changed := pg_current_xact_id();
  RETURN NEW;
END $$;
--> statement-breakpoint
-- By its name after the one above: what somebody sets themselves is refused.
CREATE TRIGGER "restriction_touched" BEFORE UPDATE ON "governance"."restriction" FOR EACH ROW EXECUTE FUNCTION "governance"."restriction_touched"();
--> statement-breakpoint
-- Whoever represents a person reads all about them: only a data protection officer of an agency that controls data registers it, in their own name, and one of another agency confirms it.
CREATE FUNCTION "governance"."representation_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  officer text := CASE TG_OP WHEN 'INSERT' THEN NEW.registered_by ELSE NEW.ended_by END;
  agency text := (SELECT s.agency_code FROM governance.steward s WHERE s.id = officer);
BEGIN
  PERFORM governance.require_role(officer, agency, ARRAY['DPO'], 'registering who represents a person');
  IF NOT EXISTS (SELECT FROM governance.supergraph s, jsonb_each_text(s.controllers) c WHERE s.hash = governance.newest_supergraph() AND c.value = agency) THEN
    RAISE EXCEPTION 'who represents a person is registered by an agency that controls their data: % controls none', agency USING ERRCODE = 'HB002';
  ELSIF TG_OP = 'INSERT' AND NEW.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'what begins has not ended yet' USING ERRCODE = 'HB001';
  ELSIF TG_OP = 'INSERT' AND NEW.confirmed_at IS NOT NULL THEN
    RAISE EXCEPTION 'who represents a person takes two: the second confirms after the first has registered' USING ERRCODE = 'HB001';
  ELSIF NEW.basis IN ('PARENT', 'GUARDIAN') AND NEW.valid_to > NEW.valid_from + interval '18 years' THEN
    -- UU 27/2022 art. 25: whoever turns 18 speaks for themselves
    RAISE EXCEPTION 'until: a child is represented to its 18th birthday, at most 18 years from now' USING ERRCODE = 'HB003';
  ELSIF NEW.basis NOT IN ('PARENT', 'GUARDIAN') AND NEW.valid_to > NEW.valid_from + interval '2 years' THEN
    RAISE EXCEPTION 'until: at most 2 years from now, then it is registered anew' USING ERRCODE = 'HB003';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION "governance"."representation_confirmed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  agency text := (SELECT s.agency_code FROM governance.steward s WHERE s.id = NEW.confirmed_by);
BEGIN
  PERFORM governance.require_role(NEW.confirmed_by, agency, ARRAY['DPO'], 'confirming who represents a person');
  IF EXISTS (SELECT FROM governance.steward s WHERE s.id = NEW.registered_by AND s.agency_code = agency) THEN
    RAISE EXCEPTION 'who represents a person is confirmed by another agency than the one that registered it: % did', agency USING ERRCODE = 'HB002';
  ELSIF NEW.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'that representation has ended' USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- Told as policy, without a word about whom: the id of the representation and its ground.
CREATE FUNCTION "governance"."representation_told"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO governance.policy_event (actor, kind, detail) VALUES (coalesce(governance.officer(), session_user), TG_ARGV[0], NEW.basis || ' ' || NEW.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "representation_rules" BEFORE INSERT ON "governance"."representation" FOR EACH ROW EXECUTE FUNCTION "governance"."representation_rules"();
--> statement-breakpoint
CREATE TRIGGER "representation_ends" BEFORE UPDATE ON "governance"."representation" FOR EACH ROW
  WHEN (NEW.ended_by IS DISTINCT FROM OLD.ended_by OR NEW.confirmed_by IS NOT DISTINCT FROM OLD.confirmed_by) EXECUTE FUNCTION "governance"."representation_rules"();
--> statement-breakpoint
CREATE TRIGGER "representation_confirmed" BEFORE UPDATE ON "governance"."representation" FOR EACH ROW
  WHEN (NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by) EXECUTE FUNCTION "governance"."representation_confirmed"();
--> statement-breakpoint
CREATE TRIGGER "representation_once" BEFORE UPDATE ON "governance"."representation" FOR EACH ROW
  EXECUTE FUNCTION "governance"."set_once"('ended_at', 'ended_by', 'confirmed_at', 'confirmed_by');
--> statement-breakpoint
CREATE TRIGGER "representation_registered_told" AFTER INSERT ON "governance"."representation" FOR EACH ROW
  EXECUTE FUNCTION "governance"."representation_told"('representation registered');
--> statement-breakpoint
CREATE TRIGGER "representation_confirmed_told" AFTER UPDATE ON "governance"."representation" FOR EACH ROW
  WHEN (OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION "governance"."representation_told"('representation confirmed');
--> statement-breakpoint
CREATE TRIGGER "representation_ended_told" AFTER UPDATE ON "governance"."representation" FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION "governance"."representation_told"('representation ended');
--> statement-breakpoint
CREATE TRIGGER "subject_request_event_append_only" BEFORE UPDATE ON "governance"."subject_request_event" FOR EACH STATEMENT
  EXECUTE FUNCTION "governance"."refuse"('what happened to a request stays as it was told');
--> statement-breakpoint
DO $$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY ARRAY['representation', 'subject_request', 'subject_request_event', 'restriction'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE OR TRUNCATE ON governance.%I FOR EACH STATEMENT EXECUTE FUNCTION governance.refuse(%L)',
      named || '_stays', named, 'the rows of ' || named || ' are on file and stay');
  END LOOP;
END $$;
--> statement-breakpoint
-- Restrictions and events follow from steps alone.
REVOKE INSERT ON "governance"."subject_request_event", "governance"."restriction" FROM "hub_governance";
--> statement-breakpoint
REVOKE INSERT ON "governance"."subject_request_event" FROM "hub_log";
--> statement-breakpoint
GRANT UPDATE ("ranking_review") ON "governance"."subject_request" TO "hub_governance";
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "governance"."next_request_number"(timestamptz), "governance"."mark_request_clocks"(timestamptz) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."next_request_number"(timestamptz) TO "hub_governance";
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."mark_request_clocks"(timestamptz) TO "hub_log";
