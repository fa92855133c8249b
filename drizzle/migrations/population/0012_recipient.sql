DROP INDEX "population"."person_region";--> statement-breakpoint
CREATE INDEX "person_region_birth_date" ON "population"."person" USING btree ("region","birth_date");