import { createHash } from "node:crypto";
import { type Attesting, attest, attestationSigner, devAttestationSecret } from "../../../../schema/attestation.ts";
import { cubeOf } from "../../../../schema/statistics/cubes.ts";
import { RELEASE, type ReleasedCell, type ReleaseHead } from "../../../../schema/statistics/release.ts";

/** A cell of households: country, one province; shown unless it says otherwise. */
export const cellOf = (differences: Partial<ReleasedCell> = {}): ReleasedCell => ({
  ...{ region: "0", key: ["1"], persons: null, units: 10, total: null },
  ...differences,
});

export const HOUSEHOLDS: ReleaseHead = {
  ...{ cube: "REGISTRY_HOUSEHOLDS", period: "2026-10", number: 1, asOf: "2026-10-15T03:00:00Z", isFinal: false },
};

const signerOfSlice = (slice: string) => attestationSigner(devAttestationSecret(slice));

interface Writing {
  readonly by?: Attesting;
  /** Whose key signs. */
  readonly signedAs?: Attesting;
  /** What the attestation says otherwise than the lines. */
  readonly says?: Record<string, unknown>;
  readonly about?: string;
  readonly kind?: string;
}

/** Lines of a release as the slice of its cube writes it. */
export function linesOf(head: ReleaseHead, cells: readonly unknown[], writing: Writing = {}): string[] {
  const { cube, period, number, asOf } = head;
  const by = writing.by ?? cubeOf(cube)?.slice ?? "welfare";
  const lines = [head, ...cells].map((line) => JSON.stringify(line));
  const sha256 = createHash("sha256")
    .update(lines.map((line) => `${line}\n`).join(""))
    .digest("hex");
  const says = { ...head, cells: cells.length, sha256, ...writing.says };
  const about = writing.about ?? `${cube}/${period}/${number}`;
  const attestation = attest(signerOfSlice(writing.signedAs ?? by), { by, kind: writing.kind ?? RELEASE, about, at: asOf, says });
  return [...lines, JSON.stringify({ attestation })];
}

/** So many cells, each of a village of its own. */
export const manyCells = (count: number): ReleasedCell[] =>
  Array.from({ length: count }, (_, at) => cellOf({ region: `35${String(at).padStart(8, "0")}` }));
