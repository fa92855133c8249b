-- Forced: the owner obeys the policies too. What is counted cannot be taken back: nobody who answers may delete.
ALTER TABLE "population"."verification_attempt" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "population"."verification_count" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ("attempts") ON "population"."verification_attempt" TO "hub_population";
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ("used") ON "population"."verification_count" TO "hub_population";
