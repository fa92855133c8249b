import { AppShell, Burger, Group, NavLink, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useLocation } from "react-router";
import { useAsking } from "../kit/ask.tsx";
import { Problem } from "../kit/Problem.tsx";
import { Loading } from "../kit/States.tsx";
import { useText } from "../kit/text.tsx";
import { AREAS } from "./areas.ts";
import { Menu } from "./Menu.tsx";
import { mayEnter, useMe } from "./me.ts";
import { SignIn } from "./SignIn.tsx";

/** The frame of every page: who asks, under which agreement, where one can go. */
export function Shell() {
  const { t } = useText();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { me, error, isLoading } = useMe();
  if (isLoading) return <Loading />;
  if (error?.response?.status === 401) return <SignIn />;
  return (
    <AppShell header={{ height: 60 }} navbar={{ width: 240, breakpoint: "sm", collapsed: { mobile: !isOpen } }} padding="md">
      <AppShell.Header>
        <a className="skip" href="#main">
          {t("shell.skip")}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap" gap="xs">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("shell.menu")} />
            <Text fw={700} size="lg" component={Link} to="/" c="var(--brand)">
              dtks-hub
            </Text>
            <Text c="dimmed" visibleFrom="sm" truncate>
              {me?.agency.name}
            </Text>
          </Group>
          <Group wrap="nowrap" gap="sm">
            <Under agreement={me?.agreement.number} />
            <Menu me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" bg="var(--ground-low)" component="nav" aria-label={t("shell.navigation")}>
        <Areas onGo={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Problem error={error} />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

/** Under what every question is asked. */
function Under({ agreement }: { readonly agreement: string | undefined }) {
  const { t } = useText();
  const { caseNumber } = useAsking();
  return (
    <>
      <Text size="sm" c="dimmed" visibleFrom="md">
        {agreement}
      </Text>
      {caseNumber !== null && (
        <Text size="sm" fw={600} truncate maw="30vw">
          {t("shell.caseShown", { number: caseNumber })}
        </Text>
      )}
    </>
  );
}

function Areas({ onGo }: { readonly onGo: () => void }) {
  const { t } = useText();
  const { me } = useMe();
  const { pathname } = useLocation();
  return AREAS.filter(({ roles }) => mayEnter(roles, me)).map(({ path }) => (
    <NavLink
      key={path}
      component={Link}
      to={`/${path}`}
      label={t(`shell.area.${path}`)}
      active={pathname.startsWith(`/${path}`)}
      aria-current={pathname.startsWith(`/${path}`) ? "page" : undefined}
      onClick={onGo}
    />
  ));
}
