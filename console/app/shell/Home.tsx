import { Card, SimpleGrid, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { Page } from "../kit/States.tsx";
import { useText } from "../kit/text.tsx";
import { AREAS } from "./areas.ts";
import { mayEnter, useMe } from "./me.ts";
import { Unreachable } from "./Unreachable.tsx";

/** What the person may do here. */
export function Home() {
  const { t } = useText();
  const { me } = useMe();
  return (
    <Page title={t("shell.welcome", { name: me?.steward?.name ?? me?.client ?? "" })} lead={t("shell.welcomeLead")}>
      <Unreachable />
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {AREAS.filter(({ roles }) => mayEnter(roles, me)).map(({ path }) => (
          <Card key={path} component={Link} to={`/${path}`} withBorder padding="lg">
            <Title order={2} size="h4" c="var(--brand)">
              {t(`shell.area.${path}`)}
            </Title>
            <Text c="dimmed">{t(`shell.area.${path}.lead`)}</Text>
          </Card>
        ))}
      </SimpleGrid>
    </Page>
  );
}
