import { expect, test } from "vitest";
import { underKills } from "./kills.ts";

const isExternal = process.env["HUB_TEST_DATABASE_URL"] !== undefined;
if (isExternal) process.stderr.write("kill.test.ts kills the embedded PostgreSQL: skipped, HUB_TEST_DATABASE_URL is set\n");

test.skipIf(isExternal)(
  "no answer a client received is missing from the record, though gateway and PostgreSQL are killed under 16 clients",
  async () => {
    const { kills, answers, ...toll } = await underKills({ kills: 4, clients: 16 });
    expect(kills).toEqual({ gateway: 2, postgres: 2 });
    expect(answers).toBeGreaterThan(100);
    expect(toll).toMatchObject({ unreceipted: 0, missing: [], unannounced: [], faults: [] });
  },
  120_000,
);
