import { levelOf } from "../../../schema/values/regionCode.ts";
import type { ChangeInput, DestinationInput, MoverInput } from "../generated.ts";
import type { Change, Destination, Mover } from "./preview/shape.ts";

const [MAX_NAME, MAX_ADDRESS, MAX_MOVERS] = [100, 200, 30];
const NUMBER = /^[0-9]{16}$/;
const PARTS = ["birth", "death", "move", "split", "marriage", "divorce", "merge", "correction"] as const;

/** A change as it was sent. */
export interface Sent {
  readonly change: Change;
  readonly effectiveOn: string;
  readonly cardNumber: string | null;
}

/** Reads an input; every fault at once, each with its field and without its value. `today`: ISO day in WIB. Pure. */
export function readChange(input: ChangeInput, today: string): { readonly sent: Sent } | { readonly faults: readonly string[] } {
  const given = PARTS.filter((part) => input[part] != null);
  const { effectiveOn, cardNumber = null } = input;
  const change = changeOf(input);
  const faults = [
    given.length !== 1 && `exactly one of ${PARTS.join(", ")} must be given`,
    effectiveOn > today && "effectiveOn must not be in the future",
    cardNumber !== null && !NUMBER.test(cardNumber) && "cardNumber must be 16 digits",
    ...(change && given.length === 1 ? formFaults(change) : []),
    ...destinationFaults(given.map((part) => input[part])),
  ].filter((fault) => fault !== false);
  return faults.length > 0 || change === null ? { faults } : { sent: { change, effectiveOn, cardNumber } };
}

function changeOf(input: ChangeInput): Change | null {
  const { birth, death, merge, correction } = input;
  if (birth) return { kind: "BIRTH", ...birth, nik: birth.nik ?? null, relation: birth.relation ?? "CHILD" };
  if (death) return { kind: "DEATH", memberId: death.memberId };
  if (merge) return { kind: "MERGE", ...merge, relations: moversOf(merge.relations ?? []) };
  return correction ? correctionOf(correction) : regroupingIn(input);
}

/** Changes in which some go elsewhere. */
function regroupingIn({ move, split, marriage, divorce }: ChangeInput): Change | null {
  const regroup = move ?? split;
  if (regroup) return { kind: move ? "MOVE" : "SPLIT", movers: moversOf(regroup.members), to: destinationOf(regroup.to) };
  if (divorce)
    return { kind: "DIVORCE", memberId: divorce.memberId, childIds: divorce.childIds ?? [], to: destinationOf(divorce.to) };
  const [one = "", other = ""] = marriage?.memberIds ?? [];
  return marriage ? { kind: "MARRIAGE", memberIds: [one, other], to: destinationOf(marriage.to) } : null;
}

const correctionOf = ({ memberId, name, nik, relation }: NonNullable<ChangeInput["correction"]>): Change => ({
  kind: "CORRECTION",
  memberId,
  name: name ?? null,
  nik: nik ?? null,
  relation: relation ?? null,
});

const moversOf = (movers: readonly MoverInput[]): Mover[] =>
  movers.map(({ memberId, relation }) => ({ memberId, relation: relation ?? null }));

function destinationOf(to: DestinationInput | null | undefined): Destination {
  if (to?.familyId != null) return { familyId: to.familyId };
  return to?.region != null ? { region: to.region, address: to.address ?? "" } : { here: true };
}

const isText = (text: string, most: number) => text.trim() !== "" && text.length <= most;

/** What a change says in the wrong form, whatever the registry knows. */
function formFaults(change: Change): string[] {
  const faults = [
    "name" in change && change.name !== null && !isText(change.name, MAX_NAME) && `name must have 1 to ${MAX_NAME} characters`,
    "nik" in change && change.nik !== null && !NUMBER.test(change.nik) && "nik must be 16 digits",
    "movers" in change && change.movers.length > MAX_MOVERS && `members must be at most ${MAX_MOVERS}`,
    change.kind === "MARRIAGE" && change.memberIds.includes("") && "memberIds must be two",
    "to" in change && "region" in change.to && levelOf(change.to.region) !== "VILLAGE" && "to.region must be a village",
    "to" in change &&
      "region" in change.to &&
      !isText(change.to.address, MAX_ADDRESS) &&
      `to.address must have 1 to ${MAX_ADDRESS} characters`,
  ];
  return faults.filter((fault) => fault !== false);
}

/** A destination is a family, or a village with an address, or nothing. */
function destinationFaults(parts: readonly unknown[]): string[] {
  const places = parts.flatMap((part) => (part as { readonly to?: DestinationInput | null }).to ?? []);
  const isMixed = ({ familyId, region, address }: DestinationInput) =>
    familyId != null ? region != null || address != null : (region == null) !== (address == null);
  return places.some(isMixed) ? ["to must be a family, or a region and an address"] : [];
}

const NEEDS: Readonly<Record<Change["kind"], readonly string[]>> = {
  BIRTH: ["familyId", "name", "birthDate"],
  DEATH: ["memberId"],
  MOVE: ["movers", "to"],
  SPLIT: ["movers", "to"],
  MARRIAGE: ["memberIds", "to"],
  DIVORCE: ["memberId", "to"],
  MERGE: ["familyId", "intoFamilyId"],
  CORRECTION: ["memberId"],
};
type Draft = Readonly<Record<string, unknown>> & { readonly kind: Change["kind"] };

/** What a draft still lacks, by the names of the input; empty: it is a change. Pure. */
export function missingIn(draft: unknown): string[] {
  const { kind, ...said } = draft as Draft;
  const place = (said["to"] ?? {}) as { readonly region?: unknown; readonly address?: unknown };
  const couple = said["memberIds"] as readonly string[] | undefined;
  return [
    ...NEEDS[kind].filter((name) => said[name] == null),
    ...(place.region !== undefined && place.address === undefined ? ["to.address"] : []),
    ...(couple !== undefined && couple.length !== 2 ? ["memberIds"] : []),
  ];
}

/** The change a request stands for; null while it lacks something. */
export const changeIn = (input: unknown): Change | null => (missingIn(input).length === 0 ? (input as Change) : null);
