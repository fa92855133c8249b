import { levelOf, parseRegionCode } from "../../../schema/values/regionCode.ts";
import { badInput } from "../../kit/errors.ts";
import type { AddLocalPsksKindInput, RegisterNeedInput, RegisterPsksInput } from "../generated.ts";
import { isKindOf } from "./kinds.ts";

type Fault = string | false;
const MAX_SIZE = 1_000_000;
const MAX_AREAS = 50;

/** Refuses with every sentence at once; they name the field and what it must be, never what it was. */
export function refuseFaults(faults: readonly Fault[]): void {
  const told = faults.filter((fault) => fault !== false);
  if (told.length > 0) throw badInput(told.join("; "));
}

/** A text within a length, white space around it not counted. */
export const textFault = (field: string, text: string, [least, most]: readonly [number, number]): Fault =>
  (text.trim().length < least || text.trim().length > most) && `${field} must have ${least} to ${most} characters`;

const isVillage = (code: string): boolean => levelOf(parseRegionCode(code) ?? "") === "VILLAGE";

/** What is wrong with a new need. */
export function needFaults({ kind, member, family, group }: RegisterNeedInput): readonly Fault[] {
  const given = [member, family, group].filter((subject) => subject != null);
  if (given.length !== 1) return ["give exactly one of member, family and group"];
  const subject = member != null ? "PERSON" : family != null ? "FAMILY" : (group?.kind ?? "GROUP");
  return [
    group != null && (subject === "PERSON" || subject === "FAMILY") && "group.kind must be GROUP, INSTITUTION or COMMUNITY",
    !isKindOf(kind, subject) && `kind is none that a ${subject} has`,
    ...(group == null
      ? []
      : [
          textFault("group.name", group.name, [3, 200]),
          (group.size < 1 || group.size > MAX_SIZE) && `group.size must be from 1 to ${MAX_SIZE}`,
          !isVillage(group.village) && "group.village must be the code of a village",
        ]),
  ];
}

/** What is wrong with a region's new kind of PSKS. */
export function kindFaults({ code, name, legalBasis, region }: AddLocalPsksKindInput): readonly Fault[] {
  const level = levelOf(region);
  return [
    (!/^[A-Z][A-Z0-9_]{2,49}$/.test(code) || code === "LOCAL") &&
      "code must be capital letters, digits and _, 3 to 50, not LOCAL",
    textFault("name", name, [3, 200]),
    textFault("legalBasis", legalBasis, [3, 200]),
    level !== "PROVINCE" && level !== "REGENCY" && "region must be a province or regency",
  ];
}

/** What is wrong with a new role or institution. */
export function psksFaults({ person, institution, village, since, areas }: RegisterPsksInput): readonly Fault[] {
  return [
    (person == null) === (institution == null) && "give a person or an institution, not both",
    institution != null && textFault("institution", institution, [3, 200]),
    institution != null && since != null && "since is for persons",
    !isVillage(village) && "village must be the code of a village",
    (areas?.length ?? 0) > MAX_AREAS && `areas must be at most ${MAX_AREAS}`,
  ];
}
