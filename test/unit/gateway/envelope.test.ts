import { expect, test } from "vitest";
import { bodyHash, type Caller, createMinter, createOpener, EnvelopeRefused, envelopeKey, seal } from "../../../schema/caller.ts";
import { pseudonym, pseudonymKey, transformOf } from "../../../schema/policy/masks.ts";
import type { CoordinateList } from "../../../schema/sdl/coordinates.ts";

const coordinates = Array.from({ length: 20 }, (_, i) => `Person.f${i}`);
const list: CoordinateList = { coordinates, index: new Map(coordinates.map((c, i) => [c, i])), hash: "list" };
const NOW = Date.parse("2026-11-21T10:00:00Z");
const secret = Buffer.alloc(32, 0x11);
const caller: Caller = {
  client: "bpjs-kesehatan",
  agency: "BPJS_KESEHATAN",
  officer: null,
  citizen: null,
  agreement: "PKS-2025-002",
  version: 1,
  purpose: "PBI_MEMBERSHIP",
  case: null,
  epoch: 7,
  table: "t",
  rows: { regions: [["0", "A"]], programs: ["PBI_JK"], decileMax: 100 },
  verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 20_000, persons: 10_000 },
  requestId: "r1",
};
const verbs = { output: ["Person.f1", "Person.f9"], internal: ["Person.f0"], arguments: ["Person.f19"] };
const body = '{"query":"{ping}"}';
const mint = (options: { secret?: Uint8Array; audience?: string; now?: number; list?: CoordinateList } = {}) =>
  createMinter({ audience: "welfare", secret, list, ...options, now: () => options.now ?? NOW })({ caller, verbs, body });
const opener = (now = NOW) => createOpener({ audience: "welfare", secrets: () => [secret], list, now: () => now });

test("the envelope key, body hash and signature are those of the design's vectors", () => {
  const key = envelopeKey(secret, "welfare", "2026-11-21");
  expect(key.toString("hex")).toBe("0a1678292c8142b9cf7309326f48cba28920d4d80308817b03ede39210822180");
  expect(bodyHash(body)).toBe("xPqbt6-rPiUB5P2GQPPokfERPP_rPU99YvnbHOORez4");
  const sealed = seal(key, `{"v":1,"kid":"2026-11-21","aud":"welfare","exp":1795219210000,"bh":"${bodyHash(body)}"}`);
  expect(sealed.split(".")[1]).toBe("9-m28XdGU5YOeJBGROWOzNIFNMtlfbqfiE5MNE56FEc");
});

test("a subgraph reads who asks and exactly which coordinates", () => {
  const opened = opener()(mint(), body);
  expect(opened.caller).toEqual(caller);
  expect(coordinates.filter(opened.mayRead)).toEqual(["Person.f0", "Person.f1", "Person.f9"]);
  expect(coordinates.filter(opened.mayUse)).toEqual(["Person.f19"]);
  expect(opened.mayRead("Person.unknown")).toBe(false);
});

test("an envelope of yesterday's key still opens just after midnight", () => {
  const midnight = Date.parse("2026-11-22T00:00:00Z");
  expect(opener(midnight + 2000)(mint({ now: midnight - 2000 }), body).caller.client).toBe("bpjs-kesehatan");
});

const flipped = (text: string) => `${text.slice(0, 20)}${text[20] === "A" ? "B" : "A"}${text.slice(21)}`;
test.each([
  ["no envelope", () => undefined, body],
  ["an empty one", () => "", body],
  ["three parts", () => `${mint()}.x`, body],
  ["a changed payload", () => flipped(mint()), body],
  ["another subgraph's envelope", () => mint({ audience: "programs" }), body],
  ["another key", () => mint({ secret: Buffer.alloc(32, 0x12) }), body],
  ["another body", () => mint(), '{"query":"{pong}"}'],
  ["an expired one", () => mint({ now: NOW - 11_000 }), body],
  ["one from the future", () => mint({ now: NOW + 60_000 }), body],
  ["the key of another day", () => mint({ now: NOW - 3 * 86_400_000 }), body],
  ["another coordinate list", () => mint({ list: { ...list, hash: "other" } }), body],
])("a subgraph refuses %s", (_, envelope, sent) => {
  expect(() => opener()(envelope(), sent)).toThrow(EnvelopeRefused);
});

test("a replayed envelope is refused the second time", () => {
  const open = opener();
  const envelope = mint();
  open(envelope, body);
  expect(() => open(envelope, body)).toThrow(EnvelopeRefused);
});

test("two agencies cannot join their pseudonyms (vector N1)", () => {
  const master = Buffer.alloc(32, 0x11);
  const kemensos = pseudonymKey(master, { agency: "KEMENSOS", purpose: "PKH-VERIF", period: "1" });
  const bpjs = pseudonymKey(master, { agency: "BPJS-KES", purpose: "PBI-MEMBERSHIP", period: "1" });
  expect(pseudonym(kemensos, "prs_01")).toBe("EB790W--kOhy5Nfo-Tnqqg");
  expect(pseudonym(bpjs, "prs_01")).toBe("VUjqaonvFwi8Ma_x7ZCWZQ");
});

test("masks keep the scalar, hide the value, and leave null and empty alone", () => {
  const transform = transformOf(Buffer.alloc(32));
  expect(transform("last4", "3510161708459001")).toBe("************9001");
  expect(transform("initials", "Siti  Aminah")).toBe("S. A.");
  expect(transform("last4", null)).toBe(null);
  expect(transform("initials", "")).toBe("");
  expect(transform("no-such-mask", "secret")).toBe(null);
});

test("a mask named like what every object has answers null, never the value", () => {
  const transform = transformOf(Buffer.alloc(32));
  for (const kind of ["constructor", "toString", "valueOf", "__proto__", "hasOwnProperty"])
    expect(transform(kind, "3510161708459001")).toBe(null);
});

test("last4 never shows a value of eight characters or fewer, and masks across lines", () => {
  const transform = transformOf(Buffer.alloc(32));
  const cases = [
    ["9001", "****"],
    ["12345678", "********"],
    ["123456789", "*****6789"],
    ["secret\nlines\n12", "***********s\n12"],
    ["\u{1F600}".repeat(9), `*****${"\u{1F600}".repeat(4)}`],
  ];
  for (const [value, masked] of cases) expect(transform("last4", value)).toBe(masked);
});
