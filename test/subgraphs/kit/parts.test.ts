import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { attestationSigner, devAttestationSecret } from "../../../schema/attestation.ts";
import { devEnvelopeSecret } from "../../../schema/caller.ts";
import { ConfigFaults } from "../../../schema/settings.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { byKey, manyByKey, topByKey } from "../../../subgraphs/kit/byKey.ts";
import { createCursors, pageOf } from "../../../subgraphs/kit/page.ts";
import { readConfig } from "../../../subgraphs/kit/serve/config.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";

describe("byKey", () => {
  test("asks once for all keys, restores their order, answers null for the missing", async () => {
    const asked: (readonly string[])[] = [];
    const loader = byKey(
      async (keys: readonly string[]) => {
        asked.push(keys);
        return [...keys]
          .reverse()
          .filter((key) => key !== "c")
          .map((key) => ({ key, value: key.toUpperCase() }));
      },
      (row) => row.key,
    );
    const answers = await Promise.all(["a", "c", "b", "a"].map((key) => loader.load(key)));
    expect(answers.map((row) => row?.value ?? null)).toEqual(["A", null, "B", "A"]);
    expect(asked).toEqual([["a", "c", "b"]]);
  });

  test("manyByKey keeps the order of rows within a key and answers an empty list for the missing", async () => {
    const rows = [
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ] as const;
    const loader = manyByKey(
      async () => rows,
      ([key]) => key as string,
    );
    expect(await Promise.all([loader.load("a"), loader.load("z"), loader.load("b")])).toEqual([
      [rows[0], rows[2]],
      [],
      [rows[1]],
    ]);
  });

  test("topByKey asks once for the largest share and gives each asker its own", async () => {
    const asked: [readonly string[], number][] = [];
    const loader = topByKey(
      async (keys: readonly string[], n) => {
        asked.push([keys, n]);
        return keys.flatMap((key) => [1, 2, 3].slice(0, n).map((place) => ({ key, place })));
      },
      (row) => row.key,
    );
    const answers = await Promise.all([loader.load("a", 1), loader.load("a", 3), loader.load("b", 2)]);
    expect(answers.map((rows) => rows.map(({ place }) => place))).toEqual([[1], [1, 2, 3], [1, 2]]);
    expect(asked).toEqual([[["a", "b"], 3]]);
  });
});

describe("pages", () => {
  const cursors = createCursors(Buffer.alloc(32, 7), "PKS-1");
  const all = Array.from({ length: 7 }, (_, i) => i + 1);
  let reads = 0;
  const numbers = (paging: { first?: number | null; after?: string | null }) =>
    pageOf(paging, {
      of: "numbers",
      cursors,
      positionOf: (n: number) => [n],
      rows: async ({ limit, after }) => {
        reads += 1;
        return all.filter((n) => after === null || n > Number(after[0])).slice(0, limit);
      },
      count: async () => all.length,
    });

  test("a walk from cursor to cursor sees every row once and reads each page once", async () => {
    const seen: number[] = [];
    reads = 0;
    let after: string | null = null;
    do {
      const page = numbers({ first: 3, after });
      seen.push(...(await page.nodes()));
      const info = await page.pageInfo();
      after = info.hasNextPage ? info.endCursor : null;
    } while (after);
    expect(seen).toEqual(all);
    expect(reads).toBe(3);
    expect(await numbers({ first: 7 }).pageInfo()).toMatchObject({ hasNextPage: false });
  });

  test.each([0, -1, 101, 2 ** 31 - 1])("first: %i is refused by name", (first) => {
    expect(() => numbers({ first })).toThrow(
      expect.objectContaining({
        failures: [expect.objectContaining({ code: "BAD_USER_INPUT", detail: expect.stringContaining("first") })],
      }),
    );
  });

  test("first may be left out, be null, 1 or 100", () => {
    for (const paging of [{}, { first: null }, { first: 1 }, { first: 100 }]) expect(() => numbers(paging)).not.toThrow();
  });

  test("T5 a cursor tells nothing, and one that is tampered with, of another list or another agreement is refused by name", () => {
    const cursor = cursors.seal("persons:FULL_NAME", ["SITI AMINAH", "id-1"]);
    expect(Buffer.from(cursor, "base64url").toString("latin1")).not.toMatch(/SITI|id-1/);
    expect(cursors.open("persons:FULL_NAME", cursor)).toEqual(["SITI AMINAH", "id-1"]);
    const refused = expect.objectContaining({ failures: [{ code: "BAD_USER_INPUT", detail: expect.stringContaining("after") }] });
    const bytes = Buffer.from(cursor, "base64url");
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => cursors.open("persons:FULL_NAME", changed.toString("base64url"))).toThrow(refused);
    }
    for (const text of ["", "x", "AAAA", bytes.subarray(0, 20).toString("base64url")])
      expect(() => cursors.open("persons:FULL_NAME", text)).toThrow(refused);
    expect(() => cursors.open("persons:BIRTH_DATE", cursor)).toThrow(refused);
    expect(() => createCursors(Buffer.alloc(32, 7), "PKS-2").open("persons:FULL_NAME", cursor)).toThrow(refused);
    expect(() => createCursors(Buffer.alloc(32, 8), "PKS-1").open("persons:FULL_NAME", cursor)).toThrow(refused);
  });
});

describe("settings", () => {
  const good = {
    HUB_DATABASE_URL_WELFARE: "postgres://hub_welfare@db/welfare",
    HUB_ENVELOPE_SECRET_WELFARE: "s".repeat(32),
    HUB_ATTESTATION_KEY_WELFARE: "a".repeat(32),
    HUB_EVIDENCE_URL: "file:///srv/evidence/",
  };
  const faultsOf = (env: Record<string, string>) => {
    try {
      readConfig("welfare", env);
      return [];
    } catch (error) {
      return error instanceof ConfigFaults ? error.faults : [String(error)];
    }
  };

  test("good settings are frozen, with the slice's own port", () => {
    const config = readConfig("welfare", good);
    expect(config).toMatchObject({ env: "production", port: 4002, host: "127.0.0.1", poolSize: 10, logLevel: "info" });
    expect(Object.isFrozen(config)).toBe(true);
    expect(readConfig("welfare", { ...good, HUB_SUBGRAPH_PORT: "5000" }).port).toBe(5000);
    expect(readConfig("welfare", { ...good, HUB_SUBGRAPH_PORT: "5000", HUB_PORT_WELFARE: "0" }).port).toBe(0);
  });

  test("every fault is named at once", () => {
    const faults = faultsOf({
      HUB_ENVELOPE_SECRET_WELFARE: "short",
      HUB_PORT_WELFARE: "70000",
      HUB_POOL_SIZE: "many",
      HUB_LOG_LEVEL: "loud",
      HUB_ATTESTATION_KEY_WELFARE: "short",
      HUB_EVIDENCE_URL: "https://example.org/",
    });
    expect(faults.map((fault) => fault.split(" ")[0])).toEqual([
      "HUB_DATABASE_URL_WELFARE",
      "HUB_ENVELOPE_SECRET_WELFARE",
      "HUB_LOG_LEVEL",
      "HUB_PORT_WELFARE",
      "HUB_POOL_SIZE",
      "HUB_ATTESTATION_KEY_WELFARE",
      "HUB_EVIDENCE_URL",
    ]);
    expect(faults.join()).not.toContain("short,");
  });

  test("the development secret holds in development only", () => {
    const { HUB_ENVELOPE_SECRET_WELFARE: _, ...without } = good;
    expect(readConfig("welfare", { ...without, HUB_ENV: "dev" }).envelopeSecret).toBe(devEnvelopeSecret("welfare"));
    expect(faultsOf(without)).toHaveLength(1);
    expect(faultsOf({ ...good, HUB_ENVELOPE_SECRET_WELFARE: devEnvelopeSecret("welfare") })).toEqual([
      expect.stringContaining("development secret"),
    ]);
  });

  test("the development secret of attestations holds in development only: anybody could sign a death with it", () => {
    const { HUB_ATTESTATION_KEY_WELFARE: _, ...without } = good;
    const known = attestationSigner(devAttestationSecret("welfare")).publicKey;
    const inDev = readConfig("welfare", { ...without, HUB_ENV: "dev" }).attestation;
    expect([inDev?.signer.publicKey, inDev?.keys.welfare]).toEqual([known, known]);
    expect(faultsOf(without)).toEqual([expect.stringMatching(/^HUB_ATTESTATION_KEY_WELFARE .*32 characters/)]);
    expect(faultsOf({ ...good, HUB_ATTESTATION_KEY_WELFARE: devAttestationSecret("welfare") })).toEqual([
      expect.stringMatching(/^HUB_ATTESTATION_KEY_WELFARE is the development secret/),
    ]);
    expect(readConfig("welfare", good).attestation?.keys, "outside development nobody is believed unnamed").toEqual({});
  });

  test("public keys of attestations that are none, or of no slice that attests, are named", () => {
    const key = attestationSigner("p".repeat(32)).publicKey;
    const { attestation } = readConfig("welfare", { ...good, HUB_ATTESTATION_PUBLIC_KEYS: `population=${key},programs=${key}` });
    expect(attestation?.keys).toEqual({ population: key, programs: key });
    for (const HUB_ATTESTATION_PUBLIC_KEYS of [
      key,
      "population=",
      "population=AAAA",
      `governance=${key}`,
      `population:${key}`,
      "x",
    ])
      expect(faultsOf({ ...good, HUB_ATTESTATION_PUBLIC_KEYS }), HUB_ATTESTATION_PUBLIC_KEYS).toEqual([
        expect.stringMatching(/^HUB_ATTESTATION_PUBLIC_KEYS: /),
      ]);
  });

  test("under the development secret, which anybody can read, no other machine may reach a subgraph", () => {
    const dev = { HUB_ENV: "dev", HUB_DATABASE_URL_WELFARE: good.HUB_DATABASE_URL_WELFARE };
    for (const HUB_HOST of ["0.0.0.0", "::", "10.0.0.7", "welfare.internal", "127.0.0.1.example", "128.0.0.1", ""])
      expect(faultsOf({ ...dev, HUB_HOST }), HUB_HOST).toEqual([
        expect.stringMatching(/^HUB_HOST .*HUB_ENVELOPE_SECRET_WELFARE/),
      ]);
    for (const HUB_HOST of ["127.0.0.1", "127.1.2.3", "::1", "localhost"]) expect(faultsOf({ ...dev, HUB_HOST })).toEqual([]);
    expect(faultsOf({ ...dev, HUB_HOST: "0.0.0.0", HUB_ENVELOPE_SECRET_WELFARE: "s".repeat(32) })).toEqual([]);
  });

  test("a secret may lie in a file, but not in both places", () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-secret-"));
    const file = join(folder, "secret");
    writeFileSync(file, `${"f".repeat(40)}\n`);
    const { HUB_ENVELOPE_SECRET_WELFARE: _, ...without } = good;
    expect(readConfig("welfare", { ...without, HUB_ENVELOPE_SECRET_WELFARE_FILE: file }).envelopeSecret).toBe("f".repeat(40));
    expect(faultsOf({ ...good, HUB_ENVELOPE_SECRET_WELFARE_FILE: file })).toHaveLength(1);
    expect(faultsOf({ ...without, HUB_ENVELOPE_SECRET_WELFARE_FILE: "/nowhere" })).toContain(
      "HUB_ENVELOPE_SECRET_WELFARE_FILE cannot be read",
    );
    rmSync(folder, { recursive: true });
  });
});

test("the log keeps no secret and no NIK, whatever is handed to it", () => {
  const lines: string[] = [];
  const log = createLog({ name: "toy", stream: { write: (line) => void lines.push(line) } });
  log.info(
    { envelope: "abc.def", headers: { "hub-envelope": "abc.def" }, note: "nik 3510014107909001" },
    "asked for 3510014107909001",
  );
  log.error({ err: new Error("duplicate key: 3510014107909001") }, "failed");
  expect(lines).toHaveLength(2);
  expect(lines.join("")).not.toMatch(/abc\.def|3510014107909001/);
});

test("the day in western Indonesia begins at 17:00 UTC", () => {
  expect(dayInWib(new Date("2026-06-30T16:59:59Z"))).toBe("2026-06-30");
  expect(dayInWib(new Date("2026-06-30T17:00:00Z"))).toBe("2026-07-01");
});
