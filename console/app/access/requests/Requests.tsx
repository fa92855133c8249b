import { Route, Routes } from "react-router";
import { AskPage } from "./AskPage.tsx";
import { RequestList } from "./RequestList.tsx";

/** Wishes for access. */
export default function Requests() {
  return (
    <Routes>
      <Route index element={<RequestList />} />
      <Route path="new" element={<AskPage />} />
    </Routes>
  );
}
