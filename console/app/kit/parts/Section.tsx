import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of a page or a form under its own heading. */
export function Section({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}) {
  return (
    <Stack component="section" gap="sm" aria-label={title}>
      <div>
        <Title order={2} size="h4">
          {title}
        </Title>
        {lead && (
          <Text size="sm" c="dimmed" maw="75ch">
            {lead}
          </Text>
        )}
      </div>
      {children}
    </Stack>
  );
}
