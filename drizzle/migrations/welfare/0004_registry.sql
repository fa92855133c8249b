-- The registry lives: two clocks on every entry (valid: WIB days; known: instants), surveys, family numbers, external numbers.
-- The tables stay the head: what holds today, as known now. What held or was known before is in registry_history, written from the first change on.
ALTER TABLE "welfare"."household" ADD COLUMN "version" integer DEFAULT 1 NOT NULL, ADD COLUMN "valid_from" date DEFAULT '2025-01-01' NOT NULL, ADD COLUMN "known_from" timestamp with time zone DEFAULT '2025-01-01 00:00+07' NOT NULL;
--> statement-breakpoint
ALTER TABLE "welfare"."family" ADD COLUMN "version" integer DEFAULT 1 NOT NULL, ADD COLUMN "valid_from" date DEFAULT '2025-01-01' NOT NULL, ADD COLUMN "known_from" timestamp with time zone DEFAULT '2025-01-01 00:00+07' NOT NULL;
--> statement-breakpoint
ALTER TABLE "welfare"."member" ADD COLUMN "version" integer DEFAULT 1 NOT NULL, ADD COLUMN "valid_from" date DEFAULT '2025-01-01' NOT NULL, ADD COLUMN "known_from" timestamp with time zone DEFAULT '2025-01-01 00:00+07' NOT NULL;
--> statement-breakpoint
-- what came before this migration is known since the registry began; what comes from now on, since it comes
ALTER TABLE "welfare"."household" ALTER COLUMN "valid_from" SET DEFAULT (now() at time zone 'Asia/Jakarta')::date, ALTER COLUMN "known_from" SET DEFAULT now();
--> statement-breakpoint
ALTER TABLE "welfare"."family" ALTER COLUMN "valid_from" SET DEFAULT (now() at time zone 'Asia/Jakarta')::date, ALTER COLUMN "known_from" SET DEFAULT now();
--> statement-breakpoint
ALTER TABLE "welfare"."member" ALTER COLUMN "valid_from" SET DEFAULT (now() at time zone 'Asia/Jakarta')::date, ALTER COLUMN "known_from" SET DEFAULT now();
--> statement-breakpoint
CREATE TABLE "welfare"."registry_history" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	"kind" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"row" jsonb NOT NULL,
	"valid" daterange NOT NULL,
	"known" tstzrange NOT NULL,
	"household_id" uuid GENERATED ALWAYS AS (coalesce("row" ->> 'household_id', "row" ->> 'id')::uuid) STORED NOT NULL,
	"family_id" uuid GENERATED ALWAYS AS (("row" ->> 'family_id')::uuid) STORED,
	CONSTRAINT "registry_history_kind" CHECK (kind in ('HOUSEHOLD', 'FAMILY', 'MEMBER')),
	CONSTRAINT "registry_history_times" CHECK (not isempty(valid) and not isempty(known) and not lower_inf(valid) and not lower_inf(known)),
	CONSTRAINT "registry_history_one_truth" EXCLUDE USING gist ("id" WITH =, "valid" WITH &&, "known" WITH &&)
);
--> statement-breakpoint
CREATE INDEX "registry_history_entry" ON "welfare"."registry_history" ("id");
--> statement-breakpoint
CREATE INDEX "registry_history_household" ON "welfare"."registry_history" ("household_id", "kind");
--> statement-breakpoint
CREATE INDEX "registry_history_family" ON "welfare"."registry_history" ("family_id") WHERE family_id is not null;
--> statement-breakpoint
CREATE TABLE "welfare"."registry_change" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	"kind" text collate "C" NOT NULL,
	"subject_id" uuid NOT NULL,
	"household_id" uuid NOT NULL,
	"fields" text[] NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"known_at" timestamp with time zone NOT NULL,
	"actor" text collate "C" NOT NULL,
	"reason" text
);
--> statement-breakpoint
CREATE INDEX "registry_change_subject" ON "welfare"."registry_change" ("subject_id", "seq");
--> statement-breakpoint
CREATE TABLE "welfare"."member_lineage" (
	"member_id" uuid NOT NULL,
	"from_member_id" uuid NOT NULL,
	"household_id" uuid NOT NULL,
	"reason" text collate "C" NOT NULL,
	"moved_on" date NOT NULL,
	CONSTRAINT "member_lineage_pk" PRIMARY KEY("member_id","from_member_id"),
	CONSTRAINT "member_lineage_reason" CHECK (reason in ('MOVE', 'SPLIT', 'MERGE', 'MARRIAGE', 'DIVORCE', 'CORRECTION')),
	CONSTRAINT "member_lineage_another" CHECK (member_id <> from_member_id)
);
--> statement-breakpoint
CREATE TABLE "welfare"."external_id" (
	"id" uuid PRIMARY KEY NOT NULL,
	"scheme" text collate "C" NOT NULL,
	"value" text collate "C" NOT NULL,
	"member_id" uuid NOT NULL,
	"household_id" uuid NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"is_disputed" boolean DEFAULT false NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "external_id_scheme" CHECK (scheme in ('IDBDT', 'IDARTBDT', 'RUTA6', 'NO_PESERTA_PBDT', 'IDSEMESTA', 'VERIFYID', 'NO_PESERTA_PKH', 'NO_PESERTA_KKS', 'NO_PESERTA_PBI', 'NISN', 'NPSN')),
	CONSTRAINT "external_id_value" CHECK (value ~ '^[A-Za-z0-9./-]{1,60}$'),
	CONSTRAINT "external_id_period" CHECK (valid_to > valid_from)
);
--> statement-breakpoint
CREATE INDEX "external_id_value_of" ON "welfare"."external_id" ("scheme", "value");
--> statement-breakpoint
CREATE UNIQUE INDEX "external_id_member" ON "welfare"."external_id" ("member_id", "scheme", "value", "valid_from");
--> statement-breakpoint
CREATE TABLE "welfare"."external_id_conflict" (
	"one" uuid NOT NULL REFERENCES "welfare"."external_id"("id"),
	"other" uuid NOT NULL REFERENCES "welfare"."external_id"("id"),
	"found_at" timestamp with time zone NOT NULL,
	CONSTRAINT "external_id_conflict_pk" PRIMARY KEY("one","other")
);
--> statement-breakpoint
CREATE TABLE "welfare"."survey_variable" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"raw_name" text collate "C" NOT NULL,
	"scope" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"unit" text,
	"labels" jsonb DEFAULT '{}' NOT NULL,
	"opens" text collate "C" NOT NULL,
	"source" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	CONSTRAINT "survey_variable_scope" CHECK (scope in ('HOUSEHOLD', 'MEMBER')),
	CONSTRAINT "survey_variable_kind" CHECK (kind in ('NUMBER', 'CODE', 'TEXT', 'YESNO')),
	CONSTRAINT "survey_variable_opens" CHECK (opens in ('ANSWERS', 'HEALTH', 'PROTECTED', 'NEVER')),
	CONSTRAINT "survey_variable_codes" CHECK ((kind = 'CODE') = (labels <> '{}'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "survey_variable_raw" ON "welfare"."survey_variable" ("scope", "raw_name");
--> statement-breakpoint
CREATE TABLE "welfare"."survey" (
	"id" uuid PRIMARY KEY NOT NULL,
	"household_id" uuid NOT NULL REFERENCES "welfare"."household"("id"),
	"visited_on" date NOT NULL,
	"method" text collate "C" NOT NULL,
	"enumerator" text collate "C",
	"answers" jsonb NOT NULL,
	"known_from" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "survey_method" CHECK (method in ('DISCUSSION', 'INTERVIEW', 'OBSERVATION'))
);
--> statement-breakpoint
CREATE INDEX "survey_household" ON "welfare"."survey" ("household_id", "visited_on");
--> statement-breakpoint
CREATE TABLE "welfare"."survey_member" (
	"survey_id" uuid NOT NULL REFERENCES "welfare"."survey"("id"),
	"member_id" uuid NOT NULL,
	"household_id" uuid NOT NULL,
	"answers" jsonb NOT NULL,
	CONSTRAINT "survey_member_pk" PRIMARY KEY("survey_id","member_id")
);
--> statement-breakpoint
CREATE INDEX "survey_member_member" ON "welfare"."survey_member" ("member_id");
--> statement-breakpoint
-- The day (WIB) from which what is written holds: hub.effective_on, else today. A day to come is refused.
CREATE FUNCTION "welfare"."effective_on"() RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
  today date := (welfare.moment() at time zone 'Asia/Jakarta')::date;
  told date := nullif(current_setting('hub.effective_on', true), '')::date;
BEGIN
  IF told > today THEN RAISE EXCEPTION 'effectiveOn lies in the future: what is not so yet is not registered' USING ERRCODE = 'HB003'; END IF;
  RETURN coalesce(told, today);
END $$;
--> statement-breakpoint
-- Lays `patch` over what is known of an entry for the days of `period`. Days before and after, and columns that the patch does not name, stay as they
-- are; what was known so far stays known as of then. `head`: the entry as it stood before, its first version when nothing changed before.
-- Two changes at one instant, or by a clock that lags, become known one after the other.
CREATE FUNCTION "welfare"."amend"(kind text, id uuid, head jsonb, patch jsonb, period daterange)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  self xid := pg_current_xact_id()::xid;
  at timestamptz;
  v record;
  common daterange;
BEGIN
  INSERT INTO welfare.registry_history (kind, id, "row", valid, known)
  SELECT kind, id, head, daterange((head ->> 'valid_from')::date, null), tstzrange((head ->> 'known_from')::timestamptz, null)
  WHERE NOT EXISTS (SELECT FROM welfare.registry_history h WHERE h.id = id);
  SELECT max(lower(h.known)) INTO at FROM welfare.registry_history h
    WHERE h.id = id AND h.xmin = self AND lower(h.known) > (head ->> 'known_from')::timestamptz AND upper_inf(h.known);
  IF at IS NULL THEN
    SELECT greatest(welfare.moment(), max(lower(h.known)) + interval '1 microsecond') INTO at FROM welfare.registry_history h WHERE h.id = id;
  END IF;
  FOR v IN SELECT h.seq, h."row", h.valid, h.known FROM welfare.registry_history h
    WHERE h.id = id AND upper_inf(h.known) AND h.valid && period ORDER BY h.seq FOR UPDATE
  LOOP
    common := v.valid * period;
    IF lower(v.known) = at THEN DELETE FROM welfare.registry_history h WHERE h.seq = v.seq;
    ELSE UPDATE welfare.registry_history h SET known = tstzrange(lower(v.known), at) WHERE h.seq = v.seq;
    END IF;
    INSERT INTO welfare.registry_history (kind, id, "row", valid, known)
    SELECT kind, id, part."row", part.valid, tstzrange(at, null) FROM (VALUES
      (v."row", daterange(lower(v.valid), lower(common))),
      (v."row" || patch, common),
      (v."row", CASE WHEN upper_inf(common) THEN 'empty'::daterange ELSE daterange(upper(common), upper(v.valid)) END)
    ) AS part ("row", valid) WHERE NOT isempty(part.valid);
  END LOOP;
  INSERT INTO welfare.registry_change (kind, subject_id, household_id, fields, valid_from, valid_to, known_at, actor, reason)
  VALUES (kind, id, coalesce(patch ->> 'household_id', head ->> 'household_id', head ->> 'id')::uuid, (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(patch) k),
    lower(period), upper(period), at, welfare.actor(), nullif(current_setting('hub.reason', true), ''));
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."amend" FROM PUBLIC;
--> statement-breakpoint
-- After a change of the head: from the effective day on, for good. TG_ARGV: the kind, then the columns that have a history.
CREATE FUNCTION "welfare"."registry_changed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before jsonb := to_jsonb(OLD);
  after jsonb := to_jsonb(NEW);
  patch jsonb;
BEGIN
  SELECT jsonb_object_agg(c, after -> c) INTO patch FROM unnest(TG_ARGV[1:]) c WHERE before -> c IS DISTINCT FROM after -> c;
  PERFORM welfare.amend(TG_ARGV[0], OLD.id, before, patch, daterange(welfare.effective_on(), null));
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Who may change the head, and how. Whatever a rule of the owner does has been ruled on there.
CREATE FUNCTION "welfare"."registry_rules"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.valid_from <> OLD.valid_from OR NEW.known_from <> OLD.known_from THEN
    RAISE EXCEPTION 'an entry keeps its id and its beginning' USING ERRCODE = 'HB001';
  END IF;
  IF current_user = 'hub_welfare' THEN
    PERFORM welfare.require_duty(array['VERIFIER', 'HEAD_OF_OFFICE', 'MINISTRY'], OLD.region, 'changing the registry');
  END IF;
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- Whom the population register confirmed is confirmed as what was claimed then: another claim is matched anew. Members sleep, wake, die and are merged,
-- and only so (domain: ACTIVE - DORMANT; to DECEASED, correctable to what was before; to MERGED, undone).
-- A death that population attests is population's to take back.
CREATE FUNCTION "welfare"."member_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF session_user = 'hub_welfare_owner' THEN RETURN NEW; END IF;
  IF (NEW.claimed_name, NEW.claimed_nik) IS DISTINCT FROM (OLD.claimed_name, OLD.claimed_nik) AND NEW.match_status = OLD.match_status THEN
    NEW.match_status := 'NOT_YET_MATCHED';
    NEW.person_id := null;
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('ACTIVE', 'DORMANT'), ('DORMANT', 'ACTIVE'), ('ACTIVE', 'DECEASED'), ('DORMANT', 'DECEASED'),
    ('DECEASED', 'ACTIVE'), ('DECEASED', 'DORMANT'), ('ACTIVE', 'MERGED'), ('DORMANT', 'MERGED'), ('DECEASED', 'MERGED'), ('MERGED', 'ACTIVE'))
  THEN RAISE EXCEPTION 'a member who is % does not become %', OLD.state, NEW.state USING ERRCODE = 'HB001'; END IF;
  IF OLD.state IN ('DECEASED', 'MERGED') AND NEW.state = 'ACTIVE' AND welfare.is_attested_dead(NEW.person_id) THEN
    RAISE EXCEPTION 'population attests this death: it ends with a correction of population''s own' USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."member_rules" FROM PUBLIC;
--> statement-breakpoint
CREATE FUNCTION "welfare"."member_state_noted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM welfare.note_transition('MEMBER', NEW.id, coalesce(NEW.person_id, OLD.person_id), NEW.region,
    CASE WHEN NEW.state = 'DECEASED' THEN 'MARK_DECEASED' WHEN NEW.state = 'MERGED' THEN 'MERGE' WHEN OLD.state = 'DECEASED' THEN 'CORRECT_DEATH'
      WHEN NEW.state = 'DORMANT' THEN 'PUT_TO_SLEEP' WHEN OLD.state = 'DORMANT' THEN 'REVIVE' ELSE 'UNMERGE' END,
    OLD.state::text, NEW.state::text, nullif(current_setting('hub.reason', true), ''));
  RETURN NULL;
END $$;
--> statement-breakpoint
-- A new entry that is neither seeded nor imported holds from the effective day and is known from this instant.
CREATE FUNCTION "welfare"."registry_begins"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.valid_from := welfare.effective_on();
  NEW.known_from := welfare.moment();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "household_begins" BEFORE INSERT ON "welfare"."household" FOR EACH ROW WHEN (session_user <> 'hub_welfare_owner') EXECUTE FUNCTION "welfare"."registry_begins"();
--> statement-breakpoint
CREATE TRIGGER "household_rules" BEFORE UPDATE ON "welfare"."household" FOR EACH ROW
  WHEN ((OLD.region, OLD.address, OLD.monthly_income, OLD.floor_area, OLD.surveyed_on) IS DISTINCT FROM (NEW.region, NEW.address, NEW.monthly_income, NEW.floor_area, NEW.surveyed_on) OR (OLD.id, OLD.valid_from, OLD.known_from) IS DISTINCT FROM (NEW.id, NEW.valid_from, NEW.known_from))
  EXECUTE FUNCTION "welfare"."registry_rules"();
--> statement-breakpoint
CREATE TRIGGER "household_versions" AFTER UPDATE ON "welfare"."household" FOR EACH ROW
  WHEN ((OLD.region, OLD.address, OLD.monthly_income, OLD.floor_area, OLD.surveyed_on) IS DISTINCT FROM (NEW.region, NEW.address, NEW.monthly_income, NEW.floor_area, NEW.surveyed_on))
  EXECUTE FUNCTION "welfare"."registry_changed"('HOUSEHOLD', 'region', 'address', 'monthly_income', 'floor_area', 'surveyed_on');
--> statement-breakpoint
CREATE TRIGGER "household_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."household" EXECUTE FUNCTION "welfare"."refuse"('what is registered is put to sleep, marked or merged, never deleted');
--> statement-breakpoint
CREATE TRIGGER "family_begins" BEFORE INSERT ON "welfare"."family" FOR EACH ROW WHEN (session_user <> 'hub_welfare_owner') EXECUTE FUNCTION "welfare"."registry_begins"();
--> statement-breakpoint
CREATE TRIGGER "family_rules" BEFORE UPDATE ON "welfare"."family" FOR EACH ROW
  WHEN ((OLD.household_id, OLD.registry_number, OLD.number_in_household, OLD.family_card_id, OLD.claimed_card_number, OLD.region) IS DISTINCT FROM (NEW.household_id, NEW.registry_number, NEW.number_in_household, NEW.family_card_id, NEW.claimed_card_number, NEW.region) OR (OLD.id, OLD.valid_from, OLD.known_from) IS DISTINCT FROM (NEW.id, NEW.valid_from, NEW.known_from))
  EXECUTE FUNCTION "welfare"."registry_rules"();
--> statement-breakpoint
CREATE TRIGGER "family_versions" AFTER UPDATE ON "welfare"."family" FOR EACH ROW
  WHEN ((OLD.household_id, OLD.registry_number, OLD.number_in_household, OLD.family_card_id, OLD.claimed_card_number, OLD.region) IS DISTINCT FROM (NEW.household_id, NEW.registry_number, NEW.number_in_household, NEW.family_card_id, NEW.claimed_card_number, NEW.region))
  EXECUTE FUNCTION "welfare"."registry_changed"('FAMILY', 'household_id', 'registry_number', 'number_in_household', 'family_card_id', 'claimed_card_number', 'region');
--> statement-breakpoint
CREATE TRIGGER "family_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."family" EXECUTE FUNCTION "welfare"."refuse"('what is registered is put to sleep, marked or merged, never deleted');
--> statement-breakpoint
CREATE TRIGGER "member_begins" BEFORE INSERT ON "welfare"."member" FOR EACH ROW WHEN (session_user <> 'hub_welfare_owner') EXECUTE FUNCTION "welfare"."registry_begins"();
--> statement-breakpoint
CREATE TRIGGER "member_matched_anew" BEFORE UPDATE ON "welfare"."member" FOR EACH ROW
  WHEN ((OLD.claimed_name, OLD.claimed_nik, OLD.state) IS DISTINCT FROM (NEW.claimed_name, NEW.claimed_nik, NEW.state)) EXECUTE FUNCTION "welfare"."member_rules"();
--> statement-breakpoint
CREATE TRIGGER "member_state_noted" AFTER UPDATE ON "welfare"."member" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION "welfare"."member_state_noted"();
--> statement-breakpoint
CREATE TRIGGER "member_rules" BEFORE UPDATE ON "welfare"."member" FOR EACH ROW
  WHEN ((OLD.household_id, OLD.family_id, OLD.suffix, OLD.relation, OLD.match_status, OLD.person_id, OLD.claimed_name, OLD.claimed_nik, OLD.state, OLD.idsemesta, OLD.region) IS DISTINCT FROM (NEW.household_id, NEW.family_id, NEW.suffix, NEW.relation, NEW.match_status, NEW.person_id, NEW.claimed_name, NEW.claimed_nik, NEW.state, NEW.idsemesta, NEW.region) OR (OLD.id, OLD.valid_from, OLD.known_from) IS DISTINCT FROM (NEW.id, NEW.valid_from, NEW.known_from))
  EXECUTE FUNCTION "welfare"."registry_rules"();
--> statement-breakpoint
CREATE TRIGGER "member_versions" AFTER UPDATE ON "welfare"."member" FOR EACH ROW
  WHEN ((OLD.household_id, OLD.family_id, OLD.suffix, OLD.relation, OLD.match_status, OLD.person_id, OLD.claimed_name, OLD.claimed_nik, OLD.state, OLD.idsemesta, OLD.region) IS DISTINCT FROM (NEW.household_id, NEW.family_id, NEW.suffix, NEW.relation, NEW.match_status, NEW.person_id, NEW.claimed_name, NEW.claimed_nik, NEW.state, NEW.idsemesta, NEW.region))
  EXECUTE FUNCTION "welfare"."registry_changed"('MEMBER', 'household_id', 'family_id', 'suffix', 'relation', 'match_status', 'person_id', 'claimed_name', 'claimed_nik', 'state', 'idsemesta', 'region');
--> statement-breakpoint
CREATE TRIGGER "member_stays" BEFORE DELETE OR TRUNCATE ON "welfare"."member" EXECUTE FUNCTION "welfare"."refuse"('what is registered is put to sleep, marked or merged, never deleted');
--> statement-breakpoint
CREATE TRIGGER "registry_change_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "welfare"."registry_change" EXECUTE FUNCTION "welfare"."refuse"('what is in the history stays');
--> statement-breakpoint
CREATE TRIGGER "survey_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "welfare"."survey" EXECUTE FUNCTION "welfare"."refuse"('a survey is corrected by a later one');
--> statement-breakpoint
CREATE TRIGGER "survey_member_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "welfare"."survey_member" EXECUTE FUNCTION "welfare"."refuse"('a survey is corrected by a later one');
--> statement-breakpoint
-- What a column held from a day until another, corrected afterwards. `until` null: until that column changes next; where it never does the head changes, too.
-- Takes a VERIFIER, HEAD_OF_OFFICE or the MINISTRY on duty; the owner's rules have their own.
CREATE FUNCTION "welfare"."correct"(kind text, id uuid, patch jsonb, since date, until date)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  today date := (welfare.moment() at time zone 'Asia/Jakarta')::date;
  correctable text[] := CASE kind WHEN 'HOUSEHOLD' THEN array['address', 'monthly_income', 'floor_area', 'surveyed_on'] WHEN 'FAMILY' THEN array['claimed_card_number']
    WHEN 'MEMBER' THEN array['relation', 'claimed_name', 'claimed_nik'] END;
  head jsonb;
  field text;
  last date;
  lasting jsonb := '{}';
BEGIN
  IF kind NOT IN ('HOUSEHOLD', 'FAMILY', 'MEMBER') OR EXISTS (SELECT FROM jsonb_object_keys(patch) k WHERE k <> ALL (correctable)) THEN
    RAISE EXCEPTION 'the past of this field is not corrected' USING ERRCODE = 'HB003';
  ELSIF since > today OR until > today OR until <= since THEN
    RAISE EXCEPTION 'a correction is of days gone by, first before last' USING ERRCODE = 'HB003';
  END IF;
  EXECUTE format('SELECT to_jsonb(t) FROM welfare.%I t WHERE t.id = $1 FOR UPDATE', lower(kind)) INTO head USING id;
  IF head IS NULL THEN RAISE EXCEPTION 'there is no such entry' USING ERRCODE = 'HB003'; END IF;
  IF session_user <> 'hub_welfare_owner' THEN
    PERFORM welfare.require_duty(array['VERIFIER', 'HEAD_OF_OFFICE', 'MINISTRY'], head ->> 'region', 'correcting the registry');
  END IF;
  IF until <= (head ->> 'valid_from')::date THEN RAISE EXCEPTION 'a correction is of days the entry has: it began later' USING ERRCODE = 'HB003'; END IF;
  since := greatest(since, (head ->> 'valid_from')::date);
  -- as the table itself would say it
  EXECUTE format('SELECT jsonb_object_agg(k, to_jsonb(p) -> k) FROM jsonb_populate_record(null::welfare.%I, $1) p, jsonb_object_keys($1) k', lower(kind))
    INTO patch USING patch;
  FOR field IN SELECT jsonb_object_keys(patch) LOOP
    last := until;
    IF last IS NULL THEN
      SELECT min(lower(v.valid)) INTO last FROM (SELECT h.valid, h."row" -> field IS DISTINCT FROM lag(h."row" -> field) OVER (ORDER BY lower(h.valid)) AS changes
        FROM welfare.registry_history h WHERE h.id = id AND upper_inf(h.known)) v WHERE v.changes AND lower(v.valid) > since;
    END IF;
    IF last IS NULL THEN lasting := lasting || jsonb_build_object(field, patch -> field);
    ELSE PERFORM welfare.amend(kind, id, head, jsonb_build_object(field, patch -> field), daterange(since, last));
    END IF;
  END LOOP;
  IF lasting <> '{}' THEN
    PERFORM set_config('hub.effective_on', since::text, true);
    EXECUTE format('UPDATE welfare.%1$I t SET %2$s FROM jsonb_populate_record(null::welfare.%1$I, $2) p WHERE t.id = $1', lower(kind),
      (SELECT string_agg(format('%1$I = p.%1$I', k), ', ') FROM jsonb_object_keys(lasting) k)) USING id, lasting;
  END IF;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "welfare"."correct" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "welfare"."correct" TO "hub_welfare";
--> statement-breakpoint
-- Entries of households as they were on a day, as known at an instant (null: now). Policies apply: an entry's past is seen by whoever sees the household.
CREATE FUNCTION "welfare"."households_at"(ids uuid[], as_of date, known_at timestamptz) RETURNS SETOF "welfare"."household" LANGUAGE sql STABLE AS $$
  SELECT p.* FROM (
    SELECT h.id, h."row" FROM welfare.registry_history h WHERE h.kind = 'HOUSEHOLD' AND h.household_id = ANY ($1) AND h.valid @> $2
      AND h.known @> coalesce($3, 'infinity')
    UNION ALL
    SELECT t.id, to_jsonb(t) FROM welfare.household t WHERE t.id = ANY ($1) AND t.valid_from <= $2 AND t.known_from <= coalesce($3, 'infinity')
      AND NOT EXISTS (SELECT FROM welfare.registry_history h WHERE h.kind = 'HOUSEHOLD' AND h.household_id = t.id)
  ) h, LATERAL (SELECT (SELECT r.decile FROM welfare.ranking r JOIN welfare.registry_version v ON v.id = r.version_id WHERE r.household_id = h.id
    AND v.basis = 'DTSEN' AND v.published_on <= least($2, ($3 at time zone 'Asia/Jakarta')::date) ORDER BY v.published_on DESC, v.id DESC LIMIT 1) AS decile) d,
  LATERAL jsonb_populate_record(null::welfare.household, h."row" || to_jsonb(d)) p
$$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."families_at"(households uuid[], as_of date, known_at timestamptz) RETURNS SETOF "welfare"."family" LANGUAGE sql STABLE AS $$
  SELECT p.* FROM welfare.registry_history h, LATERAL jsonb_populate_record(null::welfare.family, h."row") p WHERE h.kind = 'FAMILY' AND h.household_id = ANY ($1) AND h.valid @> $2
    AND h.known @> coalesce($3, 'infinity')
  UNION ALL
  SELECT t.* FROM welfare.family t WHERE t.household_id = ANY ($1) AND t.valid_from <= $2 AND t.known_from <= coalesce($3, 'infinity')
    AND NOT EXISTS (SELECT FROM welfare.registry_history h WHERE h.id = t.id)
$$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."members_at"(households uuid[], as_of date, known_at timestamptz) RETURNS SETOF "welfare"."member" LANGUAGE sql STABLE AS $$
  SELECT p.* FROM welfare.registry_history h, LATERAL jsonb_populate_record(null::welfare.member, h."row") p WHERE h.kind = 'MEMBER' AND h.household_id = ANY ($1) AND h.valid @> $2
    AND h.known @> coalesce($3, 'infinity')
  UNION ALL
  SELECT t.* FROM welfare.member t WHERE t.household_id = ANY ($1) AND t.valid_from <= $2 AND t.known_from <= coalesce($3, 'infinity')
    AND NOT EXISTS (SELECT FROM welfare.registry_history h WHERE h.id = t.id)
$$;
--> statement-breakpoint
-- The next number in a family: 01 the first head, 02 the first spouse, the others in their order from 03. Never one that anybody there ever had, even in another
-- version of the past. Locks the family: two newcomers wait for each other.
CREATE FUNCTION "welfare"."next_suffix"(family uuid, relation text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  used text[];
  next int;
BEGIN
  PERFORM FROM welfare.family f WHERE f.id = next_suffix.family FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such family' USING ERRCODE = 'HB003'; END IF;
  SELECT coalesce(array_agg(s), '{}') INTO used FROM (
    SELECT m.suffix AS s FROM welfare.member m WHERE m.family_id = next_suffix.family
    UNION SELECT h."row" ->> 'suffix' FROM welfare.registry_history h WHERE h.family_id = next_suffix.family AND h.kind = 'MEMBER') u;
  IF relation = 'HEAD' AND '01' <> ALL (used) THEN RETURN '01'; END IF;
  IF relation = 'SPOUSE' AND '02' <> ALL (used) THEN RETURN '02'; END IF;
  SELECT greatest(coalesce(max(s::int), 0), 2) + 1 INTO next FROM unnest(used) s;
  IF next > 99 THEN RAISE EXCEPTION 'the family has used up its 99 numbers' USING ERRCODE = 'HB001'; END IF;
  RETURN lpad(next::text, 2, '0');
END $$;
--> statement-breakpoint
-- the owner's import numbers by it
REVOKE ALL ON FUNCTION "welfare"."next_suffix" FROM PUBLIC;
--> statement-breakpoint
-- One number on two members at a time: both stay, both are disputed, and the conflict is on record.
CREATE FUNCTION "welfare"."external_id_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE region text;
BEGIN
  SELECT m.region INTO region FROM welfare.member m WHERE m.id = NEW.member_id AND m.household_id = NEW.household_id;
  IF region IS NULL THEN RAISE EXCEPTION 'there is no such member' USING ERRCODE = 'HB003'; END IF;
  IF session_user <> 'hub_welfare_owner' THEN
    PERFORM welfare.require_duty(array['VILLAGE_OPERATOR', 'VERIFIER', 'MINISTRY'], region, 'recording a number');
    NEW.recorded_at := welfare.moment();
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.scheme || '/' || NEW.value, 0));
  NEW.is_disputed := EXISTS (SELECT FROM welfare.external_id x WHERE x.scheme = NEW.scheme AND x.value = NEW.value AND x.member_id <> NEW.member_id
    AND daterange(x.valid_from, x.valid_to) && daterange(NEW.valid_from, NEW.valid_to));
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."external_id_disputed"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  WITH found AS (UPDATE welfare.external_id x SET is_disputed = true WHERE x.scheme = NEW.scheme AND x.value = NEW.value AND x.member_id <> NEW.member_id
    AND daterange(x.valid_from, x.valid_to) && daterange(NEW.valid_from, NEW.valid_to) RETURNING x.id)
  INSERT INTO welfare.external_id_conflict (one, other, found_at) SELECT found.id, NEW.id, welfare.moment() FROM found;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "external_id_rules" BEFORE INSERT ON "welfare"."external_id" FOR EACH ROW EXECUTE FUNCTION "welfare"."external_id_rules"();
--> statement-breakpoint
CREATE TRIGGER "external_id_disputed" AFTER INSERT ON "welfare"."external_id" FOR EACH ROW WHEN (NEW.is_disputed) EXECUTE FUNCTION "welfare"."external_id_disputed"();
--> statement-breakpoint
-- The value of an answer in force: an answer is [original], or [original, 1] confirmed, or [original, 2, correction] (BDT: konfirmasi 1 benar, 2 salah).
CREATE FUNCTION "welfare"."in_force"(answer jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN answer ->> 1 = '2' THEN answer ->> 2 ELSE answer ->> 0 END
$$;
--> statement-breakpoint
-- Whether a sheet of answers holds to the instrument of its day: known variables of the scope, answers of their form, values of their kind.
CREATE FUNCTION "welfare"."require_answers"(answers jsonb, scope text, day date) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE faults text;
BEGIN
  SELECT string_agg(format('%s: %s', a.key, fault), '; ' ORDER BY a.key) INTO faults
  FROM jsonb_each(answers) a LEFT JOIN welfare.survey_variable v
    ON v.code = a.key AND v.scope = $2 AND v.valid_from <= $3 AND (v.valid_to IS NULL OR $3 < v.valid_to),
  LATERAL (SELECT CASE
    WHEN v.code IS NULL THEN 'no variable of this instrument'
    WHEN jsonb_typeof(a.value) <> 'array' OR NOT (jsonb_array_length(a.value) = 1 OR jsonb_array_length(a.value) = 2 AND a.value ->> 1 = '1'
      OR jsonb_array_length(a.value) = 3 AND a.value ->> 1 = '2') THEN 'an answer is an original, a confirmation 1 or 2, and with 2 a correction'
    WHEN EXISTS (SELECT FROM unnest(array[a.value ->> 0, a.value ->> 2]) t WHERE t IS NOT NULL AND NOT coalesce(CASE v.kind
      WHEN 'NUMBER' THEN t ~ '^[0-9]{1,12}$' WHEN 'CODE' THEN v.labels ? t WHEN 'YESNO' THEN t IN ('1', '2') ELSE length(t) <= 200 END, false))
      THEN 'no value of this variable'
    END AS fault) f
  WHERE fault IS NOT NULL;
  IF faults IS NOT NULL THEN RAISE EXCEPTION '%', faults USING ERRCODE = 'HB003'; END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."survey_rules"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE region text;
BEGIN
  IF current_user = 'hub_welfare' THEN
    SELECT h.region INTO region FROM welfare.household h WHERE h.id = NEW.household_id;
    IF region IS NULL THEN RAISE EXCEPTION 'there is no such household' USING ERRCODE = 'HB003'; END IF;
    PERFORM welfare.require_duty(array['ENUMERATOR', 'VILLAGE_OPERATOR', 'VERIFIER'], region, 'a survey');
    NEW.enumerator := welfare.officer();
  END IF;
  NEW.known_from := welfare.moment();
  IF NEW.visited_on > (NEW.known_from at time zone 'Asia/Jakarta')::date THEN
    RAISE EXCEPTION 'visitedOn lies in the future' USING ERRCODE = 'HB003';
  END IF;
  PERFORM welfare.require_answers(NEW.answers, 'HOUSEHOLD', NEW.visited_on);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION "welfare"."survey_member_rules"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  SELECT s.household_id, s.visited_on, s.enumerator INTO one FROM welfare.survey s WHERE s.id = NEW.survey_id;
  IF one.household_id IS DISTINCT FROM NEW.household_id
    OR NOT EXISTS (SELECT FROM welfare.member m WHERE m.id = NEW.member_id AND m.household_id = NEW.household_id)
  THEN RAISE EXCEPTION 'a member of the surveyed household is asked about' USING ERRCODE = 'HB003'; END IF;
  IF current_user = 'hub_welfare' AND one.enumerator IS DISTINCT FROM welfare.officer() THEN
    RAISE EXCEPTION 'this is another''s survey' USING ERRCODE = 'HB002';
  END IF;
  PERFORM welfare.require_answers(NEW.answers, 'MEMBER', one.visited_on);
  RETURN NEW;
END $$;
--> statement-breakpoint
-- What the head repeats of the newest survey, from the day of the visit on.
CREATE FUNCTION "welfare"."survey_taken"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE told text := current_setting('hub.effective_on', true);
BEGIN
  PERFORM set_config('hub.effective_on', NEW.visited_on::text, true);
  UPDATE welfare.household h SET surveyed_on = NEW.visited_on, floor_area = coalesce(welfare.in_force(NEW.answers -> 'Luas_lantai')::int, h.floor_area)
  WHERE h.id = NEW.household_id AND (h.surveyed_on IS NULL OR h.surveyed_on <= NEW.visited_on);
  PERFORM set_config('hub.effective_on', coalesce(told, ''), true);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "survey_rules" BEFORE INSERT ON "welfare"."survey" FOR EACH ROW WHEN (session_user <> 'hub_welfare_owner') EXECUTE FUNCTION "welfare"."survey_rules"();
--> statement-breakpoint
CREATE TRIGGER "survey_taken" AFTER INSERT ON "welfare"."survey" FOR EACH ROW WHEN (session_user <> 'hub_welfare_owner') EXECUTE FUNCTION "welfare"."survey_taken"();
--> statement-breakpoint
CREATE TRIGGER "survey_member_rules" BEFORE INSERT ON "welfare"."survey_member" FOR EACH ROW WHEN (session_user <> 'hub_welfare_owner') EXECUTE FUNCTION "welfare"."survey_member_rules"();
--> statement-breakpoint
-- Households a data subject lives in, or died in: whoever represents the dead is told of them. Null: no data subject asks, and nobody is bound by it.
-- Whoever left a household (MERGED) reads nothing of it any more. The owner's, so that policies of member may ask; once a statement, not once a row.
CREATE FUNCTION "welfare"."own_households"() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN welfare.citizen() IS NOT NULL THEN array(
    SELECT DISTINCT m.household_id FROM welfare.member m WHERE m.person_id = welfare.citizen() AND m.state IN ('ACTIVE', 'DORMANT', 'DECEASED')) END
$$;
--> statement-breakpoint
ALTER POLICY "hub_welfare_reads" ON "welfare"."household" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and coalesce(decile, 100) <= current_setting('hub.decile_max')::int and region ^@ any ((select welfare.seen_regions())::text[]) and coalesce(id = any ((select welfare.own_households())::uuid[]), true));
--> statement-breakpoint
ALTER POLICY "hub_welfare_reads" ON "welfare"."family" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and coalesce(household_decile, 100) <= current_setting('hub.decile_max')::int and region ^@ any ((select welfare.seen_regions())::text[]) and coalesce(household_id = any ((select welfare.own_households())::uuid[]), true));
--> statement-breakpoint
ALTER POLICY "hub_welfare_reads" ON "welfare"."member" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and coalesce(household_decile, 100) <= current_setting('hub.decile_max')::int and region ^@ any ((select welfare.seen_regions())::text[]) and coalesce(household_id = any ((select welfare.own_households())::uuid[]), true));
--> statement-breakpoint
ALTER POLICY "hub_welfare_reads" ON "welfare"."ranking" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and coalesce(household_decile, 100) <= current_setting('hub.decile_max')::int and region ^@ any ((select welfare.seen_regions())::text[]) and coalesce(household_id = any ((select welfare.own_households())::uuid[]), true));
--> statement-breakpoint
ALTER POLICY "hub_welfare_reads" ON "welfare"."ppks_status" USING (((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) and coalesce(household_decile, 100) <= current_setting('hub.decile_max')::int and region ^@ any ((select welfare.seen_regions())::text[]) and coalesce(household_id = any ((select welfare.own_households())::uuid[]), true));
--> statement-breakpoint
CREATE POLICY "hub_welfare_corrects" ON "welfare"."member" FOR UPDATE TO "hub_welfare" USING (welfare.officer() is not null and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]))) WITH CHECK (welfare.officer() is not null and ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])));
--> statement-breakpoint
ALTER TABLE "welfare"."registry_history" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."registry_history" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."registry_history" FOR SELECT TO "hub_welfare" USING (exists (select from welfare.household h where h.id = registry_history.household_id));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."registry_history" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."registry_history" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
ALTER TABLE "welfare"."registry_change" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."registry_change" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."registry_change" FOR SELECT TO "hub_welfare" USING (exists (select from welfare.household h where h.id = registry_change.household_id));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."registry_change" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."registry_change" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
ALTER TABLE "welfare"."member_lineage" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."member_lineage" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."member_lineage" FOR SELECT TO "hub_welfare" USING (exists (select from welfare.household h where h.id = member_lineage.household_id));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."member_lineage" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."member_lineage" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
ALTER TABLE "welfare"."external_id" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."external_id" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."external_id" FOR SELECT TO "hub_welfare" USING (exists (select from welfare.household h where h.id = external_id.household_id));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."external_id" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."external_id" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
ALTER TABLE "welfare"."survey" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."survey" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."survey" FOR SELECT TO "hub_welfare" USING (exists (select from welfare.household h where h.id = survey.household_id));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."survey" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."survey" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
ALTER TABLE "welfare"."survey_member" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."survey_member" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_welfare_reads" ON "welfare"."survey_member" FOR SELECT TO "hub_welfare" USING (exists (select from welfare.household h where h.id = survey_member.household_id));
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."survey_member" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_jobs_reads" ON "welfare"."survey_member" FOR SELECT TO "hub_welfare_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_welfare_records" ON "welfare"."external_id" FOR INSERT TO "hub_welfare" WITH CHECK (welfare.officer() is not null and exists (select from welfare.household h where h.id = external_id.household_id));
--> statement-breakpoint
CREATE POLICY "hub_welfare_records" ON "welfare"."survey" FOR INSERT TO "hub_welfare" WITH CHECK (welfare.officer() is not null and exists (select from welfare.household h where h.id = survey.household_id));
--> statement-breakpoint
CREATE POLICY "hub_welfare_records" ON "welfare"."survey_member" FOR INSERT TO "hub_welfare" WITH CHECK (welfare.officer() is not null and exists (select from welfare.household h where h.id = survey_member.household_id));
--> statement-breakpoint
ALTER TABLE "welfare"."external_id_conflict" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "welfare"."external_id_conflict" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_welfare_owner_all" ON "welfare"."external_id_conflict" TO "hub_welfare_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
GRANT SELECT ON "welfare"."registry_history", "welfare"."registry_change", "welfare"."member_lineage", "welfare"."external_id", "welfare"."survey_variable", "welfare"."survey", "welfare"."survey_member" TO "hub_welfare", "hub_welfare_jobs";
--> statement-breakpoint
GRANT INSERT ON "welfare"."external_id", "welfare"."survey", "welfare"."survey_member" TO "hub_welfare";
--> statement-breakpoint
-- Of the head only the state is changed in place; everything else by correct, apply_change and record_validation, each with rules of its own.
GRANT UPDATE ("state") ON "welfare"."member" TO "hub_welfare";
