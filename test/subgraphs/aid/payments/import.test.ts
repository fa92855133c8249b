import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { payments } from "../../../../cli/slices/aid/payments.ts";
import { SLICES } from "../../../../drizzle/client.ts";
import { programs } from "../../../../subgraphs/programs/index.ts";
import { useDatabases } from "../../../kit/database.ts";
import { useSlice } from "../../../kit/slice.ts";
import { BRI, begunPeriod, HEAD, type Paid, paymentsDesk, STEWARD, TREASURY } from "./kit.ts";

const databases = useDatabases();
const slice = useSlice(programs, { databaseUrl: () => databases.urls.programs.runtime });
const desk = paymentsDesk(slice, () => databases.urls);
let folder: string;
let ours: Paid[];
let run: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-payments-"));
  for (const name of SLICES) {
    vi.stubEnv(`HUB_DATABASE_URL_${name.toUpperCase()}`, databases.urls[name].runtime);
    vi.stubEnv(`HUB_DATABASE_OWNER_URL_${name.toUpperCase()}`, databases.urls[name].owner);
  }
  vi.stubEnv("HUB_DATABASE_URL_GATEWAY", databases.urls.gateway);
  vi.stubEnv("HUB_DATABASE_URL_RECORD", databases.urls.record);
  vi.stubEnv("HUB_ENV", "dev");
  await desk.settle2Banks(1);
  const period = await begunPeriod(desk, "2026-Q4", ["2026-10-01", "2026-12-31"]);
  run = period.id;
  ours = period.payments.filter(({ channel }) => channel === "BRI");
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const BANK = ["--agency", "BRI", "--officer", BRI.officer ?? ""];
const KPPN = ["--agency", "KEMENKEU", "--officer", TREASURY.officer ?? ""];
let files = 0;

async function send(kind: string, text: string, who: readonly string[], ...more: readonly string[]) {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, text);
  const [out, said] = [[] as string[], [] as string[]];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => out.push(String(chunk)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => said.push(String(chunk)) > 0);
  const code = await payments(["import", path, "--kind", kind, "--program", "BPNT", "--json", ...who, ...more]).catch(
    (error: Error) => error.message,
  );
  vi.restoreAllMocks();
  return { code, figures: out.length > 0 ? JSON.parse(out.join("")) : null, said: said.join("") };
}

/** In Jakarta. */
const today = () => new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
const csv = (head: string, rows: readonly (readonly unknown[])[]) => [head, ...rows.map((row) => row.join(","))].join("\r\n");
const states = async () =>
  new Set((await desk.payments(run)).filter(({ channel }) => channel === "BRI").map(({ state }) => state));

test("files of bank and treasury take a period from the account check to the accounts, to the rupiah", async () => {
  const checked = csv(
    "payment,state",
    ours.map(({ id }) => [id, "TREASURY_CHECK"]),
  );
  expect((await send("BANK_ACCOUNT", checked, BANK)).figures).toMatchObject({ taken: ours.length, differing: 0 });
  const valid = csv("payment;state", []).concat("\r\n", ours.map(({ id }) => `${id};ORDER_PENDING`).join("\r\n"));
  expect((await send("TREASURY_CHECK", valid, KPPN)).code).toBe(0);
  const drafted = (await desk.draft(STEWARD, { run, channel: "BRI", number: "SPM 0001/2026" })).data.done;
  const { total, payments: count } = (await desk.issue(HEAD, drafted.id, drafted.version)).data.done;
  const head = "order,release,amount,payments";
  const wrong = csv(head, [
    ["SPM 0001/2026", "SP2D 77", BigInt(total) + 1n, count],
    ["SPM 9999", "SP2D 78", 1, 1],
  ]);
  const differing = await send("TREASURY_RELEASE", wrong, KPPN);
  expect([differing.code, differing.figures.differences]).toEqual([1, { AMOUNT_DIFFERS: 1, UNKNOWN_ORDER: 1 }]);
  expect(await states()).toEqual(new Set(["ORDER_ISSUED"]));
  expect((await send("TREASURY_RELEASE", csv(head, [["SPM 0001/2026", "SP2D 77", total, count]]), KPPN)).figures).toMatchObject({
    taken: 1,
    total,
  });
  const released = await desk.carry(drafted.id, 2);
  await desk.instruct(BRI, drafted.id, released.version);
  const [late, ...early] = ours;
  const credited = csv(
    "payment,state,amount,on",
    early.map(({ id, amount }) => [id, "CREDITED", amount, today()]),
  );
  expect((await send("BANK_CREDIT", credited, BANK, "--closing")).figures).toMatchObject({
    taken: early.length,
    differences: { MISSING: 1 },
  });
  const rest = csv("payment,state,amount,on", [[late?.id, "CREDITED", late?.amount, today()]]);
  expect((await send("BANK_CREDIT", rest, BANK)).code).toBe(0);
  expect((await desk.order(drafted.id)).balance).toMatchObject({ ordered: total, credited: total, pending: "0" });
});

test("a dry run says what would come of a file and changes nothing, not even that the file came in", async () => {
  const taken = csv("payment,state,amount", [[ours[0]?.id, "TRANSACTED", ours[0]?.amount]]);
  expect((await send("BANK_CREDIT", taken, BANK, "--dry-run")).figures).toMatchObject({ lines: 1, taken: 1 });
  expect(await states()).toEqual(new Set(["CREDITED"]));
  expect((await send("BANK_CREDIT", taken, BANK)).code).toBe(0);
  expect((await send("BANK_CREDIT", taken, BANK)).code).toMatch(/^this file came in before/);
});

test("a line that cannot be read is told by its number and column, and stops the file", async () => {
  const rows = [
    [ours[1]?.id, "TRANSACTED", "600000"],
    ["3510161708450001", "TRANSACTED", "600000"],
    [ours[2]?.id, "TRANSACTED", "6e5"],
  ];
  const { code, said } = await send("BANK_CREDIT", csv("payment,state,amount", rows), BANK);
  expect(code).toBe(1);
  expect(said).toContain("line 3: payment is not in the right form");
  expect(said).toContain("line 4: amount is not in the right form");
  expect([...(await states())].sort()).toEqual(["CREDITED", "TRANSACTED"]);
});

test("whoever is not on duty for the house sends nothing, whatever the file says", async () => {
  const file = csv("payment,state,amount", [[ours[1]?.id, "TRANSACTED", ours[1]?.amount]]);
  expect((await send("BANK_CREDIT", file, ["--agency", "BRI", "--officer", "nobody"])).code).toMatch(
    /takes a BANK or HEALTH on duty/,
  );
  expect((await send("BANK_CREDIT", file, KPPN)).code).toMatch(/takes a BANK or HEALTH on duty/);
  expect((await send("BANK_CREDIT", csv("payment,amount", [["x", "1"]]), BANK)).said).toContain("missing columns: state");
});
