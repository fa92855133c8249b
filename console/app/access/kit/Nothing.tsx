import { Text } from "@mantine/core";
import type { ReactNode } from "react";

/** A list of one page among others is empty, and what that means: a line, for an empty page see Empty. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  return (
    <Text c="dimmed" size="sm">
      {children}
    </Text>
  );
}
