import { Anchor, Group, Stack } from "@mantine/core";
import { Suspense } from "react";
import { Link, Navigate, Route, Routes, useLocation } from "react-router";
import { Loading } from "../kit/States.tsx";
import { useText } from "../kit/text.tsx";
import { NoSuchPage } from "../shell/Crashed.tsx";
import { PARTS } from "./parts.ts";

/** Access governance: what waits, which agreements there are, what they open, and how they change. */
export default function Access() {
  return (
    <Stack gap="md">
      <Parts />
      <Suspense fallback={<Loading />}>
        <Routes>
          <Route index element={<Navigate to="overview" replace />} />
          {PARTS.map(({ path, Component }) => (
            <Route key={path} path={`${path}/*`} element={<Component />} />
          ))}
          <Route path="*" element={<NoSuchPage />} />
        </Routes>
      </Suspense>
    </Stack>
  );
}

function Parts() {
  const { t } = useText();
  const { pathname } = useLocation();
  return (
    <Group
      component="nav"
      gap="lg"
      className="no-print"
      aria-label={t("access.parts")}
      style={{ borderBottom: "1px solid var(--border-soft)" }}
    >
      {PARTS.map(({ path }) => {
        const isHere = pathname.startsWith(`/access/${path}`);
        return (
          <Anchor
            key={path}
            component={Link}
            to={`/access/${path}`}
            aria-current={isHere ? "page" : undefined}
            underline="never"
            py={8}
            fw={isHere ? 600 : 400}
            style={{
              borderBottom: `3px solid ${isHere ? "var(--brand)" : "transparent"}`,
              color: isHere ? "var(--brand)" : "var(--content)",
            }}
          >
            {t(`access.part.${path}`)}
          </Anchor>
        );
      })}
    </Group>
  );
}
