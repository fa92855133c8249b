import { describe, expect, test } from "vitest";
import { pastedSignature, saidIn, saysOnly } from "../../../console/app/access/decisions/signing/said.ts";
import {
  BLANK_GRANT,
  beginning,
  type Content,
  draftFrom,
  faultAt,
  faultsIn,
  inputOf,
  MASKS,
  wibDay,
} from "../../../console/app/access/drafts/draft.ts";
import { looseningOf, needsReason } from "../../../console/app/access/drafts/grants/loosening.ts";
import { answering } from "../../../console/app/access/requests/answering.ts";
import { approvalText, type Decided } from "../../../schema/policy/approval.ts";
import { isMask } from "../../../schema/policy/masks.ts";

const NOW = new Date("2026-11-22T18:30:00Z"); // 01.30 of the 23rd in WIB
const name = { ...BLANK_GRANT, selector: "Person.fullName", effect: "MASK", mask: "initials", clause: "Ps. 4(2)" };
const version: Content = {
  ...{ number: 3, state: "ACTIVE", validFrom: "2024-12-31T17:00:00.000Z", validTo: "2030-12-31T17:00:00.000Z" },
  ...{
    regions: ["0"],
    programs: ["PKH"],
    decileMax: 4,
    quota: null,
    onDenied: "REJECT",
    addresses: ["10.0.0.0/8"],
    documents: "TRUSTED",
  },
  ...{ verification: { floor: 80, attemptsOnSubject: 5, attemptsOfClient: 20_000 }, armed: null, limits: null, grants: [name] },
};

describe("a draft", () => {
  test("begins today in WIB with all that its base says", () => {
    const { number: _, state: __, ...said } = version;
    expect(draftFrom(version, NOW)).toEqual({ ...said, validFrom: "2026-11-22T17:00:00.000Z" });
    expect(wibDay("2026-11-22T17:00:00.000Z")).toBe("2026-11-23");
    expect(beginning("2026-11-23")).toBe("2026-11-22T17:00:00.000Z");
  });

  test("of what has ended lasts a year; one that is changed keeps its own days", () => {
    const ended = { ...version, validTo: "2026-01-31T17:00:00.000Z" };
    expect(wibDay(draftFrom(ended, NOW).validTo)).toBe("2027-11-23");
    expect(draftFrom({ ...ended, state: "DRAFT" }, NOW)).toMatchObject({ validFrom: ended.validFrom, validTo: ended.validTo });
  });

  test("from scratch opens nothing", () => {
    expect(draftFrom(null, NOW)).toMatchObject({ regions: [], grants: [], quota: 10_000, armed: null });
  });

  test("is sent without what the page's client adds", () => {
    const read = { ...draftFrom(version, NOW), verification: { ...version.verification, __typename: "VerificationTerms" } };
    expect(JSON.stringify(inputOf(read))).not.toContain("__typename");
    expect(inputOf(read)).toEqual(draftFrom(version, NOW));
  });

  test("that answers a wish reads its fields for the wish's reason and time, beside what is open already", () => {
    const wish = {
      coordinates: ["Household.deciles", "Person.fullName"],
      regions: ["32"],
      days: 10,
      justification: "Sasaran PBI",
    };
    const { grants, validTo, regions } = answering(draftFrom(version, NOW), wish);
    expect(grants).toEqual([{ ...BLANK_GRANT, selector: "Household.deciles", widenReason: "Sasaran PBI" }, name]);
    expect([wibDay(validTo), regions]).toEqual(["2026-12-03", ["0"]]);
  });
});

describe("what the hub refuses", () => {
  const faults = faultsIn(
    "Masukan tidak sah: validTo: must lie in the future; grants[2].clause: 1 to 300 characters; regions[0]: no region",
  );
  test("is shown at the field it names", () => {
    expect(faults.map(({ place }) => place)).toEqual(["validTo", "grants[2].clause", "regions[0]"]);
    expect(faultAt(faults, "grants[2].clause")).toBe("1 to 300 characters");
    expect(faultAt(faults, "grants[2]", true)).toBe("1 to 300 characters");
    expect(faultAt(faults, "regions", true)).toBe("no region");
    expect(faultAt(faults, "grants[20]", true)).toBeUndefined();
  });

  test("stands for the whole draft where it names none", () => {
    expect(faultsIn("Masukan tidak sah: the draft could not be written")).toEqual([
      { place: "", text: "the draft could not be written" },
    ]);
  });
});

describe("a loosening", () => {
  const inForce = [name, { ...name, selector: "GENERAL", effect: "ALLOW", mask: null, home: ["32"], elsewhere: "null" }];
  test.each([
    ["a new field", { ...name, selector: "Person.nik" }, "NEW"],
    ["the same field for a new use", { ...name, use: "FILTER", effect: "ALLOW" }, "NEW"],
    ["a weaker effect", { ...name, effect: "ALLOW", mask: null }, "WEAKER"],
    ["an effect that no longer hangs on the region", { ...inForce[1], home: null, elsewhere: null }, "EVERYWHERE"],
    ["the same", name, null],
    ["a stricter effect", { ...name, effect: "PSEUDONYM", mask: null }, null],
    ["a denial", { ...name, selector: "Person.nik", effect: "DENY" }, null],
  ])("is told of %s", (_, grant, expected) => {
    expect(looseningOf({ ...BLANK_GRANT, ...grant }, inForce)).toBe(expected);
  });

  test("needs a reason of a field and of a class, and is none before anything is in force", () => {
    const field = { ...name, selector: "Person.nik" };
    expect([
      needsReason(field, inForce),
      needsReason({ ...field, selector: "SPECIFIC" }, inForce),
      needsReason(field, null),
    ]).toEqual([true, true, false]);
  });
});

describe("what is signed", () => {
  const decided: Decided = {
    agreement: "PKS-1",
    version: 2,
    owner: "BPS",
    capacity: "OWNER",
    decision: "APPROVED",
    contentSha256: "a".repeat(64),
  };
  const shown = { ...decided, version: "2" };
  test("says what the page shows, or is not signed", () => {
    expect(saysOnly(approvalText(decided), shown)).toBe(true);
    for (const part of ["agreement", "owner", "capacity", "decision", "contentSha256"] as const)
      expect(saysOnly(approvalText({ ...decided, [part]: "other" }), shown), part).toBe(false);
    expect(saysOnly(approvalText({ ...decided, version: 3 }), shown)).toBe(false);
  });

  test.each([
    "",
    "hub-approval/v2\na\n1\nb\nOWNER\nAPPROVED\nc",
    `${approvalText(decided)}\nmore`,
    "hub-approval/v1\n\n\n\n\n\n",
  ])("is never a text of another form: %j", (text) => {
    expect(saidIn(text)).toBeNull();
  });

  test("may be pasted as the command line prints it", () => {
    expect(pastedSignature('{"keyId":"k","signature":"s"}')).toEqual({ keyId: "k", signature: "s" });
    for (const wrong of ["", "k s", "null", "[]", '{"keyId":1,"signature":"s"}']) expect(pastedSignature(wrong)).toBeNull();
  });
});

test("the editor offers the masks that the policy knows", () => {
  expect(MASKS.length).toBe(3);
  expect(MASKS.every(isMask)).toBe(true);
});
