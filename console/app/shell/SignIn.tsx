import { Anchor, Button, Container, Group, Stack, Text } from "@mantine/core";
import { Page } from "../kit/States.tsx";
import { speak, useText } from "../kit/text.tsx";

/** Nobody has signed in. */
export function SignIn() {
  const { t, language } = useText();
  const to = encodeURIComponent(location.pathname + location.search);
  const other = language === "id" ? "en" : "id";
  return (
    <Container size="xs" py="xl" component="main">
      <Page title={t("shell.signInTitle")}>
        <Stack>
          <Text>{t("shell.signInLead")}</Text>
          <Button component="a" href={`/sign-in?face=console&to=${to}`} size="md">
            {t("shell.signIn")}
          </Button>
          <Group justify="space-between">
            <Anchor href="/cek-bansos">{t("shell.citizens")}</Anchor>
            <Button variant="subtle" lang={other} onClick={() => speak(other)}>
              {t("shell.otherLanguage")}
            </Button>
          </Group>
        </Stack>
      </Page>
    </Container>
  );
}
