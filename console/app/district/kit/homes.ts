/** A household of the registry, and who lives in it. */
export interface Home {
  readonly id: string;
  readonly address: string | null;
  readonly region: { readonly code: string; readonly name: string } | null;
  readonly members: readonly HomeMember[] | null;
}

export interface HomeMember {
  readonly id: string;
  readonly suffix: string | null;
  readonly relation: string | null;
  readonly claimedName: string | null;
  readonly state: string | null;
  readonly family: { readonly id: string; readonly registryNumber: string | null } | null;
}

interface Listed {
  readonly id: string;
  readonly label: string;
}

/** Those who live there: nobody who died or whose entry went to another family. */
export const presentIn = ({ members }: Home): readonly HomeMember[] =>
  members?.filter(({ state }) => state === "ACTIVE" || state === "DORMANT") ?? [];

export const membersIn = (home: Home): readonly Listed[] =>
  presentIn(home).map(({ id, suffix, claimedName }) => ({ id, label: `${suffix ?? ""} ${claimedName ?? ""}`.trim() }));

/** Families with somebody in them, each by its head and its number. */
export function familiesIn(home: Home): readonly Listed[] {
  const families = new Map<string, HomeMember>();
  for (const member of presentIn(home))
    if (member.family && (member.relation === "HEAD" || !families.has(member.family.id))) families.set(member.family.id, member);
  return [...families].map(([id, { claimedName, family }]) => ({
    id,
    label: [claimedName, family?.registryNumber].filter((one) => one != null).join(" · "),
  }));
}
