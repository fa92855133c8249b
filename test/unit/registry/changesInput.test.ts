import { describe, expect, test } from "vitest";
import { factsOf } from "../../../subgraphs/welfare/changes/ground.ts";
import { changeIn, missingIn, readChange } from "../../../subgraphs/welfare/changes/input.ts";

const TODAY = "2026-10-01";
const ON = "2026-09-27";
const faults = (input: object) => {
  const read = readChange({ effectiveOn: ON, ...input } as never, TODAY);
  return "faults" in read ? read.faults : [];
};

describe("a change as it is sent", () => {
  test("is of exactly one kind", () => {
    expect(faults({})).toEqual(["exactly one of birth, death, move, split, marriage, divorce, merge, correction must be given"]);
    expect(faults({ death: { memberId: "a" }, correction: { memberId: "a", name: "B" } })).toHaveLength(1);
    expect(faults({ death: { memberId: "a" } })).toEqual([]);
  });

  test.each([
    [{ effectiveOn: "2026-10-02", death: { memberId: "a" } }, ["effectiveOn must not be in the future"]],
    [{ cardNumber: "351016270926900", death: { memberId: "a" } }, ["cardNumber must be 16 digits"]],
    [
      { birth: { familyId: "f", name: " ", nik: "3510", birthDate: ON } },
      ["name must have 1 to 100 characters", "nik must be 16 digits"],
    ],
    [{ marriage: { memberIds: ["a"] } }, ["memberIds must be two"]],
    [
      { move: { members: Array.from({ length: 31 }, () => ({ memberId: "a" })), to: { familyId: "f" } } },
      ["members must be at most 30"],
    ],
    [
      { split: { members: [{ memberId: "a" }], to: { familyId: "f", address: "X" } } },
      ["to must be a family, or a region and an address"],
    ],
    [{ divorce: { memberId: "a", to: { address: "X" } } }, ["to must be a family, or a region and an address"]],
  ])("%j is refused with every fault named and no value repeated", (input, expected) => {
    expect(faults(input)).toEqual(expected);
  });

  test("without a destination some found a family where they live", () => {
    const read = readChange({ effectiveOn: ON, split: { members: [{ memberId: "a" }] } }, TODAY);
    expect(read).toEqual({
      sent: {
        change: { kind: "SPLIT", movers: [{ memberId: "a", relation: null }], to: { here: true } },
        effectiveOn: ON,
        cardNumber: null,
      },
    });
  });
});

test("a draft says what it lacks, and is a change only when it lacks nothing", () => {
  expect(missingIn({ kind: "BIRTH", familyId: "f", birthDate: ON })).toEqual(["name"]);
  expect(missingIn({ kind: "MARRIAGE", memberIds: ["a"], to: { here: true } })).toEqual(["memberIds"]);
  expect(missingIn({ kind: "MOVE", movers: [], to: { region: "3510161002" } })).toEqual(["to.address"]);
  expect(missingIn({ kind: "MERGE", familyId: "f", intoFamilyId: null, relations: [] })).toEqual(["intoFamilyId"]);
  expect(changeIn({ kind: "MERGE", familyId: "f" })).toBeNull();
  expect(changeIn({ kind: "DEATH", memberId: "a" })).toEqual({ kind: "DEATH", memberId: "a" });
});

describe("what the registry knows of a member", () => {
  const unknown = { birthDate: null, school: null, isPregnant: null, isSeverelyDisabled: null };

  test("is nothing without a readable NIK and a survey, never a no", () => {
    expect(factsOf(null, {}, TODAY)).toEqual(unknown);
    expect(factsOf("351016", {}, TODAY)).toEqual(unknown);
  });

  test("comes from the NIK and the survey, corrections first", () => {
    const answers = {
      Sta_hamil: ["2", 2, "1"],
      Partisipasi_sekolah: ["2", 1],
      Pendidikan_tertinggi: ["2"],
      Jenis_cacat: ["1"],
    } as const;
    expect(factsOf("3510164305179001", answers, TODAY)).toEqual({
      birthDate: "2017-05-03",
      school: "JUNIOR",
      isPregnant: true,
      isSeverelyDisabled: false,
    });
    expect(factsOf(null, { Partisipasi_sekolah: ["3"], Jenis_cacat: ["2"] }, TODAY)).toEqual({ ...unknown, school: "NONE" });
    expect(factsOf(null, { Partisipasi_sekolah: ["2"], Pendidikan_tertinggi: ["4"] }, TODAY).school).toBe("NONE");
  });
});
