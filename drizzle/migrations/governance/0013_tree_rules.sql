-- The tree over the record only grows, for whoever writes: what is signed must stay what it was.
CREATE TRIGGER "tree_entry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "governance"."tree_entry" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "checkpoint_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "governance"."checkpoint" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "cosignature_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "governance"."cosignature" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "tile_stays" BEFORE DELETE OR TRUNCATE ON "governance"."tile" FOR EACH STATEMENT EXECUTE FUNCTION "governance"."refuse_change"();
--> statement-breakpoint
CREATE FUNCTION "governance"."tile_must_grow"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (new.level, new.n) IS DISTINCT FROM (old.level, old.n) OR substr(new.hashes, 1, length(old.hashes)) <> old.hashes THEN
    RAISE EXCEPTION 'tile %/% of the record may only grow', old.level, old.n USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN new;
END $$;
--> statement-breakpoint
CREATE TRIGGER "tile_grows" BEFORE UPDATE ON "governance"."tile" FOR EACH ROW EXECUTE FUNCTION "governance"."tile_must_grow"();
--> statement-breakpoint
-- A bundle of entries gives each body 16 bits for its length (C2SP tlog-tiles): what does not fit could never leave for those who verify.
ALTER TABLE "governance"."entry" ADD CONSTRAINT "entry_body_fits" CHECK (octet_length(body) < 65536);
--> statement-breakpoint
-- Receipts, tiles and roots are made of the leaf: one that is not its text's own would be signed for ever.
ALTER TABLE "governance"."entry" ADD CONSTRAINT "entry_leaf_is_of_body" CHECK (leaf = sha256('\x00'::bytea || convert_to(body, 'UTF8')));
--> statement-breakpoint
/*
 * How far the tree is behind the record: newest checkpoint, newest one a witness signed, each {size, at} or null, and `oldestUncovered`, when
 * the first entry was written that no checkpoint covers (null: all are covered). With `needs_witness` only checkpoints that a witness signed
 * cover anything. Constant cost: steps of indexes.
 */
CREATE FUNCTION "governance"."record_lag"(needs_witness boolean) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = governance, pg_temp AS $$
  WITH newest AS (SELECT size, at FROM checkpoint ORDER BY size DESC LIMIT 1),
  cosigned AS (SELECT c.size, c.at FROM cosignature s JOIN checkpoint c USING (size) ORDER BY s.size DESC LIMIT 1),
  covered AS (
    SELECT e.xid, e.id FROM tree_entry t JOIN entry e ON e.id = t.entry_id
    WHERE t.index = (SELECT size - 1 FROM cosigned WHERE needs_witness UNION ALL SELECT size - 1 FROM newest WHERE NOT needs_witness)
  )
  SELECT json_build_object(
    'checkpoint', (SELECT json_build_object('size', size, 'at', at) FROM newest),
    'cosigned', (SELECT json_build_object('size', size, 'at', at) FROM cosigned),
    'oldestUncovered', coalesce(
      (
        SELECT at FROM entry
        WHERE (xid, id) > (coalesce((SELECT xid FROM covered), '0'::xid8), coalesce((SELECT id FROM covered), 0))
        ORDER BY xid, id LIMIT 1
      ),
      -- a record restored on a server whose transactions count from lower: its new entries sort before the old ones, and nothing takes them in
      (SELECT at FROM entry WHERE id > (SELECT max(entry_id) FROM tree_entry) ORDER BY id LIMIT 1)
    )
  )
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "governance"."record_lag"(boolean) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION "governance"."record_lag"(boolean) TO "hub_gateway", "hub_log", "hub_governance";
