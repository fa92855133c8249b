import type { StewardRole } from "../../../schema/policy/words.ts";
import type { StewardAction } from "../generated.ts";
import { HUB, type Steward } from "../steward.ts";

/** Which roles may do what. Whose agreement it is, is judged beside it. */
export const ROLES_FOR: Readonly<Record<StewardAction, readonly StewardRole[]>> = {
  READ: ["STEWARD", "DPO", "AUDITOR", "OPERATOR"],
  CREATE_AGREEMENT: ["STEWARD", "OPERATOR"],
  DRAFT: ["STEWARD", "OPERATOR"],
  SUBMIT: ["STEWARD", "OPERATOR"],
  WITHDRAW: ["STEWARD", "OPERATOR"],
  DECIDE_AS_OWNER: ["STEWARD"],
  DECIDE_AS_DPO: ["DPO"],
  ACTIVATE: ["STEWARD"],
  SUSPEND: ["STEWARD", "DPO"],
  RESUME: ["STEWARD", "DPO"],
  REVOKE: ["STEWARD", "DPO"],
  ENROL: ["OPERATOR"],
};

export const OF_THE_HUB: ReadonlySet<StewardAction> = new Set(["ENROL"]);

/** Whether a steward's roles allow an act: what pages ask for their buttons. */
export const mayDo = ({ agencyCode, roles }: Steward, action: StewardAction): boolean =>
  ROLES_FOR[action].some((role) => roles.includes(role)) && (agencyCode === HUB || !OF_THE_HUB.has(action));
