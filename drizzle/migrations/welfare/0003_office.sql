-- Who may act in the registry, where and from when; what they did. Rules that every workflow of the registry shares. SQLSTATEs as governance's:
-- HB001 conflict, HB002 forbidden, HB003 bad input; the message is a sentence for the asker and names nobody.
CREATE TABLE "welfare"."officer_duty" (
	"id" uuid PRIMARY KEY NOT NULL,
	"officer_id" text collate "C" NOT NULL,
	"agency" text collate "C" NOT NULL,
	"role" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_to" timestamp with time zone,
	"assigned_by" text collate "C" NOT NULL,
	CONSTRAINT "officer_duty_role" CHECK (role in ('NEIGHBOURHOOD', 'VILLAGE_OPERATOR', 'VILLAGE_HEAD', 'ENUMERATOR', 'VERIFIER', 'HEAD_OF_OFFICE', 'REGENT', 'MINISTRY', 'MINISTER', 'RANKING')),
	CONSTRAINT "officer_duty_region" CHECK (region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10})?$'),
	CONSTRAINT "officer_duty_period" CHECK (valid_to > valid_from)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "officer_duty_once" ON "welfare"."officer_duty" ("officer_id", "agency", "role", "region") WHERE valid_to is null;
--> statement-breakpoint
CREATE TABLE "welfare"."transition" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	"subject_kind" text collate "C" NOT NULL,
	"subject_id" uuid NOT NULL,
	"person_id" uuid,
	"region" text collate "C" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text collate "C" NOT NULL,
	"act" text collate "C" NOT NULL,
	"from_state" text collate "C",
	"to_state" text collate "C",
	"reason" text
);
--> statement-breakpoint
CREATE INDEX "transition_subject" ON "welfare"."transition" ("subject_kind", "subject_id", "id");
--> statement-breakpoint
-- The officer who acts; null: none does.
CREATE FUNCTION "welfare"."officer"() RETURNS text LANGUAGE sql STABLE AS $$ SELECT (nullif(current_setting('hub.officer', true), '')::text[])[1] $$;
--> statement-breakpoint
-- The person who asks about themselves or whom they represent; null: none does.
CREATE FUNCTION "welfare"."citizen"() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT ((nullif(current_setting('hub.citizen', true), '')::text[])[1])::uuid $$;
--> statement-breakpoint
-- Of which agency it is asked; null: nobody said.
CREATE FUNCTION "welfare"."agency"() RETURNS text LANGUAGE sql STABLE AS $$ SELECT (nullif(current_setting('hub.agency', true), '')::text[])[1] $$;
--> statement-breakpoint
-- Empty: an instant that is told lies near the server's clock. A row, of the owner alone: a scratch database, whose clock is what it is told.
CREATE TABLE "welfare"."clock_rule" ("told" boolean PRIMARY KEY DEFAULT true NOT NULL, CONSTRAINT "clock_rule_told" CHECK (told));
--> statement-breakpoint
GRANT SELECT ON "welfare"."clock_rule" TO "hub_welfare", "hub_welfare_jobs";
--> statement-breakpoint
-- The instant of the request (hub.now), which the slice says in every transaction that writes, and at most a day away from the server's clock; jobs, seeds and
-- imports of the owner go by the server's clock.
CREATE FUNCTION "welfare"."moment"() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE told timestamptz := nullif(current_setting('hub.now', true), '')::timestamptz;
BEGIN
  IF session_user = 'hub_welfare' THEN
    IF told IS NULL THEN RAISE EXCEPTION 'hub.now is not said'; END IF;
    IF told NOT BETWEEN clock_timestamp() - interval '1 day' AND clock_timestamp() + interval '1 day' AND NOT EXISTS (SELECT FROM welfare.clock_rule) THEN
      RAISE EXCEPTION 'hub.now is not the instant it is' USING ERRCODE = 'HB003';
    END IF;
  END IF;
  RETURN coalesce(told, now());
END $$;
--> statement-breakpoint
-- Whether the officer who acts holds one of these duties (null: any) over a region at this instant, for the agency it is asked of.
CREATE FUNCTION "welfare"."on_duty"(roles text[], region text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM welfare.officer_duty d WHERE d.officer_id = welfare.officer() AND d.agency = welfare.agency() AND (roles IS NULL OR d.role = ANY (roles))
    AND starts_with($2, d.region) AND d.valid_from <= clock_timestamp() AND (d.valid_to IS NULL OR clock_timestamp() < d.valid_to))
$$;
--> statement-breakpoint
-- Regions the officer who acts has duties over now, for that agency. In policies as a subquery: once a statement, not once a row.
CREATE FUNCTION "welfare"."duty_regions"() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(d.region::text), '{}') FROM welfare.officer_duty d WHERE d.officer_id = welfare.officer()
    AND d.agency = welfare.agency() AND d.valid_from <= clock_timestamp() AND (d.valid_to IS NULL OR clock_timestamp() < d.valid_to)
$$;
--> statement-breakpoint
-- Regions whose entries the asker sees, of those the agreement opens: an officer where a duty is held, without any none; all (an empty prefix) where no officer
-- asks, and for stewards of governance, who count what a scope reaches. To read by, not to write by: a machine has no duties.
CREATE FUNCTION "welfare"."seen_regions"() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN welfare.officer() IS NULL OR (nullif(current_setting('hub.purpose', true), '')::text[])[1] = 'ACCESS_GOVERNANCE' THEN array['']
    ELSE welfare.duty_regions() END
$$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."require_duty"(roles text[], region text, deed text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF welfare.officer() IS NULL THEN
    RAISE EXCEPTION '% needs an officer who does it', deed USING ERRCODE = 'HB002';
  ELSIF NOT welfare.on_duty(roles, region) THEN
    RAISE EXCEPTION '% takes a % on duty over region %', deed, array_to_string(roles, ' or '), region USING ERRCODE = 'HB002';
  END IF;
END $$;
--> statement-breakpoint
-- Whoever acts, for the history: the officer, CITIZEN, or the job.
CREATE FUNCTION "welfare"."actor"() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(welfare.officer(), CASE WHEN welfare.citizen() IS NOT NULL THEN 'CITIZEN' ELSE coalesce(nullif(current_setting('hub.actor', true), ''), 'SYSTEM') END)
$$;
--> statement-breakpoint
-- Writes a line of the history. Only rules (SECURITY DEFINER triggers of the owner) may call it.
CREATE FUNCTION "welfare"."note_transition"(kind text, subject uuid, person uuid, region text, act text, from_state text, to_state text, reason text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO welfare.transition (subject_kind, subject_id, person_id, region, at, actor, act, from_state, to_state, reason)
  VALUES ($1, $2, $3, $4, welfare.moment(), welfare.actor(), $5, $6, $7, $8)
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."note_transition" FROM PUBLIC;
--> statement-breakpoint
CREATE FUNCTION "welfare"."refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HB001'; END $$;
--> statement-breakpoint
CREATE TRIGGER "transition_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "welfare"."transition" EXECUTE FUNCTION "welfare"."refuse"('what is in the history stays');
--> statement-breakpoint
-- Hands work to the registry's workers; the same work waiting twice is one.
CREATE FUNCTION "welfare"."enqueue"(task text, subject text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF task !~ '^registry_[a-z_]+$' THEN RAISE EXCEPTION 'no such work' USING ERRCODE = 'HB003'; END IF;
  PERFORM graphile_worker.add_job(task, json_build_object('job', subject), job_key => task || '/' || subject, max_attempts => 8);
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."enqueue" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."enqueue" TO "hub_welfare";
--> statement-breakpoint
-- who takes over a function must be allowed to make one there
GRANT USAGE, CREATE ON SCHEMA "welfare" TO "hub_welfare_jobs";
--> statement-breakpoint
ALTER FUNCTION "welfare"."enqueue" OWNER TO "hub_welfare_jobs";
--> statement-breakpoint
REVOKE CREATE ON SCHEMA "welfare" FROM "hub_welfare_jobs";
--> statement-breakpoint
-- The head of an office assigns the duties of village and field over regions of that office, for the own agency and never to themself, from this instant on; and
-- ends them, once. All other duties the owner assigns: the operator of the hub, at the word of who appoints.
CREATE FUNCTION "welfare"."officer_duty_rules"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.assigned_by IS DISTINCT FROM welfare.officer() THEN RAISE EXCEPTION 'a duty is assigned in one''s own name' USING ERRCODE = 'HB002'; END IF;
    NEW.valid_from := welfare.moment();
    NEW.valid_to := null;
  ELSIF OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL OR (OLD.id, OLD.officer_id, OLD.agency, OLD.role, OLD.region, OLD.valid_from, OLD.assigned_by)
    IS DISTINCT FROM (NEW.id, NEW.officer_id, NEW.agency, NEW.role, NEW.region, NEW.valid_from, NEW.assigned_by)
  THEN RAISE EXCEPTION 'a duty is ended once, never changed' USING ERRCODE = 'HB001';
  ELSE NEW.valid_to := welfare.moment();
  END IF;
  IF NEW.officer_id = welfare.officer() THEN RAISE EXCEPTION 'nobody assigns a duty to themself' USING ERRCODE = 'HB002'; END IF;
  IF NEW.agency IS DISTINCT FROM welfare.agency() THEN RAISE EXCEPTION 'a duty is assigned for one''s own agency' USING ERRCODE = 'HB002'; END IF;
  IF NEW.role NOT IN ('NEIGHBOURHOOD', 'VILLAGE_OPERATOR', 'VILLAGE_HEAD', 'ENUMERATOR', 'VERIFIER') THEN
    RAISE EXCEPTION 'a duty as % is assigned and ended by the operator of the hub alone', NEW.role USING ERRCODE = 'HB002';
  END IF;
  PERFORM welfare.require_duty(array['HEAD_OF_OFFICE'], NEW.region, 'assigning a duty');
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "officer_duty_rules" BEFORE INSERT OR UPDATE ON "welfare"."officer_duty" FOR EACH ROW EXECUTE FUNCTION "welfare"."officer_duty_rules"();
--> statement-breakpoint
ALTER TABLE "welfare"."officer_duty" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."officer_duty" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."officer_duty" FOR SELECT TO "hub_welfare", "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_assigns" ON "welfare"."officer_duty" FOR INSERT TO "hub_welfare" WITH CHECK (welfare.officer() is not null);
--> statement-breakpoint
CREATE POLICY "hub_welfare_ends" ON "welfare"."officer_duty" FOR UPDATE TO "hub_welfare" USING (welfare.officer() is not null) WITH CHECK (welfare.officer() is not null);
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."officer_duty" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "welfare"."transition" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."transition" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- Rows of the agreement's regions; of those an officer sees where a duty is held, and a data subject their own.
CREATE POLICY "hub_welfare_reads" ON "welfare"."transition" FOR SELECT TO "hub_welfare" USING (
  ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2])
  or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4])
  or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6])
  or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]))
  and (welfare.officer() is null or region ^@ any ((select welfare.duty_regions())::text[]))
  and (welfare.citizen() is null or person_id = welfare.citizen()));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."transition" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT, INSERT ON "welfare"."officer_duty" TO "hub_welfare";
--> statement-breakpoint
GRANT UPDATE ("valid_to") ON "welfare"."officer_duty" TO "hub_welfare";
--> statement-breakpoint
GRANT SELECT ON "welfare"."transition" TO "hub_welfare";
--> statement-breakpoint
-- The registry's workers read and count the whole registry; what else they may write the parts say.
GRANT SELECT ON "welfare"."registry_version", "welfare"."decile_count", "welfare"."household", "welfare"."family", "welfare"."member", "welfare"."ranking", "welfare"."ppks_status", "welfare"."psks_role", "welfare"."psks_institution", "welfare"."officer_duty" TO "hub_welfare_jobs";
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."household" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."family" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."member" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."ranking" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."ppks_status" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."psks_role" FOR SELECT TO "hub_welfare_jobs" USING (true);
