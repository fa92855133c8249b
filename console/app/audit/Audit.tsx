import { Suspense } from "react";
import { Navigate, Route, Routes } from "react-router";
import { SubNav } from "../kit/parts/SubNav.tsx";
import { Loading } from "../kit/States.tsx";
import { useText } from "../kit/text.tsx";
import { NoSuchPage } from "../shell/Crashed.tsx";
import { mayEnter, useMe } from "../shell/me.ts";
import { PARTS } from "./parts.ts";

/** The record of accesses and what is done about it: search and proof, rights of data subjects, breaches, seals, sanctions, reports. */
export default function Audit() {
  const { t } = useText();
  const { me } = useMe();
  const open = PARTS.filter(({ roles }) => mayEnter(roles, me));
  return (
    <>
      <SubNav
        label={t("audit.parts")}
        items={open.map(({ path }) => ({ to: `/audit/${path}`, label: t(`audit.part.${path}`) }))}
      />
      <Suspense fallback={<Loading />}>
        <Routes>
          <Route index element={<Navigate to={open[0]?.path ?? "report"} replace />} />
          {PARTS.map(({ path, Component }) => (
            <Route key={path} path={`${path}/*`} element={<Component />} />
          ))}
          <Route path="*" element={<NoSuchPage />} />
        </Routes>
      </Suspense>
    </>
  );
}
