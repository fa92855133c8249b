import { hexOf, type Octets, octetsOf, sha256, utf8 } from "./octets.ts";

// Signed notes, checkpoints and verifier keys (C2SP signed-note, tlog-checkpoint, tlog-cosignature), verified by WebCrypto.

/** A state of the log's tree, as its note says. */
export interface State {
  readonly origin: string;
  readonly size: number;
  readonly root: Octets;
}

interface SignatureLine {
  readonly name: string;
  /** Four octets, hex. */
  readonly id: string;
  readonly signature: Octets;
}

const [ED25519, COSIGNATURE] = [1, 4];
const [ID, HASH, TIME] = [4, 32, 8];

function readNote(note: string): { readonly text: string; readonly signatures: readonly SignatureLine[] } {
  const end = note.lastIndexOf("\n\n");
  const lines = note.slice(end + 2).split("\n");
  if (end < 0 || lines.pop() !== "" || lines.length === 0) throw new Error("not a signed note");
  return { text: note.slice(0, end + 1), signatures: lines.map(readLine) };
}

function readLine(line: string): SignatureLine {
  const [, name = "", base64 = ""] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? [];
  const octets = octetsOf(base64);
  if (name === "" || octets === null || octets.length <= ID) throw new Error("not a signature line of a note");
  return { name, id: hexOf(octets.subarray(0, ID)), signature: octets.slice(ID) };
}

/** What a checkpoint says; no signature is verified. Throws when it is none. */
export function stateOf(note: string): State {
  const [origin = "", digits = "", base64 = "", ...more] = readNote(note).text.split("\n");
  const [root, size] = [octetsOf(base64), Number(digits)];
  const isNumber = /^(?:0|[1-9]\d*)$/.test(digits) && Number.isSafeInteger(size);
  if (origin === "" || !isNumber || root?.length !== HASH || more.length === 0) throw new Error("not a checkpoint of a log");
  return { origin, size, root };
}

/** Whether the note carries a signature of this verifier key (`<name>+<id>+<base64>`), and every one of that key is right. Throws when either is none. */
export async function isSigned(note: string, verifierKey: string): Promise<boolean> {
  const { text, signatures } = readNote(note);
  const { name, id, type, raw } = await readKey(verifierKey);
  const mine = signatures.filter((one) => one.name === name && one.id === id);
  if (mine.length === 0) return false;
  const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  const verdicts = mine.map(({ signature }) => {
    const [told, signed] = type === COSIGNATURE ? cosigned(text, signature) : [text, signature];
    return crypto.subtle.verify("Ed25519", key, signed, utf8(told));
  });
  return (await Promise.all(verdicts)).every(Boolean);
}

async function readKey(verifierKey: string) {
  const [, name = "", id = "", base64 = ""] = /^([^\s+]+)\+([\da-f]{8})\+(\S+)$/.exec(verifierKey.trim()) ?? [];
  const octets = octetsOf(base64);
  const type = octets?.[0] ?? 0;
  if (octets?.length !== 1 + HASH || (type !== ED25519 && type !== COSIGNATURE))
    throw new Error("not a verifier key of a log or witness");
  const told = hexOf(await sha256(utf8(`${name}\n`), octets));
  if (!told.startsWith(id)) throw new Error("the id of this verifier key is not its own");
  return { name, id, type, raw: octets.slice(1) };
}

/** A witness signs an instant (its first eight octets) with the text. */
function cosigned(text: string, signature: Octets): [text: string, signature: Octets] {
  if (signature.length <= TIME) throw new Error("not a cosignature");
  const seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return [`cosignature/v1\ntime ${seconds}\n${text}`, signature.slice(TIME)];
}
