import { expect, test } from "vitest";
import { ani, joko, maria, rina, siti, sitisHome, slamet, tono } from "../../../kit/people.ts";
import { codesOf } from "../../../kit/slice.ts";
import { citizen, district, familyOf, steward, useCandidates } from "../candidates/kit.ts";

const { ask, eligibility, slice } = useCandidates();
const UNKNOWN = "00000000-0000-4000-8000-000000000009";
const codes = (verdict: { reasons: { code: string }[] }) => verdict.reasons.map(({ code }) => code);

test("Siti learns that her family is entitled to PKH, for whom, and what a year of it is worth", async () => {
  expect(await eligibility(siti.id, "PKH", citizen(siti.id))).toMatchObject({
    isEligible: true,
    reasons: [],
    yearlyAmount: "900000",
    family: { id: familyOf(sitisHome) },
    components: [{ component: "PRIMARY", isCounted: true }],
    delivery: { number: 1, version: "DTSEN-2026-Q3" },
  });
});

test("of a family program whoever of the family is asked about, the answer is the family's", async () => {
  const [hers, childs] = [await eligibility(siti.id, "BPNT"), await eligibility(ani.id, "BPNT")];
  expect(childs).toEqual(hers);
});

test("every no says which delivery or document it rests on, and by which law it bars", async () => {
  const { isEligible, reasons } = await eligibility(tono.id, "PKH");
  expect(isEligible).toBe(false);
  expect(reasons).toEqual(
    ["INCOMPLETE_DATA", "NO_COMPONENT"].map((code) => ({
      ...{ code, source: "REGISTRY", since: "2026-07-10", evidence: "DTSEN-2026-Q3, delivery 1", exclusion: null },
      legalBasis: "Permensos 1/2018; Kepmensos 79/HUK/2025",
    })),
  );
});

test("whom the country's registry does not have is not registered; a regency, which sees its own part, says nothing", async () => {
  expect(codes(await eligibility(UNKNOWN, "PKH"))).toEqual(["NOT_REGISTERED"]);
  expect(await eligibility(UNKNOWN, "PKH", district)).toBeNull();
  expect(await eligibility(maria.id, "PBI_JK", district)).toBeNull();
  expect((await eligibility(maria.id, "PBI_JK")).isEligible).toBe(true);
});

test("a person asks about themself alone", async () => {
  expect(await eligibility(rina.id, "PBI_JK", citizen(siti.id))).toBeNull();
  expect(codes(await eligibility(UNKNOWN, "PKH", citizen(UNKNOWN)))).toEqual(["NOT_REGISTERED"]);
});

test("who is unmatched has no person, and is found by nobody's id", async () => {
  expect(codes(await eligibility(joko.id, "PBI_JK"))).toEqual(["NOT_REGISTERED"]);
  expect(codes(await eligibility(slamet.id, "BPNT"))).toEqual(["NOT_REGISTERED"]);
});

test("one person with two entries is judged by the one that entitles", async () => {
  expect(await eligibility(rina.id, "PBI_JK")).toMatchObject({ isEligible: true, decile: 4 });
});

test("a program without a term that day gives no verdict", async () => {
  const { data } = await ask("person", { person: siti.id, program: "BST", on: "2026-10-05" });
  expect(data.eligibility).toBeNull();
});

test("the list is in the order of need and page by page the same as each verdict alone", async () => {
  const region = "3510";
  const seen: any[] = [];
  let after: string | null = null;
  do {
    const { data }: any = await ask("list", { program: "PBI_JK", region, first: 5, after }, district);
    const { nodes, pageInfo, totalCount } = data.eligibilityList;
    seen.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    if (after === null) expect(totalCount).toBe(seen.length);
  } while (after !== null);
  expect(seen.length).toBeGreaterThan(6);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  const deciles = seen.map(({ decile }) => decile ?? 99);
  expect(deciles).toEqual([...deciles].sort((a, b) => a - b));
  expect(seen.every(({ isEligible, reasons }) => isEligible === (reasons.length === 0))).toBe(true);
  const hers = seen.find(({ person }) => person?.id === siti.id);
  expect(await eligibility(siti.id, "PBI_JK", district)).toEqual(hers);
});

test("a list wider than a regency is refused", async () => {
  expect(codesOf(await ask("list", { program: "PKH", region: "35" }))).toEqual(["BAD_USER_INPUT"]);
});

test("a page of persons costs what one does", async () => {
  const people = `query ($a: ID!, $b: ID!, $c: ID!) { a: eligibility(person: $a, program: PKH) { isEligible reasons { code } }
    b: eligibility(person: $b, program: PKH) { isEligible reasons { code } } c: eligibility(person: $c, program: PKH) { isEligible reasons { code } } }`;
  await slice.ask(people, { caller: steward, variables: { a: tono.id, b: tono.id, c: tono.id } });
  const one = slice.statements;
  await slice.ask(people, { caller: steward, variables: { a: tono.id, b: siti.id, c: rina.id } });
  expect(slice.statements).toBe(one);
});
