-- The data sasaran walks the ranked households of a version in the order of need.
CREATE INDEX "ranking_need" ON "welfare"."ranking" ("version_id", "percentile", "household_id");
