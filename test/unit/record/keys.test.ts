import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { readLogConfig } from "../../../cli/record/settings.ts";
import { signerOf } from "../../../schema/policy/keys.ts";
import { noteKey, vkeyOf } from "../../../schema/record/note.ts";
import { idOf, subjectKey, TAG_BYTES, tagOf, tagsOf } from "../../../schema/record/tags.ts";
import { devYearKeys, keysOf, readYearKeys, recordKeysOf, yearInWib } from "../../../schema/record/yearKeys.ts";
import type { ConfigFaults } from "../../../schema/settings.ts";

const [one, two] = ["a".repeat(32), "b".repeat(32)];

describe("a tag of a subject", () => {
  const key = subjectKey(one);

  test("opens to the person under its year's key, and under no other", () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(idOf(tagOf(id, key), key)).toBe(id);
        expect(idOf(tagOf(id, key), subjectKey(two))).not.toBe(id);
      }),
    );
  });

  test("is found among an answer's, whatever their order", () => {
    const ids = Array.from({ length: 50 }, () => randomUUID());
    const tags = tagsOf(ids, key);
    const found = Array.from({ length: 50 }, (_, n) => idOf(tags.subarray(n * TAG_BYTES, (n + 1) * TAG_BYTES), key));
    expect(found.sort()).toEqual([...ids].sort());
  });

  test("of what is no UUID does not open, and is the same each time", () => {
    const tag = tagOf("nik:3201019001019001", key);
    expect(tag.equals(tagOf("nik:3201019001019001", key))).toBe(true);
    expect(idOf(tag, key)).toMatch(/^[\da-f-]{36}$/);
    expect(idOf(tag, key)).not.toContain("3201");
  });
});

describe("the keys of the years", () => {
  test("are read by commas or lines, one a year", () => {
    const { keys, faults } = readYearKeys(`2026:${one},\n 2027:${two}\n`);
    expect([[...keys], faults]).toEqual([
      [
        [2026, one],
        [2027, two],
      ].sort(),
      [],
    ]);
    expect(keysOf(keys, [2025, 2026, 2027, 2026])).toEqual([two, one]);
  });

  test("tell every fault at once, and no secret", () => {
    const text = `2026:short,2027:${one},2027:${two},2028:${one},year:${two},${two}`;
    const { faults } = readYearKeys(text);
    expect(faults).toHaveLength(5);
    expect(faults.join()).not.toMatch(/short|aaaa|bbbb/);
    expect(readYearKeys("").faults).toHaveLength(1);
  });

  test("everybody knows are only for development", () => {
    const known = devYearKeys().get(2026) ?? "";
    expect(recordKeysOf(undefined, { isDev: true })).toEqual({ keys: devYearKeys(), faults: [] });
    expect(recordKeysOf(undefined, { isDev: false }).faults).toHaveLength(1);
    const text = `2026:${known.replaceAll(" ", "_")}`;
    expect(recordKeysOf(text, { isDev: false }).faults).toEqual([]);
  });

  test("change at midnight in western Indonesia", () => {
    expect(yearInWib(new Date("2026-12-31T16:59:59Z"))).toBe(2026);
    expect(yearInWib(new Date("2026-12-31T17:00:00Z"))).toBe(2027);
  });
});

describe("the settings of the log", () => {
  const folder = mkdtempSync(join(tmpdir(), "hub-log-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const vkey = vkeyOf(noteKey(signerOf(two, "witness"), "witness.example/1", "COSIGNATURE"));
  const sound = { HUB_LOG_KEY: one, HUB_RECORD_KEYS: `2026:${two}`, HUB_WITNESSES: `https://w.example/=${vkey}` };
  const faultsOf = (env: Record<string, string>): readonly string[] => {
    try {
      readLogConfig(env);
      return [];
    } catch (error) {
      return (error as ConfigFaults).faults;
    }
  };

  test("name log, port and witnesses", () => {
    const { by, port, witnesses, host } = readLogConfig({ ...sound, HUB_LOG_ORIGIN: "log.example/1", HUB_LOG_PORT: "1" });
    expect([by.key.name, port, host]).toEqual(["log.example/1", 1, "127.0.0.1"]);
    expect(witnesses.map(({ url, key }) => [url, key.name])).toEqual([["https://w.example", "witness.example/1"]]);
  });

  test("may lie in files", () => {
    const file = join(folder, "key");
    writeFileSync(file, `${one}\n`);
    const { HUB_LOG_KEY: _, ...rest } = sound;
    expect(readLogConfig({ ...rest, HUB_LOG_KEY_FILE: file }).by.key).toEqual(readLogConfig(sound).by.key);
  });

  test("tell every fault at once", () => {
    const wrong = {
      HUB_LOG_KEY: "short",
      HUB_LOG_ORIGIN: "two words",
      HUB_LOG_PORT: "70000",
      HUB_WITNESSES: `https://w.example=nonsense,${vkey},https://w.example=${vkey},https://v.example=${vkey}`,
      HUB_RECORD_KEYS: "",
      HUB_ALERT_WEBHOOK: "ftp://x",
      HUB_ALERT_SECRET: "short",
    };
    const names = faultsOf(wrong).map((fault) => fault.split(" ")[0]);
    expect(names.sort()).toEqual([
      "HUB_ALERT_SECRET",
      "HUB_ALERT_WEBHOOK",
      "HUB_LOG_KEY",
      "HUB_LOG_ORIGIN",
      "HUB_LOG_PORT",
      "HUB_RECORD_KEYS",
      "HUB_WITNESSES",
      "HUB_WITNESSES",
      "HUB_WITNESSES",
    ]);
  });

  test("of development are refused elsewhere", () => {
    expect(faultsOf({ HUB_ENV: "dev" })).toEqual([]);
    expect(faultsOf({}).map((fault) => fault.split(" ")[0])).toEqual(["HUB_LOG_KEY", "HUB_RECORD_KEYS"]);
    expect(faultsOf({ ...sound, HUB_LOG_KEY: "dtks-hub development key of the log" })).toHaveLength(1);
  });
});
