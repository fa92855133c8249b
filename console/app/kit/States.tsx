import { Button, Center, Group, Loader, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "./text.tsx";

export function Loading() {
  const { t } = useText();
  return (
    <Center p="xl" role="status" aria-live="polite" aria-busy>
      <Group gap="sm">
        <Loader size="sm" aria-hidden />
        <Text>{t("state.loading")}</Text>
      </Group>
    </Center>
  );
}

/** Nothing is there, and what that means. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return (
    <Text c="dimmed" p="lg" ta="center">
      {children}
    </Text>
  );
}

interface PageProps {
  readonly title: string;
  readonly lead?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One page: its heading, also the document's title, what it is for, and what can be done. */
export function Page({ title, lead, actions, children }: PageProps) {
  return (
    <Stack gap="md">
      <title>{`${title} · dtks-hub`}</title>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">
            {title}
          </Title>
          {lead && (
            <Text c="dimmed" maw="70ch">
              {lead}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  /** What it copies, where several buttons bear one label. */
  readonly about?: string;
}

/** Copies a text and says so. */
export function CopyButton({ text, label, about }: CopyButtonProps) {
  const { t } = useText();
  const copy = async (button: HTMLButtonElement) => {
    await navigator.clipboard.writeText(text);
    button.textContent = t("state.copied");
  };
  return (
    <Button
      variant="default"
      size="compact-md"
      onClick={({ currentTarget }) => void copy(currentTarget)}
      {...(about && { "aria-label": `${label}: ${about}` })}
    >
      {label}
    </Button>
  );
}
