import { bytesOf, hexOf, readNote, readState } from "../../../../schema/record/noteText.ts";
import { leafHash, proofFrom, rootBy, type TileSource } from "./merkle.ts";
import { signedNote } from "./signature.ts";

/** What is checked, in this order. */
export const CHECKS = ["TEXT", "PLACE", "SIGNATURE", "INCLUSION", "PUBLIC_SIGNATURE", "PUBLIC_INCLUSION"] as const;
export type Check = (typeof CHECKS)[number];
/** OPEN: could not be checked, and why stands beside it. */
export type Outcome = "RIGHT" | "WRONG" | "OPEN";
export interface Step {
  readonly check: Check;
  readonly outcome: Outcome;
  /** What was compared, or why it was not. */
  readonly found: string;
}
export type Verdict = "GENUINE" | "ALTERED" | "NOT_COVERED" | "UNPROVEN";

/** An entry as somebody claims it. */
export interface Claim {
  /** Hex. */
  readonly leaf: string;
  /** Text of the entry; null: not at hand. */
  readonly text: string | null;
  readonly index: number | null;
  /** Signed note of a tree with the entry in it, and the hashes from it to the root, base64. */
  readonly checkpoint: string | null;
  readonly proof: readonly string[] | null;
}

/** The log as everybody reads it. */
export interface PublicLog {
  checkpoint(): Promise<string | null>;
  readonly tile: TileSource;
}

interface Known {
  /** Verifier key of the log; empty: unknown. */
  readonly key: string;
  readonly log: PublicLog;
}

/** Every check of a claim, all of them made in this process: nothing is taken from the hub but what is to be proven. */
export async function verify(
  claim: Claim,
  { key, log }: Known,
): Promise<{ readonly verdict: Verdict; readonly steps: readonly Step[] }> {
  const told = [await textStep(claim), placeStep(claim)];
  const own = await noteSteps(claim.checkpoint, { key, names: ["SIGNATURE", "INCLUSION"], leaf: claim.leaf }, () =>
    givenProof(claim),
  );
  const newest = await log.checkpoint().catch(() => null);
  const open = await noteSteps(newest, { key, names: ["PUBLIC_SIGNATURE", "PUBLIC_INCLUSION"], leaf: claim.leaf }, (size) =>
    publicProof(claim, log, size),
  );
  const steps = [...told, ...own, ...open];
  return { verdict: verdictOf(claim, steps), steps };
}

function verdictOf({ index }: Claim, steps: readonly Step[]): Verdict {
  const of = (check: Check) => steps.find((step) => step.check === check)?.outcome;
  if (steps.some(({ outcome }) => outcome === "WRONG")) return "ALTERED";
  if (index === null) return "NOT_COVERED";
  const isProven = (signature: Check, inclusion: Check) => of(signature) === "RIGHT" && of(inclusion) === "RIGHT";
  const isCovered = isProven("SIGNATURE", "INCLUSION") || isProven("PUBLIC_SIGNATURE", "PUBLIC_INCLUSION");
  return isCovered ? "GENUINE" : "UNPROVEN";
}

async function textStep({ text, leaf }: Claim): Promise<Step> {
  if (text === null) return { check: "TEXT", outcome: "OPEN", found: "" };
  const found = hexOf(await leafHash(text));
  return { check: "TEXT", outcome: found === leaf.toLowerCase() ? "RIGHT" : "WRONG", found };
}

const placeStep = ({ index }: Claim): Step => ({
  check: "PLACE",
  outcome: index === null ? "OPEN" : "RIGHT",
  found: index === null ? "" : String(index),
});

interface Noted {
  readonly key: string;
  readonly names: readonly [signature: Check, inclusion: Check];
  readonly leaf: string;
}
interface Proof {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
}

/** Signature of a checkpoint and whether the leaf leads to its root. */
async function noteSteps(
  note: string | null,
  { key, names: [signature, inclusion], leaf }: Noted,
  proofFor: (size: number) => Promise<Proof | null>,
): Promise<Step[]> {
  const open = (check: Check): Step => ({ check, outcome: "OPEN", found: "" });
  if (note === null) return [open(signature), open(inclusion)];
  try {
    const { size, root } = readState(readNote(note).text);
    const signed = await signedNote(note, key);
    const outcome = signed === "SIGNED" ? "RIGHT" : signed === "FORGED" || signed === "UNSIGNED" ? "WRONG" : "OPEN";
    const proof = await proofFor(size);
    const found = proof && (await rootBy(bytesOfHex(leaf), { index: proof.index, size, proof: proof.hashes }));
    const isSame = found !== null && hexOf(found) === hexOf(root);
    const step: Step =
      proof === null ? open(inclusion) : { check: inclusion, outcome: isSame ? "RIGHT" : "WRONG", found: hexOf(root) };
    return [{ check: signature, outcome, found: signed }, step];
  } catch (error) {
    return [{ check: signature, outcome: "WRONG", found: String(error) }, open(inclusion)];
  }
}

async function givenProof({ index, proof }: Claim): Promise<Proof | null> {
  if (index === null || proof === null) return null;
  return { index, hashes: proof.map((hash) => bytesOf(hash) ?? new Uint8Array()) };
}

async function publicProof({ index }: Claim, { tile }: PublicLog, size: number): Promise<Proof | null> {
  if (index === null || index >= size) return null;
  const hashes = await proofFrom((path) => tile(path).catch(() => null), { index, size });
  return hashes && { index, hashes };
}

const bytesOfHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/[\da-f]{2}/gi) ?? [], (digits) => Number.parseInt(digits, 16));
