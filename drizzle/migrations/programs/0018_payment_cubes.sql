-- Cubes of payments: how far they got and why they did not (PAYMENT_FUNNEL), and what became of the money (BUDGET), by the month a payment's days begin in.
-- Both count the same rows, payments of the national programs; a period that was discarded never was one.
INSERT INTO "programs"."cube" ("code", "is_dated", "source") VALUES ('PAYMENT_FUNNEL', true, 'count_payment_funnel'), ('BUDGET', true, 'count_budget');
--> statement-breakpoint
CREATE INDEX "payment_period_month" ON "programs"."payment_period" USING btree ("starts_on","region");
--> statement-breakpoint
CREATE FUNCTION "programs"."is_payment_counted"(program text, failure text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT $1 = ANY (programs.national()) AND $2 IS DISTINCT FROM 'PERIOD_DISCARDED'
$$;
--> statement-breakpoint
-- What is in the account is paid, though nobody has taken it out yet, until it is returned: as in payment_balance.
CREATE FUNCTION "programs"."disposition_of"(state text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $1 IN ('CREDITED', 'TRANSACTED', 'NOT_TRANSACTED') THEN 'PAID' WHEN $1 IN ('RETURNED', 'EXCLUDED') THEN 'LOST' ELSE 'OPEN' END
$$;
--> statement-breakpoint
CREATE FUNCTION "programs"."failure_counted"(failure text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $1 IS NULL THEN 'NONE' WHEN $1 IN ('ACCOUNT_NOT_FOUND', 'ACCOUNT_NAME_DIFFERS', 'ACCOUNT_CLOSED', 'IDENTITY_DIFFERS', 'TREASURY_ACCOUNT_INVALID',
    'BANK_DIFFERS_FROM_REGISTER', 'NOT_COLLECTED', 'CARD_NOT_DISTRIBUTED', 'RECIPIENT_DECEASED') THEN $1 ELSE 'OTHER' END
$$;
--> statement-breakpoint
-- A person who draws two payments of one cell is one person, and dominates it by both. Amounts are few, persons many: the largest are looked for among amounts.
CREATE FUNCTION "programs"."payment_leaves"(of_region text, of_period text, by_stage boolean)
RETURNS TABLE (region text, key text[], persons integer, units integer, cell_key bigint, total bigint, largest bigint, second bigint) LANGUAGE sql STABLE AS $$
  WITH of_person AS (
    SELECT left(p.region, 6) AS region, p.program, CASE WHEN by_stage THEN p.state ELSE programs.disposition_of(p.state) END AS stage,
      CASE WHEN by_stage THEN programs.failure_counted(p.failure) END AS failure, p.person_id, count(*) AS units, sum(p.amount)::bigint AS amount
    FROM programs.payment_period p
    WHERE p.starts_on >= (of_period || '-01')::date AND p.starts_on < ((of_period || '-01')::date + interval '1 month')::date
      AND p.region >= of_region AND p.region < of_region || ':' AND programs.is_payment_counted(p.program, p.failure)
    GROUP BY 1, 2, 3, 4, 5),
  of_amount AS (
    SELECT o.region, o.program, o.stage, o.failure, o.amount, count(*) AS persons, sum(o.units) AS units, sum(programs.record_key(o.person_id)) AS cell_key
    FROM of_person o GROUP BY 1, 2, 3, 4, 5)
  SELECT a.region, array_remove(ARRAY[a.program, a.stage, a.failure], NULL), sum(a.persons)::int, sum(a.units)::int, sum(a.cell_key)::bigint,
    sum(a.persons * a.amount)::bigint, max(a.amount),
    CASE WHEN (array_agg(a.persons ORDER BY a.amount DESC))[1] > 1 THEN max(a.amount) ELSE coalesce((array_agg(a.amount ORDER BY a.amount DESC))[2], 0) END
  FROM of_amount a GROUP BY a.region, a.program, a.stage, a.failure
$$;
--> statement-breakpoint
CREATE FUNCTION "programs"."count_payment_funnel"(of_region text, of_period text)
RETURNS TABLE (region text, key text[], persons integer, units integer, cell_key bigint, total bigint, largest bigint, second bigint) LANGUAGE sql STABLE AS $$
  SELECT * FROM programs.payment_leaves(of_region, of_period, true)
$$;
--> statement-breakpoint
CREATE FUNCTION "programs"."count_budget"(of_region text, of_period text)
RETURNS TABLE (region text, key text[], persons integer, units integer, cell_key bigint, total bigint, largest bigint, second bigint) LANGUAGE sql STABLE AS $$
  SELECT * FROM programs.payment_leaves(of_region, of_period, false)
$$;
--> statement-breakpoint
-- Tells where and in which months one statement changed what the cubes count, whoever made it. The money moves less often than the payments do.
CREATE FUNCTION "programs"."touch_payments"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    WITH changed AS MATERIALIZED (
      SELECT to_char(o.starts_on, 'YYYY-MM') AS was_of, left(o.region, 6) AS was_in, to_char(n.starts_on, 'YYYY-MM') AS is_of, left(n.region, 6) AS is_in,
        (o.starts_on, o.region, o.program, o.amount, programs.disposition_of(o.state), programs.is_payment_counted(o.program, o.failure))
          IS DISTINCT FROM (n.starts_on, n.region, n.program, n.amount, programs.disposition_of(n.state), programs.is_payment_counted(n.program, n.failure)) AS moves_money
      FROM before o FULL JOIN now_so n ON n.id = o.id AND n.person_id = o.person_id
      WHERE (o.starts_on, o.region, o.program, o.amount, o.state, o.failure) IS DISTINCT FROM (n.starts_on, n.region, n.program, n.amount, n.state, n.failure)),
    place (period, region, moves_money) AS (SELECT c.was_of, c.was_in, c.moves_money FROM changed c UNION SELECT c.is_of, c.is_in, c.moves_money FROM changed c)
    INSERT INTO programs.rollup_touched (cube, period, region)
    SELECT 'PAYMENT_FUNNEL', p.period, p.region FROM place p WHERE p.period IS NOT NULL GROUP BY p.period, p.region
    UNION ALL SELECT 'BUDGET', p.period, p.region FROM place p WHERE p.period IS NOT NULL AND p.moves_money;
  ELSE
    INSERT INTO programs.rollup_touched (cube, period, region)
    SELECT DISTINCT c.code, to_char(t.starts_on, 'YYYY-MM'), left(t.region, 6) FROM changed t CROSS JOIN (VALUES ('PAYMENT_FUNNEL'), ('BUDGET')) c (code);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "programs"."payment_leaves", "programs"."count_payment_funnel", "programs"."count_budget", "programs"."touch_payments" FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "payment_period_begins_touches" AFTER INSERT ON "programs"."payment_period" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_payments"();
--> statement-breakpoint
CREATE TRIGGER "payment_period_changes_touches" AFTER UPDATE ON "programs"."payment_period" REFERENCING OLD TABLE AS before NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_payments"();
--> statement-breakpoint
CREATE TRIGGER "payment_period_goes_touches" AFTER DELETE ON "programs"."payment_period" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "programs"."touch_payments"();
--> statement-breakpoint
-- Payments of before are counted by the first round of the workers.
INSERT INTO "programs"."rollup_touched" ("cube", "period", "region")
SELECT c.code, m.period, '' FROM (SELECT DISTINCT to_char(p.starts_on, 'YYYY-MM') AS period FROM "programs"."payment_period" p) m CROSS JOIN (VALUES ('PAYMENT_FUNNEL'), ('BUDGET')) c (code);
