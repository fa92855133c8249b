CREATE TABLE "governance"."record_move" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "governance"."record_move_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"shift" bigint NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "record_move_shift" CHECK ("governance"."record_move"."shift" > 0)
);
--> statement-breakpoint
CREATE TRIGGER "record_move_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "governance"."record_move" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse_change"();
--> statement-breakpoint
/*
 * What a transaction of this server counts as in the order of the record. A server made by initdb counts from the beginning: on one the record was
 * restored to, the numbers are raised to go on after the old one's.
 */
CREATE FUNCTION "governance"."record_xid"(of_server xid8) RETURNS xid8 LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = governance, pg_temp AS $$
DECLARE
  raised_by bigint;
BEGIN
  SELECT shift INTO raised_by FROM record_move ORDER BY id DESC LIMIT 1;
  IF raised_by IS NULL THEN RETURN of_server; END IF;
  RETURN (of_server::text::bigint + raised_by)::text::xid8;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."record_xid"(xid8) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."record_xid"(xid8) TO "hub_record", "hub_log";
--> statement-breakpoint
ALTER TABLE "governance"."entry" ALTER COLUMN "xid" SET DEFAULT governance.record_xid(pg_current_xact_id());
--> statement-breakpoint
/*
 * An entry with a lower number than those before it would never be taken into the tree: it is not written. Without a record no answer leaves, so
 * a hub on a record that was restored says so at its first question instead of hours later.
 */
CREATE FUNCTION "governance"."record_must_go_on"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = governance, pg_temp AS $$
BEGIN
  IF (SELECT xid FROM entry ORDER BY xid DESC, id DESC LIMIT 1) >= record_xid(pg_snapshot_xmax(pg_current_snapshot())) THEN
    RAISE EXCEPTION 'the record was restored on a server whose transactions count from lower: npx hub record continue'
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "entry_goes_on" BEFORE INSERT ON "governance"."entry" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."record_must_go_on"();
