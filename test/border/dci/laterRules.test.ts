import { randomUUID } from "node:crypto";
import { buildSchema } from "graphql";
import { expect, test } from "vitest";
import { searched } from "../../../gateway/border/dci/later/answers.ts";
import { channelNamed } from "../../../gateway/border/dci/later/callbacks.ts";
import { noticeOf } from "../../../gateway/border/dci/later/notices.ts";
import { sealBy } from "../../../gateway/border/dci/later/seal.ts";
import { statusAskedIn } from "../../../gateway/border/dci/later/status.ts";
import { wishOf } from "../../../gateway/border/dci/later/wishes.ts";

const API = buildSchema("enum ProgramCode { PKH BPNT } type Query { program: ProgramCode }");
const wish = (more: object = {}) =>
  ({ reg_event_type: "UPDATE", filter: {}, notify_record_type: "Beneficiary", ...more }) as never;
const program = (operator: string, attribute_value: unknown) => ({ attribute_name: "program", operator, attribute_value });

test("what is sealed opens only under its own number, with its own key, and whole", () => {
  const [id, other] = [randomUUID(), randomUUID()];
  const seal = sealBy("k".repeat(32));
  const sealed = seal.close(id, { query: "rahasia" });
  expect(seal.open(id, sealed)).toEqual({ query: "rahasia" });
  expect(sealed.toString("latin1")).not.toContain("rahasia");
  expect(seal.open(other, sealed)).toBeNull();
  expect(sealBy("x".repeat(32)).open(id, sealed)).toBeNull();
  for (const cut of [sealed.subarray(0, -1), Buffer.from("x")]) expect(seal.open(id, cut)).toBeNull();
});

test("the standard's events stand for the feed's, whatever their prefix", () => {
  const event = (reg_event_type: string) => wishOf(wish({ reg_event_type }), "ibr", API);
  expect(event("spdci-common:RegistryEventType:REGISTER")).toMatchObject({ kinds: ["ENROLMENT_CHANGED"], codes: ["ACTIVE"] });
  expect(event("DEREGISTER")).toMatchObject({ codes: ["EXITED", "GRADUATED"] });
  expect(event("UPDATE")).toMatchObject({ kinds: [], codes: [], programs: [] });
  for (const unknown of ["LiveBirth", "__proto__", ""]) expect(event(unknown)).toEqual({ reason: "rjct.notify_types.invalid" });
});

test("a filter that is not understood whole is refused, never widened", () => {
  const filtered = (filter: unknown) => wishOf(wish({ filter }), "ibr", API);
  const both = { expression1: program("in", ["PKH", "BPNT"]), condition: "and", expression2: program("eq", "PKH") };
  expect(filtered([both])).toMatchObject({ programs: ["PKH"] });
  const bad = [
    ...[undefined, null, "PKH", 1, [program("eq", "PKH")], { expression: "x" }, [{}], [null]],
    ...["XYZ", 1, null].map((value) => [{ expression1: program("eq", value) }]),
    [{ expression1: program("ne", "PKH") }],
    [{ expression1: program("in", []) }],
    [{ expression1: { ...program("eq", "PKH"), attribute_name: "region" } }],
    [{ expression1: program("eq", "PKH"), condition: "or", expression2: program("eq", "BPNT") }],
    [{ expression1: program("eq", "PKH") }, { expression1: program("eq", "BPNT") }], // nothing is both
  ];
  for (const one of bad) expect(filtered(one)).toEqual({ reason: "rjct.notify_details.invalid" });
  expect(filtered({ type: "UIN", value: "1" })).toEqual({ reason: "rjct.person_id.invalid" });
  expect(wishOf(wish({ frequency: {} }), "ibr", API)).toEqual({ reason: "rjct.notify_details.invalid" });
  expect(wishOf(wish({ reg_type: "ns:org:RegistryType:Civil" }), "ibr", API)).toEqual({ reason: "rjct.notify_details.invalid" });
});

test("a notice has the same number however often it is made, another when it says something else, goes to the name its subscriber took, and an event whose state is not shown fits no wish for a state", () => {
  const at = "2026-11-23T00:00:00Z";
  const event = { id: "7", kind: "ENROLMENT_CHANGED", program: "PKH", code: "ACTIVE", period: null, at, enrolment: "e" };
  const batch = { after: "5", until: "8", events: [event, { ...event, id: "8", code: null }] };
  const base = {
    code: "c",
    sender: "mitra-dci",
    registry: "ibr",
    eventType: "REGISTER",
    recordType: "Beneficiary",
    programs: [],
    kinds: [],
  } as const;
  const leased = { id: "channel", url: "https://mitra.example/base/" };
  const told = (codes: string[]) =>
    noticeOf(batch, { leased, wishes: [{ ...base, codes }], signed: (telling, message) => JSON.stringify({ telling, message }) });
  const [first, again] = [told(["ACTIVE"]), told(["ACTIVE"])].map((notice) => JSON.parse(notice?.body ?? "{}"));
  expect(first.telling).toMatchObject({
    messageId: expect.stringMatching(/^channel\.5-8\.[0-9a-f]{16}$/),
    receiver: "mitra-dci",
  });
  expect(JSON.parse(told([])?.body ?? "{}").telling.messageId).not.toBe(first.telling.messageId); // wishes of now
  expect(again.telling).toEqual(first.telling);
  expect(first.message.notify_event.map((one: { reference_id: string }) => one.reference_id)).toEqual(["c.7"]);
  expect(told([])?.url.href).toBe("https://mitra.example/base/registry/notify");
  expect(told(["EXITED"])).toBeNull();
});

test("a status is asked for by one of three numbers, in the standard's misspelling too", () => {
  const asked = (more: object) =>
    statusAskedIn({ txnstatus_request: { reference_id: "a", txn_type: "search", ...more } } as never, "t");
  expect(asked({ attribute_type: "correlation_id", attribute_value: "c" })).toMatchObject({ by: { correlationId: "c" } });
  expect(asked({ attribute_type: "reference_id_list", attribute_value: ["r"] })).toEqual({
    ...{ txnType: "search", by: { transactionId: "t" }, references: ["r"] },
  });
  expect(asked({ txn_type: "subscibe", attribute_type: "transaction_id", attribute_value: "t" })?.txnType).toBe("subscribe");
  for (const bad of [
    {},
    { attribute_type: "transaction_id", attribute_value: ["t"] },
    { attribute_type: "nik", attribute_value: "t" },
  ])
    expect(asked(bad)).toBeNull();
  expect(asked({ attribute_type: "transaction_id", attribute_value: "3510165204889001" })).toBeNull();
});

const answering = (tell: (nth: number) => object) => {
  let nth = 0;
  const answerSearch = async (item: { reference_id?: string }) => {
    nth += 1;
    return { item: { reference_id: item.reference_id ?? "", status: "succ" }, status: "succ", receipt: `r${nth}`, ...tell(nth) };
  };
  return { facade: { answerSearch }, asking: { request: {} } } as never;
};
const ITEMS = [{ reference_id: "a" }, { reference_id: "b" }, { reference_id: "c" }];

test("what a quota no longer bears is rejected, and what was answered before it is told", async () => {
  const refusal = { status: 429, headers: {}, body: "" };
  const of = (nth: number) =>
    nth === 2 ? { item: { reference_id: "b", status: "rjct" }, status: "rjct", receipt: undefined, refusal } : {};
  const told = await searched(ITEMS, answering(of));
  const answers = "answers" in told ? told.answers : [];
  expect(answers.map(({ item }) => [item["reference_id"], item["status"]])).toEqual([
    ["a", "succ"],
    ["b", "rjct"],
    ["c", "rjct"],
  ]);
  expect(answers.map(({ receipt }) => receipt)).toEqual(["r1", undefined, undefined]);
  expect(
    await searched(
      ITEMS,
      answering(() => ({ refusal, code: "QUOTA_EXCEEDED" })),
    ),
  ).toEqual({ refusal, code: "QUOTA_EXCEEDED" });
});

test("an outage is told as none of an answer, whichever item met it", async () => {
  const of = (nth: number) => (nth === 3 ? { code: "SUBGRAPH_TIMEOUT" } : {});
  await expect(searched(ITEMS, answering(of))).rejects.toMatchObject({ failures: [{ code: "SUBGRAPH_TIMEOUT" }] });
});

test("an address of the machine itself stands for its ports where development is of this machine alone, and only where it was agreed on without a path", () => {
  const machine = { id: "m", url: "http://127.0.0.1:3336/" };
  const named = (uri: string, more: { isLocal?: boolean; url?: string } = {}) =>
    channelNamed([{ ...machine, ...(more.url !== undefined && { url: more.url }) }], {
      uri,
      action: "search",
      isLocal: true,
      ...more,
    });
  const elsewhere = "http://localhost:41234/mitra/registry/on-search";
  expect(named(elsewhere)).toEqual({ ...machine, at: "http://localhost:41234/mitra" });
  expect(named("http://127.0.0.1:3336/registry/on-search")).toEqual(machine);
  expect(named(elsewhere, { isLocal: false })).toBeUndefined();
  expect(named(elsewhere, { url: "http://127.0.0.1:3336/mitra" })).toBeUndefined();
  expect(named(elsewhere, { url: "https://mitra.example/" })).toBeUndefined();
  for (const uri of [
    "http://localhost@mitra.example/",
    "http://localhost/?a",
    "https://localhost/",
    "http://[::1]/",
    "localhost",
    "",
  ])
    expect(named(uri)).toBeUndefined();
});
