-- What is loaded already becomes batch 1; a batch that is loaded from now on says its number.
ALTER TABLE "welfare"."synthetic_seed" DROP COLUMN "one";--> statement-breakpoint
ALTER TABLE "welfare"."synthetic_seed" ADD COLUMN "batch" integer DEFAULT 1 PRIMARY KEY NOT NULL;--> statement-breakpoint
ALTER TABLE "welfare"."synthetic_seed" ALTER COLUMN "batch" DROP DEFAULT;
