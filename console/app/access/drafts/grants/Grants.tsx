import { Button, Checkbox, Group, List, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Section } from "../../../kit/parts/Section.tsx";
import { Empty } from "../../../kit/States.tsx";
import { useText } from "../../../kit/text.tsx";
import { BLANK_GRANT, type DataClass, faultAt, type Grant } from "../draft.ts";
import type { FieldsProps } from "../ScopeFields.tsx";
import { GrantRow } from "./GrantRow.tsx";
import { looseningOf } from "./loosening.ts";

interface GrantsProps extends FieldsProps {
  readonly consumer: string;
  readonly inForce: readonly Grant[] | null;
  readonly classes: readonly DataClass[];
}

const SHOWN = 40;

/** The grants as sentences, in order. */
export function Grants({ draft: { grants }, change, faults, ...ground }: GrantsProps) {
  const { t } = useText();
  const [search, setSearch] = useState("");
  const [isLooseOnly, setLooseOnly] = useState(false);
  const [most, setMost] = useState(SHOWN);
  const put = (at: number, ...instead: readonly Grant[]) => change({ grants: grants.toSpliced(at, 1, ...instead) });
  const isWanted = (grant: Grant, at: number) =>
    faultAt(faults, `grants[${at}]`, true) !== undefined ||
    (`${grant.selector} ${grant.clause}`.toLowerCase().includes(search.toLowerCase()) &&
      (!isLooseOnly || looseningOf(grant, ground.inForce) !== null));
  const found = grants.flatMap((grant, at) => (isWanted(grant, at) ? [at] : []));
  return (
    <Section title={t("steward.grants")} lead={t("steward.grantsLead")}>
      <Group align="flex-end">
        <TextInput
          label={t("steward.findGrant")}
          value={search}
          onChange={({ currentTarget: { value } }) => setSearch(value)}
          type="search"
        />
        <Checkbox
          label={t("steward.looseOnly")}
          checked={isLooseOnly}
          onChange={({ currentTarget: { checked } }) => setLooseOnly(checked)}
          pb={6}
        />
        <Button onClick={() => change({ grants: [BLANK_GRANT, ...grants] })}>{t("steward.addGrant")}</Button>
      </Group>
      {grants.length === 0 && <Empty>{t("steward.noGrants")}</Empty>}
      <Text size="sm" c="dimmed" aria-live="polite">
        {t("steward.grantsFound", { found: found.length, count: grants.length })}
      </Text>
      <List listStyleType="none" spacing={0} styles={{ itemWrapper: { display: "block" }, itemLabel: { display: "block" } }}>
        {found.slice(0, most).map((at) => (
          <GrantRow
            key={`${grants.length} ${at}`}
            {...ground}
            at={at}
            grant={grants[at] ?? BLANK_GRANT}
            faults={faults}
            onGrants={(...instead) => put(at, ...instead)}
          />
        ))}
      </List>
      {found.length > most && (
        <Stack align="center">
          <Button variant="default" onClick={() => setMost(most + 5 * SHOWN)}>
            {t("steward.more", { count: found.length - most })}
          </Button>
        </Stack>
      )}
    </Section>
  );
}
