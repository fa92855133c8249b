import { expect, test } from "vitest";
import { asServer, useDatabases } from "../../../kit/database.ts";

const databases = useDatabases();

test("a rule that sets what was beside what is now never does so row by row, whatever plan the session's first change left", async () => {
  const rules = await asServer(
    databases.urls.programs.owner,
    (
      sql,
    ) => sql`select distinct p.proname as name, coalesce(p.proconfig && array['enable_nestloop=off', 'plan_cache_mode=force_custom_plan'], false) as is_kept
      from pg_trigger t join pg_proc p on p.oid = t.tgfoid
      where t.tgoldtable is not null and t.tgnewtable is not null and p.prosrc ~* ('join\\s+(' || t.tgoldtable || '|' || t.tgnewtable || ')\\M') order by 1`,
  );
  expect(rules.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["enrolment_moved", "error_candidate_follows", "payment_moved", "tell_enrolments", "tell_payments"]),
  );
  expect(rules.filter((rule) => !rule["is_kept"])).toEqual([]);
});
