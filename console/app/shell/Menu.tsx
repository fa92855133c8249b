import { Button, Group, Popover, SegmentedControl, Stack, Text, TextInput, useMantineColorScheme } from "@mantine/core";
import { useAsking } from "../kit/ask.tsx";
import { speak, useText } from "../kit/text.tsx";
import { forget } from "../kit/use/kept.ts";
import { AgreementPicker } from "./AgreementPicker.tsx";
import type { Me } from "./me.ts";

/** Who has signed in, for which agency, and what stays the same on every page. */
export function Menu({ me }: { readonly me: Me | undefined }) {
  const { t, enumLabel } = useText();
  return (
    <Popover width={320} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" maw="60vw">
          <Text truncate>{me?.steward?.name ?? me?.client ?? t("shell.menu")}</Text>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <div>
            <Text fw={600}>{me?.agency.name}</Text>
            <Text size="sm" c="dimmed">
              {me?.steward?.roles.map((role) => enumLabel("StewardRole", role)).join(", ")}
            </Text>
          </div>
          <AgreementPicker me={me} />
          <Case />
          <Preferences />
          <form method="post" action="/sign-out?face=console" onSubmit={forget}>
            <Button type="submit" variant="default" fullWidth>
              {t("shell.signOut")}
            </Button>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Case() {
  const { t } = useText();
  const { caseNumber, name } = useAsking();
  return (
    <TextInput
      label={t("shell.case")}
      description={t("shell.caseLead")}
      defaultValue={caseNumber ?? ""}
      maxLength={64}
      onBlur={({ currentTarget: { value } }) => name(value.trim() || null)}
    />
  );
}

function Preferences() {
  const { t, language } = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = ["auto", "light", "dark"] as const;
  return (
    <>
      <Group justify="space-between">
        <Text size="sm" id="language">
          {t("shell.language")}
        </Text>
        <SegmentedControl
          aria-labelledby="language"
          value={language}
          data={[
            { value: "id", label: "Indonesia" },
            { value: "en", label: "English" },
          ]}
          onChange={(next) => speak(next === "en" ? "en" : "id")}
        />
      </Group>
      <Group justify="space-between">
        <Text size="sm" id="scheme">
          {t("shell.scheme")}
        </Text>
        <SegmentedControl
          aria-labelledby="scheme"
          value={colorScheme}
          data={schemes.map((value) => ({ value, label: t(`shell.scheme.${value}`) }))}
          onChange={(next) => setColorScheme(schemes.find((one) => one === next) ?? "auto")}
        />
      </Group>
    </>
  );
}
