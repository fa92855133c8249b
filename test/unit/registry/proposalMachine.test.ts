import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OPEN, STEPS } from "../../../subgraphs/welfare/proposals/machine.ts";

/** The machine as Kepmensos 150/HUK/2022 and domain §8.3 tell it, written down a second time. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  DRAFT: ["SUBMITTED"],
  SUBMITTED: ["IN_DELIBERATION"],
  IN_DELIBERATION: ["REJECTED_BY_DELIBERATION", "IN_VERIFICATION"],
  REJECTED_BY_DELIBERATION: [],
  IN_VERIFICATION: ["MATCHED", "NOT_MATCHED", "IN_REPAIR"],
  NOT_MATCHED: ["IN_REPAIR"],
  IN_REPAIR: ["IN_VERIFICATION"],
  MATCHED: ["FINALISED"],
  FINALISED: ["ENDORSED"],
  ENDORSED: ["SENT_TO_CENTRE"],
  SENT_TO_CENTRE: ["DETERMINED", "REJECTED_BY_CENTRE"],
  DETERMINED: [],
  REJECTED_BY_CENTRE: [],
  EXPIRED: [],
  WITHDRAWN: [],
};
const STAYS = new Set(["DRAFT EDIT", "IN_REPAIR REPAIR", "FINALISED APPROVE"]);
const closing = ["EXPIRED", "WITHDRAWN"];
const mayFollow = (from: string): readonly string[] => [
  ...(TOLD[from] ?? []),
  ...(OPEN.some((open) => open === from) ? closing : []),
];

describe("the machine of proposals", () => {
  test("its steps are those of the law, all of them and no other", () => {
    for (const [from, told] of Object.entries(TOLD)) {
      const steps = STEPS.filter(([state, act]) => state === from && !STAYS.has(`${from} ${act}`));
      expect(new Set(steps.map(([, , to]) => to)), from).toEqual(new Set(mayFollow(from)));
      expect(told.every((to) => to in TOLD)).toBe(true);
    }
    expect(new Set(STEPS.map(([from, act]) => `${from} ${act}`)).size).toBe(STEPS.length);
  });

  test("what is open and not endorsed may be withdrawn and expires; nothing else does", () => {
    const before = [
      "DRAFT",
      "SUBMITTED",
      "IN_DELIBERATION",
      "IN_VERIFICATION",
      "MATCHED",
      "NOT_MATCHED",
      "IN_REPAIR",
      "FINALISED",
    ];
    for (const act of ["WITHDRAW", "EXPIRE"])
      expect(
        STEPS.filter(([, deed]) => deed === act)
          .map(([from]) => from)
          .sort(),
      ).toEqual([...before].sort());
  });

  test("10,000 random walks never leave the law, and none is determined without papers, match, verifier and regent", () => {
    let determined = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 60 }), fc.boolean(), (choices, isSteady) => {
        const done = walk(choices, isSteady);
        for (const [from, act, to] of done) expect(STAYS.has(`${from} ${act}`) || mayFollow(from).includes(to)).toBe(true);
        if (done.at(-1)?.[2] !== "DETERMINED") return;
        determined += 1;
        const acts = done.map(([, act]) => act);
        expect(acts).toEqual(expect.arrayContaining(["SUBMIT", "SCHEDULE", "MATCH", "FINALISE", "ENDORSE", "SEND"]));
        expect(acts.some((act) => act === "ACCEPT" || act === "ATTEST")).toBe(true);
      }),
      { numRuns: 10_000 },
    );
    expect(determined).toBeGreaterThan(100);
  });
});

const ACTS = [...new Set(STEPS.map(([, act]) => act))];
const ENDS = ["WITHDRAW", "EXPIRE", "REJECT", "REJECT_AT_CENTRE"];

/** Steps done from a draft on. A steady walker tries what is open and does not end there; another tries anything. */
function walk(choices: readonly number[], isSteady: boolean): (typeof STEPS)[number][] {
  const done: (typeof STEPS)[number][] = [];
  for (const choice of choices) {
    const state = done.at(-1)?.[2] ?? "DRAFT";
    const open = STEPS.filter(([from, act]) => from === state && !(isSteady && ENDS.includes(act)));
    const step = isSteady ? open[choice % open.length] : open.find(([, act]) => act === ACTS[choice % ACTS.length]);
    if (step) done.push(step);
  }
  return done;
}
