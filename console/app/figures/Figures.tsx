import "./figures.css";
import "./charts/charts.css";
import { lazy, Suspense } from "react";
import { Route, Routes } from "react-router";
import { Loading } from "../kit/States.tsx";
import { NoSuchPage } from "../shell/Crashed.tsx";
import { GroundProvider } from "./asking/ground.tsx";
import { Overview } from "./views/Overview.tsx";

const VIEWS = {
  coverage: lazy(() => import("./views/Coverage.tsx")),
  candidates: lazy(() => import("./views/Candidates.tsx")),
  overlap: lazy(() => import("./views/Overlap.tsx")),
  matching: lazy(() => import("./views/Matching.tsx")),
  proposals: lazy(() => import("./views/Proposals.tsx")),
  payments: lazy(() => import("./views/Payments.tsx")),
  quota: lazy(() => import("./views/Quota.tsx")),
  budget: lazy(() => import("./views/Budget.tsx")),
  registry: lazy(() => import("./views/Registry.tsx")),
  reconciliation: lazy(() => import("./views/Reconciliation.tsx")),
  explorer: lazy(() => import("./views/Explorer.tsx")),
};

/** Released figures in ready-made views, and one that asks any cube. */
export default function Figures() {
  return (
    <GroundProvider>
      <Suspense fallback={<Loading />}>
        <Routes>
          <Route index element={<Overview />} />
          {Object.entries(VIEWS).map(([path, View]) => (
            <Route key={path} path={path} element={<View />} />
          ))}
          <Route path="*" element={<NoSuchPage />} />
        </Routes>
      </Suspense>
    </GroundProvider>
  );
}
