import { createHash, randomUUID } from "node:crypto";
import type { OpenedEnvelope } from "../../../schema/caller.ts";
import { Refusal } from "../../../schema/errors.ts";
import { isSignedBy } from "../../../schema/policy/keys.ts";
import { type Act, acting, changedMeanwhile, officerActing } from "../../kit/acts/acting.ts";
import { badInput } from "../../kit/errors.ts";
import type { Asking } from "../../kit/serve/context.ts";
import { type MemberRow, membersById } from "../data.ts";
import type { DecidePacketChangeInput } from "../generated.ts";
import type { Desk } from "../held.ts";
import { onDuty } from "../office/duty.ts";
import { type PacketHead, packed, type ReturnContent, type ReturnHead, readDevice, returnFaults } from "./contents.ts";
import * as data from "./data.ts";
import { type BoxKey, boxKeyOf, headOf, seal, unseal } from "./seal.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const GOOD_FOR_MS = 7 * DAY_MS;
/** More than any village has of the lowest deciles; beyond it a device is the wrong tool. */
const MOST_MEMBERS = 5000;
const MOST_TEXT = 1024 * 1024;

/** A packet, and what is told about it at its issue only. */
export interface IssuedPacket extends data.PacketRow {
  readonly held?: readonly MemberRow[];
  readonly sealed?: string;
}

type MayRead = OpenedEnvelope["mayRead"];

export const packetActs = (asking: Asking, desk: Desk) => {
  const act = acting(asking);
  const returnKey = () => boxKeyOf(asking.keyFor("packet"));
  return {
    issue: (input: { readonly village: string; readonly device: string }, mayRead: MayRead) =>
      act((one) => issue(one, input, { mayRead, returnTo: returnKey().publicKey, sign: desk.attestation.signer.sign })),
    takeBack: (text: string) => act((one) => takeBack(one, text, returnKey())),
    decide: (input: DecidePacketChangeInput) => act((one) => decide(one, input)),
  };
};

interface Issuing {
  readonly mayRead: MayRead;
  readonly returnTo: string;
  readonly sign: (text: string) => string;
}

async function issue(
  one: Act,
  { village, device }: { readonly village: string; readonly device: string },
  { mayRead, returnTo, sign }: Issuing,
): Promise<IssuedPacket> {
  const keys = readDevice(device);
  if (!keys) throw badInput("device must be what `npx hub packet key` prints");
  if (!mayRead("Packet.members") || !mayRead("Member.id"))
    throw badInput("ask for members { id … } in the same request: what is handed out stands on record");
  const officer = await onDuty(one, ["VILLAGE_OPERATOR"], village);
  const held = await data.membersOfVillage(one.db, village, MOST_MEMBERS + 1);
  if (held.length > MOST_MEMBERS) throw badInput(`village: has more than ${MOST_MEMBERS} members`);
  const expiresAt = new Date(one.now.getTime() + GOOD_FOR_MS).toISOString();
  const head: PacketHead = { id: randomUUID(), village, officer, issuedAt: one.now.toISOString(), expiresAt };
  const content = { returnTo, members: held.map((row) => packed(row, mayRead)) };
  const sealed = sealedTo(keys.box, { head, content, sign });
  const { id, issuedAt } = head;
  const row = { id, region: village, officer, deviceKey: keys.box, deviceSigner: keys.signer, issuedAt, expiresAt };
  const written = await data.insertPacket(one.db, { ...row, members: held.length });
  if (!written) throw new Error("the packet was not written");
  return { ...written, held, sealed };
}

function sealedTo(to: string, { head, content, sign }: { head: object; content: object; sign: Issuing["sign"] }): string {
  try {
    return seal("dtks-packet-1", { head, content }, { to, sign });
  } catch (error) {
    throw new Refusal({ code: "BAD_USER_INPUT", detail: "device holds no usable key" }, { cause: error });
  }
}

async function takeBack(one: Act, text: string, key: BoxKey): Promise<IssuedPacket> {
  const officer = officerActing(one.caller);
  if (text.length > MOST_TEXT) throw badInput("text must have at most 1 MiB");
  const head = headOf<ReturnHead>("dtks-return-1", text);
  const known = head && (await data.packetById(one.db, String(head.id), { isWriting: true }));
  if (!known || known.officer !== officer) throw badInput("text: comes from no packet that was issued to you");
  if (head.village !== known.region) throw badInput("text: is of another village");
  const isSigned = (signed: string, signature: string) => isSignedBy(known.deviceSigner, signed, signature);
  const content = unseal<ReturnContent>("dtks-return-1", text, { key, isSigned });
  if (!content) throw badInput("text: was not sealed by the device the packet was issued to, or was touched since");
  const returnHash = createHash("sha256").update(text.trim()).digest("base64url");
  if (known.returnHash === returnHash) return known;
  await onDuty(one, ["VILLAGE_OPERATOR"], known.region);
  return keep(one, { known, content, returnHash });
}

async function keep(
  one: Act,
  { known, content, returnHash }: { known: data.PacketRow; content: ReturnContent; returnHash: string },
): Promise<IssuedPacket> {
  const faults = returnFaults(content);
  if (faults.length > 0) throw badInput(faults.join("; "));
  const members = new Map(
    (
      await membersById(
        one.db,
        content.changes.map(({ member }) => member),
      )
    ).map((row) => [row.id, row]),
  );
  const strangers = content.changes.flatMap(({ member }, at) =>
    members.get(member)?.region === known.region ? [] : [`change ${at + 1}: member is none of the village`],
  );
  if (strangers.length > 0) throw badInput(strangers.join("; "));
  const returned = await data.markReturned(one.db, known.id, { returnHash, returnedAt: one.now.toISOString() });
  if (!returned) throw changedMeanwhile("the packet");
  const rows = content.changes.map(({ member, field, value, reason }, at) => ({
    ...{ id: randomUUID(), packetId: known.id, position: at + 1, memberId: member, field },
    ...{ personId: members.get(member)?.personId ?? null, value: value.trim(), reason: reason.trim() },
    ...{ state: "PENDING" as const, submittedBy: known.officer, region: known.region },
  }));
  await data.insertChanges(one.db, rows);
  return returned;
}

async function decide(one: Act, { id, version, isAccepted, reason }: DecidePacketChangeInput): Promise<data.PacketChangeRow> {
  const decisionReason = reason.trim();
  if (decisionReason.length < 3 || decisionReason.length > 1000) throw badInput("reason must have 3 to 1000 characters");
  const [known] = await data.changesById(one.db, [id]);
  if (!known) throw badInput("id: there is no such change");
  const decidedBy = await onDuty(one, ["VERIFIER"], known.region);
  if (known.submittedBy === decidedBy)
    throw new Refusal({ code: "FORBIDDEN", detail: "nobody decides about a change of their own" });
  const state = isAccepted ? "ACCEPTED" : "REJECTED";
  const set = { state, decidedBy, decidedAt: one.now.toISOString(), decisionReason } as const;
  const decided = await data.decideChange(one.db, { id, version }, set);
  if (!decided) throw changedMeanwhile("the change");
  return decided;
}
