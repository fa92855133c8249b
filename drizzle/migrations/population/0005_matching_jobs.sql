-- Batch matching (pemadanan). Everything here belongs to hub_population_jobs, which makes and drops a partition of results for every job.
CREATE SCHEMA "match";
--> statement-breakpoint
CREATE TYPE "match"."state" AS ENUM('UPLOADING', 'QUEUED', 'PREPARING', 'MATCHING', 'FINISHING', 'DONE', 'CANCELLED', 'FAILED');
--> statement-breakpoint
CREATE TYPE "match"."status" AS ENUM('MATCHED', 'DECEASED', 'INACTIVE', 'DUPLICATE', 'NOT_YET_MATCHED', 'ANOMALY', 'NOT_FOUND');
--> statement-breakpoint
-- A frozen model of one source: a job names the one it used. `hash` is of the model's text.
CREATE TABLE "match"."artefact" (
	"source" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"model" jsonb NOT NULL,
	"hash" text NOT NULL,
	"frozen_at" timestamp with time zone DEFAULT now() NOT NULL,
	PRIMARY KEY("source", "version")
);
--> statement-breakpoint
-- `number` is short because every result carries it. `model` is what the job learned; null where it used an artefact.
CREATE TABLE "match"."job" (
	"id" uuid PRIMARY KEY,
	"number" integer GENERATED ALWAYS AS IDENTITY UNIQUE,
	"agency" text collate "C" NOT NULL,
	"agreement" text collate "C" NOT NULL,
	"source" text collate "C" NOT NULL,
	"file_name" text NOT NULL,
	"mapping" jsonb NOT NULL,
	"state" "match"."state" DEFAULT 'UPLOADING' NOT NULL,
	"fault" text,
	"artefact" integer,
	"model" jsonb,
	"snapshot" text,
	"threshold" real,
	"rows" integer DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"report" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	FOREIGN KEY ("source", "artefact") REFERENCES "match"."artefact"("source", "version")
);
--> statement-breakpoint
CREATE INDEX "job_agreement" ON "match"."job" ("agreement", "created_at");
--> statement-breakpoint
-- Whole rows of the uploaded file; `content` goes when the job has ended.
CREATE TABLE "match"."chunk" (
	"job" uuid NOT NULL REFERENCES "match"."job"("id") ON DELETE CASCADE,
	"ordinal" integer NOT NULL,
	"first_line" integer NOT NULL,
	"rows" integer NOT NULL,
	"bytes" integer NOT NULL,
	"digest" text NOT NULL,
	"content" bytea,
	"counts" jsonb,
	"worker" text,
	"done_at" timestamp with time zone,
	PRIMARY KEY("job", "ordinal")
);
--> statement-breakpoint
-- compressing would cost more than matching does
ALTER TABLE "match"."chunk" ALTER COLUMN "content" SET STORAGE EXTERNAL;
--> statement-breakpoint
CREATE TABLE "match"."reject" (
	"job" uuid NOT NULL REFERENCES "match"."job"("id") ON DELETE CASCADE,
	"line" integer NOT NULL,
	"reason" text NOT NULL,
	"column_name" text,
	"raw" text NOT NULL,
	CONSTRAINT "reject_raw" CHECK (octet_length("raw") <= 200),
	PRIMARY KEY("job", "line")
);
--> statement-breakpoint
-- `candidate` is the person where a status says matched, and who may be it where a clerk has to look. `levels`: a byte a comparison.
CREATE TABLE "match"."result" (
	"job" integer NOT NULL,
	"line" integer NOT NULL,
	"row_id" text collate "C" NOT NULL,
	"status" "match"."status" NOT NULL,
	"candidate" uuid,
	"weight" real,
	"margin" real,
	"probability" real,
	"reasons" integer NOT NULL,
	"levels" bytea,
	PRIMARY KEY("job", "line")
) PARTITION BY LIST ("job");
--> statement-breakpoint
ALTER TABLE "match"."artefact" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "match"."job" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "match"."chunk" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "match"."reject" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "match"."result" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_all" ON "match"."artefact" TO "hub_population_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_all" ON "match"."job" TO "hub_population_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_all" ON "match"."chunk" TO "hub_population_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_all" ON "match"."reject" TO "hub_population_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_all" ON "match"."result" TO "hub_population_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Under an agreement: its own jobs, and what hangs on them. The list of jobs is worked out once a question, not once a row.
CREATE POLICY "hub_population_jobs_of_agreement" ON "match"."job" TO "hub_population"
	USING (agreement = (current_setting('hub.agreement')::text[])[1])
	WITH CHECK (agreement = (current_setting('hub.agreement')::text[])[1] AND agency = (current_setting('hub.agency')::text[])[1]);
--> statement-breakpoint
CREATE POLICY "hub_population_reads" ON "match"."chunk" FOR SELECT TO "hub_population" USING (job IN (SELECT id FROM match.job));
--> statement-breakpoint
CREATE POLICY "hub_population_uploads" ON "match"."chunk" FOR INSERT TO "hub_population"
	WITH CHECK (job IN (SELECT id FROM match.job WHERE state = 'UPLOADING'));
--> statement-breakpoint
CREATE POLICY "hub_population_reads" ON "match"."reject" FOR SELECT TO "hub_population" USING (job IN (SELECT id FROM match.job));
--> statement-breakpoint
CREATE POLICY "hub_population_reads" ON "match"."result" FOR SELECT TO "hub_population" USING (job IN (SELECT number FROM match.job));
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_reads" ON "population"."person" FOR SELECT TO "hub_population_jobs" USING (true);
--> statement-breakpoint
CREATE POLICY "hub_population_jobs_reads" ON "population"."family_card" FOR SELECT TO "hub_population_jobs" USING (true);
--> statement-breakpoint
GRANT USAGE ON SCHEMA "population" TO "hub_population_jobs";
--> statement-breakpoint
GRANT SELECT ON "population"."person", "population"."family_card" TO "hub_population_jobs";
--> statement-breakpoint
GRANT USAGE ON SCHEMA "match" TO "hub_population";
--> statement-breakpoint
GRANT SELECT, INSERT ("id", "agency", "agreement", "source", "file_name", "mapping"), UPDATE ("state", "rows", "bytes", "finished_at") ON "match"."job" TO "hub_population";
--> statement-breakpoint
GRANT SELECT ("job", "ordinal", "first_line", "rows", "bytes", "digest", "counts", "done_at"),
	INSERT ("job", "ordinal", "first_line", "rows", "bytes", "digest", "content") ON "match"."chunk" TO "hub_population";
--> statement-breakpoint
GRANT SELECT ON "match"."reject", "match"."result" TO "hub_population";
--> statement-breakpoint
-- The queue's tables are closed to everybody but the workers: the subgraph asks for work through this door only.
CREATE FUNCTION "match"."enqueue"(task text, subject uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF task NOT IN ('match_prepare', 'match_clean') THEN
		RAISE EXCEPTION 'there is no such task: %', task;
	END IF;
	PERFORM graphile_worker.add_job(task, json_build_object('job', subject), job_key => task || '/' || subject, max_attempts => 8);
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "match"."enqueue" FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "match"."enqueue" TO "hub_population";
--> statement-breakpoint
ALTER SCHEMA "match" OWNER TO "hub_population_jobs";
--> statement-breakpoint
ALTER TYPE "match"."state" OWNER TO "hub_population_jobs";
--> statement-breakpoint
ALTER TYPE "match"."status" OWNER TO "hub_population_jobs";
--> statement-breakpoint
ALTER FUNCTION "match"."enqueue" OWNER TO "hub_population_jobs";
--> statement-breakpoint
ALTER TABLE "match"."artefact" OWNER TO "hub_population_jobs";
--> statement-breakpoint
ALTER TABLE "match"."job" OWNER TO "hub_population_jobs";
--> statement-breakpoint
ALTER TABLE "match"."chunk" OWNER TO "hub_population_jobs";
--> statement-breakpoint
ALTER TABLE "match"."reject" OWNER TO "hub_population_jobs";
--> statement-breakpoint
ALTER TABLE "match"."result" OWNER TO "hub_population_jobs";
