import { expect, test } from "vitest";
import { isNightly } from "../kit/vitest/nightly.ts";
import { underKills } from "./kills.ts";

const isExternal = process.env["HUB_TEST_DATABASE_URL"] !== undefined;
if (isExternal) process.stderr.write("kill.test.ts kills the embedded PostgreSQL: skipped, HUB_TEST_DATABASE_URL is set\n");

test.skipIf(isExternal)(
  "no answer a client received is missing from the record, though gateway and PostgreSQL are killed under 16 clients",
  async () => {
    const each = isNightly ? 10 : 1;
    const { kills, answers, ...toll } = await underKills({ kills: 2 * each, clients: 16 });
    expect(kills).toEqual({ gateway: each, postgres: each });
    expect(answers).toBeGreaterThan(25 * each);
    expect(toll).toMatchObject({ unreceipted: 0, missing: [], unannounced: [], faults: [] });
  },
  600_000,
);
