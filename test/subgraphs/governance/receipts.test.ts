import { hash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { stewardOf } from "../../../drizzle/policy/readyMade.ts";
import { parseCheckpoint } from "../../../schema/record/checkpoint.ts";
import { verifyInclusion } from "../../../schema/record/proofs.ts";
import { governance } from "../../../subgraphs/governance/index.ts";
import { asRole, useDatabases, withoutTriggers } from "../../kit/database.ts";
import { siti } from "../../kit/people.ts";
import { callerWith, useSlice } from "../../kit/slice.ts";
import { asSteward, outcomeOf } from "./lifecycle/kit.ts";
import { asCitizen, integrateAll, LOG, logOf, recordAll } from "./tracker/kit.ts";

type Json = Record<string, any>;

const databases = useDatabases();
const slice = useSlice(
  { ...governance, start: (options) => governance.start({ ...options, logKey: LOG.key }) },
  { databaseUrl: () => databases.urls.governance.runtime },
);
const [ENTRIES, PLACE] = [300, 123]; // more than a tile
let given: readonly { receipt: string; leaf: string }[];
const asAgency = (agency: string) => (query: string, variables: Json) =>
  slice.ask(query, { variables, caller: callerWith({ client: "c", agency, agreement: "PKS-2025-002" }) });
const bpjs = asAgency("BPJS_KESEHATAN");

beforeAll(async () => {
  given = await recordAll(
    databases.urls,
    Array.from({ length: ENTRIES }, (_, n) => ({
      subjects: { Person: [siti.id] },
      body: { shown: [`Person.${n % 2 ? "sex" : "nik"}`], masked: ["Person.fullName"], denied: ["Person.motherName"] },
    })),
  );
  await integrateAll(databases.urls);
});
const at = (place: number) => given[place] ?? { receipt: "", leaf: "" };

describe("a receipt", () => {
  const RECEIPT = `query ($id: ID!) { receipt(id: $id) { id at agreement version purpose status subjects shown masked denied leaf
    isIntegrated index checkpoint inclusionProof } }`;
  const read = async (ask: typeof bpjs, id: string) => outcomeOf(await ask(RECEIPT, { id })) as Json | null;

  test("tells the agency whose answer it was what was disclosed, and proves from a signed checkpoint that it stands in the log", async () => {
    const found = (await read(bpjs, at(PLACE).receipt)) as Json;
    expect(found).toMatchObject({
      ...{
        id: at(PLACE).receipt,
        agreement: "PKS-2025-002",
        version: 1,
        purpose: "PBI_MEMBERSHIP",
        status: "ANSWERED",
        subjects: 1,
      },
      ...{ shown: ["Person.sex"], masked: ["Person.fullName"], denied: ["Person.motherName"] },
      ...{ leaf: at(PLACE).leaf, isIntegrated: true, index: PLACE },
    });
    const { size, root } = parseCheckpoint(found["checkpoint"]);
    const proof = found["inclusionProof"].map((one: string) => Buffer.from(one, "base64"));
    expect(verifyInclusion({ leaf: Buffer.from(at(PLACE).leaf, "hex"), index: PLACE, size, proof, root })).toBe(true);
    expect(verifyInclusion({ leaf: Buffer.from(at(PLACE).leaf, "hex"), index: PLACE + 1, size, proof, root })).toBe(false);
  });

  test("is none of another agency's or a data subject's; stewards read it", async () => {
    expect(await read(asAgency("KEMENSOS"), at(0).receipt)).toBeNull();
    expect(await read(asCitizen(slice, siti.id), at(0).receipt)).toBeNull();
    expect(await read(bpjs, "never given")).toBeNull();
    expect(await read(asSteward(slice, stewardOf("BPK")), at(0).receipt)).toMatchObject({ agreement: "PKS-2025-002" });
  });

  test("comes with the newest checkpoint that witnesses cosigned, and their signatures; without any with the newest", async () => {
    const sizeOf = async () => parseCheckpoint((await read(bpjs, at(0).receipt))?.["checkpoint"]).size;
    await asRole(
      logOf(databases.urls),
      (log) => log`insert into governance.cosignature (size, witness, line)
      select max(size), 'bssn', '— bssn AAAAAAAA' from governance.checkpoint`,
    );
    const [fresh] = await recordAll(databases.urls, [{}]);
    await integrateAll(databases.urls);
    expect(await sizeOf()).toBe(ENTRIES);
    expect((await read(bpjs, at(0).receipt))?.["checkpoint"]).toMatch(/\n— bssn AAAAAAAA\n$/);
    expect(parseCheckpoint((await read(bpjs, fresh?.receipt ?? ""))?.["checkpoint"]).size).toBe(ENTRIES + 1);
  });
});

describe("verifying a receipt", () => {
  const VERIFY = `query ($id: ID!, $leaf: String!) { verifyReceipt(id: $id, leaf: $leaf) {
    isOnRecord leafMatches isIntegrated isIncluded index checkpoint proof reason } }`;
  const verify = async ({ receipt, leaf }: { receipt: string; leaf: string }) =>
    outcomeOf(await asCitizen(slice, siti.id)(VERIFY, { id: receipt, leaf })) as Json;

  test("says PROVEN to whoever holds it", async () => {
    const found = await verify(at(7));
    expect(found).toMatchObject({
      isOnRecord: true,
      leafMatches: true,
      isIntegrated: true,
      isIncluded: true,
      index: 7,
      reason: "PROVEN",
    });
    expect(found["proof"].length).toBeGreaterThan(7);
  });

  test("tells who only knows its id no more than of one never given", async () => {
    const unknown = await verify({ receipt: "never given", leaf: at(7).leaf });
    expect(unknown).toMatchObject({ isOnRecord: false, isIntegrated: false, index: null, checkpoint: null, reason: "UNKNOWN" });
    expect(await verify({ receipt: at(7).receipt, leaf: at(8).leaf })).toEqual(unknown);
  });

  test("says LEAF_DIFFERS of a receipt that was altered to the agency that may read it", async () => {
    const altered = { id: at(7).receipt, leaf: at(8).leaf };
    expect(outcomeOf(await bpjs(VERIFY, altered))).toMatchObject({
      leafMatches: false,
      isIncluded: false,
      reason: "LEAF_DIFFERS",
    });
  });

  test("says NOT_INTEGRATED until a checkpoint covers it", async () => {
    const [fresh] = await recordAll(databases.urls, [{}]);
    expect(await verify(fresh ?? at(0))).toMatchObject({
      isOnRecord: true,
      leafMatches: true,
      isIntegrated: false,
      reason: "NOT_INTEGRATED",
    });
    await integrateAll(databases.urls);
    expect(await verify(fresh ?? at(0))).toMatchObject({ isIncluded: true, reason: "PROVEN" });
  });

  test("finds out the administrator of the database who rewrites an entry, its leaf, a tile or the signature of the log", async () => {
    const administer = (work: Parameters<typeof withoutTriggers>[1]) => withoutTriggers(databases.urls.governance.owner, work);
    const { receipt, leaf } = at(40);
    await administer((sql) => sql`alter table governance.entry drop constraint if exists entry_leaf_is_of_body`);
    await administer(
      (sql) => sql`update governance.entry set body = replace(body, 'Person.nik', 'Person.sex') where request_id = ${receipt}`,
    );
    expect(await verify({ receipt, leaf })).toMatchObject({ leafMatches: false, reason: "LEAF_DIFFERS" });
    const [row] = await asRole(
      logOf(databases.urls),
      (log) => log`select body from governance.entry where request_id = ${receipt}`,
    );
    const forged = hash("sha256", `\0${row?.["body"]}`, "hex");
    await administer((sql) => sql`update governance.entry set leaf = decode(${forged}, 'hex') where request_id = ${receipt}`);
    expect(await verify({ receipt, leaf })).toMatchObject({ leafMatches: false, reason: "LEAF_DIFFERS" });
    expect(await verify({ receipt, leaf: forged })).toMatchObject({ leafMatches: true, isIncluded: false, reason: "NOT_PROVEN" });
    await administer(
      (sql) =>
        sql`update governance.tile set hashes = overlay(hashes placing decode(${forged}, 'hex') from 1281) where level = 0 and n = 0`,
    );
    expect(await verify({ receipt, leaf: forged })).toMatchObject({ isIncluded: false, reason: "NOT_PROVEN" });
    await administer((sql) => sql`update governance.checkpoint set note = replace(note, '— hub', '— hud')`);
    expect(await verify(at(7))).toMatchObject({ leafMatches: true, isIncluded: false, reason: "NOT_PROVEN" });
    await administer((sql) => sql`update governance.checkpoint set note = replace(note, '— hud', '— hub')`);
    expect(await verify(at(260))).toMatchObject({ reason: "PROVEN" });
    await administer((sql) => sql`delete from governance.tile where level = 0 and n = 0`);
    expect(await verify(at(7))).toMatchObject({ isIncluded: false, proof: null, reason: "NOT_PROVEN" });
  });
});
