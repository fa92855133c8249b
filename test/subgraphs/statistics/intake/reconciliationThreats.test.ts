import { beforeAll, expect, test } from "vitest";
import { statistics } from "../../../../subgraphs/statistics/index.ts";
import { asRole, useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { release } from "./cellKit.ts";

const databases = useDatabases();
const slice = useSlice(statistics, { databaseUrl: () => databases.urls.statistics.runtime });

beforeAll(async () => {
  const { owner } = databases.urls.statistics;
  await release(owner, "OVERLAP", { "2026-10": [["0", ["PKH"], 50]] });
  await release(owner, "RESIDENTS", { "2026-10": [["0", ["*", "*"], 50]] });
  await asRole(
    owner,
    (sql) => sql`insert into statistics.published_figure (code, cube, region, key, measure, value, as_of, source)
    values ('PARTNERS', 'OVERLAP', '0', '{PKH}', 'PERSONS', 100, '2025', 'a yearbook')`,
  );
});

test("threat: a published figure beside a partner's cube does not tell everybody what was released to partners", async () => {
  const { data, errors } = await slice.ask("{ reconciliation { code published ours difference period } }");
  expect(errors).toEqual([]);
  const of = (code: string) => data.reconciliation.find((one: { code: string }) => one.code === code);
  expect(of("PARTNERS")).toEqual({ code: "PARTNERS", published: "100", ours: null, difference: null, period: null });
  expect(of("RESIDENTS_2024_S2")).toMatchObject({ ours: "50", period: "2026-10" });
});
