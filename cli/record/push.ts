import { type Client, newestCheckpoint, tileReader } from "../../drizzle/record/reads.ts";
import { isSignedNote, type NoteKey, parseNote, readSignature } from "../../schema/record/note.ts";
import { consistencyProof } from "../../schema/record/tree.ts";
import { addCheckpointText } from "../../schema/record/witness/addCheckpoint.ts";
import type { WitnessAddress } from "./settings.ts";

const TIMEOUT_MS = 5_000;
const LONGEST_ANSWER = 16 * 1024;

export interface WitnessPush {
  /** Shows the newest checkpoint to the witness and keeps its cosignature. Rejects when it has none in the end; whoever asks again goes on from what was learned. */
  push(): Promise<void>;
}

/** A log's side of one witness (C2SP tlog-witness). */
export function createPush(sql: Client, { url, key }: WitnessAddress): WitnessPush {
  /** Size the witness last cosigned, as far as is known. */
  let old: number | undefined;
  return {
    async push() {
      const newest = await newestCheckpoint(sql);
      old ??= await lastCosigned(sql, key);
      if (!newest || old >= newest.size) return;
      const proof = await consistencyProof(old, newest.size, tileReader(sql));
      const answer = await post(`${url}/add-checkpoint`, addCheckpointText(old, proof, newest.note));
      if (answer.status === 409) {
        old = sizeOf(answer, { name: key.name, newest: newest.size });
        return;
      }
      if (answer.status !== 200)
        throw new Error(`witness ${key.name} refused the checkpoint of size ${newest.size} with status ${answer.status}`);
      const line = lineOf(answer.body, { note: newest.note, key });
      await sql`insert into governance.cosignature (size, witness, line) values (${newest.size}, ${key.name}, ${line}) on conflict do nothing`;
      old = newest.size;
    },
  };
}

async function lastCosigned(sql: Client, { name }: NoteKey): Promise<number> {
  const [row] = await sql<
    { size: string }[]
  >`select coalesce(max(size), 0) as size from governance.cosignature where witness = ${name}`;
  return Number(row?.size ?? 0);
}

interface Told {
  readonly status: number;
  readonly body: string;
}

async function post(url: string, body: string): Promise<Told> {
  const response = await fetch(url, { method: "POST", body, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  return { status: response.status, body: text.slice(0, LONGEST_ANSWER) };
}

/** What the witness has seen, where it is another size than was thought. Throws when this log cannot have shown it that. */
function sizeOf({ body }: Told, { name, newest }: { name: string; newest: number }): number {
  if (!/^(?:0|[1-9]\d{0,15})\n$/.test(body)) throw new Error(`witness ${name} has seen another log of this name and size`);
  const seen = Number(body);
  if (seen > newest)
    throw new Error(
      `witness ${name} has cosigned ${seen} entries, and the tree has ${newest}: entries are lost, or another log has this name`,
    );
  return seen;
}

/** The line of the key that is known among those of the answer; others are nobody's. */
function lineOf(body: string, { note, key }: { note: string; key: NoteKey }): string {
  const { text } = parseNote(note);
  const signatures = body.split("\n").flatMap((line) => (line.startsWith(`— ${key.name} `) ? [readSignature(line)] : []));
  const mine = signatures.find(({ id }) => id === key.id);
  if (!mine || isSignedNote({ text, signatures: [mine] }, key) !== true)
    throw new Error(`witness ${key.name} answered with a cosignature that is not its own`);
  return mine.line;
}
