DROP INDEX "population"."region_parent";--> statement-breakpoint
CREATE INDEX "region_parent" ON "population"."region" USING btree ("parent_code");