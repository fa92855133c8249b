import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { approvalText, type Decided } from "../../schema/policy/approval.ts";
import { devStewardSecret, keyIdOf, privateKeyOf, type Signer, signerOf } from "../../schema/policy/keys.ts";

export const help = `
Usage: npx hub steward sign --steward ID --agreement NUMBER --version N --capacity OWNER|DPO --content HEX [options]
       npx hub steward key --steward ID

sign   Signs a decision about a version of an agreement and prints { keyId, signature } for the mutation decideVersion.
       What is signed stands in AgreementVersion.toSign; --content is its contentSha256.
key    Prints the development key of a ready-made steward (PKCS #8 PEM), to be brought into the console (HUB_ENV=dev only).

  --decision APPROVED|REJECTED   APPROVED unless said otherwise
  --owner AGENCY                 agency decided for; of ready-made stewards it is in their id (steward.kemensos)
  --mutation                     print the whole mutation instead
  --key FILE                     Ed25519 private key, PKCS #8 PEM; without it the development key of the steward (HUB_ENV=dev only)
`;

const OPTIONS = {
  steward: { type: "string" },
  agreement: { type: "string" },
  version: { type: "string" },
  capacity: { type: "string" },
  content: { type: "string" },
  decision: { type: "string", default: "APPROVED" },
  owner: { type: "string" },
  mutation: { type: "boolean", default: false },
  key: { type: "string" },
} as const;

interface Asked {
  readonly steward?: string | undefined;
  readonly agreement?: string | undefined;
  readonly version?: string | undefined;
  readonly capacity?: string | undefined;
  readonly content?: string | undefined;
  readonly decision: string;
  readonly owner?: string | undefined;
  readonly key?: string | undefined;
}

/** Exit codes: 0 a signature or key was printed, 1 there is no key, 2 wrong usage. */
export async function steward(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  const asked = positionals.join();
  if (asked === "key") return printKey(values);
  const faults = [...(asked === "sign" ? [] : ["the subcommands are sign and key"]), ...faultsOf(values)];
  if (faults.length > 0) return complain(2, `${faults.join("; ")}. npx hub steward --help explains.`);
  const signer = signerFor(values);
  if (!signer) return complain(1, "development keys sign only under HUB_ENV=dev: name a key file with --key.");
  const decided = decidedOf(values);
  const signed = { keyId: signer.keyId, signature: signer.sign(approvalText(decided)) };
  process.stdout.write(`${values.mutation ? mutationOf(decided, signed) : JSON.stringify(signed)}\n`);
  return 0;
}

function printKey({ steward: id }: Asked): number {
  if (id === undefined) return complain(2, "--steward names whose key. npx hub steward --help explains.");
  if (process.env["HUB_ENV"] !== "dev")
    return complain(1, "development keys are printed only under HUB_ENV=dev; real keys are their stewards' own.");
  process.stdout.write(privateKeyOf(devStewardSecret(id), "steward").export({ format: "pem", type: "pkcs8" }));
  return 0;
}

function faultsOf({ steward: id = "", agreement = "", version = "", content = "", ...asked }: Asked): string[] {
  const needs: readonly (readonly [isMet: boolean, need: string])[] = [
    [id !== "" || asked.key !== undefined, "--steward names who signs"],
    [agreement !== "", "--agreement names the agreement"],
    [/^[1-9]\d{0,8}$/.test(version), "--version is the number of the version"],
    [["OWNER", "DPO"].includes(asked.capacity ?? ""), "--capacity is OWNER or DPO"],
    [/^[0-9a-f]{64}$/.test(content), "--content is the SHA-256 of the content, 64 hexadecimal digits"],
    [["APPROVED", "REJECTED"].includes(asked.decision), "--decision is APPROVED or REJECTED"],
    [(asked.owner ?? agencyIn(id)) !== "", "--owner names the agency decided for"],
  ];
  return needs.filter(([isMet]) => !isMet).map(([, need]) => need);
}

const decidedOf = ({ steward: id = "", agreement, version, capacity, content, decision, owner }: Asked): Decided => ({
  agreement: String(agreement),
  version: Number(version),
  owner: owner ?? agencyIn(id),
  capacity: capacity as Decided["capacity"],
  decision: decision as Decided["decision"],
  contentSha256: String(content),
});

/** Every part is of a closed form or base64url, but the agreement's number, which is quoted as JSON: GraphQL reads it the same. */
const mutationOf = (decided: Decided, { keyId, signature }: { readonly keyId: string; readonly signature: string }): string =>
  `mutation { decideVersion(input: { agreement: ${JSON.stringify(decided.agreement)}, version: ${decided.version}, capacity: ${decided.capacity}, ` +
  `decision: ${decided.decision}, contentSha256: "${decided.contentSha256}", keyId: "${keyId}", signature: "${signature}" }) { state } }`;

/** Ids of ready-made stewards end in their agency. */
const agencyIn = (id: string): string => /^[a-z0-9]+\.([a-z0-9_]+)$/.exec(id)?.[1]?.toUpperCase() ?? "";

/** Null: no key is named, and this is not a development machine. Throws on a file that holds no Ed25519 key. */
function signerFor({ key, steward: id = "" }: Asked): Pick<Signer, "keyId" | "sign"> | null {
  if (key !== undefined) return signerOutOf(readFileSync(key, "utf8"));
  return process.env["HUB_ENV"] === "dev" ? signerOf(devStewardSecret(id), "steward") : null;
}

function signerOutOf(pem: string): Pick<Signer, "keyId" | "sign"> {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519")
    throw new Error("--key must hold an Ed25519 private key (openssl genpkey -algorithm ed25519)");
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64url");
  return { keyId: keyIdOf(publicKey), sign: (text) => sign(null, Buffer.from(text), key).toString("base64url") };
}

function complain(code: number, text: string): number {
  process.stderr.write(`hub steward: ${text}\n`);
  return code;
}
