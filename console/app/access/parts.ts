import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** One part of the area, with its own routes below its path, loaded when first gone to. Its name is the text `access.part.<path>`. */
interface Part {
  readonly path: string;
  readonly Component: LazyExoticComponent<ComponentType>;
}

export const PARTS: readonly Part[] = [
  { path: "overview", Component: lazy(() => import("./overview/Overview.tsx")) },
  { path: "agreements", Component: lazy(() => import("./agreements/Agreements.tsx")) },
  { path: "matrix", Component: lazy(() => import("./matrix/Matrix.tsx")) },
  { path: "drafts", Component: lazy(() => import("./drafts/Drafts.tsx")) },
  { path: "decisions", Component: lazy(() => import("./decisions/Decisions.tsx")) },
  { path: "requests", Component: lazy(() => import("./requests/Requests.tsx")) },
  { path: "insight", Component: lazy(() => import("./insight/Insight.tsx")) },
  { path: "partners", Component: lazy(() => import("./partners/Partners.tsx")) },
];
