-- What the register does by a key or a trigger of person, which Citus lets no distributed table have, is asked for by the one who writes. Here both do nothing, for
-- key and triggers stand; where the register is distributed (drizzle/citus/given.ts) both get bodies, and key and triggers go. docs/operations/citus.md.
CREATE FUNCTION "population"."claim_nik"(claimed bigint, claimant uuid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN END $$;
--> statement-breakpoint
CREATE FUNCTION "population"."touch_homes"(persons uuid[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "population"."claim_nik", "population"."touch_homes" FROM PUBLIC;
--> statement-breakpoint
-- As before, but who stands there already is asked first and by itself: a part of the question of another table is none of Citus.
CREATE OR REPLACE FUNCTION "population"."stand_on"(subjects uuid[], card uuid, since date) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  village text := (SELECT c.region FROM population.family_card c WHERE c.id = card);
  behind int := coalesce((SELECT max(m.position) FROM population.family_card_member m WHERE m.family_card_id = card AND m.valid_to IS NULL), 0);
BEGIN
  UPDATE population.family_card_member m SET valid_to = since WHERE m.person_id = ANY (subjects) AND m.valid_to IS NULL AND m.family_card_id <> card;
  INSERT INTO population.family_card_member (person_id, family_card_id, valid_from, position, region)
    SELECT s.id, card, since, behind + s.n, village FROM unnest(subjects) WITH ORDINALITY s (id, n)
    WHERE s.id <> ALL (array(SELECT m.person_id FROM population.family_card_member m WHERE m.person_id = ANY (subjects) AND m.family_card_id = card AND m.valid_to IS NULL))
    ON CONFLICT (person_id, family_card_id, valid_from) DO UPDATE SET valid_to = NULL, position = excluded.position, region = excluded.region;
  UPDATE population.person p SET family_card_id = card, region = village WHERE p.id = ANY (subjects);
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "population"."carry_out"(event "population"."civil_event") RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
    PERFORM population.claim_nik((event.newborn->>'nik')::bigint, (event.newborn->>'id')::uuid);
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
CREATE OR REPLACE FUNCTION "population"."follow_civil_event"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  subject uuid;
  concerned uuid[] := NEW.persons || (SELECT e.persons FROM population.civil_event e WHERE e.id = NEW.corrects) || (NEW.newborn->>'id')::uuid;
BEGIN
  FOR subject IN SELECT DISTINCT s.id FROM unnest(NEW.persons) s (id) ORDER BY 1 LOOP -- one by one: a lock over several shards is refused
    PERFORM FROM population.person p WHERE p.id = subject FOR UPDATE;
  END LOOP;
  IF NEW.kind NOT IN ('BIRTH', 'CORRECTION') AND EXISTS (SELECT FROM population.person p WHERE p.id = ANY (NEW.persons) AND NOT p.is_alive)
  THEN RAISE EXCEPTION 'somebody it is about has been recorded as deceased' USING ERRCODE = 'HB001'; END IF;
  IF NEW.kind <> 'CORRECTION' AND NOT EXISTS (SELECT FROM population.person p WHERE p.id = NEW.persons[1]
    AND p.region = NEW.region AND p.family_card_id IS NOT DISTINCT FROM NEW.card_id)
  THEN RAISE EXCEPTION 'they moved, or stand on another card, since it was recorded' USING ERRCODE = 'HB001'; END IF;
  IF NEW.kind NOT IN ('BIRTH', 'DEATH', 'CORRECTION') AND EXISTS (SELECT FROM population.family_card_member m
    WHERE m.person_id = ANY (NEW.persons) AND m.valid_to IS NULL AND m.valid_from > NEW.occurred_on)
  THEN RAISE EXCEPTION 'somebody it is about came to their card after that day' USING ERRCODE = 'HB001'; END IF;
  PERFORM population.touch_homes(concerned);
  PERFORM population.carry_out(NEW);
  PERFORM population.touch_homes(concerned);
  RETURN NULL;
END $$;
