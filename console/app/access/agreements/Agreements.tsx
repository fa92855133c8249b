import { Route, Routes } from "react-router";
import { AgreementPage } from "./AgreementPage.tsx";
import { AgreementList } from "./list/AgreementList.tsx";
import { NewAgreement } from "./NewAgreement.tsx";

/** Agreements of all agencies. */
export default function Agreements() {
  return (
    <Routes>
      <Route index element={<AgreementList />} />
      <Route path="new" element={<NewAgreement />} />
      <Route path=":number" element={<AgreementPage />} />
    </Routes>
  );
}
