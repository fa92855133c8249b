import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useText } from "../../../kit/text.tsx";
import type { Listed } from "../types.ts";

interface FiltersProps {
  readonly agreements: readonly Listed[];
  readonly value: (name: string) => string;
  readonly set: (name: string, value: string) => void;
}

const STATES = ["ACTIVE", "SUSPENDED", "APPROVED", "IN_REVIEW", "DRAFT", "EXPIRED", "REVOKED"];
const DAYS = [1, 7, 30, 90];

/** What the list of agreements is narrowed by. */
export function Filters({ agreements, value, set }: FiltersProps) {
  const { t, enumLabel } = useText();
  const choices: readonly (readonly [name: string, options: readonly (readonly [value: string, label: string])[]])[] = [
    ["state", STATES.map((state) => [state, enumLabel("AgreementState", state)])],
    ["agency", named(agreements.map(({ consumer }) => consumer))],
    ["purpose", named(agreements.map(({ purpose }) => purpose))],
    ["within", DAYS.map((days) => [String(days), t("access.withinDays", { days })])],
  ];
  return (
    <Group component="search" gap="sm" align="flex-end" className="no-print">
      <TextInput
        label={t("access.search")}
        type="search"
        value={value("q")}
        onChange={({ currentTarget }) => set("q", currentTarget.value)}
        style={{ flex: "1 1 16rem" }}
      />
      {choices.map(([name, options]) => (
        <NativeSelect
          key={name}
          label={t(`access.by.${name}`)}
          value={value(name)}
          data={[{ value: "", label: t("access.any") }, ...options.map(([one, label]) => ({ value: one, label }))]}
          onChange={({ currentTarget }) => set(name, currentTarget.value)}
          style={{ flex: "1 1 9rem" }}
        />
      ))}
    </Group>
  );
}

/** Each code once, by name. */
const named = (all: readonly { readonly code: string; readonly name: string }[]): (readonly [string, string])[] =>
  [...new Map(all.map(({ code, name }) => [code, name]))].sort(([, a], [, b]) => a.localeCompare(b));
