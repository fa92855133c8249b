import { PAGES as ACCESS } from "../../../console/app/access/pages.ts";
import { PAGES as AUDIT } from "../../../console/app/audit/pages.ts";
import { PAGES as DEVELOPER } from "../../../console/app/developer/pages.ts";
import { PAGES as DISTRICT } from "../../../console/app/district/pages.ts";
import { PAGES as FIGURES } from "../../../console/app/figures/pages.ts";
import { PAGES as CITIZEN } from "../../../console/citizen/pages.ts";

export interface FacePage {
  /** Its picture's name. */
  readonly name: string;
  readonly path: string;
  /** Who looks at it; CITIZEN: a data subject; undefined: nobody has signed in. */
  readonly as?: string;
}

/** Every page of every face: what is photographed, and what must be accessible. */
export const PAGES: readonly FacePage[] = [
  { name: "console-sign-in", path: "/console/" },
  { name: "console-home", path: "/console/", as: "steward.dukcapil" },
  ...ACCESS,
  ...AUDIT,
  ...FIGURES,
  ...DISTRICT,
  ...DEVELOPER,
  ...CITIZEN,
];
