import { Navigate, Route, Routes } from "react-router";
import { ExplainPage } from "./ExplainPage.tsx";
import { TryPage } from "./TryPage.tsx";

/** Why an agreement sees what it sees. */
export default function Insight() {
  return (
    <Routes>
      <Route index element={<Navigate to="explain" replace />} />
      <Route path="explain" element={<ExplainPage />} />
      <Route path="try" element={<TryPage />} />
    </Routes>
  );
}
