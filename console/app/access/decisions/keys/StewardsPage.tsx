import { Anchor, Badge, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useMutation, useQuery } from "urql";
import { Problem } from "../../../kit/Problem.tsx";
import { Act } from "../../../kit/parts/Act.tsx";
import { Section } from "../../../kit/parts/Section.tsx";
import { Sheet } from "../../../kit/parts/Sheet.tsx";
import { Empty, Loading, Page } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { usePermissions } from "../../../kit/use/usePermissions.ts";
import { RETIRE_KEY, STEWARDS } from "../questions.ts";
import type { StewardKey } from "../types.ts";
import { Enrol } from "./Enrol.tsx";

interface Known {
  readonly id: string;
  readonly name: string;
  readonly agency: { readonly code: string; readonly name: string };
  readonly roles: readonly string[];
  readonly keys: readonly StewardKey[];
}

/** Who governs access for which agency, with which keys; the hub's operator enrols them and takes keys out of use. */
export function StewardsPage() {
  const { t } = useText();
  const [{ data, error }, again] = useQuery<{ readonly stewards: readonly Known[] | null }>({ query: STEWARDS });
  const reload = () => again({ requestPolicy: "network-only" });
  return (
    <Page
      title={t("steward.stewards")}
      lead={t("steward.stewardsLead")}
      actions={
        <Anchor component={Link} to="/access/decisions">
          {t("steward.decisions")}
        </Anchor>
      }
    >
      <Enrol again={reload} />
      <Problem error={error} />
      {!data && !error && <Loading />}
      {data?.stewards && <List stewards={data.stewards} again={reload} />}
    </Page>
  );
}

function List({ stewards, again }: { readonly stewards: readonly Known[]; readonly again: () => void }) {
  const { t, enumLabel } = useText();
  const [search, setSearch] = useState("");
  const found = stewards.filter(({ id, name, agency }) =>
    `${id} ${name} ${agency.name}`.toLowerCase().includes(search.toLowerCase()),
  );
  return (
    <Section title={t("steward.stewardList")}>
      <Group>
        <TextInput
          type="search"
          label={t("steward.findSteward")}
          value={search}
          onChange={({ currentTarget: { value } }) => setSearch(value)}
        />
      </Group>
      {found.length === 0 ? (
        <Empty>{t("steward.noSteward")}</Empty>
      ) : (
        <Sheet
          caption={t("steward.stewardList")}
          heads={[t("steward.person"), t("steward.agency"), t("steward.roles"), t("steward.keysInUse")]}
          rows={found}
          keyOf={({ id }) => id}
          cells={({ id, name, agency, roles, keys }) => [
            <div key="who">
              {name}
              <Text size="sm" c="dimmed">
                {id}
              </Text>
            </div>,
            agency.name,
            <Group key="roles" gap={4}>
              {roles.map((role) => (
                <Badge key={role} variant="default" radius="sm" tt="none">
                  {enumLabel("StewardRole", role)}
                </Badge>
              ))}
            </Group>,
            <Keys key="keys" {...{ keys, again }} whose={name} />,
          ]}
        />
      )}
    </Section>
  );
}

interface KeysProps {
  readonly keys: readonly StewardKey[];
  readonly whose: string;
  readonly again: () => void;
}

function Keys({ keys, whose, again }: KeysProps) {
  const { t, enumLabel } = useText();
  const because = usePermissions()("retireStewardKey");
  const [, retire] = useMutation(RETIRE_KEY);
  const run = async (keyId: string) => {
    const { error } = await retire({ keyId });
    if (!error) again();
    return error;
  };
  return (
    <Stack gap="xs">
      {keys.length === 0 && t("steward.noKeysEnrolled")}
      {keys.map(({ keyId, kind }) => (
        <Group key={keyId} gap="xs">
          <Code>{keyId}</Code>
          <Text size="sm">{enumLabel("StewardKeyKind", kind)}</Text>
          {because === undefined && (
            <Act
              label={t("steward.retireKey")}
              tells={t("steward.retireKeyTells", { keyId, name: whose })}
              isGrave
              act={() => run(keyId)}
            />
          )}
        </Group>
      ))}
    </Stack>
  );
}
