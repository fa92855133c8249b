ALTER TABLE "governance"."grant_row" DROP CONSTRAINT "use_word";--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ALTER COLUMN "quota" SET DEFAULT 10000;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "similarity_floor" smallint DEFAULT 80 NOT NULL;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "attempts_on_subject" integer DEFAULT 5 NOT NULL;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD COLUMN "attempts_of_client" integer DEFAULT 20000 NOT NULL;--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD CONSTRAINT "agreement_version_floor" CHECK (similarity_floor between 1 and 100);--> statement-breakpoint
ALTER TABLE "governance"."agreement_version" ADD CONSTRAINT "agreement_version_limits" CHECK (quota >= 0 and attempts_on_subject >= 0 and attempts_of_client >= 0);--> statement-breakpoint
ALTER TABLE "governance"."grant_row" ADD CONSTRAINT "use_word" CHECK (use in ('OUTPUT', 'LOOKUP', 'VERIFY', 'FILTER', 'SORT', 'GROUP', 'AGGREGATE'));