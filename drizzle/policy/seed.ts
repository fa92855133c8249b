import { sql } from "drizzle-orm";
import { approvalText } from "../../schema/policy/approval.ts";
import { STATUTORY } from "../../schema/policy/ceilings.ts";
import { readContent, sha256Hex } from "../../schema/policy/content.ts";
import { endorse } from "../../schema/policy/endorsement.ts";
import { devStewardSecret, signerOf } from "../../schema/policy/keys.ts";
import { DATA_CLASSES, HUB, type StewardRole } from "../../schema/policy/words.ts";
import { type Db, drizzleOn, rawClient } from "../client.ts";
import { agreement, agreementVersion, approval, grantRow, resolvedCoordinate } from "../tables/governance/agreement.ts";
import { agency, classCeiling, client, purpose, steward, stewardKey } from "../tables/governance/governance.ts";
import { type Compiler, compileVersion, contentOf, ownersAsked, type Which } from "./compile.ts";
import { newestSupergraph } from "./ground.ts";
import { ownPublication, publish } from "./publish.ts";
import { reachToday } from "./reach.ts";
import {
  AGENCIES,
  AGREEMENTS,
  type AgreementSeed,
  CLIENTS,
  dpoOf,
  OF_OFFICERS,
  PURPOSES,
  STEWARDS,
  stewardOf,
} from "./readyMade.ts";

const CLASSES: ReadonlySet<string> = new Set(DATA_CLASSES);

/**
 * Publishes the schema of this code and draws up the ready-made agreements as stewards would: drafted, submitted, approved with the development
 * keys, compiled, activated. Repeatable: what exists stays as stewards have left it. One transaction. Answers what could not be compiled.
 */
export async function seedGovernance(ownerUrl: string, compiler: Compiler): Promise<string[]> {
  const connection = rawClient(ownerUrl, { max: 1 });
  try {
    return await drizzleOn(connection).transaction(async (tx) => {
      const db = tx as unknown as Db;
      await seedPeople(db, compiler);
      const faults = await publish(db, ownPublication(), compiler);
      for (const one of AGREEMENTS) await seedAgreement(db, one, compiler);
      return faults;
    });
  } finally {
    await connection.end();
  }
}

async function seedPeople(db: Db, { signer }: Compiler): Promise<void> {
  await db
    .insert(agency)
    .values(AGENCIES.map(([code, name, dpoContact]) => ({ code, name, dpoContact })))
    .onConflictDoNothing();
  const people = STEWARDS.map(([id, agencyCode, , name]) => ({ id, agencyCode, name }));
  await db.insert(steward).values(people).onConflictDoNothing();
  const keys = STEWARDS.map(([stewardId, agencyCode, roles]) => {
    const { publicKey } = devKeyOf(stewardId);
    return endorse({ stewardId, agencyCode, roles: [...roles] as StewardRole[], kind: "ED25519", publicKey }, signer);
  });
  await db
    .insert(stewardKey)
    .values(keys.map((key) => ({ ...key, roles: [...key.roles] })))
    .onConflictDoNothing();
  const clients = [...CLIENTS, ...STEWARDS.map(([id, agencyCode]) => [id, agencyCode] as const)];
  await db
    .insert(client)
    .values(clients.map(([id, agencyCode]) => ({ id, agencyCode })))
    .onConflictDoNothing();
  const purposes = PURPOSES.map(([code, name, legalBasis, citation, needsCase]) => {
    return { code, name, legalBasis, citation, needsCase, needsOfficer: OF_OFFICERS.has(code) };
  });
  await db.insert(purpose).values(purposes).onConflictDoNothing();
  await db
    .insert(classCeiling)
    .values([...STATUTORY])
    .onConflictDoNothing();
}

const devKeyOf = (stewardId: string) => signerOf(devStewardSecret(stewardId), "steward");

async function seedAgreement(db: Db, seed: AgreementSeed, compiler: Compiler): Promise<void> {
  const { number, title, agency: consumerAgency, purpose: purposeCode } = seed;
  const added = await db
    .insert(agreement)
    .values({ number, title, consumerAgency, purposeCode })
    .onConflictDoNothing()
    .returning({ number: agreement.number });
  if (added.length === 0) return;
  await draft(db, seed);
  await conclude(db, { agreement: number, version: 1, consumer: consumerAgency }, compiler);
}

interface Concluding extends Which {
  readonly consumer: string;
}

/** Takes a draft of a ready-made steward through its whole life, with the development keys, until it is in force in place of the one before. */
export async function conclude(db: Db, which: Concluding, compiler: Compiler): Promise<void> {
  await pin(db, which);
  await moveTo(db, which, "in_review");
  await approve(db, which);
  await moveTo(db, which, "approved");
  await compileVersion(db, which, compiler);
  await db
    .update(agreementVersion)
    .set({ state: "superseded" })
    .where(sql`agreement_number = ${which.agreement} and version < ${which.version} and state = 'active'`);
  await moveTo(db, which, "active");
}

async function draft(db: Db, { number, agency: consumer, scope, verification, grants }: AgreementSeed): Promise<void> {
  await db.insert(agreementVersion).values({
    ...{ agreementNumber: number, version: 1, author: stewardOf(consumer), rowScope: scope },
    ...{ validFrom: "2025-01-01T00:00:00+07:00", validTo: "2031-01-01T00:00:00+07:00" },
    ...(verification && {
      similarityFloor: verification.floor,
      attemptsOnSubject: verification.onSubject,
      attemptsOfClient: verification.ofClient,
      quota: verification.persons,
    }),
  });
  await db.insert(grantRow).values(
    grants.map((grant, position) => ({
      ...{ agreementNumber: number, version: 1, position, selector: grant.selector, params: grant.params ?? null },
      selectorKind: CLASSES.has(grant.selector) ? ("class" as const) : ("coordinate" as const),
      ...{ use: grant.use ?? "OUTPUT", effect: grant.effect ?? "allow", maskFn: grant.mask ?? null },
      clause: grant.clause ?? `${number} Ps. 4(${position + 1})`,
    })),
  );
}

/** What its rows reach over the newest schema. */
async function pin(db: Db, which: Which): Promise<void> {
  const { agreement: agreementNumber, version } = which;
  const rows = (await reachToday(db, which)).map((coordinate) => ({ agreementNumber, version, coordinate }));
  if (rows.length > 0) await db.insert(resolvedCoordinate).values(rows);
}

async function approve(db: Db, { agreement: agreementNumber, version, consumer }: Concluding): Promise<void> {
  const which = { agreement: agreementNumber, version };
  const text = await contentOf(db, which);
  const contentSha256 = sha256Hex(text);
  const owners = ownersAsked(readContent(text), await newestSupergraph(db));
  const signed = (ownerAgency: string, capacity: "OWNER" | "DPO", stewardId: string) => {
    const { keyId, sign } = devKeyOf(stewardId);
    const decision = "APPROVED" as const;
    const signature = sign(approvalText({ ...which, owner: ownerAgency, capacity, decision, contentSha256 }));
    return { agreementNumber, version, ownerAgency, capacity, decision, stewardId, contentSha256, keyId, signature };
  };
  // of an agency that asks for its own data another steward than the author approves
  const second = (owner: string) => (owner === HUB ? "operator.hub" : `steward2.${owner.toLowerCase()}`);
  const ofOwners = owners.map((owner) => signed(owner, "OWNER", owner === consumer ? second(owner) : stewardOf(owner)));
  await db.insert(approval).values([...ofOwners, signed(consumer, "DPO", dpoOf(consumer))]);
}

async function moveTo(db: Db, { agreement: number, version }: Which, state: "in_review" | "approved" | "active"): Promise<void> {
  await db.update(agreementVersion).set({ state }).where(sql`agreement_number = ${number} and version = ${version}`);
}
