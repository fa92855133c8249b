import { beforeAll, expect, test } from "vitest";
import { callerWith } from "../../../kit/slice.ts";
import { type Family, planner, steward, useSelections } from "../selection/kit.ts";

const aid = useSelections();
const [BANYUWANGI, JEMBER, DENPASAR] = ["3510162001", "3509012001", "5171011001"] as const;

/** 300 families a region: 40 in each of deciles 1 to 4, 60 in decile 5, 80 in decile 6. */
const FAMILIES = [BANYUWANGI, JEMBER, DENPASAR].flatMap((region, r) =>
  Array.from({ length: 300 }, (_, i): Family => {
    const decile = i < 160 ? 1 + Math.floor(i / 40) : i < 220 ? 5 : 6;
    return { n: r * 300 + i + 1, region, decile, rank: i * 3 + r + 1 };
  }),
);

const READ = `query ($id: ID!, $province: RegionCode) { policySimulation(id: $id) { isDone entering(province: $province) { region decile units isSuppressed }
  leaving(province: $province) { region decile units isSuppressed } } }`;
interface Cell {
  readonly region: string | null;
  readonly decile: number | null;
  readonly units: number | null;
}
async function simulate(input: object, { caller = steward, province = null as string | null } = {}) {
  const asked = await aid.must("simulate", { input: { program: "BPNT", ...input } }, caller);
  await aid.simulate(asked.id);
  const { data, errors } = await aid.slice.ask(READ, { caller, variables: { id: asked.id, province } });
  expect(errors).toEqual([]);
  const cell = (cells: readonly Cell[], region: string | null, decile: number | null) =>
    cells.find((one) => one.region === region && one.decile === decile)?.units;
  const { entering, leaving } = data.policySimulation as { entering: Cell[]; leaving: Cell[] };
  return {
    id: asked.id,
    entering: (region: string | null, decile: number | null) => cell(entering, region, decile),
    leaving: (region: string | null, decile: number | null) => cell(leaving, region, decile),
    cells: [...entering, ...leaving],
  };
}

let wholeCountry: { id: string; version: number };
beforeAll(async () => {
  await aid.families(FAMILIES);
  wholeCountry = await aid.seats("", 900);
});

test("a ceiling one decile higher lets the next decile in; nobody leaves where no seat is short", async () => {
  const { entering, cells } = await simulate({ decileLimit: 6 });
  expect(entering("35", 6)).toBe(160);
  expect(entering("51", 6)).toBe(80);
  expect(entering(null, null)).toBe(240);
  expect(cells.filter(({ units }) => units !== null).every(({ units }) => (units as number) % 10 === 0)).toBe(true);
  const regency = await simulate({ decileLimit: 6 }, { province: "35" });
  expect([regency.entering("3510", 6), regency.entering("3509", 6), regency.entering(null, null)]).toEqual([80, 80, 160]);
});

test("a ceiling one decile lower puts out whom only the higher one let in", async () => {
  const { leaving, entering } = await simulate({ decileLimit: 4 });
  expect(leaving("51", 5)).toBe(60);
  expect(leaving(null, 5)).toBe(180);
  expect(entering(null, null)).toBeNull();
});

test("fewer seats in one regency put out its last, and let in who comes next where the country's seats bind", async () => {
  await aid.seats("3510", 200);
  await aid.addSeats(wholeCountry, 600);
  const { leaving, entering } = await simulate({ quotas: [{ region: "3510", percent: -10 }] }, { province: "35" });
  expect(leaving("3510", 5)).toBe(20);
  expect(leaving("3509", 5)).toBeNull();
  const country = await simulate({ quotas: [{ region: "3510", percent: -10 }] });
  expect([entering("3509", 5), country.entering("51", 5), country.entering(null, 5)]).toEqual([10, 10, 20]);
  expect((await simulate({ quotas: [{ region: null, percent: -10 }] })).leaving(null, 5)).toBe(60);
  expect(country.leaving("35", 5)).toBe(20);
});

test("differencing: two simulations that differ by one regency show no difference under ten", async () => {
  const [one, two] = [
    await simulate({ quotas: [{ region: "3510", percent: -10 }] }),
    await simulate({ quotas: [{ region: "3510", percent: -15 }] }),
  ];
  let seen = 0;
  one.cells.forEach((cell, at) => {
    const [here, there] = [cell.units, two.cells[at]?.units ?? null];
    if (here === null || there === null) return;
    seen += 1;
    expect(here === there || Math.abs(here - there) >= 10).toBe(true);
  });
  expect(seen).toBeGreaterThan(2);
});

test("asked again, the answer is the same to the last cell", async () => {
  const ask = () => simulate({ decileLimit: 6 });
  expect((await ask()).cells).toEqual((await ask()).cells);
});

test("a step that would move fewer than ten seats is refused, and so is a region without a quota", async () => {
  await aid.seats("3509", 100);
  for (const region of ["3509", "5171"])
    expect(
      (await aid.tell("simulate", { input: { program: "BPNT", quotas: [{ region, percent: 5 }] } })).errors[0]?.extensions.code,
    ).toBe("BAD_USER_INPUT");
});

test("planners may ask; a machine of the programs, a district and another agency's eyes may not", async () => {
  const { id } = await simulate({ decileLimit: 6 }, { caller: planner });
  const seen = await aid.slice.ask(READ, { caller: steward, variables: { id } });
  expect(seen.data.policySimulation).toBeNull();
  const district = callerWith({
    client: "bansos.dinsos_banyuwangi",
    officer: "bansos.dinsos_banyuwangi",
    agency: "DINSOS_BANYUWANGI",
    purpose: "PROGRAM_MANAGEMENT",
  });
  for (const caller of [callerWith(), district])
    expect((await aid.tell("simulate", { input: { program: "BPNT", decileLimit: 6 } }, caller)).errors[0]?.extensions.code).toBe(
      "FORBIDDEN",
    );
});

test("an agency asks twenty a day, not more", async () => {
  const answers = [];
  for (let n = 0; n < 20; n++) answers.push(await aid.tell("simulate", { input: { program: "BPNT", decileLimit: 6 } }, planner));
  expect(answers.at(-1)?.errors[0]?.extensions.code).toBe("CONFLICT");
  expect(answers[0]?.errors).toEqual([]);
});

test("a simulation changes nothing", async () => {
  const [row] = await aid.owner(
    "select (select count(*) from programs.enrolment)::int as enrolments, (select count(*) from programs.selection_run)::int as runs",
  );
  expect(row).toEqual({ enrolments: 0, runs: 0 });
});
