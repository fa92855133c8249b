import { Route, Routes } from "react-router";
import { DecisionList } from "./DecisionList.tsx";
import { KeysPage } from "./keys/KeysPage.tsx";
import { StewardsPage } from "./keys/StewardsPage.tsx";
import { ReviewPage } from "./review/ReviewPage.tsx";

/** Versions under review, and the keys they are decided with. */
export default function Decisions() {
  return (
    <Routes>
      <Route index element={<DecisionList />} />
      <Route path="keys" element={<KeysPage />} />
      <Route path="stewards" element={<StewardsPage />} />
      <Route path=":agreement/:version" element={<ReviewPage />} />
    </Routes>
  );
}
