import { Route, Routes } from "react-router";
import { AgreementList } from "./AgreementList.tsx";
import { AgreementPage } from "./AgreementPage.tsx";
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
