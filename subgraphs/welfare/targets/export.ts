import { createHash } from "node:crypto";
import { type Db, drizzleOn, rawClient } from "../../../drizzle/client.ts";
import { type Attested, attest } from "../../../schema/attestation.ts";
import type { Signer } from "../../../schema/policy/keys.ts";
import { TARGETS, type TargetFamily, type TargetsSaid } from "../../../schema/targets.ts";
import { dayInWib } from "../../../schema/values/wib.ts";
import { answersIn } from "../changes/data.ts";
import { factsOf } from "../changes/ground.ts";
import * as data from "./data.ts";
import { familiesOf } from "./families.ts";

interface Exporting {
  /** PostgreSQL of welfare as the role hub_welfare_jobs. */
  readonly url: string;
  /** Signs for welfare. */
  readonly signer: Pick<Signer, "sign">;
  readonly now: Date;
}

/**
 * Lines of the data sasaran, batch by batch, the last one attested: what the registry knows now, in the newest version that ranks. One snapshot; never
 * more than a batch is held. Throws where no version ranks anybody.
 */
export async function* exportTargets({ url, signer, now }: Exporting): AsyncGenerator<string> {
  const client = rawClient(url, { max: 1 });
  const db = drizzleOn(client);
  try {
    await client.unsafe("begin transaction isolation level repeatable read, read only");
    const version = await data.versionInForce(db);
    if (!version) throw new Error("no version of DTSEN ranks any household: nothing to deliver");
    const hash = createHash("sha256");
    let [families, members] = [0, 0];
    for await (const batch of batchesOf(db, version.id, dayInWib(now))) {
      const text = batch.map((family) => `${JSON.stringify(family)}\n`).join("");
      hash.update(text);
      families += batch.length;
      members += batch.reduce((sum, family) => sum + family.members.length, 0);
      yield text;
    }
    const { id, basis, determinedOn } = version;
    const says: TargetsSaid = { basis, version: id, determinedOn, families, members, sha256: hash.digest("hex") };
    const fact: Attested<TargetsSaid> = { by: "welfare", kind: TARGETS, about: id, at: now.toISOString(), says };
    yield `${JSON.stringify({ attestation: attest(signer, fact) })}\n`;
    await client.unsafe("commit");
  } finally {
    await client.end();
  }
}

/** Families by household, ranked ones in the order of need. A rank is one more than the number of households that are poorer. */
async function* batchesOf(db: Db, version: string, on: string): AsyncGenerator<TargetFamily[]> {
  let [behind, counted, rank]: [data.HomeRow | null, number, number] = [null, 0, 1];
  for (;;) {
    const homes: data.HomeRow[] = await data.rankedHomes(db, version, behind);
    if (homes.length === 0) break;
    const ranked = homes.map((home) => {
      if (home.percentile !== behind?.percentile) rank = counted + 1;
      counted += 1;
      behind = home;
      return { ...home, rank };
    });
    yield await read(db, ranked, on);
  }
  for (behind = null; ; ) {
    const homes: data.HomeRow[] = await data.unrankedHomes(db, version, behind);
    if (homes.length === 0) break;
    behind = homes.at(-1) ?? null;
    yield await read(
      db,
      homes.map((home) => ({ ...home, rank: null })),
      on,
    );
  }
}

async function read(db: Db, homes: Parameters<typeof familiesOf>[0], on: string): Promise<TargetFamily[]> {
  const ids = homes.map(({ id }) => id);
  const members = await data.membersIn(db, ids);
  const answers = new Map((await answersIn(db, ids)).map((sheet) => [sheet.memberId, sheet.answers]));
  const decisions = await data.decisionsIn(
    db,
    members.map(({ id }) => id),
  );
  const firstOn = new Map((await data.firstDays(db, ids)).map((row) => [row.id, row.firstOn]));
  const factsAbout = (row: data.MemberRow) => factsOf(row.claimedNik, answers.get(row.id) ?? {}, on);
  return familiesOf(homes, { members, decisions, firstOn, factsOf: factsAbout, on });
}
