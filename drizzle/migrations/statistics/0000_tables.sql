CREATE SCHEMA "statistics";
--> statement-breakpoint
CREATE TABLE "statistics"."cell" (
	"cube" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"parent" text collate "C",
	"key" text[] NOT NULL,
	"persons" integer,
	"units" integer,
	"total" bigint,
	"is_public" boolean NOT NULL,
	CONSTRAINT "cell_cube_region_key_period_pk" PRIMARY KEY("cube","region","key","period"),
	CONSTRAINT "cell_month" CHECK (period ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$'),
	CONSTRAINT "cell_region" CHECK (region = '0' and parent is null or region ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10})$' and parent is not null)
);
--> statement-breakpoint
ALTER TABLE "statistics"."cell" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "statistics"."cube" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"slice" text collate "C" NOT NULL,
	"owner" text collate "C" NOT NULL,
	"universe" text collate "C" NOT NULL,
	"unit" text NOT NULL,
	"depth" text NOT NULL,
	"dimensions" jsonb NOT NULL,
	"has_total" boolean NOT NULL,
	"is_public" boolean NOT NULL,
	"is_official" boolean NOT NULL,
	"refresh" text NOT NULL,
	CONSTRAINT "cube_depth" CHECK (depth in ('PROVINCE', 'REGENCY', 'DISTRICT', 'VILLAGE'))
);
--> statement-breakpoint
CREATE TABLE "statistics"."published_figure" (
	"code" text collate "C" PRIMARY KEY NOT NULL,
	"cube" text collate "C" NOT NULL,
	"region" text collate "C" NOT NULL,
	"key" text[] NOT NULL,
	"measure" text NOT NULL,
	"value" bigint NOT NULL,
	"as_of" text NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "published_figure_measure" CHECK (measure in ('PERSONS', 'UNITS', 'TOTAL'))
);
--> statement-breakpoint
CREATE TABLE "statistics"."reader" (
	"login" text collate "C" PRIMARY KEY NOT NULL,
	"agency" text collate "C" NOT NULL,
	"agreement" text collate "C" NOT NULL,
	"cubes" text[] COLLATE "C" NOT NULL,
	"regions" text[] COLLATE "C" NOT NULL,
	"open_until" timestamp with time zone NOT NULL,
	CONSTRAINT "reader_login" CHECK (login ~ '^hub_bi_[a-z0-9_]{1,50}$')
);
--> statement-breakpoint
ALTER TABLE "statistics"."reader" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "statistics"."release" (
	"cube" text collate "C" NOT NULL,
	"period" text collate "C" NOT NULL,
	"number" smallint NOT NULL,
	"as_of" timestamp with time zone NOT NULL,
	"is_final" boolean NOT NULL,
	"cells" integer NOT NULL,
	"sha256" text collate "C" NOT NULL,
	"attestation" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"is_in_force" boolean NOT NULL,
	CONSTRAINT "release_cube_period_number_pk" PRIMARY KEY("cube","period","number"),
	CONSTRAINT "release_month" CHECK (period ~ '^20[0-9]{2}-(0[1-9]|1[0-2])$'),
	CONSTRAINT "release_number" CHECK (number between 1 and 6)
);
--> statement-breakpoint
ALTER TABLE "statistics"."published_figure" ADD CONSTRAINT "published_figure_cube_cube_code_fk" FOREIGN KEY ("cube") REFERENCES "statistics"."cube"("code") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "statistics"."release" ADD CONSTRAINT "release_cube_cube_code_fk" FOREIGN KEY ("cube") REFERENCES "statistics"."cube"("code") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "cell_below" ON "statistics"."cell" USING btree ("cube","period","parent");
--> statement-breakpoint
CREATE INDEX "reader_agreement" ON "statistics"."reader" USING btree ("agreement");
--> statement-breakpoint
CREATE UNIQUE INDEX "release_in_force" ON "statistics"."release" USING btree ("cube","period") WHERE is_in_force;
--> statement-breakpoint
CREATE POLICY "hub_statistics_reads" ON "statistics"."cell" AS PERMISSIVE FOR SELECT TO "hub_statistics" USING (current_setting('hub.regions')::text[] is not null and (is_public or ((region >= (current_setting('hub.regions')::text[])[1] and region < (current_setting('hub.regions')::text[])[2]) or (region >= (current_setting('hub.regions')::text[])[3] and region < (current_setting('hub.regions')::text[])[4]) or (region >= (current_setting('hub.regions')::text[])[5] and region < (current_setting('hub.regions')::text[])[6]) or (region >= (current_setting('hub.regions')::text[])[7] and region < (current_setting('hub.regions')::text[])[8]))));
--> statement-breakpoint
CREATE POLICY "hub_statistics_jobs_all" ON "statistics"."cell" AS PERMISSIVE FOR ALL TO "hub_statistics_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_statistics_owner_all" ON "statistics"."cell" AS PERMISSIVE FOR ALL TO "hub_statistics_owner" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_statistics_jobs_all" ON "statistics"."reader" AS PERMISSIVE FOR ALL TO "hub_statistics_jobs" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "hub_statistics_owner_all" ON "statistics"."reader" AS PERMISSIVE FOR ALL TO "hub_statistics_owner" USING (true) WITH CHECK (true);