ALTER TABLE "governance"."agreement" DROP COLUMN "ip_allow";--> statement-breakpoint
-- Agreements of before had no author and nobody's approval: none could be compiled and signed. They are drawn up anew.
DELETE FROM "governance"."grant_row";
--> statement-breakpoint
DELETE FROM "governance"."agreement_version";
--> statement-breakpoint
DELETE FROM "governance"."agreement";
