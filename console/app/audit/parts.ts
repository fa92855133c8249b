import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** One part of the area. Its name is the text `audit.part.<path>`; it is offered to who holds one of the roles, the hub judges every question anew. */
interface Part {
  readonly path: string;
  readonly roles: readonly string[];
  readonly Component: LazyExoticComponent<ComponentType>;
}

const EVERYBODY = ["AUDITOR", "DPO", "STEWARD", "OPERATOR"];

export const PARTS: readonly Part[] = [
  { path: "record", roles: ["AUDITOR", "DPO", "STEWARD"], Component: lazy(() => import("./record/Record.tsx")) },
  { path: "verify", roles: EVERYBODY, Component: lazy(() => import("./record/verify/Verify.tsx")) },
  { path: "requests", roles: ["DPO", "STEWARD"], Component: lazy(() => import("./rights/Requests.tsx")) },
  { path: "representations", roles: ["DPO"], Component: lazy(() => import("./rights/Representations.tsx")) },
  { path: "breaches", roles: ["DPO"], Component: lazy(() => import("./breaches/Breaches.tsx")) },
  { path: "seals", roles: ["DPO"], Component: lazy(() => import("./oversight/Seals.tsx")) },
  { path: "alerts", roles: EVERYBODY, Component: lazy(() => import("./oversight/Alerts.tsx")) },
  { path: "canaries", roles: ["OPERATOR"], Component: lazy(() => import("./oversight/Canaries.tsx")) },
  { path: "sanctions", roles: EVERYBODY, Component: lazy(() => import("./oversight/Sanctions.tsx")) },
  { path: "processing", roles: EVERYBODY, Component: lazy(() => import("./oversight/Processing.tsx")) },
  { path: "report", roles: EVERYBODY, Component: lazy(() => import("./oversight/Report.tsx")) },
];
