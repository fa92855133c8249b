import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { loadPageTexts } from "../kit/text.tsx";

/** One of the console's faces. It brings its own routes below its path, and is loaded when first gone to. */
export interface Area {
  readonly path: string;
  readonly Component: LazyExoticComponent<ComponentType>;
  /** Roles of which one is needed; empty: everybody who has signed in. */
  readonly roles: readonly string[];
}

/** An area with the texts of its own. */
const area = (load: () => Promise<{ default: ComponentType }>, ...texts: readonly string[]) =>
  lazy(async () => {
    const [loaded] = await Promise.all([load(), loadPageTexts(texts)]);
    return loaded;
  });

export const AREAS: readonly Area[] = [
  {
    path: "access",
    Component: area(() => import("../access/Access.tsx"), "access", "steward"),
    roles: ["STEWARD", "DPO", "OPERATOR", "AUDITOR"],
  },
  {
    path: "audit",
    Component: area(() => import("../audit/Audit.tsx"), "audit"),
    roles: ["AUDITOR", "DPO", "STEWARD", "OPERATOR"],
  },
  { path: "figures", Component: area(() => import("../figures/Figures.tsx"), "figures"), roles: [] },
  {
    path: "district",
    Component: area(() => import("../district/District.tsx"), "district"),
    roles: ["OFFICER", "PROGRAM_OFFICER", "ANALYST"],
  },
  { path: "developer", Component: area(() => import("../developer/Developer.tsx"), "developer"), roles: ["ANALYST", "STEWARD"] },
];

/** Part of the developer's portal, at an address of its own: its editor needs a Content-Security-Policy of its own. */
export const EXPLORER: Area = {
  path: "explorer",
  Component: area(() => import("../developer/explorer/Explorer.tsx"), "developer"),
  roles: [],
};
