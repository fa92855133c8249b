import { setTimeout as wait } from "node:timers/promises";
import { isSignedNote, type NoteKey, parseNote, readVkey } from "../../../../schema/record/note.ts";
import { readState } from "../../../../schema/record/noteText.ts";
import { verifyInclusion } from "../../../../schema/record/proofs.ts";
import { headersOf, type Partner, type PartnerCheck, TIMEOUT_MS } from "./partner.ts";

const KEY = "query LogKey { recordLogKey }";

interface Proof {
  readonly leaf: string;
  readonly index: number | null;
  readonly checkpoint: string | null;
  readonly inclusionProof: readonly string[] | null;
}

/** The tree grows about once a second. */
const TRIES = 12;
const PAUSE_MS = 500;

/** Whether the first answer's receipt stands in the log, by a proof that is checked here. */
export const receipt: PartnerCheck = async (partner, said) => {
  const own = partner.answer?.receipt;
  if (!own)
    return said.skipped(
      "receipt",
      partner.answer ? "the answer came without one: the record is away, or nothing was answered" : "nothing was asked",
    );
  const proof = await proofOf(partner, own.id);
  if (proof === null) return said.note("receipt", "not in the tree yet: ask for it later (GET /receipts/<id>)");
  const vkey = partner.logKey ?? (await hubKey(partner));
  if (vkey === null) return said.note("receipt", "the hub names no key of its log: give the one you hold with --log-key VKEY");
  const fault = faultOf(own.leaf, proof, readVkey(vkey));
  if (fault !== null)
    return said.bad(
      "receipt",
      fault,
      "keep the answer, and tell the hub's data protection officer: the record does not hold what it says",
    );
  if (partner.logKey !== undefined) said.good("receipt", `entry ${proof.index} of the log, proved by the key you hold`);
  else said.note("receipt", `entry ${proof.index} of the log, by the key the hub itself names: hold one with --log-key VKEY`);
};

async function proofOf(partner: Partner, id: string): Promise<Proof | null> {
  for (let turn = 0; turn < TRIES; turn++) {
    if (turn > 0) await wait(PAUSE_MS);
    const response = await fetch(`${partner.url}/receipts/${id}`, {
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: headersOf(partner),
    });
    const proof = response.ok ? ((await response.json()) as Proof) : null;
    if (proof?.index != null && proof.checkpoint !== null) return proof;
  }
  return null;
}

async function hubKey(partner: Partner): Promise<string | null> {
  const response = await fetch(`${partner.url}/graphql`, {
    method: "POST",
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: headersOf(partner),
    body: JSON.stringify({ query: KEY }),
  });
  const { data } = (await response.json()) as { data?: { recordLogKey?: string | null } | null };
  return data?.recordLogKey ?? null;
}

/** What does not hold; null: all does. */
function faultOf(leaf: string, { leaf: told, index, checkpoint, inclusionProof }: Proof, key: NoteKey): string | null {
  if (told !== leaf) return "the receipt has another hash than the answer had";
  const note = parseNote(checkpoint ?? "");
  if (isSignedNote(note, key) !== true) return "the checkpoint is not signed by the log's key";
  const { size, root } = readState(note.text);
  const proof = (inclusionProof ?? []).map((one) => Buffer.from(one, "base64"));
  const isIn = verifyInclusion({ leaf: Buffer.from(leaf, "hex"), index: index ?? -1, size, proof, root });
  return isIn ? null : "the proof does not lead from the answer to the signed tree";
}
