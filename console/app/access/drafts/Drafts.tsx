import { Route, Routes } from "react-router";
import { DraftList } from "./DraftList.tsx";
import { DraftPage } from "./DraftPage.tsx";

/** Versions being written. */
export default function Drafts() {
  return (
    <Routes>
      <Route index element={<DraftList />} />
      <Route path=":agreement" element={<DraftPage />} />
    </Routes>
  );
}
