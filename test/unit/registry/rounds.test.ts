import { describe, expect, test } from "vitest";
import { createRounds, type Question } from "../../../cli/slices/registry/rounds.ts";

/** A hub with one death and one registry event to carry and one member to validate; `failing` says which questions fail now. */
function hubOf() {
  const failing = new Map<string, string>();
  const asked: string[] = [];
  const ask: Question = async (query) => {
    const name = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? "";
    asked.push(name);
    const fault = failing.get(name);
    if (fault !== undefined) throw new Error(fault);
    const attestations = ["signed"];
    return {
      exchangeCursor: null,
      civilEvents: [{ position: "1", attestation: "death" }],
      ...{ registryEventCursor: null, registryEvents: [{ attestation: "withdrawal" }], deliverRegistryEvents: ["DELIVERED"] },
      claimants: attestations.map((attestation) => ({ validation: { attestation } })),
      ...{ flagEnrolments: ["DELIVERED"], deliverEvents: ["DELIVERED"], recordValidation: [{ isRecorded: true }] },
    };
  };
  return { ask, asked, failing };
}

describe("a claim that cannot be answered", () => {
  test("keeps back no death and no other claims, and is told once", async () => {
    const { ask, asked, failing } = hubOf();
    failing.set("Candidates", "200 INTERNAL");
    const notes: string[] = [];
    const round = createRounds(ask, (fault) => void notes.push(fault));
    expect(await round()).toEqual({ events: 1, told: 1, validations: 1 });
    expect(asked).toEqual([
      "Cursor",
      "Events",
      "Flag",
      "Deliver",
      "Heard",
      "Registry",
      "Tell",
      "Candidates",
      "Members",
      "Record",
    ]);
    await round();
    await round();
    expect(notes).toEqual(["200 INTERNAL"]);
  });

  test("is told again when it comes back or is another", async () => {
    const { ask, failing } = hubOf();
    const notes: string[] = [];
    const round = createRounds(ask, (fault) => void notes.push(fault));
    for (const fault of ["one", null, "one", "other"]) {
      if (fault === null) failing.delete("Members");
      else failing.set("Members", fault);
      await round();
    }
    expect(notes).toEqual(["one", "one", "other"]);
  });
});

test("a death that cannot be carried stops the round before any claim is asked about", async () => {
  const { ask, asked, failing } = hubOf();
  failing.set("Deliver", "the registry is down");
  await expect(createRounds(ask)()).rejects.toThrow("the registry is down");
  expect(asked).toEqual(["Cursor", "Events", "Flag", "Deliver"]);
});

describe("a registry event that programs refuses", () => {
  test("keeps back no death and no claim, and is told", async () => {
    const { ask, failing } = hubOf();
    failing.set("Tell", "programs does not answer");
    const notes: string[] = [];
    expect(await createRounds(ask, (fault) => void notes.push(fault))()).toEqual({ events: 1, told: 0, validations: 2 });
    expect(notes).toEqual(["programs does not answer"]);
  });
});
