import { Anchor, Container, Text } from "@mantine/core";
import { Link } from "react-router";
import { Page } from "../kit/States.tsx";
import { useText } from "../kit/text.tsx";

/** A fault of this page: nothing was sent, nothing is lost on the hub. */
export function Crashed() {
  const { t } = useText();
  return (
    <Container p="xl" component="main">
      <Page title={t("shell.crashed")}>
        <Text>{t("shell.crashedLead")}</Text>
        <Anchor href="/console/">{t("shell.toStart")}</Anchor>
      </Page>
    </Container>
  );
}

export function NoSuchPage() {
  const { t } = useText();
  return (
    <Page title={t("shell.noSuchPage")}>
      <Anchor component={Link} to="/">
        {t("shell.toStart")}
      </Anchor>
    </Page>
  );
}
