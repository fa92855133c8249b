import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { canonical } from "../../../gateway/border/dci/envelope/canonical.ts";
import { sendersIn } from "../../../gateway/border/dci/envelope/senders.ts";
import { isGood, messageSigner, senderKeyOf } from "../../../gateway/border/dci/envelope/signature.ts";
import { isPlainWord, withoutNik } from "../../../gateway/border/dci/envelope/word.ts";
import { filterOf, isProgramme } from "../../../gateway/border/dci/search/attributes.ts";
import { predicatesOf } from "../../../gateway/border/dci/search/conditions.ts";
import { wantedOf } from "../../../gateway/border/dci/search/criteria.ts";
import { answersTo } from "../../../gateway/border/dci/search/sync.ts";
import { IS_ENROLLED } from "../../../gateway/border/dci/search/yesNo.ts";
import type { Json } from "../../../gateway/border/dci/types.ts";
import { byExpression, byId, item } from "./kit.ts";

describe("a signature", () => {
  const now = new Date("2026-11-23T04:00:00Z");
  const signer = messageSigner("a secret of at least 32 characters", "dtks-hub");
  const signed = { header: { a: 1, receiver_id: "x" }, message: { b: [true, null, "é"] } };
  const by = { sender: "dtks-hub", key: senderKeyOf(signer.jwk), keyId: signer.jwk["kid"] ?? "", now };
  test("is over canonical JSON: order and spaces are nothing, every value is something", () => {
    const value = { "\u20ac": "Euro", "\r": 1e21, a: [56.0, 1e-7, { z: null, b: "\u000f" }] };
    expect(canonical(value)).toBe('{"\\r":1e+21,"a":[56,1e-7,{"b":"\\u000f","z":null}],"€":"Euro"}');
    const signature = signer.sign(signed, now);
    expect(isGood(signature, { message: { b: [true, null, "é"] }, header: { receiver_id: "x", a: 1 } }, by)).toBe(true);
    expect(isGood(signature, { ...signed, message: { b: [true, null, "e"] } }, by)).toBe(false);
    expect(() => canonical(JSON.parse("[1e999]")), "too large a number is not null").toThrow("BAD_REQUEST");
  });
  test("is good in its time, under its name and key, and in one reading only", () => {
    const signature = signer.sign(signed, now);
    expect(isGood(signature, signed, { ...by, now: new Date(now.getTime() + 11 * 60_000) })).toBe(false);
    expect(isGood(signature, signed, { ...by, now: new Date(now.getTime() - 2 * 60_000) })).toBe(false);
    expect(isGood(signature, signed, { ...by, sender: "somebody" })).toBe(false);
    expect(isGood(signature, signed, { ...by, keyId: "another" })).toBe(false);
    expect(isGood(`${signature}, algorithm="none"`, signed, by)).toBe(false);
    for (const odd of ["", "invalid-signature", null, 7, {}, "x".repeat(5000), signature.replace("digest", "")])
      expect(isGood(odd, signed, by)).toBe(false);
  });
});

test("senders are read whole or not at all", () => {
  const { jwk } = messageSigner("another secret of 32 characters!!", "x");
  const { senders, faults } = sendersIn(
    JSON.stringify({ a: { client: "c", jwk }, b: { client: "d", jwk, signature: "optional" }, e: { client: "f" } }),
  );
  expect([faults, [...senders].map(([name, { mustSign }]) => [name, mustSign])]).toEqual([
    [],
    [
      ["a", true],
      ["b", false],
      ["e", false],
    ],
  ]);
  for (const bad of [
    "[]",
    "{",
    '{"a":{}}',
    '{"a":{"client":"c","jwk":{"kty":"RSA"}}}',
    '{"a":{"client":"c","key":"x"}}',
    '{"a":{"client":"c","signature":"no"}}',
    '{"a":{"client":"c","signature":"required"}}',
    `{"a|b":{"client":"c","jwk":${JSON.stringify(jwk)}}}`,
  ])
    expect([bad, sendersIn(bad).faults.length]).toEqual([bad, 1]);
  expect(sendersIn("").faults).toEqual([]);
});

describe("conditions", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: new Date("2024-02-29T12:00:00+07:00") }));
  afterEach(() => void vi.useRealTimers());
  const age = (operator: "eq" | "lt" | "le" | "gt" | "ge", value: Json) =>
    filterOf("person", [{ attribute: "age", operator, value }]);

  test("an age is days of birth, completed in March where a year has no 29 February", () => {
    expect(age("ge", 18)).toEqual({ bornTo: "2006-02-28" });
    expect(age("lt", "18")).toEqual({ bornFrom: "2006-03-01" });
    expect(age("ge", 20)).toEqual({ bornTo: "2004-02-29" });
    expect(age("gt", 17)).toEqual({ bornTo: "2006-02-28" });
    expect(age("le", 17)).toEqual({ bornFrom: "2006-03-01" });
    expect(age("eq", 4)).toEqual({ bornFrom: "2019-03-01", bornTo: "2020-02-29" });
    for (const odd of ["4.5", -1, 1000, "x", null]) expect(() => age("lt", odd)).toThrow("age: not with this operator and value");
  });
  test("an upper bound is the highest value that holds, and one that none can hold is no filter", () => {
    const decile = (operator: "lt" | "le", value: Json) => filterOf("household", [{ attribute: "decile", operator, value }]);
    expect([decile("lt", 5), decile("le", "5")]).toEqual([{ decileAtMost: 4 }, { decileAtMost: 5 }]);
    expect(() => decile("lt", 1)).toThrow();
    expect(filterOf("household", [{ attribute: "income", operator: "lt", value: 1_000_000 }])).toEqual({
      incomeAtMost: "999999",
    });
  });
  test("predicates are joined by and, whatever their sequence; every other joint is refused", () => {
    const of = (attribute_name: string) => ({ attribute_name, operator: "eq", attribute_value: "x" });
    const both = predicatesOf([
      { seq_num: 2, expression1: of("a"), condition: "and", expression2: of("b") },
      { expression1: of("c") },
    ]);
    expect(both.map(({ attribute }) => attribute)).toEqual(["a", "b", "c"]);
    for (const condition of ["or", "not", undefined])
      expect(() => predicatesOf([{ expression1: of("a"), ...(condition && { condition }), expression2: of("b") }])).toThrow();
    expect(() => predicatesOf([])).toThrow();
  });
  test("what is searched is what the criteria say, and what says two things is refused", () => {
    expect(wantedOf(byId("ns:org:IdType:UIN", "1"), "sr")).toMatchObject({ entity: "person", by: { kind: "nik", value: "1" } });
    expect(wantedOf(byId("NIK", "1"), "ibr").entity).toBe("enrolment");
    expect(wantedOf({ ...byId("NIK", "1"), reg_record_type: "spdci-extensions-dci:Group" }, "sr").entity).toBe("household");
    for (const [criteria, registry] of [
      [byId("ENROLMENT_ID", "1"), "sr"],
      [byId("HOUSEHOLD_ID", "1"), "ibr"],
      [{ ...byId("HOUSEHOLD_ID", "1"), response_entity: "Member" }, "sr"],
      [{ ...byExpression("Group", { region: "3510" }), response_entity: "Member" }, "sr"],
      [
        {
          query_type: "predicate",
          query: [{ expression1: { attribute_name: "region", operator: "eq", attribute_value: "3510" } }],
        },
        "sr",
      ],
    ] as const)
      expect(() => wantedOf(criteria as Json, registry)).toThrow();
  });
});

describe("a message", () => {
  test("is told a thousand records at most: then nothing more is asked, and the rest says so", async () => {
    const asked: Json[] = [];
    const answer = async (one: Json) => {
      asked.push(one);
      return { item: { data: { reg_records: Array(400).fill({}) } }, status: "succ", receipt: "r" } as const;
    };
    const told = await answersTo(
      Array.from({ length: 5 }, () => item(byId("NIK", "1"))),
      answer,
    );
    expect([asked.length, told.map(({ status }) => status)]).toEqual([3, ["succ", "succ", "succ", "rjct", "rjct"]]);
    expect(told[4]?.item).toMatchObject({ status_reason_code: "rjct.search.too_many_records_found" });
  });
});

test("nobody is not enrolled for want of rows: another's programme, another region, no programme named, nobody found", () => {
  const [everywhere, here] = [[["0", "A"]], [["3510", "3511"]]] as const;
  const pkh = { enrolments: [{ state: "ACTIVE", program: { code: "PKH" } }] };
  const verdict = (programme: string | null, more: object = {}, person: object | null = pkh) =>
    IS_ENROLLED.decide(person as never, { programme, rows: { regions: everywhere, programs: null, decileMax: 100, ...more } });
  expect([verdict("PKH"), verdict("BPNT"), verdict(null, {}, { enrolments: [] })]).toEqual([true, false, false]);
  expect([verdict("BPNT", { programs: ["BPNT"] }), verdict(null, { programs: ["PKH"] })]).toEqual([false, true]);
  const unknown = [
    ...[verdict("BPNT", { programs: ["PKH"] }), verdict("BPNT", { regions: here }), verdict("PKH", {}, null)],
    ...[verdict(null, { programs: ["PKH"] }, { enrolments: [] }), verdict("PKH", {}, { enrolments: null })],
  ];
  expect(unknown).toEqual([null, null, null, null, null]);
});

test("a number that a partner makes of an instant and some letters is theirs; one that holds a NIK is none", () => {
  for (const good of ["1795415683598-357sr81v", "ref-1795415683598-9123", "t1", "x".repeat(99), "1795415683598123"])
    expect(isPlainWord(good), good).toBe(true);
  for (const bad of [
    "3510161708459001",
    "ref-3510161708459001-1",
    "３５１０１６１７０８４５９００１",
    "",
    "x".repeat(100),
    null,
    7,
  ])
    expect(isPlainWord(bad), String(bad)).toBe(false);
});

describe("of the numbers that partners make", () => {
  const SPELLINGS = [
    ...["35101257", "08909012"].flatMap((half, at) =>
      at === 0 ? [`${half}08909012`, `${half} 08909012`] : [`35101257/${half}`],
    ),
    ...[
      "3510.1257.0890.9012",
      "3510 1257 0890 9012",
      "3510\u200b1257\u00a0089 090.12",
      "3510, 1257, 0890, 9012",
      "3510\t1257\n08909012",
    ],
    ...["3510-1257-0890-9012", "351012-570890-9012", "35-10-12-570890-9012", "35-10-12-57-08-90-9012", "351012-57-08-90-9012"],
    ...["3510 - 1257 - 0890 - 9012", "3510–1257–0890–9012", "3510_1257_0890_9012", "3510\u200b-1257-0890-9012"],
    ...["3\u3164510125708909012", "3\u00ad510125708909012", "351012570890901②", "3\u0301510125708909012"],
  ];
  const inScript = (text: string, zero: number) => text.replace(/[0-9]/g, (digit) => String.fromCodePoint(zero + Number(digit)));
  const written = SPELLINGS.flatMap((text) => [text, inScript(text, 0x660), inScript(text, 0xff10), inScript(text, 0x1d7d8)]);

  test("none that holds a NIK is kept, however it is written and wherever it stands", () => {
    for (const nik of written)
      for (const [before, after] of [
        ["", ""],
        ["ref-", "-1"],
        ["a", "b"],
        ["№ ", ""],
        ["7-", "-7"],
        ["7 ", " 7"],
      ])
        expect([`${before}${nik}${after}`, isPlainWord(`${before}${nik}${after}`)]).toEqual([`${before}${nik}${after}`, false]);
    for (const joined of [
      "35101257089090121732350000",
      "13510125708909012",
      "17323500003510125708909012",
      "35.10.12-570890-9012",
    ])
      expect(isPlainWord(joined), joined).toBe(false);
  });

  test("none is kept with the NIK in it where it must be told of", () => {
    for (const nik of written) {
      const kept = withoutNik(`ref-${nik}-1`);
      expect([kept, isPlainWord(kept), kept.includes(nik)]).toEqual([kept, true, false]);
    }
    expect([withoutNik("ref-1"), withoutNik("")]).toEqual(["ref-1", ""]);
  });

  test("none that is made of an instant and chance is refused", () => {
    const from = Date.parse("2026-11-23");
    const stamp = (at: number) => new Date(at).toISOString();
    const refused: string[] = [];
    for (let n = 0; n < 10_000; n += 1) {
      const at = from + Math.floor(Math.random() * 4e11);
      const chance = Math.random().toString(36).slice(2);
      const digits = String(Math.random()).slice(2, 2 + (n % 9));
      const ids = [`ref-${at}-${chance}`, `${at}-${digits}`, `${at}_${digits}`, randomUUID(), stamp(at).replace(/\D/g, "")];
      refused.push(...ids.filter((id) => !isPlainWord(id)));
    }
    expect(refused).toEqual([]);
  });
});

test("every programme of the schema may be searched by", () => {
  const [, values = ""] = /enum ProgramCode \{([^}]*)\}/.exec(readFileSync("schema/api.graphql", "utf8")) ?? [];
  const codes = values.replaceAll(/"""[\s\S]*?"""/g, "").match(/[A-Z_]{3,}/g) ?? [];
  expect(codes.length).toBeGreaterThan(5);
  expect(codes.filter((code) => !isProgramme(code))).toEqual([]);
});
