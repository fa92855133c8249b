import { Alert } from "@mantine/core";
import { Suspense } from "react";
import { Loading } from "../kit/States.tsx";
import { useText } from "../kit/text.tsx";
import type { Area } from "./areas.ts";
import { mayEnter, useMe } from "./me.ts";

/** An area for those whose role it is; others are told which role is needed. The hub itself refuses them whatever this page shows. */
export function Guarded({ area: { roles, Component } }: { readonly area: Area }) {
  const { t, enumLabel } = useText();
  const { me } = useMe();
  if (!mayEnter(roles, me)) {
    const needed = roles.map((role) => enumLabel("StewardRole", role)).join(", ");
    return <Alert title={t("shell.roleMissing")}>{t("shell.roleNeeded", { roles: needed })}</Alert>;
  }
  return (
    <Suspense fallback={<Loading />}>
      <Component />
    </Suspense>
  );
}
