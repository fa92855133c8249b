import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import { regionRange } from "../../../schema/values/regionCode.ts";
import { isInRegions } from "../../../subgraphs/kit/data.ts";

const said = (...codes: string[]) => new PgDialect().sqlToQuery(isInRegions(sql.raw("region"), codes.map(regionRange)));

test("a list of the whole country names no range, which a kept plan would take for a narrow one; one of a region does", () => {
  expect(said("0")).toMatchObject({ sql: "region is not null", params: [] });
  expect(said("35", "0")).toMatchObject({ sql: "region is not null", params: [] });
  expect(said("35", "3201")).toMatchObject({
    sql: "((region >= $1 and region < $2) or (region >= $3 and region < $4))",
    params: ["35", "36", "3201", "3202"],
  });
});
