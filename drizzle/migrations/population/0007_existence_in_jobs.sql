-- Whether a job's results may say that a number is somebody's whose name the row does not know. Only the workers' role may set it: what comes
-- over the border can not, for no column right names it.
ALTER TABLE "match"."job" ADD COLUMN "tells_existence" boolean DEFAULT false NOT NULL;
