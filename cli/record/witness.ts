import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { signerOf } from "../../schema/policy/keys.ts";
import { noteKey, readVkey, vkeyOf } from "../../schema/record/note.ts";
import { HASH_BYTES } from "../../schema/record/tiles.ts";
import { MOST_REQUEST_BYTES } from "../../schema/record/witness/addCheckpoint.ts";
import { judge, type Witnessed, type WitnessOf } from "../../schema/record/witness/witness.ts";
import { stopSignal } from "../run/ending.ts";
import { type Answer, type Listening, serve, TEXT } from "./server.ts";
import { lockState } from "./stateLock.ts";

export const help = `
Usage: npx hub witness --log-key VKEY --state FILE [--name NAME] [--host 127.0.0.1] [--port 4007]
       npx hub witness key --state FILE [--name NAME]

Cosigns the checkpoints of one log (C2SP tlog-witness, POST /add-checkpoint), each only when it continues the one cosigned before: what
a log has shown a witness it can never unsay. Run it on a machine, and by an agency, of its own. Needs no database.

  --log-key VKEY  verifier key of the log: npx hub record key prints it; its name is the origin
  --state FILE    what it last cosigned, and beside it (FILE.key) its own key, both made at the first start. A witness whose state is lost
                  must be retired, never started anew under its name. FILE.lock keeps a second process off it
  --name NAME     its name, a URL without scheme (witness.example/1)

\`key\` prints the witness's own verifier key, for HUB_WITNESSES of the log and for npx hub verify --witness.
Exit codes: 0 stopped, 1 cannot run, 2 wrong usage.
`;

const OPTIONS = {
  "log-key": { type: "string" },
  state: { type: "string" },
  name: { type: "string", default: "witness.example/1" },
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: "4007" },
} as const;

/** `argv`: what follows `witness`. */
export async function witness(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  const { state, name, host, port } = values;
  const [action, ...more] = positionals;
  const logKey = values["log-key"];
  if (
    state === undefined ||
    more.length > 0 ||
    (action === undefined) === (logKey === undefined) ||
    (action ?? "key") !== "key"
  ) {
    note("takes --state, and --log-key or `key`. npx hub witness --help explains.");
    return 2;
  }
  if (logKey === undefined) {
    process.stdout.write(`${vkeyOf(ownKey(state, name).key)}\n`);
    return 0;
  }
  const stop = stopSignal();
  const running = await startWitness({ log: readVkey(logKey), state, name, host, port: Number(port), note });
  note(`cosigns ${readVkey(logKey).name} at ${running.url}/add-checkpoint`);
  await stop;
  await running.close();
  return 0;
}

interface Running {
  readonly log: WitnessOf["log"];
  readonly state: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly note: (text: string) => void;
}

/** A witness of one log. Throws when its state cannot be read, or another process works on it. */
export async function startWitness({ log, state, name, host, port, note: told }: Running): Promise<Listening> {
  const own: WitnessOf = { log, ...ownKey(state, name) };
  const lock = lockState(state);
  const add = async (request: IncomingMessage): Promise<Answer> => {
    if (request.method !== "POST" || request.url !== "/add-checkpoint") return { status: 404, type: TEXT, body: "not found\n" };
    const text = await bodyOf(request);
    if (text === null) return { status: 413, type: TEXT, body: "too long\n" };
    // from here to the return nothing waits: what is compared is what is replaced
    lock.assertHeld();
    const answer = judge(text, readState(state, log.name), own);
    if (answer.seen) writeDurably(state, stateText(answer.seen, log.name));
    else told(`refused with ${answer.status}: ${answer.body.trim()}`);
    return { status: answer.status, type: answer.type ?? TEXT, body: answer.body };
  };
  try {
    readState(state, log.name);
    const serving = await serve(add, { host, port, movedBy: "--port", onError: (error) => told(String(error)) });
    return { ...serving, close: () => serving.close().finally(lock.release) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_REQUEST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Its own key, drawn once: whoever reads the file can sign in its name. */
function ownKey(state: string, name: string): Pick<WitnessOf, "signer" | "key"> {
  const path = `${state}.key`;
  if (!existsSync(path)) {
    if (existsSync(state)) throw new Error(`${path} is missing and ${state} is there: this witness must be retired`);
    writeDurably(path, randomBytes(32).toString("base64url"));
    writeDurably(state, "null\n");
  }
  const signer = signerOf(readFileSync(path, "utf8"), "witness");
  return { signer, key: noteKey(signer, name, "COSIGNATURE") };
}

const stateText = ({ size, root }: NonNullable<Witnessed>, origin: string): string =>
  `${JSON.stringify({ origin, size, root: root.toString("base64") })}\n`;

/** A state that is gone or cannot be read is never taken for a beginning: the witness could be made to sign a fork. */
function readState(path: string, origin: string): Witnessed {
  if (!existsSync(path)) throw new Error(`${path} is gone and its key is there: this witness must be retired`);
  const state = JSON.parse(readFileSync(path, "utf8")) as { origin: string; size: number; root: string } | null;
  if (state === null) return null;
  const root = Buffer.from(state.root, "base64");
  if (state.origin !== origin) throw new Error(`${path} is the state of a witness of ${state.origin}: use a file of its own`);
  if (!Number.isSafeInteger(state.size) || root.length !== HASH_BYTES) throw new Error(`${path} is not the state of a witness`);
  return { size: state.size, root };
}

/** The whole text or the old one, whenever the power fails; on disk when this returns. */
function writeDurably(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.new`;
  const file = openSync(beside, "w", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function note(text: string): void {
  process.stderr.write(`hub witness: ${text}\n`);
}
