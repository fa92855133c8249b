import { afterEach, describe, expect, test, vi } from "vitest";
import { type Caller, createMinter, createOpener, envelopeSecretsIn } from "../../../schema/caller.ts";
import { ConfigFaults } from "../../../schema/settings.ts";
import { readConfig, rereadSecret } from "../../../subgraphs/kit/serve/config.ts";
import { createLog } from "../../../subgraphs/kit/serve/log.ts";
import { followSecrets } from "../../../subgraphs/kit/serve/secrets.ts";

// How the secret that a gateway and a subgraph share is exchanged while both run (docs/runbook.md, Rotation).

const [OLD, NEW, THIRD] = ["old", "new", "third"].map((name) => `the ${name} secret of welfare`.padEnd(40, ".")) as [
  string,
  string,
  string,
];
const list = { coordinates: [], index: new Map(), hash: "h" };
const sealedBy = (secret: string) =>
  createMinter({ audience: "welfare", secret, list })({
    caller: { agreement: "PKS-1" } as unknown as Caller,
    verbs: { output: [], internal: [], arguments: [] },
    body: "{}",
  });

test("envelopes of both secrets are opened while one follows the other, and of none but those in force", () => {
  let secrets: readonly string[] = [OLD];
  const open = createOpener({ audience: "welfare", list, secrets: () => secrets });
  const opens = (secret: string): boolean => {
    try {
      return open(sealedBy(secret), "{}").caller.agreement === "PKS-1";
    } catch {
      return false;
    }
  };
  expect([opens(OLD), opens(NEW)]).toEqual([true, false]);
  secrets = envelopeSecretsIn(`${OLD},${NEW}`);
  expect([opens(OLD), opens(NEW), opens(THIRD)]).toEqual([true, true, false]);
  secrets = envelopeSecretsIn(`${NEW}\n${OLD}\n`);
  expect([opens(OLD), opens(NEW), opens(THIRD)]).toEqual([true, true, false]);
  secrets = [NEW];
  expect([opens(OLD), opens(NEW)], "the key of before is forgotten with its secret").toEqual([false, true]);
});

describe("what a slice derives for itself", () => {
  afterEach(() => vi.useRealTimers());
  const log = createLog({ name: "welfare", level: "silent" });
  const keyOf = (envelopeSecret: string, dataKey?: string) => {
    const secrets = followSecrets({ name: "welfare", envelopeSecret, dataKey }, log);
    secrets.close();
    return secrets.keyFor("cursor").toString("hex");
  };

  test("stays the same through an exchange, where the first secret was made its data key", () => {
    expect([keyOf(`${OLD},${NEW}`, OLD), keyOf(NEW, OLD), keyOf(THIRD, OLD)]).toEqual(Array(3).fill(keyOf(OLD)));
    expect(keyOf(NEW)).not.toBe(keyOf(OLD));
  });

  test("is not lost by an exchange without a data key: the secret of before stays in force", () => {
    vi.useFakeTimers();
    const secrets = followSecrets({ name: "welfare", envelopeSecret: OLD, rereadSecret: () => NEW }, log);
    vi.advanceTimersByTime(2_000);
    expect(secrets.opening()).toEqual([OLD]);
    secrets.close();
  });

  test("is there while secrets come and go in its files; what is unfit keeps those before, and is told of once", () => {
    vi.useFakeTimers();
    let file: string | Error = OLD;
    const lines: string[] = [];
    const told = createLog({ name: "welfare", level: "info", stream: { write: (line) => void lines.push(line) } });
    const rereadSecret = () => {
      if (file instanceof Error) throw file;
      return file;
    };
    const secrets = followSecrets({ name: "welfare", envelopeSecret: OLD, dataKey: OLD, rereadSecret }, told);
    file = `${OLD},${NEW}`;
    vi.advanceTimersByTime(1_000);
    expect(secrets.opening()).toEqual([OLD, NEW]);
    file = new Error("cannot be read");
    vi.advanceTimersByTime(5_000);
    expect(secrets.opening()).toEqual([OLD, NEW]);
    expect(lines.filter((line) => line.includes("SECRETS_UNFIT"))).toHaveLength(1);
    expect(lines.join()).not.toContain(NEW);
    secrets.close();
  });
});

describe("settings of a slice", () => {
  const faultsOf = (more: Record<string, string>): readonly string[] => {
    try {
      readConfig("statistics", { HUB_ENV: "dev", HUB_DATABASE_URL_STATISTICS: "postgres://hub_statistics@127.0.0.1/s", ...more });
      return [];
    } catch (error) {
      return error instanceof ConfigFaults ? error.faults : [String(error)];
    }
  };

  test("take a second secret only with a data key: else what the slice derived from the first would be lost with it", () => {
    const both = { HUB_ENVELOPE_SECRET_STATISTICS: `${OLD},${NEW}` };
    expect(faultsOf(both)).toEqual([expect.stringMatching(/^HUB_DATA_KEY_STATISTICS is missing.*secret of today/)]);
    expect(faultsOf({ ...both, HUB_DATA_KEY_STATISTICS: OLD })).toEqual([]);
    expect(faultsOf({ ...both, HUB_DATA_KEY_STATISTICS: "short" })).toEqual([expect.stringMatching(/at least 32 characters/)]);
  });

  test("refuse a third, and a second that is too short", () => {
    const key = { HUB_DATA_KEY_STATISTICS: OLD };
    const three = faultsOf({ ...key, HUB_ENVELOPE_SECRET_STATISTICS: [OLD, NEW, THIRD].join(",") });
    expect(three).toEqual([expect.stringMatching(/holds more than two secrets/)]);
    const short = faultsOf({ ...key, HUB_ENVELOPE_SECRET_STATISTICS: `${OLD},short` });
    expect(short).toEqual([expect.stringMatching(/at least 32 characters/)]);
    expect(() => rereadSecret("statistics", { HUB_ENV: "dev", HUB_ENVELOPE_SECRET_STATISTICS: "short" })).toThrow(ConfigFaults);
  });
});
