-- Civil events: recorded by one registrar of Dukcapil, confirmed by another. hub_population writes events only: person and family card follow by the rules.
CREATE TABLE "population"."civil_event" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"occurred_on" date NOT NULL,
	"document" text NOT NULL,
	"persons" uuid[] NOT NULL,
	"card_id" uuid,
	"to_card_id" uuid,
	"card_number" bigint,
	"region" text collate "C" NOT NULL,
	"to_region" text collate "C",
	"address" text,
	"newborn" jsonb,
	"corrects" uuid,
	"recorded_by" text collate "C" NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"confirmed_by" text collate "C",
	"confirmed_at" timestamp with time zone,
	"discarded_by" text collate "C",
	"discarded_at" timestamp with time zone,
	"discard_reason" text,
	"position" bigint,
	CONSTRAINT "civil_event_position_unique" UNIQUE("position"),
	CONSTRAINT "civil_event_kind" CHECK (kind in ('BIRTH', 'DEATH', 'MOVE', 'MARRIAGE', 'DIVORCE', 'SPLIT', 'MERGE', 'CORRECTION')),
	CONSTRAINT "civil_event_four_eyes" CHECK (confirmed_by <> recorded_by),
	CONSTRAINT "civil_event_confirmed" CHECK ((confirmed_by is null) = (confirmed_at is null) and (confirmed_by is null) = (position is null)),
	CONSTRAINT "civil_event_discarded" CHECK (num_nonnulls(discarded_by, discarded_at, discard_reason) in (0, 3)),
	CONSTRAINT "civil_event_one_end" CHECK (confirmed_by is null or discarded_by is null)
);
--> statement-breakpoint
ALTER TABLE "population"."civil_event" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE INDEX "civil_event_waiting" ON "population"."civil_event" ("recorded_at","id") WHERE position is null and discarded_at is null;
--> statement-breakpoint
CREATE INDEX "civil_event_cards" ON "population"."civil_event" ("card_id","to_card_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "civil_event_corrects" ON "population"."civil_event" ("corrects") WHERE position is not null;
--> statement-breakpoint
CREATE POLICY "hub_population_reads" ON "population"."civil_event" FOR SELECT TO "hub_population" USING ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_population_records" ON "population"."civil_event" FOR INSERT TO "hub_population" WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_population_confirms" ON "population"."civil_event" FOR UPDATE TO "hub_population" USING ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8])) WITH CHECK ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]));
--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."civil_event" TO "hub_population_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE FUNCTION "population"."registrar"() RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE officer text := (nullif(current_setting('hub.officer', true), '')::text[])[1];
BEGIN
  IF officer IS NULL OR (current_setting('hub.agency', true)::text[])[1] IS DISTINCT FROM 'DUKCAPIL'
  THEN RAISE EXCEPTION 'only an officer of the civil registry does this' USING ERRCODE = 'HB002'; END IF;
  RETURN officer;
END $$;
--> statement-breakpoint
-- Before an event is confirmed it gets its place: one confirms at a time, so places follow in the order in which transactions end.
CREATE FUNCTION "population"."civil_event_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  registrar text := population.registrar();
  ends text[] := array['confirmed_by', 'confirmed_at', 'discarded_by', 'discarded_at', 'discard_reason'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.recorded_by <> registrar OR NEW.confirmed_by IS NOT NULL OR NEW.position IS NOT NULL OR NEW.discarded_by IS NOT NULL
    THEN RAISE EXCEPTION 'an event is recorded in one''s own name and confirmed by another' USING ERRCODE = 'HB002'; END IF;
    RETURN NEW;
  END IF;
  IF OLD.confirmed_by IS NOT NULL OR OLD.discarded_by IS NOT NULL
  THEN RAISE EXCEPTION 'an event that was confirmed or discarded stays as it is' USING ERRCODE = 'HB001'; END IF;
  IF to_jsonb(NEW) - ends <> to_jsonb(OLD) - ends OR coalesce(NEW.confirmed_by, NEW.discarded_by) IS DISTINCT FROM registrar
  THEN RAISE EXCEPTION 'an event is confirmed or discarded as it was recorded, in one''s own name' USING ERRCODE = 'HB001'; END IF;
  IF NEW.discarded_by IS NOT NULL THEN RETURN NEW; END IF;
  IF OLD.recorded_by = registrar THEN RAISE EXCEPTION 'who recorded an event does not confirm it' USING ERRCODE = 'HB002'; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('population.civil_event'));
  NEW.position := coalesce((SELECT max(e.position) FROM population.civil_event e), 0) + 1;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "civil_event_rules" BEFORE INSERT OR UPDATE ON "population"."civil_event" FOR EACH ROW EXECUTE FUNCTION "population"."civil_event_rules"();
--> statement-breakpoint
CREATE FUNCTION "population"."civil_event_stays"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what the civil registry recorded stays' USING ERRCODE = 'HB001'; END $$;
--> statement-breakpoint
CREATE TRIGGER "civil_event_stays" BEFORE DELETE OR TRUNCATE ON "population"."civil_event" EXECUTE FUNCTION "population"."civil_event_stays"();
--> statement-breakpoint
-- From a day on persons stand on a card, behind those who do already, in the order given; their memberships elsewhere end that day.
CREATE FUNCTION "population"."stand_on"(subjects uuid[], card uuid, since date) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  village text := (SELECT c.region FROM population.family_card c WHERE c.id = card);
  behind int := coalesce((SELECT max(m.position) FROM population.family_card_member m WHERE m.family_card_id = card AND m.valid_to IS NULL), 0);
BEGIN
  UPDATE population.family_card_member m SET valid_to = since WHERE m.person_id = ANY (subjects) AND m.valid_to IS NULL AND m.family_card_id <> card;
  INSERT INTO population.family_card_member (person_id, family_card_id, valid_from, position, region)
    SELECT s.id, card, since, behind + s.n, village FROM unnest(subjects) WITH ORDINALITY s (id, n)
    WHERE NOT EXISTS (SELECT FROM population.family_card_member m WHERE m.person_id = s.id AND m.family_card_id = card AND m.valid_to IS NULL)
    ON CONFLICT (person_id, family_card_id, valid_from) DO UPDATE SET valid_to = NULL, position = excluded.position, region = excluded.region;
  UPDATE population.person p SET family_card_id = card, region = village WHERE p.id = ANY (subjects);
END $$;
--> statement-breakpoint
CREATE FUNCTION "population"."carry_out"(event "population"."civil_event") RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dead uuid;
  day date := event.occurred_on;
BEGIN
  CASE event.kind
  WHEN 'DEATH' THEN
    UPDATE population.person p SET is_alive = false, family_card_id = NULL WHERE p.id = event.persons[1];
    UPDATE population.family_card_member m SET valid_to = greatest(m.valid_from, day) WHERE m.person_id = event.persons[1] AND m.valid_to IS NULL;
  WHEN 'CORRECTION' THEN
    SELECT e.persons[1] INTO dead FROM population.civil_event e WHERE e.id = event.corrects AND e.kind = 'DEATH' AND e.position IS NOT NULL;
    UPDATE population.person p SET is_alive = true, family_card_id = event.to_card_id WHERE p.id = dead AND NOT p.is_alive;
    IF NOT FOUND THEN RAISE EXCEPTION 'the death was taken back meanwhile' USING ERRCODE = 'HB001'; END IF;
    UPDATE population.family_card_member m SET valid_to = NULL WHERE m.person_id = dead AND m.family_card_id = event.to_card_id AND m.valid_to = greatest(m.valid_from, day);
  WHEN 'BIRTH' THEN
    INSERT INTO population.person (id, nik, full_name, sex, birth_date, birth_place, mother_name, address, region)
      SELECT (event.newborn->>'id')::uuid, (event.newborn->>'nik')::bigint, event.newborn->>'fullName', (event.newborn->>'sex')::population.sex, day,
        event.newborn->>'birthPlace', m.full_name, m.address, m.region FROM population.person m WHERE m.id = event.persons[1];
    PERFORM population.stand_on(array[(event.newborn->>'id')::uuid], event.to_card_id, day);
  ELSE
    INSERT INTO population.family_card (id, number, region, issued_on)
      SELECT event.to_card_id, event.card_number, coalesce(event.to_region, event.region), day
      WHERE NOT EXISTS (SELECT FROM population.family_card c WHERE c.id = event.to_card_id);
    IF NOT FOUND AND event.kind = 'MOVE' AND event.to_card_id = event.card_id THEN -- the whole family moves: its card moves with it, and may get another number
      UPDATE population.family_card c SET region = event.to_region, number = coalesce(event.card_number, c.number), issued_on = day WHERE c.id = event.card_id;
      UPDATE population.family_card_member m SET region = event.to_region WHERE m.family_card_id = event.card_id AND m.valid_to IS NULL;
    END IF;
    PERFORM population.stand_on(event.persons, event.to_card_id, day);
    UPDATE population.person p SET address = event.address WHERE p.id = ANY (event.persons) AND event.address IS NOT NULL;
  END CASE;
END $$;
--> statement-breakpoint
CREATE FUNCTION "population"."follow_civil_event"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM population.person p WHERE p.id = ANY (NEW.persons) ORDER BY p.id FOR UPDATE;
  IF NEW.kind NOT IN ('BIRTH', 'CORRECTION') AND EXISTS (SELECT FROM population.person p WHERE p.id = ANY (NEW.persons) AND NOT p.is_alive)
  THEN RAISE EXCEPTION 'somebody it is about has been recorded as deceased' USING ERRCODE = 'HB001'; END IF;
  IF NEW.kind <> 'CORRECTION' AND NOT EXISTS (SELECT FROM population.person p WHERE p.id = NEW.persons[1]
    AND p.region = NEW.region AND p.family_card_id IS NOT DISTINCT FROM NEW.card_id)
  THEN RAISE EXCEPTION 'they moved, or stand on another card, since it was recorded' USING ERRCODE = 'HB001'; END IF;
  IF NEW.kind NOT IN ('BIRTH', 'DEATH', 'CORRECTION') AND EXISTS (SELECT FROM population.family_card_member m
    WHERE m.person_id = ANY (NEW.persons) AND m.valid_to IS NULL AND m.valid_from > NEW.occurred_on)
  THEN RAISE EXCEPTION 'somebody it is about came to their card after that day' USING ERRCODE = 'HB001'; END IF;
  PERFORM population.carry_out(NEW);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "civil_event_follow" AFTER UPDATE ON "population"."civil_event" FOR EACH ROW WHEN (NEW.position IS NOT NULL) EXECUTE FUNCTION "population"."follow_civil_event"();
--> statement-breakpoint
REVOKE ALL ON FUNCTION "population"."stand_on", "population"."carry_out", "population"."follow_civil_event", "population"."civil_event_rules" FROM PUBLIC;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ("confirmed_by", "confirmed_at", "discarded_by", "discarded_at", "discard_reason") ON "population"."civil_event" TO "hub_population";
