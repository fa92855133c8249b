import type { Compiler } from "../../../drizzle/policy/compile.ts";
import { endorse, isEndorsed, type StewardKey } from "../../../schema/policy/endorsement.ts";
import { publicKeyOf } from "../../../schema/policy/keys.ts";
import { badInput } from "../../kit/errors.ts";
import { agenciesByCode, stewardsById } from "../data.ts";
import type { EnrolStewardInput, StewardKeyKind } from "../generated.ts";
import { refused, type Steward } from "../steward.ts";
import type { Act } from "./acts.ts";
import { insertKey, insertSteward, keysOf, noteEvent, retireKey } from "./data.ts";
import { conflict, refuseFaults, textFaults } from "./says.ts";

/** As subjects of tokens and settings of the database's sessions take it. */
const STEWARD_ID = /^[a-z0-9][a-z0-9._-]*$/;

/** Makes a person a steward, or gives one a further key, endorsed with governance's own key. */
export async function enrolSteward(act: Act, input: EnrolStewardInput, { signer }: Compiler): Promise<Steward> {
  const { db, steward: operator } = act;
  await mustBeEndorsed(act, signer.publicKey);
  const { id, agency, name, kind, publicKey } = input;
  const roles = [...new Set(input.roles)].sort();
  refuseFaults([
    ...(STEWARD_ID.test(id) ? [] : ["id: small letters, digits and . _ -"]),
    ...textFaults("id", id, [3, 100]),
    ...((await agenciesByCode(db, [agency])).length > 0 ? [] : ["agency: there is no such agency"]),
    ...textFaults("name", name, [2, 200]),
    ...(roles.length > 0 ? [] : ["roles: at least one"]),
    ...(isKeyOf(kind, publicKey) ? [] : [`publicKey: not a public key of kind ${kind} (SubjectPublicKeyInfo, DER as base64url)`]),
  ]);
  await insertSteward(db, { id, agencyCode: agency, name: name.trim() });
  const [known] = await stewardsById(db, [id]);
  if (known?.agencyCode !== agency) throw conflict("a steward of that id serves another agency");
  const key = endorse({ stewardId: id, agencyCode: agency, roles, kind, publicKey }, signer);
  await insertKey(db, { ...key, roles });
  await noteEvent(db, { actor: operator.id, kind: "steward_enrolled", detail: `${id} of ${agency} as ${roles.join(", ")}` });
  return stewardBy(act, id);
}

/** Takes a key out of use. */
export async function retireStewardKey(act: Act, keyId: string, { signer }: Compiler): Promise<Steward> {
  await mustBeEndorsed(act, signer.publicKey);
  const id = await retireKey(act.db, keyId, act.now);
  if (id === null) throw badInput("keyId: not a key in use");
  const whose = await stewardBy(act, id);
  const detail = `${id} of ${whose.agencyCode}, key ${keyId}`;
  await noteEvent(act.db, { actor: act.steward.id, kind: "steward_key_retired", detail });
  return whose;
}

async function stewardBy({ db }: Act, id: string): Promise<Steward> {
  const [steward] = await stewardsById(db, [id]);
  if (!steward) throw new Error("a steward that was just written is not there");
  return steward;
}

/** Governance's key makes stewards: a row that somebody wrote into the database must not be enough to have it do so. */
async function mustBeEndorsed({ db, steward }: Act, governanceKey: string): Promise<void> {
  const keys = (await keysOf(db, [steward.id])) as unknown as StewardKey[];
  if (keys.some((key) => key.roles.includes("OPERATOR") && isEndorsed(key, governanceKey))) return;
  throw refused("no key of yours that stands for OPERATOR is endorsed");
}

const KEY_TYPES: Readonly<Record<StewardKeyKind, readonly (string | undefined)[]>> = {
  ED25519: ["ed25519"],
  WEBAUTHN: ["ed25519", "ec"],
};

function isKeyOf(kind: StewardKeyKind, publicKey: string): boolean {
  try {
    return KEY_TYPES[kind].includes(publicKeyOf(publicKey).asymmetricKeyType);
  } catch {
    return false;
  }
}
