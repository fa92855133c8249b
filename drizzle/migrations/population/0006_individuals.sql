-- One individual across the programs' files. An id is never reused: individuals are neither deleted nor given another's id; one that was merged
-- points to its survivor and keeps its own rows, so that taking the merge back restores both.
CREATE TYPE "population"."individual_event_kind" AS ENUM('CREATED', 'IDENTIFIED', 'ROW_JOINED', 'ROW_GONE', 'MERGED', 'UNMERGED');
--> statement-breakpoint
CREATE TYPE "population"."review_state" AS ENUM('OPEN', 'DECIDED', 'SUPERSEDED');
--> statement-breakpoint
CREATE TYPE "population"."review_decision" AS ENUM('SAME', 'DIFFERENT');
--> statement-breakpoint
CREATE TABLE "population"."individual" (
	"id" uuid PRIMARY KEY,
	"person_id" uuid UNIQUE REFERENCES "population"."person"("id"),
	"merged_into" uuid REFERENCES "population"."individual"("id"),
	CONSTRAINT "individual_not_into_itself" CHECK ("merged_into" <> "id")
);
--> statement-breakpoint
CREATE INDEX "individual_merged_into" ON "population"."individual" ("merged_into") WHERE "merged_into" IS NOT NULL;
--> statement-breakpoint
-- `digest` is of the row's values: another digest, another row, and decisions about the old one no longer hold.
CREATE TABLE "population"."individual_row" (
	"source" text collate "C" NOT NULL,
	"row" text collate "C" NOT NULL,
	"agency" text collate "C" NOT NULL,
	"individual" uuid NOT NULL REFERENCES "population"."individual"("id"),
	"digest" text NOT NULL,
	PRIMARY KEY("source", "row")
);
--> statement-breakpoint
CREATE INDEX "individual_row_individual" ON "population"."individual_row" ("individual");
--> statement-breakpoint
-- `weight` and `margin` in bits; `levels`: a byte a comparison. No value is copied: a clerk sees values as far as their own grants go.
CREATE TABLE "population"."review_case" (
	"id" uuid PRIMARY KEY,
	"source" text collate "C" NOT NULL,
	"row" text collate "C" NOT NULL,
	"agency" text collate "C" NOT NULL,
	"person_id" uuid NOT NULL REFERENCES "population"."person"("id"),
	"weight" double precision NOT NULL,
	"margin" double precision NOT NULL,
	"levels" bytea NOT NULL,
	"row_digest" text NOT NULL,
	"person_digest" text NOT NULL,
	"state" "population"."review_state" DEFAULT 'OPEN' NOT NULL,
	"decision" "population"."review_decision",
	"decided_by" text,
	"reason" text,
	"decided_at" timestamp with time zone,
	CONSTRAINT "review_case_decided" CHECK ("state" <> 'DECIDED' OR ("decision" IS NOT NULL AND "decided_by" IS NOT NULL AND "reason" IS NOT NULL AND "decided_at" IS NOT NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "review_case_standing" ON "population"."review_case" ("source", "row", "person_id") WHERE "state" <> 'SUPERSEDED';
--> statement-breakpoint
CREATE INDEX "review_case_queue" ON "population"."review_case" ((-"weight"), "id") WHERE "state" = 'OPEN';
--> statement-breakpoint
CREATE TABLE "population"."individual_event" (
	"id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	"individual" uuid NOT NULL REFERENCES "population"."individual"("id"),
	"kind" "population"."individual_event_kind" NOT NULL,
	"other" uuid REFERENCES "population"."individual"("id"),
	"source" text collate "C",
	"row" text collate "C",
	"review_case" uuid REFERENCES "population"."review_case"("id"),
	"undoes" bigint UNIQUE REFERENCES "population"."individual_event"("id"),
	"by" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "individual_event_individual" ON "population"."individual_event" ("individual", "id");
--> statement-breakpoint
CREATE INDEX "individual_event_other" ON "population"."individual_event" ("other", "id") WHERE "other" IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "individual_event_case" ON "population"."individual_event" ("review_case") WHERE "review_case" IS NOT NULL;
--> statement-breakpoint
ALTER TABLE "population"."individual" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "population"."individual_row" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "population"."individual_event" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "population"."review_case" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."individual" TO "hub_population_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."individual_row" TO "hub_population_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."individual_event" TO "hub_population_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_owner_all" ON "population"."review_case" TO "hub_population_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_all" ON "population"."individual" TO "hub_population_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_all" ON "population"."individual_row" TO "hub_population_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_all" ON "population"."individual_event" TO "hub_population_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_all" ON "population"."review_case" TO "hub_population_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- An agency sees its own rows and cases; an individual, and its history, when one of its rows lies there. Asked by id, so one look-up each.
CREATE POLICY "hub_population_of_agency" ON "population"."individual_row" FOR SELECT TO "hub_population"
	USING (agency = (current_setting('hub.agency')::text[])[1]);
--> statement-breakpoint
CREATE POLICY "hub_population_of_agency" ON "population"."review_case" TO "hub_population"
	USING (agency = (current_setting('hub.agency')::text[])[1]) WITH CHECK (agency = (current_setting('hub.agency')::text[])[1]);
--> statement-breakpoint
-- Which agencies' rows lie in an individual, its own or of one merged into it, cannot be asked through the policies of those very rows.
CREATE FUNCTION "population"."individual_is_of"("subject" uuid, "asking" text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	WITH RECURSIVE whole (id) AS (
		SELECT subject UNION SELECT i.id FROM population.individual i JOIN whole ON i.merged_into = whole.id
	)
	SELECT EXISTS (SELECT FROM population.individual_row r JOIN whole ON r.individual = whole.id WHERE r.agency = asking)
		OR EXISTS (SELECT FROM population.individual_event e JOIN population.individual_row r ON (r.source, r.row) = (e.source, e.row)
			WHERE e.individual = subject AND e.kind = 'ROW_JOINED' AND r.agency = asking)
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "population"."individual_is_of" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "population"."individual_is_of" TO "hub_population";
--> statement-breakpoint
CREATE POLICY "hub_population_of_agency" ON "population"."individual" FOR SELECT TO "hub_population"
	USING (population.individual_is_of(id, (current_setting('hub.agency')::text[])[1]));
--> statement-breakpoint
CREATE POLICY "hub_population_merges" ON "population"."individual" FOR UPDATE TO "hub_population"
	USING (population.individual_is_of(id, (current_setting('hub.agency')::text[])[1])) WITH CHECK (true);
--> statement-breakpoint
-- Who survives of the individual of the person a case is about, locked; made when there is none. It may be all of other agencies' rows, where no policy shows it.
CREATE FUNCTION "population"."individual_for"("subject" uuid, "fresh" uuid, "decided_by" text, "decided_at" timestamptz) RETURNS uuid
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	asked uuid := (SELECT c.person_id FROM population.review_case c
		WHERE c.id = subject AND c.agency = (current_setting('hub.agency')::text[])[1]);
	survivor uuid;
BEGIN
	INSERT INTO population.individual (id, person_id) SELECT fresh, asked WHERE asked IS NOT NULL ON CONFLICT (person_id) DO NOTHING;
	IF FOUND THEN
		INSERT INTO population.individual_event (individual, kind, review_case, by, reason, at)
			VALUES (fresh, 'CREATED', subject, decided_by, 'a reviewed row is this person', decided_at);
	END IF;
	FOR survivor IN
		WITH RECURSIVE up (id, merged_into) AS (
			SELECT i.id, i.merged_into FROM population.individual i WHERE i.person_id = asked
			UNION ALL SELECT i.id, i.merged_into FROM up JOIN population.individual i ON i.id = up.merged_into
		)
		SELECT up.id FROM up WHERE up.merged_into IS NULL
	LOOP
		PERFORM FROM population.individual i WHERE i.id = survivor FOR UPDATE;
	END LOOP;
	RETURN survivor;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "population"."individual_for" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "population"."individual_for" TO "hub_population";
--> statement-breakpoint
CREATE POLICY "hub_population_of_agency" ON "population"."individual_event" FOR SELECT TO "hub_population"
	USING (population.individual_is_of(individual, (current_setting('hub.agency')::text[])[1]));
--> statement-breakpoint
CREATE POLICY "hub_population_adds" ON "population"."individual_event" FOR INSERT TO "hub_population"
	WITH CHECK (kind IN ('MERGED', 'UNMERGED') AND population.individual_is_of(individual, (current_setting('hub.agency')::text[])[1]));
--> statement-breakpoint
GRANT SELECT, UPDATE ("merged_into") ON "population"."individual" TO "hub_population";
--> statement-breakpoint
-- No digest: whoever may read one of a person's values in the register can try guesses on it.
GRANT SELECT ("source", "row", "agency", "individual") ON "population"."individual_row" TO "hub_population";
--> statement-breakpoint
GRANT SELECT ("id", "source", "row", "agency", "person_id", "weight", "margin", "levels", "state", "decision", "decided_by", "reason", "decided_at"),
	UPDATE ("state", "decision", "decided_by", "reason", "decided_at") ON "population"."review_case" TO "hub_population";
--> statement-breakpoint
-- What has happened stays: nobody who answers or matches may change or delete an event.
GRANT SELECT, INSERT ON "population"."individual_event" TO "hub_population", "hub_population_jobs";
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON "population"."individual", "population"."review_case" TO "hub_population_jobs";
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "population"."individual_row" TO "hub_population_jobs";
