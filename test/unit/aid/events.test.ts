import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf, isPublic } from "../../../gateway/border/events/address.ts";
import { waitAfter } from "../../../gateway/border/events/attempts.ts";
import { batchAt } from "../../../gateway/border/events/batches.ts";
import { stretchOf } from "../../../subgraphs/programs/events/feed.ts";

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "SENT",
    (error: { code?: string }) => error.code,
  );
const named =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? (6 as const) : (4 as const) }));

const FORBIDDEN = [
  "https://127.0.0.1/x",
  "https://127.1/x",
  "https://2130706433/x",
  "https://0x7f000001/x",
  "https://0.0.0.0/x",
  "https://10.1.2.3/x",
  "https://172.31.255.255/x",
  "https://192.168.0.1/x",
  "https://100.64.0.1/x",
  "https://169.254.169.254/latest/meta-data",
  "https://224.0.0.1/x",
  "https://255.255.255.255/x",
  "https://[::1]/x",
  "https://[::]/x",
  "https://[fe80::1]/x",
  "https://[fd00::1]/x",
  "https://[::ffff:10.0.0.1]/x",
  "https://[64:ff9b::a00:1]/x",
  "https://[2002:a00:1::]/x",
  "https://[2001:0:a00:1::]/x",
  "http://example.com/x",
  "https://user:secret@example.com/x",
  "ftp://example.com/x",
  "file:///etc/passwd",
];
test.each(FORBIDDEN)("threat: a webhook never leads into the hub's own networks: %s", async (url) => {
  expect(await codeOf(addressOf(new URL(url), { isDev: false, resolve: named("8.8.8.8") }))).toBe("FORBIDDEN_ADDRESS");
});

test("threat: a name of which any address is inside is refused, whichever is listed first", async () => {
  const url = new URL("https://partner.example/x");
  for (const addresses of [["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2606:4700::1", "::1"]])
    expect(await codeOf(addressOf(url, { isDev: false, resolve: named(...addresses) }))).toBe("FORBIDDEN_ADDRESS");
  expect(await addressOf(url, { isDev: false, resolve: named("8.8.8.8", "1.1.1.1") })).toEqual({ address: "8.8.8.8", family: 4 });
});

test("this machine is a receiver in development alone, and a name without an address is one that may come back", async () => {
  const here = new URL("http://127.0.0.1:8080/x");
  expect(await addressOf(here, { isDev: true })).toEqual({ address: "127.0.0.1", family: 4 });
  expect(await codeOf(addressOf(here, { isDev: false }))).toBe("FORBIDDEN_ADDRESS");
  expect(await codeOf(addressOf(new URL("https://partner.example"), { isDev: false, resolve: named() }))).toBe("UNREACHABLE");
});

test("no private IPv4 address is public, however it is drawn", () => {
  fc.assert(
    fc.property(fc.constantFrom("10", "127", "0"), fc.ipV4(), (head, address) => {
      expect(isPublic([head, ...address.split(".").slice(1)].join("."))).toBe(false);
      expect(isPublic(`::ffff:${address}`)).toBe(false);
    }),
  );
  expect(["8.8.8.8", "2606:4700::1111"].every(isPublic)).toBe(true);
});

test("each pause is about four times the one before, never longer than six hours", () => {
  for (let attempts = 1; attempts < 10; attempts += 1) {
    const [least, most] = [waitAfter(attempts, 5_000, 0), waitAfter(attempts, 5_000, 1)];
    expect(least).toBe(Math.round(Math.min(5_000 * 4 ** (attempts - 1), 5 * 3_600_000) * 0.8));
    expect(most).toBeLessThanOrEqual(6 * 3_600_000);
  }
});

test("what is sent again is asked for up to its end, and no further than there is anything", async () => {
  const event = (id: number) => ({
    id: String(id),
    kind: null,
    program: null,
    code: null,
    period: null,
    at: null,
    enrolment: null,
  });
  const behind = (places: Readonly<Record<string, string>>) => {
    const asked: string[] = [];
    const told = batchAt({ after: "5", until: "9" }, async (place) => {
      asked.push(place);
      return { events: [event(Number(place) + 1)], until: places[place] ?? place };
    });
    return told.then(({ events, ...batch }) => ({ ...batch, events: events.map(({ id }) => id), asked }));
  };
  const batch = { after: "5", until: "9" };
  expect(await behind({ "5": "7", "7": "12" })).toEqual({ ...batch, events: ["6", "8"], asked: ["5", "7"] });
  expect(await behind({ "5": "7" }), "it ends where its place does not move").toEqual({
    ...batch,
    events: ["6", "8"],
    asked: ["5", "7"],
  });
  expect(await behind({ "5": "4" })).toEqual({ ...batch, events: ["6"], asked: ["5"] });
});

test("an answer looks at a bounded stretch of places, and ends where the places end", () => {
  const head = { position: 1_000_000n, forgotten: 10n };
  expect(stretchOf({}, head)).toEqual({ after: 10n, until: 50_010n, limit: 100 });
  expect(stretchOf({ after: "999999", first: 500 }, head)).toEqual({ after: 999_999n, until: 1_000_000n, limit: 500 });
});

test.each([
  [{ after: "9" }, "no longer kept"],
  [{ after: "1000001" }, "no place 1000001 yet"],
  [{ after: "-1" }, "the place of an event"],
  [{ after: "1e3" }, "the place of an event"],
  [{ first: 0 }, "first must be"],
  [{ first: 501 }, "first must be"],
])("%j is refused and the refusal says why", (asked, why) => {
  const refused = () => stretchOf(asked, { position: 1_000_000n, forgotten: 10n });
  expect(refused).toThrow();
  try {
    refused();
  } catch (error) {
    expect(JSON.stringify((error as { failures?: unknown }).failures ?? String(error))).toContain(why);
  }
});
