import { Stack } from "@mantine/core";
import type { Version } from "../types.ts";
import { Glass } from "./Glass.tsx";
import { Reports } from "./Reports.tsx";

/** What is owed under an agreement: semester reports, and the review of every opening in an emergency. */
export function Duties({ version }: { readonly version: Version }) {
  return (
    <Stack gap="xl">
      <Reports version={version} />
      <Glass version={version} />
    </Stack>
  );
}
