import type { PACKET_FIELDS } from "../../../drizzle/tables/welfare/needs.ts";
import { publicKeyOf } from "../../../schema/policy/keys.ts";

/** What the head of a packet says in the open. */
export interface PacketHead {
  readonly id: string;
  readonly village: string;
  readonly officer: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
}

/** One member as a device holds it: what the agreement opens of the least that field work takes; of a NIK the last four digits. */
export interface PacketMember {
  readonly id: string;
  readonly household: string;
  readonly family: string;
  readonly suffix?: string;
  readonly relation?: string;
  readonly state?: string;
  readonly claimedName?: string;
  readonly nikLast4?: string | null;
  readonly address?: string;
}

export interface PacketContent {
  /** Raw X25519 public key that the return is sealed to. */
  readonly returnTo: string;
  readonly members: readonly PacketMember[];
}

export type PacketField = (typeof PACKET_FIELDS)[number];

export interface ReturnHead {
  readonly id: string;
  readonly village: string;
}
export interface ReturnedChange {
  readonly member: string;
  readonly field: PacketField;
  readonly value: string;
  readonly reason: string;
}
export interface ReturnContent {
  readonly changes: readonly ReturnedChange[];
}

const DEVICE = /^dtks-device-1\.([\w-]{43})\.([\w-]{59})$/;

/** The public half of a device: what it opens with (raw X25519) and signs with (Ed25519, SubjectPublicKeyInfo), base64url. Null: it is none. */
export function readDevice(card: string): { readonly box: string; readonly signer: string } | null {
  const [, box, signer] = DEVICE.exec(card.trim()) ?? [];
  return box && signer && isSigningKey(signer) ? { box, signer } : null;
}

function isSigningKey(signer: string): boolean {
  try {
    return publicKeyOf(signer).asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}

export const deviceCard = (box: string, signer: string): string => `dtks-device-1.${box}.${signer}`;

interface Row {
  readonly id: string;
  readonly householdId: string;
  readonly familyId: string;
  readonly suffix: string;
  readonly relation: string;
  readonly state: string;
  readonly claimedName: string;
  readonly claimedNik: string | null;
  readonly address: string;
}

/** A row as a packet holds it. `mayRead`: which coordinates the request asked for and got. Pure. */
export function packed(row: Row, mayRead: (coordinate: string) => boolean): PacketMember {
  const { id, householdId, familyId, claimedNik } = row;
  const fields = {
    suffix: ["Member.suffix", row.suffix],
    relation: ["Member.relation", row.relation],
    state: ["Member.state", row.state],
    claimedName: ["Member.claimedName", row.claimedName],
    nikLast4: ["Member.claimedNik", claimedNik === null || claimedNik.length <= 8 ? null : claimedNik.slice(-4)],
    address: ["Household.address", row.address],
  } as const;
  const opened = Object.entries(fields).flatMap(([name, [coordinate, value]]) => (mayRead(coordinate) ? [[name, value]] : []));
  return { id, household: householdId, family: familyId, ...Object.fromEntries(opened) };
}

const LONGEST: Readonly<Record<PacketField, number>> = { CLAIMED_NAME: 200, ADDRESS: 500, NOTE: 1000 };
const MOST_CHANGES = 1000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is wrong with what came back, by position from 1; empty when nothing is. Pure. */
export function returnFaults({ changes }: ReturnContent): readonly string[] {
  if (!Array.isArray(changes) || changes.length === 0 || changes.length > MOST_CHANGES)
    return [`changes must be a list of 1 to ${MOST_CHANGES}`];
  return (changes as readonly Partial<Record<keyof ReturnedChange, unknown>>[]).flatMap((change, at) =>
    changeFaults(change ?? {}).map((fault) => `change ${at + 1}: ${fault}`),
  );
}

function changeFaults({ member, field, value, reason }: Partial<Record<keyof ReturnedChange, unknown>>): string[] {
  const isField = (name: unknown): name is PacketField => typeof name === "string" && Object.hasOwn(LONGEST, name);
  const isText = (text: unknown, [least, most]: readonly [number, number]) =>
    typeof text === "string" && text.trim().length >= least && text.length <= most && !text.includes("\u0000");
  return [
    (typeof member !== "string" || !UUID.test(member)) && "member must be the id of a member",
    !isField(field) && `field must be one of ${Object.keys(LONGEST).join(", ")}`,
    isField(field) && !isText(value, [1, LONGEST[field]]) && `value must have 1 to ${LONGEST[field]} characters`,
    !isText(reason, [3, 1000]) && "reason must have 3 to 1000 characters",
  ].filter((fault) => fault !== false);
}
