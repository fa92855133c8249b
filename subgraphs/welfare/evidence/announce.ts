import { randomUUID } from "node:crypto";
import { type Act, changedMeanwhile } from "../../kit/acts/acting.ts";
import { uuids } from "../../kit/data.ts";
import { badInput } from "../../kit/errors.ts";
import type { AnnounceEvidenceInput } from "../generated.ts";
import { type EvidenceRow, insertEvidence } from "./data.ts";
import { faultOfMedia } from "./media.ts";

/** Bytes of one piece at most. */
export const MAX_BYTES = 20 * 1024 * 1024;

/** What is wrong with what is announced, all at once. */
export function faultsOf({ kind, mediaType, bytes, sha256, about }: AnnounceEvidenceInput): string[] {
  const media = faultOfMedia(kind, mediaType);
  return [
    ...(media === null ? [] : [media]),
    ...(bytes >= 1 && bytes <= MAX_BYTES ? [] : [`bytes must be from 1 to ${MAX_BYTES}`]),
    ...(/^[0-9a-f]{64}$/.test(sha256) ? [] : ["sha256 must be 64 lower-case hexadecimal digits"]),
    ...(about == null || uuids([about]).length === 1 ? [] : ["about must be an id"]),
  ];
}

export async function announce({ db, caller, now }: Act, input: AnnounceEvidenceInput): Promise<EvidenceRow> {
  const faults = faultsOf(input);
  if (faults.length > 0) throw badInput(faults.join("; "));
  const { kind, mediaType, bytes, sha256, region } = input;
  const row = { id: randomUUID(), kind, mediaType, bytes, sha256, region, about: input.about ?? null, personId: caller.citizen };
  const made = await insertEvidence(db, row, now);
  if (!made) throw changedMeanwhile("the evidence");
  return made;
}
