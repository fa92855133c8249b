import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isSignedBy, type Signer, signerOf } from "../../../schema/policy/keys.ts";
import {
  deviceCard,
  type PacketContent,
  type PacketHead,
  type ReturnContent,
  type ReturnedChange,
  returnFaults,
} from "../../../subgraphs/welfare/packet/contents.ts";
import { type BoxKey, boxKeyOf, headOf, seal, unseal } from "../../../subgraphs/welfare/packet/seal.ts";

export const help = `
Usage: npx hub packet key DEVICE
       npx hub packet open PACKET --key DEVICE --hub-key KEY
       npx hub packet edit PACKET --key DEVICE --hub-key KEY --member ID --field FIELD --value TEXT --reason TEXT
       npx hub packet seal PACKET --key DEVICE --hub-key KEY

The device's side of a village packet (paket desa luring): a village's registry to work on without signal.

  key    makes the keys of a device in the file DEVICE (never replaced) and prints its public half, for the mutation issuePacket
  open   prints who is in the packet, as JSON
  edit   notes a change: FIELD is CLAIMED_NAME, ADDRESS or NOTE. Changes wait in PACKET.draft, encrypted to the device itself
  seal   prints the changes, encrypted to the hub and signed by the device, for the mutation returnPacket

  --hub-key  Packet.signingKey, taken down beforehand: a packet that another signed is refused

After its seven days this command refuses a packet, by the device's clock, and the hub takes no return of it. What a lost device holds stays readable
to whoever has its keys. Exit codes: 0 fine, 2 wrong usage or refused.
`;

interface Device {
  readonly box: BoxKey;
  readonly signer: Signer;
}
interface Opened {
  readonly path: string;
  readonly device: Device;
  readonly head: PacketHead;
  readonly content: PacketContent;
}

const OPTIONS = {
  key: { type: "string" },
  "hub-key": { type: "string" },
  member: { type: "string" },
  field: { type: "string" },
  value: { type: "string" },
  reason: { type: "string" },
} as const;

/** What the person at the device reads; nothing was written. */
class Refused extends Error {}

/** `argv`: what follows `packet`. */
export async function packet(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  const [act, path, ...more] = positionals;
  try {
    if (path === undefined || more.length > 0) throw new Refused("name what to do and one file");
    if (act === "key") return print(makeDevice(path));
    const opened = openPacket(path, { key: needed(values.key, "--key"), hubKey: needed(values["hub-key"], "--hub-key") });
    if (act === "open") return print(JSON.stringify({ ...opened.head, members: opened.content.members }, null, 2));
    if (act === "edit") return print(edit(opened, values));
    if (act === "seal") return print(sealReturn(opened));
    throw new Refused(`${act} is none of key, open, edit, seal`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    process.stderr.write(`hub packet: ${error.message}\n`);
    return 2;
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined) throw new Refused(`${name} is missing`);
  return value;
}

function makeDevice(path: string): string {
  if (existsSync(path)) throw new Refused(`${path} is there already: keys are not replaced`);
  const secret = () => randomBytes(32).toString("base64url");
  writeFileSync(path, `${JSON.stringify({ v: 1, box: secret(), signer: secret() })}\n`, { mode: 0o600, flag: "wx" });
  const { box, signer } = deviceOf(path);
  return deviceCard(box.publicKey, signer.publicKey);
}

function deviceOf(path: string): Device {
  const { v, box, signer } = JSON.parse(textOf(path)) as { v?: unknown; box?: unknown; signer?: unknown };
  if (v !== 1 || typeof box !== "string" || typeof signer !== "string") throw new Refused(`${path} holds no keys of a device`);
  return { box: boxKeyOf(Buffer.from(box, "base64url")), signer: signerOf(signer, "device") };
}

function textOf(path: string): string {
  if (!existsSync(path)) throw new Refused(`${path} does not exist`);
  return readFileSync(path, "utf8");
}

function openPacket(path: string, { key, hubKey }: { readonly key: string; readonly hubKey: string }): Opened {
  const device = deviceOf(key);
  const text = textOf(path);
  const isSigned = (signed: string, signature: string) => isSignedBy(hubKey, signed, signature);
  const content = unseal<PacketContent>("dtks-packet-1", text, { key: device.box, isSigned });
  const head = content && headOf<PacketHead>("dtks-packet-1", text);
  if (!head) throw new Refused("this is no packet of that hub for this device, or it was touched since");
  if (Date.parse(head.expiresAt) <= Date.now()) throw new Refused(`the packet expired at ${head.expiresAt}: ask for a new one`);
  return { path, device, head, content };
}

/** Drafts are encrypted to the device itself: they hold personal data as the packet does. */
function draftOf({ path, device, head }: Opened): readonly ReturnedChange[] {
  const file = `${path}.draft`;
  if (!existsSync(file)) return [];
  const isSigned = (signed: string, signature: string) => isSignedBy(device.signer.publicKey, signed, signature);
  const draft = unseal<ReturnContent>("dtks-draft-1", readFileSync(file, "utf8"), { key: device.box, isSigned });
  if (!draft || headOf<{ id: string }>("dtks-draft-1", readFileSync(file, "utf8"))?.id !== head.id)
    throw new Refused(`${file} is no draft of this packet and device`);
  return draft.changes;
}

function edit(opened: Opened, values: Partial<Record<"member" | "field" | "value" | "reason", string>>): string {
  const { path, device, head, content } = opened;
  const [member, field] = [needed(values.member, "--member"), needed(values.field, "--field")];
  const change = { member, field, value: needed(values.value, "--value"), reason: needed(values.reason, "--reason") };
  if (!content.members.some(({ id }) => id === member)) throw new Refused("--member is nobody in the packet");
  const changes = [...draftOf(opened), change as ReturnedChange];
  const faults = returnFaults({ changes });
  if (faults.length > 0) throw new Refused(faults.join("; "));
  const sealed = seal(
    "dtks-draft-1",
    { head: { id: head.id }, content: { changes } },
    { to: device.box.publicKey, sign: device.signer.sign },
  );
  writeFileSync(`${path}.draft.new`, sealed, { mode: 0o600 });
  renameSync(`${path}.draft.new`, `${path}.draft`);
  return `${changes.length} changes wait to be sealed`;
}

function sealReturn(opened: Opened): string {
  const { device, head, content } = opened;
  const changes = draftOf(opened);
  if (changes.length === 0) throw new Refused("there is no change to send");
  const { id, village } = head;
  return seal(
    "dtks-return-1",
    { head: { id, village }, content: { changes } },
    { to: content.returnTo, sign: device.signer.sign },
  );
}
