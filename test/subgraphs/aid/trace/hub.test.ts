import { expect, test } from "vitest";
import { useHub } from "../../../kit/hub.ts";
import { budi, siti } from "../../../kit/people.ts";

// One question, which registry, programs and the gateway answer together; each of five askers sees what is theirs to see.

const hub = useHub();
const WHY = "{ state today reasons determinedFor text { indonesian } }";
const TRACE = `query ($person: ID!, $program: ProgramCode!, $period: String!) { paymentTrace(person: $person, program: $program, period: $period) {
  outcome stoppedAt isDrawnByAnother sentence { indonesian } steps { step state office }
  registry ${WHY} match ${WHY} rank ${WHY} exclusion ${WHY} quota ${WHY} account ${WHY} treasury ${WHY} credit ${WHY} } }`;
const LAST = { program: "PKH", period: "2026-Q3" };
const NEXT = { program: "PKH", period: "2027-Q1" };
const WHYS = ["registry", "match", "rank", "exclusion", "quota", "account", "treasury", "credit"];

const ask = async (client: string, variables: object, voice = {}) => {
  const { data, denied, errors } = await hub.as(client, voice).ask(TRACE, { person: siti.id, ...variables });
  return { trace: data?.["paymentTrace"], denied, errors };
};
const openOf = (trace: Record<string, unknown>) => WHYS.filter((step) => trace[step] !== null);

test("the ministry is told every step, the first ones by their owner", async () => {
  const { trace, errors } = await ask("program.kemensos", NEXT);
  expect(errors).toEqual([]);
  expect(trace).toMatchObject({
    stoppedAt: "DECREE",
    registry: { today: "PASSED" },
    match: { today: "PASSED" },
    rank: { today: "PASSED" },
  });
});

test.each([
  ["program.kemensos", {}, WHYS],
  ["bansos.dinsos_banyuwangi", {}, WHYS],
  ["portal-warga", { person: siti.id }, WHYS],
  ["penyalur.bri", {}, ["account", "credit"]],
  ["kppn.kemenkeu", {}, ["treasury"]],
])("%s reads how every step stands, and why only of the steps that are open to them", async (client, voice, open) => {
  const { trace, denied } = await ask(client, LAST, voice);
  expect(trace).toMatchObject({ outcome: "PAID", stoppedAt: null });
  expect(trace.steps).toHaveLength(13);
  expect(openOf(trace)).toEqual(open);
  expect(denied).toEqual(
    WHYS.filter((step) => !open.includes(step))
      .map((step) => `PaymentTrace.${step}`)
      .sort(),
  );
});

test("a person asks about no other, and of the family's aid learns that another draws it", async () => {
  expect((await ask("portal-warga", LAST, { person: budi.id })).trace).toBeNull();
  const { trace } = await ask("portal-warga", { ...LAST, person: budi.id }, { person: budi.id });
  expect(trace).toMatchObject({ outcome: "PAID", isDrawnByAnother: true });
});

test("a page of persons is followed from the list, under the field of the person", async () => {
  const { data, errors } = await hub
    .as("program.kemensos")
    .ask(
      `query ($person: ID!) { person(id: $person) { paymentTrace(program: PKH, period: "2026-Q3") { outcome registry { today } } } }`,
      { person: siti.id },
    );
  expect(errors).toEqual([]);
  expect(data["person"].paymentTrace).toEqual({ outcome: "PAID", registry: { today: "PASSED" } });
});

test("with the registry down its steps are unknown and say so, and the way of the payment is told all the same", async () => {
  await hub.slices.get("welfare")?.close();
  const { trace, errors } = await ask("program.kemensos", LAST);
  expect(trace).toMatchObject({ outcome: "PAID", registry: null, match: null, rank: null, exclusion: { state: "PASSED" } });
  expect(trace.steps[0]).toMatchObject({ step: "REGISTRY", state: "PASSED" });
  expect(errors.length).toBeGreaterThan(0);
  for (const { extensions, path } of errors) {
    expect(extensions["code"]).toBe("SUBGRAPH_UNAVAILABLE");
    expect(path?.[0]).toBe("paymentTrace");
  }
});
