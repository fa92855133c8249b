import { lazy, Suspense } from "react";
import { Route, Routes } from "react-router";
import { SubNav } from "../kit/parts/SubNav.tsx";
import { Loading } from "../kit/States.tsx";
import { useText } from "../kit/text.tsx";

const Start = lazy(() => import("./mine/Start.tsx"));
const Documents = lazy(() => import("./mine/Documents.tsx"));
const Keys = lazy(() => import("./mine/Keys.tsx"));
const Reference = lazy(() => import("./reference/Reference.tsx"));
const News = lazy(() => import("./mine/News.tsx"));
const TABS = ["", "/reference", "/documents", "/keys", "/news"] as const;

/** What a partner's developer needs: what may be asked, how, with what, and what changes. */
export default function Developer() {
  const { t } = useText();
  const own = TABS.map((path) => ({ to: `/developer${path}`, label: t(`developer.tab.${path.slice(1) || "start"}`) }));
  return (
    <>
      <SubNav
        label={t("developer.parts")}
        items={[...own, { to: "/explorer", label: t("developer.tab.explorer"), isLoaded: true }]}
      />
      <Suspense fallback={<Loading />}>
        <Routes>
          <Route index element={<Start />} />
          <Route path="reference/:name?" element={<Reference />} />
          <Route path="documents" element={<Documents />} />
          <Route path="keys" element={<Keys />} />
          <Route path="news" element={<News />} />
        </Routes>
      </Suspense>
    </>
  );
}
