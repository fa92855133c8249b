import { Route, Routes } from "react-router";
import { EntryPage } from "./EntryPage.tsx";
import { Search } from "./Search.tsx";

/** The record: searched, and one entry of it. */
export default function RecordPart() {
  return (
    <Routes>
      <Route index element={<Search />} />
      <Route path=":receipt" element={<EntryPage />} />
    </Routes>
  );
}
